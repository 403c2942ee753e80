//! Bytes and choices that look random and follow from a seed alone, on every machine.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// A stream of numbers (splitmix64).
#[derive(Clone, Debug)]
pub(crate) struct Random(u64);

impl Random {
    /// The stream of a seed and some bytes.
    pub(crate) fn of(seed: u64, bytes: &[u8]) -> Self {
        let mut hasher = SipHasher13::new_with_keys(seed, 0);
        hasher.write(bytes);
        Self(hasher.finish())
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`, which is not 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// Fills `bytes` so that they are moderate numbers whatever floating-point type they are read as.
    ///
    /// Every second byte holds a sign, an exponent near that of one, and the first bits of a fraction; as `f16`, `bf16`, `f32` and
    /// `f64` alike no such element is infinite or no number.
    pub(crate) fn plausible(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next().to_le_bytes();
            for (at, (byte, random)) in chunk.iter_mut().zip(word).enumerate() {
                *byte = if at % 2 == 1 { 0x3c | random & 0x83 } else { random };
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plausible_bytes_are_moderate_numbers_of_every_type() {
        let mut bytes = [0; 64];
        Random::of(7, b"x").plausible(&mut bytes);
        for pair in bytes.chunks_exact(2) {
            let half = half::f16::from_le_bytes([pair[0], pair[1]]).to_f32();
            assert!(half.is_finite() && half.abs() < 4.0);
            let brain = half::bf16::from_le_bytes([pair[0], pair[1]]).to_f32();
            assert!(brain.is_finite() && brain.abs() < 4.0);
        }
        for word in bytes.chunks_exact(4) {
            assert!(f32::from_le_bytes(word.try_into().unwrap()).abs() < 4.0);
        }
        let mut again = [0; 64];
        Random::of(7, b"x").plausible(&mut again);
        assert_eq!(bytes, again);
    }
}
