//! What is printed does nothing to the terminal but break its own lines.

use engine::scenario::name::{is_disruptive, visible};

/// Text in lines.
pub fn lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// JSON, in which such characters can stand only within texts, and are escaped there: the values stay the same.
pub fn json(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && is_disruptive(c) {
            shown += &format!("\\u{:04x}", u32::from(c));
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_what_is_in_them_is_spelled_out() {
        assert_eq!(lines("a\nb\u{1b}[2J\n"), "a\nb\\u{1b}[2J\n");
        let value = serde_json::json!({ "x": "\u{9b}1m \u{202e} \u{7f} ä\n" });
        let text = serde_json::to_string_pretty(&value).unwrap();
        let shown = json(&text);
        assert!(!shown.contains(|c| c != '\n' && is_disruptive(c)), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
