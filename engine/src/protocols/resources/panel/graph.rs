//! Who waits for whom, as a picture: those who wait stand below those who hold. Where agents wait for each other in a cycle, the first
//! of it stands at the bottom and again at the top.

use crate::common::shown::Peek;
use crate::map::Map;
use crate::protocol::document::{Document, Graph, Level, Node, NodeLook, Sentence};
use crate::protocols::resources::Resources;
use crate::protocols::resources::books::Books;
use crate::protocols::resources::reduction::{cycle, deadlocked};
use crate::sim::{AgentId, LocalTime};

/// So many agents can be read in one picture.
const NODES_MAX: usize = 12;

/// One agent waits for another, which holds what it asks for or stands before it in line.
struct Wait {
    from: AgentId,
    to: AgentId,
    is_behind: bool,
    /// "1 disk".
    amount: String,
}

/// Nothing where fewer than two wait.
pub(super) fn document(
    peek: &dyn Peek<Resources>,
    books: &Books,
    now_us: LocalTime,
) -> Option<Document> {
    let waits = waits(peek, books, now_us);
    let mut waiting: Vec<AgentId> = waits.iter().map(|it| it.from).collect();
    waiting.dedup();
    if waiting.len() < 2 {
        return None;
    }
    let name = |agent: AgentId| peek.names().agent(agent);
    let cycle = waiting.iter().map(|it| cycle(books, *it)).find(|it| it.len() > 1);
    let stuck = deadlocked(books, now_us);
    let words = match &cycle {
        Some(cycle) => {
            let around = cycle.iter().chain(cycle.first());
            let names: Vec<&str> = around.map(|agent| name(*agent)).collect();
            Sentence::lead("wait-for-words", "Deadlock", format!(": {}.", names.join(" → ")))
        }
        None if !stuck.is_empty() => {
            let names: Vec<&str> = stuck.iter().map(|agent| name(*agent)).collect();
            let rest = format!(": {} wait for each other.", names.join(", "));
            Sentence::lead("wait-for-words", "Possible deadlock", rest)
        }
        None => Sentence::lead("wait-for-words", "No cycle", ": nobody waits for itself."),
    };
    let graph = match cycle {
        Some(cycle) => around(peek, &waits, &cycle),
        None => layered(peek, &waits, |agent| stuck.contains(&agent)),
    };
    let mut document = Document::new("wait-for", "Who waits for whom").block(words).block_if(graph);
    for Wait { from, to, is_behind, amount } in &waits {
        let place = if *is_behind { "in line behind" } else { "held by" };
        let said = format!("{} waits for {amount}, {place} {}.", name(*from), name(*to));
        document = document.block(Sentence::at(Level::Quiet, said));
    }
    Some(document)
}

/// All waits, by the numbers of those who wait. If there is enough for one that waits, it waits for the first in line.
fn waits(peek: &dyn Peek<Resources>, books: &Books, now_us: LocalTime) -> Vec<Wait> {
    let mut waits = Vec::new();
    for ((agent, _), claim) in books.claims.iter().filter(|(_, claim)| claim.waits()) {
        let stock = &peek.setup().rules.stock;
        let name = stock.get(usize::from(claim.resource)).map_or("", |it| &*it.name);
        let is_behind = u64::from(claim.amount) <= books.free(claim.resource);
        let first = books.queue(claim.resource, now_us).into_iter().next();
        let first = first.filter(|_| is_behind).map(|((agent, _), _)| agent);
        let holders = books.holding(claim.resource).filter(|_| !is_behind);
        for to in holders.map(|((holder, _), _)| holder).chain(first) {
            if to != *agent {
                let amount = format!("{} {name}", claim.amount);
                waits.push(Wait { from: *agent, to, is_behind, amount });
            }
        }
    }
    waits.dedup_by_key(|wait| (wait.from, wait.to));
    waits
}

fn node(peek: &dyn Peek<Resources>, agent: AgentId, waits: &[Wait], is_stuck: bool) -> Node {
    let wait = waits.iter().find(|wait| wait.from == agent);
    let line = wait.map_or_else(|| "holds".to_owned(), |it| format!("waits for {}", it.amount));
    Node {
        title: peek.names().agent(agent).to_owned(),
        lines: [line, String::new()],
        look: if is_stuck { NodeLook::Held } else { NodeLook::Past },
        x: Graph::WIDTH / 2,
        layer: 0,
    }
}

/// The cycle as a chain that ends where it began.
fn around(peek: &dyn Peek<Resources>, waits: &[Wait], cycle: &[AgentId]) -> Option<Graph> {
    let chain = cycle.iter().chain(cycle.first());
    let last = cycle.len();
    let node = |(place, agent): (usize, &AgentId)| Node {
        layer: last - place,
        ..node(peek, *agent, waits, true)
    };
    (cycle.len() <= NODES_MAX).then(|| Graph {
        id: "wait-for",
        nodes: chain.enumerate().map(node).collect(),
        node_width: 120,
        layers: cycle.len() + 1,
        edges: (0..cycle.len()).map(|place| (place, place + 1)).collect(),
        edge_words: "waits for",
        ..Graph::default()
    })
}

/// Each agent below all those that it waits for, as far as they do not wait for it.
fn layered(
    peek: &dyn Peek<Resources>,
    waits: &[Wait],
    is_stuck: impl Fn(AgentId) -> bool,
) -> Option<Graph> {
    let agents = waits.iter().flat_map(|wait| [wait.from, wait.to]);
    let mut layers: Map<AgentId, usize> = agents.map(|agent| (agent, 0)).collect();
    let count = layers.len();
    // As many rounds as there are agents bring each below those it waits for, unless they wait for each other.
    for _ in 0..count {
        for wait in waits {
            let above = layers.get(&wait.to).copied().unwrap_or_default();
            if let Some(layer) = layers.get_mut(&wait.from) {
                *layer = (*layer).max(above + 1).min(count - 1);
            }
        }
    }
    let depth = layers.iter().map(|(_, layer)| layer + 1).max().unwrap_or_default();
    let mut across = vec![0; depth];
    layers.iter().for_each(|(_, layer)| across[*layer] += 1);
    let mut placed = vec![0; depth];
    let mut nodes = Vec::new();
    let mut places = Map::new();
    for (agent, layer) in &layers {
        placed[*layer] += 1;
        places.insert(*agent, nodes.len());
        let x = Graph::WIDTH * (2 * placed[*layer] - 1) / (2 * across[*layer]);
        nodes.push(Node { layer: *layer, x, ..node(peek, *agent, waits, is_stuck(*agent)) });
    }
    let is_up = |wait: &&Wait| layers.get(&wait.from) > layers.get(&wait.to);
    let edge = |wait: &Wait| Some((*places.get(&wait.from)?, *places.get(&wait.to)?));
    let widest = across.iter().copied().max().unwrap_or(1);
    (count <= NODES_MAX && widest <= 4).then(|| Graph {
        id: "wait-for",
        node_width: (Graph::WIDTH / widest.max(1) - 8).min(120),
        layers: depth,
        edges: waits.iter().filter(is_up).filter_map(edge).collect(),
        edge_words: "waits for",
        nodes,
        ..Graph::default()
    })
}
