//! The rules of work over random tasks, agents and outcomes: teams, ranks, scores, parts, reputation.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::common::value::Value;
use crate::map::Map;
use crate::protocols::work::aggregate::{Piece, aggregate};
use crate::protocols::work::assess::{Check, Standing, assess};
use crate::protocols::work::reputation::{Outcome, Standings, change};
use crate::protocols::work::score::{Policy, Score, jaccard_milli, rank, score};
use crate::protocols::work::synthesis::{PartEnd, Reason, TaskStatus, synthesise};
use crate::protocols::work::task::{Complexity, Task, decompose};
use crate::protocols::work::team::{Candidate, Team, route, team};
use crate::sim::{AgentId, LocalTime};
use proptest::prelude::*;

/// Up to so many of eight skills, some of them twice.
fn skills(most: usize) -> impl Strategy<Value = Vec<Arc<str>>> {
    let skill =
        (0..8_usize).prop_map(|place| ["a", "b", "c", "d", "e", "f", "g", "h"][place].into());
    prop::collection::vec(skill, 0..=most)
}

fn complexity() -> impl Strategy<Value = Complexity> {
    (0..3_usize).prop_map(|place| Complexity::ALL[place].0)
}

fn task() -> impl Strategy<Value = Task> {
    (complexity(), skills(8)).prop_map(|(complexity, skills)| Task {
        name: "t".to_owned(),
        complexity,
        skills,
        ..Task::default()
    })
}

/// In the order of their first appearance.
fn once(skills: &[Arc<str>]) -> Vec<Arc<str>> {
    let mut seen = BTreeSet::new();
    skills.iter().filter(|skill| seen.insert(Arc::clone(skill))).cloned().collect()
}

fn team_of(task: &Task, own: &[Vec<Arc<str>>]) -> Team {
    let candidates: Vec<_> = (0..)
        .zip(own)
        .map(|(number, skills)| Candidate { agent: AgentId(number), skills })
        .collect();
    team(task, &candidates)
}

fn policy() -> impl Strategy<Value = Policy> {
    (0..=100_u32, 0..=100_u32).prop_map(|(one, other)| {
        let (low, high) = (one.min(other), one.max(other));
        Policy { reputation: low, skill: high - low, load: 100 - high }
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        (0..=100_u8).prop_map(|quality| Outcome::Success { quality }),
        Just(Outcome::Failure)
    ]
}

fn end() -> impl Strategy<Value = PartEnd> {
    let data = prop::collection::vec((0..3_usize, -3_i64..4), 0..4);
    let done = (0..4_u32, 0..=100_u8, data, -5_000..5_000_i64, 0..5_000_u64).prop_map(
        |(agent, quality, data, began_us, took_us)| {
            let entry = |(key, value): (usize, i64)| {
                (Arc::from(["cost", "x", "y"][key]), Value::integer(value).unwrap())
            };
            let data = data.into_iter().map(entry).collect();
            let (agent, began_us, account) = (AgentId(agent), LocalTime(began_us), None);
            PartEnd::Done { agent, quality, data, began_us, took_us, account }
        },
    );
    prop_oneof![3 => done, 1 => Just(PartEnd::Failed { reason: Reason::Failed })]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn a_team_keeps_its_limits_and_says_what_it_lacks(
        task in task(),
        own in prop::collection::vec(skills(4), 0..10),
    ) {
        let team = team_of(&task, &own);
        let most = if task.skills.is_empty() { 1 } else { *task.complexity.team().end() };
        prop_assert!(team.members.len() <= most);
        prop_assert_eq!(team.members.is_empty(), own.is_empty() || {
            let is_alone = task.complexity == Complexity::Simple || task.skills.is_empty();
            !is_alone && !own.iter().flatten().any(|skill| task.skills.contains(skill))
        });
        prop_assert!(team.members.is_sorted_by(|a, b| a < b), "best first, each once");
        let has = |agent: &AgentId, skill: &Arc<str>| own[agent.0 as usize].contains(skill);
        if most > 1 {
            for (place, member) in team.members.iter().enumerate() {
                let is_new = |skill: &Arc<str>| {
                    has(member, skill) && !team.members[..place].iter().any(|it| has(it, skill))
                };
                prop_assert!(task.skills.iter().any(is_new), "{member:?} brought nothing");
            }
        }
        let covered: Vec<Arc<str>> = team.by_skill.iter().map(|(skill, _)| skill.clone()).collect();
        let both: BTreeSet<_> = covered.iter().chain(&team.uncovered).cloned().collect();
        prop_assert_eq!(covered.len() + team.uncovered.len(), both.len());
        prop_assert_eq!(&both, &task.skills.iter().cloned().collect());
        let in_order = |part: &[Arc<str>]| {
            once(&task.skills).into_iter().filter(|skill| part.contains(skill)).collect::<Vec<_>>()
        };
        prop_assert_eq!(&in_order(&covered), &covered);
        prop_assert_eq!(&in_order(&team.uncovered), &team.uncovered);
        for (skill, agent) in &team.by_skill {
            prop_assert_eq!(team.members.iter().find(|it| has(it, skill)), Some(agent));
        }
        for skill in &team.uncovered {
            prop_assert!(!team.members.iter().any(|it| has(it, skill)));
            let is_full = team.members.len() == most;
            prop_assert!(is_full || !own.iter().any(|skills| skills.contains(skill)));
        }
    }

    #[test]
    fn parts_are_what_the_team_covers(
        task in task(),
        own in prop::collection::vec(skills(4), 1..10),
    ) {
        let team = team_of(&task, &own);
        let parts = decompose(&Arc::new(task.clone()), 3, &team).unwrap();
        if parts.len() == 1 && parts[0].spec.parent.is_none() {
            prop_assert_eq!(&*parts[0].spec, &task);
            prop_assert_eq!(&[parts[0].agent.unwrap()], &team.members[..1]);
            return Ok(());
        }
        let found: Vec<_> =
            parts.iter().map(|part| (Arc::from(part.focus()), part.agent.unwrap())).collect();
        prop_assert_eq!(&found, &team.by_skill);
        for part in &parts {
            let parent = part.spec.parent.as_ref().unwrap();
            prop_assert_eq!(part.spec.complexity, Complexity::Simple);
            prop_assert_eq!(&part.spec.skills[..], &[parent.focus.clone()][..]);
            prop_assert_eq!(parent.with.len() + 1, team.members.len());
            prop_assert!(!parent.with.contains(&part.agent.unwrap()));
        }
    }

    #[test]
    fn who_is_routed_to_knows_all_and_nobody_who_does_carries_less(
        task in task(),
        own in prop::collection::vec((skills(8), 0..4_u32), 0..10),
    ) {
        let all: Vec<(AgentId, &[Arc<str>], u32)> =
            (0..).map(AgentId).zip(&own).map(|(agent, (own, load))| (agent, &own[..], *load)).collect();
        let knows_all = |own: &[Arc<str>]| task.skills.iter().all(|skill| own.contains(skill));
        let able = || all.iter().filter(|(_, own, _)| knows_all(own));
        match route(&task, &all) {
            None => prop_assert_eq!(able().count(), 0),
            Some(agent) => {
                let (_, own, load) = all[agent.0 as usize];
                prop_assert!(knows_all(own));
                prop_assert!(able().all(|(other, _, more)| (load, agent) <= (*more, *other)));
            }
        }
    }

    #[test]
    fn ranks_are_a_total_order_whatever_order_they_came_in(
        scores in prop::collection::vec((0..4_u64, 0..4_u64, 0..4_u64), 1..20),
        shuffle in any::<prop::sample::Index>(),
    ) {
        let score = |(reputation_milli, skill_milli, load_milli)| {
            Score { reputation_milli, skill_milli, load_milli }
        };
        let mut scored: Vec<_> =
            (0..).zip(scores).map(|(number, parts)| (AgentId(number), score(parts))).collect();
        let mut other = scored.clone();
        other.rotate_left(shuffle.index(scored.len()));
        other.reverse();
        rank(&mut scored);
        rank(&mut other);
        prop_assert_eq!(&scored, &other);
        let goes_first = |one: &(AgentId, Score), next: &(AgentId, Score)| {
            let [more, less] = [one, next].map(|it| it.1.total_milli());
            more > less || more == less && one.0 < next.0
        };
        prop_assert!(scored.is_sorted_by(goes_first));
    }

    #[test]
    fn the_parts_of_a_score_sum_to_what_the_formula_says(
        policy in policy(),
        (reputation, load, capacity) in (0..=150_u32, 0..200_u32, 1..150_u32),
        own in skills(6),
        required in skills(6),
    ) {
        let found = score(policy, reputation, &own, &required, load, capacity);
        let Score { reputation_milli, skill_milli, load_milli } = found;
        prop_assert_eq!(found.total_milli(), reputation_milli + skill_milli + load_milli);
        let [own, asked]: [BTreeSet<_>; 2] = [own, required].map(|list| list.into_iter().collect());
        let (both, any) = (own.intersection(&asked).count(), own.union(&asked).count());
        let fits = if asked.is_empty() { 50.0 } else { 100.0 * both as f64 / any as f64 };
        let free = 100.0 - (100.0 * f64::from(load) / f64::from(capacity)).min(100.0);
        let exact = f64::from(reputation) * f64::from(policy.reputation)
            + fits * f64::from(policy.skill)
            + free * f64::from(policy.load);
        // Each of three parts is rounded, two of them twice.
        prop_assert!((found.total_milli() as f64 - exact * 10.0).abs() < 2.5, "{found:?} {exact}");
    }

    #[test]
    fn skills_fit_the_same_both_ways(own in skills(8), required in skills(8)) {
        let fits = jaccard_milli(&own, &required);
        prop_assert!(fits <= 100_000);
        if !own.is_empty() && !required.is_empty() {
            prop_assert_eq!(fits, jaccard_milli(&required, &own));
        }
        let [own, required] = [own, required].map(|list| once(&list));
        prop_assert_eq!(fits, jaccard_milli(&own, &required), "once or twice is the same");
        let shares = own.iter().any(|skill| required.contains(skill));
        prop_assert_eq!(fits > 0, shares || required.is_empty());
    }

    #[test]
    fn who_can_help_passes_every_check(
        task in task(),
        own in skills(4),
        (healthy, load, capacity) in (any::<bool>(), 0..150_u32, 0..150_u32),
        domains in skills(2),
        domain in skills(1),
    ) {
        let task = Task { domain: domain.first().cloned(), ..task };
        let standing = Standing { skills: &own, domains: &domains, healthy, load, capacity };
        let failed = [
            !task.skills.is_empty() && !task.skills.iter().any(|skill| own.contains(skill)),
            !healthy,
            u64::from(load) * 100 >= u64::from(capacity) * 80,
            !domains.is_empty() && domain.iter().any(|it| !domains.contains(it)),
        ];
        let first = Check::ALL.into_iter().zip(failed).find(|(_, failed)| *failed);
        prop_assert_eq!(assess(&task, &standing).err(), first.map(|(check, _)| check));
    }

    #[test]
    fn reputation_is_the_fold_of_its_outcomes_each_counted_once(
        start in 0..=150_u32,
        attempts in prop::collection::vec((0..3_u32, 0..6_u32, 0..3_u16, 0..3_u32, outcome()), 0..80),
    ) {
        let mut standings = Standings::default();
        (0..3).for_each(|agent| standings.enter(AgentId(agent), start));
        let mut seen = BTreeSet::new();
        let mut scores = [start; 3];
        for (now_us, (agent, task, part, attempt, outcome)) in (0..).zip(attempts) {
            let key = (task, part, attempt);
            let counts = seen.insert(key);
            prop_assert_eq!(standings.settle(AgentId(agent), key, outcome, LocalTime(now_us)), counts);
            if counts {
                let score = &mut scores[agent as usize];
                *score = (i64::from(*score) + i64::from(change(outcome))).clamp(0, 150) as u32;
            }
            prop_assert_eq!(standings.of(AgentId(agent)), scores[agent as usize]);
        }
        let mut counted = 0;
        for (agent, record) in &standings.records {
            let mut score = start;
            for entry in record.history.iter() {
                score = score.checked_add_signed(entry.change).unwrap();
                prop_assert_eq!(entry.score, score, "{:?}", agent);
            }
            prop_assert_eq!(score, record.score);
            prop_assert!(record.history.is_sorted_by_key(|entry| entry.time_us));
            counted += record.history.len();
        }
        prop_assert_eq!(counted, seen.len());
        let mean = scores.iter().sum::<u32>() as f64 / 3.0;
        prop_assert_eq!(standings.mean_milli(), (mean * 1_000.0) as u64);
        let off = |score: &u32| f64::from(*score) - mean;
        let squares: f64 = scores.iter().map(|score| off(score) * off(score)).sum();
        let deviation = (squares / 3.0).sqrt();
        prop_assert!((standings.deviation_milli() as f64 - deviation * 1_000.0).abs() <= 1.0);
        let board = standings.leaderboard();
        prop_assert!(board.is_sorted_by_key(|(agent, score)| (150 - score, *agent)));
    }

    #[test]
    fn a_result_says_what_was_done_in_any_order_of_the_parts(
        ends in prop::collection::vec(end(), 0..6),
        uncovered in skills(1),
    ) {
        let parts: Vec<(Arc<str>, PartEnd)> =
            ends.iter().map(|end| (Arc::from("x"), end.clone())).collect();
        let found = synthesise(&Task::default(), &parts, &uncovered);
        let times: Vec<(i64, u64)> = ends.iter().filter_map(|end| match end {
            PartEnd::Done { began_us, took_us, .. } => Some((began_us.0, *took_us)),
            PartEnd::Failed { .. } => None,
        }).collect();
        let took: Vec<u64> = times.iter().map(|(_, took_us)| *took_us).collect();
        let first = times.iter().map(|(began_us, _)| *began_us).min().unwrap_or(0);
        let last = times.iter().map(|(began_us, took_us)| began_us + *took_us as i64).max().unwrap_or(0);
        prop_assert_eq!(found.sequential_us, took.iter().sum::<u64>());
        prop_assert_eq!(found.parallel_us as i64, last - first);
        prop_assert_eq!(found.status, match took.len() {
            0 => TaskStatus::Failed,
            done if done == ends.len() && uncovered.is_empty() => TaskStatus::Done,
            _ => TaskStatus::Partial,
        });
        prop_assert_eq!(found.quality.is_some(), !took.is_empty());
        for (key, _) in &found.data {
            prop_assert!(found.from.iter().any(|(known, _)| known == key), "{key} is from nobody");
        }
        let reversed: Vec<_> = parts.iter().rev().cloned().collect();
        let other = synthesise(&Task::default(), &reversed, &uncovered);
        let sum = |data: &Map<Arc<str>, Value>| data.get("cost").cloned();
        prop_assert_eq!(sum(&found.data), sum(&other.data));
        prop_assert_eq!((found.status, found.quality), (other.status, other.quality));
    }

    #[test]
    fn numbers_of_workers_add_up_in_any_order(
        values in prop::collection::vec((0..3_usize, -9_i64..9), 0..12),
    ) {
        let part = |(key, value): &(usize, i64)| -> Map<Arc<str>, Value> {
            [(Arc::from(["x", "y", "z"][*key]), Value::integer(*value).unwrap())].into_iter().collect()
        };
        let aggregated = |parts: Vec<Map<Arc<str>, Value>>| {
            let end = |data| {
                let (agent, quality, began_us, took_us) = (AgentId(0), 80, LocalTime(0), 1);
                PartEnd::Done { agent, quality, data, began_us, took_us, account: None }
            };
            let ends: Vec<PartEnd> = parts.into_iter().map(end).collect();
            aggregate(&ends.iter().filter_map(Piece::of).collect::<Vec<_>>()).data
        };
        let all = aggregated(values.iter().map(part).collect());
        prop_assert_eq!(&all, &aggregated(values.iter().rev().map(part).collect()));
        for (place, key) in ["x", "y", "z"].into_iter().enumerate() {
            let own = values.iter().filter(|(key, _)| *key == place);
            let sum = own.map(|(_, value)| *value).reduce(|sum, value| sum + value);
            prop_assert_eq!(all.get(key).cloned(), sum.map(|sum| Value::integer(sum).unwrap()));
        }
    }
}
