//! Nodes in layers, and which leads to which.

/// Places are in units of the picture, which is [`Graph::WIDTH`] wide.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Graph {
    pub id: &'static str,
    pub nodes: Vec<Node>,
    pub node_width: i32,
    pub layers: usize,
    /// Each from the lower to the upper, by their places among the nodes.
    pub edges: Vec<(usize, usize)>,
    /// The meaning of an edge, written beside it where the graph has only one.
    pub edge_words: &'static str,
    /// Neighbours that do not lead to one another, from left to right.
    pub ties: Vec<(usize, usize)>,
    /// The meaning of a tie, and its letter where there is no room for the word.
    pub tie_words: &'static str,
    pub tie_letter: &'static str,
}

impl Graph {
    pub const WIDTH: i32 = 312;
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NodeLook {
    /// It is there.
    #[default]
    Held,
    /// It was there.
    Past,
    /// It was there, and should not have gone.
    Lost,
    /// It would be there if something were done now.
    Ahead,
}

impl NodeLook {
    /// As style sheets call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Past => "past",
            Self::Lost => "lost",
            Self::Ahead => "ahead",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub title: String,
    pub lines: [String; 2],
    pub look: NodeLook,
    /// Its middle, from the left.
    pub x: i32,
    /// From the top.
    pub layer: usize,
}
