//! Work by itself: [`rules`] over random cases, [`setup`] from files.
#![cfg(not(target_arch = "wasm32"))]

mod rules;
mod setup;
