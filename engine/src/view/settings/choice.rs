//! Which option of a choice wins (C9).

use super::{Reading, Row, Scale, first, first_by};
use crate::scenario::file::ChoiceRule;

pub(super) const ROWS: &[Row] = &[Row {
    id: "wins-by",
    label: "Wins by",
    read: |scenario| {
        let is_choice = |options: &[String]| (!options.is_empty()).then_some(());
        let (_, file, ()) = first(scenario, |proposal| is_choice(&proposal.options))?;
        let rule = file.rule.unwrap_or_default() as u32;
        Some(Reading::new(rule, Scale::List(vec!["most votes", "most weight", "all votes"])))
    },
    write: |file, value| {
        let rules = [ChoiceRule::Majority, ChoiceRule::Weighted, ChoiceRule::Unanimous];
        first_by(file, &["federated"])?.rule = rules.get(value as usize).copied();
        Some(())
    },
}];
