//! Finding and reading scenarios.

use std::fs;
use std::path::Path;

use engine::scenario::{Scenario, gallery};

/// Larger files than this are not scenarios: 200 000 agents written out one by one take less.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// A scenario by its name in the gallery, or from a file.
pub fn scenario(name: &str) -> Result<Scenario, String> {
    let looks_like_file = name.contains(['/', '\\', '.']) || Path::new(name).is_file();
    if looks_like_file {
        return file(name);
    }
    let entry = gallery::find(name).map_err(|error| error.to_string())?;
    entry.scenario().map_err(|error| error.to_string())
}

/// A scenario from a file.
pub fn file(path: &str) -> Result<Scenario, String> {
    let size = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if size.len() > FILE_BYTES_MAX {
        return Err(format!(
            "{path}: expected a file of at most {FILE_BYTES_MAX} bytes, found {}; use \"count\" \
             for agents that are alike",
            size.len()
        ));
    }
    let bytes = fs::read(path).map_err(|error| cannot_read(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        let place = error.utf8_error().valid_up_to();
        format!("{path}: expected UTF-8 text, found another byte at {place}; save it as UTF-8")
    })?;
    Scenario::parse(&text, path).map_err(|error| error.to_string())
}

fn cannot_read(path: &str, error: &std::io::Error) -> String {
    format!(
        "{path}: cannot read it ({error}); name a file, or a scenario that `swarmglass list` names"
    )
}
