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
    /// It is called once the dialog has closed.
    #[prop(optional, into)]
    on_close: Option<Callback<()>>,
    children: ChildrenFn,
) -> impl IntoView {
    let closed = move |_| {
        if let Some(on_close) = on_close {
            on_close.run(());
        }
    };
    let close = move |_| {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    view! {
        <dialog node_ref=node aria-label=title closedby="any" on:close=closed>
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

/// The text of the help: headings, and paragraphs under them.
const HELP: [(&str, &[&str]); 4] = [
    (
        "",
        &[
            "Agents vote by sending messages over a simulated network. Every message you see moving is one that the simulation sent; every number is worked out from what has arrived.",
            "The same scenario and seed always run the same way. Go back, crash an agent, and play on: a second branch starts there, and the first is kept.",
        ],
    ),
    (
        "The glass",
        &[
            "Its rim is a clock: from the opening of the proposal, at the top, once around to its deadline. Ballots sit on it when they are counted. The ring around the coordinator fills clockwise with FOR; where it meets the dark line, the proposal is approved.",
            "Filled is counted, outlined is on its way, dotted is not there.",
        ],
    ),
    (
        "The stage",
        &[
            "Select an agent, a link or a message; the right button or a long press opens what can be done to it. Drag an agent to put it elsewhere, the ground to move the view, the wheel or two fingers to come nearer. Shift and drag draws a partition.",
        ],
    ),
    (
        "Yours",
        &[
            "What you do is kept in this browser by itself: you find it in the list of scenarios, under Yours.",
        ],
    ),
];

/// The keys, and what they do.
const KEYS: [(&str, &str); 11] = [
    ("Space or .", "play, pause"),
    ("← →", "one step back, one step on"),
    ("Home End", "to the start, to the end"),
    ("Page up, Page down", "to the mark before, to the next"),
    ("− +", "slower, faster"),
    ("Z, Shift Z, 0", "nearer, further, all of the stage"),
    ("F, C, A", "focus, context, all messages"),
    ("P", "the presenter’s view, and back"),
    ("M", "what can be done to what is selected"),
    ("Esc", "select nothing"),
    ("?", "this help"),
];

/// The button for help, and the help.
#[component]
pub fn Help() -> impl IntoView {
    let node = NodeRef::new();
    view! {
        <button id="help" data-testid="help" title="Help" aria-label="Help" on:click=move |_| show(node)>{svg(icons::HELP)}</button>
        <Dialog node title="How to use this">
            <div>
                {HELP.map(help).into_iter().collect_view()}
                <h3>"Keys"</h3>
                <dl>{KEYS.map(|(key, does)| view! { <dt><kbd>{key}</kbd></dt><dd>{does}</dd> }).into_iter().collect_view()}</dl>
            </div>
        </Dialog>
    }
}

fn help((heading, paragraphs): (&'static str, &'static [&'static str])) -> AnyView {
    let heading = (!heading.is_empty()).then(|| view! { <h3>{heading}</h3> });
    let paragraphs = paragraphs.iter().map(|words| view! { <p>{*words}</p> }).collect_view();
    view! { {heading}{paragraphs} }.into_any()
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
