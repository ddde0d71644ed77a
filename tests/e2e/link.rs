//! The address holds the run: a link opens it again in another browser, and one that cannot be opened
//! says why and is kept. Files do the same for what is too long for a link.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use xtask::browser::Browser;

use crate::page::{choose_file, press, text, wait_for_text};
use crate::with_page;

/// The part of the page's address after the `#`, when it has come to hold what was done.
pub fn link_of(page: &Browser) -> Result<String> {
    page.test_id("share")?.click()?;
    let link = page.test_id("link-field")?.property("value")?;
    let link = link.as_str().context("the field of the link holds no text")?.to_owned();
    page.press("\u{e00c}")?;
    let (_, fragment) = link.split_once('#').context("a link without a run")?;
    page.wait_until(&format!("location.hash == '#' + {}", json!(fragment)))?;
    Ok(fragment.to_owned())
}

/// The moment as a person sees it, and the hash that stands for the rest; not the caption, which while time
/// runs says what happened some while ago, and after a jump what happened last.
pub fn moment(page: &Browser) -> Result<[String; 4]> {
    let panels = page.run("return document.querySelector('.documents').textContent")?;
    Ok([text(page, "trace-hash")?, text(page, "clock")?, panels.to_string(), text(page, "books")?])
}

fn check_same(
    link: &str,
    expected: &[String; 4],
    more: impl FnOnce(&Browser) -> Result<()>,
) -> Result<()> {
    with_page(&format!("#{link}"), |page| {
        wait_for_text(page, "trace-hash", &expected[0])?;
        assert_eq!(&moment(page)?, expected, "{link}");
        ensure!(
            page.find_all("[data-testid=error-message]")?.is_empty(),
            "it opens without a word"
        );
        more(page)
    })
}

#[test]
fn a_link_opens_the_run_at_its_moment() -> Result<()> {
    let mut shared = None;
    with_page("", |page| {
        page.wait_until("document.querySelector('[data-testid=clock]')?.textContent > '0:00.030'")?;
        press(page, "agent-qa-engineer")?;
        let link = link_of(page)?;
        ensure!(link.starts_with("run=1&scenario=deployment-vote&seed="), "{link}");
        ensure!(link.len() < 250, "{link}");
        shared = Some((link, moment(page)?));
        Ok(())
    })?;
    let (link, expected) = shared.context("a link")?;
    check_same(&link, &expected, |page| {
        let selected = page.test_id("agent-qa-engineer")?.attribute("aria-pressed")?;
        assert_eq!(selected.as_deref(), Some("true"), "what was selected is selected");
        // It stands still there, and goes on from there.
        let here = page.test_id("clock")?.text()?;
        page.press(" ")?;
        page.wait("playing on", || Ok((text(page, "clock")? > here).then_some(())))
    })
}

#[test]
fn a_link_holds_what_was_done_in_the_past() -> Result<()> {
    let mut shared = None;
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")?;
        page.test_id("to-start")?.click()?;
        for _ in 0..6 {
            page.test_id("step-forward")?.click()?;
        }
        press(page, "agent-devops-engineer")?;
        page.test_id("crash")?.click()?;
        wait_for_text(page, "log", "devops-engineer crashed")?;
        page.test_id("step-forward")?.click()?;
        page.test_id("step-forward")?.click()?;
        shared = Some((link_of(page)?, moment(page)?));
        Ok(())
    })?;
    let (link, expected) = shared.context("a link")?;
    ensure!(link.contains("'crash':('agent':'devops-engineer')"), "{link}");
    check_same(&link, &expected, |page| {
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "timeout")
    })
}

#[test]
fn the_address_follows_without_filling_the_history() -> Result<()> {
    with_page("", |page| {
        page.wait_until("location.hash.includes('scenario=deployment-vote')")?;
        let entries = page.run("return history.length")?;
        let first = page.run("return location.hash")?;
        page.wait_until(&format!("location.hash != {first}"))?;
        page.test_id("to-end")?.click()?;
        page.test_id("scenario-chooser")?.click()?;
        assert_eq!(page.run("return history.length")?, entries);
        press(page, "scenario-ring-vote")?;
        page.wait_until("location.hash.includes('scenario=ring-vote')")?;
        // Another address in the bar is opened at once.
        page.run("location.hash = 'run=1'")?;
        wait_for_text(page, "error-message", "damaged")?;
        wait_for_text(page, "scenario-chooser", "A vote through a ring")
    })
}

#[test]
fn a_link_that_cannot_be_opened_is_kept_and_the_default_plays() -> Result<()> {
    let cases = [
        ("run=1&scenario=ring-vote&seed=7&check=00000000", "damaged"),
        ("run=1&scenario=ring-v", "damaged"),
        ("run=2&all=new", "newer version"),
        ("/some/other/page", "no run of swarmglass"),
    ];
    for (link, expected) in cases {
        with_page(&format!("#{link}"), |page| {
            wait_for_text(page, "error-message", expected)?;
            assert_eq!(page.test_id("kept-link")?.property("value")?, link);
            wait_for_text(page, "scenario-chooser", "Deployment vote")?;
            page.wait_until(
                "document.querySelector('[data-testid=clock]')?.textContent > '0:00.050'",
            )?;
            assert_eq!(page.run("return location.hash")?, format!("#{link}"), "nothing is lost");
            page.test_id("dismiss")?.click()?;
            page.wait_until("location.hash.startsWith('#run=1&scenario=deployment-vote')")
        })?;
    }
    Ok(())
}

#[test]
fn a_run_that_comes_out_differently_says_so() -> Result<()> {
    let run = r#"{ "run": 1, "scenario": "ring-vote", "seed": 3, "at": { "steps": 0, "time_us": 0 },
                   "events": 99, "hash": "0123456789abcdef", "version": "0.0.1" }"#;
    with_page("", |page| {
        choose_file(page, "old.json", run)?;
        wait_for_text(page, "error-message", "saved by swarmglass 0.0.1")?;
        wait_for_text(page, "error-message", "not what was shared")?;
        wait_for_text(page, "scenario-chooser", "A vote through a ring")
    })
}

/// Presses a button of the dialog that saves a file, and gives the file's name and content.
fn saved_file(page: &Browser, id: &str) -> Result<(String, String)> {
    let saved = saved_by(page, |page| {
        page.test_id("share")?.click()?;
        page.test_id(id)?.click()
    })?;
    page.press("\u{e00c}")?;
    Ok(saved)
}

/// The name and content of the file that something saves.
pub fn saved_by(
    page: &Browser,
    save: impl FnOnce(&Browser) -> Result<()>,
) -> Result<(String, String)> {
    page.run(
        "window.saved = null;
         const make = URL.createObjectURL;
         URL.createObjectURL = (blob) => {
             blob.text().then((text) => (window.saved = { ...window.saved, text }));
             return make.call(URL, blob);
         };
         HTMLAnchorElement.prototype.click = function () { window.saved = { ...window.saved, name: this.download }; };",
    )?;
    save(page)?;
    page.wait_until("window.saved?.text && window.saved?.name")?;
    let saved = page.run("return window.saved")?;
    let part = |name: &str| saved[name].as_str().unwrap_or_default().to_owned();
    Ok((part("name"), part("text")))
}

#[test]
fn a_saved_run_opens_with_its_branches_and_a_broken_one_leaves_what_was_open() -> Result<()> {
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        page.test_id("to-start")?.click()?;
        press(page, "agent-qa-engineer")?;
        page.test_id("crash")?.click()?;
        page.test_id("to-end")?.click()?;
        page.test_id("branch-1")?;
        let expected = text(page, "trace-hash")?;
        let (name, content) = saved_file(page, "save-run")?;
        ensure!(name.starts_with("deployment-vote-seed-") && name.ends_with(".run.json"), "{name}");

        page.test_id("scenario-chooser")?.click()?;
        press(page, "scenario-ring-vote")?;
        wait_for_text(page, "scenario-chooser", "A vote through a ring")?;
        choose_file(page, "half.json", &content[..content.len() / 2])?;
        wait_for_text(page, "error-message", "half.json")?;
        wait_for_text(page, "scenario-chooser", "A vote through a ring")?;

        choose_file(page, &name, &content)?;
        wait_for_text(page, "scenario-chooser", "Deployment vote")?;
        wait_for_text(page, "trace-hash", &expected)?;
        page.test_id("branch-0")?.click()?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")
    })
}

#[test]
fn a_saved_scenario_opens_as_a_scenario() -> Result<()> {
    with_page("", |page| {
        let (name, content) = saved_file(page, "save-scenario")?;
        assert_eq!(name, "deployment-vote.json");
        ensure!(
            content.starts_with("{\n  \"format\": 1,\n  \"name\": \"deployment-vote\""),
            "{content}"
        );
        let changed = content.replacen("\"title\": \"Deployment vote\"", "\"title\": \"Mine\"", 1);
        choose_file(page, &name, &changed)?;
        wait_for_text(page, "scenario-chooser", "Mine")?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")
    })
}

#[test]
fn a_run_too_long_for_a_link_is_offered_as_a_file() -> Result<()> {
    let agents: Vec<_> = (0..400).map(|n| json!({ "id": format!("agent-number-{n}") })).collect();
    let scenario = json!({ "format": 1, "name": "mine", "title": "Mine", "agents": agents,
                           "proposals": [{ "id": "p" }] });
    with_page("", |page| {
        page.wait_until("location.hash != ''")?;
        choose_file(page, "mine.json", &scenario.to_string())?;
        wait_for_text(page, "scenario-chooser", "Mine")?;
        page.wait_until("location.hash == ''")?;
        page.test_id("share")?.click()?;
        wait_for_text(page, "share-said", "Save it as a file")?;
        page.press("\u{e00c}")?;
        let (_, content) = saved_file(page, "save-run")?;
        choose_file(page, "mine.run.json", &content)?;
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")
    })
}

#[test]
fn the_link_is_copied() -> Result<()> {
    with_page("", |page| {
        page.test_id("share")?.click()?;
        page.test_id("copy-link")?.click()?;
        page.wait_until(
            "/Copied|Selected/.test(document.querySelector('[data-testid=copy-said]').textContent)",
        )
    })
}

#[test]
fn a_link_holds_from_where_it_is_looked_at_and_who_was_put_elsewhere() -> Result<()> {
    let mut shared = None;
    with_page("", |page| {
        press(page, "play")?;
        let rect = "document.querySelector('[data-testid=stage]').getBoundingClientRect()";
        let middle = page.run(&format!(
            "const r = {rect}; return [r.left + r.width / 2, r.top + r.height / 2].map(Math.round)"
        ))?;
        let pixel = |n: usize| middle[n].as_i64().and_then(|it| i32::try_from(it).ok());
        let (x, y) = (pixel(0).context("no x")?, pixel(1).context("no y")?);
        // The coordinator stands in the middle of the mesh.
        page.drag(&[(x, y), (x + 30, y + 40), (x + 60, y + 60)])?;
        page.press("z")?;
        let link = link_of(page)?;
        ensure!(link.contains("'camera':") && link.contains("'moved':"), "{link}");
        shared = Some((link, moment(page)?));
        Ok(())
    })?;
    let (link, expected) = shared.context("a link")?;
    check_same(&link, &expected, |page| {
        page.wait_until(&format!("location.hash == '#' + {}", json!(link)))?;
        // All of it again.
        page.press("0")?;
        page.wait_until("!/camera|moved/.test(location.hash)")
    })
}

/// Reminders without end.
const ENDLESS: &str = r#"{ "format": 1, "name": "patience", "title": "Patience",
    "agents": [{ "id": "a", "count": 200, "mind": "silent" }],
    "proposals": [{ "id": "p", "deadline_ms": 100000000, "reminder_ms": 100 }] }"#;

#[test]
fn a_run_without_end_is_played_on_in_parts_and_opened_again_in_parts() -> Result<()> {
    let mut shared = None;
    with_page("", |page| {
        choose_file(page, "endless.json", ENDLESS)?;
        wait_for_text(page, "scenario-chooser", "Patience")?;
        press(page, "to-end")?;
        // It goes on by itself, the page is alive, and it can be stopped.
        let minutes = "parseInt(document.querySelector('[data-testid=clock]')?.textContent)";
        page.wait_until(&format!("{minutes} >= 2"))?;
        assert_eq!(page.test_id("play")?.attribute("aria-label")?.as_deref(), Some("Pause"));
        press(page, "play")?;
        let here = page.run(&format!("return {minutes}"))?;
        ensure!(here.as_u64().is_some_and(|here| here < 59), "it had no time to stop: {here}");
        press(page, "step-forward")?;
        assert_eq!(page.run(&format!("return {minutes}"))?, here);
        shared = Some((link_of(page)?, moment(page)?));
        Ok(())
    })?;
    let (link, expected) = shared.context("a link")?;
    check_same(&link, &expected, |_| Ok(()))?;
    // The run claims a million times the length; a person who does not want to wait keeps the link.
    with_page("", |page| {
        choose_file(page, "endless.json", &ENDLESS.replace("Patience", "More patience"))?;
        wait_for_text(page, "scenario-chooser", "More patience")?;
        let (_, saved) = saved_file(page, "save-run")?;
        let reached = json!({ "steps": 1_000_000_000_000_u64, "time_us": 900_000_000_000_000_u64 });
        let mut longer: serde_json::Value = serde_json::from_str(&saved)?;
        longer["branches"][0]["reached"] = reached;
        choose_file(page, "longer.json", &longer.to_string())?;
        wait_for_text(page, "replaying", "0 %")?;
        press(page, "stop-replaying")?;
        page.wait_until("!document.querySelector('[data-testid=replaying]')")?;
        press(page, "step-forward")?;
        wait_for_text(page, "scenario-chooser", "More patience")
    })
}

#[test]
fn back_and_forward_lead_through_the_scenarios_as_they_were() -> Result<()> {
    with_page("", |page| {
        page.test_id("to-end")?.click()?;
        wait_for_text(page, "tally-decision", "approved")?;
        let vote = text(page, "trace-hash")?;
        for (name, title) in [("ring-vote", "A vote through a ring"), ("campaign", "A campaign")] {
            page.test_id("scenario-chooser")?.click()?;
            press(page, &format!("scenario-{name}"))?;
            page.wait_until(&format!("location.hash.includes('scenario={name}')"))?;
            page.wait_until(&format!("document.title.startsWith('{title}')"))?;
        }
        page.run("history.back()")?;
        wait_for_text(page, "scenario-chooser", "A vote through a ring")?;
        page.run("history.back()")?;
        wait_for_text(page, "trace-hash", &vote)?;
        page.wait_until("document.title.startsWith('Deployment vote')")?;
        // Looked at for a while it stays this entry, and those ahead stay.
        page.run("return new Promise(done => setTimeout(done, 1500))")?;
        page.run("history.forward()")?;
        wait_for_text(page, "scenario-chooser", "A vote through a ring")?;
        page.run("history.forward()")?;
        wait_for_text(page, "scenario-chooser", "A campaign")
    })
}

#[test]
fn a_link_that_a_person_writes_opens_the_scenario() -> Result<()> {
    for place in ["?scenario=ring-vote&seed=3", "#scenario=ring-vote&seed=3"] {
        with_page(place, |page| {
            wait_for_text(page, "scenario-chooser", "A vote through a ring")?;
            page.wait_until("location.hash.startsWith('#run=1&scenario=ring-vote&seed=3')")?;
            page.wait_until("location.search === ''")?;
            ensure!(page.find_all("[data-testid=error-message]")?.is_empty());
            // And while the page is open.
            page.run("location.hash = 'scenario=unanimous'")?;
            page.wait_until("location.hash.startsWith('#run=1&scenario=unanimous')")
        })?;
    }
    with_page("?scenario=ring-vot", |page| {
        wait_for_text(page, "error-message", "ring-vote")?;
        wait_for_text(page, "scenario-chooser", "Deployment vote")?;
        page.test_id("dismiss")?.click()?;
        page.wait_until("location.hash.startsWith('#run=1&scenario=deployment-vote')")
    })
}
