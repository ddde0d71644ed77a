//! The page in a browser, without its styles: what a person does, and what is shown then. Elements
//! are found by `data-testid`.

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::HtmlElement;

use super::App;
use super::speed::speed_text;

wasm_bindgen_test_configure!(run_in_browser);

/// A page of its own; it is gone when the handle is.
struct Opened {
    root: HtmlElement,
    _handle: Box<dyn core::any::Any>,
}

fn open() -> Opened {
    // All tests share one address, and a page opens what is in it.
    window().location().set_hash("").unwrap();
    let root: HtmlElement = document().create_element("div").unwrap().unchecked_into();
    document().body().unwrap().append_child(&root).unwrap();
    let handle: UnmountHandle<_> = mount_to(root.clone(), App);
    Opened { root, _handle: Box::new(handle) }
}

impl Drop for Opened {
    fn drop(&mut self) {
        self.root.remove();
    }
}

impl Opened {
    fn find(&self, id: &str) -> HtmlElement {
        let found = self.root.query_selector(&format!("[data-testid='{id}']")).unwrap();
        found.unwrap_or_else(|| panic!("nothing has the test id {id}")).unchecked_into()
    }

    fn has(&self, id: &str) -> bool {
        self.root.query_selector(&format!("[data-testid='{id}']")).unwrap().is_some()
    }

    fn text(&self, id: &str) -> String {
        self.find(id).text_content().unwrap_or_default()
    }

    async fn click(&self, id: &str) {
        self.find(id).click();
        leptos::task::tick().await;
    }

    fn lamp(&self, agent: &str) -> (String, String) {
        let lamp = self.find(&format!("lamp-{agent}"));
        let get = |name: &str| lamp.get_attribute(name).unwrap_or_default();
        (get("data-status"), get("data-tint"))
    }
}

async fn wait_ms(span_ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, span_ms).unwrap();
    });
    wasm_bindgen_futures::JsFuture::from(promise).await.unwrap();
}

/// Puts a file into a file input, as a person does with the browser's dialog.
fn choose_file(input: &HtmlElement, name: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes).into());
    let file = web_sys::File::new_with_u8_array_sequence(&parts, name).unwrap();
    let chosen = web_sys::DataTransfer::new().unwrap();
    chosen.items().add_with_file(&file).unwrap();
    let input: &web_sys::HtmlInputElement = input.unchecked_ref();
    input.set_files(chosen.files().as_ref());
    input.dispatch_event(&web_sys::Event::new("change").unwrap()).unwrap();
}

#[wasm_bindgen_test]
async fn it_opens_on_the_deployment_vote_and_plays_by_itself() {
    let page = open();
    assert_eq!(page.text("scenario-chooser").trim(), "Deployment vote");
    wait_ms(600).await;
    assert_ne!(page.text("clock"), "0:00.000");
    page.click("play").await;
    let paused_at = page.text("clock");
    wait_ms(300).await;
    assert_eq!(page.text("clock"), paused_at, "paused");
}

#[wasm_bindgen_test]
async fn at_the_end_the_tally_is_right_and_every_property_holds() {
    let page = open();
    page.click("to-end").await;
    assert_eq!(page.text("tally-decision"), "approved");
    assert_eq!(
        page.text("tally-sentence").trim(),
        "Approved: 9.5 of 12 = 79.2 % FOR, 65 % needed."
    );
    assert_eq!(page.lamp("lead-engineer"), ("counted".into(), "for".into()));
    assert_eq!(page.lamp("qa-engineer"), ("counted".into(), "against".into()));
    for property in ["agreement", "validity", "termination"] {
        let status = page.find(&format!("property-{property}")).get_attribute("data-status");
        assert_eq!(status.as_deref(), Some("holds"), "{property}");
    }
    assert_eq!(page.text("trace-hash").len(), 16);
}

#[wasm_bindgen_test]
async fn a_step_back_undoes_a_step_forward() {
    let page = open();
    page.click("to-start").await;
    for _ in 0..5 {
        page.click("step-forward").await;
    }
    let before = (page.text("clock"), page.text("trace-hash"));
    page.click("step-forward").await;
    assert_ne!(page.text("trace-hash"), before.1);
    page.click("step-back").await;
    assert_eq!((page.text("clock"), page.text("trace-hash")), before);
}

#[wasm_bindgen_test]
async fn a_crash_in_the_past_starts_a_branch_and_changes_the_outcome() {
    let page = open();
    page.click("to-end").await;
    page.click("to-start").await;
    assert!(!page.has("crash"), "nobody is selected");
    page.click("agent-devops-engineer").await;
    page.click("crash").await;
    assert!(!page.has("crash"), "it is down");
    assert!(page.has("restart"));
    page.click("to-end").await;
    assert_eq!(page.text("tally-decision"), "timeout");
    assert_eq!(page.lamp("devops-engineer").0, "absent");
    page.click("branch-0").await;
    page.click("to-end").await;
    assert_eq!(page.text("tally-decision"), "approved", "the first branch is kept");
}

#[wasm_bindgen_test]
async fn another_scenario_opens_from_the_list() {
    let page = open();
    page.click("scenario-unanimous").await;
    page.click("to-end").await;
    assert!(
        page.text("tally-sentence").contains("everyone needed"),
        "{}",
        page.text("tally-sentence")
    );
}

#[wasm_bindgen_test]
async fn a_bad_file_is_told_and_what_was_open_stays_open() {
    let page = open();
    page.click("to-end").await;
    choose_file(&page.find("file-input"), "future.json", b"{ \"format\": 99 }");
    wait_ms(200).await;
    assert!(
        page.text("error-message").contains("future.json: at format"),
        "{}",
        page.text("error-message")
    );
    assert_eq!(page.text("tally-decision"), "approved");
    let dismiss =
        page.root.query_selector("[data-testid='error-message'] button").unwrap().unwrap();
    dismiss.unchecked_into::<HtmlElement>().click();
    leptos::task::tick().await;
    assert!(!page.has("error-message"));
}

#[wasm_bindgen_test]
async fn a_file_is_read_by_its_bytes() {
    let page = open();
    let latin = b"{\n \"title\": \"B\xfccher\" }";
    choose_file(&page.find("file-input"), "latin.json", latin);
    wait_ms(200).await;
    assert!(
        page.text("error-message").contains(
            "latin.json: at line 2, column 13: expected UTF-8, found the byte 0xfc; save it as UTF-8"
        ),
        "{}",
        page.text("error-message")
    );
    let marked = b"\xef\xbb\xbf{ \"format\": 1, \"name\": \"marked\", \"title\": \"Marked\", \"agents\": [{ \"id\": \"a\" }] }";
    choose_file(&page.find("file-input"), "marked.json", marked);
    wait_ms(200).await;
    assert_eq!(page.text("scenario-chooser").trim(), "Marked");
    window().local_storage().unwrap().unwrap().clear().unwrap();
}

#[wasm_bindgen_test]
async fn what_was_done_is_listed_and_opens_again() {
    let storage = window().local_storage().unwrap().unwrap();
    storage.clear().unwrap();
    let page = open();
    page.click("to-end").await;
    page.click("scenario-chooser").await;
    assert!(!page.has("open"), "only looking keeps nothing");
    page.click("to-start").await;
    page.click("agent-devops-engineer").await;
    page.click("crash").await;
    page.click("to-end").await;
    let hash = page.text("trace-hash");
    page.click("scenario-unanimous").await;
    page.click("scenario-chooser").await;
    assert!(page.text("open").starts_with("Deployment vote · crash devops-engineer"));
    page.click("open").await;
    assert_eq!((page.text("trace-hash"), page.text("tally-decision")), (hash, "timeout".into()));
    storage.clear().unwrap();
}

#[wasm_bindgen_test]
fn speeds_are_fractions_below_one() {
    for (notch, text) in
        [(-300, "1/1000"), (-130, "1/20"), (-30, "1/2"), (0, "1"), (100, "10"), (300, "1000")]
    {
        assert_eq!(speed_text(notch), text);
    }
}
