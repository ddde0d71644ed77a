//! How the work goes, in figures, and how many tasks were done by when.

use core::fmt::Write as _;

use engine::view::work::metrics::Figures;

use super::head;

/// The size of the curve, in its own units.
const WIDTH: u64 = 280;
const HEIGHT: u64 = 48;

/// Numbers and fixed words only: nothing of it was written by a person.
pub fn figures(markup: &mut String, figures: &Figures) {
    head(markup, "Figures", &figures.hint);
    if !figures.curve.is_empty() {
        let mut path = String::new();
        let mut last = HEIGHT + 4;
        for (at_permille, done) in &figures.curve {
            let x = at_permille * WIDTH / 1_000;
            last = 4 + HEIGHT - u64::from(*done) * HEIGHT / u64::from(figures.done).max(1);
            let _ = write!(path, "H{x}V{last}");
        }
        let (base, done, label) = (HEIGHT + 4, figures.done, last + 4);
        let _ = write!(
            markup,
            "<div class=\"curve\" data-testid=\"done-curve\"><svg viewBox=\"0 0 316 {}\" role=\"img\" aria-label=\"Tasks done over time: {done} by now\">\
             <path class=\"grid\" d=\"M0 {base}H{WIDTH}\"/><path class=\"real\" d=\"M0 {base}{path}H{WIDTH}\"/>\
             <text x=\"{}\" y=\"{label}\">{done}</text></svg></div>",
            HEIGHT + 8,
            WIDTH + 6
        );
    }
    *markup += "<table class=\"leaders metrics\" data-testid=\"metrics\"><tbody>";
    for row in &figures.rows {
        let (name, about, value) = (row.name, row.about, &row.value);
        let _ = write!(
            markup,
            "<tr><th scope=\"row\">{name}</th><td>{about}</td><td><b>{value}</b></td></tr>"
        );
    }
    *markup += "</tbody></table></section>";
}
