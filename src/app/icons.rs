//! Icons and marks as inline SVG. A mark that stands for a vote has the shape it has on the stage.

use engine::coordination::consensus::ballot::Vote;
use engine::playback::frame::Lamp;
use leptos::prelude::*;

/// An icon in markup.
pub fn glyph(icon: &str) -> String {
    format!("<span class=\"glyph\" aria-hidden=\"true\">{icon}</span>")
}

/// A picture in the text: `markup` is one of the constants of this file.
pub fn svg(markup: &'static str) -> impl IntoView {
    view! { <span class="glyph" aria-hidden="true" inner_html=markup></span> }
}

macro_rules! icon {
    ($($paths:literal)*) => {
        concat!("<svg class=\"icon\" viewBox=\"0 0 24 24\">", $("<path d=\"", $paths, "\"/>",)* "</svg>")
    };
}

pub const BRAND: &str = "<svg viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"10.7\" style=\"fill:var(--glass);stroke:var(--ink);stroke-width:2\"/><path d=\"M12 7.5 8 15h8z\" style=\"fill:none;stroke:var(--ink);stroke-width:1.3\"/><circle cx=\"12\" cy=\"7.5\" r=\"2.5\" style=\"fill:var(--for)\"/><circle cx=\"8\" cy=\"15\" r=\"2.5\" style=\"fill:var(--against)\"/><circle cx=\"16\" cy=\"15\" r=\"2.5\" style=\"fill:var(--accent)\"/></svg>";
pub const CHEVRON: &str = icon!("M6 9.5l6 6 6-6");
pub const NEW_SEED: &str = icon!("M7 4.5h10a2.5 2.5 0 0 1 2.5 2.5v10a2.5 2.5 0 0 1-2.5 2.5h-10a2.5 2.5 0 0 1-2.5-2.5v-10a2.5 2.5 0 0 1 2.5-2.5z" "M8.7 8.7v.1M15.3 8.7v.1M12 12v.1M8.7 15.3v.1M15.3 15.3v.1");
pub const HELP: &str = icon!("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z" "M9.5 9.3a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.9" "M12 16.8v.1");
pub const LIGHT: &str = icon!("M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z" "M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4");
pub const DARK: &str = icon!("M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z");
pub const SYSTEM: &str = "<svg class=\"icon\" viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"8.5\"/><path d=\"M12 3.5a8.5 8.5 0 0 1 0 17z\" style=\"fill:currentColor\"/></svg>";
pub const SHARE: &str = icon!("M12 15V3.5M8 7.2l4-3.7 4 3.7" "M5 11.5v8.5h14v-8.5");
pub const SAVE: &str = icon!("M12 3.5V15M8 11.3l4 3.7 4-3.7" "M5 15.5V20h14v-4.5");
pub const RENAME: &str = icon!("M4.5 19.5l1-4.2L16 4.8l3.2 3.2L8.7 18.5z");
pub const DELETE: &str = icon!("M4.5 7h15M9 7V4.5h6V7M6.5 7l1 12.5h9l1-12.5");
pub const OPEN_FILE: &str = icon!("M3.5 19.5v-14h6l2 2.5h9v11.5z");
pub const CLOSE: &str = icon!("M6 6l12 12M18 6L6 18");
pub const WARNING: &str = icon!("M12 4L2.8 20h18.4z" "M12 10v4.5M12 17.3v.1");
pub const CRASH: &str = icon!("M7.5 6.5a7.5 7.5 0 1 0 9 0" "M12 3v9");
pub const RESTART: &str = icon!("M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4 9.3" "M4 4.5v4.8h4.8");
pub const PAUSE_AGENT: &str = icon!("M9 5v14M15 5v14");
pub const RESUME: &str = icon!("M8 5.5v13l10.5-6.5z");
pub const ISOLATE: &str = icon!("M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z" "M12 4.5v1M12 18.5v1M4.5 12h1M18.5 12h1M6.7 6.7l.7.7M16.6 16.6l.7.7M6.7 17.3l.7-.7M16.6 7.4l.7-.7");
pub const CUT: &str = icon!("M3 12h6M15 12h6" "M10 16l1.5-8M12.8 16l1.5-8");
pub const SLOW: &str = icon!("M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z" "M12 7.5V12l3 2.5");
pub const DROP: &str = icon!(
    "M12 4v4M12 16v4M4 12h4M16 12h4M6.5 6.5l2.6 2.6M14.9 14.9l2.6 2.6M6.5 17.5l2.6-2.6M14.9 9.1l2.6-2.6"
);
pub const DUPLICATE: &str = icon!("M4 5h11v9H4z" "M9 14v5h11v-9h-5");
pub const PARTITION: &str = icon!("M12.5 3l-2.5 5 4 3-4 4 2.5 6" "M4 8v8M20 8v8");
pub const LETTER_LINE: &str = icon!("M3.5 6h17v12h-17z" "M3.5 6.5l8.5 6.5 8.5-6.5");
pub const LIAR: &str = icon!("M3.5 9c2.5-1.3 5.5-1.3 8.5.4 3-1.7 6-1.7 8.5-.4.7 4.5-1.2 8-4.2 8-2.1 0-3.1-2.4-4.3-2.4S9.8 17 7.7 17c-3 0-4.9-3.5-4.2-8z" "M8 12v.1M16 12v.1");
pub const DELTA_LINE: &str = icon!("M12 3.5l8.5 8.5-8.5 8.5L3.5 12z" "M12 8.5l3.5 5.5h-7z");
pub const FULL_LINE: &str = icon!("M5 5h14v14H5z" "M8 9h8M8 12h8M8 15h8");
pub const HEALTH: &str = icon!("M3 12h4.5l2-5 4 10 2.5-5H21");
pub const NEARER: &str = icon!("M12 5v14M5 12h14");
pub const FURTHER: &str = icon!("M5 12h14");
pub const FIT: &str = icon!("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5");
pub const PLAY: &str =
    "<svg class=\"icon\" viewBox=\"0 0 24 24\"><path d=\"M8 5v14l11-7z\"/></svg>";
pub const PAUSE: &str = "<svg class=\"icon\" viewBox=\"0 0 24 24\"><path d=\"M7 5.5h3.2v13H7zM13.8 5.5H17v13h-3.2z\" style=\"stroke-width:1\"/></svg>";
pub const PRESENT: &str = icon!("M4 4.5h16v11H4z" "M12 15.5v4M8.5 19.5h7");
pub const TO_START: &str = icon!("M6 5v14" "M18.5 6v12L9 12z");
pub const TO_END: &str = icon!("M18 5v14" "M5.5 6v12L15 12z");
pub const STEP_BACK: &str = icon!("M13 6v12l-8.5-6z" "M18 6v12");
pub const STEP_FORWARD: &str = icon!("M11 6v12l8.5-6z" "M6 6v12");

macro_rules! mark {
    ($($body:expr),*) => { concat!("<svg viewBox=\"0 0 24 24\">", $($body,)* "</svg>") };
}

const FOR: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"10\" style=\"fill:var(--for)\"/><path d=\"M7.2 12.3l3.3 3.4 6.3-7\" style=\"fill:none;stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round\"/>"
);
const FOR_CAST: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"9\" style=\"fill:none;stroke:var(--for);stroke-width:2\"/><path d=\"M7.8 12.3l2.9 3 5.5-6.2\" style=\"fill:none;stroke:var(--for-ink);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round\"/>"
);
const AGAINST: &str = mark!(
    "<rect x=\"3\" y=\"3\" width=\"18\" height=\"18\" rx=\"2\" style=\"fill:var(--against)\"/><path d=\"M8.3 8.3l7.4 7.4M15.7 8.3l-7.4 7.4\" style=\"stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round\"/>"
);
const AGAINST_CAST: &str = mark!(
    "<rect x=\"4\" y=\"4\" width=\"16\" height=\"16\" rx=\"2\" style=\"fill:none;stroke:var(--against);stroke-width:2\"/><path d=\"M8.8 8.8l6.4 6.4M15.2 8.8l-6.4 6.4\" style=\"stroke:var(--against-ink);stroke-width:2.2;stroke-linecap:round\"/>"
);
const ABSTAIN: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"10\" style=\"fill:var(--abstain)\"/><path d=\"M7.5 12h9\" style=\"stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round\"/>"
);
const ABSTAIN_CAST: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"9\" style=\"fill:none;stroke:var(--abstain);stroke-width:2\"/><path d=\"M8 12h8\" style=\"stroke:var(--abstain-ink);stroke-width:2.2;stroke-linecap:round\"/>"
);
pub const OPEN: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"9\" style=\"fill:none;stroke:var(--hollow);stroke-width:1.8;stroke-dasharray:1.6 3.055\"/>"
);
const DECIDING: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"9\" style=\"fill:none;stroke:var(--hollow);stroke-width:1.8;stroke-dasharray:1.6 3.055\"/><path d=\"M8 12h.1M12 12h.1M16 12h.1\" style=\"stroke:var(--hollow);stroke-width:2.6;stroke-linecap:round\"/>"
);
const ABSENT: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"9\" style=\"fill:none;stroke:var(--hollow);stroke-width:1.8;stroke-dasharray:1.6 3.055\"/><path d=\"M8.5 15.5l7-7\" style=\"stroke:var(--hollow);stroke-width:1.8\"/>"
);
pub const REFUSED: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"9\" style=\"fill:none;stroke:var(--fault);stroke-width:2\"/><path d=\"M6 18L18 6\" style=\"stroke:var(--fault);stroke-width:2\"/>"
);
pub const LETTER: &str = mark!(
    "<rect x=\"2.5\" y=\"5\" width=\"19\" height=\"14\" rx=\"2\" style=\"fill:var(--accent)\"/><path d=\"M5 8.5l7 5 7-5\" style=\"fill:none;stroke:var(--on-fill);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round\"/>"
);
pub const APPROVED: &str = mark!(
    "<rect x=\"2.5\" y=\"5\" width=\"19\" height=\"14\" rx=\"2\" style=\"fill:var(--for)\"/><path d=\"M7.8 12.2l2.8 2.8 5.5-6\" style=\"fill:none;stroke:var(--on-fill);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round\"/>"
);
pub const REJECTED: &str = mark!(
    "<rect x=\"2.5\" y=\"5\" width=\"19\" height=\"14\" rx=\"2\" style=\"fill:var(--against)\"/><path d=\"M9 9l6 6M15 9l-6 6\" style=\"stroke:var(--on-fill);stroke-width:2.2;stroke-linecap:round\"/>"
);
pub const TIMED_OUT: &str = mark!(
    "<rect x=\"2.5\" y=\"5\" width=\"19\" height=\"14\" rx=\"2\" style=\"fill:var(--abstain)\"/><path d=\"M8.5 12h7\" style=\"stroke:var(--on-fill);stroke-width:2.2;stroke-linecap:round\"/>"
);
pub const LOST: &str = mark!(
    "<path d=\"M12 2.5v5M12 16.5v5M2.5 12h5M16.5 12h5M5.3 5.3l3.5 3.5M15.2 15.2l3.5 3.5M18.7 5.3l-3.5 3.5M8.8 15.2l-3.5 3.5\" style=\"stroke:var(--fault);stroke-width:2;stroke-linecap:round\"/><circle cx=\"12\" cy=\"12\" r=\"2.2\" style=\"fill:none;stroke:var(--fault);stroke-width:1.5\"/>"
);
pub const DOWN: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"9\" style=\"fill:none;stroke:var(--hollow);stroke-width:1.5;stroke-dasharray:3 3\"/><path d=\"M6.5 6.5l11 11M17.5 6.5l-11 11\" style=\"stroke:var(--fault);stroke-width:2.2;stroke-linecap:round\"/>"
);
pub const DOT: &str =
    mark!("<circle cx=\"12\" cy=\"12\" r=\"3.2\" style=\"fill:var(--link-used)\"/>");
pub const QUESTION: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"8.5\" style=\"fill:none;stroke:var(--accent);stroke-width:2\"/><path d=\"M9.7 9.8a2.3 2.3 0 1 1 3.3 2.1c-.7.4-1 .8-1 1.7M12 16.3v.1\" style=\"fill:none;stroke:var(--accent-ink);stroke-width:2;stroke-linecap:round\"/>"
);
pub const REPUTATION: &str = mark!(
    "<path d=\"M4 9.5c1.5 5 4.5 7.5 8 7.5\" style=\"fill:none;stroke:var(--ink-3);stroke-width:3\"/><path d=\"M12 17c3.5 0 6.5-2.5 8-7.5\" style=\"fill:none;stroke:var(--link);stroke-width:3\"/>"
);
pub const TIMER: &str = mark!(
    "<path d=\"M4.6 16.3A9 9 0 0 1 12 3\" style=\"fill:none;stroke:var(--ink);stroke-width:3\"/><path d=\"M12 3a9 9 0 0 1 7.4 13.3\" style=\"fill:none;stroke:var(--link);stroke-width:3\"/>"
);
pub const HOLDS: &str = mark!(
    "<path d=\"M4.5 12.5l5 5.5L19.5 6.5\" style=\"fill:none;stroke:var(--for-ink);stroke-width:3;stroke-linecap:round;stroke-linejoin:round\"/>"
);
pub const VIOLATED: &str = mark!(
    "<path d=\"M5.5 5.5l13 13M18.5 5.5l-13 13\" style=\"stroke:var(--fault);stroke-width:3.2;stroke-linecap:round\"/>"
);
pub const NOT_YET: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"7.5\" style=\"fill:none;stroke:var(--hollow);stroke-width:2.6\"/>"
);
/// Nothing came, and nothing will.
pub const NOTHING: &str =
    mark!("<path d=\"M8 12h8\" style=\"stroke:var(--hollow);stroke-width:2\"/>");
pub const MASK: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"10\" style=\"fill:none;stroke:var(--byz);stroke-width:1.6;stroke-dasharray:1.6 2.6\"/><path d=\"M5 9.5c2-1 4.5-1 7 .3 2.5-1.3 5-1.3 7-.3.5 3.5-1 6.2-3.4 6.2-1.7 0-2.6-1.9-3.6-1.9s-1.9 1.9-3.6 1.9C6 15.7 4.5 13 5 9.5z\" style=\"fill:var(--byz)\"/><circle cx=\"8.8\" cy=\"12\" r=\"1.4\" style=\"fill:var(--ground)\"/><circle cx=\"15.2\" cy=\"12\" r=\"1.4\" style=\"fill:var(--ground)\"/>"
);
pub const EVIDENCE: &str = mark!(
    "<rect x=\"1.5\" y=\"3\" width=\"21\" height=\"18\" rx=\"2.5\" style=\"fill:var(--byz)\"/><path d=\"M5 9.5c2-1 4.5-1 7 .3 2.5-1.3 5-1.3 7-.3.5 3.5-1 6.2-3.4 6.2-1.7 0-2.6-1.9-3.6-1.9s-1.9 1.9-3.6 1.9C6 15.7 4.5 13 5 9.5z\" style=\"fill:var(--on-fill)\"/><circle cx=\"8.8\" cy=\"12\" r=\"1.4\" style=\"fill:var(--byz)\"/><circle cx=\"15.2\" cy=\"12\" r=\"1.4\" style=\"fill:var(--byz)\"/>"
);
pub const SIGNED: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"10\" style=\"fill:none;stroke:var(--for);stroke-width:1.6\"/><circle cx=\"12\" cy=\"12\" r=\"6.8\" style=\"fill:var(--for)\"/><path d=\"M8.8 12.2l2.2 2.3 4.2-4.7\" style=\"fill:none;stroke:var(--on-fill);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round\"/>"
);
pub const DELTA: &str = mark!(
    "<path d=\"M12 1.5 22.5 12 12 22.5 1.5 12z\" style=\"fill:var(--data)\"/><path d=\"M12 8l4 6.5H8z\" style=\"fill:none;stroke:var(--on-data);stroke-width:1.8\"/>"
);
pub const FULL_STATE: &str = mark!(
    "<path d=\"M3 3h18v18H3z\" style=\"fill:var(--data)\"/><path d=\"M7 8h10M7 12h10M7 16h10\" style=\"stroke:var(--on-data);stroke-width:1.8\"/>"
);
/// A task that is announced or awarded, how far it is, and its result.
pub const CALL: &str = mark!(
    "<path d=\"M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z\" style=\"fill:none;stroke:var(--accent);stroke-width:2\"/><circle cx=\"12\" cy=\"12\" r=\"3\" style=\"fill:var(--accent)\"/>"
);
pub const REPORT: &str = mark!(
    "<path d=\"M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z\" style=\"fill:none;stroke:var(--accent);stroke-width:2\"/>"
);
pub const RESULT: &str = mark!(
    "<path d=\"M12 1.5l9.1 5.25v10.5L12 22.5l-9.1-5.25V6.75z\" style=\"fill:var(--accent)\"/><path d=\"M7.4 12.2l3.2 3.3 6-6.6\" style=\"fill:none;stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round\"/>"
);
pub const HALF_DONE: &str = mark!(
    "<path d=\"M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z\" style=\"fill:none;stroke:var(--accent);stroke-width:2\"/><path d=\"M12 3v18l-7.8-4.5v-9z\" style=\"fill:var(--accent)\"/>"
);
pub const PROGRESS: &str = mark!(
    "<circle cx=\"12\" cy=\"12\" r=\"8.5\" style=\"fill:none;stroke:var(--link);stroke-width:4\"/><path d=\"M12 3.5a8.5 8.5 0 1 1-8.5 8.5\" style=\"fill:none;stroke:var(--accent);stroke-width:4\"/>"
);
pub const LOAD: &str = mark!(
    "<path d=\"M3.9 15a8.6 8.6 0 0 0 16.2 0z\" style=\"fill:var(--rule-2)\"/><circle cx=\"12\" cy=\"12\" r=\"8.6\" style=\"fill:none;stroke:var(--ink);stroke-width:1.6\"/>"
);
pub const RUMOUR: &str = mark!(
    "<path d=\"M2 12h12\" style=\"stroke:var(--rumour);stroke-width:3\"/><circle cx=\"17\" cy=\"12\" r=\"4.5\" style=\"fill:var(--rumour)\"/>"
);
pub const REPEAT: &str =
    mark!("<circle cx=\"12\" cy=\"12\" r=\"2\" style=\"fill:var(--link-used)\"/>");
pub const FAULT: &str = mark!("<path d=\"M12 4L21 20H3z\" style=\"fill:var(--fault)\"/>");

/// A vote: filled once it is counted, outlined on its way.
pub fn vote(vote: Vote, counted: bool) -> &'static str {
    match (vote, counted) {
        (Vote::For, true) => FOR,
        (Vote::For, false) => FOR_CAST,
        (Vote::Against, true) => AGAINST,
        (Vote::Against, false) => AGAINST_CAST,
        (Vote::Abstain, true) => ABSTAIN,
        (Vote::Abstain, false) => ABSTAIN_CAST,
    }
}

/// How far a ballot has come.
pub fn lamp(lamp: Lamp) -> &'static str {
    match lamp {
        Lamp::Unaware => OPEN,
        Lamp::Deciding => DECIDING,
        Lamp::Cast(cast) => vote(cast, false),
        Lamp::Lost(_) => LOST,
        Lamp::Counted(counted) => vote(counted, true),
        Lamp::Refused(_) => REFUSED,
        Lamp::Absent => ABSENT,
        Lamp::Exposed => MASK,
        Lamp::Void => ABSENT,
        Lamp::Holds(held) => vote(held, false),
    }
}
