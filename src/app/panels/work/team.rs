//! Which skills of a task its team covers.

use core::fmt::Write as _;

use engine::view::work::team::{Cell, Coverage};

use super::{escaped, head};
use crate::app::icons::{self, glyph};

pub fn coverage(markup: &mut String, coverage: &Coverage) {
    head(markup, "Team", &coverage.hint);
    *markup += "<table class=\"coverage\" data-testid=\"coverage\"><thead><tr><th scope=\"col\"><span class=\"off-screen\">skill</span></th>";
    for (place, member) in coverage.members.iter().enumerate() {
        let member = escaped(member);
        let _ = write!(markup, "<th scope=\"col\" title=\"{member}\">{} {member}</th>", place + 1);
    }
    *markup += "</tr></thead><tbody>";
    for row in &coverage.rows {
        let _ = write!(markup, "<tr><th scope=\"row\">{}</th>", escaped(&row.skill));
        if row.uncovered {
            let width = coverage.members.len();
            let _ =
                write!(markup, "<td class=\"nobody\" colspan=\"{width}\">nobody has it</td></tr>");
            continue;
        }
        for cell in &row.cells {
            let icon = match cell {
                Cell::Without => icons::NOTHING,
                Cell::Has => icons::DOT,
                Cell::Waits => icons::OPEN,
                Cell::Does => icons::REPORT,
                Cell::Done => icons::RESULT,
                Cell::Failed => icons::REFUSED,
            };
            let (icon, words) = (glyph(icon), cell.words());
            let _ = write!(
                markup,
                "<td title=\"{words}\">{icon}<span class=\"off-screen\">{words}</span></td>"
            );
        }
        *markup += "</tr>";
    }
    *markup += "</tbody></table></section>";
}
