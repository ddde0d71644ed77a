//! Opening a scenario or a saved run from a file of one's own. Nothing leaves the browser.

use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::wasm_bindgen::closure::Closure;
use web_sys::{File, FileReader};

use super::page::Page;

/// A scenario of 200 000 agents is smaller than this.
const BYTES_MAX: f64 = 64.0 * 1024.0 * 1024.0;

/// Reads the file and opens it; what is wrong with it is shown.
pub fn read(page: Page, file: &File) {
    let name = file.name();
    let unreadable = format!("{name}: this file cannot be read; choose it again");
    if file.size() > BYTES_MAX {
        page.error.set(Some(format!(
            "{name}: larger than 64 MB; no scenario needs that, choose another file"
        )));
        return;
    }
    let Ok(reader) = FileReader::new() else { return };
    let done = {
        let reader = reader.clone();
        let unreadable = unreadable.clone();
        Closure::once_into_js(move || {
            match reader.result().ok().and_then(|text| text.as_string()) {
                Some(text) => page.open_text(&text, &name, None),
                None => page.error.set(Some(unreadable)),
            }
        })
    };
    reader.set_onloadend(Some(done.unchecked_ref()));
    if reader.read_as_text(file).is_err() {
        page.error.set(Some(unreadable));
    }
}
