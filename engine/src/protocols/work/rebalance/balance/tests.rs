use super::*;
use crate::sim::rng::{self, Purpose};
use rand_xoshiro::rand_core::Rng as _;

/// The fewest moves of all assignments.
fn fewest(parts: &[Movable], agents: usize, most: u64) -> Option<usize> {
    let all = agents.pow(parts.len() as u32);
    let moves = |number: usize| {
        let (mut loads, mut rest, mut moves) = (vec![0; agents], number, 0);
        for part in parts {
            let to = rest % agents;
            rest /= agents;
            loads[to] += part.load;
            moves += usize::from(to != part.at);
        }
        (spread(&loads) <= most).then_some(moves)
    };
    (0..all).filter_map(moves).min()
}

fn loads(parts: &[Movable], agents: usize) -> Vec<u64> {
    let mut loads = vec![0; agents];
    parts.iter().for_each(|part| loads[part.at] += part.load);
    loads
}

/// The number of moves, and the spread after them.
fn planned(parts: &[Movable], agents: usize, most: u64) -> (usize, u64) {
    let balance = Balance {
        loads: loads(parts, agents),
        parts: parts.to_vec(),
        may: &|_, _| true,
        spread: most,
    };
    let plan = balance.plan();
    let mut after = parts.to_vec();
    plan.iter().for_each(|(part, to)| after[*part].at = *to);
    (plan.len(), spread(&loads(&after, agents)))
}

/// Random parts, half of them with the first agent.
fn parts(seed: u64, count: usize, agents: u64, weights: &[u64]) -> Vec<Movable> {
    let mut stream = rng::stream(seed, Purpose::Plan, 0);
    let mut draw = |below: u64| rng::scale(stream.next_u64(), below);
    let part = |_| {
        let at = if draw(2) == 0 { 0 } else { draw(agents) as usize };
        Movable { at, load: weights[draw(weights.len() as u64) as usize] }
    };
    (0..count).map(part).collect()
}

#[test]
fn eight_parts_take_as_few_moves_as_any_assignment() {
    let mut reached = 0;
    for seed in 0..150 {
        let parts = parts(seed, 8, 3, &[10, 20, 30, 50]);
        let most = [20, 30, 50][seed as usize % 3];
        if let Some(fewest) = fewest(&parts, 3, most) {
            assert_eq!(planned(&parts, 3, most).0, fewest, "{parts:?} within {most}");
            reached += 1;
        }
    }
    assert!(reached > 100, "{reached}");
}

#[test]
fn parts_of_one_weight_take_as_few_moves_as_can_be_however_many_there_are() {
    for seed in 0..60 {
        let (agents, most) = (5 + seed as usize % 4, 20);
        let parts = parts(seed, 60, agents as u64, &[20]);
        let before = loads(&parts, agents);
        // Whatever the window that all loads end in, so much is above and below it now.
        let (least, total) = (*before.iter().min().unwrap(), before.iter().sum::<u64>());
        let window = |low: u64| {
            let above: u64 = before.iter().map(|load| load.saturating_sub(low + most)).sum();
            let below: u64 = before.iter().map(|load| low.saturating_sub(*load)).sum();
            above.max(below).div_ceil(20)
        };
        let fewest = (least / 20..=total / 20 / agents as u64 + 1).map(|it| window(it * 20)).min();
        let (moves, after) = planned(&parts, agents, most);
        assert_eq!((Some(moves as u64), after <= most), (fewest, true), "{before:?}");
    }
}

#[test]
fn a_part_goes_only_where_it_may_and_nothing_moves_in_balance() {
    let parts: Vec<Movable> = (0..6).map(|_| Movable { at: 0, load: 10 }).collect();
    let balance =
        Balance { loads: vec![60, 0, 0], parts: parts.clone(), may: &|_, to| to == 1, spread: 10 };
    assert!(balance.plan().iter().all(|(_, to)| *to == 1));
    let even: Vec<Movable> = (0..6).map(|part| Movable { at: part % 3, load: 10 }).collect();
    assert_eq!(planned(&even, 3, 0), (0, 0));
    assert_eq!((redistributed(&parts, 3), redistributed(&even, 3)), (4, 0));
}
