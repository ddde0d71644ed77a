//! Consensus: how a swarm decides by votes.
//!
//! - [`ballot`]: votes and the box they go into; one per agent, the first valid one counts (C2)
//! - [`quorum`]: how much agreement is enough, in exact arithmetic (C3, C4, C5)
//! - [`proposal`]: what is voted on
//! - [`mind`] and [`condition`]: how an agent makes up its mind
//! - [`decision_facts`]: the facts told with a decision where somebody writes it down, [`facts`]: those of a proposal that only an observer
//!   knows, [`frame`] and [`picture`]: a proposal as it is visible, [`section`]: as a scenario spells it
//! - [`property`]: what holds of every vote, [`note`]: what is noted of it
//! - [`hearing`]: what an agent knows of a proposal, [`conclusion`]: what agents report that decide by themselves
//! - [`choice`]: one of several options (C9)
//! - [`manager`]: algorithms by name, proposals, history, statistics (C1)
//! - [`assumption`]: what votes without a counter rest on, [`round_length`]: how long rounds by the agents' own clocks must be

pub mod assumption;
pub mod ballot;
pub mod choice;
pub mod conclusion;
pub mod condition;
pub mod decision_facts;
pub mod facts;
pub mod frame;
pub mod hearing;
pub mod manager;
pub mod mind;
pub mod note;
pub mod picture;
pub mod property;
pub mod proposal;
pub mod quorum;
pub mod round_length;
pub mod section;
