//! The built page as a person uses it: it plays, goes back, crashes an agent, and counts right.

use std::sync::Arc;

use anyhow::{Context, Result, ensure};
use engine::playback::{Command, Run};
use engine::scenario::gallery;
use serde_json::json;
use xtask::browser::Browser;

use crate::with_page;

/// The clock in seconds: "0:00.412" is 0.412.
fn clock_s(page: &Browser) -> Result<f64> {
    let text = page.test_id("clock")?.text()?;
    let (minutes, seconds) = text.split_once(':').with_context(|| format!("clock {text:?}"))?;
    Ok(minutes.parse::<f64>()? * 60.0 + seconds.parse::<f64>()?)
}

pub fn text(page: &Browser, id: &str) -> Result<String> {
    page.test_id(id)?.text()
}

/// Clicks what has this test id, wherever it stands: some buttons are off the screen, for readers.
pub fn press(page: &Browser, id: &str) -> Result<()> {
    page.test_id(id)?;
    page.run(&format!("document.querySelector('[data-testid=\"{id}\"]').click()"))?;
    Ok(())
}

/// Puts a slider at a value.
pub fn set(page: &Browser, id: &str, value: &str) -> Result<()> {
    page.test_id(id)?;
    page.run(&format!(
        "const it = document.querySelector('[data-testid={id}]'); it.value = {value}; \
         it.dispatchEvent(new Event('change', {{ bubbles: true }}))"
    ))?;
    Ok(())
}

/// Waits until what has this test id shows `expected`.
pub fn wait_for_text(page: &Browser, id: &str, expected: &str) -> Result<()> {
    let holds = json!(expected);
    let found = format!("document.querySelector('[data-testid=\"{id}\"]')?.textContent");
    page.wait_until(&format!("({found} ?? '').includes({holds})"))
}

fn lamp(page: &Browser, agent: &str) -> Result<(String, String)> {
    let lamp = page.test_id(&format!("lamp-{agent}"))?;
    let read = |name| Ok::<_, anyhow::Error>(lamp.attribute(name)?.unwrap_or_default());
    Ok((read("data-status")?, read("data-tint")?))
}

/// The trace hash of the default scenario, played natively to its end.
fn native_hash() -> Result<String> {
    let entry = gallery::find("deployment-vote")?;
    let scenario = entry.scenario()?;
    let seed = scenario.file.seed;
    let mut run = Run::new(Arc::new(scenario), seed)
        .map_err(|problem| anyhow::anyhow!("{}", problem.in_file("deployment-vote")))?;
    run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX })?;
    Ok(run.report().trace_hash)
}

#[test]
fn it_opens_on_the_deployment_vote_and_plays_by_itself() -> Result<()> {
    with_page("", |page| {
        wait_for_text(page, "scenario-chooser", "Deployment vote")?;
        page.wait_until("document.querySelector('[data-testid=clock]')?.textContent > '0:00.050'")?;
        page.wait_until(
            "document.querySelector('[data-testid=caption]')?.textContent.length > 10",
        )?;
        ensure!(page.find_all("[data-testid^=lamp-]")?.len() == 5, "a lamp per possible ballot");
        Ok(())
    })
}

#[test]
fn it_plays_seeks_back_crashes_an_agent_and_the_tally_is_right() -> Result<()> {
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-sentence", "9.5 of 12 = 79.2 % FOR")?;
        wait_for_text(page, "tally-decision", "approved")?;
        assert_eq!(lamp(page, "qa-engineer")?, ("counted".into(), "against".into()));
        assert_eq!(
            text(page, "trace-hash")?,
            native_hash()?,
            "the browser's trace is the native one"
        );
        wait_for_text(page, "books", "87 sent = 87 delivered")?;

        // Back to the beginning, and on with the keyboard's steps to before anyone has voted.
        page.test_id("to-start")?.click()?;
        page.wait_until(
            "document.querySelector('[data-testid=clock]')?.textContent == '0:00.000'",
        )?;
        for _ in 0..6 {
            page.test_id("step-forward")?.click()?;
        }
        let at_s = clock_s(page)?;
        ensure!(at_s > 0.02 && at_s < 0.15, "after six steps it is {at_s} s");
        assert_eq!(lamp(page, "devops-engineer")?.0, "deciding");

        press(page, "agent-devops-engineer")?;
        page.test_id("crash")?.click()?;
        page.test_id("branch-1")?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "timeout")?;
        assert_eq!(lamp(page, "devops-engineer")?.0, "absent");
        assert_eq!(lamp(page, "lead-engineer")?, ("counted".into(), "for".into()));
        wait_for_text(page, "tally-sentence", "7.0")?;

        // The branch it left is as it was.
        page.test_id("branch-0")?.click()?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")?;
        wait_for_text(page, "trace-hash", &native_hash()?)
    })
}

#[test]
fn a_crashed_agent_that_restarts_in_time_still_votes() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        press(page, "to-start")?;
        press(page, "agent-qa-engineer")?;
        page.test_id("crash")?.click()?;
        wait_for_text(page, "log", "qa-engineer crashed")?;
        page.test_id("restart")?.click()?;
        wait_for_text(page, "log", "qa-engineer restarted")?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-sentence", "79.2 % FOR")?;
        assert_eq!(lamp(page, "qa-engineer")?, ("counted".into(), "against".into()));
        Ok(())
    })
}

#[test]
fn the_keyboard_plays_pauses_and_steps() -> Result<()> {
    with_page("", |page| {
        page.wait_until("document.querySelector('[data-testid=clock]')?.textContent > '0:00.030'")?;
        page.press(" ")?;
        let stopped = clock_s(page)?;
        page.press("\u{e014}")?;
        page.wait("a step forward", || Ok((clock_s(page)? > stopped).then_some(())))?;
        let stepped = text(page, "trace-hash")?;
        page.press("\u{e012}")?;
        page.wait("a step back", || Ok((text(page, "trace-hash")? != stepped).then_some(())))?;
        page.press(".")?;
        page.wait("playing on", || Ok((clock_s(page)? > stopped + 0.005).then_some(())))?;
        Ok(())
    })
}

#[test]
fn every_scenario_of_the_gallery_opens_and_ends() -> Result<()> {
    with_page("", |page| {
        for entry in gallery::all() {
            page.test_id("scenario-chooser")?.click()?;
            press(page, &format!("scenario-{}", entry.name))?;
            wait_for_text(page, "scenario-chooser", &entry.scenario()?.file.title)?;
            page.test_id("to-end")?.click()?;
            page.wait_until(
                "document.querySelector('[data-testid=tally-decision]')?.textContent != ''",
            )?;
            let mut run = Run::new(Arc::new(entry.scenario()?), entry.scenario()?.file.seed)
                .map_err(|problem| anyhow::anyhow!("{}", problem.in_file(entry.name)))?;
            run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX })?;
            wait_for_text(page, "trace-hash", &run.report().trace_hash)?;
        }
        Ok(())
    })
}

/// Hands the page a file of this content, as a person who chooses it does.
pub fn choose_file(page: &Browser, name: &str, content: &str) -> Result<()> {
    let folder = std::env::temp_dir().join(format!("swarmglass-e2e-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let file = folder.join(name);
    std::fs::write(&file, content)?;
    let path = file.to_str().context("the folder for temporary files has no name in UTF-8")?;
    page.test_id("file-input")?.type_text(path)
}

#[test]
fn a_wrong_file_says_why_and_what_was_open_stays_open() -> Result<()> {
    let scenario =
        |parts: &str| format!(r#"{{ "format": 1, "name": "mine", "title": "Mine", {parts} }}"#);
    let wrong = [
        ("newer.json", r#"{ "format": 99 }"#.to_owned(), "newer version"),
        ("empty.json", scenario(r#""agents": []"#), "at least one agent"),
        ("many.json", scenario(r#""agents": [{ "id": "a", "count": 200001 }]"#), "200001"),
        ("weight.json", scenario(r#""agents": [{ "id": "a", "weight": -1 }]"#), "agents[0].weight"),
        ("text.json", "hello".to_owned(), "not JSON"),
        ("deep.json", "[".repeat(1_000_000), "deep"),
    ];
    with_page("", |page| {
        for (name, content, expected) in wrong {
            choose_file(page, name, &content)?;
            wait_for_text(page, "error-message", name)?;
            wait_for_text(page, "error-message", expected)?;
            wait_for_text(page, "scenario-chooser", "Deployment vote")?;
        }
        let right = scenario(r#""agents": [{ "id": "a" }], "proposals": [{ "id": "p" }]"#);
        choose_file(page, "right.json", &right)?;
        wait_for_text(page, "scenario-chooser", "Mine")?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")
    })
}

#[test]
fn a_swarm_with_more_marks_than_the_tape_holds_says_so() -> Result<()> {
    let crowd = r#"{ "format": 1, "name": "crowd", "title": "Crowd", "topology": { "kind": "star" },
                     "agents": [{ "id": "a", "count": 20100 }], "proposals": [{ "id": "p" }] }"#;
    with_page("", |page| {
        choose_file(page, "crowd.json", crowd)?;
        wait_for_text(page, "scenario-chooser", "Crowd")?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")?;
        page.wait_until("document.querySelector('.left-out')?.textContent.includes('20 000')")
    })
}

#[test]
fn the_same_seed_starts_anew_without_what_was_done() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        let seed = page.test_id("seed")?.property("value")?;
        press(page, "agent-qa-engineer")?;
        press(page, "crash")?;
        press(page, "to-end")?;
        let crashed = text(page, "trace-hash")?;
        press(page, "reset")?;
        press(page, "to-end")?;
        assert_eq!(page.test_id("seed")?.property("value")?, seed);
        wait_for_text(page, "trace-hash", &native_hash()?)?;
        ensure!(crashed != native_hash()? && page.find_all("[data-testid=branch-1]")?.is_empty());
        Ok(())
    })
}
