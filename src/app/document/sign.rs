//! Signs as pictures.

use engine::protocol::document::Sign;
use leptos::prelude::*;

use crate::app::icons::{self, Icon, svg};

/// The picture of a sign; none of those that are letters.
pub fn icon(sign: Sign) -> Option<Icon> {
    Some(match sign {
        Sign::For { counted: true } => icons::FOR,
        Sign::For { counted: false } => icons::FOR_CAST,
        Sign::Against { counted: true } => icons::AGAINST,
        Sign::Against { counted: false } => icons::AGAINST_CAST,
        Sign::Abstain { counted: true } => icons::ABSTAIN,
        Sign::Abstain { counted: false } => icons::ABSTAIN_CAST,
        Sign::Open => icons::OPEN,
        Sign::Deciding => icons::DECIDING,
        Sign::Absent => icons::ABSENT,
        Sign::Refused => icons::REFUSED,
        Sign::Exposed => icons::MASK,
        Sign::Lost => icons::LOST,
        Sign::Nothing => icons::NOTHING,
        Sign::Asked => icons::LETTER,
        Sign::Approved => icons::APPROVED,
        Sign::Rejected => icons::REJECTED,
        Sign::TimedOut => icons::TIMED_OUT,
        Sign::Holds => icons::HOLDS,
        Sign::Violated => icons::VIOLATED,
        Sign::NotYet => icons::NOT_YET,
        Sign::Warning => icons::WARNING,
        Sign::Call => icons::CALL,
        Sign::Working => icons::REPORT,
        Sign::Paused => icons::PAUSED,
        Sign::HalfDone => icons::HALF_DONE,
        Sign::Result => icons::RESULT,
        Sign::Dot => icons::DOT,
        Sign::Letter { .. } | Sign::Before | Sign::Concurrent => return None,
    })
}

pub(super) fn sign(sign: Sign) -> AnyView {
    match (sign, icon(sign)) {
        (_, Some(icon)) => svg(icon),
        (Sign::Letter { letter, counted }, None) => {
            view! { <span class="glyph letter" aria-hidden="true" data-counted=super::boolean(counted)>{letter.to_string()}</span> }
                .into_any()
        }
        (_, None) => {
            view! { <span class="glyph" aria-hidden="true">{sign.letter().to_string()}</span> }.into_any()
        }
    }
}
