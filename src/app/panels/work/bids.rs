//! Who bid for a task, the parts of their scores as bars, and who did not bid.

use core::fmt::Write as _;

use engine::view::work::bids::Bids;

use super::{escaped, head};
use crate::app::icons::{self, glyph};

pub fn bids(markup: &mut String, bids: &Bids) {
    head(markup, "Bids", &bids.hint);
    *markup += "<p class=\"legend\">";
    for (words, class) in bids.parts.iter().zip(PARTS) {
        let _ = write!(markup, "<span class=\"{class}\">{words}</span>");
    }
    *markup += "</p><table class=\"bids\" data-testid=\"bids\"><caption class=\"off-screen\">The best first: the parts of the score, and their sum</caption>\
                <colgroup><col><col><col></colgroup><tbody>";
    for bid in &bids.rows {
        let chosen = bid.chosen;
        let name = escaped(&bid.name);
        let _ = write!(
            markup,
            "<tr data-chosen=\"{chosen}\"><th scope=\"row\">{name}</th><td><span class=\"parts\">"
        );
        for ((milli, words), class) in bid.parts.iter().zip(PARTS) {
            // Of what the best came to; narrower ones keep their number for those who do not look.
            let permille = milli * 1_000 / bids.most_milli;
            let (width_px, room_px) = (permille * 162 / 1_000, 6 * words.len() as u64 + 6);
            let hidden = if width_px < room_px { " off-screen" } else { "" };
            let (whole, tenth) = (permille / 10, permille % 10);
            let _ = write!(
                markup,
                "<span class=\"{class}\" style=\"width:{whole}.{tenth}%\" title=\"{words}\"><span class=\"points{hidden}\">{words}</span></span>"
            );
        }
        let _ = write!(markup, "</span></td><td class=\"sum\">{}</td></tr>", bid.total);
    }
    if bids.more > 0 {
        let _ = write!(
            markup,
            "<tr><td colspan=\"3\" class=\"quiet\">and {} lower</td></tr>",
            bids.more
        );
    }
    for other in &bids.others {
        let icon = if other.bids { icons::REPORT } else { icons::OPEN };
        let _ = write!(
            markup,
            "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>",
            escaped(&other.name),
            escaped(&other.words),
            glyph(icon)
        );
    }
    if bids.more_others > 0 {
        let _ = write!(
            markup,
            "<tr><td colspan=\"3\" class=\"quiet\">and {} more</td></tr>",
            bids.more_others
        );
    }
    *markup += "</tbody></table>";
    if let Some(task) = bids.why {
        let _ = write!(
            markup,
            "<button class=\"link\" data-testid=\"why-award\" data-why=\"{task}\">why?</button>"
        );
    }
    *markup += "</section>";
}

/// The parts of a score, as styles name them.
const PARTS: [&str; 3] = ["reputation", "skill", "free"];
