//! A choice as a scenario spells it (C9).

use serde::{Deserialize, Serialize};

use super::OPTIONS_MAX;
use crate::coordination::consensus::proposal::Algorithm;
use crate::coordination::consensus::quorum::{Measure, Share};
use crate::coordination::consensus::section::{ProposalFile, ShareOf};
use crate::protocol::name::check_name;
use crate::protocol::problem::Problem;

/// Which option of a federated choice wins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ChoiceRule {
    /// The one with the most votes: a plurality, which need not be more than half.
    #[default]
    Majority,
    /// The one with the most weight.
    Weighted,
    /// The one that everyone votes for, or none.
    Unanimous,
}

/// Checks the options of a proposal, and sets the rule by which one of them wins.
pub(in crate::coordination::consensus) fn check_options(
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
