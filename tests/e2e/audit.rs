//! The audit by axe-core against WCAG 2.2 AA, in both colour schemes, on a desk; by `cargo xtask shots` also
//! on a phone.

use std::io::Write as _;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xtask::browser::{Browser, ColourScheme, Size};
use xtask::setup::Tools;

use crate::choice::open_at_end;
use crate::page::{press, wait_for_text};
use crate::panels::choose;
use crate::with_page;

const DESK: Size = Size { width_px: 1440, height_px: 900 };
#[cfg(feature = "sizes")]
const PHONE: Size = Size { width_px: 390, height_px: 844 };

/// Waits first for what follows from a press or another scheme: panels, ten times a second, and what moves or fades.
const RUN: &str = "
    const painted = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await new Promise((done) => setTimeout(done, 100));
    await painted();
    const ends = (it) => it.playState === 'running' && it.effect?.getComputedTiming().endTime < Infinity;
    await Promise.allSettled(document.getAnimations().filter(ends).map((it) => it.finished));
    await painted();
    const rules = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] };
    const found = await axe.run(document, { runOnly: rules, resultTypes: ['violations'] });
    const said = (rule) => rule.nodes.map((node) =>
        `${rule.id} at ${node.target.join(' ')}: ${node.failureSummary.replaceAll('\\n', ' ')}`);
    return { passes: found.passes.length, violations: found.violations.flatMap(said) };";

/// How the page gets into the state that is audited; each goes on from the one before.
type Way = fn(&Browser) -> Result<()>;

const STATES: [(&str, Way); 27] = [
    ("playing", |page| wait_for_text(page, "scenario-chooser", "Deployment vote")),
    ("paused in the middle, an agent selected", |page| {
        press(page, "to-end")?;
        press(page, "to-start")?;
        (0..6).try_for_each(|_| press(page, "step-forward"))?;
        press(page, "agent-devops-engineer")
    }),
    ("its panel on a phone", |page| press(page, "tab-agent")),
    ("the log on a phone", |page| press(page, "tab-log")),
    ("what is about the scenario on a phone", |page| press(page, "tab-about")),
    ("making a partition", |page| {
        press(page, "tab-intervene")?;
        press(page, "partition")?;
        press(page, "away-qa-engineer")?;
        wait_for_text(page, "split", "Cut off 1")
    }),
    ("after a partition, on a branch of its own", |page| {
        press(page, "split")?;
        page.test_id("branch-1").map(drop)
    }),
    ("an agent crashed", |page| press(page, "crash")),
    ("at the end", |page| {
        press(page, "to-end")?;
        wait_for_text(page, "tally-decision", "o")
    }),
    ("putting a question", |page| press(page, "propose")),
    ("help", |page| {
        close_all(page)?;
        press(page, "help")
    }),
    ("about the scenario", |page| {
        close_all(page)?;
        press(page, "about")
    }),
    ("the scenarios", |page| {
        close_all(page)?;
        press(page, "scenario-chooser")
    }),
    ("what is kept of one's own", |page| {
        press(page, "yours")?;
        wait_for_text(page, "kept-words", "kept by itself")?;
        press(page, "rename")
    }),
    ("something of it deleted", |page| {
        close_all(page)?;
        press(page, "scenario-chooser")?;
        press(page, "delete")?;
        page.test_id("undo").map(drop)
    }),
    ("a liar exposed, and selected", |page| {
        press(page, "scenario-byzantine-equivocator")?;
        wait_for_text(page, "scenario-chooser", "One thing to half")?;
        press(page, "tab-vote")?;
        press(page, "to-end")?;
        wait_for_text(page, "premises", "At most 1 faulty")?;
        press(page, "agent-mallory")
    }),
    ("what can be done to a liar, on a phone", |page| press(page, "tab-intervene")),
    ("a gossip at its end", |page| {
        press(page, "scenario-gossip-ten")?;
        wait_for_text(page, "scenario-chooser", "Gossip of ten")?;
        press(page, "tab-vote")?;
        press(page, "to-end")?;
        wait_for_text(page, "curve-words", "After round 5")
    }),
    ("a choice at its end", |page| {
        open_at_end(page, "database-choice", "Four databases")?;
        press(page, "tab-vote")
    }),
    ("a pipeline at its end", |page| open_at_end(page, "pipeline", "Three gates")),
    ("replicas of a counter", |page| {
        open_at_end(page, "counter-partition", "Counting through")?;
        press(page, "tab-vote")?;
        press(page, "to-end")?;
        wait_for_text(page, "state-sentence", "All 3 hold 87")
    }),
    ("versions of several keys", |page| {
        open_at_end(page, "reconnection", "Back after")?;
        wait_for_text(page, "versions", "task_queue")
    }),
    ("a write of several keys", |page| {
        press(page, "tab-intervene")?;
        press(page, "write-also")
    }),
    ("a strong key that was refused", |page| {
        open_at_end(page, "strong-minority", "The side that")?;
        press(page, "tab-vote")?;
        wait_for_text(page, "replicas", "refused")
    }),
    ("a campaign, shared out and done", |page| {
        open_at_end(page, "campaign", "A campaign, shared out")?;
        press(page, "tab-vote")?;
        wait_for_text(page, "work-sentence", "Done: 3 parts")
    }),
    ("what can be ordered of it, all unfolded, and an agent that works", |page| {
        press(page, "tab-intervene")?;
        press(page, "agent-marketing")?;
        ["worker-title", "task-more", "policy-title"].iter().try_for_each(|it| press(page, it))?;
        choose(page, "policy-policy", "your own")?;
        page.run("document.querySelector('[data-testid=task-id]').value = ''")?;
        press(page, "task-send")?;
        wait_for_text(page, "error-message", "a name of 1 to 64")
    }),
    ("an error", |page| {
        close_all(page)?;
        page.run(
            "const seed = document.querySelector('[data-testid=seed]'); seed.value = 'none'; \
             seed.dispatchEvent(new Event('change', { bubbles: true }))",
        )?;
        wait_for_text(page, "error-message", "no seed")
    }),
];

fn close_all(page: &Browser) -> Result<()> {
    page.run(
        "document.querySelectorAll('dialog[open]').forEach((it) => it.close()); \
         document.querySelectorAll(':popover-open').forEach((it) => it.hidePopover())",
    )
    .map(drop)
}

/// axe-core itself, or nothing where there was no npm to get it with.
fn axe() -> Result<Option<String>> {
    let script = Tools::pinned()?.axe_script();
    if !script.is_file() {
        // Not `eprintln!`: a test that passes would keep it to itself.
        writeln!(
            std::io::stderr(),
            "SKIPPED: the audit needs axe-core; `cargo xtask setup` gets it where npm is"
        )?;
        return Ok(None);
    }
    std::fs::read_to_string(&script)
        .with_context(|| format!("cannot read {}", script.display()))
        .map(Some)
}

fn check_size(size: Size) -> Result<()> {
    let Some(axe) = axe()? else { return Ok(()) };
    with_page("", |page| {
        page.set_size(size)?;
        // The driver's own scripts are not subject to the page's content security policy.
        page.run(&axe)?;
        let mut found = Vec::new();
        for (state, way) in STATES {
            way(page).with_context(|| format!("on the way to: {state}"))?;
            for (scheme, name) in [(ColourScheme::Light, "light"), (ColourScheme::Dark, "dark")] {
                page.set_colour_scheme(scheme)?;
                let violations = violations(page)?;
                found.extend(violations.iter().map(|said| format!("{state}, {name}: {said}")));
            }
        }
        ensure!(found.is_empty(), "axe-core found {}:\n{}", found.len(), found.join("\n"));
        Ok(())
    })
}

fn violations(page: &Browser) -> Result<Vec<String>> {
    let found = page.run(&format!("return (async () => {{ {RUN} }})()"))?;
    ensure!(found["passes"].as_u64() > Some(10), "axe-core has looked at next to nothing: {found}");
    let violations = found["violations"].as_array().context("axe-core gave no list")?;
    Ok(violations.iter().filter_map(Value::as_str).map(str::to_owned).collect())
}

#[test]
fn nobody_is_kept_out_on_a_desk() -> Result<()> {
    check_size(DESK)
}

#[cfg(feature = "sizes")]
#[test]
fn nobody_is_kept_out_on_a_phone() -> Result<()> {
    check_size(PHONE)
}

/// Where the heads of messages were painted in the first twentieth of a second: their tails begin there.
fn places_of_messages(page: &Browser, reduced: bool) -> Result<u64> {
    page.set_reduced_motion(reduced)?;
    page.run("location.reload()")?;
    press(page, "play")?;
    press(page, "to-start")?;
    page.run(
        "window.places = new Set(); \
         const canvas = CanvasRenderingContext2D.prototype, gradient = canvas.createLinearGradient; \
         canvas.createLinearGradient = function (...at) { \
             places.add(`${at[0]} ${at[1]}`); return gradient.apply(this, at); }; \
         const speed = document.querySelector('[data-testid=speed]'); speed.value = -170; \
         speed.dispatchEvent(new Event('input', { bubbles: true }))",
    )?;
    press(page, "play")?;
    page.wait_until("document.querySelector('[data-testid=clock]')?.textContent > '0:00.050'")?;
    page.run("return window.places.size")?.as_u64().context("no places")
}

#[test]
fn with_reduced_motion_messages_jump_in_eight_steps() -> Result<()> {
    with_page("", |page| {
        let moving = places_of_messages(page, false)?;
        let jumping = places_of_messages(page, true)?;
        // Five proposals, and by then a ballot or two.
        ensure!(moving > 150, "messages that move were seen at only {moving} places");
        ensure!(
            (5..=9 * 7).contains(&jumping),
            "they should jump, and were seen at {jumping} places"
        );
        Ok(())
    })
}
