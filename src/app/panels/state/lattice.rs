//! Vector clocks as a picture: an arrow leads from what was known to what was written knowing it.

use core::fmt::Write as _;

use engine::view::state::{Lattice, StateView, WIDTH};

use super::escaped;

/// Height of a version, and from row to row.
const HEIGHT: i32 = 50;
const PITCH: i32 = 78;

fn top(row: usize) -> i32 {
    2 + PITCH * row as i32
}

/// The picture, and the same in words.
pub fn section(markup: &mut String, view: &StateView) {
    let lattice = &view.lattice;
    if lattice.nodes.len() < 2 {
        return;
    }
    *markup += "<section class=\"panel\"><header><h2>Vector clocks</h2><span class=\"quiet\">what was known when it was written</span></header>";
    picture(markup, lattice);
    legend(markup, lattice);
    *markup += "<ul class=\"clocks\" data-testid=\"clocks\">";
    for (words, concurrent) in &view.clocks {
        let _ = write!(markup, "<li data-concurrent=\"{concurrent}\">{}</li>", escaped(words));
    }
    *markup += "</ul></section>";
}

fn picture(markup: &mut String, lattice: &Lattice) {
    let Lattice { nodes, width, rows, edges, ties, .. } = lattice;
    let height = top(*rows) - PITCH + HEIGHT + 4;
    let _ = write!(
        markup,
        "<svg class=\"lattice\" data-testid=\"lattice\" viewBox=\"0 0 {WIDTH} {height}\" aria-hidden=\"true\">"
    );
    for (older, newer) in edges {
        let (older, newer) = (&nodes[*older], &nodes[*newer]);
        let (x0, y0) = (older.x, top(older.row));
        let (x1, y1) = (newer.x, top(newer.row) + HEIGHT + 1);
        let bend = (y0 - y1) / 2;
        let _ = write!(
            markup,
            "<path class=\"edge\" d=\"M{x0} {y0}C{x0} {} {x1} {} {x1} {y1}m-4 7 4-7 4 7\"/>",
            y0 - bend,
            y1 + bend
        );
        if edges.len() == 1 {
            let (x, y) = ((x0 + x1) / 2 + 9, y1 + bend + 4);
            let _ =
                write!(markup, "<text class=\"named\" x=\"{x}\" y=\"{y}\">happened before</text>");
        }
    }
    for (left, right) in ties {
        let (left, right) = (&nodes[*left], &nodes[*right]);
        let (x0, x1) = (left.x + width / 2, right.x - width / 2);
        let y = top(left.row) + HEIGHT / 2;
        let word = if x1 - x0 < 66 { "∥" } else { "concurrent" };
        let _ = write!(
            markup,
            "<path class=\"tie\" d=\"M{x0} {y}H{x1}\"/><text class=\"tied\" x=\"{}\" y=\"{}\">{word}</text>",
            (x0 + x1) / 2,
            y - 6
        );
    }
    for node in nodes {
        let (x, y) = (node.x, top(node.row));
        let kind = node.kind.name();
        let _ = write!(
            markup,
            "<g data-kind=\"{kind}\"><rect x=\"{}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\"/>\
             <text class=\"value\" x=\"{x}\" y=\"{}\">{}</text><text x=\"{x}\" y=\"{}\">{}</text>\
             <text x=\"{x}\" y=\"{}\">{}</text></g>",
            x - width / 2,
            y + 16,
            escaped(&node.value),
            y + 30,
            escaped(&node.clock),
            y + 44,
            escaped(&node.whose)
        );
    }
    *markup += "</svg>";
}

/// What the picture does not say itself.
fn legend(markup: &mut String, lattice: &Lattice) {
    *markup += "<p class=\"legend quiet\" data-testid=\"legend\">";
    if lattice.edges.len() > 1 {
        *markup += "<span>↑ happened before</span>";
    }
    if lattice.width < 100 {
        *markup += "<span>∥ concurrent</span>";
    }
    *markup += "<span>thin: not held any more</span>";
    if lattice.more > 0 {
        let _ = write!(markup, "<span>and {} more</span>", lattice.more);
    }
    *markup += "</p>";
}
