//! How the work goes, in figures.

use engine::view::work::metrics::Figures;

use super::{head, row};

/// Numbers and fixed words only: nothing of it was written by a person.
pub fn figures(markup: &mut String, figures: &Figures) {
    head(markup, "Figures", &figures.hint);
    *markup += "<table class=\"leaders metrics\" data-testid=\"metrics\"><tbody>";
    for it in &figures.rows {
        row(markup, it.name, &[it.about, &it.value]);
    }
    *markup += "</tbody></table></section>";
}
