//! The wasm that the page ships beside the wasm of the release profile: what a small download costs in speed.

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use super::number;

/// The best of so many counts.
pub(super) const ROUNDS: u32 = 2;

/// The shipped wasm is at least so fast, on every row.
const RATIO_MIN: f64 = 0.9;

/// Something that was measured, as how often it is done in a unit of time.
struct Row {
    name: String,
    rate: f64,
}

/// Every row, from rounds of (release, page).
pub(super) fn ratios(rounds: &[(Value, Value)]) -> Result<Value> {
    let release = best(rounds.iter().map(|(release, _)| release))?;
    let page = best(rounds.iter().map(|(_, page)| page))?;
    ensure!(release.len() == page.len(), "the profiles measure different things");
    let pair = |(release, page): (&Row, &Row)| {
        let ratio = page.rate / release.rate;
        json!({ "name": release.name, "release": release.rate, "page": page.rate, "ratio": ratio })
    };
    Ok(release.iter().zip(&page).map(pair).collect())
}

fn best<'a>(rounds: impl Iterator<Item = &'a Value>) -> Result<Vec<Row>> {
    let mut best: Vec<Row> = Vec::new();
    for round in rounds {
        let rows = rows(round)?;
        if best.is_empty() {
            best = rows;
        } else {
            best.iter_mut().zip(rows).for_each(|(best, row)| best.rate = best.rate.max(row.rate));
        }
    }
    Ok(best)
}

/// All that the engine's tables show, in their order.
fn rows(measured: &Value) -> Result<Vec<Row>> {
    let kinds: [(&str, &str, &str); 6] = [
        ("rates", "workload", "million_per_second"),
        ("votes", "workload", "milliseconds"),
        ("gossip", "agents", "million_per_second"),
        ("merges", "name", "million_per_second"),
        ("syncs", "kind", "milliseconds"),
        ("work", "agents", "tasks_per_second"),
    ];
    let mut rows = Vec::new();
    for (kind, name, figure) in kinds {
        let found = &measured[kind];
        let found = found.as_array().map_or(std::slice::from_ref(found), Vec::as_slice);
        for row in found {
            rows.push(Row::read(&format!("{kind}: {}", words(&row[name])), row, figure)?);
        }
    }
    for figure in ["seek_median_ms", "step_back_p95_ms"] {
        rows.push(Row::read(&format!("seek: {figure}"), &measured["seek"], figure)?);
    }
    Ok(rows)
}

impl Row {
    fn read(name: &str, row: &Value, figure: &str) -> Result<Self> {
        let value = number(&row[figure]).with_context(|| format!("{name}, {figure}"))?;
        let is_rate = figure.ends_with("per_second");
        Ok(Self { name: name.to_owned(), rate: if is_rate { value } else { 1.0 / value } })
    }
}

fn words(name: &Value) -> String {
    name.as_str().map_or_else(|| name.to_string(), str::to_owned)
}

/// For people.
pub(super) fn table(ratios: &Value, text: &mut String) -> Result<()> {
    let title = "the wasm that the page ships, to the release wasm";
    writeln!(text, "\n{title:60}  ratio  at least {RATIO_MIN}")?;
    for row in ratios.as_array().context("no ratios")? {
        let (name, ratio) = (words(&row["name"]), number(&row["ratio"])?);
        let verdict = if ratio < RATIO_MIN { "no" } else { "yes" };
        writeln!(text, "{name:60} {ratio:6.2}  {verdict}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(rate: f64, milliseconds: f64) -> Value {
        json!({
            "rates": [{ "workload": "ring", "million_per_second": rate }],
            "votes": [{ "workload": "vote", "milliseconds": milliseconds }],
            "gossip": { "agents": 9, "million_per_second": rate },
            "merges": [], "work": [], "syncs": [],
            "seek": { "seek_median_ms": milliseconds, "step_back_p95_ms": milliseconds },
        })
    }

    #[test]
    fn the_best_round_of_each_counts_and_less_time_is_better() -> Result<()> {
        let rounds =
            [(measured(10.0, 2.0), measured(8.0, 4.0)), (measured(8.0, 4.0), measured(5.0, 2.5))];
        let ratios = ratios(&rounds)?;
        let mut text = String::new();
        table(&ratios, &mut text)?;
        let lines: Vec<Vec<&str>> =
            text.lines().skip(2).map(|line| line.split_whitespace().collect()).collect();
        let expected = [
            ["rates:", "ring", "0.80", "no"],
            ["votes:", "vote", "0.80", "no"],
            ["gossip:", "9", "0.80", "no"],
            ["seek:", "seek_median_ms", "0.80", "no"],
            ["seek:", "step_back_p95_ms", "0.80", "no"],
        ];
        assert_eq!(lines, expected);
        assert!(super::ratios(&[(json!({}), json!({}))]).is_err(), "nothing was measured");
        Ok(())
    }
}
