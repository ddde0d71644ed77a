//! How an agent that keeps something looks on the stage: the value of the key that is looked at, and its version.

use super::holder::State;
use super::standing::{Held, held, parts, rule, shown_key};
use crate::common::shown::{Face, Look, Peek, WORDS_MAX, has_words, looked_at};
use crate::common::value::Value;

/// No disc has room for more characters.
const TEXT_MAX: usize = 64;

/// A value stands in each disc where there is room, no proposal is open and nothing leads: else discs show how that goes.
pub(super) fn faces(peek: &dyn Peek<State>, look: &Look) -> Vec<Option<Face>> {
    let key = shown_key(peek, look);
    let Some(rule) = rule(peek, key) else { return Vec::new() };
    let proposal = looked_at(peek, look).and_then(|id| peek.facts(id));
    let has_room = peek.agents() <= WORDS_MAX;
    let is_free = !peek.is_led() && proposal.is_none_or(|facts| facts.decision().is_some());
    let has_values = has_room && is_free;
    let mut first: Option<&Value> = None;
    let face = |(agent, part)| {
        let held = held(&part, key, rule.strong);
        part.durable?;
        let own = held.filter(|_| has_values).map(|held| held.value);
        let differs = own.is_some_and(|own| !reads_the_same(own, first.get_or_insert(own)));
        let text = || own.map_or_else(|| "–".to_owned(), |own| own.plain_start(TEXT_MAX));
        Some(Face {
            value: has_values.then(text),
            differs,
            second: held.filter(|_| has_words(peek, look, agent)).map(in_words).unwrap_or_default(),
            ..Face::default()
        })
    };
    parts(peek).map(face).collect()
}

fn reads_the_same(one: &Value, other: &Value) -> bool {
    // Few are unequal and begin alike.
    one == other
        || one.plain_start(TEXT_MAX) == other.plain_start(TEXT_MAX) && one.plain() == other.plain()
}

/// Which version it holds, or that it keeps several.
fn in_words(held: Held<'_>) -> String {
    match held {
        Held { refused: Some(_), .. } => "refused".to_owned(),
        Held { heads, .. } if heads > 1 => format!("{heads} concurrent"),
        Held { version, .. } => format!("version {version}"),
    }
}
