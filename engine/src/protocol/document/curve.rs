//! Lines over a common axis. The document's title and hint say what the axes measure.

use super::Tint;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Curve {
    pub id: &'static str,
    /// The picture in words.
    pub said: String,
    /// From the first to the last place of the horizontal axis.
    pub x_max: u32,
    /// The vertical axis.
    pub y_min: u32,
    pub y_max: u32,
    pub x_ticks: Vec<Tick>,
    pub y_ticks: Vec<Tick>,
    /// Stretches of the vertical axis that have a name.
    pub bands: Vec<Band>,
    /// Places of the horizontal axis at which something happened.
    pub marks_x: Vec<u32>,
    pub series: Vec<Series>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    pub at: u32,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Band {
    pub name: &'static str,
    pub y_low: u32,
    pub y_high: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// At its end; none where there is no room for names.
    pub name: String,
    /// Places on both axes, from left to right.
    pub points: Vec<(u32, u32)>,
    pub tint: Tint,
    /// It stays as it is until the next point.
    pub is_stepped: bool,
    /// It is what was expected, not what happened.
    pub is_model: bool,
    /// Each point is drawn.
    pub has_dots: bool,
}
