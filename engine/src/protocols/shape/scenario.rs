//! Input: the section of a scenario, its settings, and the acts of a person.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::rule::{Limits, word};
use super::{Books, Rules, Shape, ShapeOrder};
use crate::common::room::{Brief, Edited, Entrant, Members, Planning, Room, Scenarios, scenarios};
use crate::common::settings::Settings;
use crate::common::topology::TopologyKind;
use crate::protocol::decimal::{microseconds, period, within};
use crate::protocol::problem::Problem;
use crate::protocol::setting::Setting;
use crate::sim::AgentId;

/// Who gives the network its shape, and by which thresholds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ShapeFile {
    /// The agent that measures and decides; by default the coordinator, or the first agent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decider: Option<String>,
    /// Agents in a mesh; 12 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100_000)))]
    pub mesh_max: Option<u32>,
    /// Messages a second that one agent may carry; 60 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 10_000)))]
    pub load_max: Option<u32>,
    /// The mean way around a ring; 200 ms by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub detour_max_ms: Option<f64>,
    /// How far above its limit a shape is left, in per cent; 20 by default, and 0 for no hysteresis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 400)))]
    pub band_percent: Option<u32>,
    /// Another shape has to suit so many measurements in a row; 3 by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 100)))]
    pub hold: Option<u32>,
    /// The time from one measurement to the next; 1000 ms by default. Those whose round trip takes longer than three of them are
    /// taken for silent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub measure_ms: Option<f64>,
    /// How long the decider waits until all have promised a switch; 1000 ms by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 8_640_000_000u64)))]
    pub patience_ms: Option<f64>,
}

/// The section after every rule was checked.
#[derive(Clone, Debug)]
pub struct ShapeSetup {
    pub rules: Arc<Rules>,
}

/// An act of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ShapeAct {
    /// The decider gives the network this shape, whatever it measures; or it adapts it again.
    Reshape { to: Wish },
    /// Each agent that is there sends so many messages a second to others, chosen at random; 0 ends it.
    Chatter {
        #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 1_000)))]
        per_second: u16,
    },
}

/// The shape that a person wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Wish {
    Mesh,
    Star,
    Ring,
    Hierarchical,
    /// The one that suits what is measured.
    Adaptive,
}

impl Wish {
    fn kind(self) -> Option<TopologyKind> {
        match self {
            Self::Mesh => Some(TopologyKind::Mesh),
            Self::Star => Some(TopologyKind::Star),
            Self::Ring => Some(TopologyKind::Ring),
            Self::Hierarchical => Some(TopologyKind::Hierarchical),
            Self::Adaptive => None,
        }
    }
}

/// A mesh has at most so many agents, and an agent carries at most so many messages a second.
const MESH_MAX: u32 = 100_000;
const LOAD_MAX: u32 = 10_000;
/// Settings go so far.
const MESH_SET_MAX: u32 = 40;
const LOAD_SET_MAX: u32 = 400;
const HOLD_SET_MAX: u32 = 10;
/// An agent sends at most so many messages a second.
const CHATTER_MAX: u16 = 1_000;

fn check(file: &ShapeFile, cast: &dyn Members) -> Result<Rules, Problem> {
    let decider = match &file.decider {
        Some(name) => cast.find("decider", name)?,
        None => cast.coordinator().unwrap_or(AgentId(0)),
    };
    let time_us = |path: &str, ms: Option<f64>, usual_ms: u32| {
        let us = microseconds(path, ms.unwrap_or(usual_ms.into()))?;
        let repair = format!("write for example {usual_ms}, or leave it out");
        if us > 0 { Ok(us) } else { Err(Problem::new(path, "more than 0", "0", repair)) }
    };
    let number = |path: &str, own: Option<u32>, usual: u32, most: u32| {
        let repair = format!("write for example {usual}, or leave it out");
        within(path, own.unwrap_or(usual), 1..=most, &repair)
    };
    let repair = "write 20, or 0 for no hysteresis";
    let limits = Limits {
        mesh_max: number("mesh_max", file.mesh_max, 12, MESH_MAX)?,
        load_max: number("load_max", file.load_max, 60, LOAD_MAX)?,
        detour_max_us: time_us("detour_max_ms", file.detour_max_ms, 200)?,
        band_percent: within("band_percent", file.band_percent.unwrap_or(20), 0..=400, repair)?,
    };
    Ok(Rules {
        decider,
        agents: cast.count() + u32::from(cast.coordinator().is_some()),
        start: cast.topology().kind(),
        limits,
        hold: number("hold", file.hold, 3, 100)?,
        measure_us: time_us("measure_ms", file.measure_ms, 1_000)?,
        patience_us: time_us("patience_ms", file.patience_ms, 1_000)?,
    })
}

impl Room for Shape {
    type File = ShapeFile;
    type Agent = ();
    type Act = ShapeAct;
    type Memory = ();

    const ABOUT: &'static str = "The network changes its shape by size, load and latency.";
    const MISSING: Option<(&'static str, &'static str)> =
        Some(("a scenario whose shape changes", "add \"shape\": {} to the scenario"));
    const SCENARIOS: Scenarios = scenarios!("shape": "topology-adapts");

    fn check(brief: &Brief<'_, Self>) -> Result<ShapeSetup, Problem> {
        Ok(ShapeSetup { rules: Arc::new(check(brief.file, brief.cast)?) })
    }

    fn check_span(setup: &ShapeSetup, span_us: u64) -> Result<(), Problem> {
        period("measure_ms", setup.rules.measure_us, span_us, "until the end")
    }

    /// Everyone on the network takes part, a coordinator and those who join later among them.
    fn durable(setup: &ShapeSetup, it: &Entrant<'_, Self>, _: &dyn Members) -> Option<Books> {
        Some(Books::new(setup.rules.clone(), it.agent))
    }

    fn plan(
        setup: &ShapeSetup,
        act: &ShapeAct,
        planning: &mut Planning<'_, ()>,
    ) -> Result<Vec<(AgentId, ShapeOrder)>, Problem> {
        Ok(match act {
            ShapeAct::Reshape { to } => {
                vec![(setup.rules.decider, ShapeOrder::Reshape(to.kind()))]
            }
            ShapeAct::Chatter { per_second } => {
                let repair = "write for example 4, or 0 to end it";
                let path = "chatter.per_second";
                let per_second = within(path, *per_second, 0..=CHATTER_MAX, repair)?;
                let agents = planning.cast.agents();
                let order = ShapeOrder::Chatter { per_second, agents };
                (0..agents).map(|agent| (AgentId(agent), order)).collect()
            }
        })
    }

    fn label(act: &ShapeAct) -> String {
        match act {
            ShapeAct::Reshape { to } => match to.kind() {
                Some(kind) => format!("a {}", word(kind)),
                None => "adapt".to_owned(),
            },
            ShapeAct::Chatter { per_second } => format!("chatter {per_second}/s"),
        }
    }

    /// It measures to the end that the scenario names.
    fn goes_on(_: &ShapeSetup) -> bool {
        true
    }

    fn settings(setup: &ShapeSetup, _: &dyn Members) -> Vec<Setting> {
        let (limits, mut settings) = (setup.rules.limits, Settings::default());
        let mesh = ("shape-mesh", "A mesh is for");
        settings.number(mesh, limits.mesh_max, (2, MESH_SET_MAX), (1, " agents"));
        let load = ("shape-load", "One agent carries");
        settings.number(load, limits.load_max, (10, LOAD_SET_MAX), (5, " messages/s"));
        let band = ("shape-band", "Left above its limit by");
        settings.number(band, limits.band_percent, (0, 100), (5, " %"));
        let hold = ("shape-hold", "Measurements in a row");
        settings.number(hold, setup.rules.hold, (1, HOLD_SET_MAX), (1, ""));
        settings.0
    }

    fn set(
        _: &ShapeSetup,
        file: &mut Edited<'_, ShapeFile>,
        setting: &str,
        value: u32,
    ) -> Option<()> {
        let section = &mut *file.section;
        let field = match setting {
            "shape-mesh" => &mut section.mesh_max,
            "shape-load" => &mut section.load_max,
            "shape-band" => &mut section.band_percent,
            "shape-hold" => &mut section.hold,
            _ => return None,
        };
        *field = Some(value);
        Some(())
    }
}
