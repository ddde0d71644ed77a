//! The few strokes everything is made of. Canvas calls that can fail only do so for arguments
//! that are not finite numbers; their results carry nothing to act on.

use core::f64::consts::TAU;

use engine::view::stage::Point;
use leptos::wasm_bindgen::JsValue;
use leptos::web_sys::{CanvasRenderingContext2d, Path2d};

use crate::app::palette::{Colour, Palette};

/// A canvas, the colours, and the scale of the drawing.
pub struct Brush<'a> {
    pub context: &'a CanvasRenderingContext2d,
    pub palette: &'a Palette,
    pub scale: f64,
}

/// Smaller than this things are squares: thousands of them are painted in two thirds of the time.
const SPECK_PX: f64 = 2.4;

impl Brush<'_> {
    pub fn fill(&self, colour: Colour) {
        self.context.set_fill_style_str(self.palette.get(colour));
        self.context.fill();
    }

    pub fn stroke(&self, colour: Colour, width_px: f64) {
        self.context.set_stroke_style_str(self.palette.get(colour));
        self.context.set_line_width(width_px);
        self.context.stroke();
    }

    pub fn begin(&self) {
        self.context.begin_path();
    }

    /// Adds a circle to the path; a square where nobody can tell it from one.
    pub fn circle(&self, centre: Point, radius_px: f64) {
        if radius_px < SPECK_PX {
            let side_px = 1.8 * radius_px.max(0.0);
            let (x, y) = (centre.x - side_px / 2.0, centre.y - side_px / 2.0);
            return self.context.rect(x, y, side_px, side_px);
        }
        self.context.move_to(centre.x + radius_px, centre.y);
        let _ = self.context.arc(centre.x, centre.y, radius_px.max(0.0), 0.0, TAU);
    }

    /// A path that is one arc, clockwise, in turns from twelve o'clock.
    pub fn arc(&self, centre: Point, radius_px: f64, from: f64, to: f64) {
        self.begin();
        let angle = |turns: f64| (turns - 0.25) * TAU;
        let _ = self.context.arc(centre.x, centre.y, radius_px.max(0.0), angle(from), angle(to));
    }

    pub fn disc(&self, centre: Point, radius_px: f64, colour: Colour) {
        self.begin();
        self.circle(centre, radius_px);
        self.fill(colour);
    }

    pub fn ring(&self, centre: Point, radius_px: f64, colour: Colour, width_px: f64) {
        self.begin();
        self.circle(centre, radius_px);
        self.stroke(colour, width_px);
    }

    /// Four arcs around what is selected, or thinner around what is pointed at.
    pub fn selection(&self, place: Point, radius_px: f64, selected: bool) {
        for quarter in 0..4 {
            let middle = 0.125 + f64::from(quarter) / 4.0;
            self.arc(place, radius_px, middle - 0.05, middle + 0.05);
            let (colour, width_px) =
                if selected { (Colour::Accent, 2.5) } else { (Colour::Hollow, 1.5) };
            self.stroke(colour, width_px);
        }
    }

    /// Adds a line to the path.
    pub fn line(&self, from: Point, to: Point) {
        self.context.move_to(from.x, from.y);
        self.context.line_to(to.x, to.y);
    }

    /// Adds a line through all these points to the path.
    pub fn through(&self, points: &[Point]) {
        for (n, point) in points.iter().enumerate() {
            if n == 0 {
                self.context.move_to(point.x, point.y);
            } else {
                self.context.line_to(point.x, point.y);
            }
        }
    }

    /// On and off lengths of the strokes that follow; none for whole lines.
    pub fn dash(&self, lengths_px: &[f64]) {
        let lengths: js_sys::Array =
            lengths_px.iter().map(|&length| JsValue::from_f64(length)).collect();
        let _ = self.context.set_line_dash(&lengths);
    }

    /// Draws with its own origin and scale, and puts both back.
    pub fn at(&self, origin: Point, scale: f64, draw: impl FnOnce(&Self)) {
        self.context.save();
        let _ = self.context.translate(origin.x, origin.y);
        let _ = self.context.scale(scale, scale);
        draw(self);
        self.context.restore();
    }

    pub fn stroke_path(&self, path: &Path2d, colour: Colour, width_px: f64) {
        self.context.set_stroke_style_str(self.palette.get(colour));
        self.context.set_line_width(width_px);
        self.context.stroke_with_path(path);
    }

    /// Draws at a part of full opacity.
    pub fn faded(&self, opacity: f64, draw: impl FnOnce(&Self)) {
        self.context.set_global_alpha(engine::common::figure::between(opacity, 0.0, 1.0));
        draw(self);
        self.context.set_global_alpha(1.0);
    }

    pub fn font(&self, size_px: f64, strong: bool) {
        let weight = if strong { 600 } else { 400 };
        self.context.set_font(&{
            let tenths = (size_px * 10.0).round() as u32;
            let (whole, tenth) = (tenths / 10, tenths % 10);
            format!("{weight} {whole}.{tenth}px {}", self.palette.typeface)
        });
    }

    /// Text whose middle (or the side `align` names) is here, its baseline at `y`.
    pub fn text(&self, text: &str, place: Point, align: &str, colour: Colour) {
        self.context.set_text_align(align);
        self.context.set_fill_style_str(self.palette.get(colour));
        let _ = self.context.fill_text(text, place.x, place.y);
    }

    /// Text with a halo, so that it can be read over lines.
    pub fn text_with_halo(
        &self,
        text: &str,
        place: Point,
        align: &str,
        colour: Colour,
        halo: Colour,
    ) {
        self.context.set_text_align(align);
        self.context.set_line_join("round");
        self.context.set_stroke_style_str(self.palette.get(halo));
        self.context.set_line_width(5.0);
        let _ = self.context.stroke_text(text, place.x, place.y);
        self.text(text, place, align, colour);
    }
}
