//! How the replicas came to differ, as a picture: a line for each, on which a person can write.

use core::fmt::Write as _;

use engine::playback::Command;
use engine::sim::AgentId;
use engine::view::stage::target::Target;
use engine::view::state::Timeline;
use leptos::prelude::*;
use web_sys::{Element, MouseEvent};

use super::{escaped, number};
use crate::app::page::Page;
use crate::app::write;

/// The picture's inner size, and where its lines begin, in its own units.
const WIDTH: u64 = 240;
const LEFT: i32 = 80;
const LINE: i32 = 34;

/// One line per replica; a dot is a write, an arrow what another told.
pub fn picture(timeline: &Timeline) -> String {
    let span_us = (timeline.to_us - timeline.from_us).max(1);
    let x = |time_us: u64| {
        let part_us = time_us.saturating_sub(timeline.from_us).min(span_us);
        LEFT + (part_us * WIDTH / span_us) as i32
    };
    let y = |line: usize| 22 + LINE * line as i32;
    let height = y(timeline.agents.len());
    let now = x(timeline.now_us);
    // The names are buttons, so that the keyboard reaches the lines too.
    let mut names = String::new();
    let mut svg = format!(
        "<svg viewBox=\"0 0 332 {height}\" data-from=\"{}\" data-to=\"{}\" aria-hidden=\"true\">",
        timeline.from_us, timeline.to_us
    );
    for (line, (agent, name)) in timeline.agents.iter().enumerate() {
        let (y, name, agent) = (y(line), escaped(name), agent.0);
        let permille = y * 1_000 / height;
        let _ = write!(
            names,
            "<button data-write=\"{agent}\" style=\"top:{}.{}%\" aria-label=\"Write at {name}\">{name}</button>",
            permille / 10,
            permille % 10
        );
        let _ = write!(
            svg,
            "<path class=\"line\" d=\"M{LEFT} {y}H{now}\"/><path class=\"line ahead\" d=\"M{now} {y}H320\"/>\
             <rect data-write=\"{agent}\" x=\"{LEFT}\" y=\"{}\" width=\"{WIDTH}\" height=\"{}\"/>",
            y - 12,
            24
        );
    }
    // Values that would cover one another are left out.
    let mut last = vec![-1_000; timeline.agents.len()];
    for dot in &timeline.dots {
        let (x1, y1) = (x(dot.time_us), y(dot.line));
        let _ =
            write!(svg, "<g data-event=\"{}\" data-wrote=\"{}\">", dot.event, dot.from.is_none());
        if let Some((line, sent_us)) = dot.from {
            let (x0, y0) = (x(sent_us), y(line));
            let _ = write!(svg, "<path class=\"arrow\" d=\"M{x0} {y0}L{x1} {y1}\"/>");
        }
        let _ = write!(svg, "<circle cx=\"{x1}\" cy=\"{y1}\" r=\"4.5\"/>");
        let value = escaped(&dot.value);
        if x1 - last[dot.line] > 8 + 7 * value.len() as i32 {
            last[dot.line] = x1;
            let _ = write!(
                svg,
                "<text x=\"{x1}\" y=\"{}\" text-anchor=\"middle\">{value}</text>",
                y1 - 8
            );
        }
        svg += "</g>";
    }
    let _ = write!(svg, "<path class=\"now\" d=\"M{now} 4V{}\"/>", height - 18);
    svg + "</svg>" + &names
}

/// The line of an agent was pressed: the run goes to that moment, and the form is there to write.
pub fn write_at(page: Page, agent: u64, pressed: &Element, event: &MouseEvent) {
    if let Some(time_us) = moment(pressed, event) {
        page.act_paused(&Command::SeekTime { time_us });
    } else {
        page.playing.set(false);
    }
    page.target.set(Some(Target::Agent(AgentId(agent as u32))));
    page.show();
    page.repaint();
    page.tab.set("intervene");
    write::focus();
}

/// When that is, of a place on the line; the name before it stands for now.
fn moment(pressed: &Element, event: &MouseEvent) -> Option<u64> {
    let from_us = number(pressed, "svg", "data-from")?;
    let to_us = number(pressed, "svg", "data-to")?;
    let line = pressed.get_bounding_client_rect();
    let part = (f64::from(event.client_x()) - line.left()).max(0.0) / line.width().max(1.0);
    Some(from_us + ((to_us - from_us) as f64 * part.min(1.0)) as u64)
}
