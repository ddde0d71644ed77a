//! An agent that is added to a running swarm: like one that is there, or after a template (A5).

use super::sentence::a;
use crate::common::topology::TopologyKind;
use crate::playback::run::Run;
use crate::protocol::document::{Field, Form, Input, Typed};
use crate::scenario::file::AgentFile;
use crate::scenario::file::intervention::Intervention;
use crate::scenario::{Scenario, templates};

/// The form's id.
pub const ID: &str = "agent";

/// The most agents that are offered for a newcomer to take after.
const LIKE_MAX: usize = 12;

/// The kinds of newcomer: "like qa-engineer", "a parser".
fn kinds(scenario: &Scenario) -> Vec<(String, AgentFile)> {
    let file = &scenario.file;
    let like = file.agents.iter().take(LIKE_MAX).map(|agent| {
        let file = AgentFile { id: String::new(), count: None, parent: None, ..agent.clone() };
        (format!("like {}", agent.id), file)
    });
    let own = file.templates.keys().map(String::as_str);
    let built_in = templates::names().filter(|name| !file.templates.contains_key(*name));
    let after = own.chain(built_in).map(|name| {
        let file = AgentFile { template: Some(name.to_owned()), ..AgentFile::default() };
        (a(name), file)
    });
    like.chain(after).collect()
}

/// A name that no agent has.
fn free_name(run: &Run) -> String {
    let cast = run.cast();
    let mut number = 1;
    loop {
        let name = format!("new-{number}");
        if cast.agents.iter().all(|agent| agent.name != name) {
            return name;
        }
        number += 1;
    }
}

/// The parents that it can have; none where there is no tree.
fn parents(run: &Run) -> Vec<String> {
    let cast = run.cast();
    let members = cast.agents.iter().filter(|agent| !agent.is_coordinator).take(60);
    // Where an agent has made the network a tree, that agent finds the place.
    match run.scenario().topology.kind() {
        TopologyKind::Hierarchical => members.map(|agent| agent.name.clone()).collect(),
        _ => Vec::new(),
    }
}

/// The form for a newcomer.
#[must_use]
pub fn newcomer_form(run: &Run) -> Form {
    let one_of = |names: Vec<String>| {
        let numbered = names.into_iter().enumerate();
        Input::OneOf(numbered.map(|(place, name)| (place.to_string(), name)).collect())
    };
    let kinds = kinds(run.scenario()).into_iter().map(|(label, _)| label).collect();
    let mut fields = vec![
        Field::new("id", "Name", free_name(run), Input::Words(Vec::new())),
        Field::new("kind", "It is", String::new(), one_of(kinds)),
    ];
    let parents = parents(run);
    if !parents.is_empty() {
        fields.push(Field::new("parent", "Below", String::new(), one_of(parents)));
    }
    let (title, button) = ("New agent".to_owned(), "Add it".to_owned());
    Form { id: ID, title, button, fields, ..Form::default() }
}

/// The intervention by which it joins, as the form says; `None` when what was chosen is gone.
#[must_use]
pub fn read_newcomer(run: &Run, typed: &Typed) -> Option<Intervention> {
    let chosen = |name| typed.text(name).parse::<usize>().ok();
    let (_, like) = kinds(run.scenario()).into_iter().nth(chosen("kind")?)?;
    let parent = chosen("parent").and_then(|place| parents(run).into_iter().nth(place));
    let agent = AgentFile { id: typed.text("id").to_owned(), parent, ..like };
    Some(Intervention::Spawn { agent: Box::new(agent) })
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
            let count = kinds(&scenario).len();
            assert!(count > 11, "{name}: {count}");
            let mut run = Run::new(scenario, 1).unwrap();
            for place in 0..count {
                let form = newcomer_form(&run);
                let typed = form.fields.iter().map(|field| match field.name {
                    "id" => (field.name.to_owned(), field.value.clone()),
                    "kind" => (field.name.to_owned(), place.to_string()),
                    _ => (field.name.to_owned(), "0".to_owned()),
                });
                let joins = read_newcomer(&run, &Typed(typed.collect())).unwrap();
                run.apply(&Command::Intervene(joins)).unwrap();
                let time_us = run.simulation().now_us() + 1;
                run.apply(&Command::AdvanceTo { time_us, budget: 1_000 }).unwrap();
            }
            let joined = run.cast().agents.iter().filter(|agent| agent.name.starts_with("new-"));
            assert_eq!(joined.count(), count, "{name}");
        }
    }
}
