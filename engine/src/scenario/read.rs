//! From the values of a file to the [`ScenarioFile`] they stand for, one function per part. Serde
//! derives the same for tests and the schema; in the page its code would be larger than the kernel.
//!
//! Nothing here ends early: a wrong value leaves its problem with the node and is read as empty.

mod intervention;
mod state;
mod work;

pub use state::read_data;

use std::cell::OnceCell;

pub use self::intervention::intervention;
use super::error::Problem;
use super::file::{
    AgentFile, ByzantineFile, ChoiceRule, ClockFile, FaultFile, FieldFile, GossipExchange,
    GossipFile, GossipMode, GossipPreset, LatencyFile, LinkFile, LinkOverride, MindFile,
    ProposalFile, ScenarioFile, ShareOf, StageFile, StopFile, StopRuleFile, TopologyFile,
};
use super::json::Value;
use super::node::{
    Choice, Node, count, list, map, number, pair, signed, text, texts, truth, whole, word,
};
use crate::coordination::adversary::Behaviour;
use crate::coordination::consensus::condition::Condition;
use crate::coordination::topology::TopologyKind;

/// Reads a file of the newest format.
///
/// # Errors
/// The first value that is not what it should be.
pub fn read(value: &Value) -> Result<ScenarioFile, Problem> {
    let first = OnceCell::new();
    let file = scenario(&Node::top(value, &first));
    match first.into_inner() {
        None => Ok(file),
        Some(problem) => Err(problem),
    }
}

fn scenario(node: &Node<'_>) -> ScenarioFile {
    let fields = node.object(&[
        "format",
        "name",
        "title",
        "summary",
        "notice",
        "seed",
        "ends_at_ms",
        "topology",
        "network",
        "inbox",
        "links",
        "templates",
        "agents",
        "coordinator_clock",
        "proposals",
        "pipeline",
        "state",
        "work",
        "faults",
    ]);
    ScenarioFile {
        format: fields.required("format", count),
        name: fields.required("name", text),
        title: fields.required("title", text),
        summary: fields.or_default("summary", text),
        notice: fields.or_default("notice", text),
        seed: fields.or_default("seed", whole),
        ends_at_ms: fields.optional("ends_at_ms", number),
        topology: fields.or_default("topology", topology),
        network: fields.or_default("network", link),
        inbox: fields.optional("inbox", count),
        links: fields.or_default("links", |node| list(node, link_override)),
        templates: fields.or_default("templates", |node| map(node, agent)),
        agents: fields.required("agents", |node| list(node, agent)),
        coordinator_clock: fields.optional("coordinator_clock", clock),
        proposals: fields.or_default("proposals", |node| list(node, proposal)),
        pipeline: fields.or_default("pipeline", |node| list(node, stage)),
        state: fields.optional("state", state::state),
        work: fields.optional("work", work::work),
        faults: fields.or_default("faults", |node| list(node, fault)),
    }
}

fn topology(node: &Node<'_>) -> TopologyFile {
    let fields = node.object(&["kind", "hub", "branching"]);
    TopologyFile {
        kind: fields.or_default("kind", topology_kind),
        hub: fields.optional("hub", text),
        branching: fields.optional("branching", count),
    }
}

fn topology_kind(node: &Node<'_>) -> TopologyKind {
    match word(node, &["mesh", "star", "ring", "hierarchical"]) {
        "mesh" => TopologyKind::Mesh,
        "star" => TopologyKind::Star,
        "ring" => TopologyKind::Ring,
        _ => TopologyKind::Hierarchical,
    }
}

fn link(node: &Node<'_>) -> LinkFile {
    let fields = node.object(&["latency_ms", "loss", "duplication", "bytes_per_second"]);
    LinkFile {
        latency_ms: fields.optional("latency_ms", latency),
        loss: fields.or_default("loss", number),
        duplication: fields.or_default("duplication", number),
        bytes_per_second: fields.optional("bytes_per_second", whole),
    }
}

fn latency(node: &Node<'_>) -> LatencyFile {
    let Choice { name, content, .. } = node.choice(&["fixed", "uniform", "log_normal"]);
    match name {
        "fixed" => LatencyFile::Fixed(number(&content)),
        "uniform" => {
            let (least, most) = pair(&content);
            LatencyFile::Uniform(least, most)
        }
        _ => {
            let fields = content.object(&["median", "sigma"]);
            LatencyFile::LogNormal {
                median: fields.required("median", number),
                sigma: fields.required("sigma", number),
            }
        }
    }
}

fn link_override(node: &Node<'_>) -> LinkOverride {
    let fields = node.object(&["from", "to", "one_way", "link"]);
    LinkOverride {
        from: fields.required("from", text),
        to: fields.required("to", text),
        one_way: fields.or_default("one_way", truth),
        link: fields.required("link", link),
    }
}

fn agent(node: &Node<'_>) -> AgentFile {
    let fields = node.object(&[
        "id",
        "count",
        "template",
        "parent",
        "role",
        "skills",
        "domains",
        "weight",
        "capacity",
        "reputation",
        "mind",
        "prefers",
        "review_ms",
        "work",
        "clock",
        "behaviour",
    ]);
    AgentFile {
        id: fields.or_default("id", text),
        count: fields.optional("count", count),
        template: fields.optional("template", text),
        parent: fields.optional("parent", text),
        role: fields.optional("role", text),
        skills: fields.optional("skills", texts),
        domains: fields.optional("domains", texts),
        weight: fields.optional("weight", number),
        capacity: fields.optional("capacity", count),
        reputation: fields.optional("reputation", count),
        mind: fields.optional("mind", mind),
        prefers: fields.optional("prefers", texts),
        review_ms: fields.optional("review_ms", pair),
        work: fields.optional("work", work::work_style),
        clock: fields.optional("clock", clock),
        behaviour: fields.optional("behaviour", behaviour),
    }
}

fn mind(node: &Node<'_>) -> MindFile {
    let choice = node.choice(&["for", "against", "abstain", "silent", "chance", "if"]);
    match choice.name {
        "if" => return condition(&choice.content).map_or(MindFile::Silent, MindFile::If),
        "chance" => {
            let fields = choice.content.object(&["for", "against"]);
            return MindFile::Chance {
                in_favour: fields.required("for", number),
                against: fields.or_default("against", number),
            };
        }
        _ => {}
    }
    match choice.alone() {
        "for" => MindFile::For,
        "against" => MindFile::Against,
        "abstain" => MindFile::Abstain,
        _ => MindFile::Silent,
    }
}

fn condition(node: &Node<'_>) -> Option<Condition> {
    let parsed = Condition::parse(&text(node));
    if let Err(error) = &parsed {
        let expected = format!("{} at character {}", error.expected, error.at);
        let example = "\"canary_percentage <= 10 and rollback_plan == true\"";
        node.refuse(&expected, &format!("write for example {example}"));
    }
    parsed.ok()
}

fn behaviour(node: &Node<'_>) -> Behaviour {
    let name = word(node, &Behaviour::ALL.map(|(_, name, _)| name));
    let found = Behaviour::ALL.into_iter().find(|(_, other, _)| *other == name);
    found.map_or_else(Behaviour::default, |(behaviour, ..)| behaviour)
}

fn byzantine(node: &Node<'_>) -> ByzantineFile {
    let fields = node.object(&["fault_tolerance", "rounds", "round_ms", "vote_again"]);
    ByzantineFile {
        fault_tolerance: fields.optional("fault_tolerance", count),
        rounds: fields.optional("rounds", count),
        round_ms: fields.optional("round_ms", number),
        vote_again: fields.or_default("vote_again", truth),
    }
}

fn gossip(node: &Node<'_>) -> GossipFile {
    let fields = node.object(&[
        "mode",
        "exchange",
        "preset",
        "fanout",
        "rounds",
        "round_ms",
        "convergence",
        "threshold",
        "overlay",
        "stop",
    ]);
    GossipFile {
        mode: fields.or_default("mode", |node| match word(node, &["rumour", "majority"]) {
            "majority" => GossipMode::Majority,
            _ => GossipMode::Rumour,
        }),
        exchange: fields.optional("exchange", |node| {
            match word(node, &["push", "pull", "push_pull"]) {
                "push" => GossipExchange::Push,
                "pull" => GossipExchange::Pull,
                _ => GossipExchange::PushPull,
            }
        }),
        preset: fields.optional("preset", |node| {
            match word(node, &["standard", "critical", "large"]) {
                "standard" => GossipPreset::Standard,
                "critical" => GossipPreset::Critical,
                _ => GossipPreset::Large,
            }
        }),
        fanout: fields.optional("fanout", count),
        rounds: fields.optional("rounds", count),
        round_ms: fields.optional("round_ms", number),
        convergence: fields.optional("convergence", number),
        threshold: fields.optional("threshold", number),
        overlay: fields.or_default("overlay", truth),
        stop: fields.optional("stop", stop),
    }
}

fn stop(node: &Node<'_>) -> StopFile {
    let fields = node.object(&["rule", "feedback", "k"]);
    StopFile {
        rule: fields.required("rule", |node| match word(node, &["counter", "coin"]) {
            "coin" => StopRuleFile::Coin,
            _ => StopRuleFile::Counter,
        }),
        feedback: fields.required("feedback", truth),
        k: fields.required("k", count),
    }
}

fn clock(node: &Node<'_>) -> ClockFile {
    let fields = node.object(&["offset_ms", "drift_ppm"]);
    ClockFile {
        offset_ms: fields.or_default("offset_ms", number),
        drift_ppm: fields.or_default("drift_ppm", signed),
    }
}

fn proposal(node: &Node<'_>) -> ProposalFile {
    let fields = node.object(&[
        "id",
        "question",
        "at_ms",
        "algorithm",
        "threshold",
        "share_of",
        "min_participation",
        "byzantine",
        "gossip",
        "options",
        "rule",
        "domain_weights",
        "deadline_ms",
        "grace_ms",
        "reminder_ms",
        "fields",
        "electorate",
    ]);
    ProposalFile {
        id: fields.required("id", text),
        question: fields.or_default("question", text),
        at_ms: fields.or_default("at_ms", number),
        algorithm: fields.optional("algorithm", text),
        threshold: fields.optional("threshold", number),
        share_of: fields.or_default("share_of", share_of),
        min_participation: fields.optional("min_participation", number),
        byzantine: fields.optional("byzantine", byzantine),
        gossip: fields.optional("gossip", gossip),
        options: fields.or_default("options", texts),
        rule: fields.optional("rule", choice_rule),
        domain_weights: fields.or_default("domain_weights", |node| map(node, number)),
        deadline_ms: fields.optional("deadline_ms", number),
        grace_ms: fields.optional("grace_ms", number),
        reminder_ms: fields.optional("reminder_ms", number),
        fields: fields.or_default("fields", |node| map(node, field)),
        electorate: fields.optional("electorate", texts),
    }
}

fn stage(node: &Node<'_>) -> StageFile {
    let fields = node.object(&["id", "gate", "proposal"]);
    StageFile {
        id: fields.required("id", text),
        gate: fields.optional("gate", text),
        proposal: fields.required("proposal", proposal),
    }
}

fn share_of(node: &Node<'_>) -> ShareOf {
    match word(node, &["electorate", "votes_cast"]) {
        "electorate" => ShareOf::Electorate,
        _ => ShareOf::VotesCast,
    }
}

fn choice_rule(node: &Node<'_>) -> ChoiceRule {
    match word(node, &["majority", "weighted", "unanimous"]) {
        "majority" => ChoiceRule::Majority,
        "weighted" => ChoiceRule::Weighted,
        _ => ChoiceRule::Unanimous,
    }
}

fn field(node: &Node<'_>) -> FieldFile {
    match node.value {
        Some(Value::Bool(truth)) => FieldFile::Bool(*truth),
        Some(Value::Number(_)) => FieldFile::Number(number(node)),
        Some(Value::Text(text)) => FieldFile::Text(text.clone()),
        _ => {
            let repair = "write for example 10, true or \"production\"";
            node.refuse("a number, true, false or a text", repair);
            FieldFile::Bool(false)
        }
    }
}

fn fault(node: &Node<'_>) -> FaultFile {
    let fields = node.object(&["at_ms", "do"]);
    FaultFile {
        at_ms: fields.required("at_ms", number),
        intervention: fields.required("do", intervention),
    }
}

#[cfg(test)]
mod tests;
