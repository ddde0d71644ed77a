//! Stable sorting by two numbers: the standard library's sort is compiled once, for keys with the places of their items,
//! instead of once for each type that is sorted. It takes longer that way: where many are sorted all the time, as bids are, the
//! standard sort stands by itself.

/// Sorts by the key; items with the same key stay in their order.
#[inline]
pub fn sort_by_key<T>(items: &mut [T], key: impl Fn(&T) -> (u64, u64)) {
    let mut order: Vec<((u64, u64), usize)> =
        items.iter().enumerate().map(|(place, item)| (key(item), place)).collect();
    put_in_order(&mut order);
    for to in 0..order.len() {
        // An item before this place was swapped away from there already, to where its own came from.
        let mut from = order[to].1;
        while from < to {
            from = order[from].1;
        }
        items.swap(to, from);
    }
}

#[inline(never)]
fn put_in_order(order: &mut [((u64, u64), usize)]) {
    order.sort_unstable();
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
