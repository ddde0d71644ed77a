//! Kinds of agents that every scenario and every spawned agent can take after (A5), beside those of the file
//! itself: a template of the file goes before one of these.

use super::file::{AgentFile, ScenarioFile};
use crate::common::room::{Individual, Room};
use crate::registry::individuals;

/// Name, the skill that makes it what it is, its weight in votes in tenths, and the load it can carry.
const BUILT_IN: [(&str, &str, u32, u32); 11] = [
    // The document swarm of seed 003.
    ("parser", "parse", 10, 100),
    ("extractor", "extract", 10, 100),
    ("analyzer", "analyse", 10, 100),
    ("aggregator", "aggregate", 10, 100),
    // An agent that assigns has several of its workers' loads on it.
    ("manager", "manage", 10, 400),
    ("worker", "work", 10, 100),
    // The deployment of seed 000, with its weights.
    ("lead", "lead", 30, 100),
    ("backend", "backend", 20, 100),
    ("frontend", "frontend", 20, 100),
    ("qa", "test", 25, 100),
    ("devops", "deploy", 25, 100),
];

/// The names of all there are in every scenario.
pub fn names<'a>() -> impl Iterator<Item = &'a str> {
    BUILT_IN.iter().map(|(name, ..)| *name)
}

/// The template of this name: the file's own, else the built-in one.
#[must_use]
pub fn template(file: &ScenarioFile, name: &str) -> Option<AgentFile> {
    file.templates.get(name).cloned().or_else(|| built_in(name))
}

/// Makes what a built-in template says, with the words of protocols in it.
macro_rules! built_in_templates {
    ($($(#[$on:meta])* $field:ident $mark:tt in $path:literal: $Row:ident = $Room:ty,)*) => {
        fn built_in(name: &str) -> Option<AgentFile> {
            let (_, skill, weight_tenths, capacity) = BUILT_IN.iter().find(|it| it.0 == name)?;
            Some(AgentFile {
                role: Some(name.to_owned()),
                skills: Some(vec![(*skill).to_owned()]),
                weight: Some(f64::from(*weight_tenths) / 10.0),
                capacity: Some(*capacity),
                $($(#[$on])* $field: <<$Room as Room>::Agent as Individual>::built_in(name),)*
                ..AgentFile::default()
            })
        }
    };
}

individuals!(built_in_templates);
