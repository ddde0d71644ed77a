//! What happens to the work a swarm shares out, in sentences.

use super::Importance;
use crate::coordination::note::Note;
use crate::coordination::work::synthesis::Status;
use crate::playback::frame::Cast;
use crate::sim::AgentId;

/// How much it matters; `None` when it is not about work.
pub fn importance(note: Note) -> Option<Importance> {
    Some(match note {
        Note::TaskEnded { .. } | Note::LeaseExpired { .. } | Note::TaskRefused { .. } => {
            Importance::Decision
        }
        Note::TaskCame { .. }
        | Note::NobodyFree { .. }
        | Note::TeamMade { .. }
        | Note::Awarded { .. }
        | Note::NotTaken { .. }
        | Note::Delivered { .. }
        | Note::PartFailed { .. }
        | Note::WorkerDid { .. }
        | Note::WorkerFailed { .. }
        | Note::AskedAgent { .. }
        | Note::ToldBy { .. }
        | Note::AnswerChanged { .. }
        | Note::Unanswered { .. }
        | Note::CameTooLate { .. } => Importance::Vote,
        Note::TaskAnnounced { .. }
        | Note::BidCame { .. }
        | Note::NoBid { .. }
        | Note::WorkBegan { .. }
        | Note::WorkEnded { .. }
        | Note::WorkChanged => Importance::Step,
        _ => return None,
    })
}

/// What happened; `None` when it is not about work.
pub fn sentence(note: Note, speaker: AgentId, cast: &Cast) -> Option<String> {
    let (agent, name) = (cast.name(speaker), |agent| cast.name(agent));
    let whose = cast.manager_of(speaker);
    let task = |task| cast.task(whose, task);
    let part = |task, part| cast.part(whose, task, part);
    Some(match note {
        Note::TaskCame { task: it } => format!("{} came in.", task(it)),
        Note::TaskRefused { refusal } => {
            super::refused(agent, "took in no task", cast.tasks_refused.get(refusal as usize))
        }
        Note::TaskAnnounced { task: it } => format!("{agent} asks who can help with {}.", task(it)),
        Note::BidCame { task: it, agent } => format!("{} bids for {}.", name(agent), task(it)),
        Note::NoBid { task: it, agent, check } => {
            format!("{} does not bid for {}: it {}.", name(agent), task(it), check.words())
        }
        Note::NobodyFree { task: it } => {
            format!("Nobody can take {} now; it will be asked again.", task(it))
        }
        Note::TeamMade { task: it, members: 1 } => format!("One agent does {}.", task(it)),
        Note::TeamMade { task: it, members } => {
            format!("{members} agents do {} together.", task(it))
        }
        Note::Awarded { task, part: it, agent } => {
            format!("{} gets {}.", name(agent), part(task, it))
        }
        Note::NotTaken { task, part: it, agent, check } => {
            let (agent, part) = (name(agent), part(task, it));
            format!("{agent} cannot take {part} after all: it {}.", check.words())
        }
        Note::WorkBegan { task, part: it } => format!("{agent} begins {}.", part(task, it)),
        Note::WorkEnded { task, part: it, failed: true } => {
            format!("{agent} failed at {}.", part(task, it))
        }
        Note::WorkEnded { task, part: it, .. } => format!("{agent} finished {}.", part(task, it)),
        Note::Delivered { task, part: it, agent, quality } => {
            format!("{} delivered {}, quality {quality}.", name(agent), part(task, it))
        }
        Note::PartFailed { task, part: it, agent } => {
            format!("{} said that it failed at {}.", name(agent), part(task, it))
        }
        Note::WorkerDid { task, part: it, agent, quality } => {
            let (agent, part) = (name(agent), part(task, it));
            format!("{agent} did a part of {part}, quality {quality}, as its manager tells.")
        }
        Note::WorkerFailed { task, part: it, agent } => {
            format!("{} failed at a part of {}, as its manager tells.", name(agent), part(task, it))
        }
        Note::LeaseExpired { task, part: it, agent } => {
            format!("The lease of {} for {} ended without a result.", name(agent), part(task, it))
        }
        Note::CameTooLate { task, part: it, agent } => {
            format!(
                "{}’s result for {} came after its lease: it does not count.",
                name(agent),
                part(task, it)
            )
        }
        Note::TaskEnded { task: it, status: Status::Done } => format!("{} is done.", task(it)),
        Note::TaskEnded { task: it, status: Status::Partial } => {
            format!("{} is done in part.", task(it))
        }
        Note::TaskEnded { task: it, status: Status::Failed } => format!("{} has failed.", task(it)),
        Note::AskedAgent { question, of } => {
            format!("{agent} asks {} for {}.", name(of), cast.question(question))
        }
        Note::ToldBy { question, by, change: 0 } => {
            format!("{} tells {agent} its {}.", name(by), cast.question(question))
        }
        Note::ToldBy { question, by, .. } => {
            format!("{} tells {agent} that its {} has changed.", name(by), cast.question(question))
        }
        Note::AnswerChanged { question, .. } => {
            format!("{agent}’s {} has changed.", cast.question(question))
        }
        Note::Unanswered { question, of } => {
            let (of, question) = (name(of), cast.question(question));
            format!("{of} has not told {agent} its {question} in time: {agent} goes on without.")
        }
        Note::WorkChanged if speaker == cast.coordinator => {
            format!("{agent} weighs bids differently from now on.")
        }
        Note::WorkChanged => format!("{agent} works differently from now on."),
        _ => return None,
    })
}
