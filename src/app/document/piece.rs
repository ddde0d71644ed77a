//! Pieces of documents: each is drawn anew only when what it shows has changed, and nothing is copied to find out.

use std::sync::Arc;

use engine::protocol::document::Document;
use leptos::prelude::*;

use crate::app::controls::{Item, each, live};

/// A document that may change, as long as it is there.
pub(super) type Shown = Memo<Option<Arc<Document>>>;

/// Finds a piece by the place of its block, and by its own place in that.
pub(super) type Find<T> = fn(&Document, [usize; 2]) -> Option<&T>;

/// A piece of a document as it was at one time.
pub(super) struct Piece<T: 'static> {
    document: Option<Arc<Document>>,
    at: [usize; 2],
    find: Find<T>,
    /// Whether two of them look the same.
    is_same: fn(&T, &T) -> bool,
}

impl<T> Piece<T> {
    pub(super) fn get(&self) -> Option<&T> {
        (self.find)(self.document.as_deref()?, self.at)
    }
}

impl<T> PartialEq for Piece<T> {
    fn eq(&self, other: &Self) -> bool {
        let pointers = self.document.as_ref().zip(other.document.as_ref());
        if pointers.is_some_and(|(own, other)| Arc::ptr_eq(own, other)) {
            return true;
        }
        match (self.get(), other.get()) {
            (Some(own), Some(other)) => (self.is_same)(own, other),
            (own, other) => own.is_none() && other.is_none(),
        }
    }
}

/// Follows a piece; it tells only when the piece looks different.
pub(super) fn follow<T: 'static>(
    shown: Shown,
    at: [usize; 2],
    find: Find<T>,
    is_same: fn(&T, &T) -> bool,
) -> Memo<Piece<T>> {
    Memo::new(move |_| Piece { document: shown.get(), at, find, is_same })
}

/// A piece, drawn in place.
pub(super) fn piece<T: PartialEq + 'static>(
    shown: Shown,
    at: [usize; 2],
    find: Find<T>,
    draw: impl Fn(&T) -> AnyView + Send + 'static,
) -> AnyView {
    let piece = follow(shown, at, find, T::eq);
    live(move || piece.with(|piece| piece.get().map(&draw)))
}

/// As many pieces as a block has, one after the other.
pub(super) fn pieces<T: PartialEq + 'static>(
    shown: Shown,
    block: usize,
    count: fn(&Document, usize) -> usize,
    find: Find<T>,
    draw: impl Fn(usize, &T) -> AnyView + Copy + Send + Sync + 'static,
) -> AnyView {
    let count = Memo::new(move |_| shown.with(|it| it.as_ref().map_or(0, |it| count(it, block))));
    let items = move || {
        let one = |place: usize| -> Item {
            let look = move || piece(shown, [block, place], find, move |it| draw(place, it));
            (place.to_string(), Box::new(look))
        };
        (0..count.get()).map(one).collect()
    };
    each(items)
}
