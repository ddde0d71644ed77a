//! Which version of each key every agent holds, in a table: first the keys on which agents differ.

use super::short::Shorts;
use crate::common::figure::shortened;
use crate::common::shown::Peek;
use crate::common::value::Value;
use crate::protocol::watch::Part;
use crate::protocols::state::holder::State;
use crate::protocols::state::replica::KeyId;
use crate::protocols::state::standing::{KeyStanding, key_name, merges_to, parts, rule, version};
use crate::sim::AgentId;

/// With more agents than this they stand below one another, and keys side by side.
const ACROSS_MAX: usize = 6;
/// So many keys or agents stand below one another.
const DOWN_MAX: usize = 8;
/// So many keys stand side by side.
const KEYS_ACROSS_MAX: usize = 4;
/// With very many keys so few agents are compared that no more values than this are.
const COMPARED_MAX: usize = 50_000;

/// The table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overview {
    /// "2 of 200 keys differ".
    pub strong: String,
    pub columns: Vec<String>,
    /// The key or agent of each, and its cells.
    pub rows: Vec<(String, Vec<OverviewCell>)>,
    /// "and 192 more, the same at all".
    pub more: String,
}

/// One key at one agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OverviewCell {
    pub key: KeyId,
    pub agent: AgentId,
    /// "2", or "–" of what it does not hold.
    pub version: String,
    /// "setting-1 at agent-2: fast".
    pub words: String,
    /// It is not what the first agent holds.
    pub differs: bool,
}

fn value<'a>(part: &Part<'a, State>, key: KeyId) -> Option<&'a Value> {
    version(part, key).map(|it| it.1)
}

/// Whether a merge would change what agents hold, though all may show the same.
fn has_to_merge(peek: &dyn Peek<State>, key: KeyId) -> bool {
    rule(peek, key).is_some_and(|rule| merges_to(peek, key, rule).is_some())
}

/// The table; nothing where there is only one key.
pub(super) fn overview(peek: &dyn Peek<State>, state: &KeyStanding<'_>) -> Option<Overview> {
    let names = peek.names();
    let all = state.keys;
    if all < 2 {
        return None;
    }
    let mut members: Vec<(AgentId, Part<'_, State>)> = parts(peek).collect();
    members.retain(|(agent, _)| Some(*agent) != peek.coordinator());
    let first = &members.first()?.1;
    let below = members.len() > ACROSS_MAX;
    let most = if below { KEYS_ACROSS_MAX } else { DOWN_MAX };
    let compared = (COMPARED_MAX / all as usize).max(2).min(members.len());
    let (mut shown, mut same) = (Vec::new(), Vec::new());
    let mut apart = 0;
    for key in (0..all).map(KeyId) {
        let is_apart = members[..compared].iter().any(|it| value(&it.1, key) != value(first, key))
            || has_to_merge(peek, key);
        apart += u32::from(is_apart);
        let kept = if is_apart { &mut shown } else { &mut same };
        if kept.len() < most {
            kept.push(key);
        }
    }
    let shown_apart = shown.len() as u32;
    same.truncate(most - shown.len());
    shown.append(&mut same);
    if !shown.contains(&state.key) {
        shown.truncate(most - 1);
        shown.push(state.key);
    }
    let agents = &members[..members.len().min(if below { DOWN_MAX } else { ACROSS_MAX })];
    let mut named = Vec::new();
    agents.iter().for_each(|it| named.push(it.0));
    let shorts = Shorts::new(names, &named);

    let mut table = Overview::default();
    let (down, across) =
        if below { (agents.len(), shown.len()) } else { (shown.len(), agents.len()) };
    for row in 0..down {
        let mut cells = Vec::new();
        for column in 0..across {
            let (agent, key) = if below { (row, column) } else { (column, row) };
            let ((agent, part), key) = (&agents[agent], shown[key]);
            let held = version(part, key);
            let told = held.map_or_else(|| "nothing".to_owned(), |it| it.1.plain());
            cells.push(OverviewCell {
                key,
                agent: *agent,
                version: held.map_or_else(|| "–".to_owned(), |it| it.0.to_string()),
                words: format!("{} at {}: {told}", key_name(peek, key), names.agent(*agent)),
                differs: value(part, key) != value(first, key),
            });
            if row == 0 {
                let key = shortened(key_name(peek, key), 20);
                table.columns.push(if below { key } else { shorts.of(*agent).to_owned() });
            }
        }
        let name = if below { names.agent(named[row]) } else { key_name(peek, shown[row]) };
        table.rows.push((shortened(name, 16), cells));
    }
    table.strong = match apart {
        1 => format!("1 of {all} keys differs"),
        _ => format!("{apart} of {all} keys differ"),
    };
    let rest = all - shown.len() as u32;
    let more_apart = apart.saturating_sub(shown_apart).min(rest);
    let more_same = rest - more_apart;
    if more_apart > 0 {
        table.more = format!("and {more_apart} more that differ, {more_same} that are the same");
    } else if more_same > 0 {
        table.more = format!("and {more_same} more that are the same");
    }
    if members.len() > agents.len() {
        table.more += &format!(", at {} more agents", members.len() - agents.len());
    }
    Some(table)
}
