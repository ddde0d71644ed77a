//! A person's own runs and scenarios, kept in this browser by themselves: those that were changed, in which
//! something was done, or which came from a file. Only looking at something keeps nothing.
//!
//! Each is one item of the browser's storage, so that two pages at once do not lose each other's. A run goes
//! on in its item for as long as nobody else has done something there; else it gets one of its own. An act is
//! written when it is done; the place of the run, when the page or the run is left.

use engine::playback::SavedRun;
use engine::view::kept::{KeptEntry, list, of_run, surplus};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsValue;

use super::address;
use super::page::Page;
use super::theme::storage;

/// Items of other names are no concern of ours.
const PREFIX: &str = "swarmglass-kept-";

const FULL: &str = "There is no room left in this browser to keep this. Delete some of yours in the list of scenarios, or save the run as a file under Share.";

/// The list says this, too.
pub const FORBIDDEN: &str =
    "This browser does not let this page keep anything; save runs as files under Share.";

/// An item, as it was when this page last read or wrote it. One without a key could not be written.
#[derive(Clone, Default)]
pub struct Held {
    pub key: String,
    pub when_ms: u64,
}

/// Where the run that is shown is kept.
fn held(page: Page) -> Option<Held> {
    page.with_player(|player| player.held.clone()).flatten()
}

/// The run that is shown goes on in this item, or in none yet.
pub fn hold(page: Page, held: Option<Held>) {
    let (held, failed) = match held {
        Some(held) if held.key.is_empty() => (None, true),
        held => (held, false),
    };
    page.with_player(|player| player.held = held);
    if failed {
        say(page);
    }
}

/// Whether the run that is shown is kept in this item.
pub fn is_held(page: Page, key: &str) -> bool {
    held(page).is_some_and(|held| held.key == key)
}

/// The text of the item, if nothing was done to it by somebody else.
fn stored(held: &Held) -> Option<String> {
    read(&held.key).filter(|text| KeptEntry::read(text).when_ms == held.when_ms)
}

/// Keeps the run that is shown: something was done to it, or it was changed.
pub fn keep(page: Page) {
    let Some(saved) = address::saved(page) else { return };
    let known = held(page).and_then(|held| Some((stored(&held)?, held.key)));
    let name = known.as_ref().map_or("", |(text, _)| KeptEntry::read(text).name);
    let text = of_run(&saved, now_ms(), name);
    let held = put(known.map(|(_, key)| key), &text);
    // It is said once, and not each time that something is done.
    let told = page.with_player(|player| core::mem::replace(&mut player.told_full, held.is_none()));
    match held {
        Some(_) => hold(page, held),
        None if told == Some(false) => say(page),
        None => {}
    }
}

/// Keeps where a run stands that is kept already.
pub fn update(page: Page) {
    let Some(held) = held(page) else { return };
    let Some(text) = stored(&held) else { return };
    let Some(saved) = address::saved(page) else { return };
    write(&held.key, &KeptEntry { body: &saved.to_file(), ..KeptEntry::read(&text) }.write());
}

/// Keeps the text of something that comes from a file.
pub fn import(text: &str) -> Held {
    put(None, text).unwrap_or_default()
}

/// The key of the item, kept beside the address in the browser's history, so that a page that is loaded again
/// goes on in the same item.
pub fn beside_address(page: Page) -> JsValue {
    held(page).map_or(JsValue::NULL, |held| held.key.into())
}

/// Makes the run of a link the whole run, where that is kept and the link shows a part of it.
pub fn complete(link: &mut SavedRun) -> Option<Held> {
    let key = window().history().ok()?.state().ok()?.as_string()?;
    let text = read(&key)?;
    let KeptEntry { when_ms, body, .. } = KeptEntry::read(&text);
    let mut whole = SavedRun::parse(body, "").ok()?;
    whole.go_to_link(link)?;
    *link = whole;
    Some(Held { key, when_ms })
}

/// The keys and texts of all items, the newest first, without those that are too many; `None` where the
/// browser does not let us.
pub fn all() -> Option<Vec<(String, String)>> {
    let storage = storage()?;
    let mut all = Vec::new();
    for place in 0..storage.length().ok()? {
        let key = storage.key(place).ok()?.filter(|key| key.starts_with(PREFIX));
        if let Some(text) = key.as_deref().and_then(read) {
            list(&mut all, key?, text);
        }
    }
    surplus(&mut all).iter().for_each(|key| delete(key));
    Some(all)
}

pub fn read(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Writes an item as it is; false when the browser does not take it, and then what stood there stays.
pub fn write(key: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(key, text).is_ok())
}

/// Keeps a text, in an item of its own where it has none.
fn put(key: Option<String>, text: &str) -> Option<Held> {
    let KeptEntry { when_ms, .. } = KeptEntry::read(text);
    let is_new = key.is_none();
    let random = getrandom::u32().unwrap_or_default();
    let key = key.unwrap_or_else(|| format!("{PREFIX}{when_ms}-{random}"));
    if !write(&key, text) {
        return None;
    }
    if is_new {
        // The oldest make room.
        all();
    }
    Some(Held { key, when_ms })
}

pub fn now_ms() -> u64 {
    js_sys::Date::now() as u64
}

pub fn delete(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// Says that something was not kept, and what to do.
pub fn say(page: Page) {
    let words = if storage().is_some() { FULL } else { FORBIDDEN };
    page.error.set(Some(words.to_owned()));
}
