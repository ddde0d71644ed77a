//! A person's own runs and scenarios, as a browser keeps them: entries, each a text by itself. Here is how an
//! entry is named, written and read, and which go when there are too many; the caller brings the place and
//! the clock.
//!
//! An entry is the file that a person would save, behind a head of five lines. A text without such a head is
//! an entry still: it can be looked at, saved and deleted.

use crate::playback::SavedRun;
use crate::playback::saved::SavedBranch;
use crate::scenario::file::intervention::Intervention;
use crate::scenario::{Scenario, gallery};

use super::network;

/// The most entries without a name that are kept.
pub const UNNAMED_MAX: usize = 50;

/// A longer name is cut.
pub const NAME_MAX: usize = 80;

/// The first line of an entry that this version writes, and the only one it reads.
const HEAD: &str = "swarmglass 1";

/// A run or a scenario that is kept, as it stands in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeptEntry<'a> {
    /// When something was last done to it, in milliseconds since 1970; 0 where that cannot be read.
    pub when_ms: u64,
    /// The name of the file when it is saved.
    pub file: &'a str,
    /// Its title: "Deployment vote · crash qa-engineer".
    pub made: &'a str,
    /// The name that a person has given it; empty while nobody has.
    pub name: &'a str,
    /// The file of the run or the scenario.
    pub body: &'a str,
}

impl<'a> KeptEntry<'a> {
    /// Reads what was kept, whatever it is.
    #[must_use]
    pub fn read(text: &'a str) -> Self {
        let broken = Self {
            when_ms: 0,
            file: "swarmglass-kept.json",
            made: "Cannot be read",
            name: "",
            body: text,
        };
        known(text).unwrap_or(broken)
    }

    /// As it is kept.
    #[must_use]
    pub fn write(self) -> String {
        let Self { when_ms, file, made, name, body } = self;
        format!("{HEAD}\n{when_ms}\n{file}\n{made}\n{name}\n{body}")
    }

    /// Whether its head is none that this version has written.
    #[must_use]
    pub fn is_broken(self) -> bool {
        self.when_ms == 0
    }

    /// The name that it is shown by.
    #[must_use]
    pub fn title(self) -> &'a str {
        if self.name.is_empty() { self.made } else { self.name }
    }

    /// The text with another name, or with an empty one the text without.
    #[must_use]
    pub fn renamed(self, name: &str) -> String {
        let name: String = one_line(name.trim()).chars().take(NAME_MAX).collect();
        // A person who leaves it as it is has not given it a name.
        let name = if name == self.title() { self.name } else { &name };
        KeptEntry { name, ..self }.write()
    }
}

fn known(text: &str) -> Option<KeptEntry<'_>> {
    let (head, rest) = text.split_once('\n')?;
    let (when, rest) = rest.split_once('\n')?;
    let (file, rest) = rest.split_once('\n')?;
    let (made, rest) = rest.split_once('\n')?;
    let (name, body) = rest.split_once('\n')?;
    let when_ms = when.parse().ok().filter(|when_ms| *when_ms > 0 && head == HEAD)?;
    Some(KeptEntry { when_ms, file, made, name, body })
}

/// A run, under the name that a person may have given it.
#[must_use]
pub fn of_run(saved: &SavedRun, when_ms: u64, name: &str) -> String {
    let made = one_line(&[&saved.scenario.file.title, " · ", &what(saved)].concat());
    let (file, made, body) = (&*run_file(saved), &*made, &*saved.to_file());
    KeptEntry { when_ms, file, made, name, body }.write()
}

#[must_use]
pub fn of_scenario(scenario: &Scenario, when_ms: u64) -> String {
    let (file, made) = (&*scenario_file(scenario), &*one_line(&scenario.file.title));
    KeptEntry { when_ms, file, made, name: "", body: &scenario.to_text() }.write()
}

/// The name of a file with the run.
#[must_use]
pub fn run_file(saved: &SavedRun) -> String {
    format!("{}-seed-{}.run.json", saved.scenario.file.name, saved.seed)
}

/// The name of a file with the scenario.
#[must_use]
pub fn scenario_file(scenario: &Scenario) -> String {
    format!("{}.json", scenario.file.name)
}

/// The interventions in a run, or else what is particular about it.
fn what(saved: &SavedRun) -> String {
    let shown = saved.branches.get(saved.branch as usize).into_iter();
    let mut touched = shown.chain(&saved.branches).filter(|branch| !branch.done.is_empty());
    if let Some(branch) = touched.next() {
        return done(branch);
    }
    match gallery::entry_of(&saved.scenario.file) {
        Some(_) => format!("seed {}", saved.seed),
        None => "own settings".to_owned(),
    }
}

/// The first thing that was done in a branch by hand, and how many more.
fn done(branch: &SavedBranch) -> String {
    let mut words = match branch.done.first().map(|planned| &planned.intervention) {
        Some(Intervention::SetNetwork { link }) => network::of_file(link).unwrap_or_default(),
        // Which message it was is known only to the branch that began with it.
        Some(
            Intervention::DropMessage { .. }
            | Intervention::DuplicateMessage { .. }
            | Intervention::DelayMessage { .. },
        ) if !branch.label.is_empty() => branch.label.clone(),
        Some(intervention) => intervention.label(),
        None => String::new(),
    };
    if branch.done.len() > 1 {
        words += &format!(" and {} more", branch.done.len() - 1);
    }
    words
}

/// Names come from people and from files: whatever would end a line is a space.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Adds the text of an entry, with its key, where it belongs in a list with the newest first; what cannot
/// be read comes last.
pub fn list(texts: &mut Vec<(String, String)>, key: String, text: String) {
    let when_ms = KeptEntry::read(&text).when_ms;
    let older = texts.iter().position(|(_, it)| KeptEntry::read(it).when_ms < when_ms);
    texts.insert(older.unwrap_or(texts.len()), (key, text));
}

/// Takes the surplus entries out of such a list, and gives their keys: the oldest without a name, beyond
/// [`UNNAMED_MAX`]. Entries that cannot be read are left to the person.
pub fn surplus(texts: &mut Vec<(String, String)>) -> Vec<String> {
    let (mut unnamed, mut gone) = (0, Vec::new());
    texts.retain(|(key, text)| {
        let entry = KeptEntry::read(text);
        unnamed += usize::from(entry.name.is_empty() && !entry.is_broken());
        let goes = unnamed > UNNAMED_MAX && entry.name.is_empty() && !entry.is_broken();
        if goes {
            gone.push(key.clone());
        }
        !goes
    });
    gone
}

/// "21 Nov 22:40", and the year where it is not this one. Both are as browsers write a date: "Sat Nov 21
/// 2026 22:40:44 GMT+0100 (CET)".
#[must_use]
pub fn when_words(now: &str, then: &str) -> String {
    let part = |from, to| then.get(from..to).unwrap_or_default();
    let year = if now.get(11..15) == then.get(11..15) { "" } else { part(10, 15) };
    [part(8, 11), part(4, 7), year, part(15, 21)].concat()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::map::Map;
    use crate::playback::{Command, Run};

    fn run(name: &str) -> Run {
        let scenario = gallery::find(name).and_then(gallery::Entry::scenario);
        Run::new(Arc::new(scenario.expect("it is there")), 7).expect("it starts")
    }

    fn check_made(run: &Run, expected: &str) {
        let text = of_run(&run.save(Map::new()), 5, "");
        assert_eq!(KeptEntry::read(&text).made, expected);
    }

    #[test]
    fn a_run_is_called_after_what_was_done_first() {
        let mut run = run("deployment-vote");
        check_made(&run, "Deployment vote · seed 7");
        run.apply(&Command::AdvanceTo { time_us: 100_000, budget: u64::MAX }).unwrap();
        let agent = "qa-engineer".to_owned();
        run.apply(&Command::Intervene(Intervention::Crash { agent: agent.clone() })).unwrap();
        check_made(&run, "Deployment vote · crash qa-engineer");
        run.apply(&Command::AdvanceTo { time_us: 200_000, budget: u64::MAX }).unwrap();
        run.apply(&Command::Intervene(Intervention::Restart { agent })).unwrap();
        run.apply(&Command::Intervene(Intervention::Heal)).unwrap();
        check_made(&run, "Deployment vote · crash qa-engineer and 2 more");
        // In a branch of its own, what was done there.
        run.apply(&Command::SeekTime { time_us: 50_000 }).unwrap();
        run.apply(&Command::Intervene(Intervention::Heal)).unwrap();
        check_made(&run, "Deployment vote · heal");
    }

    #[test]
    fn a_run_in_which_nothing_was_done_is_called_after_another_branch() {
        let mut run = run("deployment-vote");
        run.apply(&Command::AdvanceTo { time_us: 200_000, budget: u64::MAX }).unwrap();
        run.apply(&Command::SeekTime { time_us: 50_000 }).unwrap();
        run.apply(&Command::Intervene(Intervention::Heal)).unwrap();
        run.apply(&Command::SwitchBranch { branch: 0 }).unwrap();
        check_made(&run, "Deployment vote · heal");
    }

    #[test]
    fn a_run_with_own_settings_says_so_and_a_scenario_is_its_title() {
        let scenario = gallery::find("deployment-vote").and_then(gallery::Entry::scenario);
        let mut file = scenario.expect("it is there").file;
        file.summary += "!";
        let mut other = Scenario::check(file).expect("it is one");
        let run = Run::new(Arc::new(other.clone()), 7).expect("it starts");
        check_made(&run, "Deployment vote · own settings");
        let text = of_scenario(&other, 5);
        let entry = KeptEntry::read(&text);
        assert_eq!((entry.title(), entry.file), ("Deployment vote", "deployment-vote.json"));
        assert_eq!(entry.body, other.to_text());
        other.file.name = "mine".to_owned();
        let run = Run::new(Arc::new(other), 7).expect("it starts");
        assert_eq!(run_file(&run.save(Map::new())), "mine-seed-7.run.json");
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let saved = run("ring-vote").save(Map::new());
        for name in ["", "mine", "<img src=x onerror=alert(1)>", "ä \"b\" 'c' & d"] {
            let text = of_run(&saved, 1_763_764_800_000, name);
            let entry = KeptEntry::read(&text);
            assert_eq!((entry.when_ms, entry.name), (1_763_764_800_000, name));
            assert_eq!(entry.title(), if name.is_empty() { entry.made } else { name });
            assert_eq!((entry.body, entry.write()), (&*saved.to_file(), text.clone()));
            SavedRun::parse(entry.body, "kept").expect("it is a run");
        }
    }

    #[test]
    fn a_name_is_one_line_and_not_too_long() {
        let entry = KeptEntry { when_ms: 1, file: "f", made: "Made", name: "", body: "{\n}\n" };
        let names = [
            ("  a\nb\t ", "a b"),
            ("a\r\n2", "a  2"),
            (" \n ", ""),
            ("Made", ""),
            ("made", "made"),
        ];
        for (name, expected) in names {
            let text = entry.renamed(name);
            assert_eq!(KeptEntry::read(&text), KeptEntry { name: expected, ..entry }, "{name:?}");
        }
        let long = entry.renamed(&"ä".repeat(200));
        assert_eq!(KeptEntry::read(&long).name.chars().count(), NAME_MAX);
        let unnamed = KeptEntry::read(&long).renamed("");
        assert_eq!(KeptEntry::read(&unnamed), entry);
    }

    #[test]
    fn what_nobody_here_has_written_is_kept_as_it_is() {
        let entry = KeptEntry { when_ms: 5, file: "f", made: "m", name: "", body: "{}" };
        let whole = entry.write();
        let newer = format!("swarmglass 2{}", &whole[HEAD.len()..]);
        let untimely = whole.replacen("\n5\n", "\nsoon\n", 1);
        let never = whole.replacen("\n5\n", "\n0\n", 1);
        for text in ["", "\n\n\n\n\n\n", HEAD, "{ \"run\": 1 }", &newer, &untimely, &never] {
            let entry = KeptEntry::read(text);
            assert!(entry.is_broken(), "{text:?}");
            assert_eq!((entry.title(), entry.body), ("Cannot be read", text));
        }
    }

    #[test]
    fn the_oldest_without_a_name_go_first() {
        let mut texts = Vec::new();
        for place in 0..=60 {
            // In no order.
            let when_ms = place * 37 % 61;
            let name = if when_ms % 10 == 1 { "named" } else { "" };
            let text = KeptEntry { when_ms, file: "", made: "", name, body: "" }.write();
            list(&mut texts, when_ms.to_string(), text);
        }
        let keys = |texts: &[(String, String)]| {
            let keys = texts.iter().map(|it| it.0.parse());
            keys.collect::<Result<Vec<u64>, _>>().expect("numbers")
        };
        assert_eq!(keys(&texts), (0..=60).rev().collect::<Vec<_>>());
        // Six have a name, and the one at 0 cannot be read.
        assert_eq!(surplus(&mut texts), ["5", "4", "3", "2"]);
        assert_eq!(keys(&texts)[54..], [6, 1, 0]);
        assert!(surplus(&mut texts).is_empty());
    }

    #[test]
    fn a_time_is_short_and_has_its_year_when_it_is_not_this_one() {
        let now = "Sat Nov 21 2026 22:40:44 GMT+0100 (Central European Standard Time)";
        for (then, expected) in [
            (now, "21 Nov 22:40"),
            ("Thu Jan 01 2026 00:05:00 GMT+0000 (UTC)", "01 Jan 00:05"),
            ("Wed Dec 31 2025 09:00:59 GMT-0330", "31 Dec 2025 09:00"),
            ("", ""),
        ] {
            assert_eq!(when_words(now, then), expected);
        }
    }
}
