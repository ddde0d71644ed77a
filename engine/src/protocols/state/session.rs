//! A synchronisation that was asked for (S4): an agent asks one or all, collects what they hold, finds where
//! they disagree, resolves it, and tells what came of it to those who answered. Answers that are missing do
//! not hold it up.

use std::sync::Arc;

use super::crdt::MixedTypes;
use super::holder::{Holder, State, SyncKind};
use super::replica::{KeyId, Update};
use super::resolve::{Applied, conflict, resolve};
use super::sync::{paired, sorted};
use super::talk::StateTimer;
use super::talk::{KeysQuery, StateTalk, Versions};
use super::version::StateVersion;
use crate::protocol::contract::{Header, Outlet};
use crate::protocols::state::note::StateNote;
use crate::sim::{AgentId, LocalTime};

/// More finished synchronisations than this are not kept.
const SYNCS_MAX: usize = 64;

/// A synchronisation that an agent has begun, until all have answered or the time is over.
#[derive(Clone, Debug)]
pub struct SyncSession {
    pub correlation: u32,
    pub kind: SyncKind,
    /// The keys it is about; all when none is named.
    keys: Vec<KeyId>,
    pub began_us: LocalTime,
    pub waiting: Vec<AgentId>,
    pub(super) collected: Vec<(AgentId, Arc<Update>)>,
    pub(super) versions: Vec<(AgentId, Arc<Versions>)>,
    messages: u64,
    bytes: u64,
    fell_back: bool,
}

/// A synchronisation that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncRecord {
    pub kind: SyncKind,
    pub began_us: LocalTime,
    pub ended_us: LocalTime,
    /// Who has not answered in time.
    pub missing: Vec<AgentId>,
    /// Keys that were told of, in the answers or to those who answered.
    pub keys: u32,
    /// Keys on which the answers disagreed, in their order.
    pub conflicts: Vec<Conflict>,
    /// Keys that are different now at the agent that asked.
    pub changes: u32,
    /// Sent and received by the agent that asked, questions and answers alike.
    pub messages: u64,
    pub bytes: u64,
    /// Somebody was further behind than removals are remembered, and got everything.
    pub fell_back: bool,
}

/// A key on which agents disagreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    pub key: KeyId,
    /// The rule that was applied to resolve it, or why none could be; `None` if only versions were asked for.
    pub resolution: Option<Result<Applied, MixedTypes>>,
}

impl Holder {
    pub(super) fn begin_sync(
        &mut self,
        kind: SyncKind,
        with: Option<AgentId>,
        keys: &[KeyId],
        out: &mut impl Outlet<State>,
    ) {
        let waiting: Vec<AgentId> = match with {
            Some(agent) => vec![agent],
            None => self.peers(out.id()).collect(),
        };
        let of_keys = |since| {
            let keys = keys.to_vec();
            StateTalk::KeysQuery(Arc::new(KeysQuery { keys, since }))
        };
        let query = match kind {
            SyncKind::Query => StateTalk::VersionQuery,
            SyncKind::Full if keys.is_empty() => StateTalk::FullQuery,
            SyncKind::Delta if keys.is_empty() => StateTalk::DeltaQuery(Arc::new(self.cursor())),
            SyncKind::Full => of_keys(None),
            SyncKind::Delta => of_keys(Some(self.replica.seen.clone())),
        };
        let correlation = self.next_correlation();
        let mut session = SyncSession {
            correlation,
            kind,
            keys: keys.to_vec(),
            began_us: out.now(),
            waiting,
            collected: Vec::new(),
            versions: Vec::new(),
            messages: 0,
            bytes: 0,
            fell_back: false,
        };
        out.note(StateNote::SyncBegan { kind });
        for peer in session.waiting.clone() {
            session.send(peer, query.clone(), out);
        }
        out.set_timer(StateTimer::SyncDeadline(correlation), self.rules.timeout_us);
        self.sessions.push(session);
        self.end_sync_if_complete(correlation, out);
    }

    /// The time to wait for answers is over.
    pub fn on_sync_deadline(&mut self, correlation: u32, out: &mut impl Outlet<State>) {
        if self.sessions.iter().any(|session| session.correlation == correlation) {
            self.end_sync(correlation, out);
        } else {
            self.end_strong(correlation, out);
        }
    }

    pub(super) fn end_sync_if_complete(&mut self, correlation: u32, out: &mut impl Outlet<State>) {
        let is_complete = |it: &SyncSession| it.correlation == correlation && it.waiting.is_empty();
        if self.sessions.iter().any(is_complete) {
            out.cancel_timer(StateTimer::SyncDeadline(correlation));
            self.end_sync(correlation, out);
        }
    }

    /// Collected versions → conflicts → resolution → told to those who answered (S4). Answers that are
    /// missing do not hold it up.
    fn end_sync(&mut self, correlation: u32, out: &mut impl Outlet<State>) {
        let Some(place) = self.sessions.iter().position(|it| it.correlation == correlation) else {
            return;
        };
        let mut session = self.sessions.remove(place);
        let (mut told, conflicts) = session.weigh(self);
        let mut changed: Vec<KeyId> = Vec::new();
        for (from, update) in &session.collected {
            changed.extend(self.take_in(*from, update, out).changed);
        }
        let changes = sorted(changed.into_iter()).len() as u32;
        // Of some keys alone: all that is held of them now, the same for all who lack any of it.
        let of_keys = (!session.keys.is_empty()).then(|| {
            let all = self.answer(out.id(), None, &Versions::new());
            Arc::new(all.about_only(&session.keys))
        });
        for (from, update) in core::mem::take(&mut session.collected) {
            if let Some(news) = &of_keys {
                if news.brings_news_to(&update.seen) {
                    told.extend(news.keys());
                    session.send_about(0, from, StateTalk::Update(news.clone()), out);
                }
                continue;
            }
            session.fell_back |= session.kind == SyncKind::Delta && update.since.is_none();
            if session.kind == SyncKind::Full || !update.seen.covers_all(&self.replica.seen) {
                let since = Some(&update.seen).filter(|_| session.kind != SyncKind::Full);
                let news = self.answer(out.id(), since, &self.strong_versions());
                session.fell_back |= session.kind == SyncKind::Delta && news.since.is_none();
                told.extend(news.keys());
                let talk = StateTalk::Update(Arc::new(news));
                // Nobody waits for an answer to that.
                session.send_about(0, from, talk, out);
            }
        }
        out.note(StateNote::Synced {
            kind: session.kind,
            changes,
            missing: session.waiting.len() as u32,
        });
        let record = SyncRecord {
            kind: session.kind,
            began_us: session.began_us,
            ended_us: out.now(),
            missing: session.waiting,
            keys: sorted(told.into_iter()).len() as u32,
            conflicts,
            changes,
            messages: session.messages,
            bytes: session.bytes,
            fell_back: session.fell_back,
        };
        if self.syncs.len() == SYNCS_MAX {
            self.syncs.remove(0);
        }
        self.syncs.push(record);
    }
}

impl SyncSession {
    fn send(&mut self, to: AgentId, talk: StateTalk, out: &mut impl Outlet<State>) {
        self.send_about(self.correlation, to, talk, out);
    }

    fn send_about(
        &mut self,
        correlation: u32,
        to: AgentId,
        talk: StateTalk,
        out: &mut impl Outlet<State>,
    ) {
        let header = paired(correlation);
        self.count(out.bytes_of(header, &talk));
        out.send(to, header, talk);
    }

    fn count(&mut self, bytes: u32) {
        self.messages += 1;
        self.bytes += u64::from(bytes);
    }

    /// The keys that were told of, and the conflicts among the asker and those that answered. An agent that
    /// was asked for everything and does not tell of a key holds nothing of it.
    fn weigh(&self, holder: &Holder) -> (Vec<KeyId>, Vec<Conflict>) {
        let is_meant = |key: &KeyId| self.keys.is_empty() || self.keys.contains(key);
        let told = self.collected.iter().flat_map(|(_, update)| update.keys());
        let queried = self.versions.iter().flat_map(|(_, versions)| versions.iter().map(|it| it.0));
        let told = sorted(told.chain(queried).filter(is_meant));
        let is_of_all = self.kind != SyncKind::Delta && told.len() + self.answers() > 0;
        let own = holder.replica.records.keys().copied().filter(|_| is_of_all);
        let conflict_over = |key: &KeyId| {
            let own = holder.replica.records.get(key).map(|record| record.current());
            let held = self.collected.iter().filter_map(|(_, update)| {
                let place = update.records.binary_search_by_key(key, |(key, _)| *key);
                let held = place.ok().map(|place| update.records[place].1.current());
                let is_told = update.removals.iter().any(|removal| removal.key == *key);
                let is_whole = self.kind == SyncKind::Full || update.since.is_none();
                (held.is_some() || is_told || is_whole).then_some(held)
            });
            let held: Vec<Option<&StateVersion>> = held.chain([own]).collect();
            let mut versions = self.versions.iter().map(|(_, versions)| {
                let place = versions.binary_search_by_key(key, |(key, _)| *key);
                place.map_or(0, |place| versions[place].1)
            });
            let own = own.map_or(0, |version| version.version);
            let strategy = holder.rules.keys.get(key.0 as usize).map(|rule| rule.strategy);
            let differ = strategy.is_some_and(|strategy| conflict(strategy, &held));
            if !differ && !versions.any(|version| version != own) {
                return None;
            }
            let known: Vec<&StateVersion> = held.into_iter().flatten().collect();
            let strategy = strategy.filter(|_| differ && !known.is_empty());
            let resolution = strategy.map(|it| resolve(it, &known).map(|found| found.applied));
            Some(Conflict { key: *key, resolution })
        };
        let all = sorted(told.iter().copied().chain(own.filter(is_meant)));
        let conflicts = all.iter().filter_map(conflict_over).collect();
        (told, conflicts)
    }

    fn answers(&self) -> usize {
        self.collected.len() + self.versions.len()
    }
}

impl Holder {
    /// The session this is an answer in, if the agent was asked and has not answered yet.
    pub(super) fn answered(
        &mut self,
        from: AgentId,
        (header, talk): (Header, &StateTalk),
        out: &impl Outlet<State>,
    ) -> Option<&mut SyncSession> {
        let is_it = |session: &&mut SyncSession| session.correlation == header.correlation;
        let session = self.sessions.iter_mut().find(is_it)?;
        let place = session.waiting.iter().position(|agent| *agent == from)?;
        session.waiting.remove(place);
        session.count(out.bytes_of(header, talk));
        Some(session)
    }
}
