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

/// A text's length with its first sixteen bytes: all that there is of a text of up to so many.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Prefix {
    pub(crate) len: usize,
    first: u64,
    second: u64,
}

/// A prefix with its hash.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hashed {
    pub(crate) prefix: Prefix,
    pub(crate) hash: u64,
}

/// For each length, which bits of sixteen bytes are of the text.
const MASKS: [[u64; 2]; Prefix::WHOLE + 1] = {
    let mut masks = [[0; 2]; Prefix::WHOLE + 1];
    let mut len = 1;
    while len <= Prefix::WHOLE {
        masks[len] = masks[len - 1];
        masks[len][(len - 1) / 8] |= 0xff << ((len - 1) % 8 * 8);
        len += 1;
    }
    masks
};

impl Prefix {
    /// The length up to which texts are the same if their prefixes are.
    pub(crate) const WHOLE: usize = 16;
    /// The prefix of no text.
    pub(crate) const NONE: Self = Self { len: 0, first: 1, second: 0 };

    const EMPTY: Self = Self { len: 0, first: 0, second: 0 };

    pub(crate) fn of(text: &[u8]) -> Self {
        let mut bytes = [0; Self::WHOLE];
        let len = text.len().min(Self::WHOLE);
        bytes[..len].copy_from_slice(&text[..len]);
        Self::in_front(&bytes, text.len())
    }

    /// The prefix of the text of this length with which `bytes` begin. Whatever the length, nothing branches: lengths
    /// are hard to foresee, and a wrong guess takes longer than all the rest.
    pub(crate) fn in_front(bytes: &[u8; Self::WHOLE], len: usize) -> Self {
        let ([first, second], []) = bytes.as_chunks() else { return Self::NONE };
        let [low, high] = MASKS[len.min(Self::WHOLE)];
        Self { len, first: u64::from_le_bytes(*first) & low, second: u64::from_le_bytes(*second) & high }
    }

    /// A fixed hash; its upper bits are the best. That of an empty text is 0.
    pub(crate) fn hash(self) -> u64 {
        let first = (self.first ^ self.len as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let second = self.second.wrapping_mul(0xd6e8_feb8_6659_fd93);
        (first ^ second.rotate_left(29)).wrapping_mul(0xa076_1d64_78bd_642f)
    }
}

impl Hashed {
    pub(crate) const EMPTY: Self = Self { prefix: Prefix::EMPTY, hash: 0 };
}

impl From<Prefix> for Hashed {
    fn from(prefix: Prefix) -> Self {
        Self { prefix, hash: prefix.hash() }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Prefix;

    proptest! {
        #[test]
        fn short_texts_are_the_same_if_their_prefixes_are(one in "[ab]{0,16}", place in 0..16_usize) {
            let mut other = one.clone().into_bytes();
            if let Some(byte) = other.get_mut(place) {
                *byte ^= 1;
            }
            prop_assert_eq!(Prefix::of(one.as_bytes()) == Prefix::of(&other), one.as_bytes() == other);
        }
    }
}
