//! `cargo xtask bench`: what is measured, natively and in the browser, beside a peer in the same
//! run. A table for people; with `--json` one object for machines.

mod page;
mod shipped;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::{build, cargo};
use crate::browser::Browser;
use crate::project;
use crate::scratch::Scratch;
use crate::server::StaticServer;
use crate::setup::{Need, Tools, ensure};
use crate::steps;

/// Measuring in the browser takes about a minute.
const PATIENCE: Duration = Duration::from_secs(600);

/// A worker, so that the page can still be asked whether it is done.
const WORKER: &str = "import init, { measure_in_browser } from './swarmglass_bench.js';
await init();
const measured = JSON.parse(measure_in_browser());
measured.plain_gossip = bestPlainGossip();
postMessage(JSON.stringify(measured));
";

/// A gossip without the engine, in the same run.
const PLAIN: &str = include_str!("bench/gossip.js");

const PAGE: &str = "<!doctype html><link rel=icon href='data:,'><script>
new Worker('worker.js', { type: 'module' }).onmessage = (event) => { window.measured = event.data; };
</script>";

const NEEDS: [Need; 6] =
    [Need::WasmTarget, Need::Lints, Need::WasmBindgen, Need::Trunk, Need::WasmOpt, Need::Browser];

const USAGE: &str = "cargo xtask bench [--json] [--minutes 10] [--only-page | --only-wasm]";

/// The wanted measurements, and how to tell them.
struct Wanted {
    json: bool,
    /// How long the page plays while its memory is watched.
    minutes: u64,
    part: Part,
}

#[derive(Clone, Copy)]
enum Part {
    All,
    /// The page in `dist/` as it is.
    Page,
    /// The engine in Chromium: as released, and as the page ships it.
    Wasm,
}

impl Wanted {
    fn parse(arguments: &[String]) -> Result<Self> {
        let mut wanted = Self { json: false, minutes: 2, part: Part::All };
        let mut arguments = arguments.iter();
        while let Some(option) = arguments.next() {
            match option.as_str() {
                "--json" => wanted.json = true,
                "--only-page" => wanted.part = Part::Page,
                "--only-wasm" => wanted.part = Part::Wasm,
                "--minutes" => {
                    let minutes = arguments.next().and_then(|text| text.parse().ok());
                    wanted.minutes =
                        minutes.with_context(|| format!("--minutes needs a number: {USAGE}"))?;
                }
                _ => bail!("unknown option {option}: {USAGE}"),
            }
        }
        Ok(wanted)
    }
}

pub fn bench(arguments: &[String]) -> Result<()> {
    let wanted = Wanted::parse(arguments)?;
    let measured = match wanted.part {
        Part::All => measure_all(&wanted)?,
        Part::Page => {
            ensure(&[Need::Browser])?;
            json!({ "page": page::measure(wanted.minutes)? })
        }
        Part::Wasm => measure_wasm(&ensure(&NEEDS)?)?,
    };
    if wanted.json {
        println!("{measured:#}");
    } else {
        println!("{}", table(&measured)?);
    }
    Ok(())
}

fn measure_all(wanted: &Wanted) -> Result<Value> {
    let tools = ensure(&NEEDS)?;
    eprintln!("measuring natively, beside simcore: about a minute");
    let native = measure_natively()?;
    let wasm = measure_wasm(&tools)?;
    eprintln!("building the page, for its size and its speed");
    build::make(&tools)?;
    let size = build::total(&build::sizes(&project::dist())?);
    let page = page::measure(wanted.minutes)?;
    Ok(json!({
        "native": native,
        "browser": wasm["browser"],
        "shipped": wasm["shipped"],
        "page_gzip_bytes": size.gzip_bytes,
        "page_brotli_bytes": size.brotli_bytes,
        "page": page,
    }))
}

/// The release wasm, and beside it the wasm that the page ships.
fn measure_wasm(tools: &Tools) -> Result<Value> {
    let (release, shipped) = (Module::build("release", tools)?, Module::build("page", tools)?);
    eprintln!("measuring in Chromium: about five minutes");
    // Side by side, so that what disturbs the one disturbs the other.
    let mut rounds = Vec::new();
    for _ in 0..shipped::ROUNDS {
        rounds.push((release.measure()?, shipped.measure()?));
    }
    let ratios = shipped::ratios(&rounds)?;
    let (browser, _) = rounds.pop().context("no round")?;
    Ok(json!({ "browser": browser, "shipped": ratios }))
}

fn measure_natively() -> Result<Value> {
    let mut command = cargo(&["run", "--release", "--quiet", "--package", "swarmglass-bench"]);
    let output = command.stderr(std::process::Stdio::inherit()).output()?;
    if !output.status.success() {
        bail!("the native benchmark failed: {}", output.status);
    }
    serde_json::from_slice(&output.stdout).context("the native benchmark printed no JSON")
}

/// The benchmark as a module for the browser, beside the page that runs it.
struct Module(Scratch);

impl Module {
    /// Compiles it as a profile of `Cargo.toml` says: `release`, or `page` as what a visitor downloads.
    fn build(profile: &str, tools: &Tools) -> Result<Self> {
        let target = "wasm32-unknown-unknown";
        let library = ["build", "--lib", "--package", "swarmglass-bench", "--target", target];
        steps::run(cargo(&library).args(["--profile", profile]))?;
        let folder = Scratch::new()?;
        let wasm = project::target().join(target).join(profile).join("swarmglass_bench.wasm");
        let into = ["--target", "web", "--out-dir"];
        steps::run(tools.wasm_bindgen().args(into).arg(folder.path()).arg(&wasm))?;
        build::optimise(&folder.path().join("swarmglass_bench_bg.wasm"), tools)?;
        write(folder.path(), "worker.js", &format!("{WORKER}{PLAIN}"))?;
        write(folder.path(), "index.html", PAGE)?;
        Ok(Self(folder))
    }

    fn measure(&self) -> Result<Value> {
        let server = StaticServer::start(self.0.path())?;
        let browser = Browser::open()?;
        browser.goto(server.url())?;
        let text = browser.wait_for(PATIENCE, "the measurements", || {
            let answer = browser.run("return window.measured ?? null")?;
            Ok(answer.as_str().map(str::to_owned))
        })?;
        serde_json::from_str(&text).context("the benchmark in the browser gave no JSON")
    }
}

fn write(folder: &Path, name: &str, text: &str) -> Result<()> {
    let file = folder.join(name);
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().with_context(|| format!("expected a number, found {value}"))
}

fn table(measured: &Value) -> Result<String> {
    let mut text = String::new();
    if !measured["native"].is_null() {
        engine_table(measured, &mut text)?;
    }
    if !measured["shipped"].is_null() {
        shipped::table(&measured["shipped"], &mut text)?;
    }
    if !measured["page"].is_null() {
        page::table(&measured["page"], &mut text)?;
    }
    Ok(text)
}

fn engine_table(measured: &Value, text: &mut String) -> Result<()> {
    let (native, browser) = (&measured["native"], &measured["browser"]);
    let title = "million messages per second";
    writeln!(text, "\n{title:52} native simcore  ratio   wasm  ratio  same hash")?;
    let rates = native["rates"].as_array().context("no rates")?;
    for (place, rate) in rates.iter().enumerate() {
        let in_browser = &browser["rates"][place];
        let ours = number(&rate["million_per_second"])?;
        let peer = number(&native["peer_million_per_second"][place])?;
        let wasm = number(&in_browser["million_per_second"])?;
        let same = rate["trace_hash"] == in_browser["trace_hash"];
        let name = rate["workload"].as_str().unwrap_or_default();
        let ratio = ours / peer;
        let wasm_ratio = wasm / ours;
        writeln!(
            text,
            "{name:52} {ours:6.2} {peer:7.2} {ratio:6.2} {wasm:6.2} {wasm_ratio:6.2}  {same}"
        )?;
    }
    writeln!(
        text,
        "\none vote, real agents                  messages   native ms   wasm ms  same hash"
    )?;
    for (place, vote) in native["votes"].as_array().context("no votes")?.iter().enumerate() {
        let in_browser = &browser["votes"][place];
        let same = vote["trace_hash"] == in_browser["trace_hash"];
        let (messages, ms) = (number(&vote["messages"])?, number(&vote["milliseconds"])?);
        let name = vote["workload"].as_str().unwrap_or_default();
        let wasm_ms = number(&in_browser["milliseconds"])?;
        writeln!(text, "{name:38} {messages:8} {ms:11.2} {wasm_ms:9.2}  {same}")?;
    }
    gossip_table(native, browser, text)?;
    merge_table(native, browser, text)?;
    sync_table(native, browser, text)?;
    work_table(native, browser, text)?;
    dispatch_table(native, browser, text)?;
    frame_table(native, browser, text)?;
    let events = number(&native["seek"]["events"])? / 1e6;
    writeln!(text, "\ngoing back in {events} million events, 1 000 agents      native      wasm")?;
    for (name, key) in [
        ("to a random moment, p95, ms", "seek_p95_ms"),
        ("to a random moment, median, ms", "seek_median_ms"),
        ("one step back, p95, ms", "step_back_p95_ms"),
        ("checkpoints", "checkpoints"),
        ("records in them", "records"),
        ("time they add to the run", "cost_of_checkpoints"),
    ] {
        let (ours, wasm) = (number(&native["seek"][key])?, number(&browser["seek"][key])?);
        writeln!(text, "{name:50} {ours:10.2} {wasm:9.2}")?;
    }
    if let Some(megabytes) = native["seek"]["megabytes"].as_f64() {
        writeln!(text, "{:50} {megabytes:10.2}", "memory they take, MB")?;
    }
    let kilobytes = |key: &str| Ok::<_, anyhow::Error>(number(&measured[key])? / 1e3);
    let (brotli, gzip) = (kilobytes("page_brotli_bytes")?, kilobytes("page_gzip_bytes")?);
    writeln!(text, "\nreleased page, all files: {brotli:.1} KB by brotli, {gzip:.1} KB by gzip")?;
    Ok(())
}

/// One rumour to everyone: the engine natively and in the browser, and plain JavaScript there.
fn gossip_table(native: &Value, browser: &Value, text: &mut String) -> Result<()> {
    let title = "one rumour by push gossip, fanout 3";
    writeln!(text, "\n{title:40} rounds  messages        ms   million messages/s")?;
    let measured = [
        ("native", &native["gossip"]),
        ("wasm", &browser["gossip"]),
        ("plain JavaScript", &browser["plain_gossip"]),
    ];
    for (name, measured) in measured {
        let of = |key: &str| number(&measured[key]);
        let (rounds, messages, ms) = (of("rounds")?, of("messages")?, of("milliseconds")?);
        let rate = of("million_per_second")?;
        writeln!(text, "{name:40} {rounds:6} {messages:9} {ms:9.1} {rate:20.2}")?;
    }
    let rate = |measured: &Value| number(&measured["million_per_second"]);
    let plain = rate(&browser["plain_gossip"])?;
    let agents = number(&native["gossip"]["agents"])?;
    let same = native["gossip"]["trace_hash"] == browser["gossip"]["trace_hash"];
    let (ours, wasm) = (rate(&native["gossip"])? / plain, rate(&browser["gossip"])? / plain);
    writeln!(
        text,
        "{agents} agents; ratio to plain JavaScript: native {ours:.2}, wasm {wasm:.2}; same hash {same}"
    )?;
    Ok(())
}

/// The cost of bringing replicas in step: by everything, and by what is missing.
fn sync_table(native: &Value, browser: &Value, text: &mut String) -> Result<()> {
    let title = "two replicas of 10 000 keys in step";
    writeln!(text, "\n{title:40} changes     bytes   native ms   wasm ms  same hash")?;
    let mut bytes = Vec::new();
    for (place, sync) in native["syncs"].as_array().context("no syncs")?.iter().enumerate() {
        let wasm = &browser["syncs"][place];
        let same = sync["trace_hash"] == wasm["trace_hash"];
        let (name, of) = (sync["kind"].as_str().unwrap_or_default(), |key| number(&sync[key]));
        let (changes, cost, ms) = (of("changes")?, of("bytes")?, of("milliseconds")?);
        let wasm_ms = number(&wasm["milliseconds"])?;
        writeln!(text, "{name:40} {changes:7} {cost:9} {ms:11.2} {wasm_ms:9.2}  {same}")?;
        bytes.push(cost);
    }
    if let [full, delta] = bytes[..] {
        let percent = delta / full * 100.0;
        writeln!(text, "the delta takes {percent:.2} % of the bytes")?;
    }
    Ok(())
}

/// Tasks shared out among ever more agents. Each is announced to all, so that what stays the same is how many
/// events a second takes.
fn work_table(native: &Value, browser: &Value, text: &mut String) -> Result<()> {
    let title = "a thousand tasks shared out";
    writeln!(
        text,
        "\n{title:28}    events   native ms  tasks/s  million events/s   wasm ms  tasks/s  same hash"
    )?;
    for (place, work) in native["work"].as_array().context("no work")?.iter().enumerate() {
        let wasm = &browser["work"][place];
        let same = work["trace_hash"] == wasm["trace_hash"];
        let of = |key: &str| number(&work[key]);
        let name = format!("among {} agents", of("agents")?);
        let (events, ms, tasks) = (of("events")?, of("milliseconds")?, of("tasks_per_second")?);
        let rate = of("million_events_per_second")?;
        let (wasm_ms, in_wasm) =
            (number(&wasm["milliseconds"])?, number(&wasm["tasks_per_second"])?);
        writeln!(
            text,
            "{name:28} {events:9} {ms:11.1} {tasks:8.0} {rate:17.2} {wasm_ms:9.1} {in_wasm:8.0}  {same}"
        )?;
    }
    Ok(())
}

/// A thousand tasks assigned by each rule of a dispatcher: nobody is asked about each, so that the time does not grow with
/// the number of agents but for what a rule looks at.
fn dispatch_table(native: &Value, browser: &Value, text: &mut String) -> Result<()> {
    let rows = native["dispatch"].as_array().context("no dispatch")?;
    let in_wasm = browser["dispatch"].as_array().context("no dispatch in the browser")?;
    let title = "tasks assigned per second, by rule";
    writeln!(text, "\n{title:34}  agents     events    native      wasm  same hash")?;
    for (ours, wasm) in rows.iter().zip(in_wasm) {
        let name = ours["assign"].as_str().unwrap_or_default();
        let same = ours["trace_hash"] == wasm["trace_hash"];
        let (agents, events) = (number(&ours["agents"])?, number(&ours["events"])?);
        let (here, there) =
            (number(&ours["tasks_per_second"])?, number(&wasm["tasks_per_second"])?);
        writeln!(text, "{name:34} {agents:7} {events:10} {here:9.0} {there:9.0}  {same}")?;
    }
    Ok(())
}

/// What the page asks for all the time, in the slowest scenario of the gallery.
fn frame_table(native: &Value, browser: &Value, text: &mut String) -> Result<()> {
    let title = "the slowest scenario of the gallery, microseconds";
    writeln!(text, "\n{title:52} native     wasm")?;
    for thing in ["frame", "forms", "documents"] {
        let (ours, wasm) = (&native["frames"][thing], &browser["frames"][thing]);
        let name = format!("{thing}: {}", ours["scenario"].as_str().unwrap_or_default());
        let (ours, wasm) = (number(&ours["microseconds"])?, number(&wasm["microseconds"])?);
        writeln!(text, "{name:50} {ours:8.1} {wasm:8.1}")?;
    }
    Ok(())
}

/// Replicated types beside the crate `crdts`, where both have the type.
fn merge_table(native: &Value, browser: &Value, text: &mut String) -> Result<()> {
    let title = "million merges per second, 100 entries";
    writeln!(text, "\n{title:40}  native    crdts   ratio     wasm")?;
    for (place, merges) in native["merges"].as_array().context("no merges")?.iter().enumerate() {
        let name = merges["name"].as_str().unwrap_or_default();
        let ours = number(&merges["million_per_second"])?;
        let wasm = number(&browser["merges"][place]["million_per_second"])?;
        match merges["peer_million_per_second"].as_f64() {
            Some(peer) => {
                let ratio = ours / peer;
                writeln!(text, "{name:40} {ours:7.2} {peer:8.2} {ratio:7.2} {wasm:8.2}")?;
            }
            None => writeln!(text, "{name:40} {ours:7.2} {:>8} {:>7} {wasm:8.2}", "-", "-")?,
        }
    }
    Ok(())
}
