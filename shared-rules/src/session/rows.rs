//! The rows of a session: every version of every row, and the order of those that are there.

use std::collections::BTreeMap;

use super::number;
use crate::read::{Cells, Damage, Span};

/// Names a row for as long as the session lives. Rows of the file come first, in their order.
pub type RowId = u32;

/// Where a version of a row is kept.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Version {
    block: u32,
    start: u32,
}

/// Versions are only ever added, so that undoing is a matter of pointing at an old one.
#[derive(Debug, Default)]
pub(super) struct Rows {
    blocks: Vec<Vec<u8>>,
    /// The present version of each row. A row that is not there keeps its last one.
    present: Vec<Version>,
    /// How many rows came with the file.
    loaded: u32,
    /// The number of versions' bytes that came with the file, for telling what is changed.
    first_edit: Option<Version>,
    /// For each inserted row the group that it is in.
    groups_of: Vec<u32>,
    /// Inserted rows by the row of the file that they follow, counted from 1; 0 is the header.
    groups: BTreeMap<u32, Vec<RowId>>,
    /// The rows that are there, in their order.
    order: Vec<RowId>,
    /// From this row of the file on a row's number is so much larger than its place.
    offsets: Vec<(RowId, u32)>,
    damage: BTreeMap<Version, Damage>,
    header_row: u32,
    /// How many of the rows that are there are changed.
    changed: usize,
}

/// Enough for thousands of rows. Each block is twice as large as the one before, up to a size that is small beside the
/// memory of a browser's tab: there, taking memory is slow, however much is taken.
const SMALLEST_BLOCK: usize = 1 << 20;
const LARGEST_BLOCK: usize = 16 << 20;

/// What is said of a row's cells beside their number.
const TIDY: usize = 1;
const APART: usize = 2;
const FLAGS: u32 = 2;

/// What a row is read into: where its cells stand.
pub(super) type Scratch = Vec<Span>;

impl Rows {
    /// Adds the next row of the file.
    pub(super) fn load(&mut self, number: u32, cells: Cells<'_>, damage: Option<Damage>) -> RowId {
        let id = self.loaded;
        let version = match cells.between() {
            Some(between @ 0..=1) => self.keep_as_they_stand(cells, between),
            _ => self.keep(cells.iter()),
        };
        if let Some(damage) = damage {
            self.damage.insert(version, damage);
        }
        self.present.push(version);
        self.order.push(id);
        self.loaded += 1;
        let offset = number.saturating_sub(id);
        if self.offsets.last().is_none_or(|(_, before)| *before != offset) {
            self.offsets.push((id, offset));
        }
        id
    }

    /// How many rows are there.
    pub(super) fn len(&self) -> usize {
        self.order.len()
    }

    pub(super) fn order(&self) -> &[RowId] {
        &self.order
    }

    pub(super) fn version(&self, id: RowId) -> Option<Version> {
        self.present.get(id as usize).copied()
    }

    pub(super) fn damage(&self, version: Version) -> Option<Damage> {
        self.damage.get(&version).copied()
    }

    /// The cells of a version.
    pub(super) fn cells<'a>(&'a self, version: Version, spans: &'a mut Scratch) -> Cells<'a> {
        let block = self.blocks.get(version.block as usize).map_or(&[][..], Vec::as_slice);
        let mut rest = block.get(version.start as usize..).unwrap_or_default();
        let head = take_number(&mut rest);
        let between = usize::from(head & APART != 0);
        spans.clear();
        spans.extend(Span::of_lengths((0..head >> FLAGS).map(|_| take_number(&mut rest)), between));
        Cells::kept(rest, spans, head & TIDY != 0)
    }

    /// Keeps a version of a row.
    pub(super) fn keep<'a>(&mut self, cells: impl Iterator<Item = &'a [u8]> + Clone) -> Version {
        let (count, bytes) =
            cells.clone().fold((0, 0), |(count, bytes), cell| (count + 1, bytes + cell.len()));
        let (version, block) = self.room(count, bytes);
        put_number(block, count << FLAGS);
        cells.clone().for_each(|cell| put_number(block, cell.len()));
        cells.for_each(|cell| block.extend_from_slice(cell));
        version
    }

    /// Keeps a row of which the cells stand apart by so many bytes, 1 at most: all of it at once, which is much faster
    /// than cell by cell.
    fn keep_as_they_stand(&mut self, cells: Cells<'_>, between: usize) -> Version {
        let (version, block) = self.room(cells.len(), cells.joined().len());
        let flags = usize::from(cells.are_tidy()) * TIDY + between * APART;
        put_number(block, cells.len() << FLAGS | flags);
        if cells.lengths().all(|length| length < FIRST_OF_TWO_BYTES) {
            // Nearly always; all at once they are written much faster.
            block.extend(cells.lengths().map(|length| u8::try_from(length).unwrap_or_default()));
        } else {
            cells.lengths().for_each(|length| put_number(block, length as usize));
        }
        block.extend_from_slice(cells.joined());
        version
    }

    /// A block with room for a version of so many cells and bytes, and what names the version.
    fn room(&mut self, cells: usize, bytes: usize) -> (Version, &mut Vec<u8>) {
        let size = bytes + (cells + 1) * LONGEST_NUMBER;
        if self.blocks.last().is_none_or(|block| block.capacity() - block.len() < size) {
            let before = self.blocks.last().map_or(0, Vec::capacity);
            let next = (2 * before).clamp(SMALLEST_BLOCK, LARGEST_BLOCK);
            self.blocks.push(Vec::with_capacity(next.max(size)));
        }
        let index = self.blocks.len() - 1;
        let block = &mut self.blocks[index];
        (Version { block: number(index), start: number(block.len()) }, block)
    }

    /// New rows, not there yet, in front of the row at that place.
    pub(super) fn add(&mut self, place: usize, versions: &[Version]) -> std::ops::Range<RowId> {
        let first = number(self.present.len());
        let before = place.checked_sub(1).and_then(|place| self.order.get(place)).copied();
        let (group, index) = before.map_or((0, 0), |before| self.key(before));
        let ids = first..first + number(versions.len());
        let rows = self.groups.entry(group).or_default();
        let index = index.min(rows.len());
        rows.splice(index..index, ids.clone());
        self.groups_of.extend(versions.iter().map(|_| group));
        self.present.extend_from_slice(versions);
        ids
    }

    /// Gives a row that version; without one, takes the row away.
    fn put(&mut self, id: RowId, version: Option<Version>) {
        let place = self.search(id);
        self.changed -= usize::from(place.is_ok() && self.is_changed(id));
        match (place, version) {
            (Ok(place), None) => {
                self.order.remove(place);
            }
            (Err(place), Some(_)) => self.order.insert(place, id),
            _ => {}
        }
        if let Some((version, slot)) = version.zip(self.present.get_mut(id as usize)) {
            *slot = version;
        }
        self.changed += usize::from(version.is_some() && self.is_changed(id));
    }

    /// Gives rows versions, or takes them away, many of them faster than one by one.
    pub(super) fn put_all(&mut self, rows: impl Iterator<Item = (RowId, Option<Version>)>) {
        let rows: Vec<_> = rows.collect();
        let moved = rows.iter().filter(|(id, version)| self.is_there(*id) != version.is_some()).count();
        if moved <= FEW {
            for (id, version) in rows {
                self.put(id, version);
            }
            return;
        }
        let mut there: Vec<bool> = vec![false; self.present.len()];
        self.order.iter().for_each(|id| there[*id as usize] = true);
        for (id, version) in rows {
            there[id as usize] = version.is_some();
            if let Some(version) = version {
                self.present[id as usize] = version;
            }
        }
        let mut order = Vec::with_capacity(self.order.len());
        let group = |group: u32| self.groups.get(&group).into_iter().flatten().copied();
        order.extend(group(0));
        for id in 0..self.loaded {
            order.push(id);
            order.extend(group(id + 1));
        }
        order.retain(|id| there[*id as usize]);
        self.order = order;
        self.changed = self.order.iter().filter(|id| self.is_changed(**id)).count();
    }

    /// Where a row stands among those that are there, 0-based.
    pub(super) fn place(&self, id: RowId) -> Option<usize> {
        self.search(id).ok()
    }

    pub(super) fn is_there(&self, id: RowId) -> bool {
        self.search(id).is_ok()
    }

    /// Whether a row stands, or would stand, above another.
    pub(super) fn is_before(&self, id: RowId, other: RowId) -> bool {
        self.key(id) < self.key(other)
    }

    /// The row's number as a spreadsheet shows it. Of a row that is not there, the number of the one in its place.
    pub(super) fn number(&self, id: RowId) -> u32 {
        let place = self.search(id).unwrap_or_else(|place| place);
        number(place) + self.offset(id)
    }

    /// The row with that number, of those that came with the file, before any edit.
    pub(super) fn numbered(&self, number: u32) -> Option<RowId> {
        let segment =
            self.offsets.partition_point(|(first, offset)| first + offset <= number).checked_sub(1)?;
        let id = number - self.offsets[segment].1;
        (id < self.loaded).then_some(id)
    }

    /// The number that a row of the file, or a blank one, has now.
    pub(super) fn moved(&self, number: u32) -> u32 {
        if number < self.header_row {
            return number;
        }
        let behind = partition_point(self.loaded, |id| id + self.offset(id) <= number);
        let place = self.order.partition_point(|other| self.key(*other) < (behind + 1, 0));
        (number + super::number(place)).saturating_sub(behind)
    }

    /// How much larger a row's number is than its place.
    fn offset(&self, id: RowId) -> u32 {
        let (group, _) = self.key(id);
        // The group of rows behind row 0 of the file is 1.
        let row = group.checked_sub(1);
        let index = row.map_or(0, |row| self.offsets.partition_point(|(from, _)| *from <= row));
        index.checked_sub(1).map_or(self.header_row + 1, |index| self.offsets[index].1)
    }

    /// How many of the rows that are there are not as they came with the file.
    pub(super) fn changed(&self) -> usize {
        self.changed
    }

    /// Whether a row is not as it came with the file.
    pub(super) fn is_changed(&self, id: RowId) -> bool {
        id >= self.loaded
            || self.version(id).zip(self.first_edit).is_some_and(|(version, edit)| version >= edit)
    }

    /// Says where the header is, and that from here on versions are edits.
    pub(super) fn end_load(&mut self, header_row: u32) {
        self.header_row = header_row;
        // A block of its own, so that every later version compares as later.
        self.first_edit = Some(Version { block: number(self.blocks.len()), start: 0 });
        self.blocks.push(Vec::new());
    }

    /// The bytes that all versions take.
    pub(super) fn bytes(&self) -> usize {
        self.blocks.iter().map(Vec::capacity).sum()
    }

    /// A row's place in the order of all rows that ever were: the group, and the place behind the row that leads it.
    fn key(&self, id: RowId) -> (u32, usize) {
        if id < self.loaded {
            return (id + 1, 0);
        }
        let group = self.groups_of.get((id - self.loaded) as usize).copied().unwrap_or_default();
        let rows = self.groups.get(&group).map_or(&[][..], Vec::as_slice);
        (group, rows.iter().position(|other| *other == id).map_or(0, |index| index + 1))
    }

    fn search(&self, id: RowId) -> Result<usize, usize> {
        let key = self.key(id);
        self.order.binary_search_by_key(&key, |other| self.key(*other))
    }
}

/// So many rows are moved one by one.
const FEW: usize = 32;

/// The bytes of the largest number that a version can hold.
const LONGEST_NUMBER: usize = 5;

/// How many of the first numbers are so; they stand before all others.
fn partition_point(count: u32, is_so: impl Fn(u32) -> bool) -> u32 {
    let (mut from, mut to) = (0, count);
    while from < to {
        let middle = from.midpoint(to);
        if is_so(middle) { from = middle + 1 } else { to = middle }
    }
    from
}

/// The smallest number that takes more than one byte.
const FIRST_OF_TWO_BYTES: u32 = 0x80;

fn put_number(into: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        into.push(u8::try_from(number & 0x7f).unwrap_or_default() | 0x80);
        number >>= 7;
    }
    into.push(u8::try_from(number).unwrap_or_default());
}

fn take_number(from: &mut &[u8]) -> usize {
    let mut number = 0;
    let mut shift = 0;
    while let Some((&byte, rest)) = from.split_first() {
        *from = rest;
        number |= usize::from(byte & 0x7f) << shift;
        shift += 7;
        if byte < 0x80 {
            break;
        }
    }
    number
}
