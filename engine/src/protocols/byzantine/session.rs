//! The statements that one agent has accepted in one Byzantine vote, by the rule of Dolev & Strong (1983): a
//! statement for voting round v that comes in network round r counts only if v ≤ r ≤ v + f and r − v + 1
//! agents have signed it, its voter among them. An agent that accepts it as late as that was not the first,
//! and so everyone accepts the same.

use std::sync::Arc;

use super::{ByzantineCall, Conclusion, Statement};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::quorum::Decision;
use crate::common::signature::{Key, Signed};
use crate::sim::{AgentId, LocalTime};

/// The most different votes of one voter and round that are accepted and relayed: two expose it.
const VALUES_MAX: u32 = 2;

/// The record of one voter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voter {
    /// The first vote that was accepted of it.
    pub first: Option<Signed<Statement>>,
    /// Another one: it has said two things.
    pub second: Option<Signed<Statement>>,
    /// By voting round, the votes that were accepted, one bit each.
    accepted: Vec<u8>,
    /// By voting round, those that came too late.
    late: Vec<u8>,
    /// By voting round, what it said to this agent itself, in time or not.
    told: Vec<u8>,
    /// When `first` and `second` came, on this agent's clock.
    since_us: [LocalTime; 2],
}

impl Voter {
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        self.second.is_some()
    }

    /// The votes that were accepted of it, by voting round.
    #[must_use]
    pub fn votes(&self) -> Vec<Votes> {
        self.accepted.iter().copied().map(Votes).collect()
    }

    /// The votes that it told this agent itself, by voting round.
    #[must_use]
    pub fn told(&self) -> Vec<Votes> {
        self.told.iter().copied().map(Votes).collect()
    }

    /// The two statements that expose it, and when they came.
    #[must_use]
    pub fn evidence(&self) -> Option<[(&Signed<Statement>, LocalTime); 2]> {
        let (first, second) = (self.first.as_ref()?, self.second.as_ref()?);
        let [first_us, second_us] = self.since_us;
        Some([(first, first_us), (second, second_us)])
    }

    /// When the first vote of it came, on this agent's clock.
    #[must_use]
    pub fn since_us(&self) -> LocalTime {
        self.since_us[0]
    }

    /// The vote that counts for it: `None` if it has said more than one thing, or nothing.
    #[must_use]
    pub fn counts_as(&self) -> Option<Vote> {
        let first = self.first.as_ref().filter(|_| !self.is_exposed())?;
        Some(first.content().vote)
    }
}

/// A set of votes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Votes(u8);

impl Votes {
    pub fn iter(self) -> impl Iterator<Item = Vote> {
        Vote::ALL.into_iter().filter(move |vote| self.0 & bit(*vote) != 0)
    }
}

fn bit(vote: Vote) -> u8 {
    1 << vote as u8
}

/// The outcome of accepting a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acceptance {
    Accepted {
        /// Its voter has said something else before, and nobody knew.
        exposes: bool,
    },
    /// It was accepted before, or is one too many of an agent that is exposed.
    Known,
    /// Too late for the signatures under it: shown, and never counted.
    Late,
    /// Not signed by its voter, or not about this vote.
    Invalid,
}

/// One agent's part in a vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByzantineSession {
    pub call: Arc<ByzantineCall>,
    /// The network round on its own clock: 0 before the first, and one more than there are at the end.
    pub round: u32,
    /// By their places in the electorate.
    voters: Vec<Voter>,
    /// Accepted in this round, to be relayed in the next.
    fresh: Vec<Signed<Statement>>,
    /// Something among it proves that an agent has said two things.
    evidence: bool,
    /// It takes no part any more: after a crash it does not know what it has missed.
    pub aside: bool,
}

impl ByzantineSession {
    #[must_use]
    pub fn new(call: Arc<ByzantineCall>) -> Self {
        let rounds = call.rounds.voting_rounds as usize;
        let none = vec![0; rounds];
        let voter =
            Voter { accepted: none.clone(), late: none.clone(), told: none, ..Voter::default() };
        let voters = vec![voter; call.electorate.len()];
        Self { call, round: 0, voters, fresh: Vec::new(), evidence: false, aside: false }
    }

    /// The record of each voter, in the order of the electorate.
    pub fn voters(&self) -> impl Iterator<Item = (AgentId, &Voter)> {
        self.call.electorate.iter().copied().zip(&self.voters)
    }

    /// The record of the voter at this place of the electorate.
    #[must_use]
    pub fn voter(&self, place: usize) -> Option<&Voter> {
        self.voters.get(place)
    }

    /// Whether all rounds are over.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.round > self.call.rounds.in_all()
    }

    /// Takes in a statement that came in this round from this agent, at this time of one's own clock,
    /// and countersigns it to be relayed.
    pub fn accept(
        &mut self,
        signed: &Signed<Statement>,
        from: AgentId,
        now_us: LocalTime,
        key: &Key,
    ) -> Acceptance {
        let Statement { voter, round, vote, .. } = *signed.content();
        let rounds = self.call.rounds;
        let is_one = (1..=rounds.voting_rounds).contains(&round);
        let Some(place) = self.call.place(voter).filter(|_| is_one) else {
            return Acceptance::Invalid;
        };
        let (known, number) = (&mut self.voters[place], round as usize - 1);
        // A liar passes on what others have of it, like anyone.
        let at_first_hand = from == voter && signed.signatures().len() == 1;
        let told = if at_first_hand { bit(vote) } else { 0 };
        if known.accepted[number] & bit(vote) != 0 {
            known.told[number] |= told;
            return Acceptance::Known;
        }
        let of_voter = signed.signatures().iter().any(|it| it.signer() == voter);
        let of_electors = |it| self.call.place(it).is_some();
        let signers = signed.signatures().iter().map(|it| it.signer());
        if !of_voter || !signers.clone().all(of_electors) || !signed.is_genuine() {
            return Acceptance::Invalid;
        }
        known.told[number] |= told;
        // A statement that comes before its round, from an agent whose clock is ahead, counts as coming in
        // it.
        let now = self.round.max(round);
        let in_time = now <= round + rounds.fault_tolerance;
        if !in_time || (signers.count() as u32) < now - round + 1 {
            if known.late[number] & bit(vote) != 0 {
                return Acceptance::Known;
            }
            known.late[number] |= bit(vote);
            return Acceptance::Late;
        }
        if known.accepted[number].count_ones() >= VALUES_MAX {
            return Acceptance::Known;
        }
        known.accepted[number] |= bit(vote);
        let mut exposes = false;
        match (&known.first, &known.second) {
            (None, _) => {
                known.first = Some(signed.clone());
                known.since_us[0] = now_us;
            }
            (Some(first), None) if first.content().vote != vote => {
                known.second = Some(signed.clone());
                known.since_us[1] = now_us;
                // Nobody is exposed by itself: an agent that signs two votes neither says so nor proves it to
                // others.
                exposes = voter != key.owner();
            }
            _ => {}
        }
        // Relayed in the next round, if it can count there.
        if now < round + rounds.fault_tolerance {
            let mut relayed = signed.clone();
            relayed.countersign(key);
            self.fresh.push(relayed);
            self.evidence |= exposes;
        }
        Acceptance::Accepted { exposes }
    }

    /// The statements to be relayed, and whether they prove an equivocation.
    pub fn take_fresh(&mut self) -> (Vec<Signed<Statement>>, bool) {
        (core::mem::take(&mut self.fresh), core::mem::take(&mut self.evidence))
    }

    /// Whether each elector counts once at the most, and nobody who is exposed.
    #[must_use]
    pub fn adds_up(&self) -> bool {
        let Conclusion { votes, exposed, .. } = self.conclusion();
        let is_once = votes.windows(2).all(|pair| pair[0].0 < pair[1].0);
        is_once && !votes.iter().any(|(agent, _)| exposed.contains(agent))
    }

    /// The decision, with the votes that count and the exposed agents.
    #[must_use]
    pub fn conclusion(&self) -> Conclusion {
        let counted = |(agent, voter): (AgentId, &Voter)| Some((agent, voter.counts_as()?));
        let votes: Vec<(AgentId, Vote)> = self.voters().filter_map(counted).collect();
        let exposed = self.voters().filter(|(_, voter)| voter.is_exposed());
        let quorum = self.call.rounds.quorum(self.voters.len() as u64);
        let reached =
            |wanted| votes.iter().filter(|(_, vote)| *vote == wanted).count() as u64 >= quorum;
        let decision = if reached(Vote::For) {
            Decision::Approved
        } else if reached(Vote::Against) {
            Decision::Rejected
        } else {
            Decision::Timeout
        };
        Conclusion { decision, exposed: exposed.map(|(agent, _)| agent).collect(), votes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::consensus::proposal::{Proposal, Timing};
    use crate::map::Map;
    use crate::protocols::byzantine::Rounds;

    const ME: AgentId = AgentId(0);
    const LIAR: AgentId = AgentId(6);

    /// A session of seven agents, of whom two may be faulty, in this network round.
    fn session(round: u32) -> ByzantineSession {
        let timing = Timing { deadline_us: 1, grace_us: 1, reminder_us: None };
        let algorithm = Rounds::default().into();
        let name = "p".to_owned();
        let (question, fields) = (String::new(), Map::new());
        let (electorate, options) = (None, Vec::new());
        let proposal = Proposal { name, question, fields, algorithm, timing, electorate, options };
        let rounds = Rounds { fault_tolerance: 2, ..Rounds::default() };
        let electorate = (0..7).map(AgentId).collect();
        let proposal = Arc::new(proposal);
        let mut session = ByzantineSession::new(Arc::new(ByzantineCall {
            proposal,
            rounds,
            starts_us: LocalTime(0),
            electorate,
        }));
        session.round = round;
        session
    }

    /// Signed by its voter and so many others.
    fn signed(voter: AgentId, round: u32, vote: Vote, others: u32) -> Signed<Statement> {
        let statement = Statement { proposal: 0, voter, round, vote };
        let mut signed = Signed::new(statement, &Key::issue(voter));
        (1..=others).for_each(|other| signed.countersign(&Key::issue(AgentId(other))));
        signed
    }

    fn accept(session: &mut ByzantineSession, signed: &Signed<Statement>) -> Acceptance {
        session.accept(signed, signed.content().voter, LocalTime(0), &Key::issue(ME))
    }

    const ACCEPTED: Acceptance = Acceptance::Accepted { exposes: false };

    #[test]
    fn it_counts_up_to_f_rounds_later_if_as_many_more_have_signed() {
        for now in 1..=6 {
            for round in 1..=3_u32 {
                for others in 0..4 {
                    let found = accept(&mut session(now), &signed(LIAR, round, Vote::For, others));
                    // A statement that comes before its round counts as coming in it.
                    let late = now.saturating_sub(round);
                    let counts = late <= 2 && others >= late;
                    let expected = if counts { ACCEPTED } else { Acceptance::Late };
                    assert_eq!(found, expected, "v {round}, r {now}, {others} others");
                }
            }
        }
    }

    #[test]
    fn two_votes_expose_and_a_third_is_one_too_many() {
        let mut session = session(1);
        assert_eq!(accept(&mut session, &signed(LIAR, 1, Vote::For, 0)), ACCEPTED);
        assert_eq!(accept(&mut session, &signed(LIAR, 1, Vote::For, 3)), Acceptance::Known);
        assert_eq!(session.conclusion().votes, [(LIAR, Vote::For)]);
        let second = accept(&mut session, &signed(LIAR, 1, Vote::Against, 0));
        assert_eq!(second, Acceptance::Accepted { exposes: true });
        assert_eq!(accept(&mut session, &signed(LIAR, 1, Vote::Abstain, 0)), Acceptance::Known);
        assert_eq!(
            (session.conclusion().votes, session.conclusion().exposed),
            (vec![], vec![LIAR])
        );
        let (relayed, evidence) = session.take_fresh();
        assert!(evidence && relayed.len() == 2);
        assert!(relayed.iter().all(|it| it.signatures().iter().any(|it| it.signer() == ME)));
        // Another round's vote exposes as well.
        session = self::session(2);
        assert_eq!(accept(&mut session, &signed(LIAR, 1, Vote::For, 1)), ACCEPTED);
        let other = accept(&mut session, &signed(LIAR, 2, Vote::Against, 0));
        assert_eq!(other, Acceptance::Accepted { exposes: true });
    }

    #[test]
    fn nobody_is_exposed_by_itself() {
        let mut session = session(1);
        for vote in [Vote::For, Vote::Against] {
            let found =
                session.accept(&signed(LIAR, 1, vote, 0), LIAR, LocalTime(0), &Key::issue(LIAR));
            assert_eq!(found, ACCEPTED, "{vote:?}");
        }
        let (_, evidence) = session.take_fresh();
        assert!(!evidence, "it passes on no evidence against itself");
        assert_eq!(session.conclusion().votes, [], "its vote counts for nothing all the same");
    }

    #[test]
    fn what_its_voter_has_not_signed_is_nothing() {
        let foreign = signed(AgentId(7), 1, Vote::For, 0);
        let by_a_stranger = {
            let mut signed = signed(LIAR, 1, Vote::For, 0);
            signed.countersign(&Key::issue(AgentId(9)));
            signed
        };
        let statement = Statement { proposal: 0, voter: AgentId(3), round: 1, vote: Vote::For };
        let in_its_name = Signed::new(statement, &Key::issue(LIAR));
        let of_no_round = signed(LIAR, 4, Vote::For, 0);
        for invalid in [foreign, by_a_stranger, in_its_name, of_no_round] {
            assert_eq!(accept(&mut session(1), &invalid), Acceptance::Invalid, "{invalid:?}");
        }
    }

    #[test]
    fn what_can_no_longer_count_is_not_relayed() {
        let mut session = session(5);
        assert_eq!(accept(&mut session, &signed(LIAR, 3, Vote::For, 2)), ACCEPTED);
        assert!(session.take_fresh().0.is_empty());
    }

    #[test]
    fn a_quorum_decides_and_nothing_else() {
        for (in_favour, against, expected) in [
            (5, 2, Decision::Approved),
            (4, 3, Decision::Timeout),
            (2, 5, Decision::Rejected),
            (0, 0, Decision::Timeout),
        ] {
            let mut session = session(1);
            for voter in 0..in_favour + against {
                let vote = if voter < in_favour { Vote::For } else { Vote::Against };
                accept(&mut session, &signed(AgentId(voter), 1, vote, 0));
            }
            assert_eq!(session.conclusion().decision, expected, "{in_favour} to {against}");
        }
    }
}
