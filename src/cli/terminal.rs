//! Escaping of output: no text does anything to the terminal but break its own lines.

use std::io::{self, BufWriter, Write};

use engine::protocol::name::{is_disruptive, visible};
use serde::Serialize;

/// Text in lines.
pub fn lines(text: &str) -> String {
    let lines: Vec<_> = text.split('\n').map(visible).collect();
    lines.join("\n")
}

/// Writes JSON in which such characters are escaped: they can stand only within texts there, and the values stay the same.
pub fn write_json(writer: impl Write, value: &impl Serialize) -> io::Result<()> {
    let mut writer = Escaping(BufWriter::new(writer));
    serde_json::to_writer_pretty(&mut writer, value)?;
    writer.write_all(b"\n")?;
    writer.flush()
}

/// Spells out what does something to a terminal. Takes whole characters only, as serde_json writes them.
struct Escaping<W>(W);

impl<W: Write> Write for Escaping<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        for piece in text.split_inclusive(is_escaped) {
            let last = piece.chars().next_back().filter(|c| is_escaped(*c));
            let plain = &piece[..piece.len() - last.map_or(0, char::len_utf8)];
            self.0.write_all(plain.as_bytes())?;
            if let Some(c) = last {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    write!(self.0, "\\u{unit:04x}")?;
                }
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

fn is_escaped(c: char) -> bool {
    c != '\n' && is_disruptive(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_what_is_in_them_is_spelled_out() {
        assert_eq!(lines("a\nb\u{1b}[2J\n"), "a\nb\\u{1b}[2J\n");
        let value = serde_json::json!({ "x": "\u{9b}1m \u{202e} \u{7f} ä\n" });
        let mut shown = Vec::new();
        write_json(&mut shown, &value).unwrap();
        let shown = String::from_utf8(shown).unwrap();
        assert_eq!(shown, "{\n  \"x\": \"\\u009b1m \\u202e \\u007f ä\\n\"\n}\n");
        assert!(!shown.contains(|c| c != '\n' && is_disruptive(c)), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).unwrap(), value);
    }
}
