//! Play, pause, step, scrub, clock and speed.

use std::sync::Arc;

use engine::common::consensus::quorum::Decision;
use engine::common::figure::{clock, seconds};
use engine::playback::Command;
use engine::view::branches::BranchLine;
use engine::view::stage::Noise;
use engine::view::tape::LENGTH;
use leptos::ev;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;

use super::controls::{Button, live};
use super::focus;
use super::icons::{self, Icon};
use super::page::{Page, page};
use super::speed::speed_text;
use super::tape_painter;

/// The end of a run that has one; a run that goes on for ever is played so far at most.
pub const END_US: u64 = 3_600_000_000;

#[component]
pub fn Transport() -> impl IntoView {
    view! { <footer class="transport"><Buttons/><Tape/><Speed/></footer> }
}

#[component]
fn Buttons() -> impl IntoView {
    let page = page();
    let button = move |id, label: &'static str, icon: Icon, command: Command| {
        Button::new(id, move || page.act_paused(&command)).label(label).icon(icon)
    };
    let play = Button::new("play", move || page.toggle())
        .class("play")
        .labelled(Arc::new(move || if page.playing.get() { "Pause" } else { "Play" }))
        .pictured(Arc::new(move || if page.playing.get() { icons::PAUSE } else { icons::PLAY }));
    let start = Command::SeekTime { time_us: 0 };
    let end = Command::SeekTime { time_us: END_US };
    view! {
        <div class="buttons">
            <div class="row">
                {button("to-start", "To the start", icons::TO_START, start).class("far").view()}
                {button("step-back", "One step back", icons::STEP_BACK, Command::StepBack).view()}
                {play.view()}
                {button("step-forward", "One step on", icons::STEP_FORWARD, Command::StepForward).view()}
                {button("to-end", "To the end", icons::TO_END, end).class("far").view()}
            </div>
            <p class="hint">"Space plays, arrows step"</p>
        </div>
    }
}

#[component]
fn Tape() -> impl IntoView {
    let page = page();
    let now_us = page.follow(|shot| shot.frame.time_us);
    let reached_us = page.follow(|shot| shot.frame.reached_us.max(shot.frame.time_us));
    let press = move |event: web_sys::PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(reel) =
            event.current_target().and_then(|it| it.dyn_into::<web_sys::Element>().ok())
        {
            let _ = reel.set_pointer_capture(event.pointer_id());
        }
        scrub(page, &event, true);
    };
    let drag = move |event: web_sys::PointerEvent| {
        if event.buttons() & 1 == 1 {
            scrub(page, &event, false);
        }
    };
    let full = page.follow(|shot| shot.tape_full);
    let left_out = move || {
        full.get()
            .then(|| view! { <p class="left-out">"The tape has only the first 20 000 marks."</p> })
    };
    let words =
        move || format!("{} seconds of {}", seconds(now_us.get()), seconds(reached_us.get()));
    view! {
        <div class="tape">
            <div class="reel" role="slider" tabindex="0" data-testid="tape" aria-label="Time" aria-valuemin="0"
                aria-valuemax=move || reached_us.get().to_string() aria-valuenow=move || now_us.get().to_string() aria-valuetext=words
                on:pointerdown=press on:pointermove=drag>
                <canvas node_ref=page.tape_canvas aria-hidden="true"></canvas>
            </div>
            {left_out}
            <Branches/>
        </div>
    }
}

/// Puts the playhead where the pointer is; the first press may take a mark.
fn scrub(page: Page, event: &web_sys::PointerEvent, may_take_mark: bool) {
    let Some(canvas) = page.tape_canvas.get_untracked() else { return };
    let (width_px, height_px) =
        (f64::from(canvas.client_width()), f64::from(canvas.client_height()));
    let bounds = canvas.get_bounding_client_rect();
    let (x_px, y_px) =
        (f64::from(event.client_x()) - bounds.left(), f64::from(event.client_y()) - bounds.top());
    let command = page.with_player(|player| {
        let mark = tape_painter::mark_at(player, x_px, y_px, width_px, height_px)
            .filter(|_| may_take_mark);
        mark.map_or_else(
            || Command::SeekTime {
                time_us: tape_painter::time_at(x_px, width_px, tape_painter::span_us(player)),
            },
            |event| Command::SeekEvent { event },
        )
    });
    if let Some(command) = command {
        page.act_paused(&command);
    }
}

/// Acting in the past starts a branch; the others are kept, and this switches between them.
#[component]
fn Branches() -> impl IntoView {
    let page = page();
    let branches = page.follow(|shot| shot.branches.clone());
    let shown = page.follow(|shot| (shot.frame.branches, shot.frame.branch));
    Effect::new(move |_| {
        shown.get();
        request_animation_frame(keep_in_sight);
    });
    let row = move |line: BranchLine| {
        let BranchLine { number: branch, from, to, current, words, outcome } = line;
        // Words that would not fit behind the line stand before it.
        let flipped = to > LENGTH * 3 / 5;
        let permille = |place: u64| place * 1_000 / LENGTH;
        let style = format!("--from:{};--to:{}", permille(from), permille(to));
        view! {
            <button class="branch" class:flipped=flipped style=style aria-pressed=if current { "true" } else { "false" }
                data-outcome=outcome.map_or("open", Decision::word) data-testid=format!("branch-{branch}")
                on:click=move |_| page.act_paused(&Command::SwitchBranch { branch })><i></i><span>{words}</span></button>
        }
    };
    view! {
        <Show when=move || branches.with(|branches| !branches.is_empty())>
            <div class="branches" role="group" aria-label="Branches">
                {live(move || branches.get().into_iter().map(row).collect_view())}
            </div>
        </Show>
    }
}

/// Scrolls the list of branches, and nothing else, until the one that is shown is in sight.
fn keep_in_sight() {
    let find = |selector| {
        let found = document().query_selector(selector).ok().flatten();
        found.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
    };
    let (list, shown) = (find(".branches"), find(".branches [aria-pressed=true]"));
    if let Some((list, shown)) = list.zip(shown) {
        let (top, height) = (shown.offset_top(), shown.offset_height());
        let least = top + height - list.client_height();
        list.set_scroll_top(list.scroll_top().max(least).min(top));
    }
}

#[component]
fn Speed() -> impl IntoView {
    let page = page();
    let time = page.follow(|shot| clock(shot.frame.time_us));
    let slide = move |event: web_sys::Event| {
        if let Ok(notch) = event_target_value(&event).parse() {
            page.speed_notch.set(notch);
        }
    };
    let words = move || format!("speed {}", speed_text(page.speed_notch.get()));
    view! {
        <div class="speed">
            <div class="row"><span class="clock" data-testid="clock">{time}</span><output>{words}</output></div>
            <input type="range" data-testid="speed" aria-label="Speed" min="-300" max="300" step="10" aria-valuetext=words
                prop:value=move || page.speed_notch.get().to_string() on:input=slide/>
            <div class="row ends"><span>"1/1000"</span><span>"1"</span><span>"1000"</span></div>
        </div>
    }
}

/// The keys of the whole page. A control that has the focus keeps its own keys.
pub fn follow_keys(page: Page) {
    let tabbed = focus::follow();
    let handle = window_event_listener(ev::keydown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let within = |selector: &str| {
            target.as_ref().is_some_and(|it| it.closest(selector).ok().flatten().is_some())
        };
        let modified = event.ctrl_key() || event.meta_key() || event.alt_key();
        if modified || within("input, dialog, textarea, select") {
            return;
        }
        if within("button, label, [popover]") && matches!(event.key().as_str(), " " | "Enter") {
            // A control that was reached with Tab keeps its keys; any other hands Space to playing.
            if event.key() == "Enter" || tabbed.get() || within("[popover]") {
                return;
            }
            if let Some(button) = target.and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok()) {
                let _ = button.blur();
            }
        }
        // Escape closes what is open first, which the browser does by itself.
        let open = document().query_selector(":popover-open").ok().flatten().is_some();
        if !open && press(page, &event.key()) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// Carries out a key; false when it does nothing here.
fn press(page: Page, key: &str) -> bool {
    match key {
        " " | "." => page.toggle(),
        "ArrowLeft" => page.act_paused(&Command::StepBack),
        "ArrowRight" => page.act_paused(&Command::StepForward),
        "Home" => page.act_paused(&Command::SeekTime { time_us: 0 }),
        "End" => page.act_paused(&Command::SeekTime { time_us: END_US }),
        "PageUp" => to_mark(page, false),
        "PageDown" => to_mark(page, true),
        "-" => page.speed_notch.update(|notch| *notch = (*notch - 10).max(-300)),
        "+" | "=" => page.speed_notch.update(|notch| *notch = (*notch + 10).min(300)),
        "z" => page.zoom(1.5, None),
        "Z" => page.zoom(1.0 / 1.5, None),
        "0" => page.fit(),
        "f" => page.show_noise(Noise::Focus),
        "c" => page.show_noise(Noise::Context),
        "a" => page.show_noise(Noise::All),
        "p" => page.present(),
        "m" => super::pointer::open_selected(page),
        "Escape" => page.let_go(),
        "?" => {
            if let Some(help) = document()
                .get_element_by_id("help")
                .and_then(|it| it.dyn_into::<web_sys::HtmlElement>().ok())
            {
                help.click();
            }
        }
        _ => return false,
    }
    true
}

/// Goes to the next mark on the tape, or the one before.
fn to_mark(page: Page, ahead: bool) {
    let mark = page.with_player(|player| {
        let (marks, now) = (player.run()?.marks(), player.frame.events);
        // The playhead stands just after the event it was put on.
        let mark = if ahead {
            marks.iter().find(|mark| mark.event >= now && mark.time_us > player.frame.time_us)
        } else {
            marks.iter().rev().find(|mark| mark.time_us < player.frame.time_us)
        };
        mark.map(|mark| mark.event)
    });
    if let Some(event) = mark.flatten() {
        page.act_paused(&Command::SeekEvent { event });
    }
}
