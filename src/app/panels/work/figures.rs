//! How the work goes, in figures, and how many tasks were done by when.

use core::fmt::Write as _;

use engine::view::work::metrics::Figures;

use super::{head, row};

/// The size of the curve, in its own units.
const WIDTH: u64 = 280;
const HEIGHT: u64 = 48;

/// Numbers and fixed words only: nothing of it was written by a person.
pub fn figures(markup: &mut String, figures: &Figures) {
    head(markup, "Figures", &figures.hint);
    if !figures.curve.is_empty() {
        let mut path = String::new();
        for (at_permille, done) in &figures.curve {
            let x = at_permille * WIDTH / 1_000;
            let y = 4 + HEIGHT - u64::from(*done) * HEIGHT / u64::from(figures.done).max(1);
            let _ = write!(path, "L{x} {y}");
        }
        let done = figures.done;
        let _ = write!(
            markup,
            "<div class=\"curve\" data-testid=\"done-curve\"><svg viewBox=\"0 0 316 56\" role=\"img\" aria-label=\"Tasks done over time: {done} by now\">\
             <path class=\"grid\" d=\"M0 52H{WIDTH}\"/><path class=\"real\" d=\"M0 52{path}\"/><text x=\"286\" y=\"9\">{done}</text></svg></div>"
        );
    }
    *markup += "<table class=\"leaders metrics\" data-testid=\"metrics\"><tbody>";
    for it in &figures.rows {
        row(markup, it.name, &[it.about, &it.value]);
    }
    *markup += "</tbody></table></section>";
}
