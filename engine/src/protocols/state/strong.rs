//! Strong keys (S6): a value is what more than half of the agents that were there from the start have voted
//! for, and each votes for at most one value of a version, in its lifetime. So no version ever has two values.
//! A version on which the votes are split has none, and stays without one: safety is promised here, progress
//! is not. Agents that came later may write and read, but have no vote: two majorities of different electorates
//! need have nobody in common.
//!
//! An agent that asks for votes tells what the last version was, so that nobody votes for a version without
//! knowing the one before; an agent that answers tells what it has voted for. So a value that more than half
//! have voted for is found by the next write or read, even if the one who counted the votes is gone. A read
//! that finds a vote it cannot judge, because others do not answer, finishes that write, as it may have been
//! committed (*read repair*: Attiya, Bar-Noy & Dolev 1995, *Sharing memory robustly in message-passing
//! systems*). A write refused for lack of a quorum may so be committed after all.

use std::sync::Arc;

use super::holder::{Holder, State};
use super::memory::{HolderDurable, StateEntry};
use super::replica::KeyId;
use super::sync::paired;
use super::talk::StateTimer;
use super::talk::{StateTalk, StrongState, StrongValue, Versions};
use crate::common::value::Value;
use crate::protocol::contract::Outlet;
use crate::protocols::state::note::StateNote;
use crate::sim::AgentId;

/// An agent's knowledge of a strong key and its vote. It survives every crash, as votes must.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Strong {
    /// The newest version that more than half have voted for, as far as it knows.
    pub committed: StrongValue,
    /// The newest vote it has given.
    pub voted: Option<StrongValue>,
    /// The last write or read it was asked for has failed, and why.
    pub refused: Option<StrongRefusal>,
}

/// Why a strong write or read was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StrongRefusal {
    /// The version it expected is not the newest.
    OtherVersion { newest: u64 },
    /// It could not reach more than half in time.
    NoQuorum { reached: u32, needed: u32 },
    /// So many have voted for something else that it can have no more than half.
    VotesSplit,
}

/// A strong write or read that is not over.
#[derive(Clone, Debug)]
pub struct StrongSession {
    pub correlation: u32,
    pub key: KeyId,
    /// The value to be written, and the value it comes after. A read has none, unless it finishes a
    /// half-written value that it found.
    pub writes: Option<Arc<(StrongValue, StrongValue)>>,
    /// It was asked for as a read.
    pub reads: bool,
    pub waiting: Vec<AgentId>,
    /// Its own state, if it has a vote, and those of all who have answered.
    pub answers: Vec<StrongState>,
}

/// How a strong write or read stands.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Standing {
    /// More answers can still change it.
    Open,
    /// More than half have voted for this, by now or long ago.
    Committed(StrongValue),
    /// No value can have more than half of the votes after this one.
    Nothing { after: StrongValue },
}

impl StrongSession {
    /// The newest version that anyone knows of.
    fn newest(&self) -> Option<&StrongValue> {
        self.answers.iter().map(|it| &it.committed).max_by_key(|value| value.version)
    }

    /// How many have voted for the value.
    fn votes(&self, value: &StrongValue) -> u32 {
        let votes = |it: &&StrongState| it.voted.as_ref() == Some(value) || it.committed == *value;
        self.answers.iter().filter(votes).count() as u32
    }

    /// The value after the newest version that has the most votes.
    fn pending(&self) -> Option<&StrongValue> {
        let after = self.newest().map_or(0, |newest| newest.version);
        let voted = self.answers.iter().filter_map(|it| it.voted.as_ref());
        let mut pending: Option<&StrongValue> = None;
        for value in voted.filter(|value| value.version > after) {
            if pending.is_none_or(|most| self.votes(value) > self.votes(most)) {
                pending = Some(value);
            }
        }
        pending
    }

    fn standing(&self, needed: u32) -> Standing {
        let Some(newest) = self.newest() else { return Standing::Open };
        if let Some((value, _)) = self.writes.as_deref()
            && newest.version >= value.version
        {
            return Standing::Committed(newest.clone());
        }
        let (most, reached) = (self.pending(), self.answers.len() as u32);
        let votes = most.map_or(0, |value| self.votes(value));
        match most {
            Some(value) if votes >= needed => Standing::Committed(value.clone()),
            // A vote that was not given yet may still be given to what is written here.
            _ if reached < needed => Standing::Open,
            Some(_) if votes + self.waiting.len() as u32 >= needed => Standing::Open,
            _ => Standing::Nothing { after: newest.clone() },
        }
    }
}

impl Strong {
    fn unwritten(key: KeyId) -> Self {
        let committed = StrongValue { key, version: 0, value: Value::Null };
        Self { committed, voted: None, refused: None }
    }

    /// Votes for the value, if it may; the same again is no second vote.
    fn vote(&mut self, asked: &StrongValue) -> bool {
        if asked.version != self.committed.version + 1 {
            return false;
        }
        match &self.voted {
            Some(voted) if voted.version == asked.version => *voted == *asked,
            _ => {
                self.voted = Some(asked.clone());
                true
            }
        }
    }

    fn commit(&mut self, value: &StrongValue) -> bool {
        let is_newer = value.version > self.committed.version;
        if is_newer {
            self.committed = value.clone();
        }
        is_newer
    }

    fn state(&self) -> StrongState {
        let voted = self.voted.clone().filter(|voted| voted.version > self.committed.version);
        StrongState { committed: self.committed.clone(), voted, granted: None }
    }
}

impl Holder {
    fn strong(&mut self, key: KeyId) -> &mut Strong {
        if !self.strong.contains_key(&key) {
            self.strong.insert(key, Strong::unwritten(key));
        }
        match self.strong.get_mut(&key) {
            Some(strong) => strong,
            None => unreachable!("it was put there if it was missing"),
        }
    }

    /// More than half of those who have a vote.
    fn quorum(&self) -> u32 {
        self.rules.members / 2 + 1
    }

    /// The versions of strong keys it knows.
    pub fn strong_versions(&self) -> Versions {
        let versions = self.strong.iter().map(|(key, strong)| (*key, strong.committed.version));
        versions.filter(|(_, version)| *version > 0).collect()
    }

    /// The values of strong keys that are newer than these versions, as far as it knows.
    pub fn strong_since(&self, known: &Versions) -> Vec<StrongValue> {
        let version = |key: KeyId| {
            let place = known.binary_search_by_key(&key, |(key, _)| *key);
            place.map_or(0, |place| known[place].1)
        };
        let news = self.strong.iter().map(|(_, strong)| &strong.committed);
        news.filter(|value| value.version > version(value.key)).cloned().collect()
    }
}

impl Holder {
    fn persist_strong(&self, key: KeyId, out: &mut impl Outlet<State>) {
        if let Some(strong) = self.strong.get(&key) {
            let entry = StateEntry::Strong(key, Box::new(strong.clone()));
            out.persist(Box::new(entry));
        }
    }

    /// Puts the next version of a strong key to the vote.
    pub fn write_strong(
        &mut self,
        key: KeyId,
        value: &Value,
        expects: u64,
        out: &mut impl Outlet<State>,
    ) {
        let after = self.strong(key).committed.clone();
        if after.version != expects {
            let newest = after.version;
            return self.refuse_strong(key, StrongRefusal::OtherVersion { newest }, out);
        }
        let value = StrongValue { key, version: expects + 1, value: value.clone() };
        self.ask_votes((value, after), false, out);
    }

    /// Asks more than half for the newest version.
    pub fn read_strong(&mut self, key: KeyId, out: &mut impl Outlet<State>) {
        self.ask_voters(key, None, true, out);
    }

    /// Asks for votes for the first, which comes after the second. Its own comes first, if it has one to
    /// give: an earlier one may have gone to something else.
    fn ask_votes(
        &mut self,
        writes: (StrongValue, StrongValue),
        reads: bool,
        out: &mut impl Outlet<State>,
    ) {
        let key = writes.0.key;
        self.vote_strong(&writes, out);
        self.ask_voters(key, Some(Arc::new(writes)), reads, out);
    }

    /// Votes for the first, which comes after the second, if it may. That is written down before anyone
    /// hears of it.
    fn vote_strong(
        &mut self,
        (value, after): &(StrongValue, StrongValue),
        out: &mut impl Outlet<State>,
    ) {
        self.commit(after, out);
        let has_vote = out.id().0 < self.rules.members;
        if has_vote && self.strong(value.key).vote(value) {
            out.note(StateNote::StrongVoted { key: value.key, version: value.version as u32 });
            self.persist_strong(value.key, out);
        }
    }

    fn ask_voters(
        &mut self,
        key: KeyId,
        writes: Option<Arc<(StrongValue, StrongValue)>>,
        reads: bool,
        out: &mut impl Outlet<State>,
    ) {
        let correlation = self.next_correlation();
        let me = out.id();
        let talk = writes.clone().map_or(StateTalk::StrongQuery(key), StateTalk::StrongWrite);
        let voters = (0..self.rules.members).map(AgentId);
        let waiting: Vec<AgentId> = voters.filter(|agent| *agent != me).collect();
        for peer in &waiting {
            out.send(*peer, paired(correlation), talk.clone());
        }
        out.set_timer(StateTimer::SyncDeadline(correlation), self.rules.timeout_us);
        let has_vote = me.0 < self.rules.members;
        let strong = self.strong(key);
        strong.refused = None;
        let answers = if has_vote { vec![strong.state()] } else { Vec::new() };
        self.strong_sessions.push(StrongSession {
            correlation,
            key,
            writes,
            reads,
            waiting,
            answers,
        });
        self.weigh_strong(correlation, false, out);
    }

    pub fn on_strong(
        &mut self,
        from: AgentId,
        correlation: u32,
        talk: &StateTalk,
        out: &mut impl Outlet<State>,
    ) {
        let (key, asked) = match talk {
            StateTalk::StrongWrite(writes) => {
                self.vote_strong(writes, out);
                (writes.0.key, Some(&writes.0))
            }
            StateTalk::StrongQuery(key) => (*key, None),
            StateTalk::StrongCommit(value) => return self.commit(value, out),
            StateTalk::StrongState(state) => {
                let Some(session) = self.asked(from, correlation) else { return };
                if session.key == state.committed.key {
                    session.answers.push((**state).clone());
                    self.weigh_strong(correlation, false, out);
                }
                return;
            }
            _ => return,
        };
        let mut state = self.strong(key).state();
        state.granted = asked.map(|it| state.voted.as_ref() == Some(it) || state.committed == *it);
        out.send(from, paired(correlation), StateTalk::StrongState(Arc::new(state)));
    }

    /// Knows from now on that more than half have voted for this.
    pub fn commit(&mut self, value: &StrongValue, out: &mut impl Outlet<State>) {
        if self.strong(value.key).commit(value) {
            out.note(StateNote::Committed { key: value.key, version: value.version as u32 });
            self.persist_strong(value.key, out);
        }
    }

    fn refuse_strong(&mut self, key: KeyId, refusal: StrongRefusal, out: &mut impl Outlet<State>) {
        self.strong(key).refused = Some(refusal);
        self.persist_strong(key, out);
        out.note(StateNote::StrongRefused { key });
    }

    /// The time to wait for answers is over.
    pub fn end_strong(&mut self, correlation: u32, out: &mut impl Outlet<State>) {
        self.weigh_strong(correlation, true, out);
    }

    /// Ends a strong write or read once no answer can change it any more, or when the time is over.
    fn weigh_strong(&mut self, correlation: u32, is_over: bool, out: &mut impl Outlet<State>) {
        let needed = self.quorum();
        let of = |it: &StrongSession| it.correlation == correlation;
        let Some(place) = self.strong_sessions.iter().position(of) else { return };
        let standing = self.strong_sessions[place].standing(needed);
        if standing == Standing::Open && !is_over {
            return;
        }
        let session = self.strong_sessions.remove(place);
        out.cancel_timer(StateTimer::SyncDeadline(correlation));
        let key = session.key;
        let newest = match standing {
            Standing::Committed(value) => {
                let is_news = self.strong(key).committed.version < value.version;
                if is_news && session.newest() != Some(&value) {
                    // It was counted here: the others have to hear of it.
                    for peer in self.peers(out.id()).collect::<Vec<_>>() {
                        let commit = StateTalk::StrongCommit(Arc::new(value.clone()));
                        out.send(peer, paired(0), commit);
                    }
                }
                value
            }
            Standing::Nothing { after } => after,
            Standing::Open => return self.give_up_strong(session, needed, out),
        };
        self.commit(&newest, out);
        match session.writes.as_deref() {
            _ if session.reads => {
                out.note(StateNote::StrongRead { key, version: newest.version as u32 })
            }
            Some((value, _)) if *value == newest => {}
            Some((value, _)) if newest.version >= value.version => {
                let newest = newest.version;
                self.refuse_strong(key, StrongRefusal::OtherVersion { newest }, out);
            }
            _ => self.refuse_strong(key, StrongRefusal::VotesSplit, out),
        }
    }

    /// The time is over, and what was answered says nothing for certain.
    fn give_up_strong(
        &mut self,
        session: StrongSession,
        needed: u32,
        out: &mut impl Outlet<State>,
    ) {
        let reached = match session.writes.as_deref() {
            Some((value, _)) => session.votes(value),
            None => session.answers.len() as u32,
        };
        if let (None, Some(value), Some(newest)) =
            (&session.writes, session.pending(), session.newest())
            && reached >= needed
        {
            return self.ask_votes((value.clone(), newest.clone()), true, out);
        }
        self.refuse_strong(session.key, StrongRefusal::NoQuorum { reached, needed }, out);
    }
}

impl Holder {
    /// The strong write or read this is an answer in, if the agent has not answered yet.
    fn asked(&mut self, from: AgentId, correlation: u32) -> Option<&mut StrongSession> {
        let of = |it: &&mut StrongSession| it.correlation == correlation;
        let session = self.strong_sessions.iter_mut().find(of)?;
        let place = session.waiting.iter().position(|agent| *agent == from)?;
        session.waiting.remove(place);
        Some(session)
    }
}

impl HolderDurable {
    /// All hold this value of a strong key from the start, as its first version.
    pub fn begin_strong(&mut self, key: KeyId, value: Value) {
        let committed = StrongValue { key, version: 1, value };
        self.strong.insert(key, Strong { committed, voted: None, refused: None });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::state::letters::number;

    const KEY: KeyId = KeyId(0);

    /// "2x" is version 2 with a value x; "0" was never written.
    fn value(text: &str) -> StrongValue {
        let version = u64::from(text.as_bytes()[0] - b'0');
        let value = text[1..].chars().next().map_or(Value::Null, |c| number(i64::from(c as u32)));
        StrongValue { key: KEY, version, value }
    }

    #[test]
    fn an_agent_votes_once_per_version() {
        for (committed, voted, asked, votes) in [
            ("0", "", "1x", true),
            ("0", "1x", "1x", true),
            ("0", "1x", "1y", false),
            ("1x", "1x", "2y", true),
            ("1x", "2y", "2z", false),
            // Too old, and too new: it does not know what that comes after.
            ("1x", "", "1y", false),
            ("1x", "", "3y", false),
        ] {
            let voted = (!voted.is_empty()).then(|| value(voted));
            let mut strong =
                Strong { committed: value(committed), voted: voted.clone(), refused: None };
            assert_eq!(strong.vote(&value(asked)), votes, "{committed} {voted:?} {asked}");
            let expected = if votes { Some(value(asked)) } else { voted };
            assert_eq!(strong.voted, expected, "{committed} {asked}");
        }
    }

    #[test]
    fn commits_only_go_forward() {
        let mut strong = Strong::unwritten(KEY);
        for (commit, news) in [("2x", true), ("1y", false), ("2x", false), ("3z", true)] {
            assert_eq!(strong.commit(&value(commit)), news, "{commit}");
        }
        assert_eq!(strong.committed, value("3z"));
    }

    /// Of five agents three are enough. Each answer is what is committed, and after a colon the vote.
    fn check(writes: Option<&str>, answers: &[&str], expected: &Standing) {
        let answer = |text: &&str| {
            let (committed, voted) = text.split_once(':').unwrap_or((text, ""));
            let voted = (!voted.is_empty()).then(|| value(voted));
            StrongState { committed: value(committed), voted, granted: None }
        };
        let waiting = (answers.len() as u32..5).map(AgentId).collect();
        let after =
            |value: &StrongValue| StrongValue { version: value.version - 1, ..value.clone() };
        let writes = writes.map(value).map(|value| Arc::new((value.clone(), after(&value))));
        let answers = answers.iter().map(answer).collect();
        let session =
            StrongSession { correlation: 1, key: KEY, writes, reads: false, waiting, answers };
        assert_eq!(session.standing(3), *expected, "{session:?}");
    }

    #[test]
    fn how_a_read_stands() {
        let committed = |text| Standing::Committed(value(text));
        let nothing = |text| Standing::Nothing { after: value(text) };
        check(None, &["1x", "1x"], &Standing::Open);
        check(None, &["1x", "1x", "1x"], &nothing("1x"));
        check(None, &["0", "0", "1x"], &nothing("1x"));
        // One vote and two who have not answered: it may be committed.
        check(None, &["1x", "1x:2y", "1x"], &Standing::Open);
        check(None, &["1x", "1x:2y", "1x", "1x"], &nothing("1x"));
        check(None, &["1x:2y", "1x:2y", "1x:2y"], &committed("2y"));
        check(None, &["1x:2y", "1x:2z", "1x:2z", "1x:2y"], &Standing::Open);
        check(None, &["1x:2y", "1x:2z", "1x:2z", "1x:2y", "1x"], &nothing("1x"));
        // An agent that has committed it has voted for it.
        check(None, &["2y", "1x:2y", "1x"], &nothing("2y"));
    }

    #[test]
    fn how_a_write_stands() {
        let committed = |text| Standing::Committed(value(text));
        check(Some("2y"), &["1x:2y", "1x:2y"], &Standing::Open);
        check(Some("2y"), &["1x:2y", "1x:2y", "1x:2y"], &committed("2y"));
        check(Some("2y"), &["1x:2y", "2z"], &committed("2z"));
        check(Some("2y"), &["1x:2y", "1x:2z", "1x:2z", "1x:2z"], &committed("2z"));
        check(Some("2y"), &["1x:2y", "1x:2z", "1x:2z", "1x:2y"], &Standing::Open);
        let split = ["1x:2y", "1x:2z", "1x:2z", "1x:2y", "1x:2u"];
        check(Some("2y"), &split, &Standing::Nothing { after: value("1x") });
        check(Some("2y"), &["3z"], &committed("3z"));
    }
}
