//! swarmglass: in the browser the page, natively the command line.

#[cfg(target_arch = "wasm32")]
mod app;

#[cfg(target_arch = "wasm32")]
fn main() {
    console_error_panic_hook::set_once();
    app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
