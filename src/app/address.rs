//! The address bar always holds the run (V8): it is written a little after anything has changed, and
//! read when the page is opened or a person puts another address there.
//!
//! A link that cannot be opened stays in the address and in the notice until that is dismissed or
//! another run is opened, so that nothing is lost.
//!
//! Another scenario is another entry of the browser's history: Back leads to the one before, as it was.
//! `?scenario=ring-vote&seed=3`, which a person can write, opens a scenario as well.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use engine::playback::saved::LINK_MAX;
use engine::playback::saved::link;
use engine::playback::{Run, SavedRun};
use leptos::ev;
use leptos::prelude::*;

use super::page::Page;
use super::reopening;
use super::{kept, looked_at};

/// Browsers allow about a hundred changes of the address in half a minute.
const LOOK_EVERY: Duration = Duration::from_millis(400);

/// While it plays, the address is written at every third look: once in 1.2 seconds.
const LOOKS_PLAYING: u32 = 3;

/// The state that the address was written for: as long as this stays, so does the link.
#[derive(Default)]
struct Written {
    /// Number of the run, of the branch, steps, time, how far it was played, how much was done.
    moment: [u64; 6],
    view: String,
    /// The scenario of this entry of the history; unknown in one that the browser has just gone to.
    scenario: Option<String>,
    /// How often it was looked at, while playing.
    looks: u32,
}

/// Opens what the address holds, and keeps it up to date from then on.
pub fn start(page: Page) {
    let written = Rc::new(RefCell::new(Written::default()));
    open(page, &location().href().unwrap_or_default());
    write(page, &mut written.borrow_mut());
    let look = {
        let written = Rc::clone(&written);
        move || {
            let Some(playing) = page.playing.try_get_untracked() else { return };
            let mut written = written.borrow_mut();
            written.looks += 1;
            if !playing || written.looks.is_multiple_of(LOOKS_PLAYING) {
                write(page, &mut written);
            }
        }
    };
    let interval = set_interval_with_handle(look, LOOK_EVERY);
    let listener = window_event_listener(ev::hashchange, move |event| {
        written.take();
        // Not what the address holds now: it may have been written since.
        open(page, &event.new_url());
    });
    let hide = window_event_listener(ev::visibilitychange, move |_| kept::update(page));
    on_cleanup(move || {
        listener.remove();
        hide.remove();
        if let Ok(interval) = interval {
            interval.clear();
        }
    });
}

/// Opens the run in an address, if there is something in it.
fn open(page: Page, url: &str) {
    let (place, fragment) = url.split_once('#').unwrap_or((url, ""));
    let query = place.split_once('?').map_or("", |(_, query)| query);
    let text = if fragment.is_empty() { query } else { fragment };
    if let Some(asked) = link::asked(text) {
        match asked {
            Ok((entry, seed)) => {
                // Until it is open the address is not the address of what is shown.
                page.kept_link.set(Some(text.to_owned()));
                page.open_entry(entry, seed);
            }
            Err(error) => page.keep_link(text, &error.to_string()),
        }
        return;
    }
    if fragment.is_empty() {
        return;
    }
    match SavedRun::from_link(text) {
        Ok(mut saved) => {
            let held = kept::complete(&mut saved);
            reopening::open(page, saved, Some(text), held);
        }
        Err(error) => page.keep_link(text, &error.to_string()),
    }
}

fn write(page: Page, written: &mut Written) {
    if page.kept_link.with_untracked(Option::is_some) {
        return;
    }
    let moment = page.with_player(|player| {
        let run = player.run()?;
        let branch = run.branches().get(run.current_branch() as usize)?;
        let (number, done) = (run.current_branch().into(), branch.interventions().len() as u64);
        let frame = &player.frame;
        Some([player.opened.into(), number, frame.steps, frame.time_us, branch.reached_us(), done])
    });
    let Some(moment) = moment.flatten() else { return };
    let view =
        looked_at::read(page).iter().fold(String::new(), |all, (name, value)| all + name + value);
    // A state that was never written has no view, not even an empty one.
    let view = format!("{view}.");
    if written.moment == moment && written.view == view {
        return;
    }
    let scenario = page.with_player(|player| Some(player.run()?.cast().scenario.clone())).flatten();
    let is_other = written.scenario.is_some() && written.scenario != scenario;
    // A browser that does not want it so often gets it at the next look.
    if put(page, is_other) {
        (written.moment, written.view, written.scenario) = (moment, view, scenario);
    }
}

/// Writes the run into the entry of the history that the browser is at, or into a new one.
fn put(page: Page, is_new: bool) -> bool {
    let url = link(page).unwrap_or_else(bare_address);
    let Ok(history) = window().history() else { return false };
    let beside = kept::beside_address(page);
    let put = if is_new {
        history.push_state_with_url(&beside, "", Some(&url))
    } else {
        history.replace_state_with_url(&beside, "", Some(&url))
    };
    put.is_ok()
}

/// Writes the run that is about to be left as it is, so that Back leads there.
pub fn settle(page: Page) {
    if page.kept_link.with_untracked(Option::is_none) {
        put(page, false);
    }
}

/// The whole link to the run as it is shown.
/// None when it is too long to be passed on everywhere.
pub fn link(page: Page) -> Option<String> {
    let link = format!("{}#{}", bare_address(), saved(page)?.to_link());
    (link.len() <= LINK_MAX).then_some(link)
}

/// The run as it is shown, to be kept.
pub fn saved(page: Page) -> Option<SavedRun> {
    let view = looked_at::read(page);
    page.with_player(|player| player.run().map(|run: &Run| run.save(view))).flatten()
}

/// The page's address without a run, and without the scenario that was asked for in its query.
fn bare_address() -> String {
    let href = location().href().unwrap_or_default();
    let place = href.split('#').next().unwrap_or_default();
    let Some((page, query)) = place.split_once('?') else { return place.to_owned() };
    let stays = |field: &&str| !matches!(field.split('=').next(), Some("scenario" | "seed"));
    let rest: Vec<&str> = query.split('&').filter(stays).collect();
    if rest.is_empty() { page.to_owned() } else { format!("{page}?{}", rest.join("&")) }
}
