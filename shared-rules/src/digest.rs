//! The checksums by which a file is announced before it is uploaded. Whoever sends files takes them here, so that
//! all cut a file into the same parts.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

/// Bytes of each part of a file but the last, which may have fewer. S3 wants 5 MiB or more.
pub const PART_BYTES: u64 = 8 << 20;

/// SHA-256 of a file and of its parts, taken chunk by chunk while the file is read.
#[derive(Debug, Default)]
pub struct FileDigest {
    whole: Sha256,
    part: Sha256,
    /// Bytes of the part that is being taken.
    taken: u64,
    parts: Vec<String>,
}

/// The checksums of a file, in lower-case hexadecimal digits.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Digests {
    pub sha256: String,
    /// One for each [`PART_BYTES`]; none of a file that is no larger than a part.
    pub parts: Vec<String>,
}

impl FileDigest {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, mut chunk: &[u8]) {
        self.whole.update(chunk);
        while !chunk.is_empty() {
            // A part ends when there is more, so that the last one is never empty.
            if self.taken == PART_BYTES {
                self.end_part();
            }
            let room = usize::try_from(PART_BYTES - self.taken).unwrap_or(usize::MAX);
            let (now, later) = chunk.split_at(room.min(chunk.len()));
            self.part.update(now);
            self.taken += now.len() as u64;
            chunk = later;
        }
    }

    /// Takes the end of the file.
    #[must_use]
    pub fn finish(mut self) -> Digests {
        if !self.parts.is_empty() {
            self.end_part();
        }
        Digests { sha256: format!("{:x}", self.whole.finalize()), parts: self.parts }
    }

    fn end_part(&mut self) {
        self.parts.push(format!("{:x}", self.part.finalize_reset()));
        self.taken = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digests(chunks: &[&[u8]]) -> Digests {
        let mut digest = FileDigest::new();
        for chunk in chunks {
            digest.update(chunk);
        }
        digest.finish()
    }

    fn sha256(bytes: &[u8]) -> String {
        format!("{:x}", Sha256::digest(bytes))
    }

    #[test]
    fn chunks_do_not_change_the_checksum() {
        // The example "abc" of FIPS 180-4.
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digests(&[b"a", b"", b"bc"]), Digests { sha256: abc.to_owned(), parts: Vec::new() });
    }

    #[test]
    fn a_file_is_cut_at_the_same_places_whatever_its_chunks() {
        let part = usize::try_from(PART_BYTES).unwrap();
        let file: Vec<u8> = (0..2 * part + 3).map(|n| n.to_le_bytes()[0]).collect();
        let expected =
            Digests { sha256: sha256(&file), parts: file.chunks(part).map(sha256).collect::<Vec<_>>() };
        assert_eq!(expected.parts.len(), 3);
        assert_eq!(digests(&[&file]), expected);
        let pieces: Vec<&[u8]> = file.chunks(1_000_003).collect();
        assert_eq!(digests(&pieces), expected);
    }

    #[test]
    fn a_file_of_whole_parts_has_no_empty_one() {
        let part = usize::try_from(PART_BYTES).unwrap();
        let file = vec![7; 2 * part];
        assert_eq!(digests(&[&file]).parts, [sha256(&file[..part]), sha256(&file[part..])]);
        assert_eq!(digests(&[&file[..part]]).parts, [""; 0]);
    }
}
