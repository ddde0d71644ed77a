//! Nothing is asked of the network after loading, nothing foreign may run, and when the module stops
//! the page says so and holds the link to the run.

use std::fs;

use anyhow::{Context, Result, ensure};
use engine::scenario::gallery;
use xtask::browser::Browser;
use xtask::chores::build::sizes;
use xtask::project;
use xtask::scratch::Scratch;
use xtask::server::StaticServer;

use crate::browsers::with_browser;
use crate::page::{choose_file, press, wait_for_text};
use crate::with_page;

/// The requests of the page so far, and what the policy has forbidden.
fn requests(page: &Browser) -> Result<(u64, Vec<String>)> {
    let counted = page.run(
        "return { requests: performance.getEntriesByType('resource').length,
                  violations: (window.violations ?? []).map(it => it.violatedDirective + ' ' + it.blockedURI) }",
    )?;
    let violations = counted["violations"].as_array().into_iter().flatten();
    let violations = violations.map(|it| it.as_str().unwrap_or_default().to_owned()).collect();
    Ok((counted["requests"].as_u64().context("no count of requests")?, violations))
}

#[test]
fn after_loading_nothing_is_asked_of_the_network() -> Result<()> {
    with_page("", |page| {
        page.run(
            "window.violations = [];
             addEventListener('securitypolicyviolation', event => window.violations.push(event))",
        )?;
        page.wait_until("document.querySelector('[data-testid=clock]')?.textContent > '0:00.030'")?;
        let (loading, _) = requests(page)?;
        ensure!((1..=4).contains(&loading), "{loading} requests while loading");
        for entry in gallery::all() {
            page.test_id("scenario-chooser")?.click()?;
            press(page, &format!("scenario-{}", entry.name))?;
            page.test_id("to-end")?.click()?;
        }
        page.test_id("share")?.click()?;
        page.test_id("copy-link")?.click()?;
        page.press("\u{e00c}")?;
        press(page, "theme")?;
        press(page, "play")?;
        assert_eq!(requests(page)?, (loading, Vec::new()));
        Ok(())
    })
}

#[test]
fn the_policy_forbids_what_is_not_of_the_page() -> Result<()> {
    let html = fs::read_to_string(project::dist().join("index.html"))?;
    let policy = html.find("Content-Security-Policy").context("the page has no policy")?;
    ensure!(html.find("<script").is_some_and(|script| policy < script), "it stands in front");
    with_page("", |page| {
        page.run(
            "window.violations = [];
             addEventListener('securitypolicyviolation', event => window.violations.push(event));
             const script = document.createElement('script');
             script.textContent = 'window.foreign = true';
             document.head.append(script);
             const image = new Image();
             image.src = 'https://example.invalid/a.png';
             document.body.append(image);
             fetch('https://example.invalid/').catch(() => {});",
        )?;
        page.wait_until("window.violations.length >= 3")?;
        ensure!(page.run("return window.foreign ?? null")?.is_null(), "a foreign script has run");
        let (_, violations) = requests(page)?;
        for directive in ["script-src", "img-src", "connect-src"] {
            ensure!(
                violations.iter().any(|it| it.starts_with(directive)),
                "{directive}: {violations:?}"
            );
        }
        // The browser has told the console of them.
        ensure!(page.console_errors()?.len() >= 3);
        Ok(())
    })
}

/// Checks the page when it has stopped: the message, the link, and a way on.
fn check_stopped(page: &Browser, heading: &str, link: &str) -> Result<()> {
    page.find("#stopped[role=alert]")?;
    let words = page.find("#stopped")?.text()?;
    ensure!(words.contains(heading), "{words}");
    ensure!(words.contains("Open this run again") && words.contains("Copy the link"), "{words}");
    let held = page.find("#stopped input")?.property("value")?;
    ensure!(held.as_str().is_some_and(|held| held.contains(link)), "{held} holds no {link}");
    // The errors that were provoked are in the console.
    page.console_errors()?;
    Ok(())
}

/// A module that consists of a function `f` which stops: `(func (export "f") unreachable)`.
const TRAP: &str = "const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,5,1,3,0,0,11]);
                    const { f } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;";

#[test]
fn a_trap_leaves_a_message_with_the_link_and_the_run_opens_again() -> Result<()> {
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        page.wait_until("location.hash.includes('scenario=deployment-vote')")?;
        wait_for_text(page, "tally-decision", "approved")?;
        page.wait_until("/'steps':[1-9]/.test(location.hash)")?;
        page.run(&format!("{TRAP} requestAnimationFrame(() => f())"))?;
        check_stopped(page, "swarmglass has stopped", "#run=1&scenario=deployment-vote")?;
        let hash = page.run("return location.hash")?;
        page.find("#stopped button")?.click()?;
        page.wait_until("!document.getElementById('stopped')")?;
        wait_for_text(page, "tally-decision", "approved")?;
        assert_eq!(page.run("return location.hash")?, hash);
        Ok(())
    })
}

#[test]
fn too_little_memory_leaves_a_message_with_the_link() -> Result<()> {
    let server = StaticServer::start(&project::dist())?;
    // 48 MB for the module, which the page needs a small part of.
    let browser = Browser::open_with(&["--js-flags=--wasm-max-mem-pages=768"])?;
    browser.goto(server.url())?;
    browser.wait_until("location.hash.includes('scenario=deployment-vote')")?;
    press(&browser, "play")?;
    let crowd = r#"{ "format": 1, "name": "crowd", "title": "Crowd",
                     "agents": [{ "id": "a", "count": 200000 }], "proposals": [{ "id": "p" }] }"#;
    choose_file(&browser, "crowd.json", crowd)?;
    check_stopped(&browser, "swarmglass has stopped", "scenario=deployment-vote")
}

#[test]
fn errors_of_the_module_are_told_from_others() -> Result<()> {
    with_page("", |page| {
        page.test_id("clock")?;
        page.run("window.dispatchEvent(new ErrorEvent('error', { message: 'of an extension', error: new Error('x') }))")?;
        page.run("setTimeout(() => { throw 'text' })")?;
        ensure!(page.find_all("#stopped")?.is_empty(), "that is no concern of ours");
        page.run(
            "window.dispatchEvent(new ErrorEvent('error', { message: 'memory access out of bounds',
             error: new WebAssembly.RuntimeError('memory access out of bounds') }))",
        )?;
        check_stopped(page, "memory access out of bounds", "#run=1")
    })?;
    with_page("", |page| {
        page.test_id("clock")?;
        page.run(&format!("{TRAP} Promise.resolve().then(() => f())"))?;
        check_stopped(page, "unreachable", "#run=1")
    })
}

/// The page with one of its files gone or broken.
fn with_broken(broken: &str, change: fn(Vec<u8>) -> Option<Vec<u8>>) -> Result<()> {
    let scratch = Scratch::new()?;
    for file in files_of_the_page()? {
        let content = Some(fs::read(project::dist().join(&file))?);
        let content = if file == broken { content.and_then(change) } else { content };
        if let Some(content) = content {
            fs::write(scratch.path().join(file), content)?;
        }
    }
    let server = StaticServer::start(scratch.path())?;
    with_browser(|browser| {
        browser.goto(&format!("{}#run=1&of=someone", server.url()))?;
        check_stopped(browser, "swarmglass could not start", "#run=1&of=someone")
    })
}

#[test]
fn a_page_that_cannot_start_says_so() -> Result<()> {
    let files = files_of_the_page()?;
    // The worker of a comparison is only loaded when one is made.
    let is_loaded = |file: &&String| !file.ends_with(".html") && *file != "compare.js";
    let loaded: Vec<_> = files.iter().filter(is_loaded).collect();
    ensure!(loaded.len() == 3, "module, its JavaScript and the bar: {loaded:?}");
    for file in loaded {
        with_broken(file, |_| None)?;
        with_broken(file, |_| Some(Vec::new()))?;
        with_broken(file, |_| Some(b"export default".to_vec()))?;
        with_broken(file, |whole| Some(whole[..whole.len() / 2].to_vec()))?;
    }
    Ok(())
}

/// Without the compressed copies: a server would send one in place of a broken file.
fn files_of_the_page() -> Result<Vec<String>> {
    Ok(sizes(&project::dist())?.into_iter().map(|file| file.path).collect())
}

#[test]
fn a_browser_without_scripts_is_told() -> Result<()> {
    let html = fs::read_to_string(project::dist().join("index.html"))?;
    ensure!(html.contains("<noscript>") && html.contains("Allow JavaScript"), "{html}");
    Ok(())
}
