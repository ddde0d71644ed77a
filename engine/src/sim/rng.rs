//! Named random streams. One seed gives every purpose its own stream, so that a draw more in one
//! place changes nothing in another (K1).
//!
//! The generator is named (xoshiro256++, Blackman & Vigna 2019) because `StdRng` and `SmallRng`
//! differ between platforms and versions; sampling is by integers only.

use rand_xoshiro::rand_core::{Rng as _, SeedableRng as _};
use rand_xoshiro::{SplitMix64, Xoshiro256PlusPlus};

/// The purpose of a stream of random numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    Link = 2,
    Agent = 3,
    /// The draws that a scenario leaves to chance before it starts.
    Plan = 4,
}

/// The output of SplitMix64 (Steele, Lea & Flood 2014) for the state `x`: a bijective mixer.
#[must_use]
#[inline]
pub fn mix(x: u64) -> u64 {
    SplitMix64::seed_from_u64(x).next_u64()
}

/// The stream of one purpose and one entity (an agent's number, say).
#[must_use]
#[inline]
pub fn stream(seed: u64, purpose: Purpose, entity: u64) -> Xoshiro256PlusPlus {
    Xoshiro256PlusPlus::seed_from_u64(mix(mix(seed ^ ((purpose as u64) << 56)) ^ entity))
}

/// Draws that are a pure function of (seed, link, message number): removing one message leaves
/// the draws of all others as they were.
///
/// The three are combined linearly with odd constants and then mixed, as a counter-based generator
/// does (Salmon et al. 2011), so that two draws depend on each other in no way that shows.
#[derive(Clone, Copy, Debug)]
pub struct LinkDraws {
    state: u64,
}

impl LinkDraws {
    #[must_use]
    #[inline]
    pub fn new(seed: u64, from: u32, to: u32, number: u64) -> Self {
        let link = (u64::from(from) << 32) | u64::from(to);
        let purpose = (Purpose::Link as u64) << 56;
        Self {
            state: (seed ^ purpose).wrapping_mul(0xd6e8_feb8_6659_fd93)
                ^ link.wrapping_mul(0xff51_afd7_ed55_8ccd)
                ^ number.wrapping_mul(0xc4ce_b9fe_1a85_ec53),
        }
    }

    /// The next draw, uniform over all of `u64`.
    #[inline]
    pub fn draw(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// Uniform in `0..bound` (Lemire's multiply-shift; its bias is below bound / 2^64).
    #[inline]
    pub fn below(&mut self, bound: u64) -> u64 {
        scale(self.draw(), bound)
    }
}

/// Maps a uniform `u64` to `0..bound`.
#[must_use]
#[inline]
pub fn scale(uniform: u64, bound: u64) -> u64 {
    // Most bounds fit 32 bits, where one plain multiplication does; wasm has no wide one.
    if bound <= u64::from(u32::MAX) {
        ((uniform >> 32) * bound) >> 32
    } else {
        ((u128::from(uniform) * u128::from(bound)) >> 64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixer_is_splitmix64() {
        // Published test vector: the outputs of splitmix64 seeded with 0.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(mix(0x9e37_79b9_7f4a_7c15), 0x6e78_9e6a_a1b9_65f4);
    }

    #[test]
    fn the_generator_is_xoshiro256_plus_plus() {
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(42);
        assert_eq!(rng.next_u64(), 0xd076_4d4f_4476_689f);
        assert_eq!(rng.next_u64(), 0x519e_4174_576f_3791);
    }

    #[test]
    fn streams_differ_by_seed_purpose_and_entity() {
        let first = |seed, purpose, entity| stream(seed, purpose, entity).next_u64();
        let one = first(7, Purpose::Agent, 1);
        assert_eq!(one, first(7, Purpose::Agent, 1));
        assert_ne!(one, first(8, Purpose::Agent, 1));
        assert_ne!(one, first(7, Purpose::Link, 1));
        assert_ne!(one, first(7, Purpose::Agent, 2));
    }

    #[test]
    fn draws_stay_below_their_bound_and_spread() {
        let mut seen = [0u32; 10];
        for number in 0..10_000 {
            seen[LinkDraws::new(7, 1, 2, number).below(10) as usize] += 1;
        }
        assert!(seen.iter().all(|&count| (850..1_150).contains(&count)), "{seen:?}");
    }
}
