//! The protocol as the rest of the house sees it.
