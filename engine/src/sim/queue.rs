//! What is due next: a hierarchical timing wheel (Varghese & Lauck 1987) whose order is exactly
//! (time, phase, sequence of pushes).
//!
//! Level 0 has one microsecond per slot; every slot of a level covers a whole turn of the level
//! below. An entry lies on the lowest level that can tell it from the present, and moves down when
//! the present reaches its slot, before anything can be pushed behind it: so entries of one time
//! keep the order of their pushes, and no comparison is ever made.

const BITS: u32 = 12;
const SLOTS: usize = 1 << BITS;
const MASK: u64 = SLOTS as u64 - 1;
const WORDS: usize = SLOTS / 64;
const NONE: u32 = u32::MAX;

/// Names an entry until it is popped or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    index: u32,
    generation: u32,
}

#[derive(Clone, Debug)]
struct Node {
    time_us: u64,
    next: u32,
    generation: u32,
    phase: u8,
}

/// One level: per slot the newest entry of a linked list, and which slots have one.
#[derive(Clone, Debug)]
struct Level {
    heads: Vec<u32>,
    occupied: [u64; WORDS],
    /// One bit per word of `occupied` that is not zero.
    summary: u64,
}

impl Level {
    fn new() -> Self {
        Self { heads: vec![NONE; SLOTS], occupied: [0; WORDS], summary: 0 }
    }

    #[inline]
    fn first(&self) -> Option<usize> {
        if self.summary == 0 {
            return None;
        }
        let word = self.summary.trailing_zeros() as usize;
        Some(word * 64 + self.occupied[word].trailing_zeros() as usize)
    }

    #[inline]
    fn take(&mut self, slot: usize) -> u32 {
        let word = slot / 64;
        self.occupied[word] &= !(1 << (slot % 64));
        if self.occupied[word] == 0 {
            self.summary &= !(1 << word);
        }
        std::mem::replace(&mut self.heads[slot], NONE)
    }

    /// Puts `index` in front of the slot's list and returns what was in front before.
    #[inline]
    fn put(&mut self, slot: usize, index: u32) -> u32 {
        self.occupied[slot / 64] |= 1 << (slot % 64);
        self.summary |= 1 << (slot / 64);
        std::mem::replace(&mut self.heads[slot], index)
    }
}

/// A queue of things that are due at a time.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    nodes: Vec<Node>,
    items: Vec<Option<T>>,
    free: Vec<u32>,
    /// Levels above 0 exist from the first entry that needs them.
    levels: Vec<Level>,
    /// No entry on the wheel is due at or before this time.
    cursor_us: u64,
    /// The entries due at `batch_time_us`, in order, from `batch_next` on.
    batch: Vec<u32>,
    batch_next: usize,
    batch_time_us: u64,
    len: usize,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            nodes: Vec::new(),
            items: Vec::new(),
            free: Vec::new(),
            levels: vec![Level::new()],
            cursor_us: 0,
            batch: Vec::new(),
            batch_next: 0,
            batch_time_us: 0,
            len: 0,
        }
    }
}

impl<T> Queue<T> {
    /// How many entries wait, removed ones not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry due at `time_us`; among those of one time, lower phases come first.
    ///
    /// # Panics
    /// When `time_us` is not after the time last popped: the kernel has broken its own rule.
    #[inline]
    pub fn push(&mut self, time_us: u64, phase: u8, item: T) -> Handle {
        assert!(time_us > self.cursor_us, "nothing may be pushed into the present or the past");
        let index = match self.free.pop() {
            Some(index) => {
                self.items[index as usize] = Some(item);
                let node = &mut self.nodes[index as usize];
                node.time_us = time_us;
                node.phase = phase;
                index
            }
            None => {
                let index = self.nodes.len() as u32;
                self.nodes.push(Node { time_us, next: NONE, generation: 0, phase });
                self.items.push(Some(item));
                index
            }
        };
        self.link(index, time_us);
        self.len += 1;
        Handle { index, generation: self.nodes[index as usize].generation }
    }

    #[inline]
    fn link(&mut self, index: u32, time_us: u64) {
        let differing = 63 - ((time_us ^ self.cursor_us) | 1).leading_zeros();
        let level = (differing / BITS) as usize;
        while self.levels.len() <= level {
            self.levels.push(Level::new());
        }
        let slot = ((time_us >> (BITS * level as u32)) & MASK) as usize;
        self.nodes[index as usize].next = self.levels[level].put(slot, index);
    }

    /// Takes the entry out before it is due; `None` when it is gone already.
    pub fn remove(&mut self, handle: Handle) -> Option<T> {
        let node = self.nodes.get(handle.index as usize)?;
        if node.generation != handle.generation {
            return None;
        }
        // The node stays linked until its time comes; only the item goes now.
        let item = self.items[handle.index as usize].take()?;
        self.len -= 1;
        Some(item)
    }

    #[must_use]
    pub fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let node = self.nodes.get(handle.index as usize)?;
        if node.generation != handle.generation {
            return None;
        }
        self.items[handle.index as usize].as_mut()
    }

    /// Everything that waits, in no meaningful order, with its time and handle.
    pub fn iter(&self) -> impl Iterator<Item = (Handle, u64, &T)> {
        self.items.iter().zip(&self.nodes).enumerate().filter_map(|(index, (item, node))| {
            let handle = Handle { index: index as u32, generation: node.generation };
            item.as_ref().map(|item| (handle, node.time_us, item))
        })
    }

    /// When the next entry is due, if that is at or before `limit_us`.
    #[inline]
    pub fn next_due(&mut self, limit_us: u64) -> Option<u64> {
        loop {
            while let Some(&index) = self.batch.get(self.batch_next) {
                if self.items[index as usize].is_some() {
                    return (self.batch_time_us <= limit_us).then_some(self.batch_time_us);
                }
                self.batch_next += 1;
                self.release(index);
            }
            if self.len == 0 || !self.fill_batch(limit_us) {
                return None;
            }
        }
    }

    /// Takes the next entry, if it is due at or before `limit_us`.
    #[inline]
    pub fn pop(&mut self, limit_us: u64) -> Option<(u64, T)> {
        self.next_due(limit_us)?;
        let index = self.batch[self.batch_next];
        self.batch_next += 1;
        let item = self.items[index as usize].take()?;
        self.len -= 1;
        self.release(index);
        Some((self.batch_time_us, item))
    }

    #[inline]
    fn release(&mut self, index: u32) {
        let node = &mut self.nodes[index as usize];
        node.generation = node.generation.wrapping_add(1);
        self.free.push(index);
    }

    /// Moves the entries of the next time into the batch; false when that is after `limit_us`.
    fn fill_batch(&mut self, limit_us: u64) -> bool {
        self.batch.clear();
        self.batch_next = 0;
        loop {
            let Some((level, slot)) = self.first_slot() else { return false };
            let shift = BITS * level as u32;
            let above = self.cursor_us.checked_shr(shift + BITS).unwrap_or(0);
            let start_us = above.checked_shl(shift + BITS).unwrap_or(0) | ((slot as u64) << shift);
            if start_us > limit_us {
                return false;
            }
            self.cursor_us = start_us;
            let mut index = self.levels[level].take(slot);
            let first = self.batch.len();
            while index != NONE {
                self.batch.push(index);
                index = self.nodes[index as usize].next;
            }
            self.batch[first..].reverse();
            if level == 0 {
                self.batch_time_us = start_us;
                self.order_by_phase();
                return true;
            }
            if self.move_down() {
                self.batch_time_us = start_us;
                self.order_by_phase();
                return true;
            }
        }
    }

    fn first_slot(&self) -> Option<(usize, usize)> {
        self.levels.iter().enumerate().find_map(|(n, level)| level.first().map(|slot| (n, slot)))
    }

    /// Links the collected entries to lower levels; those due this very moment stay in the batch.
    fn move_down(&mut self) -> bool {
        let collected = std::mem::take(&mut self.batch);
        for &index in &collected {
            let time_us = self.nodes[index as usize].time_us;
            if time_us == self.cursor_us {
                self.batch.push(index);
            } else {
                self.link(index, time_us);
            }
        }
        let due_now = !self.batch.is_empty();
        if !due_now {
            self.batch = collected;
            self.batch.clear();
        }
        due_now
    }

    fn order_by_phase(&mut self) {
        let nodes = &self.nodes;
        let mixed = self
            .batch
            .windows(2)
            .any(|pair| nodes[pair[0] as usize].phase > nodes[pair[1] as usize].phase);
        if mixed {
            self.batch.sort_by_key(|&index| nodes[index as usize].phase);
        }
    }
}
