//! The properties of votes, whichever protocol they are voted on by.

/// Each with a sentence that says what holds. Reports begin with them.
pub const PROPERTIES: [(&str, &str); 4] = [
    ("agreement", "No two agents hold different outcomes"),
    ("validity", "What is decided follows from the ballots that were cast"),
    ("termination", "Every agent that is up and has heard of it comes to hold an outcome"),
    ("counted_once", "No agent’s ballot counts twice"),
];
