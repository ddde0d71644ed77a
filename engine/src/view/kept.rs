//! What a browser keeps of a person's own: runs and scenarios as entries, each a text by itself. Here is
//! what an entry is called, how it is written and read, and which go when there are too many; whoever
//! keeps them brings the place and the clock.
//!
//! An entry is the file that a person would save, behind a head of five lines. What has no such head is
//! an entry still: its text can be looked at, saved and deleted.

use crate::order::sort_by_key;
use crate::playback::SavedRun;
use crate::playback::saved::SavedBranch;
use crate::scenario::intervention::Intervention;
use crate::scenario::{Scenario, gallery};

use super::network;

/// So many are kept that nobody has given a name.
pub const UNNAMED_MAX: usize = 50;

/// A longer name is cut.
pub const NAME_MAX: usize = 80;

/// The first line of an entry that this version writes, and the only one it reads.
const HEAD: &str = "swarmglass 1";

/// A run or a scenario that is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// When something was last done to it, in milliseconds since 1970; 0 where that cannot be read.
    pub when_ms: u64,
    /// What the file is called when it is saved.
    pub file: String,
    /// What it is: "Deployment vote · crash qa-engineer".
    pub made: String,
    /// What a person has called it; empty while nobody has.
    pub name: String,
    /// The file of the run or the scenario.
    pub body: String,
}

impl Entry {
    #[must_use]
    pub fn of_run(saved: &SavedRun) -> Self {
        Self {
            file: run_file(saved),
            made: one_line(&format!("{} · {}", saved.scenario.file.title, what(saved))),
            body: saved.to_file(),
            ..Self::default()
        }
    }

    #[must_use]
    pub fn of_scenario(scenario: &Scenario) -> Self {
        Self {
            file: scenario_file(scenario),
            made: one_line(&scenario.file.title),
            body: scenario.to_text(),
            ..Self::default()
        }
    }

    /// Reads what was kept, whatever it is.
    #[must_use]
    pub fn read(text: &str) -> Self {
        known(text).unwrap_or_else(|| Self {
            file: "swarmglass-kept.json".to_owned(),
            made: "Cannot be read".to_owned(),
            body: text.to_owned(),
            ..Self::default()
        })
    }

    #[must_use]
    pub fn write(&self) -> String {
        let Self { when_ms, file, made, name, body } = self;
        format!("{HEAD}\n{when_ms}\n{file}\n{made}\n{name}\n{body}")
    }

    /// Whether its head is none that this version has written.
    #[must_use]
    pub fn is_broken(&self) -> bool {
        self.when_ms == 0
    }

    /// What it is called.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.made } else { &self.name }
    }

    /// Gives it a name, or with an empty one takes it away.
    pub fn rename(&mut self, name: &str) {
        self.name = one_line(name.trim()).chars().take(NAME_MAX).collect();
    }
}

/// What a file with the run is called.
#[must_use]
pub fn run_file(saved: &SavedRun) -> String {
    format!("{}-seed-{}.run.json", saved.scenario.file.name, saved.seed)
}

/// What a file with the scenario is called.
#[must_use]
pub fn scenario_file(scenario: &Scenario) -> String {
    format!("{}.json", scenario.file.name)
}

fn known(text: &str) -> Option<Entry> {
    let (head, rest) = text.split_once('\n')?;
    let (when, rest) = rest.split_once('\n')?;
    let (file, rest) = rest.split_once('\n')?;
    let (made, rest) = rest.split_once('\n')?;
    let (name, body) = rest.split_once('\n')?;
    let when_ms = when.parse().ok().filter(|when_ms| *when_ms > 0 && head == HEAD)?;
    let [file, made, name, body] = [file, made, name, body].map(str::to_owned);
    Some(Entry { when_ms, file, made, name, body })
}

/// What was done to a run, or else what is particular about it.
fn what(saved: &SavedRun) -> String {
    let shown = saved.branches.get(saved.branch as usize).into_iter();
    let mut touched = shown.chain(&saved.branches).filter(|branch| !branch.done.is_empty());
    if let Some(branch) = touched.next() {
        return done(branch);
    }
    let file = &saved.scenario.file;
    if gallery::find(&file.name).is_ok() && gallery::entry_of(file).is_none() {
        return "other settings".to_owned();
    }
    format!("seed {}", saved.seed)
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

/// The newest first; what cannot be read comes last.
pub fn newest_first<T>(entries: &mut Vec<(T, Entry)>) {
    sort_by_key(entries, |(_, entry)| (u64::MAX - entry.when_ms, 0));
}

/// Those that go, of a list with the newest first: the oldest without a name, beyond as many as are
/// kept. What cannot be read is left to the person.
pub fn surplus<T>(entries: &[(T, Entry)]) -> impl Iterator<Item = &T> {
    let unnamed = entries.iter().filter(|(_, it)| it.name.is_empty() && !it.is_broken());
    unnamed.skip(UNNAMED_MAX).map(|(key, _)| key)
}

/// "21 Nov 22:40", and the year where it is not this one. Months count from 0, as in a browser.
#[must_use]
pub fn when_words(this_year: u32, [year, month, day, hour, minute]: [u32; 5]) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = MONTHS.get(month as usize).copied().unwrap_or_default();
    let year = if year == this_year { String::new() } else { format!(" {year}") };
    format!("{day} {month}{year} {hour:02}:{minute:02}")
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
        assert_eq!(Entry::of_run(&run.save(Map::new())).made, expected);
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
        // In a branch that is as planned, by what was done elsewhere.
        run.apply(&Command::SeekTime { time_us: 50_000 }).unwrap();
        run.apply(&Command::Intervene(Intervention::Heal)).unwrap();
        check_made(&run, "Deployment vote · heal");
    }

    #[test]
    fn a_run_with_other_settings_says_so_and_a_scenario_is_its_title() {
        let scenario = gallery::find("deployment-vote").and_then(gallery::Entry::scenario);
        let mut file = scenario.expect("it is there").file;
        file.summary += "!";
        let mut other = Scenario::check(file).expect("it is one");
        let run = Run::new(Arc::new(other.clone()), 7).expect("it starts");
        check_made(&run, "Deployment vote · other settings");
        let entry = Entry::of_scenario(&other);
        assert_eq!((entry.title(), &*entry.file), ("Deployment vote", "deployment-vote.json"));
        other.file.name = "mine".to_owned();
        let run = Run::new(Arc::new(other), 7).expect("it starts");
        check_made(&run, "Deployment vote · seed 7");
        assert_eq!(Entry::of_run(&run.save(Map::new())).file, "mine-seed-7.run.json");
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let entry = Entry::of_run(&run("ring-vote").save(Map::new()));
        for name in ["", "mine", "<img src=x onerror=alert(1)>", "ä \"b\" 'c' & d"] {
            let mut entry = Entry { when_ms: 1_763_764_800_000, ..entry.clone() };
            entry.rename(name);
            let read = Entry::read(&entry.write());
            assert_eq!(read, entry, "{name}");
            assert_eq!(read.title(), if name.is_empty() { &entry.made } else { name });
            SavedRun::parse(&read.body, "kept").expect("it is a run");
        }
    }

    #[test]
    fn a_name_is_one_line_and_not_too_long() {
        let mut entry = Entry { when_ms: 1, made: "Made".to_owned(), ..Entry::default() };
        for (name, expected) in [("  a\nb\t ", "a b"), ("a\r\n2", "a  2"), (" \n ", "Made")] {
            entry.rename(name);
            assert_eq!(entry.title(), expected);
            assert_eq!(Entry::read(&entry.write()), entry);
        }
        entry.rename(&"ä".repeat(200));
        assert_eq!(entry.name.chars().count(), NAME_MAX);
    }

    #[test]
    fn what_nobody_here_has_written_is_kept_as_it_is() {
        let whole = Entry { when_ms: 5, body: "{}".to_owned(), ..Entry::default() }.write();
        let newer = format!("swarmglass 2{}", &whole[HEAD.len()..]);
        let untimely = whole.replacen("\n5\n", "\nsoon\n", 1);
        let never = whole.replacen("\n5\n", "\n0\n", 1);
        for text in ["", "\n\n\n\n\n\n", HEAD, "{ \"run\": 1 }", &newer, &untimely, &never] {
            let entry = Entry::read(text);
            assert!(entry.is_broken(), "{text:?}");
            assert_eq!((entry.title(), &*entry.body), ("Cannot be read", text));
        }
    }

    #[test]
    fn the_oldest_without_a_name_go_first() {
        let entry = |when_ms: u64| {
            let mut entry = Entry { when_ms, ..Entry::default() };
            entry.rename(if when_ms % 10 == 1 { "named" } else { "" });
            (when_ms, entry)
        };
        let mut entries: Vec<(u64, Entry)> = (0..=60).map(entry).collect();
        newest_first(&mut entries);
        assert_eq!((entries[0].0, entries[60].0), (60, 0));
        // Six have a name, and the one at 0 cannot be read.
        assert_eq!(surplus(&entries).copied().collect::<Vec<_>>(), [5, 4, 3, 2]);
        entries.truncate(50);
        assert_eq!(surplus(&entries).next(), None);
    }

    #[test]
    fn a_time_is_short_and_has_its_year_when_it_is_not_this_one() {
        for (time, expected) in [
            ([2026, 10, 21, 22, 40], "21 Nov 22:40"),
            ([2026, 0, 1, 0, 5], "1 Jan 00:05"),
            ([2025, 11, 31, 9, 0], "31 Dec 2025 09:00"),
        ] {
            assert_eq!(when_words(2026, time), expected);
        }
    }
}
