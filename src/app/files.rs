//! Opening a scenario or a saved run from a file of one's own. Nothing leaves the browser.

use engine::protocol::name::visible;
use engine::scenario::bytes::decode;
use js_sys::{ArrayBuffer, Uint8Array};
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
    let shown = visible(&name).into_owned();
    let unreadable = format!("{shown}: this file cannot be read; choose it again");
    if file.size() > BYTES_MAX {
        page.error.set(Some(format!(
            "{shown}: larger than 64 MB; no scenario needs that, choose another file"
        )));
        return;
    }
    let Ok(reader) = FileReader::new() else { return };
    let done = {
        let reader = reader.clone();
        let unreadable = unreadable.clone();
        Closure::once_into_js(move || {
            let buffer = reader.result().ok().filter(|it| it.is_instance_of::<ArrayBuffer>());
            let Some(buffer) = buffer else {
                page.error.set(Some(unreadable));
                return;
            };
            // Read as text, the browser would put other characters for what is not UTF-8.
            match decode(&Uint8Array::new(&buffer).to_vec(), &name) {
                Ok(text) => page.open_text(text, &name, None),
                Err(error) => page.error.set(Some(error.to_string())),
            }
        })
    };
    reader.set_onloadend(Some(done.unchecked_ref()));
    if reader.read_as_array_buffer(file).is_err() {
        page.error.set(Some(unreadable));
    }
}
