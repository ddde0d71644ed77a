//! The wall clock, which the engine itself never sees.

/// Seconds since some fixed moment.
#[cfg(not(target_arch = "wasm32"))]
#[must_use]
pub fn seconds() -> f64 {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed().as_secs_f64()
}

/// Seconds since some fixed moment.
#[cfg(target_arch = "wasm32")]
#[must_use]
pub fn seconds() -> f64 {
    use wasm_bindgen::JsCast as _;
    // `performance.now()`; without it time stands still and the rates come out as infinite.
    let performance = js_sys::Reflect::get(&js_sys::global(), &"performance".into());
    let now = performance.and_then(|performance| {
        let now = js_sys::Reflect::get(&performance, &"now".into())?;
        now.unchecked_into::<js_sys::Function>().call0(&performance)
    });
    now.ok().and_then(|now| now.as_f64()).unwrap_or(0.0) / 1_000.0
}

/// The least time of all counts of a row, in seconds, where the shipped module is measured beside the released one: a browser
/// compiles for good only what it has seen run for a while.
pub const WHILE_S: f64 = 1.0;

/// The fastest of at least three counts, and of as many as fit into so many seconds.
pub fn fastest<T>(
    least_s: f64,
    mut count: impl FnMut() -> T,
    milliseconds: impl Fn(&T) -> f64,
) -> T {
    let start_s = seconds();
    let mut best = count();
    let mut counts = 1;
    while counts < 3 || seconds() - start_s < least_s {
        let next = count();
        if milliseconds(&next) < milliseconds(&best) {
            best = next;
        }
        counts += 1;
    }
    best
}
