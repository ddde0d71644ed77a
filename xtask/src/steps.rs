//! Runs commands so that a person sees what happens, how long it took and where it stopped.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// Named steps in a row; the first that fails ends it.
#[derive(Default)]
pub struct Steps {
    done: Vec<(String, Duration)>,
    tests: TestCount,
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

    /// The steps with their durations, then the tests, in a line that other programs can read.
    pub fn summary(&self) {
        eprintln!();
        for (name, duration) in &self.done {
            eprintln!("{:>8.1} s  {name}", duration.as_secs_f64());
        }
        let total: Duration = self.done.iter().map(|(_, duration)| *duration).sum();
        eprintln!("{:>8.1} s  in all", total.as_secs_f64());
        if self.tests.summaries > 0 {
            println!("{}", self.tests);
        }
    }

    fn timed(&mut self, name: &str, work: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        eprintln!("\n== {name}");
        let start = Instant::now();
        let outcome = work(self);
        let duration = start.elapsed();
        let verdict = if outcome.is_ok() { "done in" } else { "FAILED after" };
        eprintln!("== {name}: {verdict} {:.1} s", duration.as_secs_f64());
        self.done.push((name.to_owned(), duration));
        outcome.with_context(|| format!("step `{name}` failed"))
    }
}

/// Runs a command in the open; not ending well is an error that quotes it.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", quoted(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", quoted(command));
    }
    Ok(())
}

/// What a command prints on standard output, or nothing when it cannot be run or fails.
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
        let mut out = std::io::stdout().lock();
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
    fn a_command_that_fails_is_quoted() {
        let error = run(&mut Command::new("no-such-program-here")).expect_err("it is not there");
        assert!(error.to_string().contains("no-such-program-here"), "{error}");
    }
}
