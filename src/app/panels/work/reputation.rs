//! How reputations have changed, on their tiers, and who leads.

use core::fmt::Write as _;

use engine::view::work::reputation::Reputations;

use super::{clipped, head, row};

/// The picture of reputations: where its lines begin and end, and its height, in its own units.
const START: u64 = 76;
const END: u64 = 206;
const HEIGHT: u64 = 120;

pub fn reputations(markup: &mut String, seen: &Reputations) {
    let hint =
        if seen.outcomes == 0 { "nothing has changed it yet" } else { "by outcome, with tiers" };
    head(markup, "Reputation", hint);
    if let (Some((.., most)), Some((_, least, _))) = (seen.bands.first(), seen.bands.last()) {
        let span = u64::from(most - least).max(1);
        let y = |score: u32| 4 + u64::from(most - score.min(*most)) * HEIGHT / span;
        let mut svg = String::new();
        for (name, low, high) in &seen.bands {
            let (top, low) = (y(*high), y(*low));
            let height = low - top;
            let _ = write!(
                svg,
                "<rect class=\"band\" x=\"0\" y=\"{top}\" width=\"316\" height=\"{height}\"/>"
            );
            if height > 13 {
                let _ = write!(svg, "<text x=\"4\" y=\"{}\">{name}</text>", top + height / 2 + 4);
            }
        }
        lines(&mut svg, seen, &y);
        let _ = write!(
            markup,
            "<div class=\"curve steps-of\" data-testid=\"reputation-lines\" aria-hidden=\"true\"><svg viewBox=\"0 0 316 {}\">{svg}</svg></div>",
            HEIGHT + 8
        );
    }
    *markup += "<table class=\"leaders\" data-testid=\"reputations\"><thead><tr><th scope=\"col\">agent</th><th scope=\"col\">tier</th><th scope=\"col\">outcomes</th><th scope=\"col\">score</th></tr></thead><tbody>";
    for it in &seen.rows {
        row(markup, &it.name, &[it.tier, &it.change, &it.score.to_string()]);
    }
    if seen.more > 0 {
        let _ = write!(
            markup,
            "<tr><td colspan=\"4\" class=\"quiet\">and {} lower</td></tr>",
            seen.more
        );
    }
    *markup += "</tbody></table></section>";
}

/// Steps, each with its name and score at its end, where they do not cover one another.
fn lines(svg: &mut String, seen: &Reputations, y: &dyn Fn(u32) -> u64) {
    let x = |outcome: usize| START + (END - START) * outcome as u64 / seen.outcomes.max(1) as u64;
    let mut ends: Vec<(u64, usize)> = Vec::new();
    for (number, line) in seen.lines.iter().enumerate() {
        let mut path = String::new();
        let mut last = 0;
        for (outcome, score) in &line.steps {
            last = y(*score);
            let _ = match path.is_empty() {
                true => write!(path, "M{START} {last}"),
                false => write!(path, "H{}V{last}", x(*outcome)),
            };
        }
        let _ = write!(
            svg,
            "<path class=\"line\" data-line=\"{number}\" d=\"{path}H{END}\"/><circle data-line=\"{number}\" cx=\"{END}\" cy=\"{last}\" r=\"3\"/>"
        );
        let place = ends.partition_point(|(other, _)| *other <= last);
        ends.insert(place, (last, number));
    }
    let mut free = 10;
    for (at, number) in ends {
        let line = &seen.lines[number];
        let at = (at + 4).max(free);
        free = at + 14;
        let score = line.steps.last().map_or(0, |(_, score)| *score);
        let (x, name) = (END + 9, clipped(&line.name));
        let _ = write!(
            svg,
            "<text class=\"end\" data-line=\"{number}\" x=\"{x}\" y=\"{at}\">{name} {score}</text>"
        );
    }
}
