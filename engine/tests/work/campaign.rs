//! Seed 004's example: scores, team, times, the budget, reputations.

use serde_json::{Value, json};
use swarmglass_engine::scenario::build::SwarmSimulation;

use super::swarm::{after, awarded, board, end, job, played, reputations, scenario, warnings};

fn campaign(quality: u32) -> (Value, Value) {
    let quality = json!([quality, quality]);
    let agents = json!([
        { "id": "marketing", "skills": ["marketing", "content", "social"], "work": {
            "quality": quality, "takes_ms": { "marketing": 2300 }, "gives": { "cost": 55000 } } },
        { "id": "finance", "skills": ["finance", "budgeting", "forecasting"], "work": {
            "quality": quality, "takes_ms": { "finance": 1500 } } },
        { "id": "insights", "skills": ["analytics", "data_analysis", "reporting"], "work": {
            "quality": quality, "takes_ms": { "analytics": 2800 } } },
        { "id": "support", "skills": ["helpdesk"] },
    ]);
    let work = json!({ "tasks": [{
        "id": "campaign_001", "type": "email_campaign", "complexity": "complex",
        "skills": ["marketing", "finance", "analytics"], "data": { "budget": 50000 },
    }] });
    (agents, work)
}

fn check(simulation: &SwarmSimulation, after_it: u32) {
    let job = job(simulation, "campaign_001");
    let scores: Vec<(u32, u64)> =
        job.ranking.iter().map(|(agent, score)| (agent.0, score.total_milli())).collect();
    // 100·0.4 + 20·0.4 + 100·0.2 each: one skill of five (E15).
    assert_eq!(scores, [(0, 68_000), (1, 68_000), (2, 68_000)], "ties by id");
    assert_eq!(job.team.members.iter().map(|it| it.0).collect::<Vec<_>>(), [0, 1, 2]);
    assert_eq!(awarded(simulation, "campaign_001"), [[0], [1], [2]]);
    let synthesis = job.synthesis.as_ref().unwrap();
    assert_eq!((synthesis.sequential_us, synthesis.parallel_us), (6_600_000, 2_800_000));
    assert_eq!(end(simulation, "campaign_001"), ("done", None));
    assert_eq!(warnings(simulation, "campaign_001"), ["cost 55000 is above the budget of 50000"]);
    assert_eq!(reputations(simulation), [after_it, after_it, after_it, 100]);
    assert_eq!((board(simulation).late, board(simulation).refused.len()), (0, 0));
}

#[test]
fn the_campaign_of_the_seed() {
    let (agents, work) = campaign(90);
    check(&after(&agents, &work, &[]), 105);
    let (agents, work) = campaign(91);
    check(&after(&agents, &work, &[]), 107);
}

#[test]
fn on_any_network_that_loses_nothing_it_comes_to_the_same() {
    let (agents, work) = campaign(85);
    let more = json!({ "network": { "latency_ms": { "uniform": [1, 40] }, "duplication": 0.3 } });
    let scenario = scenario(&agents, &work, &[], &more);
    for seed in 0..100 {
        check(&played(&scenario, seed), 105);
    }
}

#[test]
fn so_many_messages_and_no_more() {
    let (agents, work) = campaign(90);
    let simulation = after(&agents, &work, &[]);
    // Announced to 4, 4 answers; of 3 parts each an award, taken, 4 reports, a result and its receipt.
    assert_eq!(simulation.counters.end_to_end.sent, 4 + 4 + 3 * (1 + 1 + 4 + 1 + 1));
    let single = json!({ "progress": 9, "tasks": [{ "id": "t" }] });
    let simulation = after(&json!([{ "id": "a", "count": 7 }]), &single, &[]);
    assert_eq!(simulation.counters.end_to_end.sent, 7 + 7 + 1 + 1 + 9 + 1 + 1);
}
