//! The page.

use leptos::prelude::*;

/// Puts the page into the document's body.
pub fn mount() {
    mount_to_body(|| view! { <main>"swarmglass"</main> });
}
