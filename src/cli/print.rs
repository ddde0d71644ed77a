//! What people read.

use std::fmt::Write as _;

use engine::coordination::consensus::byzantine::assumptions::Assumption;
use engine::playback::Report;
use engine::playback::report::{
    ByzantineDetails, DecisionReport, GossipDetails, StatementReport, decision_name,
};
use engine::scenario::build::SwarmSimulation;
use engine::scenario::gallery;
use engine::sim::PropertyStatus;
use engine::view::sentence::seconds;

/// The gallery: a name first on each line.
pub fn list() -> Result<String, String> {
    let mut text = String::new();
    let width = gallery::all().iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    for entry in gallery::all() {
        let file = entry.scenario().map_err(|error| error.to_string())?.file;
        // Writing to a string cannot fail.
        writeln!(text, "{:width$}  {}: {}", entry.name, file.title, file.summary).ok();
    }
    Ok(text)
}

/// The same as the JSON, to read.
pub fn report(report: &Report, simulation: &SwarmSimulation) -> String {
    let mut text = String::new();
    write_report(&mut text, report, simulation).ok();
    text
}

fn write_report(
    text: &mut String,
    report: &Report,
    simulation: &SwarmSimulation,
) -> std::fmt::Result {
    writeln!(
        text,
        "{}, seed {}: {} events in {} s, trace hash {}",
        report.scenario,
        report.seed,
        report.events,
        seconds(report.ended_at_us),
        report.trace_hash
    )?;
    for decision in &report.decisions {
        write_decision(text, decision)?;
    }
    if report.decisions.is_empty() {
        writeln!(text, "\nNothing is decided.")?;
    }
    let messages = &report.messages;
    writeln!(
        text,
        "\nMessages: {} sent + {} doubled = {} delivered + {} lost + {} in flight, {} bytes",
        messages.sent,
        messages.duplicated,
        messages.delivered,
        messages.dropped,
        messages.in_flight,
        messages.bytes
    )?;
    for (cause, count) in &messages.dropped_by {
        writeln!(text, "  {count} lost by {cause}")?;
    }
    let hops = simulation.counters.hops;
    if hops.sent != messages.sent {
        writeln!(text, "  {} times over a link, {} bytes", hops.sent, hops.bytes)?;
    }
    writeln!(text, "\nProperties:")?;
    for property in &report.properties {
        let status = match property.status {
            PropertyStatus::Holds => "holds",
            PropertyStatus::Violated => "VIOLATED",
            PropertyStatus::Unreached => "not reached",
        };
        let event = property.event.map_or_else(String::new, |event| format!(", event {event}"));
        writeln!(text, "  {:14} {status}{event}", property.name)?;
    }
    Ok(())
}

/// "FOR in round 1 (5e1c90ab)".
fn spoken(statement: &StatementReport) -> String {
    let StatementReport { round, vote, signature } = statement;
    format!("{} in round {round} ({signature})", vote.to_uppercase())
}

fn spoken_of(assumption: Assumption) -> &'static str {
    match assumption {
        Assumption::Faulty => "more agents were faulty than are tolerated",
        Assumption::Delivery => "messages of too many agents were lost or late",
        Assumption::RoundLength => "a round is shorter than a message may take",
        Assumption::Connectivity => "too few agents can part the network",
    }
}

fn write_decision(text: &mut String, decision: &DecisionReport) -> std::fmt::Result {
    let when = decision.decided_at_us.map_or_else(
        || "never decided".to_owned(),
        |at_us| format!("decided at {} s", seconds(at_us)),
    );
    writeln!(
        text,
        "\n{} ({}): {}, {when}",
        decision.proposal,
        decision.algorithm,
        decision_name(decision.decision).to_uppercase()
    )?;
    writeln!(
        text,
        "  {} FOR, {} AGAINST, {} ABSTAIN, {} absent of {}",
        decision.in_favour,
        decision.against,
        decision.abstain,
        decision.absent,
        decision.electorate
    )?;
    writeln!(
        text,
        "  {} FOR where {} is needed: {:.2} %",
        decision.weight_for,
        decision.needed,
        decision.approval * 100.0
    )?;
    writeln!(text, "  {} messages, {} bytes", decision.messages, decision.bytes)?;
    if let Some(details) = &decision.details.byzantine {
        let ByzantineDetails { fault_tolerance, quorum, rounds, .. } = details;
        writeln!(text, "  f = {fault_tolerance}, {rounds} voting rounds, quorum {quorum}")?;
        match details.assumptions.broken {
            None => writeln!(text, "  all it rests on held")?,
            Some(broken) => {
                writeln!(text, "  what it rests on did not hold: {}", spoken_of(broken))?
            }
        }
        if !details.assumptions.cut.is_empty() {
            writeln!(
                text,
                "  {} alone can part the network",
                details.assumptions.cut.join(" and ")
            )?;
        }
        if !details.unresponsive.is_empty() {
            writeln!(text, "  nothing came from {}", details.unresponsive.join(", "))?;
        }
        for (agent, [one, other]) in &details.exposed {
            let (one, other) = (spoken(one), spoken(other));
            writeln!(text, "  {agent} is exposed: it signed {one} and {other}")?;
        }
    }
    if let Some(details) = &decision.details.gossip {
        gossip(text, details)?;
    }
    for (agent, ballot) in &decision.ballots {
        let outcome = decision.outcome_by_agent.get(agent).copied().unwrap_or("none");
        writeln!(text, "  {agent:20} {ballot:8} holds {outcome}")?;
    }
    Ok(())
}

/// How far it spread, and whether it came out right.
fn gossip(text: &mut String, details: &GossipDetails) -> std::fmt::Result {
    let GossipDetails { mode, exchange, fanout, rounds, .. } = details;
    let exchange = exchange.map_or_else(String::new, |exchange| format!(" by {exchange}"));
    writeln!(text, "  gossip of {mode}{exchange}, fanout {fanout}, {rounds} rounds")?;
    let percent = |shares: &[f64]| -> Vec<String> {
        shares.iter().map(|share| format!("{:.1} %", share * 100.0)).collect()
    };
    let converged = if details.converged { "converged" } else { "not converged" };
    writeln!(
        text,
        "  agreement by round: {}; {converged}",
        percent(&details.agreement).join(", ")
    )?;
    if !details.spread.is_empty() {
        writeln!(text, "  ballots known by round: {}", percent(&details.spread).join(", "))?;
    }
    let right = if details.ended_right { "it ended right" } else { "it ended wrong" };
    writeln!(text, "  a full tally comes to {}: {right}", details.full_tally)
}
