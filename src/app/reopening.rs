//! Opening a saved run: it is played again up to its moment. A long one is played in parts, and can be
//! stopped; until then the run that was open stays open.

use engine::playback::saved::{Reopening, SavedRun};
use engine::protocol::problem::Problem;
use engine::scenario::gallery;
use gloo_timers::callback::Timeout;
use leptos::prelude::*;

use super::address;
use super::controls::Button;
use super::icons::{self, svg};
use super::kept::{self, Held};
use super::looked_at;
use super::page::{Page, page};

/// Steps between two looks at the clock.
const STEPS: u64 = 10_000;

/// For so long nobody notices that the page is busy.
const AT_ONCE_MS: f64 = 100.0;

/// Later it paints and listens this often.
const PART_MS: f64 = 12.0;

/// Opens a saved run at its moment, standing still; says when it is not the run that was saved.
/// `link` is the text it came from: that stays until the run is there; `held` is where it is kept.
pub fn open(page: Page, saved: SavedRun, link: Option<&str>, held: Option<Held>) {
    let link = link.map(str::to_owned);
    match Reopening::new(saved) {
        Ok(reopening) => {
            page.kept_link.set(link);
            page.reopening.set_value(Some((reopening, held)));
            go_on(page, AT_ONCE_MS);
        }
        Err(problem) => {
            page.kept_link.set(link);
            fail(page, problem);
        }
    }
}

fn go_on(page: Page, part_ms: f64) {
    let reopening = page.reopening.try_update_value(Option::take).flatten();
    // Stopped, or something else was opened.
    let Some((mut reopening, held)) = reopening else { return };
    let start_ms = now_ms();
    loop {
        match reopening.advance(STEPS) {
            Ok(true) => return finish(page, reopening, held),
            Ok(false) if now_ms() - start_ms < part_ms => {}
            Ok(false) => break,
            Err(problem) => return fail(page, problem),
        }
    }
    let (played, whole) = reopening.progress();
    let percent = (played / (whole / 100).max(1)).min(99);
    if page.replayed_percent.get_untracked() != Some(percent) {
        page.replayed_percent.set(Some(percent));
    }
    page.playing.set(false);
    page.reopening.set_value(Some((reopening, held)));
    Timeout::new(0, move || go_on(page, PART_MS)).forget();
}

fn finish(page: Page, reopening: Reopening, held: Option<Held>) {
    kept::update(page);
    address::settle(page);
    let saved = reopening.saved();
    let (view, entry) = (saved.view.clone(), gallery::entry_of(&saved.scenario.file));
    match reopening.finish() {
        Ok((run, difference)) => {
            page.with_player(|player| player.show_reopened(run));
            page.info.set(entry.map(|entry| entry.info));
            page.begin();
            looked_at::apply(page, &view);
            page.playing.set(false);
            match difference {
                None => kept::hold(page, held),
                // It is another run.
                Some(difference) => {
                    kept::hold(page, None);
                    page.error.set(Some(difference.to_string()));
                }
            }
            page.show();
        }
        Err(problem) => fail(page, problem),
    }
}

fn fail(page: Page, problem: Problem) {
    page.replayed_percent.set(None);
    page.error.set(Some(problem.in_file("the saved run").to_string()));
}

fn now_ms() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// How far it is, and a way to stop it.
#[component]
pub fn Replaying() -> impl IntoView {
    let page = page();
    let stop = move || {
        page.reopening.set_value(None);
        page.replayed_percent.set(None);
        if page.kept_link.with_untracked(Option::is_some) {
            page.error.set(Some("The run was not opened; this is its link:".to_owned()));
        }
    };
    move || {
        page.replayed_percent.get().map(|percent| {
            view! {
                <div class="notice" role="status" data-testid="replaying">
                    {svg(icons::LETTER)}<div><span>{format!("The run is long; it is played again up to its moment: {percent} %")}</span></div>
                    {Button::new("stop-replaying", stop).label("Stop").icon(icons::CLOSE).view()}
                </div>
            }
        })
    }
}
