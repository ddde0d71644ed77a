//! A saved run as the fragment of an address: `run=1&scenario=ring-vote&seed=7&at=('steps':31,…`
//!
//! It is the JSON of the run, field by field, with JSON's brackets, quotes and spaces exchanged for
//! characters that an address may hold, so that a person can read it and it stays short. Whatever
//! else may not stand in an address is percent-encoded; one that a mail program has encoded once more
//! reads the same. A checksum at the end tells a damaged link from a whole one.

use super::{RUN_FORMAT, SavedRun, read};
use crate::protocol::problem::{Problem, ScenarioError};
use crate::scenario::gallery::{self, Entry};

/// The longest address that is passed on everywhere, in characters.
pub const LINK_MAX: usize = 8_192;

/// The name of a link in messages.
const FILE: &str = "the link";

/// JSON's characters, and those that stand for them in an address, and the other way round.
const EXCHANGED: [(char, char); 6] =
    [('{', '('), ('}', ')'), ('[', '$'), (']', ';'), ('"', '\''), (' ', '+')];

/// Why a link is not opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LinkError {
    #[error(
        "This address holds no run of swarmglass: expected it to go on with \"#run=\"; copy the \
         link again where you found it"
    )]
    Foreign,
    #[error(
        "This link is in format {found}, and this version of swarmglass ({version}) reads up to \
         format {known}; open it with a newer version"
    )]
    TooNew { found: u64, known: u32, version: &'static str },
    #[error(
        "This link is damaged: {reason}; copy the whole link again, or ask for the run as a file"
    )]
    Damaged { reason: &'static str },
    #[error(transparent)]
    Run(#[from] ScenarioError),
}

impl SavedRun {
    /// The link's part after the `#`. It may be longer than [`LINK_MAX`] allows.
    #[must_use]
    pub fn to_link(&self) -> String {
        let fields = self.short();
        let mut link = String::new();
        for (name, value) in &fields {
            link += name;
            link.push('=');
            encode(&mut link, bare(value).unwrap_or(value));
            link.push('&');
        }
        link += &format!(
            "check={:08x}",
            checksum(fields.iter().map(|(name, value)| (*name, &**value)))
        );
        link
    }

    /// Reads the part of an address after the `#`.
    ///
    /// # Errors
    /// When it is of another page, from a newer version, damaged, or asks for what cannot be.
    pub fn from_link(link: &str) -> Result<Self, LinkError> {
        let format = link.strip_prefix("run=").ok_or(LinkError::Foreign)?;
        let format = format.split('&').next().unwrap_or_default();
        match format.parse::<u64>() {
            Ok(found) if found > u64::from(RUN_FORMAT) => {
                return Err(LinkError::TooNew {
                    found,
                    known: RUN_FORMAT,
                    version: super::VERSION,
                });
            }
            Ok(1..) => {}
            _ => return Err(damaged("the number after \"run=\" is none")),
        }
        let mut fields = Vec::new();
        for field in link.split('&') {
            let (name, value) =
                field.split_once('=').ok_or_else(|| damaged("a field has no value"))?;
            fields.push((name, decode(value).ok_or_else(|| damaged("a character is none"))?));
        }
        let check = match fields.pop() {
            Some(("check", check)) => check,
            _ => return Err(damaged("its end is missing")),
        };
        let sum = checksum(fields.iter().map(|(name, value)| (*name, value.as_str())));
        // One that begins with a letter was taken for a name.
        if check.trim_matches('"') != format!("{sum:08x}") {
            return Err(damaged("a part of it is missing or was changed"));
        }
        let line = |(name, value): &(&str, String)| format!("\"{name}\":{value}");
        let lines: Vec<String> = fields.iter().map(line).collect();
        Ok(read::parse(&format!("{{{}}}", lines.join(",")), FILE)?)
    }
}

/// The scenario of the gallery that a person asks for with `scenario=ring-vote&seed=3`, and the seed; nothing
/// where no scenario is asked for. Such a link holds no run, and so it needs no checksum.
///
/// # Errors
/// When there is no such scenario, or the seed is none.
#[must_use]
pub fn asked(text: &str) -> Option<Result<(&'static Entry, Option<u64>), ScenarioError>> {
    let field = |wanted: &str| {
        let fields = text.split('&').filter_map(|field| field.split_once('='));
        fields.into_iter().find_map(|(name, value)| (name == wanted).then_some(value))
    };
    let name = field("scenario").filter(|_| field("run").is_none())?;
    let seed = field("seed").map(|seed| {
        seed.parse::<u64>().map_err(|_| {
            let expected = format!("a whole number from 0 to {}", u64::MAX);
            Problem::new("seed", expected, format!("{seed:?}"), "write &seed=3, or leave it out")
                .in_file(FILE)
        })
    });
    Some(gallery::find(name).and_then(|entry| Ok((entry, seed.transpose()?))))
}

fn damaged(reason: &'static str) -> LinkError {
    LinkError::Damaged { reason }
}

/// A text that can be told from any other JSON without its quotes.
fn bare(value: &str) -> Option<&str> {
    let text = value.strip_prefix('"')?.strip_suffix('"')?;
    let is_name = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    (text.starts_with(begins_a_name) && is_name).then_some(text)
}

/// No field of a saved run is true, false or null.
fn begins_a_name(c: char) -> bool {
    c.is_ascii_lowercase()
}

fn exchanged(c: char) -> char {
    let find = |&(json, address): &(char, char)| match c {
        _ if c == json => Some(address),
        _ if c == address => Some(json),
        _ => None,
    };
    EXCHANGED.iter().find_map(find).unwrap_or(c)
}

fn encode(link: &mut String, json: &str) {
    let mut bytes = [0; 4];
    for c in json.chars().map(exchanged) {
        if c.is_ascii_alphanumeric() || "-._~!$'();:@/?,+".contains(c) {
            link.push(c);
            continue;
        }
        for byte in c.encode_utf8(&mut bytes).bytes() {
            *link += &format!("%{byte:02X}");
        }
    }
}

/// The JSON again; none when what follows a percent sign is no byte, or the bytes are no text.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(if byte == b'%' {
            let mut digit = || char::from(rest.next()?).to_digit(16);
            u8::try_from(digit()? * 16 + digit()?).ok()?
        } else {
            byte
        });
    }
    let json: String = String::from_utf8(bytes).ok()?.chars().map(exchanged).collect();
    Some(if json.starts_with(begins_a_name) { format!("\"{json}\"") } else { json })
}

/// FNV-1a (Fowler, Noll, Vo): one changed byte always changes it.
fn checksum<'a>(fields: impl Iterator<Item = (&'a str, &'a str)>) -> u32 {
    let mut sum: u32 = 0x811c_9dc5;
    for (name, value) in fields {
        for byte in [name, "=", value, "&"].iter().flat_map(|text| text.bytes()) {
            sum = (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_asks_for_a_scenario_without_a_checksum() {
        let opens = |text: &str| {
            let (entry, seed) = asked(text)?.ok()?;
            Some((entry.name, seed))
        };
        assert_eq!(opens("scenario=ring-vote"), Some(("ring-vote", None)));
        assert_eq!(opens("scenario=ring-vote&seed=3"), Some(("ring-vote", Some(3))));
        assert_eq!(opens("present&seed=3&scenario=ring-vote"), Some(("ring-vote", Some(3))));
        assert!(asked("present").is_none() && asked("").is_none());
        assert!(asked("run=1&scenario=ring-vote&seed=3&check=0").is_none(), "it is a whole run");
    }

    #[test]
    fn what_cannot_be_asked_for_says_what_can() {
        let message = |text: &str| match asked(text) {
            Some(Err(error)) => error.to_string(),
            _ => String::new(),
        };
        let unknown = message("scenario=ring-vot");
        assert!(unknown.contains("ring-vote"), "{unknown}");
        let seed = message("scenario=ring-vote&seed=three");
        assert!(seed.contains("seed") && seed.contains("three"), "{seed}");
    }
}
