//! Effects that the wall clock adds to the picture: ripples, bursts, rings that are being drawn. They never
//! move a message; what is seen is what is simulated.

use engine::common::kind::MessageKind;
use engine::common::mark::NoteEffect;
use engine::sim::{AgentId, Event, What};
use engine::swarm::bus::KINDS;
use engine::swarm::note::Note;
use engine::view::stage::MessageGlyph;

pub const RIPPLE_MS: f64 = 420.0;
pub const BURST_MS: f64 = 900.0;
const RING_MS: f64 = 240.0;
/// More at once say nothing.
const EFFECTS_MAX: usize = 60;

#[derive(Clone, Copy, Debug)]
pub struct Ripple {
    pub agent: AgentId,
    pub head: MessageGlyph,
    pub born_ms: f64,
}

#[derive(Clone, Copy, Debug)]
pub struct Burst {
    pub from: AgentId,
    pub to: AgentId,
    /// How far it had come on its link, of 1.
    pub progress: f64,
    pub words: &'static str,
    pub born_ms: f64,
}

/// The effects that are running.
#[derive(Debug, Default)]
pub struct Feedback {
    pub ripples: Vec<Ripple>,
    pub bursts: Vec<Burst>,
    rings: Vec<(AgentId, f64)>,
    pub reduced_motion: bool,
}

impl Feedback {
    /// Starts the effect of an event that has just been played.
    pub fn see(&mut self, event: &Event<Note>, now_ms: f64) {
        match event.what {
            What::Note(note) if !self.reduced_motion => match note.effect() {
                Some(NoteEffect::Ripple(glyph)) => self.ripple(event.agent, glyph, now_ms),
                Some(NoteEffect::Ring) => self.rings.push((event.agent, now_ms)),
                None => {}
            },
            What::Delivered if !self.reduced_motion => {
                if let Some(glyph) = kind(event).and_then(|kind| kind.ripple) {
                    self.ripple(event.agent, glyph, now_ms);
                }
            }
            What::Dropped { from, to, progress_permille, .. }
                if self.bursts.len() < EFFECTS_MAX =>
            {
                let words = kind(event).map_or("lost", |kind| kind.when_lost);
                // Many losses at once are told by their number, not by words on words.
                let words = if self.bursts.len() < 6 { words } else { "" };
                let progress = f64::from(progress_permille) / 1_000.0;
                self.bursts.push(Burst { from, to, progress, words, born_ms: now_ms });
            }
            _ => {}
        }
    }

    fn ripple(&mut self, agent: AgentId, head: MessageGlyph, born_ms: f64) {
        if self.ripples.len() < EFFECTS_MAX {
            self.ripples.push(Ripple { agent, head, born_ms });
        }
    }

    /// Forgets what is over; true while something is still to be seen.
    pub fn expire(&mut self, now_ms: f64) -> bool {
        self.ripples.retain(|ripple| now_ms - ripple.born_ms < RIPPLE_MS);
        self.bursts.retain(|burst| now_ms - burst.born_ms < BURST_MS);
        self.rings.retain(|ring| now_ms - ring.1 < RING_MS);
        !(self.ripples.is_empty() && self.bursts.is_empty() && self.rings.is_empty())
    }

    /// After a jump nothing that is shown has just happened.
    pub fn clear(&mut self) {
        self.ripples.clear();
        self.bursts.clear();
        self.rings.clear();
    }

    /// How much of an agent's vote ring is drawn, of 1.
    pub fn ring_drawn(&self, agent: AgentId, now_ms: f64) -> f64 {
        let ring = self.rings.iter().rev().find(|ring| ring.0 == agent);
        ring.map_or(1.0, |ring| {
            engine::common::figure::between((now_ms - ring.1) / RING_MS, 0.02, 1.0)
        })
    }
}

fn kind(event: &Event<Note>) -> Option<&'static MessageKind> {
    KINDS.get(usize::from(event.kind)).copied()
}
