//! Icons and marks as inline SVG. A mark that stands for a vote has the shape it has on the stage.

use leptos::prelude::*;

/// A picture of 24 by 24 units, as paths.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Icon {
    /// Drawn in lines of the colour of the text around it.
    is_line: bool,
    /// Each with its own style.
    paths: &'static [(&'static str, &'static str)],
}

impl Icon {
    const fn lines(paths: &'static [(&'static str, &'static str)]) -> Self {
        Self { is_line: true, paths }
    }

    const fn colours(paths: &'static [(&'static str, &'static str)]) -> Self {
        Self { is_line: false, paths }
    }
}

/// The picture alone.
pub fn picture(icon: Icon) -> impl IntoView {
    let path = |(d, style): &'static (&'static str, &'static str)| view! { <path d=*d style=*style></path> };
    let class = if icon.is_line { "icon" } else { "" };
    view! { <svg class=class viewBox="0 0 24 24">{icon.paths.iter().map(path).collect_view()}</svg> }
}

/// A picture in the text.
pub fn svg(icon: Icon) -> AnyView {
    view! { <span class="glyph" aria-hidden="true">{picture(icon)}</span> }.into_any()
}

pub const BRAND: Icon = Icon::colours(&[
    (
        "M12 1.3a10.7 10.7 0 1 1 0 21.4a10.7 10.7 0 1 1 0-21.4z",
        "fill:var(--glass);stroke:var(--ink);stroke-width:2",
    ),
    ("M12 7.5 8 15h8z", "fill:none;stroke:var(--ink);stroke-width:1.3"),
    ("M12 5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5z", "fill:var(--for)"),
    ("M8 12.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5z", "fill:var(--against)"),
    ("M16 12.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5z", "fill:var(--accent)"),
]);
pub const CHEVRON: Icon = Icon::lines(&[("M6 9.5l6 6 6-6", "")]);
pub const NEW_SEED: Icon = Icon::lines(&[
    (
        "M7 4.5h10a2.5 2.5 0 0 1 2.5 2.5v10a2.5 2.5 0 0 1-2.5 2.5h-10a2.5 2.5 0 0 1-2.5-2.5v-10a2.5 2.5 0 0 1 2.5-2.5z",
        "",
    ),
    ("M8.7 8.7v.1M15.3 8.7v.1M12 12v.1M8.7 15.3v.1M15.3 15.3v.1", ""),
]);
pub const HELP: Icon = Icon::lines(&[
    ("M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z", ""),
    ("M9.5 9.3a2.5 2.5 0 1 1 3.6 2.3c-.8.4-1.1.9-1.1 1.9", ""),
    ("M12 16.8v.1", ""),
]);
pub const LIGHT: Icon = Icon::lines(&[
    ("M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z", ""),
    (
        "M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
        "",
    ),
]);
pub const DARK: Icon =
    Icon::lines(&[("M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z", "")]);
pub const SYSTEM: Icon = Icon::lines(&[
    ("M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17z", ""),
    ("M12 3.5a8.5 8.5 0 0 1 0 17z", "fill:currentColor"),
]);
pub const SHARE: Icon =
    Icon::lines(&[("M12 15V3.5M8 7.2l4-3.7 4 3.7", ""), ("M5 11.5v8.5h14v-8.5", "")]);
pub const SAVE: Icon =
    Icon::lines(&[("M12 3.5V15M8 11.3l4 3.7 4-3.7", ""), ("M5 15.5V20h14v-4.5", "")]);
pub const RENAME: Icon = Icon::lines(&[("M4.5 19.5l1-4.2L16 4.8l3.2 3.2L8.7 18.5z", "")]);
pub const DELETE: Icon = Icon::lines(&[("M4.5 7h15M9 7V4.5h6V7M6.5 7l1 12.5h9l1-12.5", "")]);
pub const OPEN_FILE: Icon = Icon::lines(&[("M3.5 19.5v-14h6l2 2.5h9v11.5z", "")]);
pub const CLOSE: Icon = Icon::lines(&[("M6 6l12 12M18 6L6 18", "")]);
pub const WARNING: Icon = Icon::lines(&[("M12 4L2.8 20h18.4z", ""), ("M12 10v4.5M12 17.3v.1", "")]);
pub const CRASH: Icon = Icon::lines(&[("M7.5 6.5a7.5 7.5 0 1 0 9 0", ""), ("M12 3v9", "")]);
pub const RESTART: Icon =
    Icon::lines(&[("M4.5 12a7.5 7.5 0 1 0 2.2-5.3L4 9.3", ""), ("M4 4.5v4.8h4.8", "")]);
pub const PAUSE_AGENT: Icon = Icon::lines(&[("M9 5v14M15 5v14", "")]);
pub const RESUME: Icon = Icon::lines(&[("M8 5.5v13l10.5-6.5z", "")]);
pub const ISOLATE: Icon = Icon::lines(&[
    ("M12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z", ""),
    (
        "M12 4.5v1M12 18.5v1M4.5 12h1M18.5 12h1M6.7 6.7l.7.7M16.6 16.6l.7.7M6.7 17.3l.7-.7M16.6 7.4l.7-.7",
        "",
    ),
]);
pub const CUT: Icon = Icon::lines(&[("M3 12h6M15 12h6", ""), ("M10 16l1.5-8M12.8 16l1.5-8", "")]);
pub const SLOW: Icon =
    Icon::lines(&[("M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16z", ""), ("M12 7.5V12l3 2.5", "")]);
pub const DROP: Icon = Icon::lines(&[(
    "M12 4v4M12 16v4M4 12h4M16 12h4M6.5 6.5l2.6 2.6M14.9 14.9l2.6 2.6M6.5 17.5l2.6-2.6M14.9 9.1l2.6-2.6",
    "",
)]);
pub const DUPLICATE: Icon = Icon::lines(&[("M4 5h11v9H4z", ""), ("M9 14v5h11v-9h-5", "")]);
pub const PARTITION: Icon =
    Icon::lines(&[("M12.5 3l-2.5 5 4 3-4 4 2.5 6", ""), ("M4 8v8M20 8v8", "")]);
pub const LETTER_LINE: Icon =
    Icon::lines(&[("M3.5 6h17v12h-17z", ""), ("M3.5 6.5l8.5 6.5 8.5-6.5", "")]);
pub const LIAR: Icon = Icon::lines(&[
    (
        "M3.5 9c2.5-1.3 5.5-1.3 8.5.4 3-1.7 6-1.7 8.5-.4.7 4.5-1.2 8-4.2 8-2.1 0-3.1-2.4-4.3-2.4S9.8 17 7.7 17c-3 0-4.9-3.5-4.2-8z",
        "",
    ),
    ("M8 12v.1M16 12v.1", ""),
]);
pub const DELTA_LINE: Icon =
    Icon::lines(&[("M12 3.5l8.5 8.5-8.5 8.5L3.5 12z", ""), ("M12 8.5l3.5 5.5h-7z", "")]);
pub const FULL_LINE: Icon = Icon::lines(&[("M5 5h14v14H5z", ""), ("M8 9h8M8 12h8M8 15h8", "")]);
pub const HEALTH: Icon = Icon::lines(&[("M3 12h4.5l2-5 4 10 2.5-5H21", "")]);
pub const NEARER: Icon = Icon::lines(&[("M12 5v14M5 12h14", "")]);
pub const FURTHER: Icon = Icon::lines(&[("M5 12h14", "")]);
pub const FIT: Icon = Icon::lines(&[("M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5", "")]);
pub const PLAY: Icon = Icon::lines(&[("M8 5v14l11-7z", "")]);
pub const PAUSE: Icon = Icon::lines(&[("M7 5.5h3.2v13H7zM13.8 5.5H17v13h-3.2z", "stroke-width:1")]);
pub const PRESENT: Icon = Icon::lines(&[("M4 4.5h16v11H4z", ""), ("M12 15.5v4M8.5 19.5h7", "")]);
pub const TO_START: Icon = Icon::lines(&[("M6 5v14", ""), ("M18.5 6v12L9 12z", "")]);
pub const TO_END: Icon = Icon::lines(&[("M18 5v14", ""), ("M5.5 6v12L15 12z", "")]);
pub const STEP_BACK: Icon = Icon::lines(&[("M13 6v12l-8.5-6z", ""), ("M18 6v12", "")]);
pub const STEP_FORWARD: Icon = Icon::lines(&[("M11 6v12l8.5-6z", ""), ("M6 6v12", "")]);

pub const FOR: Icon = Icon::colours(&[
    ("M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20z", "fill:var(--for)"),
    (
        "M7.2 12.3l3.3 3.4 6.3-7",
        "fill:none;stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round",
    ),
]);
pub const FOR_CAST: Icon = Icon::colours(&[
    ("M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z", "fill:none;stroke:var(--for);stroke-width:2"),
    (
        "M7.8 12.3l2.9 3 5.5-6.2",
        "fill:none;stroke:var(--for-ink);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round",
    ),
]);
pub const AGAINST: Icon = Icon::colours(&[
    (
        "M5 3h14a2 2 0 0 1 2 2v14a2 2 0 0 1-2 2h-14a2 2 0 0 1-2-2v-14a2 2 0 0 1 2-2z",
        "fill:var(--against)",
    ),
    (
        "M8.3 8.3l7.4 7.4M15.7 8.3l-7.4 7.4",
        "stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round",
    ),
]);
pub const AGAINST_CAST: Icon = Icon::colours(&[
    (
        "M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-12a2 2 0 0 1-2-2v-12a2 2 0 0 1 2-2z",
        "fill:none;stroke:var(--against);stroke-width:2",
    ),
    (
        "M8.8 8.8l6.4 6.4M15.2 8.8l-6.4 6.4",
        "stroke:var(--against-ink);stroke-width:2.2;stroke-linecap:round",
    ),
]);
pub const ABSTAIN: Icon = Icon::colours(&[
    ("M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20z", "fill:var(--abstain)"),
    ("M7.5 12h9", "stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round"),
]);
pub const ABSTAIN_CAST: Icon = Icon::colours(&[
    ("M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z", "fill:none;stroke:var(--abstain);stroke-width:2"),
    ("M8 12h8", "stroke:var(--abstain-ink);stroke-width:2.2;stroke-linecap:round"),
]);
pub const OPEN: Icon = Icon::colours(&[(
    "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z",
    "fill:none;stroke:var(--hollow);stroke-width:1.8;stroke-dasharray:1.6 3.055",
)]);
pub const DECIDING: Icon = Icon::colours(&[
    (
        "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z",
        "fill:none;stroke:var(--hollow);stroke-width:1.8;stroke-dasharray:1.6 3.055",
    ),
    ("M8 12h.1M12 12h.1M16 12h.1", "stroke:var(--hollow);stroke-width:2.6;stroke-linecap:round"),
]);
pub const ABSENT: Icon = Icon::colours(&[
    (
        "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z",
        "fill:none;stroke:var(--hollow);stroke-width:1.8;stroke-dasharray:1.6 3.055",
    ),
    ("M8.5 15.5l7-7", "stroke:var(--hollow);stroke-width:1.8"),
]);
pub const REFUSED: Icon = Icon::colours(&[
    ("M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z", "fill:none;stroke:var(--fault);stroke-width:2"),
    ("M6 18L18 6", "stroke:var(--fault);stroke-width:2"),
]);
pub const LETTER: Icon = Icon::colours(&[
    (
        "M4.5 5h15a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2z",
        "fill:var(--accent)",
    ),
    (
        "M5 8.5l7 5 7-5",
        "fill:none;stroke:var(--on-fill);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round",
    ),
]);
pub const APPROVED: Icon = Icon::colours(&[
    (
        "M4.5 5h15a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2z",
        "fill:var(--for)",
    ),
    (
        "M7.8 12.2l2.8 2.8 5.5-6",
        "fill:none;stroke:var(--on-fill);stroke-width:2.2;stroke-linecap:round;stroke-linejoin:round",
    ),
]);
pub const REJECTED: Icon = Icon::colours(&[
    (
        "M4.5 5h15a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2z",
        "fill:var(--against)",
    ),
    ("M9 9l6 6M15 9l-6 6", "stroke:var(--on-fill);stroke-width:2.2;stroke-linecap:round"),
]);
pub const TIMED_OUT: Icon = Icon::colours(&[
    (
        "M4.5 5h15a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2h-15a2 2 0 0 1-2-2v-10a2 2 0 0 1 2-2z",
        "fill:var(--abstain)",
    ),
    ("M8.5 12h7", "stroke:var(--on-fill);stroke-width:2.2;stroke-linecap:round"),
]);
pub const LOST: Icon = Icon::colours(&[
    (
        "M12 2.5v5M12 16.5v5M2.5 12h5M16.5 12h5M5.3 5.3l3.5 3.5M15.2 15.2l3.5 3.5M18.7 5.3l-3.5 3.5M8.8 15.2l-3.5 3.5",
        "stroke:var(--fault);stroke-width:2;stroke-linecap:round",
    ),
    (
        "M12 9.8a2.2 2.2 0 1 1 0 4.4a2.2 2.2 0 1 1 0-4.4z",
        "fill:none;stroke:var(--fault);stroke-width:1.5",
    ),
]);
pub const DOWN: Icon = Icon::colours(&[
    (
        "M12 3a9 9 0 1 1 0 18a9 9 0 1 1 0-18z",
        "fill:none;stroke:var(--hollow);stroke-width:1.5;stroke-dasharray:3 3",
    ),
    ("M6.5 6.5l11 11M17.5 6.5l-11 11", "stroke:var(--fault);stroke-width:2.2;stroke-linecap:round"),
]);
pub const DOT: Icon =
    Icon::colours(&[("M12 8.8a3.2 3.2 0 1 1 0 6.4a3.2 3.2 0 1 1 0-6.4z", "fill:var(--link-used)")]);
pub const QUESTION: Icon = Icon::colours(&[
    (
        "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17z",
        "fill:none;stroke:var(--accent);stroke-width:2",
    ),
    (
        "M9.7 9.8a2.3 2.3 0 1 1 3.3 2.1c-.7.4-1 .8-1 1.7M12 16.3v.1",
        "fill:none;stroke:var(--accent-ink);stroke-width:2;stroke-linecap:round",
    ),
]);
pub const REPUTATION: Icon = Icon::colours(&[
    ("M4 9.5c1.5 5 4.5 7.5 8 7.5", "fill:none;stroke:var(--ink-3);stroke-width:3"),
    ("M12 17c3.5 0 6.5-2.5 8-7.5", "fill:none;stroke:var(--link);stroke-width:3"),
]);
pub const TIMER: Icon = Icon::colours(&[
    ("M4.6 16.3A9 9 0 0 1 12 3", "fill:none;stroke:var(--ink);stroke-width:3"),
    ("M12 3a9 9 0 0 1 7.4 13.3", "fill:none;stroke:var(--link);stroke-width:3"),
]);
pub const HOLDS: Icon = Icon::colours(&[(
    "M4.5 12.5l5 5.5L19.5 6.5",
    "fill:none;stroke:var(--for-ink);stroke-width:3;stroke-linecap:round;stroke-linejoin:round",
)]);
pub const VIOLATED: Icon = Icon::colours(&[(
    "M5.5 5.5l13 13M18.5 5.5l-13 13",
    "stroke:var(--fault);stroke-width:3.2;stroke-linecap:round",
)]);
pub const NOT_YET: Icon = Icon::colours(&[(
    "M12 4.5a7.5 7.5 0 1 1 0 15a7.5 7.5 0 1 1 0-15z",
    "fill:none;stroke:var(--hollow);stroke-width:2.6",
)]);
/// Nothing came, and nothing will.
pub const NOTHING: Icon = Icon::colours(&[("M8 12h8", "stroke:var(--hollow);stroke-width:2")]);
pub const MASK: Icon = Icon::colours(&[
    (
        "M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20z",
        "fill:none;stroke:var(--byz);stroke-width:1.6;stroke-dasharray:1.6 2.6",
    ),
    (
        "M5 9.5c2-1 4.5-1 7 .3 2.5-1.3 5-1.3 7-.3.5 3.5-1 6.2-3.4 6.2-1.7 0-2.6-1.9-3.6-1.9s-1.9 1.9-3.6 1.9C6 15.7 4.5 13 5 9.5z",
        "fill:var(--byz)",
    ),
    ("M8.8 10.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 1 1 0-2.8z", "fill:var(--ground)"),
    ("M15.2 10.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 1 1 0-2.8z", "fill:var(--ground)"),
]);
pub const EVIDENCE: Icon = Icon::colours(&[
    (
        "M4 3h16a2.5 2.5 0 0 1 2.5 2.5v13a2.5 2.5 0 0 1-2.5 2.5h-16a2.5 2.5 0 0 1-2.5-2.5v-13a2.5 2.5 0 0 1 2.5-2.5z",
        "fill:var(--byz)",
    ),
    (
        "M5 9.5c2-1 4.5-1 7 .3 2.5-1.3 5-1.3 7-.3.5 3.5-1 6.2-3.4 6.2-1.7 0-2.6-1.9-3.6-1.9s-1.9 1.9-3.6 1.9C6 15.7 4.5 13 5 9.5z",
        "fill:var(--on-fill)",
    ),
    ("M8.8 10.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 1 1 0-2.8z", "fill:var(--byz)"),
    ("M15.2 10.6a1.4 1.4 0 1 1 0 2.8a1.4 1.4 0 1 1 0-2.8z", "fill:var(--byz)"),
]);
pub const SIGNED: Icon = Icon::colours(&[
    ("M12 2a10 10 0 1 1 0 20a10 10 0 1 1 0-20z", "fill:none;stroke:var(--for);stroke-width:1.6"),
    ("M12 5.2a6.8 6.8 0 1 1 0 13.6a6.8 6.8 0 1 1 0-13.6z", "fill:var(--for)"),
    (
        "M8.8 12.2l2.2 2.3 4.2-4.7",
        "fill:none;stroke:var(--on-fill);stroke-width:1.8;stroke-linecap:round;stroke-linejoin:round",
    ),
]);
pub const DELTA: Icon = Icon::colours(&[
    ("M12 1.5 22.5 12 12 22.5 1.5 12z", "fill:var(--data)"),
    ("M12 8l4 6.5H8z", "fill:none;stroke:var(--on-data);stroke-width:1.8"),
]);
pub const FULL_STATE: Icon = Icon::colours(&[
    ("M3 3h18v18H3z", "fill:var(--data)"),
    ("M7 8h10M7 12h10M7 16h10", "stroke:var(--on-data);stroke-width:1.8"),
]);
/// A task that is announced or awarded, how far it is, and its result.
pub const CALL: Icon = Icon::colours(&[
    ("M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z", "fill:none;stroke:var(--accent);stroke-width:2"),
    ("M12 9a3 3 0 1 1 0 6a3 3 0 1 1 0-6z", "fill:var(--accent)"),
]);
pub const REPORT: Icon = Icon::colours(&[(
    "M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z",
    "fill:none;stroke:var(--accent);stroke-width:2",
)]);
pub const RESULT: Icon = Icon::colours(&[
    ("M12 1.5l9.1 5.25v10.5L12 22.5l-9.1-5.25V6.75z", "fill:var(--accent)"),
    (
        "M7.4 12.2l3.2 3.3 6-6.6",
        "fill:none;stroke:var(--on-fill);stroke-width:2.4;stroke-linecap:round;stroke-linejoin:round",
    ),
]);
pub const HALF_DONE: Icon = Icon::colours(&[
    ("M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z", "fill:none;stroke:var(--accent);stroke-width:2"),
    ("M12 3v18l-7.8-4.5v-9z", "fill:var(--accent)"),
]);
pub const PAUSED: Icon = Icon::colours(&[
    ("M12 3l7.8 4.5v9L12 21l-7.8-4.5v-9z", "fill:none;stroke:var(--accent);stroke-width:2"),
    (
        "M9.5 8.5v7M14.5 8.5v7",
        "fill:none;stroke:var(--accent);stroke-width:2.4;stroke-linecap:round",
    ),
]);
pub const PROGRESS: Icon = Icon::colours(&[
    (
        "M12 3.5a8.5 8.5 0 1 1 0 17a8.5 8.5 0 1 1 0-17z",
        "fill:none;stroke:var(--link);stroke-width:4",
    ),
    ("M12 3.5a8.5 8.5 0 1 1-8.5 8.5", "fill:none;stroke:var(--accent);stroke-width:4"),
]);
pub const LOAD: Icon = Icon::colours(&[
    ("M3.9 15a8.6 8.6 0 0 0 16.2 0z", "fill:var(--rule-2)"),
    (
        "M12 3.4a8.6 8.6 0 1 1 0 17.2a8.6 8.6 0 1 1 0-17.2z",
        "fill:none;stroke:var(--ink);stroke-width:1.6",
    ),
]);
pub const RUMOUR: Icon = Icon::colours(&[
    ("M2 12h12", "stroke:var(--rumour);stroke-width:3"),
    ("M17 7.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9z", "fill:var(--rumour)"),
]);
pub const REPEAT: Icon =
    Icon::colours(&[("M12 10a2 2 0 1 1 0 4a2 2 0 1 1 0-4z", "fill:var(--link-used)")]);
pub const FAULT: Icon = Icon::colours(&[("M12 4L21 20H3z", "fill:var(--fault)")]);
