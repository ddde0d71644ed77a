//! A choice as a scenario spells it (C9).

use serde::{Deserialize, Serialize};

use super::OPTIONS_MAX;
use crate::common::consensus::proposal::Algorithm;
use crate::common::consensus::quorum::{Measure, Share};
use crate::common::consensus::section::ShareOf;
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
///
/// # Errors
/// When there are options where none can be, too few or too many, or one twice.
pub fn check_options(
    (options, rule): (&[String], Option<ChoiceRule>),
    share_of: ShareOf,
    algorithm: &mut Algorithm,
) -> Result<Vec<String>, Problem> {
    let is_choice = algorithm.rule.share == Share::Plurality;
    if !is_choice {
        let (field, found) = match (options.is_empty(), rule) {
            (true, None) => return Ok(Vec::new()),
            (false, _) => ("options", "some"),
            (true, Some(_)) => ("rule", "one"),
        };
        let expected = format!("none with {}, which asks for yes or no", algorithm.name);
        let repair = "leave it out, or write \"algorithm\": \"federated\"";
        return Err(Problem::new(field, expected, found, repair));
    }
    let count = options.len();
    if !(2..=OPTIONS_MAX).contains(&count) {
        let repair = "write for example \"options\": [\"postgres\", \"mysql\"]";
        let expected = format!("2 to {OPTIONS_MAX} options");
        return Err(Problem::new("options", expected, count.to_string(), repair));
    }
    for (place, option) in options.iter().enumerate() {
        let (path, repair) = (format!("options[{place}]"), "name each option once");
        check_name(&path, option, repair)?;
        if options[..place].contains(option) {
            let found = format!("{option:?} a second time");
            return Err(Problem::new(path, "a new name", found, repair));
        }
    }
    if share_of != ShareOf::Electorate {
        let expected = "\"electorate\" with federated, which asks for no share";
        return Err(Problem::new("share_of", expected, "\"votes_cast\"", "leave it out"));
    }
    let wins = &mut algorithm.rule;
    (wins.measure, wins.share) = match rule.unwrap_or_default() {
        ChoiceRule::Majority => (Measure::Heads, Share::Plurality),
        ChoiceRule::Weighted => (Measure::Weight, Share::Plurality),
        ChoiceRule::Unanimous => (Measure::Heads, Share::All),
    };
    Ok(options.to_vec())
}
