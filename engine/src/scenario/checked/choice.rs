//! What is chosen between, and what agents prefer.

use crate::coordination::consensus::choice::OPTIONS_MAX;
use crate::coordination::consensus::proposal::Algorithm;
use crate::coordination::consensus::quorum::{Measure, Share};
use crate::protocol::name::check_name;
use crate::protocol::problem::{Problem, suggestion};
use crate::scenario::file::{ChoiceRule, ProposalFile, ScenarioFile, ShareOf};
use crate::scenario::intervention::Intervention;

/// Checks the options of a proposal, and sets the rule by which one of them wins.
pub(super) fn check_options(
    file: &ProposalFile,
    algorithm: &mut Algorithm,
) -> Result<Vec<String>, Problem> {
    let is_choice = algorithm.rule.share == Share::Plurality;
    if !is_choice {
        let (field, found) = match (file.options.is_empty(), file.rule) {
            (true, None) => return Ok(Vec::new()),
            (false, _) => ("options", "some"),
            (true, Some(_)) => ("rule", "one"),
        };
        let expected = format!("none with {}, which asks for yes or no", algorithm.name);
        let repair = "leave it out, or write \"algorithm\": \"federated\"";
        return Err(Problem::new(field, expected, found, repair));
    }
    let count = file.options.len();
    if !(2..=OPTIONS_MAX).contains(&count) {
        let repair = "write for example \"options\": [\"postgres\", \"mysql\"]";
        let expected = format!("2 to {OPTIONS_MAX} options");
        return Err(Problem::new("options", expected, count.to_string(), repair));
    }
    for (place, option) in file.options.iter().enumerate() {
        let (path, repair) = (format!("options[{place}]"), "name each option once");
        check_name(&path, option, repair)?;
        if file.options[..place].contains(option) {
            let found = format!("{option:?} a second time");
            return Err(Problem::new(path, "a new name", found, repair));
        }
    }
    if file.share_of != ShareOf::Electorate {
        let expected = "\"electorate\" with federated, which asks for no share";
        return Err(Problem::new("share_of", expected, "\"votes_cast\"", "leave it out"));
    }
    let rule = &mut algorithm.rule;
    (rule.measure, rule.share) = match file.rule.unwrap_or_default() {
        ChoiceRule::Majority => (Measure::Heads, Share::Plurality),
        ChoiceRule::Weighted => (Measure::Weight, Share::Plurality),
        ChoiceRule::Unanimous => (Measure::Heads, Share::All),
    };
    Ok(file.options.clone())
}

/// What an agent prefers must be on offer in one of the file's proposals.
pub(super) fn check_preferences(file: &ScenarioFile) -> Result<(), Problem> {
    let later = file.faults.iter().filter_map(|fault| match &fault.intervention {
        Intervention::Propose { proposal } => Some(&**proposal),
        _ => None,
    });
    let stages = file.pipeline.iter().map(|stage| &stage.proposal);
    let proposals = file.proposals.iter().chain(stages).chain(later);
    let known: Vec<&str> = proposals.flat_map(|it| &it.options).map(String::as_str).collect();
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
