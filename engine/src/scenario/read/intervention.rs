//! The part of a file about what is done to the swarm.

use super::{agent, behaviour, link, link_override, proposal, state, work};
use crate::scenario::file::LinkOverride;
use crate::scenario::intervention::Intervention;
use crate::scenario::node::{Node, count, list, map, number, text, texts, truth, whole};

/// What is done to a swarm.
pub fn intervention(node: &Node<'_>) -> Intervention {
    let choice = node.choice(&[
        "crash",
        "restart",
        "pause",
        "resume",
        "remove",
        "spawn",
        "register",
        "unregister",
        "status",
        "cut",
        "mend",
        "partition",
        "heal",
        "drop_message",
        "duplicate_message",
        "delay_message",
        "set_link",
        "set_network",
        "corrupt",
        "release",
        "propose",
        "write",
        "clear",
        "sync",
        "read",
        "set_strategy",
        "submit",
        "set_work",
        "set_policy",
    ]);
    let content = &choice.content;
    let of_agent = || content.object(&["agent"]).required("agent", text);
    let of_message = || content.object(&["message"]).required("message", whole);
    match choice.name {
        "crash" => Intervention::Crash { agent: of_agent() },
        "restart" => Intervention::Restart { agent: of_agent() },
        "pause" => Intervention::Pause { agent: of_agent() },
        "resume" => Intervention::Resume { agent: of_agent() },
        "remove" => Intervention::Remove { agent: of_agent() },
        "corrupt" => {
            let fields = content.object(&["agent", "behaviour"]);
            Intervention::Corrupt {
                agent: fields.required("agent", text),
                behaviour: fields.or_default("behaviour", behaviour),
            }
        }
        "release" => Intervention::Release { agent: of_agent() },
        "spawn" => {
            let agent = content.object(&["agent"]).required("agent", agent);
            Intervention::Spawn { agent: Box::new(agent) }
        }
        "register" => Intervention::Register { agent: of_agent() },
        "unregister" => Intervention::Unregister { agent: of_agent() },
        "status" => {
            let fields = content.object(&["agent", "about"]);
            Intervention::Status {
                agent: fields.required("agent", text),
                about: fields.optional("about", text),
            }
        }
        "cut" => {
            let Ends { from, to, one_way } = ends(content);
            Intervention::Cut { from, to, one_way }
        }
        "mend" => {
            let Ends { from, to, one_way } = ends(content);
            Intervention::Mend { from, to, one_way }
        }
        "partition" => {
            let fields = content.object(&["groups", "replaces"]);
            let groups = fields.required("groups", |node| list(node, texts));
            Intervention::Partition { groups, replaces: fields.or_default("replaces", truth) }
        }
        "drop_message" => Intervention::DropMessage { message: of_message() },
        "duplicate_message" => Intervention::DuplicateMessage { message: of_message() },
        "delay_message" => {
            let fields = content.object(&["message", "by_ms"]);
            Intervention::DelayMessage {
                message: fields.required("message", whole),
                by_ms: fields.required("by_ms", number),
            }
        }
        "set_link" => {
            let LinkOverride { from, to, one_way, link } = link_override(content);
            Intervention::SetLink { from, to, one_way, link }
        }
        "set_network" => {
            let link = content.object(&["link"]).required("link", link);
            Intervention::SetNetwork { link }
        }
        "propose" => {
            let proposal = content.object(&["proposal"]).required("proposal", proposal);
            Intervention::Propose { proposal: Box::new(proposal) }
        }
        "write" => {
            let fields = content.object(&["agent", "writes"]);
            Intervention::Write {
                agent: fields.required("agent", text),
                writes: fields.required("writes", |node| list(node, state::write)),
            }
        }
        "clear" => {
            let fields = content.object(&["agent", "keys"]);
            Intervention::Clear {
                agent: fields.required("agent", text),
                keys: fields.or_default("keys", texts),
            }
        }
        "sync" => {
            let fields = content.object(&["agent", "kind", "with", "keys"]);
            Intervention::Sync {
                agent: fields.required("agent", text),
                kind: fields.or_default("kind", state::sync),
                with: fields.optional("with", text),
                keys: fields.or_default("keys", texts),
            }
        }
        "read" => {
            let fields = content.object(&["agent", "key"]);
            Intervention::Read {
                agent: fields.required("agent", text),
                key: fields.required("key", text),
            }
        }
        "set_strategy" => {
            let fields = content.object(&["keys", "strategy"]);
            Intervention::SetStrategy {
                keys: fields.or_default("keys", texts),
                strategy: fields.required("strategy", text),
            }
        }
        "submit" => {
            let task = content.object(&["task"]).required("task", work::task);
            Intervention::Submit { task: Box::new(task) }
        }
        "set_work" => {
            let fields = content
                .object(&["agent", "speed", "fails", "healthy", "skills", "capacity", "knows"]);
            Intervention::SetWork {
                agent: fields.required("agent", text),
                speed: fields.optional("speed", number),
                fails: fields.optional("fails", number),
                healthy: fields.optional("healthy", truth),
                skills: fields.optional("skills", texts),
                capacity: fields.optional("capacity", count),
                knows: fields.or_default("knows", |node| map(node, state::data)),
            }
        }
        "set_policy" => {
            let policy = content.object(&["policy"]).required("policy", work::policy);
            Intervention::SetPolicy { policy }
        }
        _ => {
            choice.alone();
            Intervention::Heal
        }
    }
}

/// The two ends of what happens between two agents.
struct Ends {
    from: String,
    to: String,
    one_way: bool,
}

fn ends(node: &Node<'_>) -> Ends {
    let fields = node.object(&["from", "to", "one_way"]);
    Ends {
        from: fields.required("from", text),
        to: fields.required("to", text),
        one_way: fields.or_default("one_way", truth),
    }
}
