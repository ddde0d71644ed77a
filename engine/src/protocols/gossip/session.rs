//! One agent's part in a gossip: what it holds and knows, whom it talks with, and when it stops.

use std::sync::Arc;

use super::ballots::Ballots;
use super::interest::Interest;
use super::recent::Recent;
use super::{CALM_ROUNDS, Exchange, Gossip, GossipCall, Mode, majority};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::quorum::{Decision, Rule, Tally};
use crate::sim::AgentId;

/// One agent's part in a gossip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GossipSession {
    pub call: Arc<GossipCall>,
    pub gossip: Gossip,
    /// The round it is in, from 1; 0 before its first, and after a crash.
    pub round: u32,
    /// It has decided, and only answers from now on.
    pub is_over: bool,
    /// Its opinion, in majority mode; at first its own vote.
    pub belief: Option<Vote>,
    /// The ballots it knows, in rumour mode.
    pub ballots: Arc<Ballots>,
    /// The same as numbers: FOR, AGAINST, ABSTAIN.
    pub counts: [u32; 3],
    /// The ballots that were told in the last rounds.
    recent: Recent,
    /// The last round that ended for it, and what it held in that.
    before: (u32, Option<Vote>),
    place: usize,
    /// The agents it may talk with; everyone else in the electorate when there is no list.
    partners: Option<Arc<[AgentId]>>,
    /// The partners of this round (by majority those who have not answered yet), and the opinions of those
    /// who answered.
    pub asked: Vec<AgentId>,
    sampled: [u64; 2],
    /// FOR and AGAINST among those who answered in the last round that is over.
    pub last_sampled: [u64; 2],
    /// It has heard something new in this round.
    learned: bool,
    /// Rounds on end that changed nothing for it.
    pub calm: u32,
    /// Whether it still tells what it knows, where a rule says so.
    pub interest: Interest,
}

impl GossipSession {
    /// `partners` when there is a list of them; `place` is the agent's own in the electorate.
    #[must_use]
    pub fn new(
        call: Arc<GossipCall>,
        gossip: Gossip,
        place: usize,
        partners: Option<Arc<[AgentId]>>,
    ) -> Self {
        Self {
            call,
            gossip,
            round: 0,
            is_over: false,
            belief: None,
            ballots: Arc::default(),
            counts: [0; 3],
            recent: Recent::default(),
            before: (0, None),
            place,
            partners,
            asked: Vec::new(),
            sampled: [0; 2],
            last_sampled: [0; 2],
            learned: false,
            calm: 0,
            interest: Interest::default(),
        }
    }

    /// Its own place in the electorate.
    #[must_use]
    pub fn place(&self) -> usize {
        self.place
    }

    /// How many ballots it knows.
    #[must_use]
    pub fn known(&self) -> u32 {
        self.counts.iter().sum()
    }

    /// Whether ballots that reach it tell it nothing.
    #[must_use]
    pub fn is_repeat(&self, ballots: &Ballots) -> bool {
        self.knows_all() || self.ballots.has_all_of(ballots)
    }

    /// It has made up its own mind.
    pub fn vote(&mut self, vote: Vote) {
        match self.gossip.mode {
            Mode::Majority => self.belief = Some(vote),
            Mode::Rumour(_) => {
                let mut own = Ballots::default();
                own.set(self.place, vote);
                // Round 0: it knew its own before the first.
                self.learn(0, &own);
            }
        }
    }

    /// Takes in ballots that were told in this round; gives how many were new.
    pub fn learn(&mut self, round: u32, ballots: &Ballots) -> u32 {
        if round > 0 {
            self.recent.hear(round, ballots, &self.ballots);
        }
        let fresh = Arc::make_mut(&mut self.ballots).take_in(ballots);
        for (count, fresh) in self.counts.iter_mut().zip(fresh) {
            *count += fresh;
        }
        let fresh = fresh.iter().sum();
        if fresh > 0 {
            self.learned = true;
            self.interest.learn();
        }
        fresh
    }

    /// The ballots it tells in this round: those it knew when the round began.
    #[must_use]
    pub fn told(&self, round: u32) -> Arc<Ballots> {
        if self.recent.has_since(round) {
            Arc::new(self.ballots.without(&self.recent.since(round).voters()))
        } else {
            self.ballots.clone()
        }
    }

    /// The opinion it tells in this round: the one it held when the round began.
    #[must_use]
    pub fn held(&self, round: u32) -> Option<Vote> {
        let (ended, before) = self.before;
        if round <= ended { before } else { self.belief }
    }

    /// An answer to what it asked in this round; false when it comes too late, or again.
    pub fn sample(&mut self, from: AgentId, round: u32, held: Option<Vote>) -> bool {
        let Some(place) = self.asked.iter().position(|agent| *agent == from) else { return false };
        if round != self.round || self.is_over {
            return false;
        }
        self.asked.swap_remove(place);
        match held {
            Some(Vote::For) => self.sampled[0] += 1,
            Some(Vote::Against) => self.sampled[1] += 1,
            Some(Vote::Abstain) | None => {}
        }
        true
    }

    /// Whether it tells what it knows in the round it is in.
    #[must_use]
    pub fn tells(&self) -> bool {
        let is_told = !matches!(self.gossip.mode, Mode::Majority | Mode::Rumour(Exchange::Pull));
        is_told && !self.interest.is_lost && !self.told(self.round).is_empty()
    }

    /// Whether somebody it told in this round knew all of it; false when it comes too late.
    pub fn hear_feedback(&mut self, from: AgentId, round: u32, knew: bool) -> bool {
        let is_in_time = round == self.round && !self.is_over && self.asked.contains(&from);
        if is_in_time {
            self.interest.hear(knew);
        }
        is_in_time
    }

    /// The feedback to these ballots, told in this round, where it is asked for: whether it knew all of them
    /// when the round began.
    #[must_use]
    pub fn feedback(&self, round: u32, ballots: &Ballots) -> Option<bool> {
        let is_asked = self.gossip.stop.is_some_and(|stop| stop.feedback) && !ballots.is_empty();
        is_asked.then(|| self.told(round).has_all_of(ballots))
    }

    /// Whether it loses interest by the round that is over. `random` gives a number from 0 to its argument,
    /// both included.
    pub fn loses_interest(&mut self, random: impl FnOnce(u64) -> u64) -> bool {
        self.gossip.stop.is_some_and(|stop| self.interest.end_round(stop, random))
    }

    /// Ends a round and takes in its result; true when the agent holds another opinion from now on.
    pub fn end_round(&mut self) -> bool {
        let before = self.belief;
        self.before = (self.round, before);
        let [in_favour, against] = core::mem::take(&mut self.sampled);
        let is_calm = match self.gossip.mode {
            Mode::Majority => {
                self.belief = majority(before, in_favour, against);
                self.last_sampled = [in_favour, against];
                match self.belief {
                    Some(Vote::For) => in_favour > 0 && against == 0,
                    Some(Vote::Against) => against > 0 && in_favour == 0,
                    Some(Vote::Abstain) | None => false,
                }
            }
            Mode::Rumour(_) => self.knows_all() && !self.learned,
        };
        let turned = self.belief != before;
        self.calm = if is_calm && !turned { self.calm + 1 } else { 0 };
        self.learned = false;
        turned
    }

    /// Whether it knows the ballots of everyone who may vote.
    #[must_use]
    pub fn knows_all(&self) -> bool {
        self.known() as usize == self.call.electorate.len()
    }

    /// Whether it has no reason to go on, by what it knows itself: in majority mode nobody it asked in the
    /// last rounds held anything else; by rumour it knows the ballots of all, and if it is one of those who
    /// tell, it has told them in some rounds more. An agent that misses a ballot goes on to the last round:
    /// the age at which Karp et al. 2000 (*Randomized Rumor Spreading*) let a rumour die.
    #[must_use]
    pub fn has_enough(&self) -> bool {
        match self.gossip.mode {
            Mode::Rumour(Exchange::Pull) => self.knows_all(),
            Mode::Rumour(_) if self.gossip.stop.is_some() => {
                self.knows_all() && self.interest.is_lost
            }
            _ => self.calm >= CALM_ROUNDS,
        }
    }

    /// Begins a round: draws whom it talks with, each at most once (Floyd's sampling; Bentley & Floyd
    /// 1987). `random` gives a number from 0 to its argument, both included.
    pub fn begin_round(&mut self, round: u32, mut random: impl FnMut(u64) -> u64) -> Vec<AgentId> {
        self.round = round;
        // The one before it may still be asked about, by an agent whose clock is behind.
        self.recent.forget_before(round.saturating_sub(1));
        let others = self.call.electorate.len() as u64 - 1;
        let all = self.partners.as_ref().map_or(others, |partners| partners.len() as u64);
        let mut drawn: Vec<u64> = Vec::new();
        for last in all.saturating_sub(u64::from(self.gossip.fanout))..all {
            let one = random(last);
            drawn.push(if drawn.contains(&one) { last } else { one });
        }
        let partner = |number: &u64| {
            let number = *number as usize;
            match &self.partners {
                Some(partners) => partners[number],
                None => self.call.electorate[number + usize::from(number >= self.place)],
            }
        };
        self.asked = drawn.iter().map(partner).collect();
        self.interest.begin_round(self.tells());
        self.asked.clone()
    }

    /// The tally of the ballots it knows, or of its own opinion and those it asked for last.
    #[must_use]
    pub fn tally(&self) -> Tally {
        let mut tally = Tally::default();
        match self.gossip.mode {
            Mode::Rumour(_) => {
                for (vote, count) in Vote::ALL.into_iter().zip(self.counts) {
                    tally.side_mut(vote).count = count.into();
                }
            }
            Mode::Majority => {
                [tally.in_favour.count, tally.against.count] = self.last_sampled;
                if let Some(vote) = self.belief {
                    tally.side_mut(vote).count += 1;
                }
            }
        }
        tally
    }

    /// The decision that it makes by itself, with what it knows now.
    #[must_use]
    pub fn decision(&self, rule: &Rule) -> Decision {
        rule.at_deadline(&self.tally())
    }

    /// The side it is on now: what it holds, or what the ballots it knows come to.
    #[must_use]
    pub fn side(&self, rule: &Rule) -> Option<Vote> {
        match self.gossip.mode {
            Mode::Majority => self.belief.filter(|vote| *vote != Vote::Abstain),
            Mode::Rumour(_) => match self.decision(rule) {
                Decision::Approved => Some(Vote::For),
                Decision::Rejected => Some(Vote::Against),
                Decision::Timeout | Decision::Split => None,
            },
        }
    }

    /// Whether what it adds up is what it knows: no ballot counts twice.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        self.ballots.count() == self.counts && self.known() as usize <= self.call.electorate.len()
    }
}

#[cfg(test)]
pub(super) mod letters {
    use super::*;
    use crate::common::consensus::proposal::{Proposal, Timing};
    use crate::map::Map;
    use crate::protocols::gossip::THRESHOLD;
    use crate::sim::LocalTime;

    /// A gossip of so many agents.
    pub(in super::super) fn call_of(agents: u32) -> Arc<GossipCall> {
        let timing = Timing { deadline_us: 1, grace_us: 1, reminder_us: None };
        let algorithm = Gossip::default().algorithm(THRESHOLD);
        let (name, question, fields) = ("p".to_owned(), String::new(), Map::new());
        let options = Vec::new();
        let proposal =
            Proposal { name, question, fields, options, algorithm, timing, electorate: None };
        let electorate = (0..agents).map(AgentId).collect();
        Arc::new(GossipCall { proposal: Arc::new(proposal), starts_us: LocalTime(0), electorate })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocols::gossip::THRESHOLD;

    fn rule() -> Rule {
        Gossip::default().algorithm(THRESHOLD).rule
    }

    /// The agent in the middle of five.
    fn session(mode: Mode) -> GossipSession {
        GossipSession::new(letters::call_of(5), Gossip { mode, ..Gossip::default() }, 2, None)
    }

    /// One round in which all three it asks hold these.
    fn round(session: &mut GossipSession, held: [Option<Vote>; 3]) -> bool {
        let partners = session.begin_round(session.round + 1, |most| most / 2);
        for (agent, held) in partners.into_iter().zip(held) {
            assert!(session.sample(agent, session.round, held));
        }
        session.end_round()
    }

    #[test]
    fn it_talks_with_others_and_with_none_of_them_twice() {
        let mut session = session(Mode::Majority);
        for draw in 0..200_u64 {
            let mut state = draw;
            let partners = session.begin_round(1, |most| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(draw);
                (state >> 33) % (most + 1)
            });
            let mut sorted: Vec<u32> = partners.iter().map(|agent| agent.0).collect();
            sorted.sort_unstable();
            sorted.dedup();
            assert_eq!(sorted.len(), 3);
            assert!(!sorted.contains(&2) && sorted.iter().all(|agent| *agent < 5));
        }
        let neighbours: Arc<[AgentId]> = [AgentId(1), AgentId(3)].into();
        session.partners = Some(neighbours);
        let mut partners = session.begin_round(2, |most| most);
        partners.sort_unstable();
        assert_eq!(partners, [AgentId(1), AgentId(3)], "fewer than the fanout: all of them");
    }

    #[test]
    fn an_answer_counts_once_and_in_its_round() {
        let mut session = session(Mode::Majority);
        session.vote(Vote::Against);
        let partners = session.begin_round(1, |_| 0);
        let stranger = (0..5).map(AgentId).find(|it| !partners.contains(it) && it.0 != 2).unwrap();
        assert!(!session.sample(stranger, 1, Some(Vote::For)), "it was not asked");
        assert!(!session.sample(partners[0], 9, Some(Vote::For)), "of another round");
        assert!(session.sample(partners[0], 1, Some(Vote::For)));
        assert!(!session.sample(partners[0], 1, Some(Vote::For)), "it has answered");
        assert!(!session.end_round(), "one to one is a tie");
        assert_eq!(session.belief, Some(Vote::Against));
    }

    #[test]
    fn an_opinion_rests_when_nobody_held_another_for_two_rounds() {
        const FOR: Option<Vote> = Some(Vote::For);
        const AGAINST: Option<Vote> = Some(Vote::Against);
        let mut session = session(Mode::Majority);
        session.vote(Vote::Against);
        assert!(round(&mut session, [FOR, FOR, None]), "two to one turns it");
        for (held, enough) in [
            ([FOR, FOR, FOR], false),
            ([FOR, FOR, AGAINST], false), // somebody holds something else: from the start
            ([FOR, None, Some(Vote::Abstain)], false),
            ([None, None, None], false), // nobody has said anything
            ([FOR, FOR, FOR], false),
            ([FOR, None, None], true),
        ] {
            assert!(!round(&mut session, held));
            assert_eq!(session.has_enough(), enough, "{held:?}");
        }
        assert_eq!(session.decision(&rule()), Decision::Approved);
    }

    #[test]
    fn its_opinion_and_those_it_asked_last_decide_by_the_threshold() {
        const FOR: Option<Vote> = Some(Vote::For);
        const AGAINST: Option<Vote> = Some(Vote::Against);
        for (held, expected) in [
            ([FOR, FOR, AGAINST], Decision::Approved),  // 3 of 4
            ([FOR, AGAINST, None], Decision::Approved), // 2 of 3 are 66.7 %
            ([FOR, AGAINST, AGAINST], Decision::Rejected),
            ([None, None, None], Decision::Approved),
            ([AGAINST, None, None], Decision::Rejected),
        ] {
            let mut session = session(Mode::Majority);
            session.vote(Vote::For);
            round(&mut session, held);
            assert_eq!(session.decision(&rule()), expected, "{held:?}");
        }
        assert_eq!(session(Mode::Majority).decision(&rule()), Decision::Timeout);
    }

    #[test]
    fn what_is_told_in_a_round_is_what_was_known_when_it_began() {
        let of = |places: &[usize]| {
            let mut ballots = Ballots::default();
            places.iter().for_each(|place| ballots.set(*place, Vote::For));
            ballots
        };
        let mut session = session(Mode::Rumour(Exchange::PushPull));
        session.vote(Vote::For);
        session.begin_round(1, |_| 0);
        session.learn(1, &of(&[0]));
        session.learn(2, &of(&[1])); // from an agent whose clock is ahead
        assert_eq!(session.known(), 3);
        for (round, told) in [(1, vec![2]), (2, vec![0, 2]), (3, vec![0, 1, 2])] {
            assert_eq!(*session.told(round), of(&told), "round {round}");
        }
        session.end_round();
        session.begin_round(2, |_| 0);
        session.learn(2, &of(&[3]));
        session.learn(1, &of(&[4])); // a message of the last round that came late
        for (round, told) in [(1, vec![2]), (2, vec![0, 2, 4]), (3, vec![0, 1, 2, 3, 4])] {
            assert_eq!(*session.told(round), of(&told), "round {round}");
        }
    }

    #[test]
    fn the_opinion_told_in_a_round_is_the_one_held_when_it_began() {
        let mut session = session(Mode::Majority);
        session.vote(Vote::Against);
        assert_eq!(session.held(1), Some(Vote::Against), "to an agent whose clock is ahead");
        assert!(round(&mut session, [Some(Vote::For); 3]));
        for _ in 0..2 {
            assert_eq!(session.held(1), Some(Vote::Against), "its clock is behind");
            assert_eq!(session.held(2), Some(Vote::For));
            session.begin_round(2, |_| 0);
        }
    }

    #[test]
    fn a_rumour_rests_once_all_is_known_and_was_told_twice_more() {
        let everything = |except: usize| {
            let mut ballots = Ballots::default();
            (0..5).filter(|it| *it != except).for_each(|it| ballots.set(it, Vote::For));
            ballots
        };
        let mut session = session(Mode::Rumour(Exchange::Push));
        session.vote(Vote::Against);
        for _ in 0..4 {
            session.end_round();
            assert!(!session.has_enough(), "it knows one ballot of five");
        }
        assert_eq!(session.learn(1, &everything(4)), 3, "its own it knew");
        session.end_round();
        assert_eq!(session.learn(1, &everything(0)), 1);
        assert_eq!((session.known(), session.counts), (5, [4, 1, 0]));
        for enough in [false, false, true] {
            session.end_round();
            assert_eq!(session.has_enough(), enough);
        }
        assert!(session.adds_up());
        assert_eq!(session.decision(&rule()), Decision::Approved);
        // An agent that only asks has nothing left to ask for.
        let mut asks = self::session(Mode::Rumour(Exchange::Pull));
        asks.vote(Vote::For);
        assert!(!asks.has_enough());
        asks.learn(1, &everything(9));
        assert!(asks.has_enough());
    }
}
