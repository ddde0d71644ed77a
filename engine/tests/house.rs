//! The house's own rules: which floor may name which, how long a file may be, and how the page is made.
#![cfg(not(target_arch = "wasm32"))]
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so by a panic")]

use std::fs;
use std::path::{Path, PathBuf};

/// The floors, from the ground up: each knows only those before it.
const FLOORS: [&str; 6] = ["sim", "protocol", "coordination", "scenario", "playback", "view"];

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
        if path.ends_with("tests.rs") {
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

/// The protocols' rooms, as a path names them.
const ROOMS: [&str; 7] = [
    "membership",
    "consensus::vote",
    "consensus::byzantine",
    "consensus::gossip",
    "pipeline",
    "state",
    "work",
];

/// The room a source file stands in: its folder, or the file that bears its name.
fn room(path: &Path) -> Option<&'static str> {
    let inside = path.strip_prefix("src/coordination").ok()?.to_str()?.replace('/', "::");
    let stands = |room: &&&str| {
        let rest = inside.strip_prefix(**room);
        rest.is_some_and(|rest| rest == ".rs" || rest.starts_with("::"))
    };
    ROOMS.iter().find(stands).copied()
}

/// The rooms that a line names, by a path from the top or from where the file stands.
fn rooms_named(line: &str, own: &str) -> impl Iterator<Item = &'static str> + use<> {
    let beside = own.rsplit_once("::").map(|(floor, _)| floor);
    let names = |path: &str| {
        let mut rest = line.split(path).skip(1).map(|rest| rest.chars().next());
        rest.any(|next| !next.is_some_and(|next| next.is_alphanumeric() || next == '_'))
    };
    let named = ROOMS.into_iter().filter(move |room| {
        let (floor, name) =
            room.rsplit_once("::").map_or((None, *room), |(floor, name)| (Some(floor), name));
        let from_beside = floor == beside && line.contains(&format!("super::{name}::"));
        from_beside || names(&format!("coordination::{room}"))
    });
    named.collect::<Vec<_>>().into_iter()
}

#[test]
fn no_protocol_names_another() {
    let mut own_named = 0;
    for path in sources(Path::new("src/coordination")) {
        let Some(own) = room(&path) else { continue };
        let text = fs::read_to_string(&path).unwrap();
        for (number, line) in text.lines().enumerate() {
            for named in rooms_named(line, own) {
                own_named += u32::from(named == own);
                let place = format!("{}:{}", path.display(), number + 1);
                assert_eq!(
                    named, own,
                    "{place} names another protocol: raise a signal, or move what both need"
                );
            }
        }
    }
    assert!(own_named > 20, "only {own_named} uses found: does this test still read the sources?");
}

/// Shells where forms of older protocols still stand: they move to their rooms last.
const FORMS: [&str; 2] = ["src/view/orders", "../src/app/write.rs"];

/// The notes, messages and orders of one protocol, by their names in the registry.
fn names_a_row(line: &str) -> bool {
    const ROWS: [&str; 7] =
        ["Membership", "Vote", "Byzantine", "Gossip", "Pipeline", "State", "Work"];
    let of = |kind: &str| ROWS.iter().any(|row| line.contains(&format!("{kind}::{row}(")));
    ["Note", "Body", "Timer", "Order", "Entry"].into_iter().any(of)
}

/// Whatever protocol runs, the shells show it by asking it.
#[test]
fn no_shell_names_a_protocol() {
    let shells = ["src/playback", "src/view", "../src"].map(|folder| sources(Path::new(folder)));
    let is_test = |path: &Path| {
        path.ends_with("tests.rs") || path.components().any(|it| it.as_os_str() == "tests")
    };
    let mut asked = 0;
    for path in shells.into_iter().flatten() {
        let is_form = FORMS.iter().any(|form| path.to_str().unwrap().starts_with(form));
        if is_form || is_test(&path) {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // Tests at the end of a file look at any protocol.
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        asked += code.matches("coordination::").count();
        for (line, number) in code.lines().zip(1..) {
            let place = format!("{}:{number}", path.display());
            let named: Vec<_> = rooms_named(line, "").collect();
            assert!(named.is_empty(), "{place} names {named:?}: ask the protocol (Shown)");
            assert!(!names_a_row(line), "{place} names a protocol's own: ask the protocol (Shown)");
        }
    }
    assert!(asked > 50, "only {asked} uses found: does this test still read the sources?");
}

#[test]
fn a_line_of_one_protocol_is_found() {
    for line in ["Note::Work(WorkNote::Late { .. }) => 1,", "if let Body::State(talk) = body {"] {
        assert!(names_a_row(line), "{line}");
    }
    for line in ["Note::of_vote(note)", "VoteNote::Counted { .. }", "// Note, Work"] {
        assert!(!names_a_row(line), "{line}");
    }
}

#[test]
fn a_room_is_found_by_any_path_to_it() {
    let named = |line, own| rooms_named(line, own).collect::<Vec<_>>();
    assert_eq!(named("use crate::coordination::state::talk::StateTalk;", "work"), ["state"]);
    assert_eq!(named("use crate::coordination::statement::X;", "work"), [""; 0]);
    let beside = "use super::gossip::Talk;";
    assert_eq!(named(beside, "consensus::byzantine"), ["consensus::gossip"]);
    assert_eq!(named("use super::state::value::Value;", "work"), ["state"]);
    assert_eq!(room(Path::new("src/coordination/work.rs")), Some("work"));
    assert_eq!(
        room(Path::new("src/coordination/consensus/vote/voter.rs")),
        Some("consensus::vote")
    );
    assert_eq!(room(Path::new("src/coordination/consensus/note.rs")), None);
}

/// The folders of whole protocols: each with a file of its own name in it.
fn whole_protocols(folder: &Path) -> Vec<PathBuf> {
    let mut rooms = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.join(format!("{name}.rs")).exists() {
                rooms.push(path.clone());
            }
            rooms.extend(whole_protocols(&path));
        }
    }
    rooms
}

/// Whether a line names a protocol: by a path, as a quoted key, or as a class of a style sheet.
fn names(line: &str, protocol: &str) -> bool {
    let code = line.split("//").next().unwrap_or_default();
    let is_word = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    [format!("{protocol}::"), format!("\"{protocol}"), format!(".{protocol}")].iter().any(|sign| {
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

#[test]
fn nothing_names_a_whole_protocol_but_its_line_in_the_registry() {
    let rooms = whole_protocols(Path::new("src"));
    assert!(!rooms.is_empty(), "does this test still find them?");
    let style = fs::read_dir("../style").unwrap().map(|entry| entry.unwrap().path());
    let rust = ["src", "../src", "../benches/src"].map(|folder| sources(Path::new(folder)));
    let files: Vec<PathBuf> =
        rust.into_iter().flatten().chain(style).chain([PathBuf::from("../index.html")]).collect();
    for room in rooms {
        let protocol = room.file_name().unwrap().to_str().unwrap();
        let mut lines = Vec::new();
        // Tests look at any run.
        let is_test = |path: &&PathBuf| {
            path.ends_with("tests.rs") || path.components().any(|it| it.as_os_str() == "tests")
        };
        for path in files.iter().filter(|path| !path.starts_with(&room) && !is_test(path)) {
            let text = fs::read_to_string(path).unwrap();
            let named = text.lines().zip(1..).filter(|(line, _)| names(line, protocol));
            lines.extend(named.map(|(_, number)| format!("{}:{number}", path.display())));
        }
        let is_its_line = |place: &String| place.starts_with("src/coordination/registry.rs:");
        assert_eq!(lines.len(), 1, "{protocol} is named at {lines:?}: ask the registry");
        assert!(lines.iter().all(is_its_line), "{protocol} is named at {lines:?}");
    }
}

#[test]
fn a_protocol_is_named_by_path_by_key_and_by_class() {
    for line in ["use super::echo::Echo;", r#"Some("echo") => 1,"#, ".echo { color: red }"] {
        assert!(names(line, "echo"), "{line}");
    }
    for line in ["// echo::Echo", "re_echo::x", r#""echoes""#, "an echo", ".echoing {}"] {
        assert!(!names(line, "echo"), "{line}");
    }
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
