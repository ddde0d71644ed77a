//! What people read.

mod work;

use std::fmt::Write as _;

use engine::coordination::consensus::assumption::Assumption;
use engine::coordination::consensus::quorum::{MILLIONTHS, Share};
use engine::playback::Report;
use engine::playback::report::{
    Amount, ByzantineDetails, ChoiceDetails, DecisionReport, FiguresReport, GossipDetails,
    PipelineReport, Plain, StatementReport, StatisticsReport, decision_name,
};
use engine::playback::requests::RequestFate;
use engine::scenario::gallery;
use engine::scenario::name::visible;
use engine::sim::PropertyStatus;
use engine::view::figure::{percent, share_percent};
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
pub fn report(report: &Report) -> String {
    let mut text = String::new();
    write_report(&mut text, report).ok();
    text
}

fn write_report(text: &mut String, report: &Report) -> std::fmt::Result {
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
    if let Some(pipeline) = &report.pipeline {
        write_pipeline(text, pipeline)?;
    }
    let is_for_more = report.state.is_some() || report.tasks.is_some();
    if report.decisions.is_empty() && !is_for_more {
        writeln!(text, "\nNothing is decided.")?;
    }
    write_state(text, report)?;
    work::write_work(text, report)?;
    if !is_for_more || report.statistics.all.total > 0 {
        write_statistics(text, &report.statistics)?;
    }
    for request in report.requests.iter().filter(|it| it.fate == RequestFate::Refused) {
        let why = request.refusal.as_deref().unwrap_or_default();
        writeln!(text, "\nRefused: the {} {}: {}", request.kind, request.name, visible(why))?;
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
    let hops = &messages.hops;
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

fn write_pipeline(text: &mut String, pipeline: &PipelineReport) -> std::fmt::Result {
    let PipelineReport { stages, outcome, ended_at, reason } = pipeline;
    match (outcome, ended_at, reason) {
        (Some(outcome), Some(stage), Some(reason)) => {
            writeln!(text, "\nPipeline: {}, ended at {stage}: {reason}", outcome.to_uppercase())?;
        }
        _ => writeln!(text, "\nPipeline: it goes on")?,
    }
    for stage in stages {
        writeln!(text, "  {:14} {:10} {}", stage.stage, stage.state, stage.proposal)?;
    }
    Ok(())
}

/// Keys of which more than this many are told one by one.
const KEYS_MAX: usize = 12;

/// What is kept, by key, and how agents were brought in step.
fn write_state(text: &mut String, report: &Report) -> std::fmt::Result {
    // A text that is kept may have lines of its own.
    let plain = |value: &Plain| visible(&value.0.plain()).into_owned();
    for (place, (name, key)) in report.state.iter().flatten().enumerate() {
        if place == KEYS_MAX {
            let more = report.state.as_ref().map_or(0, |keys| keys.len()) - KEYS_MAX;
            writeln!(text, "\nand {more} keys more")?;
            break;
        }
        if key.converged {
            let (value, version) = (plain(&key.value), key.version);
            writeln!(text, "\n{name}: all hold {value}, version {version} ({})", key.strategy)?;
            continue;
        }
        if let Some(merged) = &key.merges_to {
            let (value, merged) = (plain(&key.value), plain(merged));
            let strategy = key.strategy;
            writeln!(text, "\n{name}: all hold {value}, a merge makes it {merged} ({strategy})")?;
            continue;
        }
        writeln!(text, "\n{name}: held differently ({})", key.strategy)?;
        for (agent, value) in &key.replicas {
            writeln!(text, "  {agent}: {}", plain(value))?;
        }
    }
    for sync in report.syncs.iter().flatten() {
        writeln!(
            text,
            "\n{} sync by {}: {} told, {} changed there, {} messages, {} bytes, {} s{}",
            sync.kind,
            sync.agent,
            match sync.keys {
                1 => "1 key".to_owned(),
                keys => format!("{keys} keys"),
            },
            sync.changes,
            sync.messages,
            sync.bytes,
            seconds(sync.duration_us),
            if sync.fell_back { ", everything: too far behind" } else { "" }
        )?;
    }
    Ok(())
}

fn write_statistics(text: &mut String, statistics: &StatisticsReport) -> std::fmt::Result {
    let line = |figures: &FiguresReport| {
        let FiguresReport { total, approved, rejected, timeout, open, .. } = figures;
        let proposals = if *total == 1 { "proposal" } else { "proposals" };
        format!(
            "{total} {proposals}, {approved} approved, {rejected} rejected, {timeout} timed out, \
             {open} open"
        )
    };
    let StatisticsReport { all, by_algorithm } = statistics;
    writeln!(text, "\nStatistics: {}", line(all))?;
    let average = seconds(all.average_duration_us);
    let rate = all.approval_rate * 100.0;
    writeln!(text, "  {rate:.2} % of those decided were approved, after {average} s on average")?;
    for (name, figures) in by_algorithm {
        writeln!(text, "  {name:14} {}", line(figures))?;
    }
    Ok(())
}

/// "postgres 3, mysql 3, sqlite 1: postgres wins a tie".
fn write_choice(text: &mut String, details: &ChoiceDetails) -> std::fmt::Result {
    let say = |(name, amount): &(String, Amount)| match amount {
        Amount::Votes(votes) => format!("{name} {votes}"),
        Amount::Weight(weight) => format!("{name} {weight}"),
    };
    let options: Vec<String> = details.options.0.iter().map(say).collect();
    let winner = match (&details.winner, details.tie) {
        (Some(winner), false) => format!("{winner} wins"),
        (Some(winner), true) => format!("{winner} wins a tie, by standing first"),
        (None, _) => "no option wins".to_owned(),
    };
    writeln!(text, "  {}: {winner}", options.join(", "))
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
    let DecisionReport { in_favour, against, abstain, absent, electorate, account, share, .. } =
        decision;
    let tail = format!("{abstain} ABSTAIN, {absent} absent of {electorate}");
    match &decision.details.choice {
        Some(details) => {
            writeln!(text, "  {in_favour} for an option, {tail}")?;
            write_choice(text, details)?;
        }
        None => {
            writeln!(text, "  {in_favour} FOR, {against} AGAINST, {tail}")?;
            writeln!(
                text,
                "  {} of {} FOR where {} is needed: {}",
                decision.weight_for,
                decision.of,
                decision.needed,
                share_percent(account.in_favour, account.whole, *share)
            )?;
        }
    }
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
    let winners = decision.details.choice.as_ref().map(|details| &details.winner_by_agent);
    let lies = |agent: &String| decision.liars.contains(agent);
    for (agent, ballot) in decision.ballots.iter().filter(|(agent, _)| !lies(agent)) {
        let outcome = decision.outcome_by_agent.get(agent).copied().unwrap_or("none");
        let outcome = winners.and_then(|winners| winners.get(agent)).map_or(outcome, |it| it);
        writeln!(text, "  {agent:20} {ballot:8} holds {outcome}")?;
    }
    for (agent, ballot) in decision.ballots.iter().filter(|(agent, _)| lies(agent)) {
        writeln!(text, "  {agent:20} {ballot:8} lies")?;
    }
    Ok(())
}

/// How far it spread, and whether it came out right.
fn gossip(text: &mut String, details: &GossipDetails) -> std::fmt::Result {
    let GossipDetails { mode, exchange, fanout, rounds, .. } = details;
    let exchange = exchange.map_or_else(String::new, |exchange| format!(" by {exchange}"));
    writeln!(text, "  gossip of {mode}{exchange}, fanout {fanout}, {rounds} rounds")?;
    if let Some(stop) = details.stop {
        writeln!(text, "  agents stop telling by {}", engine::view::gossip::stop(stop))?;
    }
    let millionths = |share: &f64| (share * MILLIONTHS as f64).round() as u64;
    let asked = Share::AtLeast(details.convergence);
    let agreement = details.agreement.iter().map(millionths);
    let agreement = agreement.map(|share| share_percent(share, MILLIONTHS, asked));
    let spread = details.spread.iter().map(millionths);
    let spread: Vec<String> = spread.map(|share| percent(share, MILLIONTHS)).collect();
    let converged = if details.converged { "converged" } else { "not converged" };
    writeln!(
        text,
        "  agreement by round: {}; {converged}",
        agreement.collect::<Vec<_>>().join(", ")
    )?;
    if !spread.is_empty() {
        writeln!(text, "  ballots known by round: {}", spread.join(", "))?;
    }
    let right = if details.ended_right { "it ended right" } else { "it ended wrong" };
    writeln!(text, "  a full tally comes to {}: {right}", details.full_tally)
}
