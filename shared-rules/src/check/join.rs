//! Sheets of a workbook joined into one table: each has a header of its own, and its name says what its people are.

use super::CheckOptions;
use crate::{
    columns::{Columns, Header},
    diagnostic::Diagnostic,
    layout::{HEAD, Layout},
    options::Delimiter,
    program::Program,
    read::{Cells, Dialect, RawRow, Span},
    rules,
};

/// The beginning of a sheet, off which its layout is read.
pub(super) struct Head {
    name: String,
    bytes: Vec<u8>,
}

/// The table that the sheets make, and how each gets its rows into it.
pub(super) struct Join {
    /// The table's columns: the first sheet's, then what others have besides.
    table: Vec<Column>,
    sheets: Vec<Sheet>,
    /// The sheet that is being read.
    current: Option<usize>,
    /// How many rows the sheets before it have.
    before: u32,
    /// The last of its rows that has a value.
    last: u32,
    line: Line,
}

/// A row of the table.
#[derive(Default)]
struct Line {
    bytes: Vec<u8>,
    spans: Vec<Span>,
}

/// A column of the table.
struct Column {
    header: String,
    /// The program's field, if a header's name says which.
    field: Option<usize>,
}

struct Sheet {
    name: String,
    layout: Layout,
    columns: Columns,
    /// For each column of the table the sheet's.
    places: Vec<Option<usize>>,
    /// What the name stands for, where no column says it.
    fill: Option<(usize, String)>,
}

impl Head {
    pub(super) fn new(name: &str) -> Self {
        Self { name: name.to_owned(), bytes: Vec::new() }
    }

    /// Takes the next bytes; says whether more are wanted.
    pub(super) fn push(&mut self, chunk: &[u8]) -> bool {
        let room = HEAD - self.bytes.len();
        self.bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        self.bytes.len() < HEAD
    }
}

impl Join {
    pub(super) fn of(heads: Vec<Head>, program: &Program, options: &CheckOptions) -> Self {
        let options = CheckOptions { delimiter: Some(Delimiter::Comma), ..options.clone() };
        let sheets = heads.into_iter().map(|head| Sheet::of(head, program, &options)).collect();
        let mut join =
            Self { table: Vec::new(), sheets, current: None, before: 0, last: 0, line: Line::default() };
        if let Some((field, _)) = join.sheets.iter().find_map(|sheet| sheet.fill.as_ref()) {
            let header = program.fields[*field].name.clone();
            join.table.push(Column { header, field: Some(*field) });
        }
        for sheet in &mut join.sheets {
            sheet.enter(&mut join.table);
        }
        join
    }

    /// How the table is laid out, with the first rows of all sheets.
    pub(super) fn layout(&mut self) -> Layout {
        let Self { table, sheets, .. } = self;
        let mut samples = Vec::new();
        for sheet in sheets.iter_mut() {
            let rows = std::mem::take(&mut sheet.layout.samples);
            samples.extend(rows.iter().map(|row| sheet.sample(row, table.len())));
        }
        let first = sheets.iter().find(|sheet| !sheet.is_blank());
        let header_row = first.map_or(1, |sheet| sheet.layout.header_row);
        Layout { dialect: Dialect::COMMA, header_row, rows_above: 0, header: Vec::new(), samples }
    }

    /// The header of the table; none where all sheets are blank.
    pub(super) fn header(&mut self, row: u32) -> Option<RawRow<'_>> {
        if self.sheets.iter().all(Sheet::is_blank) {
            return None;
        }
        let cells = self.line.write(self.table.iter().map(|column| column.header.as_bytes()));
        Some(RawRow { row, cells, damage: None })
    }

    /// How the sheets' headers differ from what the program, or the table, has.
    pub(super) fn faults(&self, program: &Program, table: &Columns) -> Vec<Diagnostic> {
        let sheets = self.sheets.iter().filter(|sheet| !sheet.is_blank());
        let faults = sheets.flat_map(|sheet| {
            let Sheet { name, layout, columns, .. } = sheet;
            let implied = sheet.fill.as_ref().map(|(field, _)| *field);
            let above = (layout.rows_above > 0)
                .then(|| rules::text_above_header::diagnostic(layout.header_row).of_sheet(name));
            above.into_iter().chain(rules::missing_column::on_sheet(program, name, columns, implied, table))
        });
        faults.collect()
    }

    /// Goes on to the next sheet, and says its name and how many rows the others have.
    pub(super) fn begin_next(&mut self) -> Option<(&str, u32)> {
        self.before = self.before.saturating_add(std::mem::take(&mut self.last));
        let next = self.current.map_or(0, |current| current + 1);
        self.current = Some(next);
        self.sheets.get(next).map(|sheet| (sheet.name.as_str(), self.before))
    }

    /// A row of the present sheet as the table's; none of the header and what is above it.
    pub(super) fn row(&mut self, raw: &RawRow<'_>) -> Option<RawRow<'_>> {
        let Self { table, sheets, current, before, last, line } = self;
        let sheet = sheets.get((*current)?)?;
        *last = raw.row;
        if raw.row <= sheet.layout.header_row {
            return None;
        }
        let cells = (0..table.len()).map(|column| sheet.cell(column, |place| raw.cells.get(place)));
        // What stands under no header of its sheet stands under none of the table.
        let beyond = raw.cells.iter().skip(sheet.layout.header.len());
        let cells = line.write(cells.chain(beyond));
        Some(RawRow { row: before.saturating_add(raw.row), cells, damage: raw.damage })
    }
}

impl Sheet {
    fn of(head: Head, program: &Program, options: &CheckOptions) -> Self {
        let Head { name, bytes } = head;
        let layout = Layout::of(&bytes, bytes.len() < HEAD, program, options);
        let (headers, samples) = (layout.header.clone(), layout.samples.clone());
        let header = Header { count: headers.len(), headers, samples };
        let columns = Columns::matched(program, header, &options.mapping);
        let fill = program.implied_by(&name).filter(|(field, _)| columns.column(*field).is_none());
        let fill = fill.filter(|_| !layout.header.is_empty());
        let fill = fill.map(|(field, value)| (field, value.to_owned()));
        Self { name, layout, columns, places: Vec::new(), fill }
    }

    fn is_blank(&self) -> bool {
        self.layout.header.is_empty()
    }

    /// Finds the sheet's columns in the table, and adds those that it lacks.
    fn enter(&mut self, table: &mut Vec<Column>) {
        for (column, header) in self.layout.header.iter().enumerate() {
            let field = self.columns.named_field(column);
            let is_free = |place: &usize| self.places.get(*place).is_none_or(Option::is_none);
            let free = || (0..table.len()).filter(is_free);
            let same_text = free().find(|place| table[*place].header == *header);
            let same_field = || free().find(|place| field.is_some() && table[*place].field == field);
            let place = same_text.or_else(same_field).unwrap_or_else(|| {
                table.push(Column { header: header.clone(), field });
                table.len() - 1
            });
            self.places.resize(table.len(), None);
            self.places[place] = Some(column);
        }
        if let Some((field, value)) = self.fill.take() {
            let place = table.iter().position(|column| column.field == Some(field));
            self.fill = place.map(|place| (place, value));
        }
    }

    /// What stands in a column of the table, where `of_sheet` gives the cells of the sheet's.
    fn cell<'a>(&'a self, column: usize, of_sheet: impl FnOnce(usize) -> &'a [u8]) -> &'a [u8] {
        match &self.fill {
            Some((place, value)) if *place == column => value.as_bytes(),
            _ => self.places.get(column).copied().flatten().map_or(&[], of_sheet),
        }
    }

    fn sample(&self, row: &[String], columns: usize) -> Vec<String> {
        let of_sheet = |place: usize| row.get(place).map_or(&[][..], String::as_bytes);
        let cells = (0..columns).map(|column| self.cell(column, of_sheet));
        cells.map(|cell| String::from_utf8_lossy(cell).into_owned()).collect()
    }
}

impl Line {
    fn write<'a>(&mut self, cells: impl Iterator<Item = &'a [u8]>) -> Cells<'_> {
        self.bytes.clear();
        let bytes = &mut self.bytes;
        let ends = cells.map(|cell| {
            bytes.extend_from_slice(cell);
            bytes.len()
        });
        self.spans.clear();
        self.spans.extend(Span::up_to(ends));
        Cells::new(&self.bytes, &self.spans)
    }
}
