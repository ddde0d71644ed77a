//! One vote as a document: how it stands, the bar, a lamp for every possible ballot, and what must hold.

use super::choice as options;
use super::lamps;
use super::{Segment, Solidity, TallyView, choice, tally};
use crate::common::consensus::picture::tint;
use crate::common::consensus::quorum::Decision;
use crate::common::figure::decision as decision_word;
use crate::playback::Run;
use crate::playback::cast::Cast;
use crate::playback::frame::Frame;
use crate::protocol::document::{
    Bar, Document, Level, Picker, PickerOption, Press, Segment as Stretch, Sentence, Texture,
    Threshold, Tint,
};
use crate::sim::Status;
use crate::view::{property, statistics};

/// The vote that is shown, with what must hold and what has become of all proposals.
#[must_use]
pub fn document(run: &Run, frame: &Frame) -> Document {
    let cast = run.cast();
    let mut document = vote(run, frame).block(property::list(frame, cast));
    document.blocks.extend(statistics::document::blocks(&frame.statistics));
    document
}

/// The vote alone.
#[must_use]
pub fn vote(run: &Run, frame: &Frame) -> Document {
    let cast = run.cast();
    match frame.proposal() {
        Some(proposal) => {
            let view = tally(proposal, run.lead(proposal));
            let (strong, rest) = (view.strong.clone(), view.sentence.clone());
            Document::new("vote", view.title.clone())
                .hint(counted_by(frame, cast))
                .block_if(chooser(frame))
                .block(Sentence::lead("tally-sentence", strong, rest))
                .block(decided(view.decision))
                .block_if(view.options.is_empty().then(|| bar(view)))
                .block_if(options::document::bars(proposal))
                .block(lamps::block(proposal, cast, frame.look.selected))
        }
        None => Document::new("vote", "Vote")
            .hint(counted_by(frame, cast))
            .block(Sentence::lead("tally-sentence", "Nothing", " is put to the vote yet."))
            .block(decided(None)),
    }
}

fn decided(decision: Option<Decision>) -> Sentence {
    let words = decision
        .map_or_else(|| "open".to_owned(), |decision| decision_word(decision).to_ascii_lowercase());
    Sentence::at(Level::Spoken, words).id("tally-decision")
}

/// Whose view it is.
fn counted_by(frame: &Frame, cast: &Cast) -> String {
    let proposal = frame.proposal();
    if let Some(own) = proposal.and_then(|proposal| proposal.own.as_ref()) {
        return match own.viewer {
            Some(viewer) => format!("as {} sees it", cast.name(viewer)),
            None => "as no agent can see it".to_owned(),
        };
    }
    let Some(coordinator) = cast.coordinator else { return String::new() };
    let status = frame.agents.get(coordinator.index()).map(|agent| agent.status);
    let counts = match status {
        Some(Status::Down | Status::Removed) => "had written it down",
        Some(Status::Paused) => "had counted it",
        Some(Status::Up) | None => "counts it",
    };
    format!("as the {} {counts}", cast.name(coordinator))
}

/// Which of several proposals is shown.
fn chooser(frame: &Frame) -> Option<Picker> {
    let shown = frame.proposal().map(|proposal| proposal.id);
    let options = frame.proposals.iter().map(|proposal| PickerOption {
        text: choice(proposal),
        press: Press::choose("proposal", proposal.id),
        chosen: Some(proposal.id) == shown,
    });
    let (id, label) = ("proposal-chooser", "Proposal");
    (frame.proposals.len() > 1).then(|| Picker {
        id,
        label,
        options: options.collect(),
        is_row: false,
    })
}

/// The bar: width is weight, a line where FOR has to come.
fn bar(view: TallyView) -> Bar {
    let permille = u32::try_from(view.threshold_permille).unwrap_or(1_000);
    Bar {
        id: "weights",
        words: view.in_favour,
        threshold: Some(Threshold { permille, words: view.needed }),
        segments: view.segments.into_iter().map(stretch).collect(),
    }
}

fn stretch(segment: Segment) -> Stretch {
    let texture = match segment.solidity {
        Solidity::Counted => Texture::Solid,
        Solidity::Cast => Texture::Hatched,
        Solidity::Out => Texture::Dotted,
        Solidity::Void => Texture::Dashed,
    };
    Stretch {
        amount: segment.amount,
        tint: if segment.solidity == Solidity::Void {
            Tint::Liar
        } else {
            segment.vote.map_or(Tint::Plain, tint)
        },
        texture,
        label: segment.label,
    }
}
