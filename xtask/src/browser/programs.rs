//! Where the browser and its driver are, and the flags the browser is started with.

use std::env;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::setup::{is_root, on_path};

/// The variables `CHROME` and `CHROMEDRIVER` go before what is on the PATH.
#[derive(Debug, Clone)]
pub struct Programs {
    pub browser: Option<PathBuf>,
    pub chromedriver: Option<PathBuf>,
}

impl Programs {
    pub fn find() -> Self {
        let browsers = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
        let drivers = ["chromedriver", "chromium.chromedriver"];
        Self {
            browser: named_by("CHROME")
                .or_else(|| browsers.iter().find_map(|name| on_path(name)))
                .or_else(installed_elsewhere),
            chromedriver: named_by("CHROMEDRIVER")
                .or_else(|| drivers.iter().find_map(|name| on_path(name))),
        }
    }

    /// WebDriver's `goog:chromeOptions`, with more arguments for the browser.
    pub fn options(&self, more: &[&'static str]) -> Value {
        let arguments = [&arguments(is_root()), more].concat();
        let mut options = json!({ "args": arguments });
        if let Some(browser) = &self.browser {
            options["binary"] = json!(browser);
        }
        options
    }
}

/// Headless, and silent on the network; chromedriver adds a new empty profile folder and removes it afterwards.
pub fn arguments(root: bool) -> Vec<&'static str> {
    let mut arguments = vec![
        "--headless",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    if root {
        // Chromium's sandbox refuses to start for root.
        arguments.push("--no-sandbox");
    }
    arguments
}

fn named_by(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// Where macOS and Windows keep a browser that is not on the PATH.
fn installed_elsewhere() -> Option<PathBuf> {
    let places = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    ];
    places.iter().map(Path::new).find(|place| place.is_file()).map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sandbox_is_left_out_for_root_only() {
        assert!(arguments(true).contains(&"--no-sandbox"));
        assert!(!arguments(false).contains(&"--no-sandbox"));
    }
}
