//! The swarmglass engine.
