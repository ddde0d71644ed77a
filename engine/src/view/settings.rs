//! The settings of a scenario's protocols, and the scenario with one of them changed. The changed file goes through the ordinary
//! checks, so that nothing can be set that no file may say.

use crate::coordination::settings::Settings;
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::scenario::Scenario;
use crate::scenario::checked::set;

mod state;

/// Everything that can be set in this scenario, in the order of the registry.
#[must_use]
pub fn settings(scenario: &Scenario) -> Vec<Setting> {
    let mut settings = scenario.rooms.settings(scenario);
    let mut of_state = Settings::default();
    state::list(scenario, &mut of_state);
    // Until those of state come from its room, too: before those of work.
    let place = settings.iter().position(|it| it.id == "score-by").unwrap_or(settings.len());
    settings.splice(place..place, of_state.0);
    settings
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
    if state::set(&mut file, id, value).is_none() {
        set(&mut file, id, value, scenario)?;
    }
    Scenario::check(file)
}

#[cfg(test)]
mod tests;
