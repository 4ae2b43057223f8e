//! The parts of an archive, inflated within bounds.

use std::io::{self, BufRead, BufReader, Cursor, Read};

use memchr::memmem;
use zip::{ZipArchive, read::ZipFile, result::ZipError};

use crate::{
    guards::{Bound, Guards},
    unreadable::Unreadable,
    xml::Xml,
};

/// An archive of which the parts are inflated one at a time, as they are read.
pub(crate) struct Package {
    zip: ZipArchive<Cursor<Vec<u8>>>,
    whole: Room,
    room: Room,
}

/// A part that is being read.
pub(crate) struct Part<'a> {
    reader: BufReader<Inflate<'a>>,
    /// Bytes taken since [`Part::begin_item`].
    item: usize,
}

struct Inflate<'a> {
    file: ZipFile<'a, Cursor<Vec<u8>>>,
    room: &'a mut Room,
}

/// How many bytes may still be inflated.
#[derive(Clone, Debug, Eq, PartialEq)]
struct Room {
    bytes: u64,
    /// What is wrong with more.
    fault: Unreadable,
}

/// What a signature of an archive's directory is followed by is one entry.
const DIRECTORY_ENTRY: &[u8] = b"PK\x01\x02";

/// Past so many bytes, the ratio counts: small parts may be small many times over.
const RATIO_APPLIES_PAST: u64 = 100 << 10;

/// What a parser takes at once (a tag, a text, a record) is shorter: a full cell in the longest notation has
/// 230 kB.
pub(crate) const LONGEST_ITEM: usize = 1 << 20;

impl Package {
    pub(crate) fn open(bytes: Vec<u8>, guards: &Guards) -> Result<Self, Unreadable> {
        let whole = Room::new(bytes.len() as u64, guards);
        // Counted before the directory is read, which takes memory for each entry, whatever it says of itself.
        if memmem::find_iter(&bytes, DIRECTORY_ENTRY).take(guards.entries.saturating_add(1)).count()
            > guards.entries
        {
            return Err(Unreadable::too_large(guards, Bound::Entries));
        }
        let zip = ZipArchive::new(Cursor::new(bytes))
            .map_err(|_| Unreadable::damaged("the archive's directory", "is missing or broken"))?;
        Ok(Self { zip, room: whole.clone(), whole })
    }

    /// Makes room for another reading.
    pub(crate) fn refill(&mut self) {
        self.room.clone_from(&self.whole);
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.index(name).is_some()
    }

    /// The part of that name, if there is one.
    pub(crate) fn part(&mut self, name: &str) -> Result<Option<Part<'_>>, Unreadable> {
        let Some(index) = self.index(name) else { return Ok(None) };
        let file = self.zip.by_index(index).map_err(|error| match error {
            ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => Unreadable::Encrypted,
            ZipError::UnsupportedArchive(_) => {
                Unreadable::damaged(name, "is compressed in another way than by Deflate")
            }
            _ => Unreadable::damaged(name, "cannot be unpacked"),
        })?;
        let inflate = Inflate { file, room: &mut self.room };
        Ok(Some(Part { reader: BufReader::with_capacity(64 << 10, inflate), item: 0 }))
    }

    /// The XML part of that name, if there is one.
    pub(crate) fn xml<'a>(&'a mut self, name: &'a str) -> Result<Option<Xml<'a>>, Unreadable> {
        Ok(self.part(name)?.map(|part| Xml::new(part, name)))
    }

    /// Some programs write backslashes or another case; the readers of the formats take them.
    fn index(&self, name: &str) -> Option<usize> {
        let alike = |raw: &[u8]| {
            raw.len() == name.len()
                && raw.iter().zip(name.bytes()).all(|(found, wanted)| {
                    found.eq_ignore_ascii_case(&wanted) || (*found == b'\\' && wanted == b'/')
                })
        };
        self.zip.index_for_name(name).or_else(|| self.zip.file_names_raw().position(alike))
    }
}

impl Part<'_> {
    /// Begins another item, for which there is [`LONGEST_ITEM`].
    pub(crate) fn begin_item(&mut self) {
        self.item = 0;
    }

    /// Reads what is left, which verifies the part's checksum.
    pub(crate) fn drain(&mut self, name: &str) -> Result<(), Unreadable> {
        match io::copy(&mut self.reader, &mut io::sink()) {
            Ok(_) => Ok(()),
            Err(error) => Err(Unreadable::of_io(&error, name)),
        }
    }
}

impl BufRead for Part<'_> {
    #[inline]
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.item > LONGEST_ITEM {
            return Err(too_long());
        }
        self.reader.fill_buf()
    }

    #[inline]
    fn consume(&mut self, amount: usize) {
        self.item += amount;
        self.reader.consume(amount);
    }
}

#[cold]
fn too_long() -> io::Error {
    io::Error::other(Unreadable::damaged("one of its parts", "has an element of more than 1 MiB"))
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl Read for Inflate<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.room.take(read as u64).map_err(io::Error::other)?;
        Ok(read)
    }
}

impl Room {
    fn new(file: u64, guards: &Guards) -> Self {
        let by_ratio = file.saturating_mul(guards.ratio).max(RATIO_APPLIES_PAST);
        let bound = if by_ratio < guards.inflated_bytes { Bound::Ratio } else { Bound::InflatedBytes };
        let fault = Unreadable::too_large(guards, bound);
        Self { bytes: by_ratio.min(guards.inflated_bytes), fault }
    }

    fn take(&mut self, bytes: u64) -> Result<(), Unreadable> {
        match self.bytes.checked_sub(bytes) {
            Some(left) => self.bytes = left,
            None => return Err(self.fault.clone()),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smaller_of_both_bounds_on_bytes_holds() {
        let guards = Guards { inflated_bytes: 1_000_000, ratio: 10, ..Guards::DEFAULT };
        for (file, room, bound) in [
            (1, 102_400, Bound::Ratio),
            (20_000, 200_000, Bound::Ratio),
            (99_999, 999_990, Bound::Ratio),
            (100_000, 1_000_000, Bound::InflatedBytes),
            (1_000_000, 1_000_000, Bound::InflatedBytes),
        ] {
            for taken in [room - 1, room] {
                assert_eq!(Room::new(file, &guards).take(taken), Ok(()));
            }
            let fault = Room::new(file, &guards).take(room + 1);
            assert_eq!(fault, Err(Unreadable::too_large(&guards, bound)));
        }
    }
}
