//! swarmglass: in the browser the page, natively the command line.

#[cfg(target_arch = "wasm32")]
mod app;

#[cfg(target_arch = "wasm32")]
fn main() {
    app::on_panic();
    app::mount();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {}
