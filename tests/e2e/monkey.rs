//! A minute of clicks, keys, drags and whatever else, at random but always the same: no error may
//! reach the console, and the page must still do as it is told.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use xtask::browser::{Browser, ColourScheme, Size};

use crate::page::{press, wait_for_text};
use crate::with_page;

/// Unless `MONKEY_SEED` names another.
const SEED: u64 = 20_261_121;
const LASTS: Duration = Duration::from_secs(60);
/// The number of last actions that are told when it fails.
const TOLD: usize = 30;

const SIZES: [(u32, u32); 4] = [(1440, 900), (390, 844), (1024, 600), (320, 568)];

/// The keys of the page, those of the browser for forms and menus, and some that mean nothing.
const KEYS: [&str; 30] = [
    " ", ".", "\u{e012}", "\u{e014}", "\u{e011}", "\u{e010}", "\u{e00e}", "\u{e00f}", "-", "+",
    "=", "z", "Z", "0", "f", "c", "a", "m", "\u{e00c}", "?", "\u{e004}", "\u{e004}", "\u{e007}",
    "\u{e013}", "\u{e015}", "7", "x", "\u{e003}", "\u{e017}", "ß",
];

/// The controls that a person could press or set now, but for the field that opens a dialog of the system.
const CONTROLS: &str = "[...(document.querySelector('dialog:modal') ?? document)\
    .querySelectorAll('button, input, select, summary')]\
    .filter((it) => it.type != 'file' && !it.disabled && it.checkVisibility())";

/// Marsaglia's xorshift: the same sequence everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The low bits are the weak ones.
        ((self.0 >> 16) % end.max(1) as u64) as usize
    }

    fn place(&mut self, (width_px, height_px): (u32, u32)) -> (i32, i32) {
        (self.below(width_px as usize) as i32, self.below(height_px as usize) as i32)
    }
}

struct Monkey<'page> {
    page: &'page Browser,
    random: Random,
    size: (u32, u32),
    done: VecDeque<String>,
    count: u32,
}

impl Monkey<'_> {
    /// Does one thing; what it is going to do is told before it is done.
    fn act(&mut self) -> Result<()> {
        match self.random.below(100) {
            0..25 => self.click(),
            25..50 => self.control(),
            50..75 => self.key(),
            75..85 => self.drag(),
            85..90 => self.event("wheel"),
            90..94 => self.event("contextmenu"),
            94..97 => self.scenario(),
            97..98 => self.scheme(),
            _ => self.resize(),
        }
    }

    fn tell(&mut self, what: String) {
        self.count += 1;
        self.done.push_back(what);
        if self.done.len() > TOLD {
            self.done.pop_front();
        }
    }

    /// Not on what opens a dialog of the system, which nothing here could close again.
    fn is_safe(&self, (x, y): (i32, i32)) -> Result<bool> {
        let found = format!(
            "return document.elementFromPoint({x}, {y})?.closest('label.file, a, input[type=file]') == null"
        );
        Ok(self.page.run(&found)? == Value::Bool(true))
    }

    fn click(&mut self) -> Result<()> {
        let place = self.random.place(self.size);
        if !self.is_safe(place)? {
            return Ok(());
        }
        self.tell(format!("click at {place:?}"));
        self.page.click_at(place.0, place.1)
    }

    fn drag(&mut self) -> Result<()> {
        let points: Vec<_> = (0..3).map(|_| self.random.place(self.size)).collect();
        if !self.is_safe(points[0])? || !self.is_safe(points[2])? {
            return Ok(());
        }
        self.tell(format!("drag through {points:?}"));
        self.page.drag(&points)
    }

    fn key(&mut self) -> Result<()> {
        let key = KEYS[self.random.below(KEYS.len())];
        // Enter and Space may press what has the focus.
        let safe =
            "return document.activeElement?.matches('a, input[type=file], label.file') != true";
        if self.page.run(safe)? != Value::Bool(true) {
            return Ok(());
        }
        self.tell(format!("key {key:?}"));
        self.page.press(key)
    }

    /// Presses a button, or sets a field to something, sensible or not.
    fn control(&mut self) -> Result<()> {
        let number = self.random.below(100_000);
        let texts = ["", "-1", "0", "7", "18446744073709551616", "9e99", "Why?", "\u{202e}😀 <b>"];
        let text = json!(texts[self.random.below(texts.len())]);
        let script = format!(
            "const all = {CONTROLS}; const it = all[{number} % all.length]; \
             if (!it) return 'nothing to press'; \
             const name = it.dataset.testid ?? it.getAttribute('aria-label') ?? it.textContent; \
             if (it.matches('button, summary')) {{ it.click(); return name; }} \
             if (it.type == 'range') it.value = +it.min + {number} % (it.max - it.min + 1); \
             else if (it.type == 'checkbox') it.click(); \
             else if (it.options) it.selectedIndex = {number} % it.options.length; \
             else it.value = {text}; \
             for (const event of ['input', 'change']) it.dispatchEvent(new Event(event, {{ bubbles: true }})); \
             return `${{name}} set to ${{it.value}}`"
        );
        self.tell(format!("control {number}"));
        let name = self.page.run(&script)?;
        if let Some(last) = self.done.back_mut() {
            *last = format!("control {}", name.as_str().unwrap_or_default());
        }
        Ok(())
    }

    fn event(&mut self, kind: &str) -> Result<()> {
        let (x, y) = self.random.place(self.size);
        let amount = self.random.below(2_000) as i32 - 1_000;
        self.tell(format!("{kind} at {:?} by {amount}", (x, y)));
        let class = if kind == "wheel" { "WheelEvent" } else { "MouseEvent" };
        let script = format!(
            "document.elementFromPoint({x}, {y})?.dispatchEvent(new {class}('{kind}', {{ bubbles: true, \
             cancelable: true, clientX: {x}, clientY: {y}, deltaY: {amount} }}))"
        );
        self.page.run(&script).map(drop)
    }

    fn scenario(&mut self) -> Result<()> {
        let number = self.random.below(1_000);
        self.tell(format!("scenario {number}"));
        let script = format!(
            "const all = [...document.querySelectorAll('[data-testid^=scenario-]:not([data-testid=scenario-chooser])')]; \
             all[{number} % all.length]?.click()"
        );
        self.page.run(&script).map(drop)
    }

    fn scheme(&mut self) -> Result<()> {
        let schemes = [ColourScheme::Light, ColourScheme::Dark];
        let scheme = schemes[self.random.below(2)];
        self.tell(format!("{scheme:?}"));
        self.page.set_colour_scheme(scheme)
    }

    fn resize(&mut self) -> Result<()> {
        self.size = SIZES[self.random.below(SIZES.len())];
        let (width_px, height_px) = self.size;
        self.tell(format!("resize to {width_px} × {height_px}"));
        self.page.set_size(Size { width_px, height_px })
    }

    fn check(&self) -> Result<()> {
        let errors = self.page.console_errors()?;
        ensure!(errors.is_empty(), "the console holds errors: {errors:?}");
        let stopped =
            self.page.run("return document.getElementById('stopped')?.textContent ?? ''")?;
        ensure!(stopped == "", "{stopped}");
        Ok(())
    }
}

fn lives(page: &Browser) -> Result<()> {
    page.run(
        "document.querySelectorAll('dialog[open]').forEach((it) => it.close()); \
         document.querySelectorAll(':popover-open').forEach((it) => it.hidePopover())",
    )?;
    page.find("main")?;
    press(page, "to-start")?;
    wait_for_text(page, "clock", "0:00.000")?;
    press(page, "play")?;
    page.wait_until("document.querySelector('[data-testid=clock]')?.textContent > '0:00.000'")
}

#[test]
fn a_monkey_does_no_harm() -> Result<()> {
    with_page("", |page| {
        let (width_px, height_px) = SIZES[0];
        page.set_size(Size { width_px, height_px })?;
        let seed = std::env::var("MONKEY_SEED").ok().and_then(|seed| seed.parse().ok());
        let random = Random(seed.unwrap_or(SEED));
        let mut monkey = Monkey { page, random, size: SIZES[0], done: VecDeque::new(), count: 0 };
        let start = Instant::now();
        let mut outcome = Ok(());
        while outcome.is_ok() && start.elapsed() < LASTS {
            outcome = monkey.act().and_then(|()| monkey.check());
        }
        let told = monkey.done.iter().cloned().collect::<Vec<_>>().join("\n  ");
        outcome
            .and_then(|()| lives(page))
            .with_context(|| format!("after {} actions, the last of them\n  {told}", monkey.count))
    })
}
