//! WebDriver's commands over HTTP: a session, paths below it, JSON in and out.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Response;

/// A page that takes longer to answer is stuck.
const TIMEOUT: Duration = Duration::from_secs(130);

/// A screenshot of a large page is some megabytes of base64.
const LARGEST_ANSWER_BYTES: u64 = 200 << 20;

/// One session; ended when dropped, which closes the browser.
pub(crate) struct Wire {
    agent: Agent,
    session_url: String,
}

impl Wire {
    pub(crate) fn open(driver_url: &str, capabilities: &Value) -> Result<Self> {
        let agent = local_agent();
        let sessions = format!("{driver_url}/session");
        let wanted = json!({ "capabilities": { "alwaysMatch": capabilities } });
        let session = value_of(agent.post(&sessions).send_json(&wanted), "session").context(
            "the browser did not start; chromedriver and the browser must have the same major version",
        )?;
        let id = session["sessionId"].as_str().context("the driver named no session")?;
        Ok(Self { session_url: format!("{sessions}/{id}"), agent })
    }

    pub(crate) fn get(&self, path: &str) -> Result<Value> {
        value_of(self.agent.get(self.url(path)).call(), path)
    }

    pub(crate) fn post(&self, path: &str, body: &Value) -> Result<Value> {
        value_of(self.agent.post(self.url(path)).send_json(body), path)
    }

    pub(crate) fn delete(&self, path: &str) -> Result<Value> {
        value_of(self.agent.delete(self.url(path)).call(), path)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/{path}", self.session_url)
    }
}

/// For this machine only: a proxy that the environment names would not find the way back here.
pub(crate) fn local_agent() -> Agent {
    Agent::config_builder()
        .http_status_as_error(false)
        .timeout_global(Some(TIMEOUT))
        .proxy(None)
        .build()
        .new_agent()
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Already gone is as good as closed.
        let _ = self.agent.delete(&self.session_url).call();
    }
}

/// The `value` of an answer, or the error it tells of.
fn value_of(answer: Result<Response<ureq::Body>, ureq::Error>, command: &str) -> Result<Value> {
    let mut answer = answer.with_context(|| format!("no answer to WebDriver's `{command}`"))?;
    let body = answer.body_mut().with_config().limit(LARGEST_ANSWER_BYTES);
    let mut body: Value = body
        .read_json()
        .with_context(|| format!("the answer to WebDriver's `{command}` is not JSON"))?;
    let value = body["value"].take();
    if let Some(error) = value["error"].as_str() {
        let message = value["message"].as_str().unwrap_or_default();
        bail!("WebDriver's `{command}`: {error}: {}", message.lines().next().unwrap_or_default());
    }
    Ok(value)
}
