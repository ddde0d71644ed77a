//! The part of a file about work.

use super::state::data;
use crate::coordination::work::task::Complexity;
use crate::scenario::file::work::{
    NeedFile, PolicyFile, TaskFile, WeightsFile, WorkFile, WorkStyleFile,
};
use crate::scenario::json::Value;
use crate::scenario::node::{Node, count, list, map, number, pair, text, texts, truth, word};

pub fn work(node: &Node<'_>) -> WorkFile {
    let fields = node.object(&[
        "policy",
        "bid_window_ms",
        "lease_ms",
        "attempts",
        "progress",
        "manager",
        "answer_ms",
        "tasks",
    ]);
    WorkFile {
        policy: fields.optional("policy", policy),
        bid_window_ms: fields.optional("bid_window_ms", number),
        lease_ms: fields.optional("lease_ms", number),
        attempts: fields.optional("attempts", count),
        progress: fields.optional("progress", count),
        manager: fields.optional("manager", text),
        answer_ms: fields.optional("answer_ms", number),
        tasks: fields.or_default("tasks", |node| list(node, task)),
    }
}

pub fn policy(node: &Node<'_>) -> PolicyFile {
    match node.value {
        Some(Value::Text(name)) => PolicyFile::Named(name.clone()),
        Some(Value::Object(_)) => {
            let fields = node.object(&["reputation", "skill", "load"]);
            PolicyFile::Weights(WeightsFile {
                reputation: fields.required("reputation", count),
                skill: fields.required("skill", count),
                load: fields.required("load", count),
            })
        }
        _ => {
            let repair = "write for example \"balanced\" or { \"reputation\": 40, \"skill\": 40, \"load\": 20 }";
            node.refuse("the name of a policy, or weights", repair);
            PolicyFile::default()
        }
    }
}

pub fn task(node: &Node<'_>) -> TaskFile {
    let fields = node.object(&[
        "id",
        "count",
        "title",
        "type",
        "complexity",
        "skills",
        "domain",
        "priority",
        "priorities",
        "load",
        "duration_ms",
        "deadline_ms",
        "at_ms",
        "every_ms",
        "depends_on",
        "after",
        "data",
    ]);
    TaskFile {
        id: fields.required("id", text),
        count: fields.optional("count", count),
        title: fields.or_default("title", text),
        kind: fields.optional("type", text),
        complexity: fields.optional("complexity", complexity),
        skills: fields.or_default("skills", texts),
        domain: fields.optional("domain", text),
        priority: fields.optional("priority", count),
        priorities: fields.optional("priorities", pair),
        load: fields.optional("load", number),
        duration_ms: fields.optional("duration_ms", number),
        deadline_ms: fields.optional("deadline_ms", number),
        at_ms: fields.or_default("at_ms", number),
        every_ms: fields.optional("every_ms", number),
        depends_on: fields.or_default("depends_on", texts),
        after: fields.or_default("after", |node| map(node, texts)),
        data: fields.or_default("data", |node| map(node, data)),
    }
}

fn complexity(node: &Node<'_>) -> Complexity {
    match word(node, &Complexity::ALL.map(|(_, name)| name)) {
        "complex" => Complexity::Complex,
        "moderate" => Complexity::Moderate,
        _ => Complexity::Simple,
    }
}

pub fn work_style(node: &Node<'_>) -> WorkStyleFile {
    let fields = node.object(&[
        "speed",
        "fails",
        "quality",
        "healthy",
        "takes_ms",
        "gives",
        "gives_for",
        "knows",
        "needs",
        "manager",
    ]);
    WorkStyleFile {
        speed: fields.optional("speed", number),
        fails: fields.optional("fails", number),
        quality: fields.optional("quality", pair),
        healthy: fields.optional("healthy", truth),
        takes_ms: fields.or_default("takes_ms", |node| map(node, number)),
        gives: fields.or_default("gives", |node| map(node, data)),
        gives_for: fields.or_default("gives_for", |node| map(node, |node| map(node, data))),
        knows: fields.or_default("knows", |node| map(node, data)),
        needs: fields.or_default("needs", |node| map(node, need)),
        manager: fields.optional("manager", truth),
    }
}

fn need(node: &Node<'_>) -> NeedFile {
    let fields = node.object(&["ask", "caps", "as"]);
    NeedFile {
        ask: fields.optional("ask", text),
        caps: fields.optional("caps", text),
        gives_as: fields.optional("as", text),
    }
}
