//! An element of the page.

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::text_of;
use super::wire::Wire;

/// The key under which WebDriver hands out an element, from its specification, section 11.
const ELEMENT_KEY: &str = "element-6066-11e4-a52e-4f735466cecf";

pub struct Element<'browser> {
    wire: &'browser Wire,
    id: String,
}

impl<'browser> Element<'browser> {
    pub(crate) fn new(wire: &'browser Wire, found: &Value) -> Result<Self> {
        let id = found[ELEMENT_KEY].as_str().context("the driver sent no element")?;
        Ok(Self { wire, id: id.to_owned() })
    }

    /// Scrolls there and clicks; an error when something else would get the click.
    pub fn click(&self) -> Result<()> {
        self.wire.post(&self.path("click"), &json!({})).map(drop)
    }

    /// Types into a field, after what is there.
    pub fn type_text(&self, text: &str) -> Result<()> {
        self.wire.post(&self.path("value"), &json!({ "text": text })).map(drop)
    }

    pub fn clear(&self) -> Result<()> {
        self.wire.post(&self.path("clear"), &json!({})).map(drop)
    }

    /// The text as a person sees it.
    pub fn text(&self) -> Result<String> {
        text_of(&self.wire.get(&self.path("text"))?)
    }

    pub fn attribute(&self, name: &str) -> Result<Option<String>> {
        let value = self.wire.get(&self.path(&format!("attribute/{name}")))?;
        Ok(value.as_str().map(str::to_owned))
    }

    /// A property of the DOM object, such as `value` of a field or `checked` of a box.
    pub fn property(&self, name: &str) -> Result<Value> {
        self.wire.get(&self.path(&format!("property/{name}")))
    }

    pub fn is_enabled(&self) -> Result<bool> {
        Ok(self.wire.get(&self.path("enabled"))? == Value::Bool(true))
    }

    pub fn is_displayed(&self) -> Result<bool> {
        Ok(self.wire.get(&self.path("displayed"))? == Value::Bool(true))
    }

    fn path(&self, command: &str) -> String {
        format!("element/{}/{command}", self.id)
    }
}
