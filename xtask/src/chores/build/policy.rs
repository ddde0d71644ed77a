//! The content-security policy of the released page: it runs its own module and what stands in the
//! page, and loads nothing else from anywhere. Scripts in the page are allowed one by one, by their
//! hashes, so it is written when they are final; `trunk serve` goes without.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest as _, Sha256};

/// Styles stand in the page and at elements. The icon of the page is an address with data in it. The
/// module is fetched, and so it must be allowed to connect to where the page comes from.
const REST: &str = "style-src 'unsafe-inline'; img-src data:; connect-src 'self'; \
                    base-uri 'none'; form-action 'none'";

/// Writes the policy into a page, before anything it is about.
pub(super) fn protect(page: &Path) -> Result<()> {
    let html = fs::read_to_string(page)?;
    fs::write(page, with_policy(&html)?)?;
    Ok(())
}

fn with_policy(html: &str) -> Result<String> {
    let charset = html.find("<meta charset").context("the page names no character set")?;
    let place = charset + html[charset..].find('>').context("a tag does not end")? + 1;
    let hashes: String = inline_scripts(html)?.iter().map(|script| hash(script)).collect();
    let policy =
        format!("default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; {REST}");
    let meta = format!("<meta http-equiv=Content-Security-Policy content=\"{policy}\">");
    Ok([&html[..place], &meta, &html[place..]].concat())
}

/// The text between the tags of scripts that are not loaded from a file.
fn inline_scripts(html: &str) -> Result<Vec<&str>> {
    let mut scripts = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find("<script") {
        let (tag, after) = rest[start..].split_once('>').context("a script's tag does not end")?;
        let (script, after) = after.split_once("</script>").context("a script does not end")?;
        if !tag.contains(" src=") {
            scripts.push(script);
        }
        rest = after;
    }
    Ok(scripts)
}

fn hash(script: &str) -> String {
    format!(" 'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(script)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_in_the_page_are_allowed_by_their_hashes() -> Result<()> {
        let html = "<!doctype html><meta charset=utf-8><title>x</title><script>go()</script>\
                    <script type=module src=a.js></script><script type=module>\n1\n</script>";
        assert_eq!(inline_scripts(html)?, ["go()", "\n1\n"]);
        // As `openssl dgst -sha256 -binary | base64` says.
        assert_eq!(hash(""), " 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='");
        let page = with_policy(html)?;
        let start = "<!doctype html><meta charset=utf-8><meta http-equiv=Content-Security-Policy \
                     content=\"default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-";
        assert!(page.starts_with(start), "{page}");
        assert_eq!(page.matches("'sha256-").count(), 2);
        assert!(with_policy("<title>x</title>").is_err());
        Ok(())
    }
}
