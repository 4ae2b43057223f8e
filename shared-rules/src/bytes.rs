//! Several bytes at a time: sixteen compared at once, and short texts as numbers.

use wide::u8x16;

/// As many bytes as a mask has bits.
pub(crate) const BLOCK: usize = 64;

/// A bit for each byte of which the function, given sixteen of them at a time, says that it is so.
#[inline]
pub(crate) fn mask(block: &[u8; BLOCK], is: impl Fn(u8x16) -> u8x16) -> u64 {
    let (parts, _) = block.as_chunks::<16>();
    parts
        .iter()
        .zip((0..).step_by(16))
        .fold(0, |mask, (&part, shift)| mask | u64::from(is(u8x16::new(part)).to_bitmask()) << shift)
}

/// Which bytes are not less than `least` and not greater than `most`.
#[inline]
pub(crate) fn within(bytes: u8x16, least: u8, most: u8) -> u8x16 {
    let above = bytes - u8x16::splat(least);
    above.min(u8x16::splat(most - least)).simd_eq(above)
}

/// A text's length with its first and its last eight bytes: all that there is of a text of up to sixteen.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Ends {
    pub(crate) len: usize,
    pub(crate) first: u64,
    pub(crate) last: u64,
}

impl Ends {
    /// The length up to which texts are the same if their ends are.
    pub(crate) const WHOLE: usize = 16;

    pub(crate) fn of(text: &[u8]) -> Self {
        let len = text.len();
        let (first, last) = if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            (u64::from_le_bytes(*first), u64::from_le_bytes(*last))
        } else if let (Some(first), Some(last)) = (text.first_chunk(), text.last_chunk()) {
            (u64::from(u32::from_le_bytes(*first)), u64::from(u32::from_le_bytes(*last)))
        } else if let [first, .., last] = *text {
            (u64::from(first) | u64::from(text[len / 2]) << 8, u64::from(last))
        } else {
            (text.first().copied().map_or(0, u64::from), 0)
        };
        Self { len, first, last }
    }

    /// A fixed hash; its upper bits are the best.
    pub(crate) fn hash(self) -> u64 {
        let first = (self.first ^ self.len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let last = self.last.wrapping_mul(0xd6e8_feb8_6659_fd93);
        (first ^ last.rotate_left(29)).wrapping_mul(0xa076_1d64_78bd_642f)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Ends;

    proptest! {
        #[test]
        fn short_texts_are_the_same_if_their_ends_are(one in "[ab]{0,16}", place in 0..16_usize) {
            let mut other = one.clone().into_bytes();
            if let Some(byte) = other.get_mut(place) {
                *byte ^= 1;
            }
            prop_assert_eq!(Ends::of(one.as_bytes()) == Ends::of(&other), one.as_bytes() == other);
        }
    }
}
