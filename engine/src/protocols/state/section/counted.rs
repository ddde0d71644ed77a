//! The rule that sums fit, however late agents add them up.

use crate::common::value::{SCALE, Value};
use crate::protocol::problem::Problem;
use crate::protocols::state::crdt::Operation;
use crate::protocols::state::holder::{StateOrder, StateRules};
use crate::protocols::state::replica::{KeyId, KeyRule};
use crate::protocols::state::resolve::Strategy;

/// The sums that all writes of a file add to each key, each as if it went the same way. Agents count by themselves and find
/// the sum only when they merge, so that it has to fit before anyone counts.
#[derive(Clone, Debug)]
pub struct Counted(Vec<Sum>);

/// The sum of one key.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    size: u128,
    /// Whether it is ever added up: the key is a counter, or merges as a replicated type at some time.
    is_due: bool,
}

impl Counted {
    /// Nothing so far, of so many keys.
    pub fn new(keys: usize) -> Self {
        Self(vec![Sum::default(); keys])
    }

    /// # Errors
    /// When the sum could be more than a value holds.
    pub fn add(
        &mut self,
        path: &str,
        (key, rule): (KeyId, &KeyRule),
        operation: &Operation,
    ) -> Result<(), Problem> {
        let by = match operation {
            Operation::Add(by) => by,
            // Merged as a replicated type, what each agent sets is its part of a sum.
            Operation::Set(Value::Number(by)) if rule.kind.is_none() => by,
            _ => return Ok(()),
        };
        let Some(sum) = self.0.get_mut(key.0 as usize) else { return Ok(()) };
        sum.size += u128::from(by.unsigned_abs());
        sum.is_due |= rule.kind.is_some() || rule.strategy == Strategy::Crdt;
        sum.check(path, rule)
    }

    /// Keys are resolved by this strategy from now on: what was set before may have to be added up.
    ///
    /// # Errors
    /// When the sum could be more than a value holds.
    pub fn set_strategy(
        &mut self,
        path: &str,
        keys: &[KeyId],
        strategy: Strategy,
        rules: &StateRules,
    ) -> Result<(), Problem> {
        for key in keys.iter().filter(|_| strategy == Strategy::Crdt) {
            let place = key.0 as usize;
            if let (Some(sum), Some(rule)) = (self.0.get_mut(place), rules.keys.get(place)) {
                sum.is_due |= !rule.strong;
                sum.check(path, rule)?;
            }
        }
        Ok(())
    }

    /// The same of each write of an order.
    ///
    /// # Errors
    /// When the sum could be more than a value holds.
    pub fn add_order(
        &mut self,
        path: &str,
        order: &StateOrder,
        rules: &StateRules,
    ) -> Result<(), Problem> {
        let StateOrder::Write(writes) = order else { return Ok(()) };
        for (key, operation) in writes {
            if let Some(rule) = rules.keys.get(key.0 as usize) {
                self.add(path, (*key, rule), operation)?;
            }
        }
        Ok(())
    }
}

impl Sum {
    fn check(self, path: &str, rule: &KeyRule) -> Result<(), Problem> {
        if !self.is_due || self.size <= i64::MAX as u128 {
            return Ok(());
        }
        let most = i64::MAX as u64 / SCALE as u64;
        let expected = format!("at most {most} in all writes to {} together", rule.name);
        let found = (self.size / SCALE as u128).to_string();
        Err(Problem::new(path, expected, found, "write smaller numbers, or fewer"))
    }
}
