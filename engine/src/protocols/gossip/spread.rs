//! The state of a whole gossip, watched from outside: how many agents are on which side and how far the
//! ballots have spread, round by round. No agent knows any of it.

use super::session::GossipSession;
use super::{Gossip, Mode};
use crate::common::consensus::assumption::Broken;
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::quorum::{Decision, MILLIONTHS, Rule, Tally};
use crate::common::consensus::round_length::RoundLength;
use crate::sim::{AgentId, EventId, LocalClock};

/// How the whole stands at one moment. Agents entitled to vote that are down are on no side and know nothing,
/// and liars do not count: what they hold is nobody's outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Point {
    /// Agents entitled to vote that do not lie.
    pub agents: u32,
    /// Agents on the side of FOR: they hold it, or the ballots they know approve.
    pub in_favour: u32,
    /// Agents on the side of AGAINST.
    pub against: u32,
    /// By rumour: agents that know every ballot that was cast.
    pub knowing_all: u32,
    /// By rumour: ballots known, added up over all agents.
    pub known: u64,
}

impl Point {
    /// Agents that agree: those on the larger side.
    #[must_use]
    pub fn agreeing(&self) -> u32 {
        self.in_favour.max(self.against)
    }

    /// The share of the agents that agree, in millionths.
    #[must_use]
    pub fn agreement(&self) -> u64 {
        u64::from(self.agreeing()) * MILLIONTHS / u64::from(self.agents.max(1))
    }

    /// The share that agents know on average of so many ballots cast, in millionths.
    #[must_use]
    pub fn spread(&self, cast: u64) -> u64 {
        (self.known * MILLIONTHS).checked_div(cast * u64::from(self.agents)).unwrap_or(0)
    }
}

/// The messages of one round, and the news in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Messages with ballots that have arrived.
    pub delivered: u32,
    /// Messages with a ballot that their receiver did not know.
    pub news: u32,
    /// Ballots that someone came to know by them.
    pub ballots: u64,
}

/// The side of one agent, and the number of ballots it knows.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    side: Option<Vote>,
    known: u32,
}

/// How one gossip spreads.
#[derive(Clone, Debug)]
pub struct Spread {
    pub gossip: Gossip,
    pub rule: Rule,
    /// FOR, AGAINST and ABSTAIN as the agents voted at first, before they heard anything.
    pub cast: [u32; 3],
    /// In the order of their numbers.
    pub electorate: Vec<AgentId>,
    /// Agents that were corrupted: what they say of themselves need not be true.
    liars: Vec<AgentId>,
    held: Vec<Held>,
    now: Point,
    /// One point for the end of each round that is over.
    curve: Vec<Point>,
    /// By rumour: what was told in each round that has begun.
    pub told: Vec<Told>,
    /// The latest round that any agent has begun.
    begun: u32,
    opened_us: u64,
    length: RoundLength,
    /// The first time that rounds were too short for all to be in step, if there was one.
    pub broken: Option<Broken>,
}

impl Spread {
    #[must_use]
    pub fn new(
        (gossip, length): (Gossip, RoundLength),
        rule: Rule,
        electorate: Vec<AgentId>,
        opened_us: u64,
    ) -> Self {
        let held = vec![Held::default(); electorate.len()];
        let now = Point { agents: electorate.len() as u32, ..Point::default() };
        Self {
            gossip,
            rule,
            cast: [0; 3],
            electorate,
            liars: Vec::new(),
            held,
            now,
            curve: Vec::new(),
            told: Vec::new(),
            begun: 0,
            opened_us,
            length,
            broken: None,
        }
    }

    /// Whether rounds are still long enough, by all clocks as they are at this time and that of the recorder,
    /// which says when the first begins.
    pub fn check_rounds(
        &mut self,
        time_us: u64,
        event: Option<EventId>,
        (recorder, clock_of): (AgentId, impl Fn(AgentId) -> LocalClock),
    ) {
        if self.broken.is_none() {
            let clocks = self.electorate.iter().chain([&recorder]).map(|agent| clock_of(*agent));
            self.broken = self.length.broken_at(time_us, event, clocks);
        }
    }

    /// Something happens at this time: rounds that ended before it are over.
    pub fn pass(&mut self, time_us: u64) {
        while self.curve.len() < self.over(time_us, false) {
            self.curve.push(self.point());
        }
    }

    /// How many rounds have ended before this time, or at it.
    fn over(&self, time_us: u64, at_it: bool) -> usize {
        // The first round begins one round after the opening.
        let since_us = time_us.saturating_sub(self.opened_us) + u64::from(at_it);
        let ends = since_us.saturating_sub(1) / self.gossip.round_us;
        ends.saturating_sub(1).min(self.begun.into()) as usize
    }

    /// An agent begins this round. Gives whether it is the first.
    pub fn begins(&mut self, round: u32) -> bool {
        let is_first = round > self.begun;
        self.begun = self.begun.max(round);
        is_first
    }

    /// The figures of the current round; after the last one, those of the last.
    fn told_now(&mut self) -> &mut Told {
        let round = self.curve.len().min((self.begun as usize).saturating_sub(1));
        if self.told.len() <= round {
            self.told.resize(round + 1, Told::default());
        }
        &mut self.told[round]
    }

    /// A message with ballots has arrived.
    pub fn delivers(&mut self, time_us: u64) {
        self.pass(time_us);
        self.told_now().delivered += 1;
    }

    /// There was something new in it: its receiver knows so many ballots now.
    pub fn spreads(&mut self, agent: AgentId, known: u32) {
        let Ok(place) = self.electorate.binary_search(&agent) else { return };
        let before = self.held[place].known;
        let told = self.told_now();
        told.news += 1;
        told.ballots += u64::from(known.saturating_sub(before));
    }

    /// An agent has made up its own mind.
    pub fn votes(&mut self, vote: Vote) {
        self.cast[vote as usize] += 1;
    }

    /// An agent that is entitled to vote lies from now on.
    pub fn lies(&mut self, agent: AgentId) {
        if !self.liars.contains(&agent) {
            self.holds(agent, None);
            self.liars.push(agent);
            self.now.agents -= 1;
        }
    }

    /// Whether the agent lies.
    #[must_use]
    pub fn is_liar(&self, agent: AgentId) -> bool {
        self.liars.contains(&agent)
    }

    /// Takes in the state that an agent holds from now on; an agent that is down holds nothing.
    pub fn holds(&mut self, agent: AgentId, session: Option<&GossipSession>) {
        if self.liars.contains(&agent) {
            return;
        }
        let Ok(place) = self.electorate.binary_search(&agent) else { return };
        let next = session.map_or_else(Held::default, |session| Held {
            side: session.side(&self.rule),
            known: session.known(),
        });
        let before = core::mem::replace(&mut self.held[place], next);
        self.now.known += u64::from(next.known);
        self.now.known -= u64::from(before.known);
        self.count(before.side, |count| *count -= 1);
        self.count(next.side, |count| *count += 1);
    }

    fn count(&mut self, side: Option<Vote>, change: impl Fn(&mut u32)) {
        match side {
            Some(Vote::For) => change(&mut self.now.in_favour),
            Some(Vote::Against) => change(&mut self.now.against),
            Some(Vote::Abstain) | None => {}
        }
    }

    /// How it stands now.
    #[must_use]
    pub fn point(&self) -> Point {
        let cast = self.cast.iter().sum();
        let knows_all = |held: &&Held| held.known >= cast && cast > 0;
        let knowing_all = self.held.iter().filter(knows_all).count() as u32;
        Point { knowing_all, ..self.now }
    }

    /// One point for the end of each round that is over at this time.
    pub fn curve(&self, time_us: u64) -> impl Iterator<Item = Point> {
        let more = self.over(time_us, true).saturating_sub(self.curve.len());
        self.curve.iter().copied().chain(core::iter::repeat_n(self.point(), more))
    }

    /// The rounds that agents took part in.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.begun
    }

    /// Whether enough of the whole agree.
    #[must_use]
    pub fn is_converged(&self) -> bool {
        self.gossip.is_converged(self.now.agreeing().into(), self.now.agents.into())
    }

    /// The decision by all the votes as they were cast at first, if someone could see them at once.
    #[must_use]
    pub fn full_tally(&self) -> Decision {
        let mut tally = Tally::default();
        for (vote, count) in Vote::ALL.into_iter().zip(self.cast) {
            tally.side_mut(vote).count = count.into();
        }
        self.rule.at_deadline(&tally)
    }

    /// Whether an agent may decide so by itself. A rumour may have reached it in part, but never changed:
    /// it knows ballots as they were cast, and decides what they come to. By majority it may be wrong,
    /// yet not on a side that nobody was on at first.
    #[must_use]
    pub fn allows(
        &self,
        session: &GossipSession,
        decision: Decision,
        voted: impl Fn(usize) -> Option<Vote>,
    ) -> bool {
        let [in_favour, against, _] = self.cast;
        let somebody = match decision {
            Decision::Approved => in_favour > 0,
            Decision::Rejected => against > 0,
            Decision::Timeout => true,
            Decision::Split => false,
        };
        let as_cast = match self.gossip.mode {
            Mode::Majority => true,
            Mode::Rumour(_) => {
                let places = 0..self.electorate.len();
                let mut known =
                    places.filter_map(|place| Some((place, session.ballots.get(place)?)));
                session.decision(&self.rule) == decision
                    && known.all(|(place, vote)| voted(place) == Some(vote))
            }
        };
        !self.liars.is_empty() || (somebody && as_cast)
    }
}
