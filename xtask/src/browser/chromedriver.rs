//! The chromedriver process.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::Programs;
use super::wire::local_agent;
use crate::scratch::Scratch;

/// How long a driver may take to stop.
const PATIENCE: Duration = Duration::from_secs(5);

/// Ended when dropped.
pub(crate) struct Chromedriver {
    process: Child,
    url: String,
    _scratch: Scratch,
}

impl Chromedriver {
    pub(crate) fn start(programs: &Programs) -> Result<Self> {
        let Some(program) = &programs.chromedriver else {
            bail!("no chromedriver on this machine; `cargo xtask setup` says how to get it");
        };
        let scratch = Scratch::new()?;
        let mut process = Command::new(program)
            .arg("--port=0")
            .env("TMPDIR", scratch.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let pipe = process.stdout.take().context("chromedriver has no standard output")?;
        // From here on `drop` ends the process, whatever happens.
        let mut driver = Self { process, url: String::new(), _scratch: scratch };
        let mut lines = BufReader::new(pipe).lines();
        let port =
            announced_port(&mut lines).context("chromedriver ended before it said its port")?;
        // A closed pipe would end the driver at its next word.
        thread::spawn(move || lines.for_each(drop));
        driver.url = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Chromedriver {
    /// Asks it to stop, so that it closes its browsers; ends it when it does not.
    fn drop(&mut self) {
        // Each of these fails only for what is already gone.
        let _ = local_agent().get(format!("{}/shutdown", self.url)).call();
        let start = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(20));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn announced_port(lines: &mut Lines<BufReader<ChildStdout>>) -> Option<u16> {
    lines.map_while(Result::ok).find_map(|line| port_in(&line))
}

/// From `ChromeDriver was started successfully on port 40123.`
fn port_in(line: &str) -> Option<u16> {
    line.split_once("started successfully on port ")?.1.trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_read_from_the_line_that_names_it() {
        assert_eq!(port_in("ChromeDriver was started successfully on port 40123."), Some(40123));
        assert_eq!(port_in("Starting ChromeDriver 156.0 on port 0"), None);
    }
}
