//! Serves a folder on 127.0.0.1, as any static server would: one connection per request, each in a
//! thread of its own, and compressed copies (`a.js.br`) to browsers that accept them.
//!
//! The crate `tiny_http` 0.12 did this before; it left every tenth page waiting, because idle
//! connections kept all of its threads.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::chores::build::{ENCODINGS, copy_of};

/// A browser opens connections on suspicion and asks nothing over them.
const PATIENCE: Duration = Duration::from_secs(10);

/// More than this is no request of a browser for a page.
const REQUEST_BYTES_MAX: u64 = 64 * 1024;

/// Stops when dropped.
pub struct StaticServer {
    address: SocketAddr,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    url: String,
}

impl StaticServer {
    /// Serves `folder` on a free port.
    pub fn start(folder: &Path) -> Result<Self> {
        if !folder.is_dir() {
            bail!("{} is not a folder; `cargo xtask build` makes the page", folder.display());
        }
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .context("no port on 127.0.0.1 for the page")?;
        let address = listener.local_addr().context("the page's server has no address")?;
        let stopping = Arc::new(AtomicBool::new(false));
        let thread = thread::spawn({
            let (stopping, folder) = (stopping.clone(), Arc::new(folder.to_path_buf()));
            move || {
                for connection in listener.incoming() {
                    if stopping.load(Ordering::SeqCst) {
                        break;
                    }
                    let (Ok(connection), folder) = (connection, folder.clone()) else { continue };
                    // A browser that has gone away is no concern of the server.
                    thread::spawn(move || answer(&connection, &folder).ok());
                }
            }
        });
        Ok(Self { address, stopping, thread: Some(thread), url: format!("http://{address}/") })
    }

    /// Ends with a slash.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::SeqCst);
        // Wakes it up, so that it sees.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Reads one request, answers it, and closes the connection.
fn answer(connection: &TcpStream, folder: &Path) -> std::io::Result<()> {
    connection.set_read_timeout(Some(PATIENCE))?;
    let mut lines = BufReader::new(connection.take(REQUEST_BYTES_MAX)).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    let mut accepted = String::new();
    while let Some(line) = lines.next().transpose()?.filter(|line| !line.is_empty()) {
        let header = line.split_once(':');
        if let Some((_, value)) =
            header.filter(|(name, _)| name.eq_ignore_ascii_case("Accept-Encoding"))
        {
            value.clone_into(&mut accepted);
        }
    }
    let url = request.split(' ').nth(1).unwrap_or_default();
    let found = file_of(url).and_then(|file| Found::read(&folder.join(file), &accepted));
    let (status, found) = match found {
        Some(found) => ("200 OK", found),
        None => ("404 Not Found", Found::nothing()),
    };
    let mut head = format!("HTTP/1.1 {status}\r\nContent-Type: {}\r\n", found.mime);
    if let Some(encoding) = found.encoding {
        head += &format!("Content-Encoding: {encoding}\r\n");
    }
    let length = found.content.len();
    head +=
        &format!("Vary: Accept-Encoding\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n");
    let mut connection = connection;
    connection.write_all(head.as_bytes())?;
    connection.write_all(&found.content)
}

/// The answer for a file.
struct Found {
    content: Vec<u8>,
    mime: &'static str,
    encoding: Option<&'static str>,
}

impl Found {
    fn nothing() -> Self {
        Self { content: b"not found".to_vec(), mime: "text/plain", encoding: None }
    }

    /// The file, or the smallest copy of it that is there and `accepted`.
    fn read(file: &Path, accepted: &str) -> Option<Self> {
        let mime = mime_of(file);
        let copy = ENCODINGS.iter().find_map(|(encoding, ending)| {
            let content =
                fs::read(copy_of(file, ending)).ok().filter(|_| accepts(accepted, encoding))?;
            Some(Self { content, mime, encoding: Some(encoding) })
        });
        copy.or_else(|| Some(Self { content: fs::read(file).ok()?, mime, encoding: None }))
    }
}

/// Whether an `Accept-Encoding` names an encoding, and not with a weight of nought (RFC 9110 §12.5.3).
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|choice| {
        let (name, weight) = choice.split_once(';').unwrap_or((choice, "q=1"));
        let weight = weight.trim().strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        name.trim() == encoding && weight.is_some_and(|weight| weight > 0.0)
    })
}

/// The file a request asks for, inside the folder; none for a path that would leave it.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = url.split(['?', '#']).next().unwrap_or_default().trim_start_matches('/');
    let path = Path::new(path);
    let inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let is_folder = path.as_os_str().is_empty() || url.split('?').next()?.ends_with('/');
    inside.then(|| if is_folder { path.join("index.html") } else { path.to_path_buf() })
}

fn mime_of(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "css" => "text/css; charset=utf-8",
        "html" => "text/html; charset=utf-8",
        "ico" => "image/x-icon",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "json" => "application/json",
        "png" => "image/png",
        "svg" => "image/svg+xml",
        "txt" | "md" => "text/plain; charset=utf-8",
        "wasm" => "application/wasm",
        "webmanifest" => "application/manifest+json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn check_file(url: &str, expected: Option<&str>) {
        assert_eq!(file_of(url), expected.map(PathBuf::from), "{url}");
    }

    #[test]
    fn a_request_names_a_file_inside_the_folder() {
        check_file("/", Some("index.html"));
        check_file("/?seed=7", Some("index.html"));
        check_file("/app-1234.js", Some("app-1234.js"));
        check_file("/guide/", Some("guide/index.html"));
        check_file("/guide/a.png?x=1", Some("guide/a.png"));
        check_file("/../Cargo.toml", None);
        check_file("/a/../../b", None);
    }

    #[test]
    fn a_page_is_served_with_its_type() -> Result<()> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
        let server = StaticServer::start(folder)?;
        let mut found = ureq::get(format!("{}src/lib.rs", server.url())).call()?;
        assert_eq!(found.headers()["content-type"], "application/octet-stream");
        assert!(found.body_mut().read_to_string()?.starts_with("//!"));
        let missing = ureq::get(format!("{}missing", server.url())).call();
        assert!(matches!(missing, Err(ureq::Error::StatusCode(404))));
        Ok(())
    }

    #[test]
    fn a_compressed_copy_goes_to_those_who_accept_it() -> Result<()> {
        let scratch = Scratch::new()?;
        for (name, content) in [("a.js", "plain"), ("a.js.gz", "gzip"), ("a.js.br", "brotli")] {
            fs::write(scratch.path().join(name), content)?;
        }
        fs::write(scratch.path().join("b.js"), "plain")?;
        let check = |name: &str, accepted: &str, expected: &str| {
            let found = Found::read(&scratch.path().join(name), accepted).context("it is there")?;
            assert_eq!(String::from_utf8_lossy(&found.content), expected, "{name}, {accepted}");
            assert_eq!(found.encoding.is_some(), expected != "plain");
            assert_eq!(found.mime, "text/javascript; charset=utf-8");
            Ok::<_, anyhow::Error>(())
        };
        check("a.js", "gzip, deflate, br, zstd", "brotli")?;
        check("a.js", "gzip; q=0.8, br;q=0", "gzip")?;
        check("a.js", "brotli, x-gzip", "plain")?;
        check("a.js", "", "plain")?;
        check("b.js", "gzip, br", "plain")?;
        assert!(Found::read(&scratch.path().join("c.js"), "br").is_none());
        Ok(())
    }

    #[test]
    fn wasm_has_the_type_that_lets_a_browser_compile_it_while_loading() {
        assert_eq!(mime_of(Path::new("a_bg.wasm")), "application/wasm");
    }
}
