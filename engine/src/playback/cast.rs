//! Names and pictures of a run: all that does not change while it goes on, but for agents that are spawned and links that are
//! laid anew.

use std::sync::Arc;

use super::horizon::horizon_us;
use super::rooms::{Known, Pictures, Rooms};
use crate::common::consensus::ballot::Vote;
use crate::common::consensus::mind::Mind;
use crate::common::profile::Profile;
use crate::common::reputation::Reputation;
use crate::common::topology::TopologyKind;
use crate::map::Map;
use crate::protocol::note::{Names, Thing};
use crate::protocol::number::with_point;
use crate::scenario::Scenario;
use crate::scenario::build::SwarmSimulation;
use crate::sim::kernel::Slot;
use crate::sim::{AgentId, Routes};
use crate::swarm::Swarm;
use crate::swarm::setups::Setups;

/// The part of a run that does not change while it goes on, but for agents that are spawned and links that are laid anew.
#[derive(Clone, Debug, Default)]
pub struct Cast {
    /// The scenario's name in the gallery, and its title for people.
    pub scenario: String,
    pub title: String,
    pub summary: String,
    pub notice: String,
    pub seed: u64,
    /// The topology at the moment that is shown.
    pub topology: TopologyKind,
    /// The routes at that moment, of which `links` and `parents` are made.
    pub routes: Option<Arc<Routes>>,
    /// By agent number; the coordinator is among them.
    pub agents: Vec<AgentInfo>,
    /// How many of them are there by now.
    pub there: usize,
    /// The agent that keeps the roster, counts and shares out work, if there is one.
    pub coordinator: Option<AgentId>,
    /// Every link once, as (lower, higher); empty for meshes above 300 agents, where drawing them
    /// says nothing.
    pub links: Vec<(AgentId, AgentId)>,
    /// The parent of each agent in a hierarchy.
    pub parents: Vec<Option<AgentId>>,
    /// When the scenario says the run ends, or when all it plans should be over: how far a tape reaches.
    pub horizon_us: u64,
    /// Whether the scenario puts anything to the vote.
    pub has_proposals: bool,
    /// How many proposals were opened so far.
    pub opened: usize,
    /// The setup of each room of the scenario.
    pub rooms: Setups,
    /// The names that protocols have learned, and their pictures.
    pub known: Known,
    pub pictures: Pictures,
}

/// An agent as it is known from the start.
#[derive(Clone, Debug, Default)]
pub struct AgentInfo {
    pub name: String,
    pub role: String,
    pub weight_milli: u64,
    /// From 0 to 150, and its tier.
    pub reputation: u32,
    pub tier: &'static str,
    pub is_coordinator: bool,
    /// How it makes up its mind, in words.
    pub mind: String,
}

/// Meshes above this many agents have too many links to draw.
const DRAWN_MESH_MAX: usize = 300;

impl Cast {
    /// The cast at the start; `names` are those of all agents that ever join.
    #[must_use]
    pub fn new(
        scenario: &Scenario,
        seed: u64,
        simulation: &SwarmSimulation,
        names: &[String],
    ) -> Self {
        let coordinator = scenario.coordinator;
        let mut agents: Vec<AgentInfo> = simulation.agents().map(agent_info).collect();
        for name in names.iter().skip(agents.len()) {
            agents.push(AgentInfo { name: name.clone(), ..AgentInfo::default() });
        }
        if let Some(place) = coordinator.map(AgentId::index)
            && let (Some(info), Some(name)) = (agents.get_mut(place), names.get(place))
        {
            info.name.clone_from(name);
        }
        let mut cast = Self {
            scenario: scenario.file.name.clone(),
            title: scenario.file.title.clone(),
            summary: scenario.file.summary.clone(),
            notice: scenario.file.notice.clone(),
            seed,
            topology: scenario.topology.kind(),
            routes: None,
            agents,
            coordinator,
            there: 0,
            links: Vec::new(),
            parents: Vec::new(),
            horizon_us: horizon_us(scenario),
            has_proposals: !scenario.proposals.is_empty() || !scenario.rooms.proposals().is_empty(),
            opened: 0,
            rooms: scenario.rooms.clone(),
            known: Known::default(),
            pictures: Pictures::default(),
        };
        cast.look(simulation);
        cast.pictures = rooms_of(&cast, simulation).pictures();
        cast
    }

    /// Who is there.
    fn look_at_agents(&mut self, simulation: &SwarmSimulation) {
        let slots = simulation.agents();
        for (known, slot) in self.agents.iter_mut().zip(slots).skip(self.there) {
            if known.role.is_empty() {
                let name = core::mem::take(&mut known.name);
                *known = AgentInfo { name, ..agent_info(slot) };
            }
        }
        self.there = simulation.agent_count();
    }

    /// How they are linked.
    fn look_at_links(&mut self, routes: &Arc<Routes>) {
        self.routes = Some(routes.clone());
        self.topology = TopologyKind::of(routes);
        let is_drawn = self.there <= DRAWN_MESH_MAX || self.topology != TopologyKind::Mesh;
        self.links = if is_drawn { routes.links() } else { Vec::new() };
        // A coordinator at the root is not among those that a person may choose as a parent.
        let root = self.coordinator.filter(|it| routes.parent(*it).is_none());
        let parent = |agent| routes.parent(agent).filter(|it| Some(*it) != root);
        let is_tree = self.topology == TopologyKind::Hierarchical;
        let agents = (0..routes.len()).filter(|_| is_tree);
        self.parents = agents.map(|agent| parent(AgentId(agent))).collect();
    }

    /// Whether these are the routes at the moment that is shown.
    #[must_use]
    pub fn has_routes(&self, routes: Option<&Arc<Routes>>) -> bool {
        routes.map(Arc::as_ptr) == self.routes.as_ref().map(Arc::as_ptr)
    }

    /// Takes in proposals that were opened since, and who has joined.
    pub(in crate::playback) fn look(&mut self, simulation: &SwarmSimulation) {
        let mut known = core::mem::take(&mut self.known);
        known.learn(&rooms_of(self, simulation));
        self.known = known;
        if self.there != simulation.agent_count() {
            self.look_at_agents(simulation);
        }
        let routes = simulation.routes();
        if !self.has_routes(Some(routes)) {
            self.look_at_links(routes);
        }
        let books = rooms_of(self, simulation).books();
        self.opened = self.opened.max(books.map_or(0, |books| books.polls().len()));
    }

    /// The parts of the names that tell everyone apart: `lead` for `lead-engineer` beside
    /// `qa-engineer`, `7` for `sensor-7` beside `sensor-8`; the whole names if neither does.
    #[must_use]
    pub fn short_names(&self) -> Vec<String> {
        let parts = |name: &str| name.split(['-', '_', ' ']).map(str::to_owned).collect::<Vec<_>>();
        let voters = || self.agents.iter().filter(|agent| !agent.is_coordinator);
        for pick in [<[String]>::first, <[String]>::last] {
            let short = |name: &str| pick(&parts(name)).cloned().unwrap_or_default();
            let mut distinct: Map<String, String> = Map::new();
            for agent in voters() {
                distinct.insert(short(&agent.name), String::new());
            }
            if distinct.len() == voters().count() {
                let name = |agent: &AgentInfo| {
                    if agent.is_coordinator { agent.name.clone() } else { short(&agent.name) }
                };
                return self.agents.iter().map(name).collect();
            }
        }
        self.agents.iter().map(|agent| agent.name.clone()).collect()
    }

    /// The name of an agent, or "someone".
    #[must_use]
    pub fn name(&self, agent: AgentId) -> &str {
        self.agents.get(agent.index()).map_or("someone", |info| &info.name)
    }
}

/// The protocols of one instant.
fn rooms_of<'a>(cast: &'a Cast, simulation: &'a SwarmSimulation) -> Rooms<'a> {
    Rooms { cast, simulation, now_us: simulation.now_us(), run: None }
}

fn agent_info(slot: &Slot<Swarm>) -> AgentInfo {
    match slot.process.profile() {
        None => AgentInfo {
            role: "coordinator".to_owned(),
            is_coordinator: true,
            reputation: Reputation::default().0,
            mind: "counts ballots and has no vote".to_owned(),
            ..AgentInfo::default()
        },
        Some(profile) => member_info(profile),
    }
}

fn member_info(profile: &Profile) -> AgentInfo {
    AgentInfo {
        name: profile.name.clone(),
        role: profile.role.clone(),
        weight_milli: profile.weight_milli,
        reputation: profile.reputation.0,
        tier: profile.reputation.tier(),
        is_coordinator: false,
        mind: describe_mind(profile),
    }
}

fn describe_mind(profile: &Profile) -> String {
    let rule = describe_rule(&profile.mind);
    match profile.prefers.as_slice() {
        [] => rule,
        prefers => format!("{rule}; prefers {}", prefers.join(", then ")),
    }
}

fn describe_rule(mind: &Mind) -> String {
    match mind {
        Mind::Fixed(Vote::For) => "always FOR".to_owned(),
        Mind::Fixed(Vote::Against) => "always AGAINST".to_owned(),
        Mind::Fixed(Vote::Abstain) => "always abstains".to_owned(),
        Mind::Silent => "stays silent".to_owned(),
        Mind::Condition(condition) => format!("FOR if {}", condition.text()),
        Mind::Chance { for_ppm, against_ppm } => {
            let percent = |ppm: u64| with_point(ppm, 4);
            format!("{} % FOR, {} % AGAINST", percent(*for_ppm), percent(*against_ppm))
        }
    }
}

impl Names for Cast {
    fn agent(&self, agent: AgentId) -> &str {
        self.name(agent)
    }

    fn is_coordinator(&self, agent: AgentId) -> bool {
        Some(agent) == self.coordinator
    }

    fn thing(&self, speaker: AgentId, thing: Thing) -> String {
        let name = self.thing_of_room(speaker, thing);
        name.unwrap_or_else(|| thing.sort.to_owned())
    }
}
