//! The rule for names, and how a text is shown that may hold anything.

use std::borrow::Cow;
use std::sync::Arc;

use super::problem::Problem;

/// A name has at most so many characters.
pub const NAME_MAX: usize = 64;

/// Whether the character does something to the text around it instead of standing in it: it moves the cursor, breaks the
/// line or turns the direction of reading.
#[must_use]
pub fn is_disruptive(c: char) -> bool {
    let turns = matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{206f}');
    let breaks = matches!(c, '\u{2028}' | '\u{2029}');
    c.is_control() || turns || breaks
}

/// Whether nothing is to be seen where the character stands.
fn is_blank(c: char) -> bool {
    let has_no_width = matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'..='\u{2065}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{e0000}'..='\u{e0fff}'
    );
    c.is_whitespace() || has_no_width
}

/// Whether it has 1 to [`NAME_MAX`] characters, at least one of them visible and none disruptive.
#[must_use]
pub fn is_name(name: &str) -> bool {
    name.chars().count() <= NAME_MAX
        && !name.chars().all(is_blank)
        && !name.chars().any(is_disruptive)
}

/// # Errors
/// When it is no name.
pub fn check_name(path: &str, name: &str, repair: &str) -> Result<(), Problem> {
    if is_name(name) {
        return Ok(());
    }
    let (count, found) = (name.chars().count(), format!("{name:?}"));
    Err(if name.chars().any(is_disruptive) {
        let expected =
            "a name without control characters and without those that turn or break the line";
        Problem::new(path, expected, found, repair)
    } else if count > NAME_MAX {
        let expected = format!("a name of 1 to {NAME_MAX} characters");
        Problem::new(path, expected, format!("{found}, which has {count}"), repair)
    } else {
        let expected = format!("a name of 1 to {NAME_MAX} characters, not all of them invisible");
        Problem::new(path, expected, found, repair)
    })
}

/// # Errors
/// When one of them is no name.
pub fn check_names<'a>(
    path: &str,
    names: impl IntoIterator<Item = &'a String>,
    repair: &str,
) -> Result<(), Problem> {
    let mut names = names.into_iter().enumerate();
    names.try_for_each(|(place, name)| check_name(&format!("{path}[{place}]"), name, repair))
}

/// The text with each disruptive character spelled out, so that it can stand in a line of a terminal or a message.
#[must_use]
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_disruptive) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::new();
    for c in text.chars() {
        if is_disruptive(c) {
            shown.extend(c.escape_debug());
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Names that many hold.
#[must_use]
pub fn shared(names: Option<&Vec<String>>) -> Vec<Arc<str>> {
    names.into_iter().flatten().map(|name| name.as_str().into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_counted_in_characters_and_seen() {
        let sixty_four = "字".repeat(64);
        for name in ["a", "qa-engineer", "Zoë", "数据库工程师", "👩‍🔬", "می‌خواهم", &sixty_four]
        {
            assert!(is_name(name), "{name:?}");
            assert_eq!(check_name("id", name, ""), Ok(()));
        }
        for name in [
            "",
            " ",
            "\u{a0}\u{3000}",
            "\u{200b}",
            "\u{200d}\u{2060}\u{feff}",
            "\u{e0041}",
            "a\n",
            "a\u{0}",
            "\u{1b}[2J",
            "a\u{9b}31m",
            "\u{7f}",
            "a\u{202e}b",
            "\u{2067}a",
            "a\u{200f}",
            "a\u{2028}b",
            &"字".repeat(65),
        ] {
            assert!(!is_name(name), "{name:?}");
            let problem = check_name("id", name, "").unwrap_err();
            assert!(!problem.found.contains(is_disruptive), "{name:?}");
        }
    }

    #[test]
    fn what_is_shown_does_nothing_to_the_terminal() {
        for (text, shown) in [
            ("plain", "plain"),
            ("日本語 👩‍🔬", "日本語 👩‍🔬"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("two\nlines", "two\\nlines"),
            ("a\u{202e}b", "a\\u{202e}b"),
            ("\u{9b}", "\\u{9b}"),
        ] {
            assert_eq!(visible(text), shown);
        }
    }
}
