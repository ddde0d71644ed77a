//! Who did what when: lanes over one axis of time.

mod spans;

use engine::playback::Command;
use engine::protocol::document::{Dot, Lane, Lanes, Press};
use engine::view::figure::shortened;
use leptos::prelude::*;
use web_sys::{Element, MouseEvent};

use super::press::press;
use super::{boolean, named, percent, some};
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
#[derive(Clone, Copy)]
struct Axis {
    from_us: u64,
    span_us: u64,
    width: u64,
    /// From lane to lane, and the middle of the first.
    pitch: u64,
    first: u64,
    /// Below the last lane.
    bottom: u64,
}

impl Axis {
    fn of(lanes: &Lanes) -> Self {
        let is_pressed = lanes.lanes.iter().any(|lane| lane.press.is_some());
        let has_words = lanes.has_axis && lanes.compared.is_none();
        let pitch = if is_pressed { 34 } else { 24 };
        // The pin of the playhead needs some room above.
        let first = if lanes.now_us.is_some() || is_pressed { 24 } else { 12 };
        Self {
            from_us: lanes.from_us,
            span_us: lanes.to_us.saturating_sub(lanes.from_us).max(1),
            width: RIGHT - LEFT - if has_words { WORDS_WIDTH } else { 0 },
            pitch,
            first,
            bottom: first + pitch * lanes.lanes.len() as u64 - pitch / 2,
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

pub(super) fn lanes(page: Page, lanes: &Lanes) -> AnyView {
    let axis = Axis::of(lanes);
    let height = axis.bottom
        + if lanes.has_axis { 20 } else { 4 }
        + if lanes.compared.is_some() { 26 } else { 0 };
    let grid = lanes.has_axis.then(|| spans::grid(&axis, height));
    let all = lanes.lanes.iter().enumerate();
    let rows = all.clone().map(|(place, it)| lane(page, it, place, &axis, lanes)).collect_view();
    let buttons = all.map(|(place, it)| button(page, it, place, &axis, height)).collect_view();
    let dots = dots(page, lanes, &axis);
    let compared = lanes.compared.as_ref().map(|it| spans::compared(it, &axis));
    let now = lanes.now_us.map(|now_us| {
        let x = axis.x(now_us);
        let pin = lanes.has_axis.then(|| view! { <path class="pin" d=format!("M{} 4h10v5l-5 5-5-5z", x.saturating_sub(5))></path> });
        view! { <g class="now"><path d=format!("M{x} 4V{}", axis.bottom)></path>{pin}</g> }
    });
    let (role, hidden) =
        if lanes.said.is_empty() { (None, Some("true")) } else { (Some("img"), None) };
    view! {
        <div class="lanes" data-testid=named(lanes.id)>
            <svg viewBox=format!("0 0 {WIDTH} {height}") role=role aria-hidden=hidden aria-label=some(&lanes.said)>{grid}{rows}{dots}{compared}{now}</svg>
            {buttons}
        </div>
    }
    .into_any()
}

fn lane(page: Page, lane: &Lane, place: usize, axis: &Axis, lanes: &Lanes) -> AnyView {
    let y = axis.y(place);
    let spans = lane.spans.iter().map(|it| spans::span(it, y, axis)).collect_view();
    let name = lane.press.is_none().then(|| {
        view! { <text x="0" y=(y + 4).to_string()>{shortened(&lane.name, NAME_MAX)}</text> }
    });
    let line = lane.press.clone().map(|pressed| {
        let now = lanes.now_us.map_or(LEFT, |now_us| axis.x(now_us));
        let (past, ahead) = (format!("M{LEFT} {y}H{now}"), format!("M{now} {y}H{RIGHT}"));
        let (from_us, to_us) = (lanes.from_us, lanes.to_us);
        let go = move |event: MouseEvent| {
            if let Some(time_us) = moment(target(&event), &event, (from_us, to_us)) {
                page.act_paused(&Command::SeekTime { time_us });
            }
            press(page, &pressed);
        };
        let (top, width) = (y - 12, axis.width);
        view! {
            <path class="line" d=past></path><path class="line ahead" d=ahead></path>
            <rect class="strip" data-lane=place.to_string() x=LEFT.to_string() y=top.to_string() width=width.to_string() height="24" on:click=go></rect>
        }
    });
    view! { <g>{name}{line}{spans}</g> }.into_any()
}

/// Names that are pressed are buttons, so that the keyboard reaches the lanes too.
fn button(page: Page, lane: &Lane, place: usize, axis: &Axis, height: u64) -> Option<AnyView> {
    let pressed: Press = lane.press.clone()?;
    let top = percent((axis.y(place) * 1_000 / height) as u32);
    let button = view! {
        <button data-lane=place.to_string() style:top=top aria-label=lane.press_words.clone() on:click=move |_| press(page, &pressed)>{lane.name.clone()}</button>
    };
    Some(button.into_any())
}

/// When that is, of a place on the lane.
fn moment(lane: Option<Element>, event: &MouseEvent, (from_us, to_us): (u64, u64)) -> Option<u64> {
    let line = lane?.get_bounding_client_rect();
    let part = (f64::from(event.client_x()) - line.left()).max(0.0) / line.width().max(1.0);
    Some(from_us + (to_us.saturating_sub(from_us) as f64 * part.min(1.0)) as u64)
}

fn dots(page: Page, lanes: &Lanes, axis: &Axis) -> AnyView {
    // Words that would cover one another are left out.
    let mut free = vec![0; lanes.lanes.len()];
    let one = |dot: &Dot| {
        let (x, y) = (axis.x(dot.time_us), axis.y(dot.lane));
        let arrow = dot.from.map(|(lane, left_us)| {
            let (x0, y0) = (axis.x(left_us), axis.y(lane));
            view! { <path class="arrow" d=format!("M{x0} {y0}L{x} {y}")></path> }
        });
        let needed = 8 + LETTER * dot.text.chars().count() as u64;
        let text = free.get_mut(dot.lane).filter(|free| x >= **free).map(|free| {
            *free = x + needed;
            view! { <text x=x.to_string() y=(y - 8).to_string() text-anchor="middle">{dot.text.clone()}</text> }
        });
        let pressed = dot.press.clone();
        view! {
            <g class="dot" data-began=boolean(dot.from.is_none()) on:click=move |_| press(page, &pressed)>
                {arrow}<circle cx=x.to_string() cy=y.to_string() r="4.5"></circle>{text}
            </g>
        }
    };
    lanes.dots.iter().map(one).collect_view().into_any()
}
