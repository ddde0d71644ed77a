//! `cargo xtask <chore>`: see `cargo xtask help`.

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};
use xtask::chores::{bench, build, check, serve, shots, test};
use xtask::setup::{Need, ensure};

const HELP: &str = "\
cargo xtask <chore>

  serve [...]   opens the page at http://127.0.0.1:8080 while developing; options go to `trunk serve`
  test          everything that must hold: check, tests natively and in Chromium, the built page end to end
  check         format, lints and documentation, with warnings as errors
  build         the released page in dist/, and its size
  bench [...]   measurements; --only-page for those of the page in dist/, --only-wasm for the engine in Chromium,
                --minutes 10 to let the page play longer
  shots [...]   pictures of the page in dist/
  setup         only puts in place what these need

Tools go to ~/.cache/swarmglass, or to the folder named by SWARMGLASS_CACHE.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let (chore, rest) = match arguments.split_first() {
        Some((chore, rest)) => (chore.as_str(), rest),
        None => ("help", &[][..]),
    };
    match run(chore, rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask {chore}: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(chore: &str, arguments: &[String]) -> Result<()> {
    let takes_arguments = matches!(chore, "serve" | "bench" | "shots");
    if let (false, Some(argument)) = (takes_arguments, arguments.first()) {
        bail!("it takes no `{argument}`; `cargo xtask help` lists the chores");
    }
    match chore {
        "serve" => serve::serve(arguments),
        "test" => test::test(),
        "check" => check::check(),
        "build" => build::build(),
        "bench" => bench::bench(arguments),
        "shots" => shots::shots(arguments),
        "setup" => ensure(&Need::ALL).map(drop),
        "help" | "--help" | "-h" => {
            println!("{HELP}");
            Ok(())
        }
        _ => bail!("there is no such chore; `cargo xtask help` lists them"),
    }
}
