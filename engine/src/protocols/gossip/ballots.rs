//! The ballots an agent knows, by the places of their voters in the electorate: two bits each. Every
//! voter has one place, so that none can count twice, and to take in what another knows is a union.

use serde::{Serialize, Serializer};

use crate::common::consensus::ballot::Vote;

/// Ballots in one byte.
const PER_BYTE: usize = 4;
/// The lower bit of each ballot.
const LOW: u8 = 0b0101_0101;

/// The same of eight bytes.
const LOW_WORD: u64 = u64::from_ne_bytes([LOW; 8]);

/// Two bits per voter: nothing, FOR, AGAINST, ABSTAIN. Bits beyond the end count as nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ballots {
    bytes: Vec<u8>,
}

/// Whose ballots are known: one bit per voter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Voters {
    bytes: Vec<u8>,
}

impl Serialize for Ballots {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

impl Serialize for Voters {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes)
    }
}

/// Both bits of every ballot that is there.
fn known(byte: u8) -> u8 {
    ((byte | byte >> 1) & LOW) * 3
}

impl Ballots {
    #[must_use]
    pub fn get(&self, place: usize) -> Option<Vote> {
        let byte = self.bytes.get(place / PER_BYTE)?;
        match byte >> (2 * (place % PER_BYTE)) & 3 {
            1 => Some(Vote::For),
            2 => Some(Vote::Against),
            3 => Some(Vote::Abstain),
            _ => None,
        }
    }

    /// Puts a ballot at a place, whatever was there.
    pub fn set(&mut self, place: usize, vote: Vote) {
        if self.bytes.len() <= place / PER_BYTE {
            self.bytes.resize(place / PER_BYTE + 1, 0);
        }
        let (byte, shift) = (&mut self.bytes[place / PER_BYTE], 2 * (place % PER_BYTE));
        *byte = *byte & !(3 << shift) | (vote as u8 + 1) << shift;
    }

    /// Takes in what another knows, the first ballot of each voter counting (C2); gives what was new.
    pub fn take_in(&mut self, others: &Self) -> [u32; 3] {
        if self.bytes.len() < others.bytes.len() {
            self.bytes.resize(others.bytes.len(), 0);
        }
        let mut fresh = [0; 3];
        for (own, other) in self.bytes.iter_mut().zip(&others.bytes) {
            let new = other & !known(*own);
            *own |= new;
            if new != 0 {
                add(new, &mut fresh);
            }
        }
        fresh
    }

    /// Whether another knows no ballot that is not here. Eight bytes at a time: it is asked of every message
    /// of a frame.
    #[must_use]
    pub fn has_all_of(&self, others: &Self) -> bool {
        let (own, other) = (&self.bytes, &others.bytes);
        // The last byte that is kept is of a ballot, mostly.
        if other.len() > own.len() && other.last() != Some(&0) {
            return false;
        }
        let of_word = |word: u64| (word | word >> 1) & LOW_WORD;
        let (own_words, other_words) = (own.as_chunks::<8>().0, other.as_chunks::<8>().0);
        for (own, other) in own_words.iter().zip(other_words) {
            if of_word(u64::from_le_bytes(*other)) & !of_word(u64::from_le_bytes(*own)) != 0 {
                return false;
            }
        }
        let done = 8 * own_words.len().min(other_words.len());
        let mut rest = (done..).zip(&other[done..]);
        rest.all(|(place, byte)| known(*byte) & !known(own.get(place).copied().unwrap_or(0)) == 0)
    }

    /// How many say FOR, AGAINST and ABSTAIN, counted anew.
    #[must_use]
    pub fn count(&self) -> [u32; 3] {
        let mut counts = [0; 3];
        self.bytes.iter().for_each(|byte| add(*byte, &mut counts));
        counts
    }

    /// Whose ballots are here.
    #[must_use]
    pub fn voters(&self) -> Voters {
        let bits = |byte: u8| (0..4).fold(0, |bits, it| bits | (known(byte) >> (2 * it) & 1) << it);
        let pair = |pair: &[u8]| bits(pair[0]) | bits(pair.get(1).copied().unwrap_or(0)) << 4;
        Voters { bytes: self.bytes.chunks(2).map(pair).collect() }
    }

    /// The ballots of all voters but these.
    #[must_use]
    pub fn without(&self, voters: &Voters) -> Self {
        let mut bytes = self.bytes.clone();
        for (place, byte) in bytes.iter_mut().enumerate() {
            let half = voters.bytes.get(place / 2).copied().unwrap_or(0) >> (place % 2 * 4);
            let taken = (0..4).fold(0, |taken, it| taken | (half >> it & 1) << (2 * it));
            *byte &= !(taken * 3);
        }
        while bytes.last() == Some(&0) {
            bytes.pop();
        }
        Self { bytes }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.iter().all(|byte| *byte == 0)
    }

    /// Whether no ballot is beyond so many places.
    #[must_use]
    pub fn fits(&self, places: usize) -> bool {
        let end = self.bytes.len() * PER_BYTE;
        self.bytes.len() <= places.div_ceil(PER_BYTE)
            && (places..end).all(|place| self.get(place).is_none())
    }
}

/// Adds the ballots of one byte to FOR, AGAINST and ABSTAIN.
fn add(byte: u8, counts: &mut [u32; 3]) {
    let (low, high) = (byte & LOW, byte >> 1 & LOW);
    counts[0] += (low & !high).count_ones();
    counts[1] += (high & !low).count_ones();
    counts[2] += (low & high).count_ones();
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By places: + FOR, - AGAINST, 0 ABSTAIN, a dot for nothing.
    fn ballots(text: &str) -> Ballots {
        let mut ballots = Ballots::default();
        for (place, sign) in text.chars().enumerate() {
            match sign {
                '+' => ballots.set(place, Vote::For),
                '-' => ballots.set(place, Vote::Against),
                '0' => ballots.set(place, Vote::Abstain),
                _ => {}
            }
        }
        ballots
    }

    #[test]
    fn every_voter_counts_once_and_the_first_ballot_stays() {
        let mut known = ballots("+.-0..");
        assert_eq!(known.take_in(&ballots("+.-0..")), [0, 0, 0], "the same again");
        assert_eq!(known.take_in(&ballots("-+0+.")), [1, 0, 0], "other ballots of known voters");
        assert_eq!(known.count(), [2, 1, 1]);
        assert_eq!(known.take_in(&ballots(".....-0+")), [1, 1, 1]);
        assert_eq!(known, ballots("++-0.-0+"));
    }

    #[test]
    fn what_another_lacks_is_what_it_does_not_name() {
        let known = ballots("+-0.+-0.+-");
        for other in ["..........", "+", ".-0.", "+-0.+-0.+-", "++++++++++", "....+...........+"] {
            let lacking = known.without(&ballots(other).voters());
            for place in 0..20 {
                let expected = known.get(place).filter(|_| ballots(other).get(place).is_none());
                assert_eq!(lacking.get(place), expected, "{other} at {place}");
            }
        }
    }

    #[test]
    fn what_brings_no_ballot_is_a_repeat() {
        let long = format!("{}+", ".".repeat(70));
        for own in ["", "+-0.+-0.+-", "++++++++++++++++++++++++++++++++++", &long] {
            for other in
                ["", "+", "...-", "-+..-", "+-0.+-0.+-..", ".........................+", &long]
            {
                let (own, other) = (ballots(own), ballots(other));
                let fresh: u32 = own.clone().take_in(&other).iter().sum();
                assert_eq!(own.has_all_of(&other), fresh == 0, "{own:?} {other:?}");
            }
        }
    }

    #[test]
    fn ballots_of_nobody_do_not_fit() {
        assert!(ballots("+++++").fits(5) && ballots("").fits(0) && ballots("+").fits(9));
        assert!(!ballots("+++++").fits(4) && !ballots("........+").fits(8));
        assert!(!ballots("...-").fits(3));
    }

    #[test]
    fn two_bits_are_two_bits_on_a_link() {
        let hundred = ballots(&"+".repeat(100));
        assert_eq!(postcard::to_allocvec(&hundred).unwrap().len(), 1 + 25);
        assert_eq!(postcard::to_allocvec(&hundred.voters()).unwrap().len(), 1 + 13);
    }
}
