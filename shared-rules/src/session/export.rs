//! The roster as it is now, as a file.

use std::borrow::Cow;

use super::{
    Session,
    rows::{RowId, Scratch},
};
use crate::{
    diagnostic::Severity,
    read::{Cells, Damage, RawRow},
    spreadsheet,
};

/// Which rows of a roster are written.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize, Eq, PartialEq)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// All of them, each on the row that it has here.
    #[default]
    All,
    /// Those with errors.
    Errors,
    /// Those without.
    Importable,
}

/// About so much is handed over at once.
const CHUNK: usize = 1 << 20;

impl Session {
    /// Writes the roster as CSV in UTF-8, in pieces. A cell that a spreadsheet would run as a formula is marked; the
    /// reader takes the mark off again. What is damaged in a row that nobody mended stays damaged.
    pub fn export(&self, part: Part, mut write: impl FnMut(&[u8])) {
        let mut text = Vec::with_capacity(CHUNK + CHUNK / 8);
        let mut written = 0;
        if part == Part::All {
            for (number, cells) in &self.above {
                end_rows(&mut text, &mut written, *number);
                let is_declaration =
                    *number == 1 && cells.first().is_some_and(|cell| cell.starts_with(b"sep="));
                if !is_declaration {
                    put_row(&mut text, cells.iter().map(Vec::as_slice), None);
                }
            }
            end_rows(&mut text, &mut written, self.file.header_row);
        }
        let implied = self.context.columns.implied();
        put_row(&mut text, self.headers.iter().map(Vec::as_slice), None);
        put_implied(&mut text, implied.map(|(field, _)| self.program.fields[field].name.as_str()));
        let mut spans = Scratch::new();
        for &id in self.rows.order() {
            if part == Part::All {
                end_rows(&mut text, &mut written, self.rows.number(id));
            } else if self.is_in(id, part) {
                text.push(b'\n');
            } else {
                continue;
            }
            let RawRow { cells, damage, .. } = self.raw(id, &mut spans);
            put_cells(&mut text, cells, damage);
            // A blank row stays one.
            put_implied(&mut text, implied.filter(|_| !cells.are_blank()).map(|(_, value)| value));
            if text.len() >= CHUNK {
                write(&text);
                text.clear();
            }
        }
        text.push(b'\n');
        write(&text);
    }

    fn is_in(&self, id: RowId, part: Part) -> bool {
        let has_error = self.verdicts.of(id).worst() == Some(Severity::Error);
        match part {
            Part::All => true,
            Part::Errors => has_error,
            Part::Importable => !has_error,
        }
    }
}

/// Ends rows until the row of that number begins.
fn end_rows(text: &mut Vec<u8>, written: &mut u32, number: u32) {
    let ends = number.saturating_sub((*written).max(1));
    text.extend(std::iter::repeat_n(b'\n', ends as usize));
    *written = number;
}

/// What the sheet stood for: a file without sheets has it in a column.
fn put_implied(text: &mut Vec<u8>, cell: Option<&str>) {
    if let Some(cell) = cell {
        text.push(b',');
        put_cell(text, cell.as_bytes());
    }
}

fn put_cells(text: &mut Vec<u8>, cells: Cells<'_>, damage: Option<Damage>) {
    put_row(text, cells.iter(), damage);
}

fn put_row<'a>(text: &mut Vec<u8>, cells: impl Iterator<Item = &'a [u8]>, damage: Option<Damage>) {
    for (column, cell) in cells.enumerate() {
        if column > 0 {
            text.push(b',');
        }
        match damage {
            // The quotation mark itself is a part of what was read.
            Some(Damage::UnclosedQuote { cell: open }) if column >= open => text.extend_from_slice(cell),
            Some(Damage::MisplacedQuote { cell: open }) if column == open => {
                text.extend_from_slice(b"\"\"");
                text.extend_from_slice(cell);
            }
            _ => put_cell(text, cell),
        }
    }
}

fn put_cell(text: &mut Vec<u8>, cell: &[u8]) {
    let cell = match std::str::from_utf8(cell).map(spreadsheet::neutralise) {
        Ok(Cow::Owned(marked)) => Cow::Owned(marked.into_bytes()),
        _ => Cow::Borrowed(cell),
    };
    let outer_space = cell.first() == Some(&b' ') || cell.last() == Some(&b' ');
    if outer_space || cell.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r')) {
        text.push(b'"');
        for byte in cell.iter() {
            text.extend((*byte == b'"').then_some(b'"'));
            text.push(*byte);
        }
        text.push(b'"');
    } else {
        text.extend_from_slice(&cell);
    }
}
