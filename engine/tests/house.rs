//! The house's own rules: which floor may name which, how long a file may be, and how the page is made.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, from the ground up: each knows only those before it.
const FLOORS: [&str; 9] =
    ["sim", "protocol", "common", "protocols", "registry", "swarm", "scenario", "playback", "view"];

/// Longer files hold more than one idea.
const LINES_MAX: usize = 500;

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The floor a source file stands on.
fn floor(path: &Path) -> Option<usize> {
    let inside = path.strip_prefix("src").ok()?;
    let first = inside.components().next()?.as_os_str().to_str()?;
    FLOORS.iter().position(|floor| first.trim_end_matches(".rs") == *floor)
}

#[test]
fn no_floor_names_one_above_it() {
    let mut named = 0;
    for path in sources(Path::new("src")) {
        let Some(own) = floor(&path) else { continue };
        // A protocol is tested as the rest of the house sees it.
        if is_test(&path) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            for (above, name) in FLOORS.iter().enumerate() {
                if !line.contains(&format!("crate::{name}")) {
                    continue;
                }
                named += 1;
                let place = format!("{}:{}", path.display(), number + 1);
                assert!(above <= own, "{place} names the floor {name}, which is above it");
            }
        }
    }
    assert!(named > 50, "only {named} uses found: does this test still read the sources?");
}

/// The folders of the protocols.
fn protocols() -> Vec<String> {
    let folders = fs::read_dir("src/protocols").unwrap().map(|entry| entry.unwrap().path());
    let name = |path: PathBuf| path.file_name().unwrap().to_str().unwrap().to_owned();
    folders.filter(|path| path.is_dir()).map(name).collect()
}

/// The protocol in whose folder a source file stands.
fn protocol_of(path: &Path) -> Option<&str> {
    path.strip_prefix("src/protocols").ok()?.components().next()?.as_os_str().to_str()
}

fn is_test(path: &Path) -> bool {
    path.ends_with("tests.rs") || path.components().any(|it| it.as_os_str() == "tests")
}

/// Words that the house uses for other things, too: those name a protocol only in a path.
const PLAIN_WORDS: [&str; 4] = ["membership", "vote", "state", "work"];

/// Whether a line names a protocol: by a path, as a quoted key, or as a class of a style sheet.
fn names(line: &str, protocol: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    let by_path = [format!("protocols::{protocol}")];
    let by_key = [format!("{protocol}::"), format!("\"{protocol}"), format!(".{protocol}")];
    // A note keeps the name under which runs have always hashed it, wherever it stands.
    let is_tag = code.contains("about!(\"");
    let signs: &[String] = if is_tag || PLAIN_WORDS.contains(&protocol) { &[] } else { &by_key };
    by_path.iter().chain(signs).any(|sign| {
        let mut after = code.split(sign.as_str());
        let mut before = after.next().and_then(|before| before.chars().next_back());
        after.any(|rest| {
            let ends = sign.ends_with(':') || !is_word(rest.chars().next());
            let begins = !sign.starts_with(protocol) || !is_word(before);
            before = rest.chars().next_back();
            begins && ends
        })
    })
}

/// The names of the protocols in the registry: `Work` of `work (section) in "work/work.rs": Work = …`.
fn rows() -> Vec<String> {
    let registry = fs::read_to_string("src/registry.rs").unwrap();
    let name = |line: &str| {
        let (_, rest) = line.split_once(".rs\": ")?;
        Some(rest.split_once(" = crate::protocols::")?.0.to_owned())
    };
    registry.lines().filter_map(name).collect()
}

/// Whether a line names the notes, messages or orders of one protocol.
fn names_a_row(line: &str, rows: &[String]) -> bool {
    let of = |kind: &str| rows.iter().any(|row| line.contains(&format!("{kind}::{row}(")));
    ["Note", "Body", "Timer", "Order", "Entry", "Intervention"].into_iter().any(of)
}

#[test]
fn no_protocol_names_another() {
    let all = protocols();
    assert!(all.len() > 8, "only {all:?}: does this test still find them?");
    let mut own_named = 0;
    for path in sources(Path::new("src/protocols")) {
        let own = protocol_of(&path).unwrap();
        let text = fs::read_to_string(&path).unwrap();
        for (line, number) in text.lines().zip(1..) {
            for named in all.iter().filter(|it| names(line, it)) {
                own_named += u32::from(named == own);
                // Notes of a proposal bear the names of those who say them, and an algorithm that of its protocol.
                let is_path = line.contains(&format!("protocols::{named}"));
                assert!(
                    named == own || !is_path,
                    "{}:{number} names {named}: raise a signal, or move to common what both need",
                    path.display()
                );
            }
        }
    }
    assert!(own_named > 20, "only {own_named} uses found: does this test still read the sources?");
}

/// Whatever protocol runs, the rest of the house asks it through the registry.
#[test]
fn nothing_names_a_protocol_but_its_line_in_the_registry() {
    let style = fs::read_dir("../style").unwrap().map(|entry| entry.unwrap().path());
    let rust = ["src", "../src"].map(|folder| sources(Path::new(folder)));
    let files: Vec<PathBuf> =
        rust.into_iter().flatten().chain(style).chain([PathBuf::from("../index.html")]).collect();
    let rows = rows();
    for protocol in protocols() {
        let mut lines = Vec::new();
        for path in files.iter().filter(|path| !is_test(path)) {
            if protocol_of(path) == Some(&protocol) {
                continue;
            }
            let text = fs::read_to_string(path).unwrap();
            // Tests at the end of a file look at any protocol.
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            let named = code.lines().zip(1..).filter(|(line, _)| {
                names(line, &protocol) || (protocol_of(path).is_none() && names_a_row(line, &rows))
            });
            lines.extend(named.map(|(_, number)| format!("{}:{number}", path.display())));
        }
        let is_its_line = |place: &String| place.starts_with("src/registry.rs:");
        assert_eq!(lines.len(), 1, "{protocol} is named at {lines:?}: ask the registry");
        assert!(lines.iter().all(is_its_line), "{protocol} is named at {lines:?}");
    }
}

#[test]
fn a_line_of_one_protocol_is_found() {
    let rows = rows();
    assert_eq!(rows.len(), protocols().len(), "{rows:?}");
    for line in ["Note::Work(WorkNote::Late { .. }) => 1,", "if let Body::State(talk) = body {"] {
        assert!(names_a_row(line, &rows), "{line}");
    }
    for line in ["Note::of_vote(note)", "VoteNote::Counted { .. }", "// Note, Work"] {
        assert!(!names_a_row(line, &rows), "{line}");
    }
}

#[test]
fn a_protocol_is_named_by_path_by_key_and_by_class() {
    for line in ["use super::echo::Echo;", r#"Some("echo") => 1,"#, ".echo { color: red }"] {
        assert!(names(line, "echo"), "{line}");
    }
    for line in [
        "// echo::Echo",
        "re_echo::x",
        r#"about!("echo.asked")"#,
        r#""echoes""#,
        "an echo",
        ".echoing {}",
    ] {
        assert!(!names(line, "echo"), "{line}");
    }
    assert!(names("use crate::protocols::work::task::Task;", "work"));
    for line in [r#"Some("work") => 1,"#, "self.work += 1;", "use crate::protocols::worker::X;"] {
        assert!(!names(line, "work"), "{line}");
    }
}

/// The modules of the engine by their paths, with their files; a file that bears the name of its folder is the folder's.
fn modules() -> Vec<(Vec<String>, PathBuf)> {
    let module = |path: PathBuf| {
        let inside = path.strip_prefix("src").unwrap().with_extension("");
        let mut steps: Vec<String> =
            inside.iter().map(|step| step.to_str().unwrap().to_owned()).collect();
        if steps.len() > 1 && steps[steps.len() - 1] == steps[steps.len() - 2] {
            steps.pop();
        }
        (steps, path)
    };
    sources(Path::new("src")).into_iter().filter(|path| !is_test(path)).map(module).collect()
}

/// The paths to other modules in a line, from the module `own` on.
fn paths_in(line: &str, own: &[String]) -> Vec<Vec<String>> {
    let code = line.split("//").next().unwrap_or_default();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut paths = Vec::new();
    for word in code.split(|c: char| !is_word(c) && c != ':') {
        let mut steps = word.split("::").filter(|step| !step.is_empty()).peekable();
        let mut base = match steps.next() {
            Some("crate") => Vec::new(),
            Some("super") => own[..own.len().saturating_sub(1)].to_vec(),
            _ => continue,
        };
        while steps.next_if(|step| *step == "super").is_some() {
            base.pop();
        }
        base.extend(steps.map(str::to_owned));
        paths.push(base);
    }
    paths
}

/// The folders among which one names the other, beside each other at any depth, each with a place in the sources.
fn folders_that_name() -> Vec<(Vec<String>, Vec<String>, String)> {
    let modules = modules();
    let mut named = Vec::new();
    for (own, path) in &modules {
        let text = fs::read_to_string(path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
        for (line, number) in code.lines().zip(1..) {
            for target in paths_in(line, own) {
                let shared =
                    own.iter().zip(&target).take_while(|(one, other)| one == other).count();
                let folder = |of: &[String]| {
                    let folder = of.get(..=shared)?.to_vec();
                    let path = Path::new("src").join(folder.join("/"));
                    path.is_dir().then_some(folder)
                };
                if let (Some(one), Some(other)) = (folder(own), folder(&target)) {
                    named.push((one, other, format!("{}:{number}", path.display())));
                }
            }
        }
    }
    named
}

/// A parent and its children may name each other, folders beside each other only one way.
#[test]
fn no_folders_name_each_other_in_a_circle() {
    let named = folders_that_name();
    assert!(named.len() > 500, "only {} uses found: does this test still read them?", named.len());
    for (one, other, place) in &named {
        let (mut reached, mut next) = (vec![other.clone()], 0);
        while next < reached.len() {
            let from = reached[next].clone();
            let further = named.iter().filter(|(it, ..)| *it == from).map(|(_, to, _)| to);
            for to in further {
                if !reached.contains(to) {
                    reached.push(to.clone());
                }
            }
            next += 1;
        }
        let (one_name, other_name) = (one.join("/"), other.join("/"));
        assert!(!reached.contains(one), "{place}: {one_name} and {other_name} are in a circle");
    }
}

#[test]
fn a_path_is_found_from_the_top_and_from_beside() {
    let own = ["view", "tally", "lamps"].map(str::to_owned);
    let found = |line| paths_in(line, &own).into_iter().map(|it| it.join("/")).collect::<Vec<_>>();
    assert_eq!(
        found("use crate::view::stage::layout::short_names;"),
        ["view/stage/layout/short_names"]
    );
    assert_eq!(found("use super::super::choice::picked;"), ["view/choice/picked"]);
    assert_eq!(found("let x = super::text(y); // crate::sim"), ["view/tally/text"]);
}

#[test]
fn a_file_is_one_idea() {
    for path in sources(Path::new("src")) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines: split it", path.display());
    }
}

#[test]
fn the_engine_has_no_browser_in_it() {
    let manifest = fs::read_to_string("Cargo.toml").unwrap();
    let (dependencies, _) = manifest.split_once("[target.").unwrap();
    for browser in ["leptos", "web-sys", "js-sys", "wasm-bindgen", "getrandom", "gloo"] {
        assert!(!dependencies.contains(browser), "{browser} is among the engine's dependencies");
    }
}

/// Where a line makes HTML out of strings, if it does.
fn html_in_strings(line: &str) -> bool {
    const BY_NAME: [&str; 4] = ["inner_html", "outer_html", "insert_adjacent_html", "innerHTML"];
    let code = line.split("//").next().unwrap_or_default();
    // An attribute in escaped quotes, of an element that begins in the same string.
    let is_written = code.contains('<') && code.contains("=\\\"") && !code.contains("[");
    is_written || BY_NAME.iter().any(|name| code.contains(name))
}

#[test]
fn no_html_is_put_together_as_a_string() {
    for bad in [
        "node.set_inner_html(text);",
        "<div inner_html=words></div>",
        r#"format!("<b class=\"a\">")"#,
    ] {
        assert!(html_in_strings(bad), "{bad}");
    }
    for good in [r#"<p class="quiet">{words}</p>"#, r#"find(&format!("[data-testid=\"{id}\"]"))"#] {
        assert!(!html_in_strings(good), "{good}");
    }
    let files = sources(Path::new("../src"));
    assert!(files.len() > 50, "only {} files: does this test still read the page?", files.len());
    for path in files {
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            let place = format!("{}:{}", path.display(), number + 1);
            assert!(!html_in_strings(line), "{place} makes HTML of a string: write a view");
        }
    }
}

#[test]
fn a_file_of_the_page_is_one_idea() {
    for path in sources(Path::new("../src")) {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines: split it", path.display());
    }
}
