//! Numbers for the trace hash: fields are taken in one after the other, so that none can hide behind
//! another.

/// The words taken in so far, as one number. Fields are whole words in a fixed order; two digests of the same
/// number of words that differ in one word always differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Digest {
    /// The digest of a thing of this kind, by a [`tag`], before any field.
    #[must_use]
    #[inline(always)]
    pub const fn of(tag: u64) -> Self {
        Self(tag.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// Takes in one field. Both steps can be undone for a known field or a known digest, which is why a
    /// difference in one field never gets lost.
    #[must_use]
    #[inline(always)]
    pub const fn word(self, field: u64) -> Self {
        Self((self.0.rotate_left(23) ^ field).wrapping_mul(0x2545_f491_4f6c_dd1d))
    }

    /// The number so far.
    #[must_use]
    #[inline(always)]
    pub const fn number(self) -> u64 {
        self.0 ^ (self.0 >> 31)
    }
}

/// A number that stands for a name ("vote.opened"): FNV-1a, for use in constants. It stays what it is
/// wherever the name stands in a list.
#[must_use]
#[inline]
pub const fn tag(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut number = 0xcbf2_9ce4_8422_2325_u64;
    let mut place = 0;
    while place < bytes.len() {
        number = (number ^ bytes[place] as u64).wrapping_mul(0x0100_0000_01b3);
        place += 1;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_do_not_overlap() {
        let mut seen = std::collections::BTreeSet::new();
        let fields = [0, 1, 2, 3, 1 << 8, 1 << 16, 1 << 32, 1 << 48, 1 << 63, u64::MAX];
        for kind in ["a", "b", "ab"] {
            for first in fields {
                for second in fields {
                    let digest = Digest::of(tag(kind)).word(first).word(second);
                    assert!(seen.insert(digest.number()), "{kind} {first} {second}");
                }
            }
        }
    }

    #[test]
    fn a_tag_is_fnv_1a() {
        // Published test vectors.
        assert_eq!(tag(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(tag("foobar"), 0x8594_4171_f739_67e8);
    }
}
