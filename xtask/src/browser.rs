//! Headless Chromium, driven through WebDriver and closed when dropped, also after a panic.
//!
//! ```no_run
//! use xtask::{browser::{Browser, ColourScheme, Size}, project, server::StaticServer};
//! # fn main() -> anyhow::Result<()> {
//! let page = StaticServer::start(&project::dist())?;
//! let browser = Browser::open()?;
//! browser.set_size(Size { width_px: 390, height_px: 844 })?;
//! browser.set_colour_scheme(ColourScheme::Dark)?;
//! browser.goto(page.url())?;
//! browser.test_id("play")?.click()?;
//! assert_eq!(browser.console_errors()?, Vec::<String>::new());
//! # Ok(())
//! # }
//! ```

mod chromedriver;
mod element;
mod programs;
mod wire;

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use chromedriver::Chromedriver;
pub use element::Element;
pub use programs::{Programs, arguments};
use wire::Wire;

/// How long [`Browser::wait`] and the finders built on it wait before they give up.
pub const PATIENCE: Duration = Duration::from_secs(10);

/// The size of the viewport, until it is set.
const SIZE: Size = Size { width_px: 1280, height_px: 720 };

const POLL: Duration = Duration::from_millis(15);

/// One browser with one window.
pub struct Browser {
    // Dropped in this order: the session closes the browser while its driver still runs.
    wire: Wire,
    _driver: Chromedriver,
}

/// The size of the viewport, not of the window around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    pub width_px: u32,
    pub height_px: u32,
}

/// The value of `prefers-color-scheme` that the page sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourScheme {
    Light,
    Dark,
}

/// A line that the page, or the browser about the page, wrote to the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsoleMessage {
    /// `SEVERE`, `WARNING`, `INFO` or `DEBUG`.
    pub level: String,
    pub text: String,
}

impl ConsoleMessage {
    /// A panic, an uncaught exception, a file that did not load.
    pub fn is_error(&self) -> bool {
        self.level == "SEVERE"
    }
}

impl Browser {
    /// Starts a driver on a free port and a browser with an empty profile, 1280 × 720 px.
    pub fn open() -> Result<Self> {
        Self::open_with(&[])
    }

    /// As [`Browser::open`], with more arguments for the browser.
    pub fn open_with(arguments: &[&'static str]) -> Result<Self> {
        let programs = Programs::find();
        let driver = Chromedriver::start(&programs)?;
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": programs.options(arguments),
            "goog:loggingPrefs": { "browser": "ALL" },
            "timeouts": { "script": 120_000, "pageLoad": 60_000 },
        });
        let wire = Wire::open(driver.url(), &capabilities)?;
        let browser = Self { wire, _driver: driver };
        browser.set_size(SIZE)?;
        Ok(browser)
    }

    /// As if it had just been opened: what the page has kept is gone, and so is its tab with all that was set for it.
    pub fn renew(&self) -> Result<()> {
        let origin = self.run("return location.origin")?;
        self.devtools(
            "Storage.clearDataForOrigin",
            &json!({ "origin": origin, "storageTypes": "all" }),
        )?;
        let tab = self.wire.post("window/new", &json!({ "type": "tab" }))?;
        self.wire.delete("window")?;
        self.wire.post("window", &json!({ "handle": tab["handle"] }))?;
        // A tab that a person has not looked at has no focus.
        self.devtools("Page.bringToFront", &json!({}))?;
        self.set_size(SIZE)?;
        self.console().map(drop)
    }

    /// Returns when the page's `load` event has fired.
    pub fn goto(&self, url: &str) -> Result<()> {
        self.wire.post("url", &json!({ "url": url })).map(drop)
    }

    pub fn title(&self) -> Result<String> {
        text_of(&self.wire.get("title")?)
    }

    /// The element with this `data-testid`, waiting until there is one.
    pub fn test_id(&self, id: &str) -> Result<Element<'_>> {
        self.find(&format!("[data-testid='{id}']"))
    }

    /// The first element that a CSS selector finds, waiting until there is one.
    pub fn find(&self, selector: &str) -> Result<Element<'_>> {
        self.wait(&format!("an element `{selector}`"), || {
            Ok(self.find_all(selector)?.into_iter().next())
        })
    }

    /// All elements that a CSS selector finds now, in the document's order.
    pub fn find_all(&self, selector: &str) -> Result<Vec<Element<'_>>> {
        let query = json!({ "using": "css selector", "value": selector });
        let found = self.wire.post("elements", &query)?;
        let found = found.as_array().context("the driver sent no list of elements")?;
        found.iter().map(|element| Element::new(&self.wire, element)).collect()
    }

    /// Asks until there is an answer; `what` is what the error says was waited for.
    pub fn wait<T>(&self, what: &str, ask: impl FnMut() -> Result<Option<T>>) -> Result<T> {
        self.wait_for(PATIENCE, what, ask)
    }

    /// As [`Browser::wait`], with a patience of its own.
    pub fn wait_for<T>(
        &self,
        patience: Duration,
        what: &str,
        mut ask: impl FnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let start = Instant::now();
        loop {
            if let Some(answer) = ask()? {
                return Ok(answer);
            }
            if start.elapsed() > patience {
                let seen = self.console_errors()?.join("\n  ");
                bail!(
                    "waited {} s in vain for {what}; errors so far: [{seen}]",
                    patience.as_secs()
                );
            }
            thread::sleep(POLL);
        }
    }

    /// Waits until a JavaScript expression is true, such as `document.querySelectorAll("li").length > 3`.
    pub fn wait_until(&self, expression: &str) -> Result<()> {
        self.wait(&format!("`{expression}`"), || {
            // The elements that it looks at may not be there yet.
            let script = format!("try {{ return Boolean({expression}) }} catch {{ return false }}");
            let answer = self.run(&script)?;
            Ok((answer == Value::Bool(true)).then_some(()))
        })
    }

    /// Runs JavaScript in the page; `return` gives back a value, a promise is awaited.
    pub fn run(&self, script: &str) -> Result<Value> {
        self.wire.post("execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// Presses and releases a key, such as `" "`, `"."` or one of WebDriver's code points (`"\u{e014}"` is →).
    pub fn press(&self, key: &str) -> Result<()> {
        let strokes =
            json!([{ "type": "keyDown", "value": key }, { "type": "keyUp", "value": key }]);
        self.act(&json!({ "type": "key", "id": "keyboard", "actions": strokes }))
    }

    /// Presses the mouse at a point of the viewport, moves through the others, and lets go at the last.
    pub fn drag(&self, points: &[(i32, i32)]) -> Result<()> {
        let mut actions = Vec::new();
        for (index, (x, y)) in points.iter().enumerate() {
            let duration_ms = if index == 0 { 0 } else { 50 };
            actions.push(json!({ "type": "pointerMove", "x": x, "y": y, "duration": duration_ms }));
            if index == 0 {
                actions.push(json!({ "type": "pointerDown", "button": 0 }));
            }
        }
        actions.push(json!({ "type": "pointerUp", "button": 0 }));
        self.act(&json!({ "type": "pointer", "id": "mouse", "actions": actions }))
    }

    /// Clicks a point of the viewport, for what is painted and has no element.
    pub fn click_at(&self, x: i32, y: i32) -> Result<()> {
        self.drag(&[(x, y)])
    }

    fn act(&self, actions: &Value) -> Result<()> {
        self.wire.post("actions", &json!({ "actions": [actions] })).map(drop)
    }

    pub fn set_size(&self, size: Size) -> Result<()> {
        let metrics = json!({
            "width": size.width_px, "height": size.height_px, "deviceScaleFactor": 1, "mobile": false,
        });
        self.devtools("Emulation.setDeviceMetricsOverride", &metrics).map(drop)
    }

    pub fn set_colour_scheme(&self, scheme: ColourScheme) -> Result<()> {
        let value = match scheme {
            ColourScheme::Light => "light",
            ColourScheme::Dark => "dark",
        };
        let features = json!([{ "name": "prefers-color-scheme", "value": value }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features })).map(drop)
    }

    /// Sets the `prefers-reduced-motion` that the page sees.
    pub fn set_reduced_motion(&self, reduced: bool) -> Result<()> {
        let value = if reduced { "reduce" } else { "no-preference" };
        let features = json!([{ "name": "prefers-reduced-motion", "value": value }]);
        self.devtools("Emulation.setEmulatedMedia", &json!({ "features": features })).map(drop)
    }

    /// Saves what the viewport shows as a PNG file.
    pub fn screenshot(&self, file: &Path) -> Result<()> {
        fs::write(file, self.png()?).with_context(|| format!("cannot write {}", file.display()))
    }

    /// A picture of the viewport, as PNG.
    pub fn png(&self) -> Result<Vec<u8>> {
        let picture = self.devtools("Page.captureScreenshot", &json!({ "format": "png" }))?;
        BASE64_STANDARD
            .decode(picture["data"].as_str().context("the browser sent no picture")?)
            .context("the browser sent a picture that is not base64")
    }

    /// The console messages since the last time this was asked.
    pub fn console(&self) -> Result<Vec<ConsoleMessage>> {
        let log = self.wire.post("se/log", &json!({ "type": "browser" }))?;
        let log = log.as_array().context("the driver sent no console messages")?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(log
            .iter()
            .map(|entry| ConsoleMessage {
                level: text(&entry["level"]),
                text: text(&entry["message"]),
            })
            .collect())
    }

    /// The errors among [`Browser::console`].
    pub fn console_errors(&self) -> Result<Vec<String>> {
        let messages = self.console()?.into_iter();
        Ok(messages.filter(ConsoleMessage::is_error).map(|entry| entry.text).collect())
    }

    /// Calls the Chrome DevTools Protocol, for what WebDriver cannot do.
    pub fn devtools(&self, method: &str, parameters: &Value) -> Result<Value> {
        self.wire.post("goog/cdp/execute", &json!({ "cmd": method, "params": parameters }))
    }
}

fn text_of(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("expected a text, found {value}"))
}
