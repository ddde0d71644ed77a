//! How a task finds its agents: announced, bid for, ranked, awarded (W2–W4).

use std::sync::Arc;

use super::assign::Choice;
use super::board::Board;
use super::job::{Answer, Attempt, Job, PartJob, Phase, bids_among};
use super::pause::Pace;
use super::role::Work;
use super::score::{rank, score};
use super::synthesis::Reason;
use super::talk::UNNUMBERED;
use super::talk::{Award, Bid, Lease, TaskCall, WorkTalk, WorkTimer};
use super::task::{Complexity, Task, TaskId, decompose};
use super::team::{Candidate, Team, team};
use super::worker::RESEND_US;
use crate::map::Map;
use crate::order::sort_by_key;
use crate::protocol::contract::Outlet;
use crate::protocols::work::note::WorkNote;
use crate::sim::{AgentId, LocalTime};

/// Whether the agent has a skill that is asked for.
pub(super) fn fits(task: &Task, bid: &Bid) -> bool {
    task.skills.is_empty() || task.skills.iter().any(|skill| bid.skills.contains(skill))
}

/// Whether the agent can carry it besides so much more.
fn has_room(task: &Task, bid: &Bid, more: u32) -> bool {
    bid.load.saturating_add(more).saturating_add(task.load) <= bid.capacity
}

impl Board {
    pub(super) fn announce(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        let inputs = self.inputs(task);
        let Some(job) = self.jobs.get_mut(task as usize).map(Arc::make_mut) else { return };
        job.pass_on(inputs);
        if let Some(manager) = self.manager {
            return self.hand_over(task, manager, out);
        }
        (job.phase, job.announced) = (Phase::Announced, job.announced + 1);
        (job.asked, job.answers) = (self.members.clone(), Arc::default());
        self.queue.open(task, &job.spec);
        self.take_slot(task);
        let job = &self.jobs[task as usize];
        out.note(WorkNote::TaskAnnounced { task });
        let call = Arc::new(TaskCall { task, spec: job.spec.clone() });
        for member in &*self.members {
            out.send(*member, UNNUMBERED, WorkTalk::Call(call.clone()));
        }
        out.set_timer(WorkTimer::Bids(task), self.rules.bid_window_us);
        self.keep(task, out);
    }

    /// The manager gets the whole, and shares it out itself (W11).
    fn hand_over(&mut self, task: TaskId, manager: AgentId, out: &mut impl Outlet<Work>) {
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        // As if it were announced until it is taken: a manager that has enough is not given all there is.
        self.queue.open(task, &job.spec);
        job.phase = Phase::Working;
        if job.parts.is_empty() {
            let part = PartJob { spec: job.spec.clone(), attempts: Vec::new(), end: None };
            job.parts.push(part);
            job.team = Arc::new(Team { members: vec![manager], ..Team::default() });
        }
        self.award((task, 0), manager, None, out);
    }

    /// An answer to the announcement; one that comes late or twice does not count.
    pub(super) fn hear(
        &mut self,
        task: TaskId,
        from: AgentId,
        answer: Answer,
        out: &mut impl Outlet<Work>,
    ) {
        if self.members.binary_search(&from).is_err() || !self.queue.is_first(task, from) {
            return;
        }
        out.note(match answer.check() {
            None => WorkNote::BidCame { task, agent: from },
            Some(check) => WorkNote::NoBid { task, agent: from, check },
        });
        if let Answer::Bid(bid) = &answer {
            self.capacities.insert(from, bid.capacity);
        }
        let answers = Arc::make_mut(&mut Arc::make_mut(&mut self.jobs[task as usize]).answers);
        if answers.is_empty() {
            answers.reserve_exact(self.members.len());
        }
        answers.push((from, answer));
        if answers.len() == self.members.len() {
            out.cancel_timer(WorkTimer::Bids(task));
            self.weigh(task, out);
        }
    }

    /// Bids are in: those who can are ranked, and the best get it.
    pub(super) fn weigh(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        let policy = self.policy;
        let Some(job) = self.jobs.get(task as usize) else { return };
        if job.phase != Phase::Announced {
            return;
        }
        self.queue.close(task);
        let (spec, answers) = (job.spec.clone(), job.answers.clone());
        let bids = bids_among(&answers);
        if self.queue.has_higher(spec.priority) || self.is_overtaken(&spec, &bids) {
            Arc::make_mut(&mut self.jobs[task as usize]).phase = Phase::Waiting;
            self.queue.add(task, &spec);
            self.keep(task, out);
            return self.wake(out);
        }
        let scored = bids.iter().filter(|(_, bid)| fits(&spec, bid)).map(|(agent, bid)| {
            let reputation = self.standings.of(*agent);
            // Awards since its bid count as load too.
            let carried = self.queue.carried.get(agent).copied().unwrap_or_default();
            let (required, load) = (&spec.skills, bid.load.max(carried));
            (*agent, score(policy, reputation, &bid.skills, required, load, bid.capacity))
        });
        let mut ranking: Vec<_> = scored.collect();
        rank(&mut ranking);
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        job.ranking = Arc::new(ranking);
        job.phase = Phase::Waiting;
        let mut wanted = Vec::new();
        if job.parts.is_empty() || job.is_whole_of_a_team() {
            let (mut team, free) = choose(job, &bids);
            if !free {
                return self.nobody(task, out);
            }
            let is_team = spec.complexity != Complexity::Simple;
            if is_team && job.answers.len() < self.members.len() {
                team.leave_open(&spec);
            }
            let Ok(parts) = decompose(&spec, task, &team) else {
                return self.end_early(task, &Reason::TooDeep, out);
            };
            wanted.extend(parts.iter().map(|part| part.agent));
            let part = |spec| PartJob { spec, attempts: Vec::new(), end: None };
            // Those who tried the whole before have tried the first of its parts.
            let tried = job.parts.pop().map(|part| part.attempts).unwrap_or_default();
            job.parts = parts.into_iter().map(|it| part(it.spec)).collect();
            if let Some(first) = job.parts.first_mut() {
                first.attempts = tried;
            }
            out.note(WorkNote::TeamMade { task, members: team.members.len() as u16 });
            job.team = Arc::new(team);
            job.end_those_in_vain();
        }
        let open: Vec<u16> = job.open_parts().map(|(part, _)| part).collect();
        let open_count = open.len();
        // The load of the awards made here, which counts besides the load in the bids.
        let mut given: Map<AgentId, u32> = Map::new();
        let mut awards = Vec::new();
        for number in open {
            let part = &job.parts[usize::from(number)];
            let carries = |agent: &AgentId| given.get(agent).copied().unwrap_or_default();
            let can = |agent: &AgentId| {
                let bid = bids.get(agent);
                bid.is_some_and(|it| {
                    fits(&part.spec, it) && has_room(&part.spec, it, carries(agent))
                })
            };
            let wanted = wanted.get(usize::from(number)).and_then(Option::as_ref);
            let first = wanted.filter(|agent| can(agent));
            let ranked = job.ranking.iter().map(|(agent, _)| agent).filter(|agent| can(agent));
            let next =
                || ranked.enumerate().min_by_key(|(place, agent)| (part.tried(**agent), *place));
            if let Some(agent) = first.or_else(|| next().map(|(_, agent)| agent)).copied() {
                let carried = carries(&agent) + part.spec.load;
                given.insert(agent, carried);
                awards.push((number, agent));
            }
        }
        if awards.len() == open_count {
            job.phase = Phase::Working;
        }
        let is_awarded = !awards.is_empty();
        if is_awarded {
            self.queue.learn(&spec, true);
        }
        for (part, agent) in awards {
            self.award((task, part), agent, None, out);
        }
        let job = &self.jobs[task as usize];
        if job.parts.iter().all(|part| part.end.is_some()) {
            self.end(task, None, out);
        } else if job.open_parts().next().is_some() {
            self.nobody(task, out);
        } else if !is_awarded {
            self.keep(task, out);
        }
    }

    /// Whether something of a higher priority waits for an agent that was busy when it was asked about that, and
    /// bids for this now: it is free, and is asked about that first.
    fn is_overtaken(&self, spec: &Task, bids: &Map<AgentId, &Bid>) -> bool {
        let is_free = |job: &Job, (agent, answer): &(AgentId, Answer)| {
            let was_busy = !matches!(answer, Answer::No(_));
            was_busy
                && bids.get(agent).is_some_and(|bid| {
                    let open = job.open_parts().map(|(_, part)| &part.spec);
                    let mut wanted = open.chain(job.parts.is_empty().then_some(&job.spec));
                    wanted.any(|wanted| fits(wanted, bid) && has_room(wanted, bid, 0))
                })
        };
        let mut waiting = self.queue.stalled.iter().map(|task| &self.jobs[*task as usize]);
        waiting.any(|job| {
            let is_higher = job.spec.priority > spec.priority;
            is_higher && job.answers.iter().any(|answer| is_free(job, answer))
        })
    }

    /// Nobody takes it, or some part of it. Who carries too much, or was not heard, is asked again.
    pub(super) fn nobody(&mut self, task: TaskId, out: &mut impl Outlet<Work>) {
        let is_busy = self.queue.running > 0;
        let is_dispatch = self.assign.is_dispatch();
        let job = &self.jobs[task as usize];
        let wanted: Vec<&Arc<Task>> = match job.parts.is_empty() {
            true => vec![&job.spec],
            false => job.open_parts().map(|(_, part)| &part.spec).collect(),
        };
        let carries = |(_, answer): &(AgentId, Answer)| match answer {
            Answer::No(_) => false,
            Answer::Later(skills) => {
                let has = |skill| skills.contains(skill);
                wanted.iter().any(|spec| spec.skills.is_empty() || spec.skills.iter().any(has))
            }
            Answer::Bid(bid) => {
                wanted.iter().any(|spec| fits(spec, bid) && spec.load <= bid.capacity)
            }
        };
        let carry_much = self.manager.is_some()
            || job.answers.iter().any(carries)
            || wanted.iter().any(|spec| self.somebody_could(spec));
        let may_yet = carry_much || !is_dispatch && job.answers.len() < self.members.len();
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        job.in_vain += u32::from(!is_busy);
        if !may_yet || job.in_vain >= self.rules.attempts {
            return self.give_up(task, out);
        }
        out.note(WorkNote::NobodyFree { task });
        (job.phase, job.stalled) = (Phase::Waiting, true);
        let spec = job.spec.clone();
        self.queue.add(task, &spec);
        self.queue.learn(&spec, false);
        self.queue.stalled.push(task);
        // The end of an attempt wakes it earlier.
        let wait_us = match is_busy || carry_much {
            true => self.rules.lease_us,
            false => self.rules.bid_window_us,
        };
        out.set_timer(WorkTimer::Again(task), wait_us.max(RESEND_US));
        self.keep(task, out);
        self.make_room(task, out);
    }

    pub(super) fn award(
        &mut self,
        (task, part): (TaskId, u16),
        agent: AgentId,
        choice: Option<Arc<Choice>>,
        out: &mut impl Outlet<Work>,
    ) {
        let now_us = out.now();
        let Some(it) = self.part(task, part) else { return };
        it.attempts.push(Attempt { choice, ..Attempt::new(agent, now_us) });
        let lease = Lease { task, part, attempt: it.attempts.len() as u16 };
        let load = it.spec.load;
        let job = Arc::make_mut(&mut self.jobs[task as usize]);
        job.in_vain = 0;
        job.staff(part.into(), agent);
        self.book_award(agent, load);
        self.queue.running += 1;
        self.queue.carry(agent, load, 0);
        self.take_slot(task);
        out.note(WorkNote::Awarded { task, part, agent });
        self.keep(task, out);
        self.send_award(lease, agent, out);
        out.set_timer(WorkTimer::Award(lease), RESEND_US);
        out.set_timer(WorkTimer::LeaseEnd(lease), self.rules.lease_of(agent));
    }

    /// Says the last word on an attempt: to work on the part, or to pause.
    pub(super) fn send_award(&self, lease: Lease, agent: AgentId, out: &mut impl Outlet<Work>) {
        let Some((part, attempt)) = self.part_of(lease).zip(self.attempt_under(lease)) else {
            return;
        };
        let turn = attempt.turn();
        let talk = match attempt.pace() {
            Pace::Pausing | Pace::Paused => WorkTalk::Pause { lease, turn },
            Pace::Running | Pace::Resuming => {
                WorkTalk::Award(Arc::new(Award { lease, spec: part.spec.clone(), turn }))
            }
        };
        out.send(agent, UNNUMBERED, talk);
    }

    /// When its lease is over, if it is not paused.
    pub(super) fn lease_end(&self, attempt: &Attempt) -> LocalTime {
        let lease_us = self.rules.lease_of(attempt.agent);
        attempt.awarded_us.after(lease_us.saturating_add(attempt.paused_us()))
    }

    fn part_of(&self, lease: Lease) -> Option<&PartJob> {
        self.jobs.get(lease.task as usize)?.parts.get(usize::from(lease.part))
    }

    pub(super) fn part(&mut self, task: TaskId, part: u16) -> Option<&mut PartJob> {
        self.jobs.get_mut(task as usize).map(Arc::make_mut)?.parts.get_mut(usize::from(part))
    }

    /// The attempt that runs under this lease.
    pub(super) fn attempt_under(&self, lease: Lease) -> Option<&Attempt> {
        let part = self.part_of(lease)?;
        part.running().filter(|_| part.attempts.len() == usize::from(lease.attempt))
    }

    /// The attempt that runs under this lease, if it is this agent's.
    pub(super) fn running(&self, lease: Lease, agent: AgentId) -> Option<&Attempt> {
        self.attempt_under(lease).filter(|attempt| attempt.agent == agent)
    }

    /// The attempt that [`Self::running`] finds, to be changed.
    pub(super) fn running_mut(&mut self, lease: Lease, agent: AgentId) -> Option<&mut Attempt> {
        self.running(lease, agent)?;
        self.part(lease.task, lease.part)?.attempts.last_mut()
    }

    /// The best who has bid, has not tried this part, and has room for it, as far as is known.
    pub(super) fn untried(&self, lease: Lease) -> Option<AgentId> {
        let job = self.jobs.get(lease.task as usize).filter(|job| job.phase == Phase::Working)?;
        let (part, bids) = (job.parts.get(usize::from(lease.part))?, job.bids());
        let covered = job.team.by_skill.iter().filter(|_| job.is_whole_of_a_team());
        let covers = |bid: &&Bid| covered.clone().all(|(skill, _)| bid.skills.contains(skill));
        let can = |bid: &&Bid| fits(&part.spec, bid) && covers(bid) && has_room(&part.spec, bid, 0);
        let mut ranked = job.ranking.iter().map(|(agent, _)| *agent);
        ranked.find(|agent| part.tried(*agent) == 0 && bids.get(agent).is_some_and(can))
    }
}

/// The team for a task: of those who ever can carry it, first those who can now, and last those who carry too
/// much to bid. Also whether anyone can now.
///
/// A team reserves no agents: each of its parts is awarded by itself to an agent that is free, which begins
/// whatever becomes of the other parts. So no agent waits for another while it is waited for, and teams that
/// want the same agents cannot deadlock.
fn choose(job: &Job, bids: &Map<AgentId, &Bid>) -> (Team, bool) {
    let ranked = job.ranking.iter().filter_map(|(agent, _)| Some((*agent, bids.get(agent)?)));
    let able = ranked.filter(|(_, bid)| job.spec.load <= bid.capacity);
    // Agents that have tried it come after those that have not.
    let has_tried = |agent| job.parts.iter().any(|part| part.tried(agent) > 0);
    let (tried, untried): (Vec<_>, Vec<_>) = able.partition(|(agent, _)| has_tried(*agent));
    let able = untried.into_iter().chain(tried);
    let (now, later): (Vec<_>, Vec<_>) = able.partition(|(_, bid)| has_room(&job.spec, bid, 0));
    let is_free = !now.is_empty();
    let busy = |(agent, answer): &'_ (AgentId, Answer)| match answer {
        Answer::Later(_) => Some(*agent),
        Answer::Bid(_) | Answer::No(_) => None,
    };
    let mut busy: Vec<AgentId> = job.answers.iter().filter_map(busy).collect();
    sort_by_key(&mut busy, |agent| (agent.0.into(), 0));
    let later_skills = |agent: AgentId| {
        job.answers.iter().find_map(|(it, answer)| match answer {
            Answer::Later(skills) if *it == agent => Some(Candidate { agent, skills }),
            _ => None,
        })
    };
    let mut candidates: Vec<Candidate<'_>> = now
        .into_iter()
        .chain(later)
        .map(|(agent, bid)| Candidate { agent, skills: &bid.skills })
        .collect();
    candidates.extend(busy.into_iter().filter_map(later_skills));
    (team(&job.spec, &candidates), is_free)
}
