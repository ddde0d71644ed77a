//! How the module comes: compiled while it arrives, with a bar where that takes a while.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use xtask::project;
use xtask::server::StaticServer;

use crate::browsers::with_browser;

/// Notes whenever the bar stands in the page: at which millisecond, and how much of the module had come. Notes too
/// with what the module was instantiated.
const RECORDER: &str = "
    window.seen = [];
    window.streamed = 0;
    const start = WebAssembly.instantiateStreaming;
    WebAssembly.instantiateStreaming = (...all) => { window.streamed++; return start.apply(WebAssembly, all); };
    const look = () => {
        const bar = document.querySelector('[data-testid=loading]');
        if (bar) window.seen.push([performance.now(), bar.value / bar.max, bar.getBoundingClientRect().width]);
        requestAnimationFrame(look);
    };
    look();";

/// Opens the page over a connection of so many bytes a second, and gives what the recorder has noted when it plays.
fn open_at(bytes_per_second: u64) -> Result<Vec<[f64; 3]>> {
    let server = StaticServer::start(&project::dist())?;
    with_browser(|browser| {
        browser
            .devtools("Page.addScriptToEvaluateOnNewDocument", &json!({ "source": RECORDER }))?;
        browser.devtools("Network.enable", &json!({}))?;
        let connection = json!({
            "offline": false, "latency": 0,
            "downloadThroughput": bytes_per_second, "uploadThroughput": bytes_per_second,
        });
        browser.devtools("Network.emulateNetworkConditions", &connection)?;
        browser.goto(server.url())?;
        browser.wait_until("document.querySelector('[data-testid=clock]')")?;
        ensure!(browser.find_all("[data-testid=loading]")?.is_empty(), "the bar is gone");
        assert_eq!(browser.run("return window.streamed")?, json!(1), "compiled while it arrives");
        let module =
        "return performance.getEntriesByType('resource').filter(it => it.name.endsWith('.wasm'))
                  .map(it => it.encodedBodySize < it.decodedBodySize / 2)";
        assert_eq!(browser.run(module)?, json!([true]), "it comes once, and compressed");
        assert_eq!(browser.console_errors()?, Vec::<String>::new());
        let seen = browser.run("return window.seen")?;
        seen.as_array().into_iter().flatten().map(moment).collect()
    })
}

fn moment(noted: &Value) -> Result<[f64; 3]> {
    serde_json::from_value(noted.clone()).with_context(|| format!("no moment: {noted}"))
}

#[test]
fn a_slow_connection_shows_how_much_of_the_module_has_come() -> Result<()> {
    let seen = open_at(400_000)?;
    ensure!(seen.len() > 10, "{} looks at the bar", seen.len());
    ensure!(seen.iter().all(|[ms, ..]| *ms >= 300.0), "a quick page shows no bar: {:?}", seen[0]);
    ensure!(seen.iter().all(|[_, _, width]| *width > 100.0), "it is wide enough to see");
    let shares: Vec<f64> = seen.iter().map(|[_, share, _]| *share).collect();
    ensure!(shares.is_sorted(), "it never goes back: {shares:?}");
    let part = shares.iter().filter(|share| (0.1..0.9).contains(*share)).count();
    ensure!(part > 5, "it moves with what arrives: {shares:?}");
    ensure!(
        shares.last().is_some_and(|last| (0.95..=1.0).contains(last)),
        "it ends full: {shares:?}"
    );
    Ok(())
}

#[test]
fn a_fast_connection_shows_the_bar_late_or_never() -> Result<()> {
    let seen = open_at(100_000_000)?;
    ensure!(seen.iter().all(|[ms, ..]| *ms >= 300.0), "{seen:?}");
    Ok(())
}
