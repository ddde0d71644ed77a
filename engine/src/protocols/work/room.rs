//! Input of the protocol: what a scenario and a person say of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::board::{Board, BoardEntry};
use super::intervention::WorkAct;
use super::plan::{WorkMemory, plan};
use super::role::{Work, WorkDurable};
use super::section::WorkFile;
use super::section::check::{WorkSetup, check_work};
use super::section::questions::{answers, check_known, check_needs, needed};
use super::section::tasks::Submission;
use super::task::{Complexity, Task};
use super::worker::{Abilities, WorkerDurable};
use super::{WorkOrder, WorkStyle, forms, settings};
use crate::common::asking::Asking;
use crate::common::profile::Profile;
use crate::common::room::{
    Announcement, Brief, Edited, Entrant, Members, Planning, Room, Scenarios, scenarios,
};
use crate::common::shown::Peek;
use crate::common::topology::Topology;
use crate::protocol::document::{Choice, Form, FormError, Typed};
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

/// The time that bids, awards and results take beside the work.
const AROUND_WORK_US: u64 = 500_000;

impl Room for Work {
    type File = WorkFile;
    type Agent = Arc<WorkStyle>;
    type Act = WorkAct;
    type Memory = WorkMemory;

    const ABOUT: &'static str = "The work that the swarm has to do.";
    const IS_LED: bool = true;
    const GIVES_TASKS: bool = true;
    const MISSING: Option<(&'static str, &'static str)> = Some((
        "a scenario that has work",
        "add \"work\": {} to the scenario, with what there is to do",
    ));
    const COMPARED: Option<&'static str> = Some("assign");
    const SCENARIOS: Scenarios = scenarios!(
        "work":
        "campaign",
        "budget-question",
        "task-distribution",
        "reputation-journey",
        "skill-or-reputation",
        "nobody-capable",
        "uncovered-team",
        "late-result",
        "schedulers",
        "two-choices",
        "smooth-weights",
        "response-time",
        "skill-route",
        "stealing",
        "rebalance",
        "pre-emption",
        "failed-dependency",
        "hierarchy",
        "meritocracy",
    );

    fn check(brief: &Brief<'_, Self>) -> Result<WorkSetup, Problem> {
        check_work(brief)
    }

    fn check_joining(
        setup: &WorkSetup,
        entrant: &Entrant<'_, Self>,
        planning: &mut Planning<'_, WorkMemory>,
    ) -> Result<(), Problem> {
        if let Some(style) = entrant.own {
            check_known(style, &setup.rules.questions)?;
            let find = |path: &str, name: &str| planning.cast.member(path, name);
            check_needs(style, (&setup.styles, planning.cast), &find)?;
        }
        let skills = entrant.member.iter().flat_map(|member| &member.skills);
        planning.memory.learned.extend(skills.cloned());
        Ok(())
    }

    /// The coordinator shares out what comes in, all others do it.
    fn durable(
        setup: &WorkSetup,
        entrant: &Entrant<'_, Self>,
        cast: &dyn Members,
    ) -> Option<WorkDurable> {
        Some(match (entrant.member, entrant.own) {
            (Some(profile), Some(style)) => {
                WorkDurable::Worker(Box::new(worker(setup, entrant.agent, (profile, style), cast)))
            }
            _ => {
                let mut board = Board::new(setup.rules.clone());
                board.hops = hops(entrant.agent, cast);
                let members = (0..cast.count()).map(AgentId);
                WorkDurable::Board(Box::new(with_members(board, members, cast)))
            }
        })
    }

    /// The coordinator gets the tasks of the file when they are submitted.
    fn orders(setup: &WorkSetup, _: &dyn Members, seed: u64) -> Vec<(u64, AgentId, WorkOrder)> {
        let submit = |(number, it): (usize, &Submission)| {
            let priority = it.priorities.draw(seed, number);
            let task = match it.task.priority == priority {
                true => it.task.clone(),
                false => Arc::new(Task { priority, ..(*it.task).clone() }),
            };
            (it.at_us, setup.coordinator, WorkOrder::Submit(task))
        };
        setup.tasks.iter().enumerate().map(submit).collect()
    }

    fn announcements(setup: &WorkSetup) -> Vec<(u64, Announcement)> {
        let mut names: BTreeMap<u64, Vec<Arc<str>>> = BTreeMap::new();
        for it in &setup.tasks {
            names.entry(it.at_us).or_default().push(it.task.name.as_str().into());
        }
        names.into_iter().map(|(at_us, names)| (at_us, Announcement::Submitted(names))).collect()
    }

    fn plan(
        setup: &WorkSetup,
        act: &WorkAct,
        planning: &mut Planning<'_, WorkMemory>,
    ) -> Result<Vec<(AgentId, WorkOrder)>, Problem> {
        plan(setup, act, planning)
    }

    fn sets_compared(act: &WorkAct) -> bool {
        matches!(act, WorkAct::SetAssign { .. })
    }

    fn label(act: &WorkAct) -> String {
        act.label()
    }

    /// When the last task that is planned is done, if all goes well: the last to come in alone, or all of them shared out
    /// evenly among those who work, whichever takes longer.
    fn horizon_us(setup: &WorkSetup, _: &dyn Members) -> Option<u64> {
        let workers = || setup.styles.iter().filter(|style| !style.is_manager && style.healthy);
        let slowest_us = workers().flat_map(|it| it.takes_us.iter().map(|(_, us)| *us)).max();
        let takes_us = |task: &Task| task.duration_us.max(slowest_us.unwrap_or_default());
        let last_us = setup.tasks.iter().map(|it| it.at_us.saturating_add(takes_us(&it.task)));
        let last_us = last_us.max()?;
        let first_us = setup.tasks.iter().map(|it| it.at_us).min()?;
        let effort = |task: &Task| u128::from(takes_us(task)) * parts(task) as u128;
        let effort_us: u128 = setup.tasks.iter().map(|it| effort(&it.task)).sum();
        let speed_milli: u128 = workers().map(|it| u128::from(it.speed_milli)).sum();
        let shared_us = u64::try_from(effort_us * 1_000 / speed_milli.max(1)).unwrap_or(u64::MAX);
        Some(last_us.max(first_us.saturating_add(shared_us)).saturating_add(AROUND_WORK_US))
    }

    fn is_manager(setup: &WorkSetup, agent: AgentId) -> bool {
        setup.rules.manages(agent)
    }

    fn settings(setup: &WorkSetup, _: &dyn Members) -> Vec<Setting> {
        settings::list(setup)
    }

    fn set(
        setup: &WorkSetup,
        edited: &mut Edited<'_, WorkFile>,
        setting: &str,
        value: u32,
    ) -> Option<()> {
        settings::set(setup, edited, setting, value)
    }

    fn forms(peek: &dyn Peek<Self>, asking: &Asking<'_, Self>) -> Vec<Form> {
        forms::forms(peek, asking)
    }

    fn read(
        peek: &dyn Peek<Self>,
        asking: &Asking<'_, Self>,
        form: &str,
        typed: &Typed,
    ) -> Option<Result<WorkAct, FormError>> {
        forms::read::read(peek, asking, form, typed)
    }

    fn looked_at_after(peek: &dyn Peek<Self>, form: &str, typed: &Typed) -> Option<Choice> {
        forms::looked_at_after(peek, form, typed)
    }
}

/// The durable state of a worker; a manager has a board for its own workers.
fn worker(
    setup: &WorkSetup,
    agent: AgentId,
    (profile, style): (&Profile, &WorkStyle),
    cast: &dyn Members,
) -> WorkerDurable {
    let rules = &setup.rules;
    let board = rules.manages(agent).then(|| {
        let workers = rules.workers_of(agent).iter().copied();
        let mut board = Board::of_manager(rules.clone());
        board.hops = hops(agent, cast);
        Box::new(with_members(board, workers, cast))
    });
    WorkerDurable {
        rules: rules.clone(),
        abilities: Abilities::of(profile, style),
        board,
        domains: profile.domains.clone(),
        reputation: profile.reputation,
        needed: needed(style, rules, cast),
        answers: answers(style),
    }
}

/// The links between an agent and each other; none where all are next to it.
fn hops(from: AgentId, cast: &dyn Members) -> Arc<[u32]> {
    if *cast.topology() == Topology::Mesh {
        return Arc::default();
    }
    let Ok(routes) = cast.topology().routes(cast.count(), cast.coordinator()) else {
        return Arc::default();
    };
    let way = |to| {
        let (mut at, mut links) = (from, 0);
        while at != to && links < cast.agents() {
            let Some(next) = routes.next_hop(at, to) else { break };
            (at, links) = (next, links + 1);
        }
        links
    };
    (0..cast.agents()).map(|agent| way(AgentId(agent))).collect()
}

/// The board with these members of the start on it.
fn with_members(
    mut board: Board,
    members: impl Iterator<Item = AgentId>,
    cast: &dyn Members,
) -> Board {
    for agent in members {
        if let Some(profile) = cast.profile(agent) {
            let reputation = profile.reputation.0;
            board.write(&BoardEntry::Member { agent, reputation, is_there: true });
        }
    }
    board
}

/// How many agents have a part in it.
fn parts(task: &Task) -> usize {
    if task.complexity == Complexity::Simple { 1 } else { task.skills.len().max(1) }
}
