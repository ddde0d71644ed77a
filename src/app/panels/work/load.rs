//! What each agent carries: now as a bar with the line above which it does not bid, and over the run so far.

use core::fmt::Write as _;

use engine::view::work::load::{LIMIT_PERMILLE, Loads};

use super::{escaped, head};

pub fn loads(markup: &mut String, loads: &Loads) {
    head(markup, "Load", &loads.hint);
    let (strong, rest) = (&loads.strong, &loads.rest);
    let limit = LIMIT_PERMILLE / 10;
    let _ = write!(
        markup,
        "<p class=\"second\" data-testid=\"load-words\"><b>{strong}</b>{rest}</p>\
         <table class=\"leaders loads\" style=\"--limit:{limit}%\" data-testid=\"loads\"><colgroup><col><col><col><col><col></colgroup><thead><tr><th scope=\"col\">agent</th>\
         <th scope=\"col\" colspan=\"2\">carries</th><th scope=\"col\">average</th><th scope=\"col\">peak</th></tr></thead>"
    );
    for row in &loads.rows {
        let (name, full, carries) = (escaped(&row.name), row.is_full, &row.carries);
        let (whole, tenth) = (row.permille / 10, row.permille % 10);
        let (average, peak, doing) = (&row.average, &row.peak, escaped(&row.doing));
        let bids = if full { "does not bid; " } else { "" };
        let mark = if row.trouble.is_empty() { "" } else { "; " };
        let _ = write!(
            markup,
            "<tbody><tr data-full=\"{full}\"><th scope=\"row\" title=\"{name}\">{name}</th><td><span class=\"track\"><i style=\"width:{whole}.{tenth}%\"></i></span></td>\
             <td>{carries}</td><td>{average}</td><td>{peak}</td></tr><tr><td colspan=\"5\">{bids}{doing}{mark}<span class=\"trouble\">{}</span></td></tr></tbody>",
            row.trouble
        );
    }
    *markup += "</table></section>";
}
