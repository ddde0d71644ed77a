//! Who did what when: lanes over one axis of time.

mod spans;

use engine::common::figure::shortened;
use engine::playback::Command;
use engine::protocol::document::{Block, Document, Dot, Lane, Lanes, Press};
use leptos::prelude::*;
use web_sys::{Element, MouseEvent};

use super::piece::{Shown, follow, piece, pieces};
use super::press::press;
use super::{boolean, named, percent};
use crate::app::controls::live;
use crate::app::page::Page;
use crate::app::panels::target;

/// The picture's size in its own units; names stand left of the lanes.
const WIDTH: u64 = 332;
const LEFT: u64 = 80;
const RIGHT: u64 = 320;
/// Room for the words beside the last span, where nothing else reaches so far.
const WORDS_WIDTH: u64 = 44;
/// A letter of words beside spans.
const LETTER: u64 = 7;
/// How many letters of a name there is room for.
const NAME_MAX: usize = 10;

/// Where things are.
#[derive(Clone, Copy, PartialEq)]
struct Axis {
    from_us: u64,
    span_us: u64,
    width: u64,
    /// From lane to lane, and the middle of the first.
    pitch: u64,
    first: u64,
    /// Below the last lane, and below all.
    bottom: u64,
    height: u64,
    /// Times are named.
    has_axis: bool,
    lanes: usize,
}

impl Axis {
    fn of(lanes: &Lanes) -> Self {
        let is_pressed = lanes.lanes.iter().any(|lane| lane.press.is_some());
        let has_words = lanes.has_axis && lanes.compared.is_none();
        let pitch = if is_pressed { 34 } else { 24 };
        // The pin of the playhead needs some room above.
        let first = if lanes.now_us.is_some() || is_pressed { 24 } else { 12 };
        let bottom = first + pitch * lanes.lanes.len() as u64 - pitch / 2;
        let below = if lanes.has_axis { 20 } else { 4 };
        Self {
            from_us: lanes.from_us,
            span_us: lanes.to_us.saturating_sub(lanes.from_us).max(1),
            width: RIGHT - LEFT - if has_words { WORDS_WIDTH } else { 0 },
            pitch,
            first,
            bottom,
            height: bottom + below + if lanes.compared.is_some() { 26 } else { 0 },
            has_axis: lanes.has_axis,
            lanes: lanes.lanes.len(),
        }
    }

    fn x(&self, time_us: u64) -> u64 {
        let part_us = time_us.saturating_sub(self.from_us).min(self.span_us);
        LEFT + part_us * self.width / self.span_us
    }

    fn y(&self, lane: usize) -> u64 {
        self.first + self.pitch * lane as u64
    }
}

fn find(document: &Document, [block, _]: [usize; 2]) -> Option<&Lanes> {
    match document.blocks.get(block)? {
        Block::Lanes(lanes) => Some(lanes),
        _ => None,
    }
}

fn find_lane(document: &Document, [block, place]: [usize; 2]) -> Option<&Lane> {
    find(document, [block, 0])?.lanes.get(place)
}

fn find_dot(document: &Document, [block, place]: [usize; 2]) -> Option<&Dot> {
    find(document, [block, 0])?.dots.get(place)
}

fn count_lanes(document: &Document, block: usize) -> usize {
    find(document, [block, 0]).map_or(0, |lanes| lanes.lanes.len())
}

fn count_dots(document: &Document, block: usize) -> usize {
    find(document, [block, 0]).map_or(0, |lanes| lanes.dots.len())
}

/// Whether two pictures have the same axes; what is on them is followed by itself.
fn is_same_frame(one: &Lanes, other: &Lanes) -> bool {
    let is_pressed = |it: &Lanes| it.lanes.iter().any(|lane| lane.press.is_some());
    let axes = |it: &Lanes| {
        let lanes = (it.lanes.len(), is_pressed(it));
        (it.id, it.from_us, it.to_us, it.now_us.is_some(), it.has_axis, lanes)
    };
    axes(one) == axes(other) && one.compared == other.compared
}

pub(super) fn lanes(page: Page, shown: Shown, block: usize) -> AnyView {
    let frame = follow(shown, [block, 0], find, is_same_frame);
    let axis = Memo::new(move |_| frame.with(|lanes| lanes.get().map(Axis::of)));
    let id = move || frame.with(|lanes| named(lanes.get()?.id));
    let view_box = move || axis.get().map(|axis| format!("0 0 {WIDTH} {}", axis.height));
    let grid = move || axis.get().filter(|axis| axis.has_axis).map(|axis| spans::grid(&axis));
    let compared = move || {
        let axis = axis.get()?;
        frame.with(|lanes| Some(spans::compared(lanes.get()?.compared.as_ref()?, &axis)))
    };
    let told = follow(shown, [block, 0], find, |one, other| one.said == other.said);
    let said = move || {
        let said = told.with(|lanes| lanes.get().map(|lanes| lanes.said.clone()));
        said.filter(|said| !said.is_empty())
    };
    let lane = move |place: usize, it: &Lane| match axis.get() {
        Some(axis) => lane(page, it, place, axis),
        None => ().into_any(),
    };
    let button = move |place: usize, it: &Lane| match axis.get() {
        Some(axis) => button(page, it, place, &axis).into_any(),
        None => ().into_any(),
    };
    let dot = move |place: usize, it: &Dot| match axis.get() {
        Some(axis) => {
            let has_room = shown.with_untracked(|shown| {
                let lanes = find(shown.as_deref()?, [block, 0])?;
                Some(has_room(&lanes.dots, place, &axis))
            });
            dot(page, it, &axis, has_room == Some(true))
        }
        None => ().into_any(),
    };
    let now = move |now_us: &Option<u64>| match axis.get().zip(*now_us) {
        Some((axis, now_us)) => playhead(now_us, &axis),
        None => ().into_any(),
    };
    let now = piece(shown, [block, 0], |it, at| Some(&find(it, at)?.now_us), now);
    view! {
        <div class="lanes" data-testid=id>
            <svg viewBox=view_box role=move || said().map(|_| "img") aria-hidden=move || said().is_none().then_some("true") aria-label=said>
                {live(grid)}
                {now}
                {pieces(shown, block, count_lanes, find_lane, lane)}
                {pieces(shown, block, count_dots, find_dot, dot)}
                {live(compared)}
            </svg>
            {pieces(shown, block, count_lanes, find_lane, button)}
        </div>
    }
    .into_any()
}

/// The playhead, and the lanes up to it and behind it where nothing else fills them.
fn playhead(now_us: u64, axis: &Axis) -> AnyView {
    let now = axis.x(now_us);
    let line = |lane: usize| {
        let y = axis.y(lane);
        view! {
            <path class="line" d=format!("M{LEFT} {y}H{now}")></path>
            <path class="line ahead" d=format!("M{now} {y}H{RIGHT}")></path>
        }
    };
    let lines = (!axis.has_axis).then(|| (0..axis.lanes).map(line).collect_view());
    let pin = axis.has_axis.then(|| {
        view! { <path class="pin" d=format!("M{} 4h10v5l-5 5-5-5z", now.saturating_sub(5))></path> }
    });
    view! { <g class="now">{lines}<path class="playhead" d=format!("M{now} 4V{}", axis.bottom)></path>{pin}</g> }
        .into_any()
}

fn lane(page: Page, lane: &Lane, place: usize, axis: Axis) -> AnyView {
    let y = axis.y(place);
    let spans = lane.spans.iter().map(|it| spans::span(it, y, &axis)).collect_view();
    let name = lane.press.is_none().then(|| {
        view! { <text x="0" y=(y + 4).to_string()>{shortened(&lane.name, NAME_MAX)}</text> }
    });
    let strip = lane.press.clone().map(|pressed| {
        let go = move |event: MouseEvent| {
            if let Some(time_us) = moment(target(&event), &event, axis) {
                page.act_paused(&Command::SeekTime { time_us });
            }
            press(page, &pressed);
        };
        let (top, width) = (y - 12, axis.width);
        view! {
            <rect class="strip" data-lane=place.to_string() x=LEFT.to_string() y=top.to_string() width=width.to_string() height="24" on:click=go></rect>
        }
    });
    view! { <g>{name}{strip}{spans}</g> }.into_any()
}

/// Names that are pressed are buttons, so that the keyboard reaches the lanes too.
fn button(page: Page, lane: &Lane, place: usize, axis: &Axis) -> Option<AnyView> {
    let pressed: Press = lane.press.clone()?;
    let top = percent((axis.y(place) * 1_000 / axis.height) as u32);
    let button = view! {
        <button data-lane=place.to_string() style:top=top aria-label=lane.press_words.clone() on:click=move |_| press(page, &pressed)>{lane.name.clone()}</button>
    };
    Some(button.into_any())
}

/// The time of a place on the lane.
fn moment(lane: Option<Element>, event: &MouseEvent, axis: Axis) -> Option<u64> {
    let line = lane?.get_bounding_client_rect();
    let part = (f64::from(event.client_x()) - line.left()).max(0.0) / line.width().max(1.0);
    Some(axis.from_us + (axis.span_us as f64 * part.min(1.0)) as u64)
}

/// Words that would cover those of a dot before are left out.
fn has_room(dots: &[Dot], place: usize, axis: &Axis) -> bool {
    let (mut free, mut has_room) = (0, false);
    let own = dots.get(place).map(|dot| dot.lane);
    for dot in dots.iter().take(place + 1).filter(|dot| Some(dot.lane) == own) {
        let x = axis.x(dot.time_us);
        has_room = x >= free;
        if has_room {
            free = x + 8 + LETTER * dot.text.chars().count() as u64;
        }
    }
    has_room
}

fn dot(page: Page, dot: &Dot, axis: &Axis, has_room: bool) -> AnyView {
    let (x, y) = (axis.x(dot.time_us), axis.y(dot.lane));
    let arrow = dot.from.map(|(lane, left_us)| {
        let (x0, y0) = (axis.x(left_us), axis.y(lane));
        view! { <path class="arrow" d=format!("M{x0} {y0}L{x} {y}")></path> }
    });
    let text = has_room.then(|| {
        view! { <text x=x.to_string() y=(y - 8).to_string() text-anchor="middle">{dot.text.clone()}</text> }
    });
    let pressed = dot.press.clone();
    view! {
        <g class="dot" data-began=boolean(dot.from.is_none()) on:click=move |_| press(page, &pressed)>
            {arrow}<circle cx=x.to_string() cy=y.to_string() r="4.5"></circle>{text}
        </g>
    }
    .into_any()
}
