//! Which version of each key every agent holds; a cell chooses both.

use core::fmt::Write as _;

use engine::view::state::Overview;

use super::escaped;

/// The table. `chosen` is the key and the agent that are looked at.
pub fn section(markup: &mut String, overview: &Overview, chosen: (u32, Option<u32>)) {
    let Overview { strong, columns, rows, more } = overview;
    let _ = write!(
        markup,
        "<section class=\"panel\"><header><h2>Versions</h2><span class=\"quiet\">≠ differs from the first; press one</span></header>\
         <p class=\"lead\"><b>{strong}</b>.</p><table class=\"versions\" data-testid=\"versions\"><thead><tr><td></td>"
    );
    for column in columns {
        let _ = write!(markup, "<th scope=\"col\">{}</th>", escaped(column));
    }
    *markup += "</tr></thead><tbody>";
    for (name, cells) in rows {
        let _ = write!(markup, "<tr><th scope=\"row\">{}</th>", escaped(name));
        for cell in cells {
            let (key, agent) = (cell.key.0, cell.agent.0);
            let words = escaped(&cell.words);
            let (class, differs) = if cell.differs { (" class=\"off\"", "≠ ") } else { ("", "") };
            let _ = write!(
                markup,
                "<td><button{class} data-key=\"{key}\" data-at=\"{agent}\" aria-pressed=\"{}\" title=\"{words}\">{differs}{}</button></td>",
                chosen == (key, Some(agent)),
                cell.version
            );
        }
        *markup += "</tr>";
    }
    let _ = write!(markup, "</tbody></table><p class=\"quiet\">{more}</p></section>");
}
