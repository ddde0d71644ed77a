//! Serves a folder on 127.0.0.1, as any static server would: one connection per request, each in a
//! thread of its own.
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
    // The headers say nothing that matters here, but have to be read.
    while lines.next().transpose()?.is_some_and(|line| !line.is_empty()) {}
    let url = request.split(' ').nth(1).unwrap_or_default();
    let found = file_of(url).and_then(|file| {
        let file = folder.join(file);
        fs::read(&file).ok().map(|content| (content, mime_of(&file)))
    });
    let (status, mime, content) = match found {
        Some((content, mime)) => ("200 OK", mime, content),
        None => ("404 Not Found", "text/plain", b"not found".to_vec()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    let mut connection = connection;
    connection.write_all(head.as_bytes())?;
    connection.write_all(&content)
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
    fn wasm_has_the_type_that_lets_a_browser_compile_it_while_loading() {
        assert_eq!(mime_of(Path::new("a_bg.wasm")), "application/wasm");
    }
}
