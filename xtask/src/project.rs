//! Where the checkout and the cache are.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The folder of the checkout.
///
/// Cargo names it at run time; the path compiled in would be wrong where clones share a target folder.
pub fn root() -> PathBuf {
    let manifest = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let found = manifest.ancestors().find(|folder| folder.join("Trunk.toml").is_file());
    found.map_or_else(|| manifest.clone(), Path::to_path_buf)
}

/// The released page, made by `cargo xtask build`.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Where cargo puts what it builds.
pub fn target() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// Outside the checkout, so that a fresh clone finds the tools again.
pub fn cache() -> Result<PathBuf> {
    cache_from(|name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from))
}

fn cache_from(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf> {
    let in_home = |home: PathBuf| home.join(".cache");
    variable("SWARMGLASS_CACHE")
        .or_else(|| variable("XDG_CACHE_HOME").map(|cache| cache.join("swarmglass")))
        .or_else(|| variable("HOME").map(|home| in_home(home).join("swarmglass")))
        .or_else(|| variable("LOCALAPPDATA").map(|data| data.join("swarmglass")))
        .context("no folder for the cache: set SWARMGLASS_CACHE to one that may be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_cache(set: &[(&str, &str)], expected: Option<&str>) {
        let variable = |name: &str| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| PathBuf::from(value))
        };
        assert_eq!(cache_from(variable).ok(), expected.map(PathBuf::from), "{set:?}");
    }

    #[test]
    fn the_cache_follows_the_most_particular_variable() {
        check_cache(&[("HOME", "/home/ada")], Some("/home/ada/.cache/swarmglass"));
        check_cache(&[("HOME", "/h"), ("XDG_CACHE_HOME", "/x")], Some("/x/swarmglass"));
        check_cache(&[("XDG_CACHE_HOME", "/x"), ("SWARMGLASS_CACHE", "/own")], Some("/own"));
        check_cache(&[("LOCALAPPDATA", "/data")], Some("/data/swarmglass"));
        check_cache(&[], None);
    }

    #[test]
    fn the_checkout_is_found() {
        assert!(root().join("Cargo.lock").is_file());
    }
}
