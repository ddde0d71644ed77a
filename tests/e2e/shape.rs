//! A network that changes its shape, on the page: what was measured, and agents that move to where they stand now.

use anyhow::{Context, Result, ensure};
use xtask::browser::Browser;

use crate::byzantine::open;
use crate::page::{press, text, wait_for_text};
use crate::with_page;

/// From the mesh at the start to the star at the end: at how many places discs were painted on the way.
fn places_of_discs(page: &Browser, reduced: bool) -> Result<u64> {
    page.set_reduced_motion(reduced)?;
    page.run("window.before = true; location.reload()")?;
    page.wait_until("!window.before")?;
    open(page, "topology-adapts", "The network changes its shape")?;
    press(page, "to-end")?;
    wait_for_text(page, "shape-now", "Star since")?;
    press(page, "to-start")?;
    wait_for_text(page, "shape-now", "Mesh, as at the start")?;
    // Those that were on their way have come.
    page.wait_until("(window.since ??= performance.now()) + 1000 < performance.now()")?;
    page.run(
        "window.places = new Set(); window.since = undefined; \
         const canvas = CanvasRenderingContext2D.prototype, arc = canvas.arc; \
         canvas.arc = function (x, y, radius, ...more) { \
             if (radius > 20) places.add(`${Math.round(x)} ${Math.round(y)}`); \
             return arc.apply(this, [x, y, radius, ...more]); }",
    )?;
    press(page, "to-end")?;
    wait_for_text(page, "shape-now", "Star since")?;
    page.wait_until("(window.since ??= performance.now()) + 1000 < performance.now()")?;
    page.run("return window.places.size")?.as_u64().context("no places")
}

#[test]
fn agents_move_to_the_new_shape_and_at_once_with_reduced_motion() -> Result<()> {
    with_page("", |page| {
        let moving = places_of_discs(page, false)?;
        let jumping = places_of_discs(page, true)?;
        // Twelve agents, at the least.
        ensure!(jumping >= 12, "discs were seen at {jumping} places");
        ensure!(
            moving > 2 * jumping,
            "discs were seen at {moving} places, and at {jumping} jumping"
        );
        Ok(())
    })
}

#[test]
fn the_shape_that_a_person_wants_is_taken_and_told_with_its_reason() -> Result<()> {
    with_page("", |page| {
        open(page, "topology-adapts", "The network changes its shape")?;
        press(page, "to-end")?;
        wait_for_text(page, "shape-now", "22 messages a second, and a hub carries up to 30")?;
        ensure!(text(page, "shape-switches")?.contains("12 agents, and a mesh is for 9 at most"));
        press(page, "to-start")?;
        wait_for_text(page, "shape-now", "Mesh, as at the start")?;
        press(page, "agent-ann")?;
        page.run(
            "[...document.querySelectorAll('[data-testid=shape-to]')].find(it => \
                 it.textContent.includes('Make it a ring')).click()",
        )?;
        press(page, "to-end")?;
        wait_for_text(page, "shape-now", "Ring since")?;
        wait_for_text(page, "shape-now", "asked for by hand")
    })
}
