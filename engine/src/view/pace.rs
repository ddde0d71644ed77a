//! How fast virtual time passes when a run opens, in notches: a hundred times the logarithm of the speed.

/// One second in 1/20 of real time: a vote of half a second takes ten.
pub const SLOWEST: i32 = -130;

/// The notches for runs of at least so many seconds: with each the shortest takes ten seconds, or fifteen.
const PACES: [(u64, i32); 9] = [
    (2, -60),
    (6, -30),
    (15, 0),
    (40, 30),
    (80, 60),
    (200, 100),
    (600, 150),
    (2_000, 200),
    (6_000, 250),
];

/// The speed at which a run of this length takes about half a minute at most.
#[must_use]
pub fn pace(span_us: u64) -> i32 {
    let fits = |(from_s, _): &&(u64, i32)| span_us >= from_s * 1_000_000;
    PACES.iter().rev().find(fits).map_or(SLOWEST, |(_, notch)| *notch)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playback::{Command, Run};
    use crate::scenario::{Scenario, gallery};

    /// How many seconds of a person's time a run takes at the pace at which it opens, and its length.
    fn shown_s(scenario: Scenario) -> (f64, f64) {
        let mut run = Run::new(Arc::new(scenario), 7).expect("it starts");
        let opens_at = pace(run.cast().horizon_us);
        run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
        let length_s = run.simulation().now_us() as f64 / 1e6;
        (length_s / libm::pow(10.0, f64::from(opens_at) / 100.0), length_s)
    }

    #[test]
    fn every_scenario_opens_at_a_speed_at_which_it_takes_about_half_a_minute_at_most() {
        for entry in gallery::all() {
            let (shown_s, length_s) = shown_s(entry.scenario().unwrap());
            assert!(shown_s < 45.0, "{}: {length_s} s take {shown_s} s", entry.name);
            // And none flies by, but for those in which next to nothing happens.
            assert!(
                shown_s > 3.0 || length_s < 0.15,
                "{}: {length_s} s take {shown_s} s",
                entry.name
            );
        }
    }

    #[test]
    fn work_opens_at_a_speed_that_follows_tasks_their_durations_and_who_does_them() {
        let working = |agents: u32, tasks: &str| {
            let file = format!(
                r#"{{ "format": 1, "name": "w", "title": "W", "agents": [{{ "id": "a", "count": {agents}, "skills": ["x"] }}],
                "work": {{ "tasks": [{{ "id": "t", "skills": ["x"], "load": 16, {tasks} }}] }} }}"#
            );
            shown_s(Scenario::parse(&file, "w.json").unwrap())
        };
        for (agents, tasks) in [
            (10, r#""count": 50, "duration_ms": 1000"#),
            (2, r#""count": 50, "duration_ms": 1000"#),
            (1, r#""count": 100, "duration_ms": 2000"#),
            (4, r#""count": 100, "duration_ms": 400, "every_ms": 250"#),
            (4, r#""count": 100, "duration_ms": 400, "every_ms": 3000"#),
            (3, r#""duration_ms": 3000"#),
        ] {
            let (shown_s, length_s) = working(agents, tasks);
            assert!(
                (5.0..60.0).contains(&shown_s),
                "{agents}, {tasks}: {length_s} s take {shown_s} s"
            );
        }
    }

    #[test]
    fn a_longer_run_is_never_shown_slower() {
        let paces: Vec<i32> = (0..20_000).map(|seconds| pace(seconds * 1_000_000)).collect();
        assert!(paces.is_sorted());
        assert_eq!((paces[0], paces[30], paces[19_999]), (SLOWEST, 0, 250));
    }
}
