//! The preferences of agents where there is a choice.

use super::rooms::proposals_of;
use crate::common::consensus::section::WrittenProposal;
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::file::ScenarioFile;
use crate::scenario::file::intervention::Intervention;

/// An agent's preferences must be on offer in one of the file's proposals.
pub(super) fn check_preferences(file: &ScenarioFile) -> Result<(), Problem> {
    let later = file.faults.iter().filter_map(|fault| fault.intervention.proposed());
    let begun = proposals_of(file);
    let known: Vec<&str> = begun.iter().chain(later).flat_map(WrittenProposal::options).collect();
    let check = |path: String, prefers: &Option<Vec<String>>| {
        let prefers = prefers.iter().flatten().enumerate();
        match prefers.into_iter().find(|(_, name)| !known.contains(&name.as_str())) {
            None => Ok(()),
            Some((place, name)) => {
                let near = suggestion(name, known.iter().copied());
                let repair = match known.is_empty() {
                    true => "give a proposal \"options\", or leave it out".to_owned(),
                    false => format!("take one of {}{near}", known.join(", ")),
                };
                let path = format!("{path}.prefers[{place}]");
                Err(Problem::new(path, "an option of a proposal", format!("{name:?}"), repair))
            }
        }
    };
    for (name, template) in &file.templates {
        check(format!("templates.{name}"), &template.prefers)?;
    }
    for (place, agent) in file.agents.iter().enumerate() {
        check(format!("agents[{place}]"), &agent.prefers)?;
    }
    for (place, fault) in file.faults.iter().enumerate() {
        if let Intervention::Spawn { agent } = &fault.intervention {
            check(format!("faults[{place}].do.spawn.agent"), &agent.prefers)?;
        }
    }
    Ok(())
}
