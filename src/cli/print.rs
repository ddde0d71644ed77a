//! Output for people.

use std::fmt::Write as _;

use engine::playback::requests::RequestFate;
use engine::playback::{Report, Run};
use engine::protocol::name::visible;
use engine::scenario::gallery;
use engine::view::documents::of_run;
use engine::view::sentence::seconds;

/// The gallery: a name first on each line.
pub fn list() -> Result<String, String> {
    let mut text = String::new();
    let width = gallery::all().iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    for entry in gallery::all() {
        let file = entry.scenario().map_err(|error| error.to_string())?.file;
        // Writing to a string cannot fail.
        writeln!(text, "{:width$}  {}: {}", entry.name, file.title, file.summary).ok();
    }
    Ok(text)
}

/// The text of the page's panels at the end of the run, and the fate of its messages.
pub fn run(run: &Run, report: &Report) -> String {
    let mut text = String::new();
    write_run(&mut text, run, report).ok();
    text
}

fn write_run(text: &mut String, run: &Run, report: &Report) -> std::fmt::Result {
    writeln!(
        text,
        "{}, seed {}: {} events in {} s, trace hash {}",
        report.scenario,
        report.seed,
        report.events,
        seconds(report.ended_at_us),
        report.trace_hash
    )?;
    for document in of_run(run) {
        write!(text, "\n{document}")?;
    }
    for request in report.requests.iter().filter(|it| it.fate == RequestFate::Refused) {
        let why = request.refusal.as_deref().unwrap_or_default();
        writeln!(text, "\nRefused: the {} {}: {}", request.kind, request.name, visible(why))?;
    }
    write_messages(text, report)
}

fn write_messages(text: &mut String, report: &Report) -> std::fmt::Result {
    let messages = &report.messages;
    writeln!(
        text,
        "\nMessages: {} sent + {} doubled = {} delivered + {} lost + {} in flight, {} bytes",
        messages.sent,
        messages.duplicated,
        messages.delivered,
        messages.dropped,
        messages.in_flight,
        messages.bytes
    )?;
    for (cause, count) in &messages.dropped_by {
        writeln!(text, "  {count} lost by {cause}")?;
    }
    let hops = &messages.hops;
    if hops.sent != messages.sent {
        writeln!(text, "  {} times over a link, {} bytes", hops.sent, hops.bytes)?;
    }
    Ok(())
}
