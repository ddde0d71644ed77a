//! The aggregate of a manager's workers' results (W11), by key, and who gave what.

use std::sync::Arc;

use super::account::Account;
use super::synthesis::{PartEnd, Warning};
use crate::common::value::Value;
use crate::map::Map;
use crate::sim::AgentId;

/// The aggregate of the results of a manager's workers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregate {
    pub data: Map<Arc<str>, Value>,
    /// Who gave what is under a key: of values that were not put together, the one whose is kept.
    pub from: Vec<(Arc<str>, AgentId)>,
    pub conflicts: Vec<Warning>,
}

/// Aggregates the results of a manager's workers (W11), by key: numbers are added, lists joined, other values
/// kept from the first that gives them.
#[must_use]
pub fn aggregate(pieces: &[Piece<'_>]) -> Aggregate {
    let mut all = Aggregate::default();
    // The agent whose value is kept, by key.
    let mut first: Map<Arc<str>, AgentId> = Map::new();
    for piece in pieces {
        for (key, value) in piece.data {
            match (all.data.get_mut(&**key), value) {
                (None, _) => {
                    all.data.insert(key.clone(), value.clone());
                    first.insert(key.clone(), piece.agent);
                }
                (Some(Value::Number(sum)), Value::Number(number)) => {
                    *sum = sum.saturating_add(*number);
                }
                (Some(Value::List(items)), Value::List(more)) => {
                    *items = items.iter().chain(&**more).cloned().collect();
                }
                (Some(kept), _) => {
                    if let (true, Some(first)) = (kept != value, first.get(&**key)) {
                        let (key, kept, other) = (key.clone(), *first, piece.agent);
                        all.conflicts.push(Warning::Conflict { key, kept, other });
                    }
                    continue;
                }
            }
            all.from.extend(piece.givers(key));
        }
    }
    all
}

/// The result of a part that is done.
pub struct Piece<'a> {
    pub agent: AgentId,
    pub data: &'a Map<Arc<str>, Value>,
    account: Option<&'a Account>,
}

impl<'a> Piece<'a> {
    /// Nothing of a part that has failed.
    #[must_use]
    pub fn of(end: &'a PartEnd) -> Option<Self> {
        match end {
            PartEnd::Done { agent, data, account, .. } => {
                Some(Self { agent: *agent, data, account: account.as_deref() })
            }
            PartEnd::Failed { .. } => None,
        }
    }

    /// The agents that gave its value under the key: for a manager, its workers.
    #[must_use]
    pub fn givers(&self, key: &Arc<str>) -> Vec<(Arc<str>, AgentId)> {
        match self.account {
            Some(account) => account.from.iter().filter(|(it, _)| it == key).cloned().collect(),
            None => vec![(key.clone(), self.agent)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::common::value::letters::{list, number};
    use crate::protocols::work::letters::{data, numbers};
    use crate::sim::LocalTime;

    type Data = Map<Arc<str>, Value>;

    fn aggregated(parts: &[Data]) -> Aggregate {
        let end = |(agent, data): (u32, &Data)| {
            let (agent, data, quality) = (AgentId(agent), data.clone(), 80);
            PartEnd::Done {
                agent,
                quality,
                data,
                began_us: LocalTime(0),
                took_us: 1,
                account: None,
            }
        };
        let ends: Vec<PartEnd> = (0..).zip(parts).map(end).collect();
        aggregate(&ends.iter().filter_map(Piece::of).collect::<Vec<_>>())
    }

    #[test]
    fn a_manager_adds_numbers_joins_lists_and_keeps_the_rest() {
        let pages = |pages, errors: &[&str], title: &str| {
            let errors = errors.iter().copied().map(Value::text);
            data(&[
                ("pages", number(pages)),
                ("errors", list(errors)),
                ("title", Value::text(title)),
            ])
        };
        let all =
            aggregated(&[pages(3, &["a"], "one"), pages(4, &[], "two"), pages(5, &["b"], "")]);
        assert_eq!(all.data, pages(12, &["a", "b"], "one"));
        let givers = |key: &str| -> Vec<u32> {
            let own = all.from.iter().filter(|(it, _)| &**it == key);
            own.map(|(_, agent)| agent.0).collect()
        };
        assert_eq!(
            [givers("pages"), givers("errors"), givers("title")],
            [vec![0, 1, 2], vec![0, 1, 2], vec![0]]
        );
        let name = |agent: AgentId| format!("agent-{}", agent.0);
        let told: Vec<String> = all.conflicts.iter().map(|it| it.words(&name)).collect();
        assert_eq!(
            told,
            [
                "agent-0 and agent-1 differ on title; that of agent-0 is kept",
                "agent-0 and agent-2 differ on title; that of agent-0 is kept"
            ]
        );
        let mixed = aggregated(&[numbers(&[("x", 1)]), data(&[("x", list([number(2)]))])]);
        assert_eq!(mixed.data, numbers(&[("x", 1)]), "the first kind stays");
        assert_eq!(aggregated(&[]), Aggregate::default());
        assert_eq!(
            aggregated(&[numbers(&[("x", 1)]), numbers(&[("y", 2)])]).data,
            numbers(&[("x", 1), ("y", 2)])
        );
    }
}
