//! From a frame to what is drawn and said, still plain data: no DOM, no signals.

pub mod sentence;
