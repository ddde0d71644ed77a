//! The JSON Schema of the scenario file, made from the types that read it.

use super::file::ScenarioFile;

/// The schema as indented JSON.
///
/// # Errors
/// When it cannot be written as JSON, which does not happen.
pub fn schema() -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&schemars::schema_for!(ScenarioFile))
}
