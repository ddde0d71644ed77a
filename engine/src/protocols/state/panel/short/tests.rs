use super::*;
use crate::playback::cast::{AgentInfo, Cast};
use crate::protocols::state::letters::clock;

fn shorts(names: &[&str]) -> Shorts {
    let agent = |name: &&str| AgentInfo { name: (*name).to_owned(), ..AgentInfo::default() };
    let cast = Cast { agents: names.iter().map(agent).collect(), ..Cast::default() };
    Shorts::new(&cast, &(0..names.len() as u32).map(AgentId).collect::<Vec<_>>())
}

#[test]
fn names_are_short_and_never_the_same() {
    for (names, expected) in [
        (&["agent-1", "agent-12"][..], &["a1", "a12"][..]),
        (&["qa-engineer", "tech lead", "w7"], &["qe", "tl", "w7"]),
        (&["ann", "amy", "ben"], &["ann", "amy", "b"]),
        (&["--"], &["--"]),
        (&["ärztin-2"], &["ä2"]),
    ] {
        let shorts = shorts(names);
        let found: Vec<&str> = (0..).take(names.len()).map(|it| shorts.of(AgentId(it))).collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn of_a_long_clock_the_numbers_are_left() {
    let shorts = shorts(&["agent-1", "agent-2", "agent-3"]);
    assert_eq!(shorts.clock(&clock("A2 B1 C9"), 20), "{a1:2, a2:1, a3:9}");
    assert_eq!(shorts.clock(&clock("A2 B1 C9"), 12), "2·1·9");
    assert_eq!(shorts.clock(&clock(""), 12), "{}");
}
