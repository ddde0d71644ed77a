//! Runs commands so that a person sees what happens, how long it took and where it stopped.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};

/// Named steps in a row; the first that fails ends it.
pub struct Steps {
    begun: Instant,
    done: Vec<(String, Duration)>,
    tests: TestCount,
}

impl Default for Steps {
    fn default() -> Self {
        Self { begun: Instant::now(), done: Vec::new(), tests: TestCount::default() }
    }
}

impl Steps {
    /// Announces a step, runs it, and says how long it took.
    pub fn run(&mut self, name: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
        self.timed(name, |_| work())
    }

    /// Runs a command as a step.
    pub fn command(&mut self, name: &str, command: &mut Command) -> Result<()> {
        self.timed(name, |_| run(command))
    }

    /// Runs a command that prints cargo's test summaries, and adds them up.
    pub fn tests(&mut self, name: &str, command: &mut Command) -> Result<()> {
        self.timed(name, |steps| run_counting(command, &mut steps.tests))
    }

    /// Waits for a step that was begun before, and shows what it printed.
    pub fn beside(&mut self, mut step: Beside) -> Result<()> {
        eprintln!("\n== {}, begun before", step.name);
        let ended = step.thread.take().context("a step is waited for once")?.join();
        let ended = ended.map_err(|_| anyhow!("step `{}` panicked", step.name))?;
        io::stderr().write_all(&ended.printed)?;
        self.done(&format!("{}, beside the steps above", step.name), ended.duration, ended.outcome)
    }

    /// The steps with their durations, then the tests, in a line that other programs can read.
    pub fn summary(&self) {
        eprintln!();
        for (name, duration) in &self.done {
            eprintln!("{:>8.1} s  {name}", duration.as_secs_f64());
        }
        eprintln!("{:>8.1} s  in all", self.begun.elapsed().as_secs_f64());
        if self.tests.summaries > 0 {
            println!("{}", self.tests);
        }
    }

    fn timed(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let outcome = work(self);
        self.done(name, start.elapsed(), outcome)
    }

    fn done(&mut self, name: &str, duration: Duration, outcome: Result<()>) -> Result<()> {
        let verdict = if outcome.is_ok() { "done in" } else { "FAILED after" };
        eprintln!("== {name}: {verdict} {:.1} s", duration.as_secs_f64());
        self.done.push((name.to_owned(), duration));
        outcome.with_context(|| format!("step `{name}` failed"))
    }
}

/// A step that runs while others do; what it prints is shown by [`Steps::beside`], or lines would mix.
///
/// Where that is never called it is waited for all the same: nothing of a test goes on after its end.
pub struct Beside {
    name: String,
    thread: Option<JoinHandle<Ended>>,
}

struct Ended {
    /// On standard output and standard error, in its order.
    printed: Vec<u8>,
    outcome: Result<()>,
    duration: Duration,
}

impl Beside {
    pub fn start(name: &str, command: Command) -> Self {
        let thread = thread::spawn(move || {
            let start = Instant::now();
            let mut printed = Vec::new();
            let outcome = run_into(command, &mut printed);
            Ended { printed, outcome, duration: start.elapsed() }
        });
        Self { name: name.to_owned(), thread: Some(thread) }
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        if let Some(thread) = self.thread.take() {
            eprintln!("waiting for `{}`, which was begun before", self.name);
            // Its result no longer matters: another step has failed.
            let _ = thread.join();
        }
    }
}

/// As [`run`], but what is printed goes where nobody sees it yet.
fn run_into(mut command: Command, printed: &mut Vec<u8>) -> Result<()> {
    let words = quoted(&command);
    let (mut reader, writer) = io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot start {words}"))?;
    // It holds the pipe's other end, which would never close.
    drop(command);
    reader.read_to_end(printed)?;
    let status = child.wait()?;
    if !status.success() {
        bail!("{words} ended with {status}");
    }
    Ok(())
}

/// Runs a command in the open; not ending well is an error that quotes it.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", quoted(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", quoted(command));
    }
    Ok(())
}

/// The standard output of a command, or nothing when it cannot be run or fails.
pub fn output_of(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn run_counting(command: &mut Command, count: &mut TestCount) -> Result<()> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {}", quoted(command)))?;
    if let Some(pipe) = child.stdout.take() {
        let mut pipe = BufReader::new(pipe);
        let mut line = Vec::new();
        let mut out = io::stdout().lock();
        while pipe.read_until(b'\n', &mut line)? > 0 {
            out.write_all(&line)?;
            out.flush()?;
            count.read(&String::from_utf8_lossy(&line));
            line.clear();
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} ended with {status}", quoted(command));
    }
    Ok(())
}

fn quoted(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    let words: Vec<_> = words.map(|word| word.to_string_lossy().into_owned()).collect();
    format!("`{}`", words.join(" "))
}

/// The sum of cargo's `test result:` lines.
#[derive(Debug, Default, PartialEq)]
struct TestCount {
    summaries: u32,
    passed: u32,
    failed: u32,
    skipped: u32,
}

impl TestCount {
    /// Reads a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out`.
    fn read(&mut self, line: &str) {
        let Some((_, result)) = line.split_once("test result: ") else { return };
        let Some((_, counts)) = result.split_once(". ") else { return };
        self.summaries += 1;
        for count in counts.split(';') {
            let Some((number, kind)) = count.trim().split_once(' ') else { continue };
            let number = number.parse().unwrap_or(0);
            match kind {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.skipped += number,
                _ => {}
            }
        }
    }
}

impl std::fmt::Display for TestCount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_count(lines: &[&str], expected: &str) {
        let mut count = TestCount::default();
        lines.iter().for_each(|line| count.read(line));
        assert_eq!(count.to_string(), expected);
    }

    #[test]
    fn summaries_of_several_test_programs_add_up() {
        check_count(&["running 3 tests", "test a ... ok"], "0 passed, 0 failed");
        check_count(
            &[
                "test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s\n",
                "test result: FAILED. 4 passed; 2 failed; 1 ignored; 0 measured; 0 filtered out\n",
            ],
            "7 passed, 2 failed, 1 skipped",
        );
    }

    #[test]
    fn a_step_beside_the_others_is_waited_for_and_told_with_what_it_printed() {
        let cargo = |argument: &str| {
            let mut command = Command::new(env!("CARGO"));
            command.arg(argument);
            command
        };
        let mut printed = Vec::new();
        run_into(cargo("--version"), &mut printed).expect("cargo knows its version");
        assert!(printed.starts_with(b"cargo 1."), "{}", String::from_utf8_lossy(&printed));
        let mut steps = Steps::default();
        steps.beside(Beside::start("version", cargo("--version"))).expect("it ends well");
        let error = steps.beside(Beside::start("nonsense", cargo("--nonsense")));
        let error = format!("{:#}", error.expect_err("there is no such option"));
        assert!(
            error.contains("step `nonsense, beside") && error.contains("--nonsense"),
            "{error}"
        );
        assert_eq!(steps.done.len(), 2, "both are told");
    }

    #[test]
    fn a_command_that_fails_is_quoted() {
        let error = run(&mut Command::new("no-such-program-here")).expect_err("it is not there");
        assert!(error.to_string().contains("no-such-program-here"), "{error}");
    }
}
