//! The state of this machine.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::plan::Need;
use super::tools::{Tools, program, wasm_opt_script};
use crate::browser::Programs;
use crate::steps::output_of;

pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// All that a plan depends on.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    pub(crate) system: System,
    pub(crate) root: bool,
    pub(crate) has_rustup: bool,
    /// Node.js with npm, for `wasm-opt` and `axe-core`.
    pub(crate) has_npm: bool,
    pub(crate) found: Vec<Need>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum System {
    Debian,
    Ubuntu,
    Fedora,
    Arch,
    OtherLinux,
    MacOs,
    Windows,
}

impl Machine {
    pub(crate) fn look(tools: &Tools) -> Self {
        let programs = Programs::find();
        let sysroot = output_of(Command::new("rustc").args(["--print", "sysroot"]));
        let sysroot = sysroot.map(PathBuf::from).unwrap_or_default();
        let is_there = |need: &Need| match need {
            Need::WasmTarget => sysroot.join("lib/rustlib").join(WASM_TARGET).is_dir(),
            Need::Lints => {
                ["cargo-clippy", "cargo-fmt"].iter().all(|name| program(&sysroot, name).is_file())
            }
            Need::WasmBindgen => program(&tools.wasm_bindgen_folder(), "wasm-bindgen").is_file(),
            Need::Trunk => program(&tools.trunk_folder(), "trunk").is_file(),
            Need::WasmOpt => {
                wasm_opt_script(&tools.binaryen_folder()).is_file() || on_path("wasm-opt").is_some()
            }
            Need::Axe => tools.axe_script().is_file(),
            Need::Browser => programs.browser.is_some() && programs.chromedriver.is_some(),
        };
        Self {
            system: System::of_this_machine(),
            root: is_root(),
            has_rustup: on_path("rustup").is_some(),
            has_npm: on_path("npm").is_some() && on_path("node").is_some(),
            found: Need::ALL.into_iter().filter(is_there).collect(),
        }
    }
}

impl System {
    fn of_this_machine() -> Self {
        match env::consts::OS {
            "macos" => Self::MacOs,
            "windows" => Self::Windows,
            _ => Self::of_release(&fs::read_to_string("/etc/os-release").unwrap_or_default()),
        }
    }

    /// From `/etc/os-release`: the distribution itself, else the one that it is like.
    fn of_release(release: &str) -> Self {
        let value = |key: &str| {
            let line = release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
            line.unwrap_or_default().trim_matches('"').to_owned()
        };
        let names = format!("{} {}", value("ID"), value("ID_LIKE"));
        let known = names.split_whitespace().find_map(|name| match name {
            "debian" => Some(Self::Debian),
            "ubuntu" => Some(Self::Ubuntu),
            "fedora" | "rhel" => Some(Self::Fedora),
            "arch" => Some(Self::Arch),
            _ => None,
        });
        known.unwrap_or(Self::OtherLinux)
    }
}

/// On Windows nobody is.
pub fn is_root() -> bool {
    cfg!(unix) && output_of(Command::new("id").arg("-u")).as_deref() == Some("0")
}

/// The file that a command name means.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let folders = env::var_os("PATH")?;
    let endings: &[&str] = if cfg!(windows) { &[".exe", ".cmd", ".bat"] } else { &[""] };
    let candidates =
        |folder: PathBuf| endings.iter().map(move |ending| folder.join(format!("{name}{ending}")));
    env::split_paths(&folders).flat_map(candidates).find(|file| is_program(file))
}

#[cfg(unix)]
fn is_program(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(file: &Path) -> bool {
    file.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_system(release: &str, expected: System) {
        assert_eq!(System::of_release(release), expected, "{release}");
    }

    #[test]
    fn a_distribution_is_known_by_itself_or_by_what_it_is_like() {
        check_system("NAME=\"Debian GNU/Linux\"\nID=debian\n", System::Debian);
        check_system("ID=ubuntu\nID_LIKE=debian\n", System::Ubuntu);
        check_system("ID=linuxmint\nID_LIKE=\"ubuntu debian\"\n", System::Ubuntu);
        check_system("ID=raspbian\nID_LIKE=debian\n", System::Debian);
        check_system("ID=\"rocky\"\nID_LIKE=\"rhel centos fedora\"\n", System::Fedora);
        check_system("ID=manjaro\nID_LIKE=arch\n", System::Arch);
        check_system("ID=nixos\n", System::OtherLinux);
        check_system("", System::OtherLinux);
    }

    #[test]
    fn cargo_is_on_the_path_of_its_tests() {
        assert!(on_path("cargo").is_some());
        assert!(on_path("no-such-program-here").is_none());
    }
}
