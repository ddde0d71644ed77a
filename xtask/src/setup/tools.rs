//! The pinned tools and where the cache keeps them.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::machine::on_path;
use crate::project;

const TRUNK_VERSION: &str = "0.21.14";

/// The npm package that carries `wasm-opt`, a program for Node.js.
const BINARYEN_VERSION: &str = "132.0.0";

/// The npm package that finds what keeps people from using a page.
const AXE_VERSION: &str = "4.14.1";

/// One folder for each tool and version, so that a new pin never meets an old binary.
#[derive(Debug, Clone)]
pub struct Tools {
    pub folder: PathBuf,
    pub trunk_version: String,
    /// As `Cargo.lock` has it: the command line tool must match the crate to the last digit.
    pub wasm_bindgen_version: String,
    pub binaryen_version: String,
    pub axe_version: String,
}

impl Tools {
    pub fn pinned() -> Result<Self> {
        let lock = project::root().join("Cargo.lock");
        let lock =
            fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        Ok(Self {
            folder: project::cache()?.join("tools"),
            trunk_version: TRUNK_VERSION.to_owned(),
            wasm_bindgen_version: locked_version(&lock, "wasm-bindgen")
                .context("Cargo.lock has no wasm-bindgen; `cargo update -w` writes it anew")?
                .to_owned(),
            binaryen_version: BINARYEN_VERSION.to_owned(),
            axe_version: AXE_VERSION.to_owned(),
        })
    }

    pub fn trunk_folder(&self) -> PathBuf {
        self.folder.join(format!("trunk-{}", self.trunk_version))
    }

    pub fn wasm_bindgen_folder(&self) -> PathBuf {
        self.folder.join(format!("wasm-bindgen-cli-{}", self.wasm_bindgen_version))
    }

    pub fn binaryen_folder(&self) -> PathBuf {
        self.folder.join(format!("binaryen-{}", self.binaryen_version))
    }

    pub fn axe_folder(&self) -> PathBuf {
        self.folder.join(format!("axe-core-{}", self.axe_version))
    }

    /// axe-core, a script for the page that is audited; there is none where npm is missing.
    pub fn axe_script(&self) -> PathBuf {
        self.axe_folder().join("node_modules/axe-core/axe.min.js")
    }

    /// `trunk`, which finds `wasm-bindgen` on its PATH and so downloads nothing.
    pub fn trunk(&self) -> Result<Command> {
        let mut command = Command::new(program(&self.trunk_folder(), "trunk"));
        command
            .env("PATH", path_starting_with(&self.wasm_bindgen_folder().join("bin"))?)
            .env("TRUNK_SKIP_VERSION_CHECK", "true")
            .current_dir(project::root());
        if env::var_os("NO_COLOR").is_some() {
            // Trunk 0.21 stops at the usual `NO_COLOR=1`.
            command.env("NO_COLOR", "true");
        }
        Ok(command)
    }

    /// `wasm-bindgen`, which makes a module for the browser of compiled wasm.
    pub fn wasm_bindgen(&self) -> Command {
        Command::new(program(&self.wasm_bindgen_folder(), "wasm-bindgen"))
    }

    /// Runs a compiled wasm test in a browser.
    pub fn wasm_test_runner(&self) -> PathBuf {
        program(&self.wasm_bindgen_folder(), "wasm-bindgen-test-runner")
    }

    /// `wasm-opt`: the pinned one, else whatever is on the PATH.
    pub fn wasm_opt(&self) -> Option<Command> {
        let script = wasm_opt_script(&self.binaryen_folder());
        if let (true, Some(node)) = (script.is_file(), on_path("node")) {
            let mut command = Command::new(node);
            command.arg(script);
            return Some(command);
        }
        on_path("wasm-opt").map(Command::new)
    }
}

pub(crate) fn wasm_opt_script(npm: &Path) -> PathBuf {
    npm.join("node_modules/binaryen/bin/wasm-opt")
}

pub(crate) fn program(folder: &Path, name: &str) -> PathBuf {
    folder.join("bin").join(name).with_extension(env::consts::EXE_EXTENSION)
}

fn path_starting_with(folder: &Path) -> Result<OsString> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(folder.to_path_buf()).chain(env::split_paths(&path));
    env::join_paths(folders).with_context(|| {
        format!("{} cannot stand in a PATH; set SWARMGLASS_CACHE", folder.display())
    })
}

fn locked_version<'lock>(lock: &'lock str, package: &str) -> Option<&'lock str> {
    let (_, found) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    Some(found.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_a_package_is_read_from_the_lock_file() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "bindgen"), None);
    }

    #[test]
    fn the_lock_file_of_this_checkout_pins_wasm_bindgen() -> Result<()> {
        let version = Tools::pinned()?.wasm_bindgen_version;
        assert!(version.starts_with("0.2."), "{version}");
        Ok(())
    }
}
