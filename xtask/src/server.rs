//! Serves a folder on 127.0.0.1, as any static server would.

use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result, anyhow, bail};
use tiny_http::{Header, Request, Response, Server};

/// Stops when dropped.
pub struct StaticServer {
    server: Arc<Server>,
    thread: Option<JoinHandle<()>>,
    url: String,
}

impl StaticServer {
    /// Serves `folder` on a free port.
    pub fn start(folder: &Path) -> Result<Self> {
        if !folder.is_dir() {
            bail!("{} is not a folder; `cargo xtask build` makes the page", folder.display());
        }
        let server = Server::http("127.0.0.1:0")
            .map_err(|error| anyhow!("no port on 127.0.0.1 for the page: {error}"))?;
        let address = server.server_addr().to_ip().context("the page's server has no address")?;
        let server = Arc::new(server);
        let thread = thread::spawn({
            let (server, folder) = (server.clone(), folder.to_path_buf());
            move || server.incoming_requests().for_each(|request| answer(request, &folder))
        });
        Ok(Self { server, thread: Some(thread), url: format!("http://{address}/") })
    }

    /// Ends with a slash.
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for StaticServer {
    fn drop(&mut self) {
        self.server.unblock();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn answer(request: Request, folder: &Path) {
    let found = file_of(request.url()).and_then(|file| {
        let file = folder.join(file);
        fs::read(&file).ok().map(|content| (content, mime_of(&file)))
    });
    // A browser that has gone away is no concern of the server.
    let _ = match found {
        Some((content, mime)) => match Header::from_bytes("Content-Type", mime) {
            Ok(header) => request.respond(Response::from_data(content).with_header(header)),
            Err(()) => request.respond(Response::from_data(content)),
        },
        None => request.respond(Response::from_string("not found").with_status_code(404)),
    };
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
