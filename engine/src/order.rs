//! Stable sorting by two numbers.

/// Sorts by the key; what has the same key stays in the order it was in.
pub fn sort_by_key<T>(items: &mut [T], key: impl Fn(&T) -> (u64, u64)) {
    items.sort_by_key(key);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_stay_in_their_order() {
        let mut items = vec!["ccc", "a", "bb", "dd", "e", "", "ff"];
        sort_by_key(&mut items, |text| (text.len() as u64, 0));
        assert_eq!(items, ["", "a", "e", "bb", "dd", "ff", "ccc"]);
        sort_by_key(&mut items, |text| (0, u64::MAX - text.len() as u64));
        assert_eq!(items, ["ccc", "bb", "dd", "ff", "a", "e", ""]);
        sort_by_key(&mut Vec::<u8>::new(), |_| (0, 0));
    }
}
