//! Everything on the page with the keyboard alone.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};

use crate::page::{press, wait_for_text};
use crate::with_page;

/// The names of all controls that are there and can be used; those of menus and dialogs only while
/// they are open.
const CONTROLS: &str = "return [...document.querySelectorAll('button, input, select, [tabindex]')] \
    .filter(it => !it.disabled && it.tabIndex >= 0 && it.checkVisibility()) \
    .filter(it => !it.closest('dialog:not([open])') && !it.closest('[popover]:not(:popover-open)')) \
    .map(it => it.dataset.testid ?? it.getAttribute('aria-label') ?? it.textContent)";

const FOCUSED: &str = "const it = document.activeElement; return it === document.body ? '' : \
    (it.dataset.testid ?? it.getAttribute('aria-label') ?? it.textContent)";

fn names(value: &serde_json::Value) -> BTreeSet<String> {
    value.as_array().into_iter().flatten().filter_map(|it| it.as_str().map(str::to_owned)).collect()
}

#[test]
fn every_control_is_reached_with_the_tab_key() -> Result<()> {
    with_page("", |page| {
        press(page, "play")?;
        press(page, "agent-qa-engineer")?;
        press(page, "partition")?;
        let mut controls = names(&page.run(CONTROLS)?);
        ensure!(controls.len() > 30, "only {} controls: {controls:?}", controls.len());
        page.run("document.activeElement.blur()")?;
        for _ in 0..3 * controls.len() {
            page.press("\u{e004}")?;
            if let Some(focused) = page.run(FOCUSED)?.as_str() {
                controls.remove(focused);
            }
            if controls.is_empty() {
                return Ok(());
            }
        }
        ensure!(controls.is_empty(), "the keyboard does not reach {controls:?}");
        Ok(())
    })
}

#[test]
fn an_agent_is_selected_and_crashed_without_a_mouse() -> Result<()> {
    with_page("", |page| {
        page.test_id("agent-qa-engineer")?;
        page.press(" ")?;
        page.press("\u{e011}")?;
        page.run("document.querySelector('[data-testid=agent-qa-engineer]').focus()")?;
        page.press("\u{e007}")?;
        wait_for_text(page, "intervene-on", "qa-engineer")?;
        page.press("m")?;
        page.wait_until(
            "document.querySelector('[data-testid=stage-menu]').matches(':popover-open')",
        )?;
        page.wait_until("document.activeElement.dataset.testid == 'crash'")?;
        page.press("\u{e007}")?;
        wait_for_text(page, "log", "qa-engineer crashed")?;
        page.press("?")?;
        page.wait_until("document.querySelector('dialog[open]') != null")?;
        page.press("\u{e00c}")?;
        page.wait_until("document.querySelector('dialog[open]') == null")
    })
}

#[test]
fn the_presenters_view_shows_stage_caption_and_transport() -> Result<()> {
    let visible =
        |selector: &str| format!("document.querySelector('{selector}')?.checkVisibility()");
    with_page("?present", |page| {
        for selector in [
            "[data-testid=stage]",
            "[data-testid=caption]",
            "[data-testid=tape]",
            "[data-testid=play]",
        ] {
            page.wait_until(&visible(selector))?;
        }
        for selector in [".bar", ".column.left", ".column.right"] {
            page.wait_until(&format!("!{}", visible(selector)))?;
        }
        let size = page.run(
            "return parseFloat(getComputedStyle(document.querySelector('.caption')).fontSize)",
        )?;
        ensure!(size.as_f64().is_some_and(|px| px >= 30.0), "the caption is {size} px high");
        page.press("p")?;
        page.wait_until(&visible(".bar"))
    })
}

const STAGE_HAS_FOCUS: &str = "document.activeElement.getAttribute('aria-label') === 'Stage'";

/// The README's "Crash it. Play on.", with the mouse and then Space.
#[test]
fn space_plays_on_after_a_click_on_crash() -> Result<()> {
    with_page("", |page| {
        page.test_id("play")?.click()?;
        page.wait_until(STAGE_HAS_FOCUS)?;
        page.press("\u{e011}")?;
        page.press("\u{e014}")?;
        press(page, "agent-devops-engineer")?;
        wait_for_text(page, "intervene-on", "devops-engineer")?;
        page.test_id("crash")?.click()?;
        wait_for_text(page, "log", "devops-engineer crashed")?;
        page.wait_until(STAGE_HAS_FOCUS)?;
        page.press(" ")?;
        page.wait_until(&format!("{PLAYS} && document.querySelector('[data-testid=restart]')"))?;
        let log = page.test_id("log")?.text()?;
        ensure!(!log.contains("restarted"), "Space has restarted it: {log}");
        Ok(())
    })
}

const PLAYS: &str = "document.querySelector('[data-testid=play]').title === 'Pause'";
const STANDS: &str = "document.querySelector('[data-testid=play]').title === 'Play'";

/// Whatever is clicked: a scenario, a menu, a dialog, a slider, a setting, a branch, the tape.
#[test]
fn space_plays_after_anything_was_clicked() -> Result<()> {
    with_page("", |page| {
        let space_pauses_and_plays = |after: &str| {
            page.wait_until(STAGE_HAS_FOCUS).with_context(|| format!("after {after}"))?;
            page.press(" ")?;
            page.press(" ")?;
            page.press("\u{e011}")?;
            page.wait_until(STANDS).with_context(|| format!("after {after}"))?;
            page.press(" ")?;
            page.wait_until(PLAYS).with_context(|| format!("after {after}"))
        };
        page.test_id("scenario-chooser")?.click()?;
        page.test_id("scenario-partitioned-vote")?.click()?;
        wait_for_text(page, "scenario-chooser", "two halves")?;
        space_pauses_and_plays("a scenario was picked")?;
        for (id, closes) in [
            ("help", true),
            ("theme", false),
            ("noise-all", false),
            ("tape", false),
            ("speed", false),
            ("reset", false),
        ] {
            page.test_id(id)?.click()?;
            if closes {
                page.wait_until("document.querySelector('dialog[open]') != null")?;
                page.press("\u{e00c}")?;
                page.wait_until("document.querySelector('dialog[open]') == null")?;
                page.press(" ")?;
                ensure!(page.run("return document.querySelector('dialog[open]')")?.is_null());
                continue;
            }
            space_pauses_and_plays(id)?;
        }
        let seed = page.test_id("seed")?;
        seed.click()?;
        seed.type_text("1\u{e007}")?;
        space_pauses_and_plays("a seed was typed")
    })
}

#[test]
fn a_control_reached_with_tab_keeps_space() -> Result<()> {
    with_page("", |page| {
        page.test_id("seed")?.click()?;
        page.press("\u{e004}")?;
        page.wait_until("document.activeElement.dataset.testid === 'reset'")?;
        page.press("\u{e004}")?;
        page.wait_until("document.activeElement.dataset.testid === 'new-seed'")?;
        let seed = "document.querySelector('[data-testid=seed]').value";
        let before = page.run(&format!("return {seed}"))?;
        page.press(" ")?;
        page.wait_until(&format!("{seed} !== {before}"))?;
        page.wait_until("document.activeElement.dataset.testid === 'new-seed'")
    })
}
