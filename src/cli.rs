//! The command line: `list`, `run`, `compare`, `check`, `schema`. It exits with 0, or with 2 for bad input
//! and the reason on standard error.

mod load;
mod print;
mod terminal;

use std::io::{self, Write as _};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use engine::playback::{Command, Report, Run};
use engine::protocol::decimal::microseconds;
use engine::protocol::name::visible;
use engine::protocol::number::{read_exactly, read_whole};
use engine::view::comparison::Comparison;

/// Exit code for bad input.
const BAD_INPUT: u8 = 2;

/// See a swarm of agents coordinate. Without a browser: run a scenario and print how it came out.
#[derive(Parser)]
#[command(name = "swarmglass", version)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Name the scenarios that come with swarmglass
    List,
    /// Run a scenario to its end
    Run {
        /// A name from `list`, or a file
        scenario: String,
        /// Use this seed instead of the scenario's own
        #[arg(long, value_parser = seed, allow_negative_numbers = true)]
        seed: Option<u64>,
        /// Stop at this virtual time, in milliseconds
        #[arg(long, value_name = "MS", value_parser = milliseconds, allow_negative_numbers = true)]
        until: Option<u64>,
        /// Print one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Run a scenario with every value of one setting, each over the same seeds, and print their figures side by side
    Compare {
        /// A name from `list`, or a file
        scenario: String,
        /// Print a line for each run, with commas between its figures
        #[arg(long)]
        csv: bool,
    },
    /// Say whether a scenario is valid, and if not why
    Check {
        /// A file, or a name from `list`
        scenario: String,
    },
    /// Print the JSON Schema of scenario files
    Schema,
}

/// Milliseconds with up to three decimals, as microseconds.
fn milliseconds(text: &str) -> Result<u64, String> {
    let number = read_exactly(text).ok_or("expected milliseconds, such as 1500")?;
    microseconds("--until", number).map_err(|problem| format!("expected {}", problem.expected))
}

/// As in a file.
fn seed(text: &str) -> Result<u64, String> {
    let whole = read_whole(text).and_then(|whole| u64::try_from(whole).ok());
    whole.ok_or_else(|| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // Help is no complaint, and repeats nothing that was typed.
        Err(error) if !error.use_stderr() => error.exit(),
        Err(error) => {
            let reason = terminal::lines(&error.render().to_string());
            write!(io::stderr(), "{reason}").ok();
            return ExitCode::from(BAD_INPUT);
        }
    };
    match carry_out(arguments.task) {
        Ok(output) => match output.print() {
            Ok(()) => ExitCode::SUCCESS,
            // The reader of the output has seen enough, as `head` does.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
            Err(error) => complain(&format!("cannot write the output: {error}"), 1),
        },
        Err(reason) => complain(&reason, BAD_INPUT),
    }
}

/// The contents of standard output.
enum Output {
    Text(String),
    /// As JSON, written as it is made: for a large swarm it is more text than the run takes memory.
    Json(Box<Report>),
}

impl Output {
    fn print(&self) -> io::Result<()> {
        match self {
            Self::Text(text) => io::stdout().write_all(text.as_bytes()),
            Self::Json(report) => terminal::write_json(io::stdout().lock(), report),
        }
    }
}

fn complain(reason: &str, code: u8) -> ExitCode {
    // Nothing is left to tell anyone if even standard error is closed.
    writeln!(io::stderr(), "swarmglass: {}", terminal::lines(reason)).ok();
    ExitCode::from(code)
}

fn warn(scenario: &engine::scenario::Scenario) {
    for warning in scenario.warnings() {
        // As with `complain`, nothing is left to tell anyone.
        writeln!(io::stderr(), "swarmglass: warning: {}", terminal::lines(&warning)).ok();
    }
}

fn carry_out(task: Task) -> Result<Output, String> {
    let text = match task {
        Task::List => print::list(),
        Task::Run { scenario, seed, until, json } => return run(&scenario, seed, until, json),
        Task::Compare { scenario, csv } => compare(&scenario, csv),
        Task::Check { scenario: name } => {
            let scenario = load::scenario(&name)?;
            warn(&scenario);
            Ok(format!("{}: valid, {} agents\n", visible(&name), scenario.members.len()))
        }
        Task::Schema => engine::scenario::schema::schema()
            .map(|schema| schema + "\n")
            .map_err(|error| error.to_string()),
    };
    text.map(Output::Text)
}

fn compare(name: &str, csv: bool) -> Result<String, String> {
    let scenario = load::scenario(name)?;
    warn(&scenario);
    let seed = scenario.file.seed;
    let run =
        Run::new(scenario.into(), seed).map_err(|problem| problem.in_file(name).to_string())?;
    let mut comparison = Comparison::new(&run).ok_or_else(|| {
        let name = visible(name);
        format!("{name}: nothing to compare; name a scenario with several ways to do it, such as schedulers")
    })?;
    for number in 0..comparison.runs() {
        let figures = comparison.run(number)?;
        comparison.take_in(figures);
    }
    Ok(terminal::lines(&match csv {
        true => comparison.csv(),
        false => comparison.document().to_string(),
    }))
}

fn run(name: &str, seed: Option<u64>, until: Option<u64>, json: bool) -> Result<Output, String> {
    let scenario = load::scenario(name)?;
    warn(&scenario);
    let seed = seed.unwrap_or(scenario.file.seed);
    let mut run =
        Run::new(scenario.into(), seed).map_err(|problem| problem.in_file(name).to_string())?;
    let advance = Command::AdvanceTo { time_us: until.unwrap_or(u64::MAX), budget: u64::MAX };
    run.apply(&advance).map_err(|error| error.to_string())?;
    let report = run.report();
    Ok(match json {
        true => Output::Json(Box::new(report)),
        false => Output::Text(terminal::lines(&print::run(&run, &report))),
    })
}
