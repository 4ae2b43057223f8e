//! Edits, what each of them makes to be checked again, undo and redo.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};

use super::{
    Session, joined,
    keys::keys_of,
    rows::{RowId, Scratch, Version},
    verdicts::Mark,
};
use crate::{
    check::{CellCounts, CheckedRow, RowChecker, readable},
    columns::Mapping,
    identity::KeyWriter,
    read::{Cells, RawRow},
    rules::{self, Finding},
};

/// A new value for a cell.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct CellEdit {
    pub id: RowId,
    /// The column of the file, 0-based. One beyond the row's last cell makes the row longer.
    pub column: usize,
    pub value: String,
}

/// Why an edit cannot be made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum EditError {
    /// There is no row of that id.
    NoSuchRow,
    /// There is no such column, or none can be added.
    NoSuchColumn,
    /// The roster has as many rows as the limits allow.
    TooManyRows,
}

impl fmt::Display for EditError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchRow => "the row is not there any more",
            Self::NoSuchColumn => "there is no such column",
            Self::TooManyRows => "the roster has as many rows as it can have",
        })
    }
}

impl std::error::Error for EditError {}

/// What was done, and what was undone.
#[derive(Default)]
pub(super) struct History {
    done: Vec<Change>,
    undone: Vec<Change>,
}

/// One step of undo.
#[derive(Debug, Default)]
struct Change {
    rows: Vec<RowChange>,
    columns: Option<ColumnsChange>,
}

/// A row's version before and after; none where it is not there.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowChange {
    pub(super) id: RowId,
    pub(super) before: Option<Version>,
    pub(super) after: Option<Version>,
}

#[derive(Debug)]
struct ColumnsChange {
    before: (Vec<Vec<u8>>, Mapping),
    after: (Vec<Vec<u8>>, Mapping),
}

/// A change that makes more rows than these to be checked again makes all of them: one after another they are checked
/// several times as fast as in groups.
const MANY: usize = 2_000;

/// So far a row's predecessors are searched for ones that can be read.
const FAR: usize = 100;

impl Session {
    /// Changes cells, as one step of undo.
    pub fn set_cells(&mut self, edits: &[CellEdit]) -> Result<(), EditError> {
        let mut ids: Vec<RowId> = edits.iter().map(|edit| edit.id).collect();
        ids.sort_unstable();
        ids.dedup();
        if edits.iter().any(|edit| edit.column >= self.options.limits.columns) {
            return Err(EditError::NoSuchColumn);
        }
        if ids.iter().any(|id| !self.rows.is_there(*id)) {
            return Err(EditError::NoSuchRow);
        }
        let changes = ids.into_iter().map(|id| {
            let of_row = edits.iter().filter(|edit| edit.id == id);
            self.rewritten(id, of_row.map(|edit| (edit.column, edit.value.as_str())))
        });
        let rows = changes.collect();
        self.commit_rows(rows);
        Ok(())
    }

    /// Inserts rows in front of a row, or at the end. Cells that are not given are blank. Returns the first of the
    /// new rows.
    pub fn insert_rows(&mut self, before: Option<RowId>, rows: &[Vec<String>]) -> Result<RowId, EditError> {
        let most = self.options.limits.rows as usize;
        if self.rows.len() + rows.len() > most {
            return Err(EditError::TooManyRows);
        }
        let place = before.map_or(Some(self.rows.len()), |id| self.rows.place(id));
        let place = place.ok_or(EditError::NoSuchRow)?;
        let width = self.headers.len();
        let versions: Vec<Version> = rows
            .iter()
            .map(|row| {
                let cells =
                    (0..width.max(row.len())).map(|column| row.get(column).map_or("", String::as_str));
                self.rows.keep(cells.map(str::as_bytes))
            })
            .collect();
        let ids = self.rows.add(place, &versions);
        let first = ids.start;
        let rows =
            ids.zip(versions).map(|(id, version)| RowChange { id, before: None, after: Some(version) });
        let rows = rows.collect();
        self.commit_rows(rows);
        Ok(first)
    }

    /// Takes rows away.
    pub fn delete_rows(&mut self, ids: &[RowId]) -> Result<(), EditError> {
        if ids.iter().any(|id| !self.rows.is_there(*id)) {
            return Err(EditError::NoSuchRow);
        }
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        let rows = ids.into_iter().map(|id| RowChange { id, before: self.rows.version(id), after: None });
        let rows = rows.collect();
        self.commit_rows(rows);
        Ok(())
    }

    /// Writes another header over a column, and checks all rows again.
    pub fn rename_header(&mut self, column: usize, header: &str) -> Result<(), EditError> {
        let mut headers = self.headers.clone();
        *headers.get_mut(column).ok_or(EditError::NoSuchColumn)? = header.as_bytes().to_vec();
        let mapping = self.options.mapping.clone();
        self.commit_columns(headers, mapping);
        Ok(())
    }

    /// Says which columns are which fields, and checks all rows again.
    pub fn map_columns(&mut self, mapping: Mapping) {
        self.commit_columns(self.headers.clone(), mapping);
    }

    /// Takes the last change back; whether there was one.
    pub fn undo(&mut self) -> bool {
        let Some(change) = self.history.done.pop() else { return false };
        self.make(&change, true);
        self.history.undone.push(change);
        true
    }

    /// Makes the last change again that was undone; whether there was one.
    pub fn redo(&mut self) -> bool {
        let Some(change) = self.history.undone.pop() else { return false };
        self.make(&change, false);
        self.history.done.push(change);
        true
    }

    /// How many changes can be undone, and made again.
    pub(super) fn depth(&self) -> (usize, usize) {
        (self.history.done.len(), self.history.undone.len())
    }

    /// A row with other values in some of its cells.
    pub(super) fn rewritten<'a>(
        &mut self,
        id: RowId,
        values: impl Iterator<Item = (usize, &'a str)>,
    ) -> RowChange {
        let before = self.rows.version(id);
        let mut spans = Scratch::new();
        let mut cells: Vec<Vec<u8>> = self.raw(id, &mut spans).cells.iter().map(<[u8]>::to_vec).collect();
        for (column, value) in values {
            if cells.len() <= column {
                cells.resize(column + 1, Vec::new());
            }
            cells[column] = value.as_bytes().to_vec();
        }
        let after = self.rows.keep(cells.iter().map(Vec::as_slice));
        RowChange { id, before, after: Some(after) }
    }

    pub(super) fn commit_rows(&mut self, rows: Vec<RowChange>) {
        self.commit(Change { rows, columns: None });
    }

    fn commit(&mut self, change: Change) {
        self.make(&change, false);
        self.history.undone.clear();
        self.history.done.push(change);
    }

    fn commit_columns(&mut self, headers: Vec<Vec<u8>>, mapping: Mapping) {
        let before = (self.headers.clone(), self.options.mapping.clone());
        let columns = Some(ColumnsChange { before, after: (headers, mapping) });
        self.commit(Change { rows: Vec::new(), columns });
    }

    /// Makes a change, or takes it back, and checks again what it reaches.
    fn make(&mut self, change: &Change, back: bool) {
        if let Some(columns) = &change.columns {
            let (headers, mapping) = if back { &columns.before } else { &columns.after };
            self.headers.clone_from(headers);
            self.options.mapping.clone_from(mapping);
            self.begin_again();
        }
        let turned = |change: &RowChange| {
            let RowChange { id, before, after } = *change;
            if back { RowChange { id, before: after, after: before } } else { *change }
        };
        let rows: Vec<RowChange> = change.rows.iter().map(turned).collect();
        let reached = (rows.len() <= MANY && !self.is_stale).then(|| self.reached(&rows)).flatten();
        match reached {
            Some(reached) => {
                // A check of all rows that is under way has seen others.
                self.is_unsettled |= self.pass.take().is_some();
                self.check_again(&rows, &reached);
            }
            None if rows.is_empty() => {}
            None => {
                self.rows.put_all(rows.iter().map(|row| (row.id, row.after)));
                rows.iter().filter(|row| row.after.is_none()).for_each(|row| self.verdicts.clear(row.id));
                self.begin_again();
            }
        }
        self.place_sheets();
        self.show(&rows);
    }

    /// Finds where the sheets' rows are now: rows that come or go move the sheets behind them.
    fn place_sheets(&mut self) {
        let sheets = self.file.sheets.moved(|before| self.rows.moved(before));
        self.context.sheets.clone_from(&sheets);
        self.options.sheets = sheets;
    }

    /// Takes rows that are gone out of the choice, and chooses anew where some have come.
    fn show(&mut self, rows: &[RowChange]) {
        let mut gone: Vec<RowId> = rows.iter().filter(|row| row.after.is_none()).map(|row| row.id).collect();
        gone.sort_unstable();
        if rows.iter().any(|row| row.before.is_none()) {
            self.select_again();
        } else if !gone.is_empty() {
            self.deselect(&gone);
        }
    }

    /// The rows whose findings a change may alter; none where they are too many.
    fn reached(&self, rows: &[RowChange]) -> Option<BTreeSet<RowId>> {
        let mut writer = KeyWriter::default();
        let mut spans = Scratch::new();
        let mut keys = Vec::new();
        for row in rows {
            for version in [row.before, row.after].into_iter().flatten() {
                let cells = self.rows.cells(version, &mut spans);
                self.keys_of(cells, &mut writer, &mut keys);
            }
        }
        let near = rows.iter().flat_map(|row| self.followers(row.id));
        let seeds: BTreeSet<RowId> = rows.iter().map(|row| row.id).chain(near).collect();
        let mut spans = Scratch::new();
        self.keys.related(&seeds, &keys, MANY, |id, keys| {
            let cells = self.raw(id, &mut spans).cells;
            self.keys_of(cells, &mut writer, keys);
        })
    }

    fn keys_of(&self, cells: Cells<'_>, writer: &mut KeyWriter, keys: &mut Vec<u64>) {
        if let Some(texts) = cells.text() {
            keys_of(&self.context, texts, writer, keys);
        }
    }

    /// The rows after a row that may go on counting up from it.
    fn followers(&self, id: RowId) -> impl Iterator<Item = RowId> {
        let reach = self.checker().reach();
        let place = self.rows.order().partition_point(|other| self.rows.is_before(*other, id));
        let after = self.rows.order()[place..].iter().copied().filter(move |other| *other != id).take(FAR);
        let mut left = reach;
        after.take_while(move |other| {
            let is_near = left > 0;
            left -= usize::from(is_near && self.is_readable(*other));
            is_near
        })
    }

    fn is_readable(&self, id: RowId) -> bool {
        let mut spans = Scratch::new();
        let raw = self.raw(id, &mut spans);
        !raw.cells.are_blank() && readable(&self.context, &raw).is_ok()
    }

    /// Makes a change of few rows and checks those that it reaches.
    fn check_again(&mut self, rows: &[RowChange], reached: &BTreeSet<RowId>) {
        let mut cells = self.cell_counts(rows.iter().filter_map(|row| Some((row.id, row.before?))));
        let was_clean: Vec<(RowId, bool)> = reached.iter().map(|id| (*id, self.is_clean(*id))).collect();
        let mut unsettled = self.touches_links(rows);
        self.rows.put_all(rows.iter().map(|row| (row.id, row.after)));
        let after = self.cell_counts(rows.iter().filter_map(|row| Some((row.id, row.after?))));
        cells.iter_mut().zip(&after).for_each(|(before, now)| {
            if let Some((_, counts)) = self.cells.iter_mut().find(|(column, _)| *column == before.0) {
                counts.exchange(before.1, now.1);
            }
        });
        self.check_rows(reached);
        let flips = was_clean.iter().any(|(id, was)| *was != self.is_clean(*id));
        unsettled |= flips && self.context.roles.says_of_others(&self.context.program);
        unsettled |= self.headers.iter().any(|header| header.trim_ascii().is_empty());
        unsettled |= self.has_rows() == self.file_findings.iter().any(|found| found.rule == NO_ROWS);
        self.is_unsettled |= unsettled;
    }

    /// Whether there is a row that is not blank.
    fn has_rows(&self) -> bool {
        let mut spans = Scratch::new();
        self.rows.order().iter().any(|id| !self.raw(*id, &mut spans).cells.are_blank())
    }

    /// Whether the row is there and will be imported.
    fn is_clean(&self, id: RowId) -> bool {
        self.rows.is_there(id) && self.verdicts.of(id).worst() != Some(crate::diagnostic::Severity::Error)
    }

    /// Checks these rows, in their order and knowing of each other.
    fn check_rows(&mut self, ids: &BTreeSet<RowId>) {
        let mut places: Vec<(usize, RowId)> =
            ids.iter().filter_map(|id| Some((self.rows.place(*id)?, *id))).collect();
        places.sort_unstable();
        let mut checker = self.checker();
        let mut verdicts = Vec::with_capacity(places.len());
        let mut writer = KeyWriter::default();
        let (mut spans, mut keys) = (Scratch::new(), Vec::new());
        for (place, id) in places {
            let raw = self.raw(id, &mut spans);
            if raw.cells.are_blank() {
                verdicts.push((id, (Mark::default(), Vec::new())));
                continue;
            }
            self.lead(&mut checker, place);
            let row = checker.check(&self.context, &raw);
            verdicts.push((id, self.verdict(id, &row)));
            keys.clear();
            self.keys_of(raw.cells, &mut writer, &mut keys);
            self.keys.add(id, &keys);
        }
        ids.iter().filter(|id| !self.rows.is_there(**id)).for_each(|id| self.verdicts.clear(*id));
        for (id, (mark, across)) in verdicts {
            self.verdicts.set(id, mark, across);
        }
    }

    /// What is found in a row, with what only a check of all rows shows left as it was.
    fn verdict(&self, id: RowId, row: &CheckedRow<'_>) -> (Mark, Vec<Finding>) {
        let of_all = |finding: &&Finding| OF_ALL.iter().any(|rule| rule.name == finding.rule.name);
        let kept = self.verdicts.across(id).iter().filter(of_all);
        let across = row.findings_across().iter().filter(|finding| !of_all(finding));
        let across: Vec<Finding> = across.chain(kept).copied().collect();
        let own = row.findings().len() - row.findings_across().len();
        (Mark::of(row.findings()[..own].iter().chain(&across)), across)
    }

    /// A checker that knows of no row.
    pub(super) fn checker(&self) -> RowChecker {
        RowChecker::new(&self.context, &self.options)
    }

    /// Tells a checker of the rows before the one at that place.
    pub(super) fn lead(&self, checker: &mut RowChecker, place: usize) {
        let reach = checker.reach();
        if reach == 0 {
            return;
        }
        let before = self.rows.order()[..place].iter().rev().take(FAR).copied();
        let mut near: Vec<RowId> = before.filter(|id| self.is_readable(*id)).take(reach).collect();
        near.reverse();
        let mut all = Vec::new();
        for id in near {
            let mut spans = Scratch::new();
            let cells = self.raw(id, &mut spans).cells.iter().map(<[u8]>::to_vec).collect::<Vec<_>>();
            all.push((id, joined(&cells)));
        }
        let rows = all.iter().map(|(id, (bytes, spans))| RawRow {
            row: *id,
            cells: Cells::new(bytes, spans),
            damage: None,
        });
        checker.follow(&self.context, rows);
    }

    /// What the columns' cells in these versions are like.
    fn cell_counts(&self, versions: impl Iterator<Item = (RowId, Version)>) -> Vec<(usize, CellCounts)> {
        let mut checker = self.checker();
        let mut spans = Scratch::new();
        for (id, version) in versions {
            let raw = RawRow {
                row: id,
                cells: self.rows.cells(version, &mut spans),
                damage: self.rows.damage(version),
            };
            if !raw.cells.are_blank() {
                checker.check_alone(&self.context, &raw);
            }
        }
        checker.counts().collect()
    }

    /// Whether a change alters a cell by which rows speak of others.
    fn touches_links(&self, rows: &[RowChange]) -> bool {
        let columns = self.context.roles.columns_across(&self.context.program, &self.context.columns);
        let (mut before_spans, mut after_spans) = (Scratch::new(), Scratch::new());
        rows.iter().any(|row| {
            let before =
                row.before.map_or(Cells::default(), |version| self.rows.cells(version, &mut before_spans));
            let after =
                row.after.map_or(Cells::default(), |version| self.rows.cells(version, &mut after_spans));
            let reads = |cells, version: Option<Version>| {
                let damage = version.and_then(|version| self.rows.damage(version));
                readable(&self.context, &RawRow { row: row.id, cells, damage }).is_ok()
            };
            !columns.is_empty() && reads(before, row.before) != reads(after, row.after)
                || columns.iter().any(|column| before.get(*column) != after.get(*column))
        })
    }
}

const NO_ROWS: &str = rules::no_data_rows::RULE.name;

/// What only a check of all rows shows.
const OF_ALL: [&rules::Rule; 3] =
    [&rules::class_too_large::RULE, &rules::unknown_reference::RULE, &rules::parent_cycle::RULE];
