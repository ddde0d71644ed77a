//! A hint that memory will be read soon. Changes nothing but the time it takes.

/// Lets memory fetch the cache line on which `value` begins.
#[inline(always)]
pub fn fetch<T: Copy>(value: &T) {
    if cfg!(target_arch = "wasm32") {
        // There is no instruction for it: a read that nothing waits for does nearly as well.
        std::hint::black_box(*value);
    } else {
        prefetch_index::prefetch_index(std::slice::from_ref(value), 0);
    }
}
