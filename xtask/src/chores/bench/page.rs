//! The released page as people have it: how soon it shows something, how long a frame takes, and
//! whether it grows while it plays.

use std::fmt::Write as _;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::number;
use crate::browser::{Browser, Size};
use crate::project;
use crate::scratch::Scratch;
use crate::server::StaticServer;

const DESK: Size = Size { width_px: 1440, height_px: 900 };
const FRAMES: u64 = 300;

const PATIENCE: Duration = Duration::from_secs(120);

/// Runs before the page's own scripts. A frame lasts from its callback to the next one asked for
/// at the same time, so that what the callback leaves to microtasks counts.
const RECORDER: &str = "
    const measured = window.measured = { frames: [], first_ms: null, memory: null };
    const ask = window.requestAnimationFrame.bind(window);
    const looks = () => {
        const canvas = document.querySelector('[data-testid=stage]');
        if (!canvas || canvas.width < 301) return;
        const middle = [canvas.width / 2, canvas.height / 2].map(Math.round);
        const pixel = canvas.getContext('2d').getImageData(...middle, 1, 1).data;
        if (pixel[3] > 0) measured.first_ms = performance.now();
    };
    window.requestAnimationFrame = (work) => {
        let start;
        const asked = ask((time) => { start = performance.now(); work(time); });
        ask(() => {
            measured.frames.push(performance.now() - start);
            if (measured.first_ms === null) looks();
        });
        return asked;
    };
    for (const name of ['instantiate', 'instantiateStreaming']) {
        const start = WebAssembly[name];
        WebAssembly[name] = async (...all) => {
            const made = await start.apply(WebAssembly, all);
            const exported = Object.values((made.instance ?? made).exports);
            measured.memory = exported.find((it) => it instanceof WebAssembly.Memory);
            return made;
        };
    }";

/// All that is measured, as JSON.
pub(super) fn measure(minutes: u64) -> Result<Value> {
    let first_ms = first_agent_ms()?;
    let crowds = [
        Crowd { agents: 1_000, asks: Asks::Votes(10), latency_ms: (2_000, 10_000), limit_ms: 8 },
        Crowd { agents: 10_000, asks: Asks::Votes(1), latency_ms: (2_000, 10_000), limit_ms: 16 },
        Crowd { agents: 2_000, asks: Asks::Gossip, latency_ms: (200, 1_800), limit_ms: 16 },
    ];
    let frames = crowds.iter().map(Crowd::measure).collect::<Result<Vec<_>>>()?;
    eprintln!("letting the page play for {minutes} min");
    Ok(json!({ "first_agent_ms": first_ms, "frames": frames, "memory": memory(minutes)? }))
}

/// A page that is measured from its beginning.
fn open() -> Result<(StaticServer, Browser)> {
    let server = StaticServer::start(&project::dist())?;
    let browser = Browser::open()?;
    browser.set_size(DESK)?;
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": RECORDER }))?;
    browser.goto(server.url())?;
    Ok((server, browser))
}

/// From the start of navigation to the end of the first frame with an agent on the stage: the
/// median of five browsers with nothing in their caches.
fn first_agent_ms() -> Result<f64> {
    let mut found = Vec::new();
    for _ in 0..5 {
        let (_server, browser) = open()?;
        found.push(browser.wait("the first agent", || {
            Ok(browser.run("return window.measured.first_ms")?.as_f64())
        })?);
    }
    Ok(percentile(&mut found, 50))
}

/// The load that keeps a crowd talking.
enum Asks {
    /// So many votes at once.
    Votes(u32),
    /// One rumour of all ballots, in rounds of two seconds.
    Gossip,
}

/// A swarm that is asked so much that messages are on their way for all of the frames.
struct Crowd {
    agents: u32,
    asks: Asks,
    latency_ms: (u32, u32),
    /// The time that 95 of 100 frames must keep below.
    limit_ms: u32,
}

impl Crowd {
    fn scenario(&self) -> Value {
        let proposals: Vec<_> = match self.asks {
            Asks::Votes(count) => {
                (0..count).map(|n| json!({ "id": format!("p{n}"), "at_ms": n })).collect()
            }
            Asks::Gossip => vec![json!({
                "id": "p", "algorithm": "gossip",
                "gossip": { "fanout": 3, "rounds": 12, "round_ms": 2_000 },
            })],
        };
        json!({
            "format": 1, "name": "crowd", "title": "Crowd", "proposals": proposals,
            "network": { "latency_ms": { "uniform": [self.latency_ms.0, self.latency_ms.1] } },
            "agents": [{ "id": "a", "count": self.agents,
                         "mind": { "chance": { "for": 0.6, "against": 0.3 } } }],
        })
    }

    /// Script time of frames in the thick of it.
    fn measure(&self) -> Result<Value> {
        let (_server, browser) = open()?;
        choose_file(&browser, &self.scenario())?;
        // Second by second.
        set_speed(&browser, 0)?;
        browser.wait_for(PATIENCE, "a crowd in full swing", || {
            let clock =
                "return document.querySelector('[data-testid=clock]').textContent > '0:01.400'";
            Ok((browser.run(clock)? == Value::Bool(true)).then_some(()))
        })?;
        let before = in_flight(&browser)?;
        browser.run("window.measured.frames.length = 0")?;
        browser.wait_for(PATIENCE, "enough frames", || {
            let count = browser.run("return window.measured.frames.length")?;
            Ok((count.as_u64() >= Some(FRAMES)).then_some(()))
        })?;
        let frames = browser.run("return window.measured.frames")?;
        let playing = browser.test_id("play")?.attribute("aria-label")?;
        ensure!(
            playing.as_deref() == Some("Pause"),
            "the crowd fell silent before it was measured"
        );
        let after = in_flight(&browser)?;
        let frames = frames.as_array().context("no frames")?;
        let mut frames = frames.iter().map(number).collect::<Result<Vec<_>>>()?;
        Ok(json!({
            "agents": self.agents,
            "in_flight": [before, after],
            "frames": frames.len(),
            "median_ms": percentile(&mut frames, 50),
            "p95_ms": percentile(&mut frames, 95),
            "limit_ms": self.limit_ms,
        }))
    }
}

fn in_flight(browser: &Browser) -> Result<Value> {
    browser.run(
        "return +document.querySelector('[data-testid=books]').textContent\
         .match(/([0-9]+) in flight/)[1]",
    )
}

fn choose_file(browser: &Browser, scenario: &Value) -> Result<()> {
    let folder = Scratch::new()?;
    let file = folder.path().join("scenario.json");
    fs::write(&file, scenario.to_string())
        .with_context(|| format!("cannot write {}", file.display()))?;
    let path = file.to_str().context("the folder for temporary files has no name in UTF-8")?;
    browser.test_id("file-input")?.type_text(path)?;
    let title = scenario["title"].to_string();
    browser.wait_until(&format!(
        "document.querySelector('[data-testid=scenario-chooser]').textContent.includes({title})"
    ))
}

/// A hundred times the logarithm of the speed.
fn set_speed(browser: &Browser, notch: i32) -> Result<()> {
    let set = format!(
        "const it = document.querySelector('[data-testid=speed]'); it.value = {notch}; \
         it.dispatchEvent(new Event('input', {{ bubbles: true }}))"
    );
    browser.run(&set).map(drop)
}

/// The memory of the page after each minute of play, garbage collected: traffic without end, ten times as
/// fast as the clock.
fn memory(minutes: u64) -> Result<Value> {
    let scenario = json!({
        "format": 1, "name": "patience", "title": "Patience",
        "agents": [{ "id": "a", "count": 100, "mind": "silent" }],
        "network": { "latency_ms": { "uniform": [20, 80] } },
        "proposals": [{ "id": "p", "deadline_ms": 100_000_000, "reminder_ms": 100 }],
    });
    let (_server, browser) = open()?;
    choose_file(&browser, &scenario)?;
    set_speed(&browser, 100)?;
    let start = Instant::now();
    let mut found = Vec::new();
    for minute in 1..=minutes {
        thread::sleep(Duration::from_secs(60 * minute).saturating_sub(start.elapsed()));
        browser.run("window.measured.frames.length = 0")?;
        browser.devtools("HeapProfiler.collectGarbage", &json!({}))?;
        let heap = browser.devtools("Runtime.getHeapUsage", &json!({}))?;
        let nodes = browser.devtools("Memory.getDOMCounters", &json!({}))?;
        let wasm = browser.run("return window.measured.memory.buffer.byteLength")?;
        let events = browser.run(
            "return +document.querySelector('[data-testid=books]').textContent.match(/([0-9]+) sent/)[1]",
        )?;
        found.push(json!({
            "minute": minute,
            "wasm_bytes": wasm,
            "heap_bytes": heap["usedSize"],
            "nodes": nodes["nodes"],
            "listeners": nodes["jsEventListeners"],
            "sent": events,
        }));
    }
    Ok(Value::Array(found))
}

fn percentile(values: &mut [f64], percent: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len() * percent).div_ceil(100).max(1) - 1;
    values.get(place).copied().unwrap_or(f64::NAN)
}

/// For people.
pub(super) fn table(measured: &Value, text: &mut String) -> Result<()> {
    let first = number(&measured["first_agent_ms"])?;
    writeln!(text, "\nthe released page                            median ms    p95 ms  limit ms")?;
    writeln!(text, "{:40} {first:13.1} {:>9}  {:>8}", "first agent painted", "", 1_000)?;
    for crowd in measured["frames"].as_array().context("no frames")? {
        let (agents, messages) = (number(&crowd["agents"])?, number(&crowd["in_flight"][0])?);
        let (median, p95) = (number(&crowd["median_ms"])?, number(&crowd["p95_ms"])?);
        let name = format!("a frame, {agents} agents, {messages} in flight");
        writeln!(text, "{name:40} {median:13.2} {p95:9.2}  {:>8}", crowd["limit_ms"])?;
    }
    writeln!(text, "\nwhile it plays            wasm MB   heap MB     nodes   messages sent")?;
    for minute in measured["memory"].as_array().context("no memory")? {
        let megabytes = |key: &str| Ok::<_, anyhow::Error>(number(&minute[key])? / 1e6);
        let (wasm, heap) = (megabytes("wasm_bytes")?, megabytes("heap_bytes")?);
        let name = format!("after minute {}", minute["minute"]);
        let (nodes, sent) = (number(&minute["nodes"])?, number(&minute["sent"])?);
        writeln!(text, "{name:24} {wasm:8.1} {heap:9.1} {nodes:9} {sent:15}")?;
    }
    Ok(())
}
