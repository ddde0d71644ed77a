//! From what a machine has to what must be done: pure, so that it can be tested for machines nobody here has.
//!
//! Only Debian's steps have been run for real; the README says so too.

use std::fmt;
use std::path::{Path, PathBuf};

use super::machine::{Machine, System, WASM_TARGET};
use super::tools::Tools;

/// Something that a chore cannot do without, or does better with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// The standard library for the page.
    WasmTarget,
    /// rustfmt and clippy.
    Lints,
    WasmBindgen,
    Trunk,
    /// Makes the released page smaller and faster; goes without where it cannot be had.
    WasmOpt,
    /// Audits the page; the audit is skipped where it cannot be had.
    Axe,
    /// Chromium and its driver.
    Browser,
}

impl Need {
    pub const ALL: [Self; 7] = [
        Self::WasmTarget,
        Self::Lints,
        Self::WasmBindgen,
        Self::Trunk,
        Self::WasmOpt,
        Self::Axe,
        Self::Browser,
    ];
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Step {
    Run(Job),
    Tell(Instruction),
}

/// A job that this program does itself.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Job {
    pub(crate) says: String,
    pub(crate) takes: &'static str,
    pub(crate) commands: Vec<(&'static str, Vec<String>)>,
    pub(crate) environment: Vec<(&'static str, String)>,
    pub(crate) fills: Option<Folder>,
    /// Whether the chore stops when this fails.
    pub(crate) needed: bool,
}

/// An installation happens in `unfinished` and ends with its renaming, so that half of one never counts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Folder {
    pub(crate) finished: PathBuf,
    pub(crate) unfinished: PathBuf,
    /// For building; what an interrupted build leaves there, the next one uses.
    pub(crate) scratch: PathBuf,
}

/// An instruction that only a person can carry out.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Instruction {
    pub(crate) missing: &'static str,
    pub(crate) commands: Vec<String>,
    pub(crate) verified: bool,
    /// Whether the chore stops without it.
    pub(crate) needed: bool,
}

impl fmt::Display for Instruction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let doubt = if self.verified { "" } else { " (not verified on this system)" };
        write!(f, "{}. To get it{doubt}:", self.missing)?;
        self.commands.iter().try_for_each(|command| write!(f, "\n  {command}"))
    }
}

/// The steps to what is needed and not there, in order: first what only a person can do.
pub(crate) fn plan(machine: &Machine, needs: &[Need], tools: &Tools) -> Vec<Step> {
    let missing = needs.iter().filter(|need| !machine.found.contains(need));
    let mut steps: Vec<_> = missing.map(|need| step_to(*need, machine, tools)).collect();
    steps.sort_by_key(|step| matches!(step, Step::Run(_)));
    steps
}

fn step_to(need: Need, machine: &Machine, tools: &Tools) -> Step {
    match need {
        Need::WasmTarget => rustup(machine, "target", &[WASM_TARGET]),
        Need::Lints => rustup(machine, "component", &["clippy", "rustfmt"]),
        Need::WasmBindgen => wasm_bindgen(tools),
        Need::Trunk => trunk(tools),
        Need::WasmOpt => wasm_opt(machine, tools),
        Need::Axe => axe(machine, tools),
        Need::Browser => browser(machine),
    }
}

fn rustup(machine: &Machine, kind: &'static str, names: &[&str]) -> Step {
    if !machine.has_rustup {
        return Step::Tell(Instruction {
            missing: "Rust's wasm32-unknown-unknown target, clippy and rustfmt, and no rustup to add them",
            commands: vec!["install rustup as https://rustup.rs says".to_owned()],
            verified: true,
            needed: true,
        });
    }
    Step::Run(Job {
        says: format!("adding {} to the Rust toolchain", names.join(" and ")),
        takes: "some seconds",
        commands: vec![("rustup", words(&[&[kind, "add"], names].concat()))],
        environment: Vec::new(),
        fills: None,
        needed: true,
    })
}

fn wasm_bindgen(tools: &Tools) -> Step {
    let version = &tools.wasm_bindgen_version;
    // Its lock file holds versions that no longer build; without it the newest compatible ones do.
    cargo_install(
        "wasm-bindgen-cli",
        version,
        "about two minutes on two cores",
        &[],
        folder(tools, tools.wasm_bindgen_folder()),
    )
}

fn trunk(tools: &Tools) -> Step {
    // rustls: the default needs OpenSSL's headers on the machine.
    let features = ["--locked", "--no-default-features", "--features", "rustls"];
    let into = folder(tools, tools.trunk_folder());
    cargo_install(
        "trunk",
        &tools.trunk_version,
        "four to six minutes on two cores",
        &features,
        into,
    )
}

fn cargo_install(
    package: &str,
    version: &str,
    takes: &'static str,
    options: &[&str],
    into: Folder,
) -> Step {
    let exactly = format!("={version}");
    let root = into.unfinished.display().to_string();
    let fixed = ["install", package, "--version", &exactly, "--force", "--root", &root];
    Step::Run(Job {
        says: format!("building {package} {version} into {}", into.finished.display()),
        takes,
        commands: vec![("cargo", words(&[&fixed, options].concat()))],
        environment: vec![
            // These tools wait for the compiler and the disk: a quick build serves better than a quick tool.
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1".to_owned()),
            ("CARGO_PROFILE_RELEASE_LTO", "off".to_owned()),
            ("CARGO_TARGET_DIR", into.scratch.display().to_string()),
        ],
        fills: Some(into),
        needed: true,
    })
}

fn wasm_opt(machine: &Machine, tools: &Tools) -> Step {
    if !machine.has_npm {
        return Step::Tell(Instruction {
            missing: "wasm-opt, without which the released page is larger and slower (optional)",
            commands: vec![
                "install Node.js with npm, or put Binaryen's wasm-opt on the PATH".to_owned(),
            ],
            verified: true,
            needed: false,
        });
    }
    let package = format!("binaryen@{}", tools.binaryen_version);
    npm_install("wasm-opt", &package, folder(tools, tools.binaryen_folder()))
}

fn axe(machine: &Machine, tools: &Tools) -> Step {
    if !machine.has_npm {
        return Step::Tell(Instruction {
            missing: "axe-core, without which the audit of the page is skipped (optional)",
            commands: vec!["install Node.js with npm".to_owned()],
            verified: true,
            needed: false,
        });
    }
    let package = format!("axe-core@{}", tools.axe_version);
    npm_install("axe-core", &package, folder(tools, tools.axe_folder()))
}

fn npm_install(what: &str, package: &str, into: Folder) -> Step {
    let prefix = into.unfinished.display().to_string();
    let quietly = ["install", "--no-audit", "--no-fund", "--loglevel=error"];
    Step::Run(Job {
        says: format!("installing {what} (npm package {package})"),
        takes: "some seconds",
        commands: vec![("npm", words(&[&quietly[..], &["--prefix", &prefix, package]].concat()))],
        environment: Vec::new(),
        fills: Some(into),
        needed: false,
    })
}

fn folder(tools: &Tools, finished: PathBuf) -> Folder {
    let name = finished.file_name().map(Path::new).unwrap_or(Path::new("tool"));
    let beside = |kind: &str| tools.folder.join(format!(".{kind}-{}", name.display()));
    Folder { unfinished: beside("unfinished"), scratch: beside("scratch"), finished }
}

fn browser(machine: &Machine) -> Step {
    if machine.system == System::Debian && machine.root {
        return Step::Run(Job {
            says: "installing Chromium and its driver (Debian packages chromium, chromium-driver)"
                .to_owned(),
            takes: "one or two minutes",
            commands: vec![
                ("apt-get", words(&["update", "-q"])),
                ("apt-get", words(&["install", "-q", "-y", "chromium", "chromium-driver"])),
            ],
            environment: vec![("DEBIAN_FRONTEND", "noninteractive".to_owned())],
            fills: None,
            needed: true,
        });
    }
    Step::Tell(Instruction {
        missing: "Chromium (or Chrome) and the chromedriver of the same major version",
        commands: words(browser_commands(machine.system)),
        verified: machine.system == System::Debian,
        needed: true,
    })
}

fn browser_commands(system: System) -> &'static [&'static str] {
    match system {
        System::Debian => &["sudo apt-get update", "sudo apt-get install chromium chromium-driver"],
        System::Ubuntu => &["sudo snap install chromium   # brings chromium.chromedriver"],
        System::Fedora => &["sudo dnf install chromium chromedriver"],
        System::Arch => &["sudo pacman -S chromium   # brings chromedriver"],
        System::OtherLinux => &[
            "install Chromium and chromedriver with the system's package manager,",
            "or name their programs in the variables CHROME and CHROMEDRIVER",
        ],
        System::MacOs => &[
            "brew install --cask google-chrome",
            "npx @puppeteer/browsers install chromedriver@stable",
            "export CHROMEDRIVER=<the path that the last command printed>",
        ],
        System::Windows => &[
            "winget install Google.Chrome",
            "npx @puppeteer/browsers install chromedriver@stable",
            "set CHROMEDRIVER=<the path that the last command printed>",
        ],
    }
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools() -> Tools {
        Tools {
            folder: PathBuf::from("/cache/tools"),
            trunk_version: "0.21.14".to_owned(),
            wasm_bindgen_version: "0.2.130".to_owned(),
            binaryen_version: "132.0.0".to_owned(),
            axe_version: "4.14.1".to_owned(),
        }
    }

    fn bare(system: System, root: bool) -> Machine {
        Machine { system, root, has_rustup: true, has_npm: true, found: Vec::new() }
    }

    /// A plan as a person would note it down: `$` what is run, `!` what is asked for, `?` what is only advised.
    fn noted(steps: &[Step]) -> Vec<String> {
        let note = |step: &Step| match step {
            Step::Run(job) => {
                let line = |(program, rest): &(&str, Vec<String>)| {
                    format!("$ {program} {}", rest.join(" "))
                };
                job.commands.iter().map(line).collect::<Vec<_>>()
            }
            Step::Tell(told) => {
                let mark = if told.needed { "!" } else { "?" };
                let doubt = if told.verified { "" } else { " unverified:" };
                told.commands.iter().map(|line| format!("{mark}{doubt} {line}")).collect()
            }
        };
        steps.iter().flat_map(note).collect()
    }

    fn check_plan(machine: &Machine, needs: &[Need], expected: &[&str]) {
        assert_eq!(noted(&plan(machine, needs, &tools())), expected, "{machine:?}");
    }

    #[test]
    fn nothing_is_done_where_everything_is_there() {
        for system in [System::Debian, System::MacOs, System::Windows] {
            let machine = Machine { found: Need::ALL.to_vec(), ..bare(system, false) };
            check_plan(&machine, &Need::ALL, &[]);
        }
    }

    #[test]
    fn root_on_a_bare_debian_is_asked_for_nothing() {
        check_plan(
            &bare(System::Debian, true),
            &Need::ALL,
            &[
                "$ rustup target add wasm32-unknown-unknown",
                "$ rustup component add clippy rustfmt",
                "$ cargo install wasm-bindgen-cli --version =0.2.130 --force \
                 --root /cache/tools/.unfinished-wasm-bindgen-cli-0.2.130",
                "$ cargo install trunk --version =0.21.14 --force \
                 --root /cache/tools/.unfinished-trunk-0.21.14 \
                 --locked --no-default-features --features rustls",
                "$ npm install --no-audit --no-fund --loglevel=error \
                 --prefix /cache/tools/.unfinished-binaryen-132.0.0 binaryen@132.0.0",
                "$ npm install --no-audit --no-fund --loglevel=error \
                 --prefix /cache/tools/.unfinished-axe-core-4.14.1 axe-core@4.14.1",
                "$ apt-get update -q",
                "$ apt-get install -q -y chromium chromium-driver",
            ],
        );
    }

    #[test]
    fn a_browser_is_installed_for_root_on_debian_and_asked_for_elsewhere() {
        let table: &[(System, bool, &[&str])] = &[
            (
                System::Debian,
                true,
                &["$ apt-get update -q", "$ apt-get install -q -y chromium chromium-driver"],
            ),
            (
                System::Debian,
                false,
                &["! sudo apt-get update", "! sudo apt-get install chromium chromium-driver"],
            ),
            (
                System::Ubuntu,
                true,
                &["! unverified: sudo snap install chromium   # brings chromium.chromedriver"],
            ),
            (System::Fedora, true, &["! unverified: sudo dnf install chromium chromedriver"]),
            (
                System::Arch,
                false,
                &["! unverified: sudo pacman -S chromium   # brings chromedriver"],
            ),
            (
                System::OtherLinux,
                true,
                &[
                    "! unverified: install Chromium and chromedriver with the system's package manager,",
                    "! unverified: or name their programs in the variables CHROME and CHROMEDRIVER",
                ],
            ),
            (
                System::MacOs,
                false,
                &[
                    "! unverified: brew install --cask google-chrome",
                    "! unverified: npx @puppeteer/browsers install chromedriver@stable",
                    "! unverified: export CHROMEDRIVER=<the path that the last command printed>",
                ],
            ),
            (
                System::Windows,
                false,
                &[
                    "! unverified: winget install Google.Chrome",
                    "! unverified: npx @puppeteer/browsers install chromedriver@stable",
                    "! unverified: set CHROMEDRIVER=<the path that the last command printed>",
                ],
            ),
        ];
        for (system, root, expected) in table {
            check_plan(&bare(*system, *root), &[Need::Browser], expected);
        }
    }

    #[test]
    fn a_person_is_asked_before_anything_long_begins() {
        let steps = plan(&bare(System::Fedora, false), &[Need::Trunk, Need::Browser], &tools());
        assert!(matches!(steps[..], [Step::Tell(_), Step::Run(_)]), "{steps:?}");
    }

    #[test]
    fn serving_needs_neither_wasm_opt_nor_a_browser() {
        let machine = bare(System::Debian, false);
        let steps = noted(&plan(&machine, crate::chores::serve::NEEDS, &tools()));
        assert!(
            steps.iter().all(|step| step.starts_with("$ rustup") || step.starts_with("$ cargo"))
        );
    }

    #[test]
    fn npm_is_advised_where_it_is_missing() {
        let machine = Machine { has_npm: false, ..bare(System::Debian, true) };
        check_plan(
            &machine,
            &[Need::WasmOpt, Need::Axe],
            &[
                "? install Node.js with npm, or put Binaryen's wasm-opt on the PATH",
                "? install Node.js with npm",
            ],
        );
    }

    #[test]
    fn without_rustup_the_target_is_asked_for() {
        let machine = Machine { has_rustup: false, ..bare(System::Debian, true) };
        check_plan(&machine, &[Need::WasmTarget], &["! install rustup as https://rustup.rs says"]);
    }

    #[test]
    fn an_installation_has_its_name_only_when_finished() {
        let Step::Run(job) = trunk(&tools()) else { panic!("trunk is built, not asked for") };
        let Some(into) = job.fills else { panic!("trunk has a folder") };
        assert_eq!(into.finished, Path::new("/cache/tools/trunk-0.21.14"));
        assert!(job.commands[0].1.contains(&into.unfinished.display().to_string()));
        assert!(!job.commands[0].1.contains(&into.finished.display().to_string()));
    }
}
