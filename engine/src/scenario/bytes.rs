//! From the bytes of a file to its text.

use crate::protocol::problem::ScenarioError;

/// A byte order mark, which some editors put before a text (RFC 8259 §8.1).
const MARK: &[u8] = b"\xef\xbb\xbf";

/// The text of a file, without a byte order mark.
///
/// # Errors
/// When it is not UTF-8: says where.
pub fn decode<'a>(bytes: &'a [u8], file: &str) -> Result<&'a str, ScenarioError> {
    let bytes = bytes.strip_prefix(MARK).unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let (before, rest) = bytes.split_at(error.valid_up_to());
        let lines = before.iter().filter(|byte| **byte == b'\n').count();
        let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        // Only the first byte of a character is none of those that go on with one.
        let goes_on = |byte: &&u8| **byte & 0b1100_0000 == 0b1000_0000;
        let column = before[line_start..].iter().filter(|byte| !goes_on(byte)).count();
        ScenarioError::NotUtf8 {
            file: file.to_owned(),
            line: lines + 1,
            column: column + 1,
            byte: rest.first().copied().unwrap_or_default(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        assert_eq!(decode(b"\xef\xbb\xbf{}", "x"), Ok("{}"));
        assert_eq!(decode("ä".as_bytes(), "x"), Ok("ä"));
        // Only at the start, and only one.
        assert_eq!(decode(b" \xef\xbb\xbf", "x"), Ok(" \u{feff}"));
        assert_eq!(decode(b"\xef\xbb\xbf\xef\xbb\xbf", "x"), Ok("\u{feff}"));
    }

    #[test]
    fn other_bytes_are_told_with_their_place() {
        for (bytes, place) in [
            (b"\xff\xfe{\0".as_slice(), "line 1, column 1: expected UTF-8, found the byte 0xff"),
            (b"{\n  \"\xc3\xa4\xe4\"", "line 2, column 5: expected UTF-8, found the byte 0xe4"),
            (b"ab\xe2\x82", "line 1, column 3: expected UTF-8, found the byte 0xe2"),
        ] {
            let error = decode(bytes, "my.json").unwrap_err().to_string();
            assert!(error.starts_with("my.json: at ") && error.contains(place), "{error}");
        }
    }
}
