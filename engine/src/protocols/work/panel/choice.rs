//! How a rule chose the agents of a task: what counted for the chosen one, and for those that came next.

use crate::protocol::document::{
    Cell, Document, Legend, Part, Row, Sentence, Table, Texture, Tint, TrackBar, Weight,
};
use crate::protocols::work::assign::{Assign, Choice, Merit, Weights};
use crate::protocols::work::job::Job;
use crate::protocols::work::overview::Overview;
use crate::sim::AgentId;

/// How the parts of the points look: load, capability, past, distance.
const LOOKS: [(Tint, Texture); 4] = [
    (Tint::Accent, Texture::Solid),
    (Tint::Data, Texture::Solid),
    (Tint::Plain, Texture::Pale),
    (Tint::Plain, Texture::Hatched),
];

/// Everything that the document says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// "adaptive: 0.4 load + …".
    pub rule: String,
    pub weights: Weights,
    /// The part that it was about, where the task has several; who was chosen, and why.
    pub strong: String,
    pub rest: String,
    pub rows: Vec<(String, Merit)>,
    /// So many more could have taken it.
    pub more: u32,
}

/// The last choice that a rule made for the task; nothing where none did.
pub(super) fn chosen(job: &Job, work: &Overview<'_>) -> Option<Chosen> {
    let attempts = job.attempts().filter_map(|it| Some((it.awarded_us, it.choice.as_ref()?)));
    // Of those made at one instant, the last.
    let (_, choice) = attempts.max_by_key(|(at_us, _)| *at_us)?;
    let weights = work.board.rules.weights;
    let name = |agent: AgentId| work.name(agent);
    // The table tells of the next.
    let grounds = choice.grounds(weights, &name).into_iter().next().unwrap_or_default();
    let listed = || choice.listed.iter();
    let is_told = listed().any(|(_, merit)| *merit != Merit::Turn);
    let rows = listed().filter(|_| is_told);
    Some(Chosen {
        rule: choice.assign.rule(weights),
        weights,
        strong: listed().next().map_or(String::new(), |(agent, _)| name(*agent).to_owned()),
        rest: format!(" was chosen. {grounds}"),
        rows: rows.map(|(agent, merit)| (name(*agent).to_owned(), *merit)).collect(),
        more: more(choice),
    })
}

fn more(choice: &Choice) -> u32 {
    let able = choice.able.unwrap_or_default();
    if choice.assign == Assign::TwoChoices {
        0
    } else {
        able.saturating_sub(choice.listed.len() as u32)
    }
}

pub(super) fn document(chosen: &Chosen) -> Document {
    let has_points = chosen.rows.iter().any(|(_, merit)| merit.parts().is_some());
    let named = chosen.weights.named().into_iter().zip(LOOKS);
    let legend = named.filter(|_| has_points).map(|((name, _), (tint, texture))| Legend {
        tint,
        texture,
        words: name.to_owned(),
    });
    let rows = chosen.rows.iter().enumerate().map(|(place, (name, merit))| {
        let weight = if place == 0 { Weight::Strong } else { Weight::Plain };
        let bar = match merit {
            Merit::Points(parts) => {
                let parts = parts.iter().map(|it| *it / 100).zip(LOOKS);
                bar(parts.filter(|(permille, _)| *permille > 0))
            }
            Merit::Load { load, capacity } | Merit::Fit { load, capacity, .. } => {
                let permille = u64::from(*load) * 1_000;
                bar([(permille / u64::from((*capacity).max(1)), LOOKS[0])].into_iter())
            }
            _ => Cell::default(),
        };
        Row::new(Cell::text(name.as_str()).weight(weight), [bar, Cell::text(merit.words())])
    });
    let more = (chosen.more > 0).then(|| {
        let words = format!("and {} more", chosen.more);
        Row::new(Cell::text(words).weight(Weight::Quiet).wide(), [])
    });
    let table = Table {
        id: "choices",
        caption: "Those who could take it, the best first",
        legend: legend.collect(),
        rows: rows.chain(more).collect(),
        ..Table::default()
    };
    Document::new("work-choice", "Why this agent")
        .hint(chosen.rule.as_str())
        .block(Sentence::lead("choice", chosen.strong.as_str(), chosen.rest.as_str()))
        .block_if((!table.rows.is_empty()).then_some(table))
}

fn bar(parts: impl Iterator<Item = (u64, (Tint, Texture))>) -> Cell {
    let part = |(permille, (tint, texture)): (u64, (Tint, Texture))| Part {
        permille: permille as u32,
        tint,
        texture,
        label: String::new(),
    };
    Cell::bar(TrackBar { parts: parts.map(part).collect(), limit_permille: None, is_track: true })
}
