//! Agents that can be added to a running swarm: like one that is there, or after a template (A5).

use crate::playback::run::Run;
use crate::scenario::file::AgentFile;
use crate::scenario::intervention::Intervention;
use crate::scenario::{Scenario, templates};

/// So many of the agents that are there are offered to take after.
const LIKE_MAX: usize = 12;

/// What a newcomer can be.
#[derive(Clone, Debug, PartialEq)]
pub struct Kind {
    /// "like qa-engineer", "a parser".
    pub label: String,
    file: AgentFile,
}

/// Like those that are there, after the file's templates, and after those that every scenario has.
#[must_use]
pub fn kinds(scenario: &Scenario) -> Vec<Kind> {
    let file = &scenario.file;
    let like = file.agents.iter().take(LIKE_MAX).map(|agent| Kind {
        label: format!("like {}", agent.id),
        file: AgentFile { id: String::new(), count: None, parent: None, ..agent.clone() },
    });
    let own = file.templates.keys().map(String::as_str);
    let built_in = templates::names().filter(|name| !file.templates.contains_key(*name));
    let after = own.chain(built_in).map(|name| {
        let article = if name.starts_with(['a', 'e', 'i', 'o']) { "an" } else { "a" };
        let file = AgentFile { template: Some(name.to_owned()), ..AgentFile::default() };
        Kind { label: format!("{article} {name}"), file }
    });
    like.chain(after).collect()
}

/// A name that none of those has who have joined.
#[must_use]
pub fn free_name(run: &Run) -> String {
    let cast = run.cast();
    let joined = cast.agents.iter().skip(cast.coordinator.index() + 1);
    let mut number = 1;
    loop {
        let name = format!("new-{number}");
        if joined.clone().all(|agent| agent.name != name) {
            return name;
        }
        number += 1;
    }
}

/// Those it can stand below; nobody where there is no tree.
#[must_use]
pub fn parents(run: &Run) -> Vec<String> {
    let cast = run.cast();
    let members = cast.agents.iter().filter(|agent| !agent.is_coordinator).take(60);
    match cast.parents.is_empty() {
        true => Vec::new(),
        false => members.map(|agent| agent.name.clone()).collect(),
    }
}

/// It joins.
#[must_use]
pub fn joins(kind: &Kind, name: &str, parent: Option<String>) -> Intervention {
    let agent = AgentFile { id: name.trim().to_owned(), parent, ..kind.file.clone() };
    Intervention::Spawn { agent: Box::new(agent) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playback::Command;
    use crate::scenario::gallery;

    /// In every scenario of the gallery, every kind there is joins and is what its label says.
    #[test]
    fn whatever_is_offered_joins() {
        for name in ["campaign", "hierarchy", "gossip-ten", "deployment-vote"] {
            let scenario =
                Arc::new(gallery::find(name).and_then(gallery::Entry::scenario).unwrap());
            let kinds = kinds(&scenario);
            assert!(kinds.len() > 11, "{name}: {kinds:?}");
            let mut run = Run::new(scenario, 1).unwrap();
            for kind in &kinds {
                let (name, parent) = (free_name(&run), parents(&run).into_iter().next());
                run.apply(&Command::Intervene(joins(kind, &name, parent))).expect(&kind.label);
                let time_us = run.simulation().now_us() + 1;
                run.apply(&Command::AdvanceTo { time_us, budget: 1_000 }).unwrap();
            }
            let joined = run.cast().agents.iter().filter(|agent| agent.name.starts_with("new-"));
            assert_eq!(joined.count(), kinds.len(), "{name}");
        }
    }
}
