use super::*;
use crate::protocol::document::Block;
use crate::scenario::gallery;

fn comparison(name: &str) -> Option<Comparison> {
    let scenario = gallery::find(name).unwrap().scenario().unwrap();
    Comparison::new(&Run::new(scenario.into(), 7).unwrap())
}

/// The comparison of a swarm of a fast agent and a slow one, with so many runs made.
fn compared(runs: u32) -> Comparison {
    let text = r#"{ "format": 1, "name": "two", "title": "Two",
        "network": { "latency_ms": { "fixed": 2 } },
        "agents": [{ "id": "fast", "role": "worker", "skills": ["compute"], "work": { "speed": 4 } },
                   { "id": "slow", "role": "worker", "skills": ["compute"] }],
        "work": { "assign": "round_robin",
                  "tasks": [{ "id": "t", "count": 8, "type": "compute", "skills": ["compute"], "load": 10,
                              "duration_ms": 400, "every_ms": 50 }] },
        "faults": [{ "at_ms": 100, "do": { "set_assign": { "assign": "random" } } }] }"#;
    let scenario = Scenario::parse(text, "two").unwrap();
    let mut comparison = Comparison::new(&Run::new(scenario.into(), 7).unwrap()).unwrap();
    for number in 0..runs {
        let figures = comparison.run(number).unwrap();
        comparison.take_in(figures);
    }
    comparison
}

fn rows(comparison: &Comparison) -> Vec<Vec<String>> {
    let document = comparison.document();
    let Some(Block::Table(table)) = document.blocks.first() else { panic!("{document:?}") };
    let row = |row: &Row| {
        let cells = [&row.head].into_iter().chain(&row.cells);
        cells.map(|it| it.text.clone()).collect()
    };
    table.rows.iter().map(row).collect()
}

#[test]
fn what_has_ways_to_choose_from_can_be_compared() {
    assert!(comparison("schedulers").is_some_and(|it| it.runs() == 11 * SEEDS));
    assert!(comparison("deployment-vote").is_none());
}

#[test]
fn runs_go_through_the_values_seed_by_seed_and_the_table_fills() {
    let empty = rows(&compared(0));
    assert!(empty.iter().all(|row| row[1..].iter().all(|cell| cell == "–")), "{empty:?}");
    let comparison = compared(13);
    assert_eq!(comparison.taken_in(), 13);
    let counts: Vec<usize> = comparison.entries.iter().map(|it| it.runs.len()).collect();
    assert_eq!(counts, [2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    let document = comparison.document();
    assert_eq!(document.hint, "mean ± standard deviation, 20 seeds each");
    let Some(Block::Table(table)) = document.blocks.first() else { panic!("{document:?}") };
    let heads: Vec<&str> = table.columns.iter().map(|it| &*it.title).collect();
    assert_eq!(
        heads,
        ["Assign by", "makespan, s", "mean wait, s", "95th percentile, s", "imbalance", "done"]
    );
}

#[test]
fn the_same_swarm_does_better_by_a_rule_that_looks_at_loads() {
    let comparison = compared(220);
    let of = |words: &str, place: usize| {
        let entry = comparison.entries.iter().find(|it| it.words == words).unwrap();
        comparison.means(entry)[place].unwrap()
    };
    // Every run differs in the setting alone: the scenario's own change of it is left out.
    let by_turns = of("round robin", 0);
    assert!(of("least loaded", 0).mean < by_turns.mean, "{:?}", rows(&comparison));
    // By turns nothing is left to chance but the network, which is even here.
    assert_eq!(by_turns.deviation, 0);
    assert!(of("random", 3).deviation > 0);
    assert!(comparison.entries.iter().all(|entry| comparison.means(entry)[4].unwrap().mean == 8));
    let document = comparison.document();
    let Some(Block::Table(table)) = document.blocks.first() else { panic!("{document:?}") };
    let is_best = |it: &Row| it.cells[0].weight == Weight::Strong;
    let best = table.rows.iter().position(is_best).unwrap();
    let least = comparison.entries.iter().map(|it| comparison.means(it)[0].unwrap().mean).min();
    assert_eq!(Some(comparison.means(&comparison.entries[best])[0].unwrap().mean), least);
}

#[test]
fn the_file_has_a_line_for_each_run() {
    let csv = compared(220).csv();
    let mut lines = csv.lines();
    let head = "assign,seed,makespan_us,mean_wait_us,95th_percentile_us,imbalance_milli,done";
    assert_eq!(lines.next(), Some(head));
    assert_eq!(lines.clone().count(), 220);
    assert!(lines.all(|line| line.split(',').count() == 7), "{csv}");
}

#[test]
fn a_mean_is_rounded_and_a_deviation_is_that_of_the_sample() {
    let of = |values: &[u64]| Mean::of(values.iter().copied());
    assert_eq!(of(&[]), None);
    assert_eq!(of(&[7]), Some(Mean { mean: 7, deviation: 0 }));
    assert_eq!(of(&[1, 2]), Some(Mean { mean: 2, deviation: 1 }));
    assert_eq!(of(&[10, 20, 30]), Some(Mean { mean: 20, deviation: 10 }));
    assert_eq!(of(&[u64::MAX; 3]), Some(Mean { mean: u64::MAX, deviation: 0 }));
}
