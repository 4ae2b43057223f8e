//! Which encoding a text is in, by its beginning and by its first bytes that are not ASCII.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};

use crate::{encoding::Encoding, plausibility::plausibility};

/// The encoding that the first bytes of a file give away, by a byte order mark or by the NULs of UTF-16.
pub fn by_head(head: &[u8]) -> Option<Encoding> {
    let marked = encoding_rs::Encoding::for_bom(head).and_then(|(codec, _)| Encoding::of_codec(codec));
    marked.or_else(|| by_nuls(head))
}

/// The encoding of `sample`, which has bytes that are not ASCII. `at_end` says that the file ends with it.
pub fn by_content(sample: &[u8], at_end: bool) -> Encoding {
    if is_utf8(sample, at_end) { Encoding::Utf8 } else { legacy(sample, at_end) }
}

/// ASCII as UTF-16 has a NUL in every other byte. A text that merely holds NULs is left for the rules to find.
fn by_nuls(head: &[u8]) -> Option<Encoding> {
    let units = head.len() / 2;
    let nuls = |offset| head.iter().skip(offset).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    let many = |count: usize| count * 2 > units;
    let few = |count: usize| count * 8 <= units;
    match () {
        () if many(odd) && few(even) => Some(Encoding::Utf16Le),
        () if many(even) && few(odd) => Some(Encoding::Utf16Be),
        () => None,
    }
}

/// No other encoding makes sequences of UTF-8 by chance more often than bytes that break them, so a text with many
/// sequences and few breaks is damaged UTF-8.
fn is_utf8(sample: &[u8], at_end: bool) -> bool {
    let whole = if at_end { sample } else { without_last_character(sample) };
    let (mut sequences, mut breaks) = (0_usize, 0_usize);
    for chunk in whole.utf8_chunks() {
        sequences += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        breaks += usize::from(!chunk.invalid().is_empty());
    }
    breaks * 8 < sequences
}

/// Leaves out the last character of UTF-8, which may be cut.
fn without_last_character(sample: &[u8]) -> &[u8] {
    let is_continuation = |byte: &u8| (0x80..0xc0).contains(byte);
    let last = sample.iter().rposition(|byte| !is_continuation(byte));
    &sample[..last.unwrap_or(0)]
}

/// The detector knows encodings that are not read here, and does not know Mac Roman, which therefore challenges each
/// of its guesses. Of a name or two it says too readily that they are Central European: `Zúñiga`, `Geneviève`.
fn legacy(sample: &[u8], at_end: bool) -> Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, at_end);
    match Encoding::of_codec(detector.guess(None, Utf8Detection::Deny)) {
        None => most_plausible(sample, &LEGACY),
        Some(guess) if is_slight(sample) => {
            most_plausible(sample, &[Encoding::Windows1252, guess, Encoding::MacRoman])
        }
        Some(guess) => most_plausible(sample, &[guess, Encoding::MacRoman]),
    }
}

fn is_slight(sample: &[u8]) -> bool {
    sample.iter().filter(|byte| !byte.is_ascii()).count() < 5
}

/// The commonest first: it wins where nothing speaks for another.
const LEGACY: [Encoding; 5] =
    [Encoding::Windows1252, Encoding::Windows1250, Encoding::MacRoman, Encoding::ShiftJis, Encoding::Gbk];

/// The encoding in which the sample looks most like text; of several the first.
fn most_plausible(sample: &[u8], candidates: &[Encoding]) -> Encoding {
    let plausibility = |encoding: &Encoding| {
        let (text, _) = encoding.codec().decode_without_bom_handling(sample);
        plausibility(&text)
    };
    // Of equals, `max_by_key` takes the last.
    candidates.iter().copied().rev().max_by_key(plausibility).unwrap_or(Encoding::Windows1252)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mark_or_nuls_tell_the_encoding() {
        for (head, encoding) in [
            (b"\xef\xbb\xbfName".as_slice(), Some(Encoding::Utf8)),
            (b"\xff\xfe\x71\x5c", Some(Encoding::Utf16Le)),
            (b"\xfe\xff\x5c\x71", Some(Encoding::Utf16Be)),
            (b"N\0a\0m\0e\0", Some(Encoding::Utf16Le)),
            (b"\0N\0a\0m\0e", Some(Encoding::Utf16Be)),
            (b"Name\0,Email\0", None),
            (b"\0\0\0\0\0\0\0\0", None),
            (b"Name", None),
            (b"", None),
        ] {
            assert_eq!(by_head(head), encoding, "{head:?}");
        }
    }

    #[test]
    fn a_cut_sequence_is_utf8_unless_the_file_ends_with_it() {
        assert!(is_utf8("Zoë,José".as_bytes(), true));
        assert!(is_utf8(b"Zo\xc3\xab,Jos\xc3", false));
        assert!(!is_utf8(b"Zo\xc3\xab,Jos\xc3", true));
        assert!(!is_utf8(b"Jos\xe9,", false));
        assert!(is_utf8("山田太郎".as_bytes(), false));
        assert!(!is_utf8(b"\n\xe9\xe9\xe9", false));
        assert!(!is_utf8(b"\n\x80\x80\x80", false));
    }

    #[test]
    fn utf8_with_a_few_breaks_is_utf8() {
        let names = "Müller,José\n".repeat(20);
        assert!(is_utf8(&[names.as_bytes(), b"Jos\xe9\n"].concat(), true));
        assert!(!is_utf8(&[names.as_bytes(), &b"Jos\xe9\n".repeat(20)].concat(), true));
    }
}
