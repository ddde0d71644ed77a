//! The settings of a scenario's protocols, and the scenario with one of them changed. The changed file goes through the ordinary
//! checks, so that nothing can be set that no file may say.

use crate::coordination::settings::Settings;
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::scenario::Scenario;
use crate::scenario::checked::set;

mod state;
mod work;

/// Everything that can be set in this scenario, in the order of the registry.
#[must_use]
pub fn settings(scenario: &Scenario) -> Vec<Setting> {
    let mut settings = Settings(scenario.rooms.settings(scenario));
    state::list(scenario, &mut settings);
    work::list(scenario, &mut settings);
    settings.0
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
    let is_set = state::set(&mut file, id, value).or_else(|| work::set(&mut file, id, value));
    if is_set.is_none() {
        set(&mut file, id, value, scenario);
    }
    Scenario::check(file)
}

#[cfg(test)]
mod tests;
