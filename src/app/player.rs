//! The run that is shown, outside all signals: it changes sixty times a second. Everything a
//! person does goes through [`Player::act`] as a command.

use std::sync::Arc;

use engine::common::shown::Look;
use engine::playback::command::{Applied, Command, CommandError};
use engine::playback::run::Run;
use engine::playback::{Frame, RunId, Session};
use engine::protocol::document::Choice;
use engine::scenario::Scenario;
use engine::scenario::file::intervention::Intervention;
use engine::sim::AgentId;
use engine::view::caption::{Caption, caption};
use engine::view::log::Index;
use engine::view::tape::InFlight;

use super::feedback::Feedback;
use super::kept::Held;

/// Steps of one frame: enough for any speed a person can follow, few enough to stay responsive.
const STEPS_PER_FRAME: u64 = 20_000;
/// Steps that nobody has to wait for.
const STEPS_AT_ONCE: u64 = 100_000;

/// The run that is shown and where it stands.
pub struct Player {
    session: Session,
    run: RunId,
    /// Shared with the snapshot that panels look at, which keeps it as it was.
    pub frame: Arc<Frame>,
    /// The buffers of a frame that nobody looks at any more.
    spare: Frame,
    pub in_flight: InFlight,
    pub feedback: Feedback,
    pub caption: Caption,
    /// Fractions of a microsecond count at low speed.
    playhead_us: f64,
    /// Something visible has changed since it was painted last.
    pub changed: bool,
    /// Which events the log tells.
    pub log: Index,
    /// On its way to a time that was asked for and lies too far ahead for one frame.
    goal_us: Option<u64>,
    /// Counts the runs that were opened: what belongs to one is made anew for the next.
    pub opened: u32,
    /// The item that the run is kept in, and that of the run that was left for it.
    pub held: Option<Held>,
    pub left: Option<Held>,
    /// It was said that something is not kept.
    pub told_full: bool,
}

impl Player {
    /// # Errors
    /// In the engine's words, when the scenario cannot start.
    pub fn new(scenario: Scenario, seed: u64) -> Result<Self, String> {
        let mut session = Session::new();
        let run = session
            .open(scenario, seed)
            .map_err(|problem| problem.in_file("scenario").to_string())?;
        let mut player = Self {
            session,
            run,
            frame: Arc::default(),
            spare: Frame::default(),
            in_flight: InFlight::default(),
            feedback: Feedback::default(),
            caption: Caption::default(),
            playhead_us: 0.0,
            changed: true,
            log: Index::default(),
            goal_us: None,
            opened: 0,
            held: None,
            left: None,
            told_full: false,
        };
        player.jumped();
        Ok(player)
    }

    /// Opens another run in place of this one.
    ///
    /// # Errors
    /// In the engine's words; what was open stays open.
    pub fn open(&mut self, scenario: Scenario, seed: u64) -> Result<(), String> {
        let run = self.session.open(scenario, seed);
        let run = run.map_err(|problem| problem.in_file("scenario").to_string())?;
        self.show_instead(run);
        Ok(())
    }

    /// Shows a saved run that was played again, in place of this one.
    pub fn show_reopened(&mut self, run: Run) {
        let run = self.session.keep(run);
        self.show_instead(run);
    }

    fn show_instead(&mut self, run: RunId) {
        self.session.close(self.run);
        self.run = run;
        self.opened += 1;
        self.in_flight = InFlight::default();
        writable(&mut self.frame, &mut self.spare).look = Look::default();
        self.jumped();
    }

    /// The run that is shown, while there is one.
    pub fn run(&self) -> Option<&Run> {
        self.session.run(self.run)
    }

    /// Looks at this, instead of what was chosen of its sort.
    pub fn choose(&mut self, choice: Choice) {
        writable(&mut self.frame, &mut self.spare).look.choose(choice);
        self.refresh();
        self.changed = true;
    }

    /// The agent that is selected.
    pub fn select(&mut self, agent: Option<AgentId>) {
        if self.frame.look.selected != agent {
            writable(&mut self.frame, &mut self.spare).look.selected = agent;
            self.refresh();
            self.changed = true;
        }
    }

    /// Does what a person asks for.
    ///
    /// # Errors
    /// In the engine's words; the run is as it was.
    pub fn act(&mut self, command: &Command) -> Result<(), String> {
        self.goal_us = None;
        let applied = match *command {
            Command::SeekTime { time_us } if time_us > self.frame.reached_us => self.far(time_us),
            _ => self.session.apply(self.run, command),
        };
        let applied = applied.map_err(|error| error.to_string())?;
        if let Applied::Intervened { at_us, .. } = applied {
            // An intervention is seen at once, though it takes effect a microsecond later.
            let effect = Command::AdvanceTo { time_us: at_us, budget: STEPS_PER_FRAME };
            self.session.apply(self.run, &effect).map_err(|error| error.to_string())?;
        }
        self.jumped();
        Ok(())
    }

    /// Further than it was ever played: there at once if it is not far, else frame by frame.
    fn far(&mut self, time_us: u64) -> Result<Applied, CommandError> {
        let reached = Command::SeekTime { time_us: self.frame.reached_us };
        self.session.apply(self.run, &reached)?;
        let further = Command::AdvanceTo { time_us, budget: STEPS_AT_ONCE };
        let applied = self.session.apply(self.run, &further)?;
        self.goal_us = (applied == Applied::Budget).then_some(time_us);
        Ok(applied)
    }

    /// Whether it plays by itself towards a time that was asked for.
    pub fn is_under_way(&self) -> bool {
        self.goal_us.is_some()
    }

    /// Stays where it is.
    pub fn stop(&mut self) {
        self.goal_us = None;
    }

    /// # Errors
    /// In the engine's words; the run is as it was.
    pub fn intervene(&mut self, intervention: Intervention) -> Result<(), String> {
        self.act(&Command::Intervene(intervention))
    }

    /// Plays on for a span of virtual time; false when the run has ended, or is where it was to go.
    pub fn play(&mut self, span_us: f64, now_ms: f64) -> bool {
        let before = self.frame.events;
        let (target_us, here_us) = (self.playhead_us + span_us, self.frame.time_us);
        let time_us = self.goal_us.unwrap_or(target_us as u64);
        let command = Command::AdvanceTo { time_us, budget: STEPS_PER_FRAME };
        let applied = self.session.apply(self.run, &command);
        self.refresh();
        if self.goal_us.is_some() && !matches!(applied, Ok(Applied::Budget)) {
            self.goal_us = None;
            self.jumped();
            return false;
        }
        self.playhead_us = match applied {
            Ok(Applied::Done) => target_us,
            _ => self.frame.time_us as f64,
        };
        self.changed |= self.frame.time_us != here_us || self.frame.events != before;
        if let Some(run) = self.session.run(self.run) {
            let (log, newest) = (run.log(), self.frame.events);
            for event in log.range(before.max(newest.saturating_sub(2_000)), newest) {
                self.feedback.see(event, now_ms);
            }
        }
        !self.frame.ended
    }

    /// Takes over what is visible after the playhead was put elsewhere.
    fn jumped(&mut self) {
        let branch = self.frame.branch;
        self.refresh();
        if self.frame.branch != branch {
            self.in_flight = InFlight::default();
            self.watch_in_flight();
        }
        self.playhead_us = self.frame.time_us as f64;
        self.feedback.clear();
        self.changed = true;
    }

    fn refresh(&mut self) {
        if let Some(run) = self.session.run(self.run) {
            run.frame(writable(&mut self.frame, &mut self.spare));
        }
        self.watch_in_flight();
        if let Some(run) = self.session.run(self.run) {
            self.caption = caption(run, &self.frame);
        }
    }

    /// Takes back the buffers of a frame that was looked at.
    pub fn recycle(&mut self, frame: Arc<Frame>) {
        if let Some(frame) = Arc::into_inner(frame) {
            self.spare = frame;
        }
    }

    fn watch_in_flight(&mut self) {
        let Some(run) = self.session.run(self.run) else { return };
        let log = run.log();
        for event in log.range(self.in_flight.next(), log.end_id()) {
            self.in_flight.see(event);
        }
    }
}

/// The frame to be filled anew: itself while nobody else looks at it, and else another in its place, with the same look.
fn writable<'a>(frame: &'a mut Arc<Frame>, spare: &mut Frame) -> &'a mut Frame {
    if Arc::get_mut(frame).is_none() {
        let look = frame.look.clone();
        *frame = Arc::new(Frame { look, ..core::mem::take(spare) });
    }
    Arc::make_mut(frame)
}
