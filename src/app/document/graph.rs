//! Nodes in layers, and which leads to which.

use engine::protocol::document::{Graph, Node};
use leptos::prelude::*;

use super::named;

/// Height of a node, and from layer to layer, in units of the picture.
const HEIGHT: i32 = 50;
const PITCH: i32 = 78;
/// Less room between two nodes than this holds no word.
const WORD_WIDTH: i32 = 66;

fn top(layer: usize) -> i32 {
    2 + PITCH * layer as i32
}

pub(super) fn graph(graph: &Graph) -> AnyView {
    let height = top(graph.layers) - PITCH + HEIGHT + 4;
    let edges = graph.edges.iter().map(|it| edge(graph, *it)).collect_view();
    let ties = graph.ties.iter().map(|it| tie(graph, *it)).collect_view();
    let nodes = graph.nodes.iter().map(|it| node(it, graph.node_width)).collect_view();
    let view_box = format!("0 0 {} {height}", Graph::WIDTH);
    view! { <svg class="graph" data-testid=named(graph.id) viewBox=view_box aria-hidden="true">{edges}{ties}{nodes}</svg> }
        .into_any()
}

fn edge(graph: &Graph, (lower, upper): (usize, usize)) -> Option<AnyView> {
    let (lower, upper) = (graph.nodes.get(lower)?, graph.nodes.get(upper)?);
    let (x0, y0) = (lower.x, top(lower.layer));
    let (x1, y1) = (upper.x, top(upper.layer) + HEIGHT + 1);
    let bend = (y0 - y1) / 2;
    let path = format!("M{x0} {y0}C{x0} {} {x1} {} {x1} {y1}m-4 7 4-7 4 7", y0 - bend, y1 + bend);
    let words = (graph.edges.len() == 1).then(|| {
        let (x, y) = ((x0 + x1) / 2 + 9, y1 + bend + 4);
        view! { <text class="named" x=x.to_string() y=y.to_string()>{graph.edge_words}</text> }
    });
    Some(view! { <g><path class="edge" d=path></path>{words}</g> }.into_any())
}

fn tie(graph: &Graph, (left, right): (usize, usize)) -> Option<AnyView> {
    let (left, right) = (graph.nodes.get(left)?, graph.nodes.get(right)?);
    let half = graph.node_width / 2;
    let (x0, x1, y) = (left.x + half, right.x - half, top(left.layer) + HEIGHT / 2);
    let words = if x1 - x0 < WORD_WIDTH { graph.tie_letter } else { graph.tie_words };
    let (middle, above) = ((x0 + x1) / 2, y - 6);
    let tie = view! {
        <g><path class="tie" d=format!("M{x0} {y}H{x1}")></path><text class="tied" x=middle.to_string() y=above.to_string()>{words}</text></g>
    };
    Some(tie.into_any())
}

fn node(node: &Node, width: i32) -> AnyView {
    let (x, y) = (node.x, top(node.layer));
    let [one, other] = node.lines.clone();
    let line = |below: i32| (y + below).to_string();
    view! {
        <g data-look=node.look.name()>
            <rect x=(x - width / 2).to_string() y=y.to_string() width=width.to_string() height=HEIGHT.to_string()></rect>
            <text class="value" x=x.to_string() y=line(16)>{node.title.clone()}</text>
            <text x=x.to_string() y=line(30)>{one}</text>
            <text x=x.to_string() y=line(44)>{other}</text>
        </g>
    }
    .into_any()
}
