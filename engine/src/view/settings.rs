//! The settings of a scenario's protocols, and the scenario with one of them changed. The changed file goes through the ordinary
//! checks, so that nothing can be set that no file may say.

use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::scenario::Scenario;
use crate::scenario::checked::set;

/// Everything that can be set in this scenario, in the order of the registry.
#[must_use]
pub fn settings(scenario: &Scenario) -> Vec<Setting> {
    scenario.rooms.settings(scenario)
}

/// The scenario with one setting at another value, and everything else as it was.
///
/// # Errors
/// When the scenario has no such setting, the value is off its scale, or the checks refuse the outcome.
pub fn with(scenario: &Scenario, id: &str, value: u32) -> Result<Scenario, Problem> {
    let found = settings(scenario).into_iter().find(|it| it.id == id);
    let Some((least, most)) = found.map(|it| it.scale.ends()) else {
        let repair = "set something that this scenario has";
        return Err(Problem::new("settings", "a setting of this scenario", id, repair));
    };
    if !(least..=most).contains(&value) {
        let expected = format!("{least} to {most}");
        return Err(Problem::new(id, expected, value.to_string(), "stay on the scale"));
    }
    let mut file = scenario.file.clone();
    set(&mut file, id, value, scenario)?;
    Scenario::check(file)
}

#[cfg(test)]
mod tests;
