//! A vector in chunks that checkpoints share until one of them writes: a checkpoint of a large swarm in which
//! little happens is cheap, and a write to a chunk of one's own is free.

use std::sync::Arc;

/// Items per chunk: small enough that a first write copies little, large enough that a checkpoint
/// copies few pointers.
const CHUNK: usize = 64;

#[derive(Clone, Debug)]
enum Chunk<T> {
    Own(Vec<T>),
    Shared(Arc<Vec<T>>),
}

/// A growing vector with copy-on-write chunks.
#[derive(Clone, Debug)]
pub struct Chunks<T> {
    chunks: Vec<Chunk<T>>,
    len: usize,
}

impl<T> Default for Chunks<T> {
    #[inline]
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Chunks<T> {
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

    #[inline]
    pub fn push(&mut self, item: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Chunk::Own(Vec::with_capacity(CHUNK)));
        }
        if let Some(last) = self.chunks.last_mut() {
            last.own().push(item);
            self.len += 1;
        }
    }

    /// # Panics
    /// When `index` is out of bounds: indices are the kernel's own.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> &T {
        &self.chunks[index / CHUNK].items()[index % CHUNK]
    }

    /// The item, after its chunk is made this vector's own.
    ///
    /// # Panics
    /// When `index` is out of bounds: indices are the kernel's own.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> &mut T {
        &mut self.chunks[index / CHUNK].own()[index % CHUNK]
    }

    #[inline]
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.items().iter())
    }

    /// A copy that shares all chunks with this one, until either writes to them.
    #[must_use]
    #[inline]
    pub fn share(&mut self) -> Self {
        for chunk in &mut self.chunks {
            chunk.share();
        }
        self.clone()
    }
}

impl<T: Clone> Chunk<T> {
    #[inline]
    fn items(&self) -> &[T] {
        match self {
            Self::Own(items) => items,
            Self::Shared(items) => items,
        }
    }

    #[inline]
    fn own(&mut self) -> &mut Vec<T> {
        if let Self::Shared(_) = self {
            self.copy();
        }
        match self {
            Self::Own(items) => items,
            Self::Shared(_) => unreachable!("it was made its own just now"),
        }
    }

    #[cold]
    fn copy(&mut self) {
        if let Self::Shared(items) = self {
            let items = std::mem::take(items);
            *self = Self::Own(Arc::try_unwrap(items).unwrap_or_else(|items| (*items).clone()));
        }
    }

    #[inline]
    fn share(&mut self) {
        if let Self::Own(items) = self {
            *self = Self::Shared(Arc::new(std::mem::take(items)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Chunks;

    #[test]
    fn a_shared_copy_keeps_what_it_saw() {
        let mut numbers = Chunks::default();
        (0..200).for_each(|n| numbers.push(n));
        let before = numbers.share();
        *numbers.get_mut(130) = 7;
        numbers.push(200);
        assert_eq!((*before.get(130), *numbers.get(130), numbers.len()), (130, 7, 201));
        assert!(before.iter().copied().eq(0..200));
        let mut other = before;
        *other.get_mut(0) = 9;
        assert_eq!((*other.get(0), *numbers.get(0)), (9, 0));
    }
}
