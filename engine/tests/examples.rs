//! The examples do what they say.

#[path = "../examples/own_protocol.rs"]
mod own_protocol;

#[test]
fn a_protocol_of_ones_own_runs_and_is_short() -> Result<(), Box<dyn std::error::Error>> {
    let lines = include_str!("../examples/own_protocol.rs").lines().count();
    assert!(lines < 120, "{lines} lines");
    own_protocol::main()
}
