//! The branch of a run as the forms of a protocol look at it, beside its own part of the run.

use super::room::{Members, Room};
use super::shown::Look;

/// A branch, for the forms of a protocol.
pub struct Asking<'a, R: Room> {
    pub look: &'a Look,
    pub cast: &'a dyn Members,
    /// All that is done in the branch: first by the scenario, then by hand; some of it may be to come.
    pub done: Vec<Done<'a, R>>,
    /// The ways in which agents decide a proposal themselves.
    pub ways: &'a [Way],
    /// A name that no proposal of the branch has, nor will have.
    pub new_proposal: &'a dyn Fn() -> String,
}

/// One thing that is done in a branch and matters to the protocol.
pub enum Done<'a, R: Room> {
    Act(&'a R::Act),
    /// An agent joins, with these skills.
    Joined {
        skills: &'a [String],
    },
}

/// A way in which agents decide a proposal themselves.
#[derive(Clone, Debug, PartialEq)]
pub struct Way {
    /// The algorithm, which names its part of the proposal too.
    pub algorithm: &'static str,
    /// Its words where a person may choose it.
    pub words: Option<&'static str>,
    /// Its part of a new proposal, where that needs one.
    pub part: Option<serde_json::Value>,
}
