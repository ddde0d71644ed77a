//! Words that all protocols use.

/// "ann opened no vote: there is one of this name", where it is known why.
#[must_use]
pub fn refused(agent: &str, did: &str, why: &str) -> String {
    match why {
        "" => format!("{agent} {did}."),
        why => format!("{agent} {did}: {why}."),
    }
}

/// As at the beginning of a sentence.
#[must_use]
pub fn sentence_case(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(0..1) {
        first.make_ascii_uppercase();
    }
    text
}

#[must_use]
pub fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
