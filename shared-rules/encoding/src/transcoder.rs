//! The streaming conversion.

use std::mem;

use encoding_rs::{Decoder, DecoderResult};

use crate::{detection, encoding::Encoding};

/// A conversion under way. Any cutting of the file into chunks gives the same text and the same encoding.
///
/// UTF-8 is handed on as it is, byte order mark and broken sequences included: whoever reads rows can say in which
/// row the damage is.
pub struct Transcoder {
    stage: Stage,
    encoding: Option<Encoding>,
    undecodable: u64,
}

/// What is known when a file has been converted to its end.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Transcoded {
    /// A file of nothing but ASCII is UTF-8.
    pub encoding: Encoding,
    /// How often U+FFFD was written in place of bytes that mean nothing in the encoding. Always 0 for UTF-8.
    pub undecodable: u64,
}

enum Stage {
    /// The beginning of the file is held back until it is clear that it is not UTF-16.
    Head(Vec<u8>),
    /// All was ASCII so far; this was the last byte.
    Ascii(u8),
    /// What has come since the first byte that is not ASCII, after the byte before that, which tells whether it is
    /// in a word.
    Sample(Vec<u8>),
    PassThrough,
    Decoding(Decoder),
}

/// How many bytes tell UTF-16: more than a byte order mark, and few enough to be almost surely in the header.
const HEAD: usize = 64;

/// How many bytes are looked at to tell a legacy encoding.
const SAMPLE: usize = 64 << 10;

const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

impl Transcoder {
    /// Finds the encoding out.
    #[must_use]
    pub fn sniffing() -> Self {
        Self { stage: Stage::Head(Vec::new()), encoding: None, undecodable: 0 }
    }

    /// Takes the file to be in this encoding, whatever it looks like.
    #[must_use]
    pub fn fixed(encoding: Encoding) -> Self {
        Self { stage: Stage::of(encoding), encoding: Some(encoding), undecodable: 0 }
    }

    /// The encoding, once it is decided. That a file is nothing but ASCII is known at its end.
    #[must_use]
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// Takes the next bytes of the file and gives the text that they complete, in UTF-8.
    pub fn push(&mut self, mut chunk: &[u8], out: &mut impl FnMut(&[u8])) {
        while !chunk.is_empty() {
            chunk = self.take(chunk, out);
        }
    }

    /// Takes the end of the file and gives the rest of the text.
    pub fn finish(mut self, out: &mut impl FnMut(&[u8])) -> Transcoded {
        if let Stage::Head(head) = &mut self.stage {
            let head = mem::take(head);
            self.decide_by_head(&head, out);
        }
        if let Stage::Sample(sample) = &mut self.stage {
            let sample = mem::take(sample);
            self.decide_by_content(&sample, true, out);
        }
        if let Stage::Decoding(decoder) = &mut self.stage {
            self.undecodable += decode(decoder, &[], true, out);
        }
        Transcoded { encoding: self.encoding.unwrap_or(Encoding::Utf8), undecodable: self.undecodable }
    }

    /// Takes some of the chunk and returns the rest.
    fn take<'c>(&mut self, chunk: &'c [u8], out: &mut impl FnMut(&[u8])) -> &'c [u8] {
        match &mut self.stage {
            Stage::Head(head) => {
                let rest = fill(head, HEAD, chunk);
                if head.len() == HEAD {
                    let head = mem::take(head);
                    self.decide_by_head(&head, out);
                }
                rest
            }
            Stage::Ascii(last) => {
                let (ascii, rest) = chunk.split_at(encoding_rs::Encoding::ascii_valid_up_to(chunk));
                out(ascii);
                *last = ascii.last().copied().unwrap_or(*last);
                if !rest.is_empty() {
                    self.stage = Stage::Sample(vec![*last]);
                }
                rest
            }
            Stage::Sample(sample) => {
                let rest = fill(sample, SAMPLE, chunk);
                if sample.len() == SAMPLE {
                    let sample = mem::take(sample);
                    self.decide_by_content(&sample, false, out);
                }
                rest
            }
            Stage::PassThrough => {
                out(chunk);
                &[]
            }
            Stage::Decoding(decoder) => {
                self.undecodable += decode(decoder, chunk, false, out);
                &[]
            }
        }
    }

    fn decide_by_head(&mut self, head: &[u8], out: &mut impl FnMut(&[u8])) {
        self.encoding = detection::by_head(head);
        // Before the first line, as before every other, there is a line end.
        self.stage = self.encoding.map_or(Stage::Ascii(b'\n'), Stage::of);
        self.push(head, out);
    }

    fn decide_by_content(&mut self, sample: &[u8], at_end: bool, out: &mut impl FnMut(&[u8])) {
        let encoding = detection::by_content(sample, at_end);
        self.encoding = Some(encoding);
        self.stage = Stage::of(encoding);
        self.push(&sample[1..], out);
    }
}

impl Stage {
    fn of(encoding: Encoding) -> Self {
        match encoding {
            Encoding::Utf8 => Self::PassThrough,
            _ => Self::Decoding(encoding.codec().new_decoder_with_bom_removal()),
        }
    }
}

/// Adds bytes of the chunk to what is held, up to a size, and returns the rest.
fn fill<'c>(held: &mut Vec<u8>, size: usize, chunk: &'c [u8]) -> &'c [u8] {
    let (taken, rest) = chunk.split_at(chunk.len().min(size - held.len()));
    held.extend_from_slice(taken);
    rest
}

/// Gives the text of the chunk, and returns how often something in it could not be decoded.
fn decode(decoder: &mut Decoder, mut chunk: &[u8], at_end: bool, out: &mut impl FnMut(&[u8])) -> u64 {
    let mut text = [0; 8192];
    let mut undecodable = 0;
    loop {
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(chunk, &mut text, at_end);
        out(&text[..written]);
        chunk = &chunk[read..];
        match result {
            DecoderResult::InputEmpty => return undecodable,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(..) => {
                out(REPLACEMENT);
                undecodable += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most bytes that are held back while this is read.
    fn most_held(file: &[u8]) -> usize {
        let mut transcoder = Transcoder::sniffing();
        let (mut most, mut given) = (0, 0);
        for chunk in file.chunks(1000) {
            transcoder.push(chunk, &mut |utf8| given += utf8.len());
            most = most.max(match &transcoder.stage {
                Stage::Head(held) | Stage::Sample(held) => held.len(),
                Stage::Ascii(_) | Stage::PassThrough | Stage::Decoding(_) => 0,
            });
        }
        most
    }

    #[test]
    fn memory_is_bounded() {
        assert_eq!(most_held(&b"Ann,Smith\n".repeat(100_000)), 0);
        assert!(most_held(&"Zoë,Smith\n".repeat(100_000).into_bytes()) <= SAMPLE);
        assert!(most_held(&b"Zo\xeb,Smith\n".repeat(100_000)) <= SAMPLE);
        assert!(most_held(&b"\xe9".repeat(1_000_000)) <= SAMPLE);
    }

    #[test]
    fn ascii_is_given_at_once_when_it_is_not_utf16() {
        let mut given = 0;
        let mut transcoder = Transcoder::sniffing();
        transcoder.push(&[b'a'; HEAD - 1], &mut |utf8| given += utf8.len());
        assert_eq!(given, 0);
        transcoder.push(b"aa", &mut |utf8| given += utf8.len());
        assert_eq!(given, HEAD + 1);
    }
}
