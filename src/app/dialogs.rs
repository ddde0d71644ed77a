//! Help, and the page about the scenario: dialogs of the browser, which keep the keyboard inside
//! and close with Escape.

use leptos::html;
use leptos::prelude::*;

use super::controls::live;
use super::icons::{self, svg};
use super::markdown;
use super::page::page;

#[component]
pub fn Dialog(
    /// The element, so that it can be opened.
    node: NodeRef<html::Dialog>,
    /// Its heading.
    #[prop(into)]
    title: Signal<String>,
    children: ChildrenFn,
) -> impl IntoView {
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog node_ref=node aria-label=title closedby="any">
            <div class="dialog-head">
                <h2>{title}</h2>
                <button on:click=close aria-label="Close">{svg(icons::CLOSE)}</button>
            </div>
            {children()}
        </dialog>
    }
}

pub fn show(node: NodeRef<html::Dialog>) {
    if let Some(dialog) = node.get_untracked() {
        let _ = dialog.show_modal();
    }
}

/// What is said under help; as markup, which weighs less than as many elements.
const HELP: &str = "<p>Agents vote by sending messages over a simulated network. Every message you see moving is one that the simulation sent; every number is worked out from what has arrived.</p>\
<p>The same scenario and seed always run the same way. Go back, crash an agent, and play on: a second branch starts there, and the first is kept.</p>\
<h3>The glass</h3>\
<p>Its rim is a clock: from the opening of the proposal, at the top, once around to its deadline. Ballots sit on it when they are counted. The ring around the coordinator fills clockwise with FOR; where it meets the dark line, the proposal is approved.</p>\
<p>Filled is counted, outlined is on its way, dotted is not there.</p>\
<h3>The stage</h3>\
<p>Select an agent, a link or a message; the right button or a long press opens what can be done to it. Drag an agent to put it elsewhere, the ground to move the view, the wheel or two fingers to come nearer. Shift and drag draws a partition.</p>\
<h3>Yours</h3>\
<p>What you do is kept in this browser by itself: you find it in the list of scenarios, under Yours.</p>\
<h3>Keys</h3>\
<dl><dt><kbd>Space or .</kbd></dt><dd>play, pause</dd>\
<dt><kbd>← →</kbd></dt><dd>one step back, one step on</dd>\
<dt><kbd>Home End</kbd></dt><dd>to the start, to the end</dd>\
<dt><kbd>Page up, Page down</kbd></dt><dd>to the mark before, to the next</dd>\
<dt><kbd>− +</kbd></dt><dd>slower, faster</dd>\
<dt><kbd>Z, Shift Z, 0</kbd></dt><dd>nearer, further, all of the stage</dd>\
<dt><kbd>F, C, A</kbd></dt><dd>focus, context, all messages</dd>\
<dt><kbd>P</kbd></dt><dd>the presenter’s view, and back</dd>\
<dt><kbd>M</kbd></dt><dd>what can be done to what is selected</dd>\
<dt><kbd>Esc</kbd></dt><dd>select nothing</dd>\
<dt><kbd>?</kbd></dt><dd>this help</dd></dl>";

/// The button for help, and the help.
#[component]
pub fn Help() -> impl IntoView {
    let node = NodeRef::new();
    view! {
        <button id="help" data-testid="help" title="Help" aria-label="Help" on:click=move |_| show(node)>{svg(icons::HELP)}</button>
        <Dialog node title="How to use this"><div inner_html=HELP></div></Dialog>
    }
}

/// The link to the page about the scenario, and the page.
#[component]
pub fn About() -> impl IntoView {
    let page = page();
    let node = NodeRef::new();
    let title = Signal::derive(move || page.snapshot.with(|shot| shot.cast.title.clone()));
    view! {
        <Show when=move || page.info.get().is_some()>
            <button class="link" data-testid="about" on:click=move |_| show(node)>"About this scenario"</button>
        </Show>
        <Dialog node title>
            {live(move || page.info.get().map(markdown::view))}
        </Dialog>
    }
}
