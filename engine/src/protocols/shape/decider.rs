//! The decider: it measures, judges, and carries a switch through or undoes it.

use super::ledger::{Ledger, LedgerEntry, Switch};
use super::message::{ShapeTalk, ShapeTimer, Stand};
use super::note::ShapeNote;
use super::rule::{Measured, Reason, Why};
use super::{Epoch, Shape, ShapeEntry};
use crate::common::topology::TopologyKind;
use crate::map::Map;
use crate::order::sort_by_key;
use crate::protocol::contract::{Header, Outlet};
use crate::sim::{AgentId, LocalTime, Traffic};

/// An agent that has not answered so many measurements in a row is silent.
const SILENT_AFTER: u32 = 3;
/// Answers to so many rounds count: a round trip may take longer than a round.
const ROUNDS: usize = SILENT_AFTER as usize + 1;
/// Those who have not promised are asked so often in all.
const TRIES: u64 = 4;

/// An agent as it was measured last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// The last round that it has answered.
    pub round: u32,
    counts: Option<(LocalTime, u32, u32)>,
    /// Messages a second that it sends, and that it puts on links.
    pub sent: u32,
    pub load: u32,
    link_us: u64,
}

/// The part of the decider that a crash ends.
#[derive(Clone, Debug)]
pub struct Decider {
    pub round: u32,
    /// When the last rounds began, each at its number modulo [`ROUNDS`].
    began_us: [LocalTime; ROUNDS],
    pub seen: Map<AgentId, Seen>,
    /// Those whose promise is missing, by their numbers.
    missing: Vec<AgentId>,
    /// The shape that suits better than the one in force, and how many measurements in a row it has.
    pub wanted: Option<(TopologyKind, u32)>,
    /// Answers up to this round may have been sent before the last switch ended.
    settled: u32,
    pub measured: Measured,
    /// It hears from too few to judge, and has said so.
    is_unsure: bool,
}

impl Decider {
    pub(super) fn new(ledger: &Ledger) -> Self {
        let seen = ledger.known.iter().map(|agent| (*agent, Seen::default())).collect();
        Self {
            round: 0,
            began_us: [LocalTime::START; ROUNDS],
            seen,
            missing: Vec::new(),
            wanted: None,
            settled: 0,
            measured: Measured::default(),
            is_unsure: false,
        }
    }

    fn is_heard(&self, seen: &Seen) -> bool {
        seen.round + SILENT_AFTER >= self.round
    }

    /// Two rounds that have been answered give a rate.
    fn has_measured(&self) -> bool {
        self.round > 2
    }

    fn answers(&self) -> impl Iterator<Item = (AgentId, &Seen)> {
        let all = self.seen.iter().map(|(agent, seen)| (*agent, seen));
        all.filter(|(_, seen)| self.is_heard(seen))
    }

    /// The sum of the answers so far.
    fn sum_up(&self) -> Measured {
        let all = || self.answers().map(|(_, seen)| seen);
        let mut links_us: Vec<u64> = all().map(|it| it.link_us).filter(|us| *us > 0).collect();
        sort_by_key(&mut links_us, |us| (*us, 0));
        let agents = all().count() as u32;
        Measured {
            // The decider is among those it has seen.
            agents,
            silent: self.seen.len() as u32 - agents,
            link_us: links_us.get(links_us.len() / 2).copied().unwrap_or_default(),
            traffic: all().fold(0, |sum: u32, it| sum.saturating_add(it.sent)),
            load: all().map(|it| it.load).max().unwrap_or_default(),
        }
    }
}

impl Seen {
    /// Takes in the counts of its network interface, which wrap.
    fn count(&mut self, now_us: LocalTime, sent: u32, on_links: u32) {
        if let Some((since_us, sent_before, on_links_before)) = self.counts {
            let took_us = now_us.since(since_us).max(1);
            let a_second = |now: u32, before: u32| {
                // An answer that was long on its way tells of earlier.
                let risen = i32::try_from(now.wrapping_sub(before)).unwrap_or(0).unsigned_abs();
                let rate = (u64::from(risen) * 1_000_000 + took_us / 2) / took_us;
                u32::try_from(rate).unwrap_or(u32::MAX)
            };
            self.sent = a_second(sent, sent_before);
            self.load = a_second(on_links, on_links_before);
        }
        self.counts = Some((now_us, sent, on_links));
    }
}

impl Shape {
    /// The decider's parts; nothing at another agent.
    fn deciding(&mut self) -> Option<(&Ledger, &mut Decider)> {
        Some((self.books.ledger.as_deref()?, self.decider.as_deref_mut()?))
    }

    fn put_down(&mut self, entry: LedgerEntry, out: &mut impl Outlet<Self>) {
        self.put(ShapeEntry::Ledger(entry), out);
    }

    /// An agent belongs to the swarm from now on.
    pub(super) fn know(&mut self, agent: AgentId, out: &mut impl Outlet<Self>) {
        let Some((ledger, decider)) = self.deciding() else { return };
        if agent == out.id() {
            return;
        }
        let is_new = ledger.known.binary_search(&agent).is_err();
        let round = decider.round;
        if decider.seen.get(&agent).is_none_or(|seen| seen.round < round) {
            decider.seen.insert(agent, Seen { round, ..Seen::default() });
        }
        if is_new {
            self.put_down(LedgerEntry::Known(agent), out);
        }
    }

    /// An agent has left.
    pub(super) fn lose(&mut self, agent: AgentId, out: &mut impl Outlet<Self>) {
        let Some((ledger, decider)) = self.deciding() else { return };
        if ledger.known.binary_search(&agent).is_ok() {
            decider.seen.remove(&agent);
            decider.missing.retain(|it| *it != agent);
            self.put_down(LedgerEntry::Lost(agent), out);
            self.carry_through(out);
        }
    }

    /// A person wants this shape.
    pub(super) fn wish(&mut self, wish: Option<TopologyKind>, out: &mut impl Outlet<Self>) {
        let Some((_, decider)) = self.deciding() else { return };
        let has_measured = decider.has_measured();
        self.put_down(LedgerEntry::Wished(wish), out);
        if has_measured {
            self.judge(out);
        }
    }

    /// Judges what the last round has brought, and begins the next.
    pub(super) fn measure(&mut self, out: &mut impl Outlet<Self>) {
        let own = out.id();
        let (now_us, measure_us) = (out.now(), self.books.rules.measure_us);
        out.set_timer(ShapeTimer::Measure, measure_us);
        let Traffic { sent, on_links } = out.traffic();
        let Some((ledger, decider)) = self.deciding() else { return };
        let round = decider.round;
        let mut seen = decider.seen.get(&own).copied().unwrap_or_default();
        seen.round = round;
        seen.count(now_us, sent as u32, on_links as u32);
        decider.seen.insert(own, seen);
        decider.round += 1;
        decider.began_us[decider.round as usize % ROUNDS] = now_us;
        decider.measured = decider.sum_up();
        let (round, has_measured) = (decider.round, decider.has_measured());
        for agent in &ledger.known {
            out.send(*agent, Header::default(), ShapeTalk::Probe { round });
        }
        if has_measured {
            self.judge(out);
        }
    }

    /// Begins a switch once another shape has suited long enough.
    fn judge(&mut self, out: &mut impl Outlet<Self>) {
        let (limits, hold) = (self.books.rules.limits, self.books.rules.hold);
        let Some((ledger, decider)) = self.deciding() else { return };
        if ledger.switch.is_some() {
            return;
        }
        let (measured, shape) = (decider.measured, ledger.shape);
        let known = ledger.known.len() as u32 + 1;
        let is_unsure = measured.agents * 2 <= known;
        if is_unsure {
            decider.wanted = None;
            if !std::mem::replace(&mut decider.is_unsure, true) {
                let number = |count| u16::try_from(count).unwrap_or(u16::MAX);
                let (answer, of) = (number(measured.agents), number(known));
                out.note(ShapeNote::Unsure { answer, of });
            }
            return;
        }
        decider.is_unsure = false;
        let is_silent = |it| decider.seen.get(it).is_some_and(|seen| !decider.is_heard(seen));
        let is_cut = ledger.inner.iter().any(is_silent);
        let (mut to, mut why) = limits.judge(&measured, shape);
        if let Some(wish) = ledger.wish {
            (to, why) = (wish, Why::new(Reason::Asked, 0, 0));
        }
        let is_relaid = to == shape && is_cut;
        if is_relaid {
            why = Why::new(Reason::Silent, measured.silent.into(), 0);
        }
        if to == shape && !is_relaid {
            decider.wanted = None;
            return;
        }
        let before = decider.wanted.filter(|(kind, _)| *kind == to);
        let times = before.map_or(0, |(_, times)| times) + 1;
        decider.wanted = Some((to, times));
        if times >= hold || why.reason == Reason::Asked {
            self.begin(to, why, out);
        }
    }

    fn begin(&mut self, to: TopologyKind, why: Why, out: &mut impl Outlet<Self>) {
        let (own, patience_us) = (out.id(), self.books.rules.patience_us);
        let Some((ledger, decider)) = self.deciding() else { return };
        let Some(epoch) = ledger.begun.checked_add(1) else { return };
        let from = ledger.shape;
        let asked: Vec<AgentId> =
            decider.answers().map(|(agent, _)| agent).filter(|it| *it != own).collect();
        decider.missing.clone_from(&asked);
        decider.wanted = None;
        self.put_down(LedgerEntry::Begun(Switch { epoch, to, asked: asked.into() }), out);
        self.promise(epoch, out);
        out.note(ShapeNote::Begins { epoch, from, to, why });
        out.set_timer(ShapeTimer::GiveUp, patience_us);
        self.plead(out);
        self.carry_through(out);
    }

    /// Sends the plan to all who have not promised.
    pub(super) fn plead(&mut self, out: &mut impl Outlet<Self>) {
        let again_us = self.books.rules.patience_us / TRIES;
        let Some((ledger, decider)) = self.deciding() else { return };
        if let Some(Switch { epoch, to, .. }) = ledger.switch {
            for agent in &decider.missing {
                out.send(*agent, Header::about(epoch.into()), ShapeTalk::Prepare { to });
            }
            out.set_timer(ShapeTimer::Again, again_us);
        }
    }

    /// Lets the switch hold, once all have promised it.
    fn carry_through(&mut self, out: &mut impl Outlet<Self>) {
        let own = out.id();
        let Some((ledger, decider)) = self.deciding() else { return };
        let Some(Switch { epoch, to, ref asked }) = ledger.switch else { return };
        if !decider.missing.is_empty() {
            return;
        }
        let Some((routes, inner)) = ledger.routes(to, own, asked) else { return };
        let known = ledger.known.clone();
        decider.settled = decider.round;
        self.put_down(LedgerEntry::Done { inner }, out);
        out.note(ShapeNote::Switches { epoch, to });
        out.reroute(routes);
        self.confirm(epoch, to, out);
        for agent in known {
            out.send(agent, Header::about(epoch.into()), ShapeTalk::Commit { to });
        }
        out.cancel_timer(ShapeTimer::Again);
        out.cancel_timer(ShapeTimer::GiveUp);
    }

    /// Undoes the switch that is under way, if one is.
    pub(super) fn undo(&mut self, out: &mut impl Outlet<Self>) {
        let Some((ledger, decider)) = self.deciding() else { return };
        let Some(Switch { epoch, to, asked }) = ledger.switch.clone() else { return };
        let missing = decider.missing.len();
        decider.missing.clear();
        decider.settled = decider.round;
        self.put_down(LedgerEntry::Undone, out);
        let missing = u16::try_from(missing).unwrap_or(u16::MAX);
        out.note(ShapeNote::Undoes { epoch, to, missing });
        self.forget(epoch, out);
        for agent in asked.iter() {
            out.send(*agent, Header::about(epoch.into()), ShapeTalk::Abort);
        }
        out.cancel_timer(ShapeTimer::Again);
    }

    pub(super) fn on_answer(
        &mut self,
        from: AgentId,
        epoch: Epoch,
        message: ShapeTalk,
        out: &mut impl Outlet<Self>,
    ) {
        let (now_us, links) = (out.now(), out.links_to(from));
        if let ShapeTalk::Ask { stand } = message {
            self.know(from, out);
            return self.catch_up(from, stand, true, out);
        }
        let Some((ledger, decider)) = self.deciding() else { return };
        match message {
            ShapeTalk::Answer { round, sent, on_links, stand } => {
                let is_settled = round > decider.settled;
                let last = decider.round;
                let is_late = round > last || round + SILENT_AFTER < last;
                let began_us = decider.began_us[round as usize % ROUNDS];
                let seen = decider.seen.get_mut(&from);
                // A second copy tells nothing new.
                let seen = seen.filter(|seen| !is_late && seen.round < round);
                let Some(seen) = seen else { return };
                seen.round = round;
                seen.count(now_us, sent, on_links);
                seen.link_us = now_us.since(began_us) / (2 * u64::from(links.max(1)));
                if is_settled {
                    self.catch_up(from, stand, false, out);
                }
            }
            _ if ledger.switch.as_ref().is_some_and(|switch| switch.epoch == epoch) => {
                if let Ok(place) = decider.missing.binary_search(&from) {
                    decider.missing.remove(place);
                }
                self.carry_through(out);
            }
            _ => {}
        }
    }

    /// Tells an agent that lags what holds, and what is over.
    fn catch_up(&self, agent: AgentId, stand: Stand, asks: bool, out: &mut impl Outlet<Self>) {
        let Some(ledger) = &self.books.ledger else { return };
        let under_way = ledger.switch.as_ref().map(|switch| switch.epoch);
        if stand.promised > ledger.epoch && Some(stand.promised) != under_way {
            out.send(agent, Header::about(stand.promised.into()), ShapeTalk::Abort);
        }
        if asks || stand.confirmed < ledger.epoch {
            let commit = ShapeTalk::Commit { to: ledger.shape };
            out.send(agent, Header::about(ledger.epoch.into()), commit);
        }
    }
}
