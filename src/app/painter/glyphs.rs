//! Pictures of roles, as paths in a box of 24.

use engine::view::stage::Point;
use engine::view::stage::glyph::Glyph;
use leptos::web_sys::Path2d;

use super::brush::Brush;
use crate::app::palette::Colour;

fn path(glyph: Glyph) -> &'static str {
    match glyph {
        Glyph::Star => {
            "M12 3.2l2.7 5.7 6.2.8-4.6 4.3 1.2 6.2-5.5-3.1-5.5 3.1 1.2-6.2L3.1 9.7l6.2-.8z"
        }
        Glyph::Database => {
            "M4.5 6c0-1.5 3.4-2.7 7.5-2.7s7.5 1.2 7.5 2.7-3.4 2.7-7.5 2.7S4.5 7.5 4.5 6zM4.5 6v12c0 1.5 3.4 2.7 7.5 2.7s7.5-1.2 7.5-2.7V6M4.5 12c0 1.5 3.4 2.7 7.5 2.7s7.5-1.2 7.5-2.7"
        }
        Glyph::Window => "M3.5 5h17v14h-17zM3.5 9.3h17M7 13h4M7 16h7",
        Glyph::Flask => {
            "M9.5 3h5M10.3 3v6.5L4.8 19a1.4 1.4 0 0 0 1.2 2h12a1.4 1.4 0 0 0 1.2-2l-5.5-9.5V3M7.5 15h9"
        }
        Glyph::Infinity => {
            "M12 12c-2-3-3.6-4-5.3-4a4 4 0 0 0 0 8c1.7 0 3.3-1 5.3-4s3.6-4 5.3-4a4 4 0 0 1 0 8c-1.7 0-3.3-1-5.3-4z"
        }
        Glyph::Shield => {
            "M12 3l7.5 2.6v5.6c0 4.5-3 8-7.5 9.8-4.5-1.8-7.5-5.3-7.5-9.8V5.6zM8.7 12l2.4 2.4 4.3-4.6"
        }
        Glyph::People => {
            "M9 11.5a3.4 3.4 0 1 0 0-6.8 3.4 3.4 0 0 0 0 6.8zM2.8 19.5c.4-3.4 3-5.2 6.2-5.2s5.8 1.8 6.2 5.2M15.5 5.1a3.3 3.3 0 0 1 0 6.2M17.5 14.6c2.1.6 3.5 2.3 3.8 4.9"
        }
        Glyph::Gear => {
            "M12 8.8a3.2 3.2 0 1 0 0 6.4 3.2 3.2 0 0 0 0-6.4zM12 2.8v3M12 18.2v3M2.8 12h3M18.2 12h3M5.5 5.5l2.1 2.1M16.4 16.4l2.1 2.1M18.5 5.5l-2.1 2.1M7.6 16.4l-2.1 2.1"
        }
        Glyph::Chart => "M4 4v16h16.5M8 16v-4M12.2 16V8M16.4 16v-6",
        Glyph::Page => "M6 3h8.5L19 7.5V21H6zM14.5 3v4.5H19M9 12h7M9 16h5",
        Glyph::Layers => {
            "M12 3.5l8.5 4.5-8.5 4.5L3.5 8zM3.5 12l8.5 4.5 8.5-4.5M3.5 16l8.5 4.5 8.5-4.5"
        }
        Glyph::Megaphone => {
            "M4 9.5h3.5L17 5v14l-9.5-4.5H4zM8 15l1.4 5h2.8l-1.2-3.8M20 9.8c1.2 1.3 1.2 3.1 0 4.4"
        }
        Glyph::Coin => {
            "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM14.8 9.2c-.4-1-1.4-1.5-2.8-1.5-1.7 0-2.8.8-2.8 2.1 0 3 5.8 1.4 5.8 4.4 0 1.3-1.2 2.1-3 2.1-1.5 0-2.6-.6-3-1.7M12 6v12"
        }
        Glyph::Headset => {
            "M4.5 14v-2a7.5 7.5 0 0 1 15 0v2M4.5 13.5h3v5h-3zM16.5 13.5h3v5h-3zM18 18.5c0 1.5-1.5 2.3-4 2.3"
        }
        Glyph::Hub => {
            "M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5zM12 9.5V6.4M12 14.5v3.1M9.8 10.7 7 9M14.2 13.3 17 15M9.8 13.3 7 15M14.2 10.7 17 9M12 3.4a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM12 17.6a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM5.7 6.9a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM18.3 14.1a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM5.7 14.1a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3zM18.3 6.9a1.5 1.5 0 1 0 0 3 1.5 1.5 0 0 0 0-3z"
        }
        Glyph::BallotBox => {
            "M4 11.5h16V20H4zM4 11.5l2.5-3.5M20 11.5L17.5 8M8.5 11.5V3.5h7v8M10.3 7l1.3 1.3L14 5.7M9 15h6"
        }
    }
}

/// Draws the picture `size_px` wide around its middle.
pub fn glyph(brush: &Brush, glyph: Glyph, middle: Point, size_px: f64, colour: Colour) {
    let Ok(path) = Path2d::new_with_path_string(path(glyph)) else { return };
    let scale = size_px / 24.0;
    let origin = Point { x: middle.x - size_px / 2.0, y: middle.y - size_px / 2.0 };
    brush.at(origin, scale, |brush| {
        brush.context.set_line_cap("round");
        brush.context.set_line_join("round");
        brush.stroke_path(&path, colour, 1.7 / engine::common::figure::between(scale, 0.8, 1.25));
    });
}
