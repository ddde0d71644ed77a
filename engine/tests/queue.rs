//! The queue's order is that of a plain binary heap over (time, phase, sequence), always.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use proptest::prelude::*;
use swarmglass_engine::sim::queue::{Handle, PHASES, Queue};

#[derive(Clone, Debug)]
enum Action {
    /// Pushes an entry this long after now.
    Push { delay_us: u64, phase: u8, written: bool },
    /// Pops what is due within this time, and moves on to its end.
    PopUntil { span_us: u64 },
    /// Pops one entry, whenever it is due.
    PopOne,
    /// Removes the entry pushed so many pushes ago.
    Remove { back: usize },
}

fn delay() -> impl Strategy<Value = u64> {
    prop_oneof![
        4 => 1u64..8,
        4 => 1u64..5_000,
        4 => 1_000u64..200_000,
        2 => 1u64..40_000_000,
        1 => 1u64..(1 << 50),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => (delay(), 0..PHASES, any::<bool>())
            .prop_map(|(delay_us, phase, written)| Action::Push { delay_us, phase, written }),
        2 => delay().prop_map(|span_us| Action::PopUntil { span_us }),
        3 => Just(Action::PopOne),
        1 => (0usize..20).prop_map(|back| Action::Remove { back }),
    ]
}

/// The queue beside its reference.
#[derive(Default)]
struct Pair {
    queue: Queue<usize>,
    heap: BinaryHeap<Reverse<(u64, u8, usize)>>,
    removed: Vec<bool>,
    handles: Vec<Handle>,
    now_us: u64,
}

impl Pair {
    /// `written` items are kept first and one of them is taken back before they are scheduled.
    fn push(&mut self, delay_us: u64, phase: u8, written: bool) {
        let sequence = self.handles.len();
        let time_us = self.now_us + delay_us;
        let handle = if written {
            let withdrawn = self.queue.keep(usize::MAX);
            let kept = self.queue.keep(usize::MAX - 1);
            assert_eq!(self.queue.take(withdrawn), Some(usize::MAX));
            *self.queue.get_mut(kept).expect("it is kept") = sequence;
            self.queue.schedule(kept, time_us, phase);
            kept
        } else {
            self.queue.push(time_us, phase, sequence)
        };
        self.handles.push(handle);
        self.removed.push(false);
        self.heap.push(Reverse((time_us, phase, sequence)));
    }

    /// Pops from both and compares; false when nothing is due by `limit_us`.
    fn pop(&mut self, limit_us: u64) -> bool {
        while self.heap.peek().is_some_and(|Reverse((.., sequence))| self.removed[*sequence]) {
            self.heap.pop();
        }
        let is_due = self.heap.peek().is_some_and(|Reverse((time_us, ..))| *time_us <= limit_us);
        let expected = if is_due { self.heap.pop() } else { None };
        let expected = expected.map(|Reverse((time_us, _, sequence))| (time_us, sequence));
        let popped = self.queue.pop(limit_us).map(|(time_us, due)| {
            let item = self.queue.take(due);
            assert_eq!(self.queue.take(due), None, "what was taken is gone");
            (time_us, item.expect("what is due is kept"))
        });
        assert_eq!(popped, expected);
        if let Some((time_us, sequence)) = popped {
            self.now_us = time_us;
            self.removed[sequence] = true;
        }
        popped.is_some()
    }

    fn remove(&mut self, back: usize) {
        let Some(sequence) = self.handles.len().checked_sub(back + 1) else { return };
        let was_there = !std::mem::replace(&mut self.removed[sequence], true);
        let removed = self.queue.remove(self.handles[sequence]);
        assert_eq!(removed, was_there.then_some(sequence));
    }

    fn act(&mut self, action: &Action) {
        match *action {
            Action::Push { delay_us, phase, written } => self.push(delay_us, phase, written),
            Action::PopOne => {
                self.pop(u64::MAX);
            }
            Action::PopUntil { span_us } => {
                let limit_us = self.now_us + span_us;
                while self.pop(limit_us) {}
                self.now_us = limit_us;
            }
            Action::Remove { back } => self.remove(back),
        }
        let waiting = self.removed.iter().filter(|removed| !**removed).count();
        assert_eq!(self.queue.len(), waiting);
        assert_eq!(self.queue.iter().count(), waiting);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn order_is_that_of_a_plain_heap(actions in prop::collection::vec(action(), 1..200)) {
        let mut pair = Pair::default();
        for action in &actions {
            pair.act(action);
        }
        let clone = pair.queue.clone();
        while pair.pop(u64::MAX) {}
        let mut clone = clone;
        let mut drained = 0;
        while let Some((_, due)) = clone.pop(u64::MAX) {
            prop_assert!(clone.take(due).is_some());
            drained += 1;
        }
        prop_assert!(drained <= pair.handles.len());
        prop_assert!(pair.queue.is_empty() && clone.is_empty());
    }
}
