//! Everything on the page with the keyboard alone.

use std::collections::BTreeSet;

use anyhow::{Result, ensure};

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
