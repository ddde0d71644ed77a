//! Proposals and votes, by whichever protocol a swarm decides.
//!
//! - [`proposal`]: what is voted on, with the terms on which agents decide by themselves; [`section`]: as a file spells it
//! - [`ballot`]: votes and the box they go into, [`quorum`]: how much agreement is enough, [`choice`]: one of several options
//! - [`mind`] and [`condition`]: how an agent makes up its mind
//! - [`manager`]: algorithms by name, proposals, history, statistics
//! - [`hearing`]: what an agent knows of a proposal, [`conclusion`]: the report of one that decides by itself
//! - [`facts`]: what only an observer knows of a proposal, [`decision_facts`]: what is told with a decision
//! - [`frame`] and [`picture`]: a proposal as it is visible, [`note`]: what is noted of it, [`property`]: what holds of every vote
//! - [`assumption`] and [`round_length`]: what votes without a counter rest on

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
