//! The state that the parts of the page share: the player, and the few signals that controls and panels
//! follow. Panels read the snapshot, which is taken at most ten times a second.

use std::sync::Arc;

use engine::playback::Command;
use engine::playback::saved::{Reopening, SavedRun};
use engine::scenario::file::intervention::Intervention;
use engine::scenario::{Scenario, gallery};
use engine::sim::{AgentId, EventId, Routes};
use engine::view::kept::{of_run, of_scenario};
use engine::view::pace;
use engine::view::settings;
use engine::view::stage::camera::Camera;
use engine::view::stage::layout::Layout;
use engine::view::stage::target::Target;
use engine::view::stage::{Noise, Point, Stage};
use leptos::html;
use leptos::prelude::*;

use super::address;
use super::kept::{self, Held};
use super::notice;
use super::panels::log::{self, Ask};
use super::player::Player;
use super::reopening;
pub use super::snapshot::Snapshot;
use super::theme::Theme;

/// Agents take so long to where they stand in another topology.
const MOVING_MS: f64 = 600.0;

/// The stage as it was painted last, and how it is looked at.
#[derive(Default)]
pub struct Scene {
    /// The shapes and where everyone stands, for hit tests.
    pub stage: Stage,
    pub layout: Layout,
    /// Size of the stage, number of the run and of its agents that the layout was made for.
    pub laid_out: Option<(u32, u32, u32, usize)>,
    /// The routes that it was made for.
    pub routes: Option<Arc<Routes>>,
    /// Where everyone stood before a switch and stands after it, and when the switch was seen: they are on their way.
    pub moving: Option<(Layout, Layout, f64)>,
    pub camera: Camera,
    /// The middle of the view and the zoom that a link wants, until there is a layout to look at.
    pub wanted: Option<(Point, f64)>,
    /// Agents a person has put elsewhere, and where.
    pub moved: Vec<(AgentId, Point)>,
    /// A partition that is being drawn, from end to end.
    pub rift: Option<(Point, Point)>,
}

impl Scene {
    /// The size of the stage.
    pub fn size(&self) -> Point {
        Point { x: self.layout.width_px, y: self.layout.height_px }
    }

    /// Whether the stage is laid out for links like these.
    pub fn is_laid_for(&mut self, routes: Option<&Arc<Routes>>) -> bool {
        let is_alike = match (&self.routes, routes) {
            (Some(one), Some(other)) => Arc::ptr_eq(one, other) || one.is_shaped_as(other),
            (one, other) => one.is_none() && other.is_none(),
        };
        if is_alike {
            // The next look is at the pointer alone.
            self.routes = routes.cloned();
        }
        is_alike
    }

    /// Takes those who are on their way to another layout a step further; true while they are.
    pub fn move_on(&mut self, now_ms: f64) -> bool {
        let Some((before, after, since_ms)) = &self.moving else { return false };
        let part = engine::common::figure::between((now_ms - since_ms) / MOVING_MS, 0.0, 1.0);
        self.layout = after.coming_from(before, part);
        if part >= 1.0 {
            self.moving = None;
        }
        true
    }

    /// Puts an agent where a person wants it, so many radii of the glass from its centre.
    pub fn put(&mut self, agent: AgentId, offset: Point) {
        self.layout.place(agent, offset);
        if let Some((before, after, _)) = &mut self.moving {
            before.place(agent, offset);
            after.place(agent, offset);
        }
        self.moved.retain(|(other, _)| *other != agent);
        self.moved.push((agent, offset));
    }
}

/// Everything on the page that is shared: a handle, and a small one, because every closure of the page
/// holds a copy of it.
#[derive(Clone, Copy)]
pub struct Page(&'static Parts);

impl core::ops::Deref for Page {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0
    }
}

/// The state that a [`Page`] is a handle of. It lives as long as the document.
pub struct Parts {
    player: StoredValue<Player, LocalStorage>,
    pub scene: StoredValue<Scene, LocalStorage>,
    pub snapshot: RwSignal<Arc<Snapshot>>,
    pub playing: RwSignal<bool>,
    /// A hundred times the logarithm of the speed.
    pub speed_notch: RwSignal<i32>,
    pub caption: RwSignal<(u64, String)>,
    /// The selection on the stage.
    pub target: RwSignal<Option<Target>>,
    /// The agent that is selected, if it is one.
    pub selected: Memo<Option<AgentId>>,
    pub hovered: RwSignal<Option<Target>>,
    pub noise: RwSignal<Noise>,
    /// While a partition is being made: who is to be cut off.
    pub partitioning: RwSignal<Option<Vec<AgentId>>>,
    /// Only stage, caption and transport, in large type.
    pub presenting: RwSignal<bool>,
    pub theme: RwSignal<Theme>,
    /// The last error, until it is dismissed.
    pub error: RwSignal<Option<String>>,
    /// The text of a link that could not be opened, until that is dismissed.
    pub kept_link: RwSignal<Option<String>>,
    /// The run that was left for another, if something had been done in it.
    pub left: RwSignal<Option<Arc<SavedRun>>>,
    /// A saved run that is too long to be played again at once, while that lasts; and how far it is.
    pub reopening: StoredValue<Option<(Reopening, Option<Held>)>, LocalStorage>,
    pub replayed_percent: RwSignal<Option<u64>>,
    /// A person's filter of the log.
    pub ask: RwSignal<Ask>,
    /// On a phone, the panel under the stage.
    pub tab: RwSignal<&'static str>,
    pub stage_canvas: NodeRef<html::Canvas>,
    pub menu: NodeRef<html::Div>,
    /// The dialog of forms, and the form in it.
    pub dialog: NodeRef<html::Dialog>,
    pub asked: RwSignal<Option<&'static str>>,
    pub tape_canvas: NodeRef<html::Canvas>,
    /// The colours are no longer those the canvases were painted with.
    restyled: StoredValue<bool, LocalStorage>,
    /// The info page of the scenario, where it has one.
    pub info: RwSignal<Option<&'static str>>,
}

impl Page {
    /// Opens the first scenario of the gallery.
    ///
    /// # Errors
    /// In the engine's words, if that cannot start.
    pub fn new() -> Result<Self, String> {
        let entry = gallery::all().first().ok_or("the gallery is empty")?;
        let scenario = entry.scenario().map_err(|error| error.to_string())?;
        let seed = scenario.file.seed;
        let target = RwSignal::new(None);
        let page = Self(Box::leak(Box::new(Parts {
            player: StoredValue::new_local(Player::new(scenario, seed)?),
            scene: StoredValue::new_local(Scene::default()),
            snapshot: RwSignal::new(Arc::default()),
            playing: RwSignal::new(true),
            speed_notch: RwSignal::new(pace::SLOWEST),
            caption: RwSignal::new((0, String::new())),
            target,
            selected: Memo::new(move |_| target.get().and_then(Target::agent)),
            hovered: RwSignal::new(None),
            noise: RwSignal::new(Noise::default()),
            partitioning: RwSignal::new(None),
            presenting: RwSignal::new(asked_to_present()),
            theme: RwSignal::new(Theme::stored()),
            error: RwSignal::new(None),
            kept_link: RwSignal::new(None),
            left: RwSignal::new(None),
            reopening: StoredValue::new_local(None),
            replayed_percent: RwSignal::new(None),
            ask: RwSignal::new(Ask::default()),
            tab: RwSignal::new("vote"),
            stage_canvas: NodeRef::new(),
            menu: NodeRef::new(),
            dialog: NodeRef::new(),
            asked: RwSignal::new(None),
            tape_canvas: NodeRef::new(),
            restyled: StoredValue::new_local(false),
            info: RwSignal::new(Some(entry.info)),
        })));
        page.show();
        Ok(page)
    }

    /// Looks at the player, or changes it.
    pub fn with_player<T>(&self, look: impl FnOnce(&mut Player) -> T) -> Option<T> {
        self.player.try_update_value(look)
    }

    /// Something of the snapshot, for a panel; it tells only when that has changed. A plain function,
    /// so that a memo is compiled once for each kind of thing and not for each panel.
    pub fn follow<T>(&self, look: fn(&Snapshot) -> T) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        let snapshot = self.snapshot;
        Memo::new(move |_| snapshot.with(|shot| look(shot)))
    }

    /// Brings controls and panels up to date.
    pub fn show(&self) {
        let before = self.snapshot.get_untracked();
        let selected = self.target.get_untracked().and_then(Target::agent);
        let snapshot = self.with_player(|player| {
            player.select(selected);
            let caption = (player.caption.time_us, player.caption.text.clone());
            Some((Snapshot::of(player, &before)?, caption))
        });
        if let Some((snapshot, caption)) = snapshot.flatten() {
            self.snapshot.set(Arc::new(snapshot));
            if let Some(before) = Arc::into_inner(before) {
                self.with_player(|player| player.recycle(before.frame));
            }
            if self.caption.get_untracked() != caption {
                self.caption.set(caption);
            }
        }
    }

    /// Carries out a command and shows what it led to, or why it was refused.
    pub fn act(&self, command: &Command) {
        self.report(self.with_player(|player| player.act(command)));
    }

    /// As [`Page::act`], but playing stops: the person has taken the playhead.
    pub fn act_paused(&self, command: &Command) {
        self.act(command);
        self.playing.set(self.with_player(|player| player.is_under_way()) == Some(true));
    }

    /// Does something to the swarm.
    pub fn intervene(&self, intervention: Intervention) {
        let done = self.with_player(|player| player.intervene(intervention));
        let is_done = done == Some(Ok(()));
        self.report(done);
        if is_done {
            kept::keep(*self);
        }
    }

    fn report(&self, done: Option<Result<(), String>>) {
        if let Some(Err(message)) = done {
            self.error.set(Some(message));
        }
        self.show();
    }

    /// Plays or pauses; at the end it starts over.
    pub fn toggle(&self) {
        let playing = !self.playing.get_untracked();
        self.with_player(Player::stop);
        if playing && self.with_player(|player| player.frame.ended) == Some(true) {
            self.act(&Command::SeekTime { time_us: 0 });
        }
        self.playing.set(playing);
        // A run that stands still is shown as it stands.
        self.show();
    }

    /// Opens a scenario of the gallery, with its own seed or this one.
    pub fn open_entry(&self, entry: &gallery::Entry, seed: Option<u64>) {
        match entry.scenario() {
            Ok(scenario) => self.open(scenario, seed, Some(entry.info)),
            Err(error) => self.error.set(Some(error.to_string())),
        }
    }

    /// Opens the text of a file: a scenario or a saved run. One that is not kept yet is kept from now on.
    pub fn open_text(&self, text: &str, file_name: &str, held: Option<Held>) {
        let opened = if SavedRun::is_one(text) {
            SavedRun::parse(text, file_name).map(|saved| {
                let held = held.or_else(|| Some(kept::import(&of_run(&saved, kept::now_ms(), ""))));
                reopening::open(*self, saved, None, held);
            })
        } else {
            Scenario::parse(text, file_name).map(|scenario| {
                let is_own = held.is_none() && gallery::entry_of(&scenario.file).is_none();
                let own = is_own.then(|| kept::import(&of_scenario(&scenario, kept::now_ms())));
                self.open(scenario, None, None);
                if own.is_some() {
                    // The kept item stays the scenario: the run is not held in it.
                    kept::hold(*self, own.filter(|own| own.key.is_empty()));
                }
            })
        };
        if let Err(error) = opened {
            self.error.set(Some(error.to_string()));
        }
    }

    /// Says why a link was not opened, and keeps it.
    pub fn keep_link(&self, link: &str, message: &str) {
        self.kept_link.set(Some(link.to_owned()));
        self.error.set(Some(message.to_owned()));
    }

    fn open(&self, scenario: Scenario, seed: Option<u64>, info: Option<&'static str>) {
        let seed = seed.unwrap_or(scenario.file.seed);
        self.start(scenario, seed, &|| {
            self.info.set(info);
            kept::hold(*self, None);
            self.speed_notch.set(self.usual_speed());
        });
    }

    /// The speed at which the run opens.
    pub fn usual_speed(&self) -> i32 {
        let span_us = self.with_player(|player| Some(player.run()?.cast().horizon_us));
        pace::pace(span_us.flatten().unwrap_or_default())
    }

    /// Starts the same scenario with another seed, or with the same.
    pub fn reseed(&self, seed: u64) {
        let scenario = self.with_player(|player| player.run().map(|run| run.scenario().clone()));
        if let Some(scenario) = scenario.flatten() {
            self.start(scenario, seed, &|| {});
        }
    }

    /// Starts the run again with one setting of its scenario at another value.
    pub fn set(&self, setting: &str, value: u32) {
        let changed = self.with_player(|player| {
            let run = player.run()?;
            Some((settings::with(run.scenario(), setting, value), run.cast().seed))
        });
        match changed.flatten() {
            Some((Ok(scenario), seed)) => self.start(scenario, seed, &|| kept::keep(*self)),
            Some((Err(problem), _)) => {
                self.error.set(Some(problem.in_file("settings").to_string()))
            }
            None => {}
        }
    }

    /// Starts another run in place of the one that is shown.
    fn start(&self, scenario: Scenario, seed: u64, opened: &dyn Fn()) {
        kept::update(*self);
        address::settle(*self);
        let left = notice::left(*self);
        let done = self.with_player(|player| player.open(scenario, seed));
        if done == Some(Ok(())) {
            if left.is_some() {
                // The item is left together with its run.
                self.with_player(|player| player.left = player.held.take());
            }
            self.begin();
            notice::offer_way_back(*self, left);
            self.playing.set(true);
            opened();
        }
        self.report(done);
    }

    /// Forgets what belonged to the run before.
    pub fn begin(&self) {
        self.left.set(None);
        self.reopening.set_value(None);
        self.replayed_percent.set(None);
        self.error.set(None);
        self.kept_link.set(None);
        self.target.set(None);
        self.hovered.set(None);
        self.partitioning.set(None);
        // The panels of another run begin at their top.
        if let Ok(Some(column)) = document().query_selector(".column.right") {
            column.set_scroll_top(0);
        }
        self.scene.update_value(|scene| {
            scene.camera = Camera::default();
            scene.moved.clear();
            scene.moving = None;
        });
    }

    /// Selects an agent; the same again deselects it.
    pub fn select(&self, agent: Option<AgentId>) {
        self.aim(agent.map(Target::Agent));
    }

    /// Selects anything on the stage; the same again deselects it.
    pub fn aim(&self, target: Option<Target>) {
        let same = target == self.target.get_untracked();
        self.target.set(target.filter(|_| !same));
        // A message does not wait to be dealt with.
        if matches!(self.target.get_untracked(), Some(Target::Message(_))) {
            self.playing.set(false);
        }
        self.show();
        self.repaint();
    }

    /// Selects nothing, and gives up the partition that was being made.
    pub fn let_go(&self) {
        self.partitioning.set(None);
        self.aim(None);
    }

    /// Has the log tell why the task of the board that is shown was awarded as it was.
    pub fn ask_why(&self, event: EventId) {
        let place = self.with_player(|player| (player.opened, player.frame.branch, event));
        if let Some(place) = place {
            self.tab.set("log");
            self.ask.set(Ask::why(place));
            log::focus(place.2);
        }
    }

    /// How much of the traffic is shown.
    pub fn show_noise(&self, noise: Noise) {
        self.noise.set(noise);
        self.repaint();
    }

    /// Shows on the stage where the pointer or the keyboard is.
    pub fn point_at(&self, target: Option<Target>) {
        if self.hovered.get_untracked() != target {
            self.hovered.set(target);
            self.repaint();
        }
    }

    /// Goes to the presenter's view, or back.
    pub fn present(&self) {
        self.presenting.update(|presenting| *presenting = !*presenting);
        self.fit();
    }

    /// Looks at the stage from nearer, or from further.
    pub fn zoom(&self, factor: f64, fixed: Option<Point>) {
        self.scene.update_value(|scene| {
            let size = scene.size();
            let fixed = fixed.unwrap_or(Point { x: size.x / 2.0, y: size.y / 2.0 });
            scene.camera = scene.camera.zoomed(factor, fixed, size);
        });
        self.repaint();
    }

    /// The whole stage, everyone in their place.
    pub fn fit(&self) {
        self.scene.update_value(|scene| {
            scene.camera = Camera::default();
            scene.moved.clear();
            scene.laid_out = None;
            scene.moving = None;
        });
        self.repaint();
    }

    /// Chooses a theme.
    pub fn set_theme(&self, theme: Theme) {
        theme.apply();
        self.theme.set(theme);
        self.restyle();
    }

    /// Reads the colours again and paints with them.
    pub fn restyle(&self) {
        self.restyled.set_value(true);
        self.repaint();
    }

    /// Whether the colours have to be read again; it says so once.
    pub fn theme_changed(&self) -> bool {
        self.restyled.try_update_value(core::mem::take) == Some(true)
    }

    pub fn repaint(&self) {
        self.with_player(|player| player.changed = true);
    }
}

/// Whether the link asks for the presenter's view.
fn asked_to_present() -> bool {
    let query = window().location().search().unwrap_or_default();
    query.trim_start_matches('?').split('&').any(|part| part == "present")
}

/// The shared state, in any component.
pub fn page() -> Page {
    expect_context::<Page>()
}
