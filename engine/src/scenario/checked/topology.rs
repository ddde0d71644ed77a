//! The topology: which agents are linked.

use super::{Names, option};
use crate::common::topology::{Topology, TopologyKind, full_tree};
use crate::protocol::problem::Problem;
use crate::scenario::file::{AgentFile, ScenarioFile};
use crate::sim::AgentId;

pub(super) fn check_topology(
    file: &ScenarioFile,
    names: &Names,
    parents: Vec<Option<String>>,
    coordinator: Option<AgentId>,
) -> Result<Topology, Problem> {
    let kind = file.topology.kind;
    if kind != TopologyKind::Star && file.topology.hub.is_some() {
        let repair = "leave it out, or make it a star";
        return Err(Problem::new("topology.hub", "no hub but in a star", "one", repair));
    }
    if kind != TopologyKind::Hierarchical && file.topology.branching.is_some() {
        let repair = "leave it out, or make it hierarchical";
        let expected = "none but in a hierarchy";
        return Err(Problem::new("topology.branching", expected, "one", repair));
    }
    let named = parents.iter().position(Option::is_some);
    if let Some(place) = named.filter(|_| kind != TopologyKind::Hierarchical) {
        let path = format!("{}.parent", entry_path(file, place));
        let repair = "leave it out, or make the topology hierarchical";
        return Err(Problem::new(path, "no parent but in a hierarchy", "one", repair));
    }
    Ok(match kind {
        TopologyKind::Mesh => Topology::Mesh,
        TopologyKind::Ring => Topology::Ring,
        TopologyKind::Star => {
            let hub = file.topology.hub.as_ref();
            let named = option(hub, |hub| names.find("topology.hub", hub))?;
            let hub = named.or(coordinator).ok_or_else(|| {
                let repair = "name the agent that all others are linked with";
                Problem::new(
                    "topology.hub",
                    "the id of an agent",
                    "none, nor a coordinator",
                    repair,
                )
            })?;
            Topology::Star { hub }
        }
        TopologyKind::Hierarchical => check_hierarchy(file, names, &parents, coordinator)?,
    })
}

fn check_hierarchy(
    file: &ScenarioFile,
    names: &Names,
    parents: &[Option<String>],
    coordinator: Option<AgentId>,
) -> Result<Topology, Problem> {
    let branching = file.topology.branching.unwrap_or(2);
    if branching == 0 {
        return Err(Problem::new("topology.branching", "1 or more", "0", "write 2"));
    }
    if file.topology.branching.is_some() && parents.iter().any(Option::is_some) {
        let expected = "none where agents name their parents";
        let repair = "leave it out, or the parents";
        return Err(Problem::new("topology.branching", expected, branching.to_string(), repair));
    }
    let members = parents.len() as u32;
    let parents = if parents.iter().all(Option::is_none) {
        full_tree(members, branching)
    } else {
        let find = |(place, parent): (usize, &Option<String>)| {
            let path = || format!("{}.parent", entry_path(file, place));
            option(parent.as_ref(), |parent| names.find(&path(), parent))
        };
        parents.iter().enumerate().map(find).collect::<Result<Vec<_>, Problem>>()?
    };
    let roots = parents.iter().filter(|parent| parent.is_none()).count();
    if roots > 1 {
        let repair = "give every agent but the root a parent";
        let found = format!("{roots} agents without a parent");
        return Err(Problem::new("agents", "one root", found, repair));
    }
    let topology = Topology::Hierarchical { parents };
    if let Err(agent) = topology.routes(members, coordinator) {
        let path = format!("{}.parent", entry_path(file, agent.index()));
        let found = "a cycle of parents, or one below a cycle";
        let repair = "follow the parents from here: they must end at one agent that has none";
        return Err(Problem::new(path, "a tree", found, repair));
    }
    Ok(topology)
}

/// The entry of `agents` that the agent of this number comes from.
fn entry_path(file: &ScenarioFile, number: usize) -> String {
    let mut after = 0;
    let is_in = |agent: &AgentFile| {
        after += agent.count.unwrap_or(1) as usize;
        number < after
    };
    let entry = file.agents.iter().position(is_in).unwrap_or_default();
    format!("agents[{entry}]")
}
