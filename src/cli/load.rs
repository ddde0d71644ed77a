//! Finding and reading scenarios.

use std::fs;
use std::path::Path;

use engine::protocol::name::visible;
use engine::scenario::bytes::decode;
use engine::scenario::{Scenario, gallery};

/// Larger files than this are not scenarios: 200 000 agents written out one by one take less.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// A scenario by its name in the gallery, or from a file.
pub fn scenario(name: &str) -> Result<Scenario, String> {
    let looks_like_file = name.contains(['/', '\\', '.']) || Path::new(name).is_file();
    if looks_like_file {
        return file(name);
    }
    let entry = gallery::find(name).map_err(|error| format!("{error}: `swarmglass list`"))?;
    entry.scenario().map_err(|error| error.to_string())
}

/// A scenario from a file.
fn file(path: &str) -> Result<Scenario, String> {
    let size = fs::metadata(path).map_err(|error| cannot_read(path, &error))?;
    if size.len() > FILE_BYTES_MAX {
        return Err(format!(
            "{}: expected a file of at most {FILE_BYTES_MAX} bytes, found {}; use \"count\" \
             for agents that are alike",
            visible(path),
            size.len()
        ));
    }
    let bytes = fs::read(path).map_err(|error| cannot_read(path, &error))?;
    let text = decode(&bytes, path).map_err(|error| error.to_string())?;
    Scenario::parse(text, path).map_err(|error| error.to_string())
}

fn cannot_read(path: &str, error: &std::io::Error) -> String {
    format!(
        "{}: cannot read it ({error}); name a file, or a scenario that `swarmglass list` names",
        visible(path)
    )
}
