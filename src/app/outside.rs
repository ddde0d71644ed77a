//! The functions that index.html keeps outside the module, where they still work after it has
//! stopped; and what else is asked of the browser by name.

use leptos::prelude::*;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, HtmlElement, HtmlInputElement, Url};

/// Calls a function of index.html; false when there is none, as in tests of parts of the page.
fn call(name: &str, arguments: &[JsValue]) -> bool {
    let function = js_sys::Reflect::get(&window(), &name.into());
    let Ok(function) = function.and_then(|it| it.dyn_into::<js_sys::Function>()) else {
        return false;
    };
    let list: js_sys::Array = arguments.iter().collect();
    function.apply(&window(), &list).is_ok()
}

/// Says that the module has stopped, and why.
pub fn stopped(reason: &str) {
    call("swarmglassStopped", &[reason.into()]);
}

/// Copies the text of a field, and tells whether it could; where it cannot, the text is selected.
pub fn copy(field: &HtmlInputElement, done: impl FnOnce(bool) + 'static) {
    let done = Closure::once_into_js(done);
    call("swarmglassCopy", &[field.clone().into(), done]);
}

/// Hands a text to the person as a file. Nothing leaves the browser.
pub fn save(name: &str, text: &str) {
    let parts = js_sys::Array::of1(&text.into());
    let Ok(blob) = Blob::new_with_str_sequence(&parts) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    let link = document().create_element("a").and_then(|link| {
        link.set_attribute("href", &address)?;
        link.set_attribute("download", name)?;
        Ok(link)
    });
    if let Ok(Ok(link)) = link.map(|link| link.dyn_into::<HtmlElement>()) {
        link.click();
    }
    let _ = Url::revoke_object_url(&address);
}
