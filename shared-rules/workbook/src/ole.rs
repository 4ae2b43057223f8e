//! The container of XLS: MS-CFB, a file system in a file.

use crate::{
    bytes::{push_utf16, u16_at, u32_at, utf16},
    unreadable::Unreadable,
};

/// An opened container.
pub(crate) struct Ole {
    bytes: Vec<u8>,
    sector: usize,
    /// Which sector follows each sector.
    next: Vec<u32>,
    entries: Vec<Entry>,
    /// Streams that are shorter lie in the small sectors.
    cutoff: u32,
    next_small: Vec<u32>,
}

struct Entry {
    name: String,
    kind: u8,
    start: u32,
    len: u32,
}

const HEADER: usize = 512;
const SMALL_SECTOR: usize = 64;
const ENTRY: usize = 128;

/// Numbers from here on are no sectors.
const NO_SECTOR: u32 = 0xFFFF_FFFA;

/// The kind of an entry that is a stream, and of the first entry, whose stream has the small sectors.
const STREAM: u8 = 2;
const ROOT: u8 = 5;

impl Ole {
    pub(crate) fn open(bytes: Vec<u8>) -> Result<Self, Unreadable> {
        Self::read(bytes).ok_or_else(|| broken("has a broken header"))
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }

    /// The content of the stream of that name, if there is one.
    pub(crate) fn stream(&self, name: &str) -> Result<Option<Vec<u8>>, Unreadable> {
        let found =
            self.entries.iter().find(|entry| entry.kind == STREAM && entry.name.eq_ignore_ascii_case(name));
        let Some(entry) = found else { return Ok(None) };
        let content = if entry.len < self.cutoff { self.small(entry) } else { self.large(entry) };
        content.map(Some).ok_or_else(|| broken("is shorter than it says"))
    }

    fn read(bytes: Vec<u8>) -> Option<Self> {
        let sector = match u16_at(&bytes, 30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut ole = Self {
            cutoff: u32_at(&bytes, 56)?,
            bytes,
            sector,
            next: Vec::new(),
            entries: Vec::new(),
            next_small: Vec::new(),
        };
        ole.next = ole.table()?;
        let directory = ole.chain(u32_at(&ole.bytes, 48)?, usize::MAX)?;
        ole.entries = directory.as_chunks::<ENTRY>().0.iter().filter_map(Entry::read).collect();
        ole.next_small = numbers(&ole.chain(u32_at(&ole.bytes, 60)?, usize::MAX)?).collect();
        Some(ole)
    }

    /// Reads the table of sectors, whose own sectors stand in the header and in a chain of lists.
    fn table(&self) -> Option<Vec<u32>> {
        let mut parts: Vec<u32> = numbers(self.bytes.get(76..HEADER)?).collect();
        let mut list = u32_at(&self.bytes, 68)?;
        let mut left = self.sectors();
        while list < NO_SECTOR {
            left = left.checked_sub(1)?;
            parts.extend(numbers(self.at(list)?));
            // The last number of a list is the place of the next.
            list = parts.pop()?;
        }
        let mut table = Vec::new();
        let mut left = self.sectors();
        for part in parts.into_iter().filter(|part| *part < NO_SECTOR) {
            left = left.checked_sub(1)?;
            table.extend(numbers(self.at(part)?));
        }
        Some(table)
    }

    fn large(&self, entry: &Entry) -> Option<Vec<u8>> {
        let content = self.chain(entry.start, entry.len as usize)?;
        (content.len() == entry.len as usize).then_some(content)
    }

    fn small(&self, entry: &Entry) -> Option<Vec<u8>> {
        let root = self.entries.first().filter(|root| root.kind == ROOT)?;
        let sectors = self.chain(root.start, root.len as usize)?;
        let mut content = Vec::new();
        let mut sector = entry.start;
        while content.len() < entry.len as usize {
            let start = (sector as usize).checked_mul(SMALL_SECTOR)?;
            let left = entry.len as usize - content.len();
            content.extend_from_slice(sectors.get(start..start.checked_add(left.min(SMALL_SECTOR))?)?);
            sector = *self.next_small.get(sector as usize)?;
        }
        Some(content)
    }

    /// The content of the sectors that follow one another from this one, up to `len` bytes. A chain that is
    /// longer than the file goes in a circle.
    fn chain(&self, start: u32, len: usize) -> Option<Vec<u8>> {
        let mut content = Vec::new();
        let mut sector = start;
        let mut left = self.sectors();
        while sector < NO_SECTOR && content.len() < len {
            left = left.checked_sub(1)?;
            let found = self.at(sector)?;
            content.extend_from_slice(found.get(..found.len().min(len - content.len()))?);
            sector = *self.next.get(sector as usize)?;
        }
        Some(content)
    }

    /// A sector's content. The last one of a file may be cut.
    fn at(&self, sector: u32) -> Option<&[u8]> {
        let start = (sector as usize).checked_add(1)?.checked_mul(self.sector)?;
        let rest = self.bytes.get(start..)?;
        rest.get(..rest.len().min(self.sector))
    }

    fn sectors(&self) -> usize {
        self.bytes.len() / self.sector + 1
    }
}

impl Entry {
    /// `None`: the place of an entry that is not used.
    fn read(bytes: &[u8; ENTRY]) -> Option<Self> {
        let (name, rest) = bytes.split_at_checked(64)?;
        let kind = *rest.get(2)?;
        let mut text = String::new();
        push_utf16(utf16(name).take_while(|unit| *unit != 0), &mut text);
        (kind != 0).then_some(Self { name: text, kind, start: u32_at(bytes, 116)?, len: u32_at(bytes, 120)? })
    }
}

fn numbers(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.as_chunks::<4>().0.iter().copied().map(u32::from_le_bytes)
}

fn broken(fault: &'static str) -> Unreadable {
    Unreadable::damaged("its container", fault)
}
