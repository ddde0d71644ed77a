//! The scrubber, painted with what happened: phases as bands, messages in flight as grey steps,
//! ballots as ticks with heads, the decision as a flag, faults as notches. Times are positions:
//! permille would be too coarse for a wide screen, so they are in millionths of the tape.

use crate::common::consensus::ballot::Vote;
use crate::common::consensus::quorum::Decision;
use crate::common::figure::share_percent;
use crate::order::sort_by_key;
use crate::playback::frame::{Frame, Mark, MarkKind, ProposalFrame};
use crate::sim::{Event, What};

/// The tape's length in the unit of its places.
pub const LENGTH: u64 = 1_000_000;

/// The ends of more tasks are ticks: flags would cover one another.
const FLAGS_MAX: usize = 3;

/// How many grey steps the tape has.
pub const STEPS: usize = 160;

/// The contents of the tape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tape {
    /// The virtual time its right end stands for.
    pub span_us: u64,
    /// Where the playhead is, and how far the run is known.
    pub now: u64,
    pub reached: u64,
    pub bands: Vec<Band>,
    pub ticks: Vec<Tick>,
    pub flags: Vec<Flag>,
    /// Faults and losses; many at one place are one notch.
    pub notches: Vec<Notch>,
    /// Where the axis carries a number, and the number.
    pub axis: Vec<(u64, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// A proposal is on its way to the electorate.
    Open,
    /// Ballots come in.
    Vote,
    /// The decision is on its way.
    Decide,
    /// A round of signed votes.
    Round(u8),
}

impl Phase {
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Open => "open".to_owned(),
            Self::Vote => "vote".to_owned(),
            Self::Decide => "decide".to_owned(),
            Self::Round(round) => format!("round {round}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Band {
    pub from: u64,
    pub to: u64,
    pub phase: Phase,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tick {
    pub at: u64,
    pub event: u64,
    pub what: TapeHead,
}

/// The head of a tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TapeHead {
    /// A ballot was counted.
    Ballot(Vote),
    /// A ballot was refused.
    Refused,
    /// An agent was exposed.
    Exposed,
    /// An agent wrote something, or took over what another wrote.
    Wrote,
    Merged,
    /// The result of a part came back.
    Delivered,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Flag {
    pub at: u64,
    pub event: u64,
    pub decision: Decision,
    pub label: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Notch {
    pub at: u64,
    pub event: u64,
    /// A fault or intervention; otherwise a message that was lost.
    pub fault: bool,
}

/// The place of a time on a tape of this span.
pub(super) fn place(time_us: u64, span_us: u64) -> u64 {
    let place = u128::from(time_us) * u128::from(LENGTH) / u128::from(span_us.max(1));
    u64::try_from(place).unwrap_or(LENGTH).min(LENGTH)
}

/// The next number of the series 1, 1.5, 2, 3, 5, 7.5, 10 … hundredths of a second that is not
/// below: the tape grows in few, large steps.
fn round_up(time_us: u64) -> u64 {
    let mut decade_us = 100_000;
    loop {
        for tenths in [10, 15, 20, 30, 50, 75] {
            let span_us = decade_us / 10 * tenths;
            if span_us >= time_us {
                return span_us;
            }
        }
        decade_us *= 10;
    }
}

/// How much time the tape holds: what is known with some room ahead, never more than the run can
/// last.
#[must_use]
pub fn span_us(frame: &Frame, horizon_us: u64) -> u64 {
    let known_us = frame.reached_us.max(frame.time_us);
    if frame.ended {
        return known_us.max(1_000);
    }
    let roomy_us = round_up((known_us + known_us / 20).max(500_000));
    if horizon_us > known_us { roomy_us.min(horizon_us) } else { roomy_us }
}

/// Paints the tape.
#[must_use]
pub fn tape(frame: &Frame, marks: &[Mark], span_us: u64) -> Tape {
    let at = |time_us| place(time_us, span_us);
    let reached_us = frame.reached_us.max(frame.time_us);
    let mut tape = Tape {
        span_us,
        now: at(frame.time_us),
        reached: at(reached_us),
        axis: axis(span_us),
        ..Tape::default()
    };
    // Where another protocol leads, writes only follow it.
    let is_written =
        |mark: &&Mark| matches!(mark.kind, MarkKind::Acted { .. } | MarkKind::Learned { .. });
    for mark in marks.iter().filter(|mark| !frame.is_led || !is_written(mark)) {
        let (here, event) = (at(mark.time_us), mark.event);
        match mark.kind {
            MarkKind::Opened { .. } => begin(&mut tape.bands, here, Phase::Open),
            MarkKind::Counted { vote, .. } => {
                begin(&mut tape.bands, here, Phase::Vote);
                tape.ticks.push(Tick { at: here, event, what: TapeHead::Ballot(vote) });
            }
            MarkKind::Refused { .. } => {
                tape.ticks.push(Tick { at: here, event, what: TapeHead::Refused });
            }
            MarkKind::Round { round, .. } => begin(&mut tape.bands, here, Phase::Round(round)),
            MarkKind::Exposed { .. } => {
                tape.ticks.push(Tick { at: here, event, what: TapeHead::Exposed });
            }
            MarkKind::Decided { proposal, decision }
            | MarkKind::Concluded { proposal, decision } => {
                let seen = frame.proposals.iter().find(|seen| seen.id == proposal);
                // Among liars the first to decide speaks for all; in a gossip for itself alone.
                let first = matches!(mark.kind, MarkKind::Concluded { .. });
                if first && seen.is_none_or(|seen| seen.viewer().is_none()) {
                    continue;
                }
                begin(&mut tape.bands, here, Phase::Decide);
                // Where nobody counts for all, the outcome is the one that they all hold.
                let split = seen.is_some_and(|it| it.outcome == Some(Decision::Split));
                let split = split && seen.is_some_and(ProposalFrame::has_no_counter);
                let decision = if split { Decision::Split } else { decision };
                if split && tape.flags.iter().any(|flag| flag.decision == Decision::Split) {
                    continue;
                }
                let label = flag_label(decision, seen);
                tape.flags.push(Flag { at: here, event, decision, label });
            }
            MarkKind::Closed { .. } => {}
            MarkKind::Acted { .. } => {
                tape.ticks.push(Tick { at: here, event, what: TapeHead::Wrote });
            }
            MarkKind::Delivered { .. } => {
                tape.ticks.push(Tick { at: here, event, what: TapeHead::Delivered });
            }
            MarkKind::Ended { words, like: decision } => {
                if frame.ends > FLAGS_MAX {
                    tape.ticks.push(Tick { at: here, event, what: TapeHead::Delivered });
                } else {
                    let label = words.to_owned();
                    tape.flags.push(Flag { at: here, event, decision, label });
                }
            }
            MarkKind::Learned { .. } => {
                tape.ticks.push(Tick { at: here, event, what: TapeHead::Merged });
            }
            MarkKind::Lost { .. } | MarkKind::Doubled => {
                tape.notches.push(Notch { at: here, event, fault: false })
            }
            MarkKind::Fault { .. } | MarkKind::Corrupted { .. } | MarkKind::Released { .. } => {
                tape.notches.push(Notch { at: here, event, fault: true });
            }
        }
    }
    if let Some(last) = tape.bands.last_mut() {
        last.to = tape.reached.max(last.from);
    }
    thin(&mut tape.notches);
    tape
}

/// Starts a phase, unless a later phase of the same proposal already runs: ballots are counted
/// after the decision too.
fn begin(bands: &mut Vec<Band>, at: u64, phase: Phase) {
    let running = bands.last_mut();
    if let Some(band) = running {
        let goes_on = match phase {
            Phase::Open | Phase::Round(_) => false,
            Phase::Vote => band.phase != Phase::Open,
            Phase::Decide => band.phase == Phase::Decide,
        };
        if goes_on {
            return;
        }
        band.to = at;
    }
    bands.push(Band { from: at, to: at, phase });
}

/// The decision in a word, with its share once the run has come that far.
fn flag_label(decision: Decision, proposal: Option<&ProposalFrame>) -> String {
    let word = crate::common::figure::decision(decision).to_ascii_lowercase();
    let came = proposal.and_then(|it| it.outcome);
    match proposal {
        // The coordinator decided so, and agents came to differ.
        Some(_) if came == Some(Decision::Split) && decision != Decision::Split => {
            format!("{word}, then split")
        }
        Some(_) if decision == Decision::Split => word,
        Some(seen @ ProposalFrame { tally, outcome, .. }) if seen.viewer().is_some() => {
            if *outcome == Some(decision) && decision != Decision::Timeout {
                format!("{word} {} to {}", tally.in_favour.count, tally.against.count)
            } else {
                word
            }
        }
        Some(seen) if seen.decided.is_some() && decision != Decision::Timeout => {
            format!(
                "{word} {}",
                share_percent(seen.account.in_favour, seen.account.whole, seen.terms.share)
            )
        }
        _ => word,
    }
}

/// Keeps one notch per visible place; a fault is kept before a loss.
fn thin(notches: &mut Vec<Notch>) {
    let apart = LENGTH / 400;
    sort_by_key(notches, |notch| (notch.at / apart, (!notch.fault).into()));
    notches.dedup_by_key(|notch| notch.at / apart);
}

/// Five or so round numbers.
fn axis(span_us: u64) -> Vec<(u64, String)> {
    let mut step_us = 1_000;
    while span_us / step_us > 6 {
        for factor in [2, 5, 10] {
            if span_us / (step_us * factor) <= 6 || factor == 10 {
                step_us *= factor;
                break;
            }
        }
    }
    let decimals = |time_us: u64| match step_us {
        0..10_000 => format!("{}.{:03}", time_us / 1_000_000, time_us / 1_000 % 1_000),
        10_000..100_000 => format!("{}.{:02}", time_us / 1_000_000, time_us / 10_000 % 100),
        100_000..1_000_000 => format!("{}.{}", time_us / 1_000_000, time_us / 100_000 % 10),
        _ => (time_us / 1_000_000).to_string(),
    };
    (0..=span_us / step_us).map(|n| (place(n * step_us, span_us), decimals(n * step_us))).collect()
}

/// How many messages were in flight when, sampled as the run goes on: the grey steps.
#[derive(Clone, Debug, Default)]
pub struct InFlight {
    /// (time, in flight from then on), thinned by doubling the least distance when it is full.
    samples: Vec<(u64, u32)>,
    least_apart_us: u64,
    now: u32,
    /// The next event to look at.
    next: u64,
}

impl InFlight {
    const SAMPLES_MAX: usize = 4_096;

    /// The next event it has not seen.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Takes in an event.
    pub fn see<N>(&mut self, event: &Event<N>) {
        self.next = event.id + 1;
        self.now = match event.what {
            What::Sent { .. } | What::Duplicated { .. } => self.now + 1,
            What::Delivered | What::Dropped { .. } => self.now.saturating_sub(1),
            _ => return,
        };
        match self.samples.last_mut() {
            // Within one sample the most that was in flight counts.
            Some(last) if event.time_us < last.0 + self.least_apart_us => {
                last.1 = last.1.max(self.now)
            }
            Some(last) if event.time_us == last.0 => last.1 = self.now,
            _ => self.samples.push((event.time_us, self.now)),
        }
        if self.samples.len() > Self::SAMPLES_MAX {
            self.thin();
        }
    }

    fn thin(&mut self) {
        let last_us = self.samples.last().map_or(0, |sample| sample.0);
        self.least_apart_us =
            (self.least_apart_us * 2).max(last_us / (Self::SAMPLES_MAX as u64 / 2));
        let apart_us = self.least_apart_us;
        let mut kept: Vec<(u64, u32)> = Vec::with_capacity(Self::SAMPLES_MAX);
        for &(time_us, count) in &self.samples {
            match kept.last_mut() {
                Some(last) if time_us < last.0 + apart_us => last.1 = last.1.max(count),
                _ => kept.push((time_us, count)),
            }
        }
        self.samples = kept;
    }

    /// The most in flight within each of [`STEPS`] equal parts of the tape.
    #[must_use]
    pub fn steps(&self, span_us: u64) -> Vec<u32> {
        let mut steps = vec![0; STEPS];
        let part = |time_us: u64| (place(time_us, span_us) * STEPS as u64 / (LENGTH + 1)) as usize;
        let ends = self.samples.iter().skip(1).map(|sample| sample.0).chain([0]);
        for (&(from_us, count), to_us) in self.samples.iter().zip(ends) {
            let (first, last) = (part(from_us), part(to_us.saturating_sub(1)).max(part(from_us)));
            for step in &mut steps[first..=last] {
                *step = (*step).max(count);
            }
        }
        steps
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::playback::{Command, Run};
    use crate::scenario::gallery;
    use crate::sim::{AgentId, DropCause, NO_EVENT};

    fn mark(time_us: u64, kind: MarkKind) -> Mark {
        Mark { time_us, event: time_us, kind }
    }

    fn frame(time_us: u64, reached_us: u64) -> Frame {
        Frame { time_us, reached_us, ..Frame::default() }
    }

    #[test]
    fn bands_follow_the_phases_of_a_vote() {
        let counted = MarkKind::Counted { proposal: 0, voter: AgentId(1), vote: Vote::For };
        let decided = MarkKind::Decided { proposal: 0, decision: Decision::Approved };
        let marks = [
            mark(0, MarkKind::Opened { proposal: 0 }),
            mark(100_000, counted),
            mark(200_000, counted),
            mark(300_000, decided),
            mark(350_000, counted),
            mark(350_100, MarkKind::Lost { cause: DropCause::Loss }),
            mark(350_200, MarkKind::Fault { agent: AgentId(1) }),
        ];
        let tape = tape(&frame(320_000, 400_000), &marks, 1_000_000);
        let bands: Vec<(u64, u64, String)> =
            tape.bands.iter().map(|band| (band.from, band.to, band.phase.name())).collect();
        assert_eq!(
            bands,
            [(0, 100_000, "open"), (100_000, 300_000, "vote"), (300_000, 400_000, "decide")]
                .map(|(from, to, name)| (from, to, name.to_owned()))
        );
        assert_eq!(tape.ticks.len(), 3);
        assert_eq!((tape.now, tape.reached), (320_000, 400_000));
        assert_eq!(tape.notches.len(), 1, "one notch per place");
        assert!(tape.notches[0].fault, "a fault is kept before a loss");
    }

    #[test]
    fn the_tape_leaves_room_ahead_until_the_run_has_ended() {
        assert_eq!(span_us(&frame(0, 0), 30_000_000), 500_000);
        assert_eq!(span_us(&frame(0, 600_000), 30_000_000), 750_000);
        assert_eq!(span_us(&frame(0, 600_000), 700_000), 700_000);
        let ended = Frame { ended: true, ..frame(613_000, 613_000) };
        assert_eq!(span_us(&ended, 30_000_000), 613_000);
    }

    #[test]
    fn the_axis_has_round_numbers() {
        let labels =
            |span_us| axis(span_us).into_iter().map(|(_, label)| label).collect::<Vec<_>>();
        assert_eq!(labels(1_000_000), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(30_000_000), ["0", "5", "10", "15", "20", "25", "30"]);
        assert_eq!(labels(120_000), ["0.00", "0.02", "0.04", "0.06", "0.08", "0.10", "0.12"]);
    }

    #[test]
    fn steps_show_the_most_that_was_in_flight() {
        let event = |id, time_us, what| Event::<()> {
            id,
            time_us,
            cause: NO_EVENT,
            lamport: 0,
            message: 0,
            agent: AgentId(0),
            peer: AgentId(1),
            instance: 0,
            kind: 0,
            what,
        };
        let mut in_flight = InFlight::default();
        for (id, time_us) in [(0, 0), (1, 0), (2, 100)] {
            in_flight.see(&event(id, time_us, What::Sent { bytes: 1 }));
        }
        in_flight.see(&event(3, 500, What::Delivered));
        assert_eq!(in_flight.next(), 4);
        let steps = in_flight.steps(1_000);
        assert_eq!((steps[0], steps[STEPS / 4], steps[STEPS * 3 / 4]), (2, 3, 0));
    }

    #[test]
    fn what_is_kept_of_the_work_does_not_hide_what_was_done() {
        let ticks = |name: &str| {
            let scenario = gallery::find(name).and_then(gallery::Entry::scenario).unwrap();
            let mut run = Run::new(Arc::new(scenario), 11).unwrap();
            run.apply(&Command::AdvanceTo { time_us: u64::MAX, budget: u64::MAX }).unwrap();
            let mut frame = Frame::default();
            run.frame(&mut frame);
            let marks = run.branches()[run.current_branch() as usize].marks();
            let tape = tape(&frame, marks, span_us(&frame, run.cast().horizon_us));
            let of_state = |tick: &&Tick| matches!(tick.what, TapeHead::Wrote | TapeHead::Merged);
            let of_state = tape.ticks.iter().filter(of_state).count();
            (of_state, tape.ticks.len() - of_state)
        };
        assert_eq!(ticks("task-distribution"), (0, 100), "each result, and each task that is done");
        assert!(ticks("counter-partition").0 > 0, "where nobody works, that is what is told");
    }
}
