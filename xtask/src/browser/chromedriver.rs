//! The chromedriver process.

use std::io::{BufRead, BufReader, Lines};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use anyhow::{Context, Result, bail};

use super::Programs;

/// Ended when dropped.
pub(crate) struct Chromedriver {
    process: Child,
    url: String,
}

impl Chromedriver {
    pub(crate) fn start(programs: &Programs) -> Result<Self> {
        let Some(program) = &programs.chromedriver else {
            bail!("no chromedriver on this machine; `cargo xtask setup` says how to get it");
        };
        let mut process = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let pipe = process.stdout.take().context("chromedriver has no standard output")?;
        // From here on `drop` ends the process, whatever happens.
        let mut driver = Self { process, url: String::new() };
        let mut lines = BufReader::new(pipe).lines();
        let port =
            announced_port(&mut lines).context("chromedriver ended before it said its port")?;
        // Whoever closed the pipe would end the driver at its next word.
        thread::spawn(move || lines.for_each(drop));
        driver.url = format!("http://127.0.0.1:{port}");
        Ok(driver)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // Both fail only for a process that has already ended.
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
