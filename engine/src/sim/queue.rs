//! The queue of pending entries: a hierarchical timing wheel (Varghese & Lauck 1987) whose order is exactly
//! (time, phase, sequence of pushes).
//!
//! Level 0 has one microsecond per slot; every slot of a level covers a whole turn of the level
//! below. An entry lies on the lowest level that can tell it from the present, and moves down when
//! the present reaches its slot, before anything can be pushed behind it: so entries of one time
//! keep the order of their pushes, and no comparison is ever made.

use super::fetch::fetch;

const BITS: u32 = 12;
const SLOTS: usize = 1 << BITS;
const MASK: u64 = SLOTS as u64 - 1;
const WORDS: usize = SLOTS / 64;

/// How many entries ahead their times are fetched when they move down.
const MOVE_AHEAD: usize = 16;

/// With so many entries it has outgrown the caches.
const LARGE: usize = 1 << 15;

/// How many places ahead the next free ones are fetched.
const KEEP_AHEAD: usize = 8;

/// How many entries of an instant to come are fetched; the others, when that instant has come.
const DUE_MOST: usize = 16;

/// Names an entry until it is taken or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handle {
    index: u32,
    generation: u32,
}

/// An entry as it lies in a slot: the index of its item, and above it its phase. As small as can be,
/// because the slots of a large swarm do not fit the caches.
#[derive(Clone, Copy, Debug)]
struct Entry(u32);

const PHASE_SHIFT: u32 = 30;
/// Phases are numbered below this.
pub const PHASES: u8 = 1 << (32 - PHASE_SHIFT);

impl Entry {
    #[inline(always)]
    fn new(index: u32, phase: u8) -> Self {
        Self(index | (u32::from(phase) << PHASE_SHIFT))
    }

    #[inline(always)]
    fn index(self) -> u32 {
        self.0 & ((1 << PHASE_SHIFT) - 1)
    }

    #[inline(always)]
    fn phase(self) -> u32 {
        self.0 >> PHASE_SHIFT
    }
}

/// Where the item of an entry is kept; the first and the last field are on its outer cache lines.
#[derive(Clone, Debug)]
#[repr(C, align(64))]
struct Kept<T> {
    generation: u32,
    item: Option<T>,
    time_us: u64,
}

/// One level: per slot its entries in the order they were pushed, and which slots have any.
#[derive(Clone, Debug)]
struct Level {
    slots: Vec<Vec<Entry>>,
    occupied: [u64; WORDS],
    /// One bit per word of `occupied` that is not zero.
    summary: u64,
}

impl Level {
    #[inline]
    fn new() -> Self {
        // Not `vec![Vec::new(); SLOTS]`, which clones one after the other.
        let mut slots = Vec::new();
        slots.resize_with(SLOTS, Vec::new);
        Self { slots, occupied: [0; WORDS], summary: 0 }
    }

    #[inline]
    fn first(&self) -> Option<usize> {
        if self.summary == 0 {
            return None;
        }
        let word = self.summary.trailing_zeros() as usize;
        Some(word * 64 + self.occupied[word].trailing_zeros() as usize)
    }

    /// Swaps the entries of the slot for an empty vector, whose memory the slot uses next.
    #[inline]
    fn take(&mut self, slot: usize, entries: &mut Vec<Entry>) {
        let word = slot / 64;
        self.occupied[word] &= !(1 << (slot % 64));
        if self.occupied[word] == 0 {
            self.summary &= !(1 << word);
        }
        std::mem::swap(&mut self.slots[slot], entries);
    }

    #[inline(always)]
    fn put(&mut self, slot: usize, entry: Entry) {
        self.occupied[slot / 64] |= 1 << (slot % 64);
        self.summary |= 1 << (slot / 64);
        self.slots[slot].push(entry);
    }
}

/// A queue of things that are due at a time.
#[derive(Clone, Debug)]
pub struct Queue<T> {
    kept: Vec<Kept<T>>,
    free: Vec<u32>,
    /// Levels above 0 exist from the first entry that needs them.
    levels: Vec<Level>,
    /// No entry on the wheel is due at or before this time.
    cursor_us: u64,
    /// The entries due at one instant, in order; from `batch_next` on they still wait.
    batch: Vec<Entry>,
    batch_next: usize,
    /// The entries of a slot on their way to lower levels; empty in between.
    moving: Vec<Entry>,
    len: usize,
}

impl<T> Default for Queue<T> {
    #[inline]
    fn default() -> Self {
        Self {
            kept: Vec::new(),
            free: Vec::new(),
            levels: vec![Level::new()],
            cursor_us: 0,
            batch: Vec::new(),
            batch_next: 0,
            moving: Vec::new(),
            len: 0,
        }
    }
}

impl<T> Queue<T> {
    /// How many entries wait, removed ones not counted.
    #[must_use]
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Adds an entry due at `time_us`; among those of one time, lower phases come first.
    ///
    /// # Panics
    /// When `time_us` is not after the time last popped, or there is no such phase: the kernel has
    /// broken its own rule.
    #[inline(always)]
    pub fn push(&mut self, time_us: u64, phase: u8, item: T) -> Handle {
        let handle = self.keep(item);
        self.schedule(handle, time_us, phase);
        handle
    }

    /// Keeps an item that has no time yet: [`Queue::schedule`] it or [`Queue::take`] it. So an item is
    /// written where it stays until it is taken.
    #[inline(always)]
    pub fn keep(&mut self, item: T) -> Handle {
        if let Some(index) = self.free.pop() {
            if self.is_large()
                && let Some(later) = self.free.len().checked_sub(KEEP_AHEAD)
            {
                self.fetch_kept(self.free[later]);
            }
            let kept = &mut self.kept[index as usize];
            kept.item = Some(item);
            return Handle { index, generation: kept.generation };
        }
        let index = self.kept.len() as u32;
        assert!(index >> PHASE_SHIFT == 0, "a thousand million entries fit");
        self.kept.push(Kept { item: Some(item), time_us: u64::MAX, generation: 0 });
        Handle { index, generation: 0 }
    }

    /// Makes an item that is only kept due at `time_us`, behind all that were scheduled before.
    ///
    /// # Panics
    /// As [`Queue::push`].
    #[inline(always)]
    pub fn schedule(&mut self, handle: Handle, time_us: u64, phase: u8) {
        assert!(time_us > self.cursor_us, "nothing may be pushed into the present or the past");
        assert!(phase < PHASES, "there are {PHASES} phases");
        self.kept[handle.index as usize].time_us = time_us;
        self.link(time_us, Entry::new(handle.index, phase));
        self.len += 1;
    }

    /// Takes an item that is kept without a time or was popped.
    #[inline(always)]
    pub fn take(&mut self, handle: Handle) -> Option<T> {
        let kept = self.kept.get_mut(handle.index as usize)?;
        if kept.generation != handle.generation {
            return None;
        }
        kept.generation = kept.generation.wrapping_add(1);
        self.free.push(handle.index);
        kept.item.take()
    }

    #[inline(always)]
    fn link(&mut self, time_us: u64, entry: Entry) {
        let differing = 63 - ((time_us ^ self.cursor_us) | 1).leading_zeros();
        let level = (differing / BITS) as usize;
        while self.levels.len() <= level {
            self.levels.push(Level::new());
        }
        let slot = ((time_us >> (BITS * level as u32)) & MASK) as usize;
        self.levels[level].put(slot, entry);
    }

    #[inline]
    fn find(&self, handle: Handle) -> Option<&Kept<T>> {
        self.kept.get(handle.index as usize).filter(|kept| kept.generation == handle.generation)
    }

    /// Takes the entry out before it is due; `None` when it is gone already.
    #[inline]
    pub fn remove(&mut self, handle: Handle) -> Option<T> {
        self.find(handle)?;
        // The entry stays in its slot until its time comes; only the item goes now.
        let item = self.kept[handle.index as usize].item.take()?;
        self.len -= 1;
        Some(item)
    }

    /// The entry's item, while it waits.
    #[must_use]
    #[inline]
    pub fn get(&self, handle: Handle) -> Option<&T> {
        self.find(handle)?.item.as_ref()
    }

    /// The same, to be changed.
    #[inline(always)]
    pub fn get_mut(&mut self, handle: Handle) -> Option<&mut T> {
        let kept = self.kept.get_mut(handle.index as usize)?;
        if kept.generation == handle.generation { kept.item.as_mut() } else { None }
    }

    /// Everything that waits, in no meaningful order, with its handle and time.
    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = (Handle, u64, &T)> {
        (0..).zip(&self.kept).filter_map(|(index, kept)| {
            let handle = Handle { index, generation: kept.generation };
            kept.item.as_ref().map(|item| (handle, kept.time_us, item))
        })
    }

    /// Lets memory fetch the item that comes after `ahead` others, if it is due at the same instant
    /// as the next one.
    #[inline(always)]
    pub fn fetch(&self, ahead: usize) {
        if let Some(entry) = self.batch.get(self.batch_next + ahead) {
            self.fetch_kept(entry.index());
        }
    }

    #[inline(always)]
    fn fetch_kept(&self, index: u32) {
        let kept = &self.kept[index as usize];
        fetch(&kept.generation);
        fetch(&kept.time_us);
    }

    /// Whether it has outgrown the caches, so that it pays to look far ahead.
    #[must_use]
    #[inline(always)]
    pub fn is_large(&self) -> bool {
        self.kept.len() >= LARGE
    }

    /// Lets memory fetch what is due `ahead_us` after the present instant, a few items of it.
    #[inline(always)]
    pub fn fetch_due(&self, ahead_us: u64) {
        for entry in self.due_in(ahead_us) {
            self.fetch_kept(entry.index());
        }
    }

    /// A few of the items that are due `ahead_us` after the present instant: a hint, as
    /// [`Queue::upcoming`].
    #[inline(always)]
    pub fn upcoming_in(&self, ahead_us: u64) -> impl Iterator<Item = &T> {
        let kept = |entry: &Entry| self.kept[entry.index() as usize].item.as_ref();
        self.due_in(ahead_us).iter().filter_map(kept)
    }

    #[inline(always)]
    fn due_in(&self, ahead_us: u64) -> &[Entry] {
        let slot = (self.cursor_us & MASK) + ahead_us;
        let entries = self.levels[0].slots.get(slot as usize).map_or(&[][..], Vec::as_slice);
        &entries[..entries.len().min(DUE_MOST)]
    }

    /// The item that comes after `ahead` others, if it is due at the same instant as the next one:
    /// a hint for what to have at hand.
    #[must_use]
    #[inline]
    pub fn upcoming(&self, ahead: usize) -> Option<&T> {
        let entry = self.batch.get(self.batch_next + ahead)?;
        self.kept[entry.index() as usize].item.as_ref()
    }

    /// The place of the next entry among those of its instant.
    #[must_use]
    #[inline]
    pub fn place(&self) -> usize {
        self.batch_next
    }

    /// Moves on to the next entry, if it is due at or before `limit_us`; [`Queue::take`] its item.
    #[inline(always)]
    pub fn pop(&mut self, limit_us: u64) -> Option<(u64, Handle)> {
        loop {
            while let Some(entry) = self.batch.get(self.batch_next) {
                let time_us = self.cursor_us;
                if time_us > limit_us {
                    return None;
                }
                let index = entry.index();
                self.batch_next += 1;
                let kept = &mut self.kept[index as usize];
                if kept.item.is_some() {
                    self.len -= 1;
                    return Some((time_us, Handle { index, generation: kept.generation }));
                }
                kept.generation = kept.generation.wrapping_add(1);
                self.free.push(index);
            }
            if self.len == 0 || !self.fill_batch(limit_us) {
                return None;
            }
        }
    }

    /// Moves the entries of the next time into the batch; false when that is after `limit_us`.
    #[inline(never)]
    fn fill_batch(&mut self, limit_us: u64) -> bool {
        self.batch.clear();
        self.batch_next = 0;
        while self.batch.is_empty() {
            let Some((level, slot)) = self.first_slot() else { return false };
            let shift = BITS * level as u32;
            let above = self.cursor_us.checked_shr(shift + BITS).unwrap_or(0);
            let start_us = above.checked_shl(shift + BITS).unwrap_or(0) | ((slot as u64) << shift);
            if start_us > limit_us {
                return false;
            }
            self.cursor_us = start_us;
            if level == 0 {
                self.levels[0].take(slot, &mut self.batch);
            } else {
                self.move_down(level, slot);
            }
        }
        self.order_by_phase();
        true
    }

    /// Lower phases first, within a phase in the order of the pushes. There are few phases, so one
    /// pass over the batch per phase is less work than to sort.
    #[inline]
    fn order_by_phase(&mut self) {
        let phases = self.batch.iter().map(|entry| entry.phase());
        let (lowest, highest) = phases.fold((u32::MAX, 0), |(lowest, highest), phase| {
            (lowest.min(phase), highest.max(phase))
        });
        if lowest < highest {
            for phase in lowest..=highest {
                self.moving.extend(self.batch.iter().filter(|entry| entry.phase() == phase));
            }
            std::mem::swap(&mut self.batch, &mut self.moving);
            self.moving.clear();
        }
    }

    #[inline]
    fn first_slot(&self) -> Option<(usize, usize)> {
        self.levels.iter().enumerate().find_map(|(n, level)| level.first().map(|slot| (n, slot)))
    }

    /// Moves the entries of a slot to lower levels; those due at its very start into the batch.
    #[inline]
    fn move_down(&mut self, level: usize, slot: usize) {
        let mut moving = std::mem::take(&mut self.moving);
        self.levels[level].take(slot, &mut moving);
        for (place, entry) in moving.iter().enumerate() {
            if let Some(later) = moving.get(place + MOVE_AHEAD) {
                fetch(&self.kept[later.index() as usize].time_us);
            }
            let time_us = self.kept[entry.index() as usize].time_us;
            if time_us == self.cursor_us {
                self.batch.push(*entry);
            } else {
                self.link(time_us, *entry);
            }
        }
        moving.clear();
        self.moving = moving;
    }
}
