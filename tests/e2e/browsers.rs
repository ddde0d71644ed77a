//! Browsers go from test to test: starting one takes longer than most tests do.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use anyhow::Result;
use xtask::browser::Browser;

/// Those that no test uses at the moment. Closed when the last running test has let go: what is static is never dropped,
/// and browsers would outlive the tests.
#[derive(Default)]
struct Idle(Mutex<Vec<Browser>>);

static IDLE: Mutex<Weak<Idle>> = Mutex::new(Weak::new());

impl Idle {
    fn shared() -> Arc<Self> {
        let mut shared = lock(&IDLE);
        shared.upgrade().unwrap_or_else(|| {
            let idle = Arc::new(Self::default());
            *shared = Arc::downgrade(&idle);
            idle
        })
    }
}

/// Lends a browser with an empty tab and nothing kept. One whose test fails is closed, whatever state it is in.
pub fn with_browser<T>(check: impl FnOnce(&Browser) -> Result<T>) -> Result<T> {
    let idle = Idle::shared();
    let left = lock(&idle.0).pop();
    let browser = left.map_or_else(Browser::open, Ok)?;
    let outcome = check(&browser)?;
    if browser.renew().is_ok() {
        lock(&idle.0).push(browser);
    }
    Ok(outcome)
}

/// A test that panics holds no lock, so what is in there is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
