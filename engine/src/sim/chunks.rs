//! A vector in chunks that clones share until one of them writes: what makes a checkpoint of a
//! large swarm in which little happens cheap.

use std::sync::Arc;

/// Items per chunk: small enough that a write copies little, large enough that a clone copies few
/// pointers.
const CHUNK: usize = 64;

/// A growing vector with copy-on-write chunks.
#[derive(Clone, Debug)]
pub struct Chunks<T> {
    chunks: Vec<Arc<Vec<T>>>,
    len: usize,
}

impl<T> Default for Chunks<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), len: 0 }
    }
}

impl<T: Clone> Chunks<T> {
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn push(&mut self, item: T) {
        if self.len.is_multiple_of(CHUNK) {
            self.chunks.push(Arc::new(Vec::with_capacity(CHUNK)));
        }
        if let Some(last) = self.chunks.last_mut() {
            Arc::make_mut(last).push(item);
            self.len += 1;
        }
    }

    /// # Panics
    /// When `index` is out of bounds: indices are the kernel's own.
    #[must_use]
    #[inline]
    pub fn get(&self, index: usize) -> &T {
        &self.chunks[index / CHUNK][index % CHUNK]
    }

    /// The item, after its chunk is made this vector's own.
    ///
    /// # Panics
    /// When `index` is out of bounds: indices are the kernel's own.
    #[inline]
    pub fn get_mut(&mut self, index: usize) -> &mut T {
        &mut Arc::make_mut(&mut self.chunks[index / CHUNK])[index % CHUNK]
    }

    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.chunks.iter().flat_map(|chunk| chunk.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::Chunks;

    #[test]
    fn a_clone_keeps_what_it_saw() {
        let mut numbers = Chunks::default();
        (0..200).for_each(|n| numbers.push(n));
        let before = numbers.clone();
        *numbers.get_mut(130) = 7;
        assert_eq!((*before.get(130), *numbers.get(130), numbers.len()), (130, 7, 200));
        assert!(before.iter().copied().eq(0..200));
    }
}
