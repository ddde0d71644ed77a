//! The colours of `style/tokens.css`, read once and whenever the theme changes: they are written
//! down in one place only.

use leptos::prelude::document;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlElement;

/// A colour by its meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Ground,
    Glass,
    Ink,
    Ink2,
    Ink3,
    Rule2,
    Link,
    LinkUsed,
    Rim,
    Hollow,
    OnFill,
    Accent,
    AccentWash,
    AccentInk,
    For,
    ForInk,
    ForWash,
    Against,
    Abstain,
    Fault,
    FaultInk,
    Byz,
    Rumour,
    AgainstWash,
    AbstainWash,
    Data,
    OnData,
}

const TOKENS: [&str; 27] = [
    "--ground",
    "--glass",
    "--ink",
    "--ink-2",
    "--ink-3",
    "--rule-2",
    "--link",
    "--link-used",
    "--rim",
    "--hollow",
    "--on-fill",
    "--accent",
    "--accent-wash",
    "--accent-ink",
    "--for",
    "--for-ink",
    "--for-wash",
    "--against",
    "--abstain",
    "--fault",
    "--fault-ink",
    "--byz",
    "--rumour",
    "--against-wash",
    "--abstain-wash",
    "--data",
    "--on-data",
];

/// The colours as they are now, and the typeface.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    colours: Vec<String>,
    pub typeface: String,
}

impl Palette {
    /// Reads the tokens from the page. The browser resolves light and dark, which it only does
    /// for real properties: hence the element that is asked.
    pub fn read() -> Self {
        let page = document();
        let Some(probe) =
            page.create_element("span").ok().and_then(|it| it.dyn_into::<HtmlElement>().ok())
        else {
            return Self::default();
        };
        if let Some(body) = page.body() {
            let _ = body.append_child(&probe);
        }
        let style = probe.style();
        let mut palette = Self::default();
        if let Ok(Some(computed)) = leptos::prelude::window().get_computed_style(&probe) {
            for token in TOKENS {
                let _ = style.set_property("color", &format!("var({token})"));
                palette.colours.push(computed.get_property_value("color").unwrap_or_default());
            }
            palette.typeface = computed.get_property_value("font-family").unwrap_or_default();
        }
        probe.remove();
        palette
    }

    pub fn get(&self, colour: Colour) -> &str {
        self.colours.get(colour as usize).map_or("black", String::as_str)
    }

    /// The colour with an opacity, for gradients.
    pub fn fading(&self, colour: Colour, opacity: f64) -> String {
        let value = self.get(colour);
        match value.strip_prefix("rgb(").and_then(|rest| rest.strip_suffix(')')) {
            Some(channels) => {
                let percent = (opacity * 100.0).round() as u32;
                format!("rgba({channels}, {percent}%)")
            }
            None => value.to_owned(),
        }
    }
}
