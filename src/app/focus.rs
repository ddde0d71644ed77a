//! The place of the keyboard focus. A user of the mouse expects Space to play, whatever was clicked last:
//! after each action of the pointer the stage has the focus. A control that was reached with Tab keeps it,
//! and its keys.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Its id.
pub const STAGE: &str = "stage-focus";

/// Fields that a person goes on typing in, or that unfold.
const FIELDS: &str = "select, textarea, input:not([type=range], [type=checkbox], [type=radio])";

/// Whether the focus came by Tab.
#[derive(Clone)]
pub struct Tabbed(Rc<Cell<bool>>);

impl Tabbed {
    pub fn get(&self) -> bool {
        self.0.get()
    }
}

/// Gives the stage the focus after each action, and tells from then on whether the focus came by Tab.
pub fn follow() -> Tabbed {
    let tabbed = Tabbed(Rc::default());
    let (by_key, by_pointer) = (tabbed.clone(), tabbed.clone());
    // Where the pointer was pressed last: a script or a screen reader presses without it.
    let pressed_at = Rc::new(RefCell::new(None));
    let at = Rc::clone(&pressed_at);
    let listeners = [
        window_event_listener(ev::keydown, move |event| {
            if event.key() == "Tab" {
                by_key.0.set(true);
            } else if event.key() == "Enter" {
                // In a field of the bar it ends typing.
                let field = target(&event).filter(|it| it.matches(".bar label input") == Ok(true));
                field.into_iter().for_each(give_back);
            }
        }),
        window_event_listener(ev::pointerdown, move |event| {
            by_pointer.0.set(false);
            *pressed_at.borrow_mut() = target(&event);
        }),
        window_event_listener(ev::click, move |event| {
            let Some(pressed) = target(&event) else { return };
            let within = |selector| matches!(pressed.closest(selector), Ok(Some(_)));
            // Whatever is done in a menu or a dialog, with Enter too, ends where it closes.
            if within("[popover], dialog") || event.detail() > 0 && !within(FIELDS) {
                give_back(pressed);
            }
        }),
        window_event_listener(ev::change, move |event| {
            let slid = target(&event).filter(|it| it.matches("select, [type=range]") == Ok(true));
            let slid = slid.filter(|it| at.borrow().as_ref() == Some(it));
            slid.into_iter().for_each(give_back);
        }),
    ];
    on_cleanup(move || listeners.into_iter().for_each(|listener| listener.remove()));
    tabbed
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// The stage has the focus once all that happened to this element has led where it leads, unless a menu or a
/// dialog is open then, or another field waits for what is to be typed.
fn give_back(from: Element) {
    Timeout::new(0, move || {
        let open = document().query_selector("dialog[open], :popover-open").ok().flatten();
        let focused = document().active_element().filter(|it| *it != from);
        let waits = focused.is_some_and(|it| it.matches(FIELDS) == Ok(true));
        let stage = document().get_element_by_id(STAGE).filter(|_| open.is_none() && !waits);
        if let Some(stage) = stage.and_then(|it| it.dyn_into::<HtmlElement>().ok()) {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = stage.focus_with_options(&options);
        }
    })
    .forget();
}
