//! The address bar always holds the run (V8): it is written a little after anything has changed, and
//! read when the page is opened or a person puts another address there.
//!
//! A link that cannot be opened stays in the address and in the notice until that is dismissed or
//! another run is opened, so that nothing is lost.

use std::time::Duration;

use engine::map::Map;
use engine::playback::saved::LINK_MAX;
use engine::playback::{Run, SavedRun};
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::looked_at;
use super::page::Page;

/// Browsers allow about a hundred changes of the address in half a minute.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// While it plays, the address is written at every third look: once in 1.2 seconds.
const LOOKS_PLAYING: u32 = 3;

/// What the address was written for: as long as this stays, so does the link.
#[derive(Default, PartialEq)]
struct Written {
    opened: u32,
    branch: u32,
    /// The moment: steps and time in microseconds.
    moment: (u64, u64),
    /// How far the branch was played, and how many things were done in it.
    reached_us: u64,
    done: usize,
    view: Map<String, String>,
}

/// Opens what the address holds, and keeps it up to date from then on.
pub fn start(page: Page) {
    let written = StoredValue::new_local(None::<Written>);
    open(page);
    write(page, written);
    let looks = StoredValue::new_local(0_u32);
    let look = move || {
        let Some(playing) = page.playing.try_get_untracked() else { return };
        let due = looks.try_update_value(|looks| {
            *looks += 1;
            looks.is_multiple_of(LOOKS_PLAYING)
        });
        if !playing || due == Some(true) {
            write(page, written);
        }
    };
    let interval = set_interval_with_handle(look, LOOK_EVERY);
    let listener = window_event_listener(ev::hashchange, move |_| {
        written.set_value(None);
        open(page);
    });
    on_cleanup(move || {
        listener.remove();
        if let Ok(interval) = interval {
            interval.clear();
        }
    });
}

/// Opens the run in the address, if there is something in it.
fn open(page: Page) {
    let text = location().hash().unwrap_or_default();
    let text = text.trim_start_matches('#');
    if text.is_empty() {
        return;
    }
    match SavedRun::from_link(text) {
        Ok(saved) => page.open_saved(&saved),
        Err(error) => page.keep_link(text, &error.to_string()),
    }
}

fn write(page: Page, written: StoredValue<Option<Written>, LocalStorage>) {
    if page.kept_link.with_untracked(Option::is_some) {
        return;
    }
    let now = page.with_player(|player| {
        let run = player.run()?;
        let branch = run.branches().get(run.current_branch() as usize)?;
        Some(Written {
            opened: player.opened,
            branch: run.current_branch(),
            moment: (player.frame.steps, player.frame.time_us),
            reached_us: branch.reached_us(),
            done: branch.interventions().len(),
            view: looked_at::read(page),
        })
    });
    let Some(now) = now.flatten() else { return };
    if written.with_value(|before| before.as_ref() == Some(&now)) {
        return;
    }
    let url = link(page).unwrap_or_else(|_| bare_address());
    let history = window().history();
    // A browser that does not want it so often gets it at the next look.
    if history.is_ok_and(|it| it.replace_state_with_url(&JsValue::NULL, "", Some(&url)).is_ok()) {
        written.set_value(Some(now));
    }
}

/// The whole link to the run as it is shown.
///
/// # Errors
/// When it is too long for a link: how many characters it would have.
pub fn link(page: Page) -> Result<String, usize> {
    let text = saved(page).map(|saved| saved.to_link()).unwrap_or_default();
    let link = format!("{}#{text}", bare_address());
    if link.len() <= LINK_MAX { Ok(link) } else { Err(link.len()) }
}

/// The run as it is shown, to be kept.
pub fn saved(page: Page) -> Option<SavedRun> {
    let view = looked_at::read(page);
    page.with_player(|player| player.run().map(|run: &Run| run.save(view))).flatten()
}

/// The page's address without a run.
fn bare_address() -> String {
    let href = location().href().unwrap_or_default();
    href.split('#').next().unwrap_or_default().to_owned()
}
