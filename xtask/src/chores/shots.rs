//! `cargo xtask shots`: pictures of the built page, to look at what a person sees, and what can be checked of its looks at
//! more sizes than `cargo xtask test` has time for.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::cargo;
use crate::browser::{Browser, ColourScheme, Size};
use crate::server::StaticServer;
use crate::setup::{Need, ensure};
use crate::{project, steps};

const SIZES: [Size; 3] = [
    Size { width_px: 1440, height_px: 900 },
    Size { width_px: 1280, height_px: 720 },
    Size { width_px: 390, height_px: 844 },
];

const SCHEMES: [(ColourScheme, &str); 2] =
    [(ColourScheme::Light, "light"), (ColourScheme::Dark, "dark")];

/// When a picture is taken.
struct Moment {
    name: &'static str,
    /// Since the page was opened.
    after_ms: u64,
    /// JavaScript to run first, such as a click that opens a panel.
    script: Option<&'static str>,
}

const MOMENTS: [Moment; 3] = [
    Moment { name: "start", after_ms: 1_000, script: None },
    Moment { name: "middle", after_ms: 6_000, script: None },
    Moment { name: "end", after_ms: 25_000, script: None },
];

/// The time that the page takes to paint a change of scheme or a script's doing.
const SETTLE: Duration = Duration::from_millis(250);

/// The width of the page beyond its window, or false.
const TOO_WIDE: &str =
    "const more = document.documentElement.scrollWidth - innerWidth; return more > 0 && more";

pub const USAGE: &str =
    "cargo xtask shots [--out DIR] [--size 390x844] [--moment start] [--page '?seed=7']";

/// The wanted pictures; all sizes and moments unless named.
#[derive(Debug, PartialEq)]
struct Wanted {
    out: PathBuf,
    size: Option<String>,
    moment: Option<String>,
    /// Put after the page's address: a query or a fragment.
    page: String,
}

/// The audit by axe-core at every size; built with the features of `cargo xtask test`, which has compiled
/// nearly all of it.
const AUDIT: [&str; 8] = [
    "test",
    "--workspace",
    "--features",
    "swarmglass/sizes",
    "--test",
    "e2e",
    "--",
    "audit::nobody_is_kept_out",
];

pub fn shots(arguments: &[String]) -> Result<()> {
    let wanted = Wanted::parse(arguments)?;
    ensure(&[Need::Browser, Need::Axe])?;
    let server = StaticServer::start(&project::dist())?;
    fs::create_dir_all(&wanted.out)
        .with_context(|| format!("cannot make {}", wanted.out.display()))?;
    let is_wanted = |size: &&Size| wanted.size.as_ref().is_none_or(|name| *name == name_of(**size));
    let mut wrong = Vec::new();
    for size in SIZES.iter().filter(is_wanted) {
        wrong.extend(shots_at(*size, &format!("{}{}", server.url(), wanted.page), &wanted)?);
    }
    if !wrong.is_empty() {
        bail!("the pictures are in {}, but\n  {}", wanted.out.display(), wrong.join("\n  "));
    }
    if wanted.is_everything() { steps::run(&mut cargo(&AUDIT)) } else { Ok(()) }
}

/// Opened at its size: some of a page is decided when it loads. Gives what is wrong there.
fn shots_at(size: Size, url: &str, wanted: &Wanted) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    let browser = Browser::open()?;
    browser.set_size(size)?;
    let opened = Instant::now();
    browser.goto(url)?;
    let last = wanted.moment.as_deref();
    for moment in MOMENTS.iter().filter(|moment| last.is_none_or(|name| name == moment.name)) {
        thread::sleep(Duration::from_millis(moment.after_ms).saturating_sub(opened.elapsed()));
        if let Some(script) = moment.script {
            browser.run(script)?;
        }
        for (scheme, scheme_name) in SCHEMES {
            browser.set_colour_scheme(scheme)?;
            thread::sleep(SETTLE);
            let file = format!("{}-{}-{scheme_name}.png", moment.name, name_of(size));
            let file = wanted.out.join(file);
            browser.screenshot(&file)?;
            println!("{}", file.display());
            let at = format!("{}, {}, {scheme_name}", name_of(size), moment.name);
            let too_wide = browser.run(TOO_WIDE)?;
            if too_wide != false {
                wrong.push(format!("at {at} the page scrolls sideways: {too_wide} px too wide"));
            }
            for message in browser.console()? {
                let said = format!("at {at} the console says: {} {}", message.level, message.text);
                println!("{said}");
                if message.is_error() {
                    wrong.push(said);
                }
            }
        }
    }
    Ok(wrong)
}

fn name_of(size: Size) -> String {
    format!("{}x{}", size.width_px, size.height_px)
}

impl Wanted {
    /// Nothing was asked for in particular: then all is looked at.
    fn is_everything(&self) -> bool {
        self.size.is_none() && self.moment.is_none() && self.page.is_empty()
    }

    fn parse(arguments: &[String]) -> Result<Self> {
        let mut wanted = Self {
            out: PathBuf::from("target/shots"),
            size: None,
            moment: None,
            page: String::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            let Some(value) = arguments.next() else { bail!("{option} needs a value: {USAGE}") };
            match option.as_str() {
                "--out" => wanted.out = PathBuf::from(value),
                "--size" => wanted.size = Some(known(value, &SIZES.map(name_of))?),
                "--moment" => {
                    let names = MOMENTS.map(|moment| moment.name.to_owned());
                    wanted.moment = Some(known(value, &names)?);
                }
                "--page" => wanted.page.clone_from(value),
                _ => bail!("unknown option {option}: {USAGE}"),
            }
        }
        Ok(wanted)
    }
}

fn known(value: &str, names: &[String]) -> Result<String> {
    if !names.iter().any(|name| name == value) {
        bail!("{value} is not one of {}", names.join(", "));
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(arguments: &[&str]) -> Result<Wanted> {
        Wanted::parse(&arguments.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn options_choose_folder_size_moment_and_page() -> Result<()> {
        let wanted = parse(&["--out", "/tmp/a", "--size", "390x844", "--moment", "end"])?;
        let expected = Wanted {
            out: PathBuf::from("/tmp/a"),
            size: Some("390x844".to_owned()),
            moment: Some("end".to_owned()),
            page: String::new(),
        };
        assert_eq!(wanted, expected);
        assert!(!wanted.is_everything() && parse(&["--out", "/tmp/a"])?.is_everything());
        Ok(())
    }

    #[test]
    fn a_wrong_option_is_refused_with_what_would_do() {
        let error = parse(&["--size", "1x1"]).expect_err("no such size").to_string();
        assert!(error.contains("1440x900"), "{error}");
        assert!(parse(&["--out"]).is_err());
        assert!(parse(&["--nonsense", "1"]).is_err());
    }
}
