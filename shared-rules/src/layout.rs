//! How a file is laid out: its delimiter and quote, the row of its header, and some of its values. All of it is read
//! off the file's first bytes.

use crate::{
    check::CheckOptions,
    columns::{Columns, Names},
    options::Delimiter,
    program::Program,
    read::{Dialect, RawRow, Reader},
};

/// The bytes that a layout is read off.
pub(crate) const HEAD: usize = 64 << 10;

/// Rows that are looked at: the header is among the first of them.
const ROWS: usize = 100;
const HEADER_WITHIN: usize = 20;

#[derive(Debug)]
pub(crate) struct Layout {
    pub(crate) dialect: Dialect,
    /// The row of the header, as a spreadsheet shows it.
    pub(crate) header_row: u32,
    /// Rows with text above it, but for the one that names the delimiter.
    pub(crate) rows_above: usize,
    /// The header's texts.
    pub(crate) header: Vec<String>,
    /// The first rows below the header.
    pub(crate) samples: Vec<Vec<String>>,
}

/// A row of the head.
struct Row {
    number: u32,
    cells: Vec<String>,
}

/// How well a dialect explains a file's head: the program's columns that one of the rows names, then the rows that
/// have as many cells as that one, of at least two.
#[derive(Clone, Copy, Debug, Default, Eq, Ord, PartialEq, PartialOrd)]
struct Score {
    known: usize,
    alike: usize,
}

impl Layout {
    /// Reads the layout off the file's first bytes. `complete` says whether they are all there are.
    pub(crate) fn of(head: &[u8], complete: bool, program: &Program, options: &CheckOptions) -> Self {
        let declared = declared_delimiter(head);
        let names = Names::of(program);
        let mut best: Option<(Score, Self)> = None;
        for dialect in dialects(head, options.delimiter.map(Delimiter::byte).or(declared)) {
            let rows = rows(head, complete, dialect, options);
            let first = usize::from(declared.is_some());
            let header = header(&names, program, &rows, first, options.header_row);
            let score = Score::of(&names, program, &rows, header);
            if best.as_ref().is_none_or(|(other, _)| score > *other) {
                best = Some((score, Self::at(dialect, rows, header, first)));
            }
        }
        best.map_or_else(|| Self::at(Dialect::COMMA, Vec::new(), 0, 0), |(_, layout)| layout)
    }

    fn at(dialect: Dialect, rows: Vec<Row>, header: usize, first: usize) -> Self {
        let header_row = rows.get(header).map_or(1, |row| row.number);
        let rows_above = header.saturating_sub(first);
        let mut rows = rows.into_iter().skip_while(|row| row.number < header_row).map(|row| row.cells);
        let header = rows.next().unwrap_or_default();
        Self { dialect, header_row, rows_above, header, samples: rows.collect() }
    }
}

impl Score {
    fn of(names: &Names, program: &Program, rows: &[Row], header: usize) -> Self {
        let Some(row) = rows.get(header) else { return Self::default() };
        let width = row.cells.len();
        let alike = rows.iter().filter(|row| width > 1 && row.cells.len() == width).count();
        Self { known: Columns::known(names, program, &row.cells), alike }
    }
}

/// The dialects that come into question, the likeliest first.
fn dialects(head: &[u8], delimiter: Option<u8>) -> Vec<Dialect> {
    let delimiters = delimiter.map_or(Dialect::DELIMITERS.to_vec(), |only| vec![only]);
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    // Single quotes hold the cells of some databases' exports, and stand in names everywhere else.
    let quotes: &[u8] = if text.starts_with(b"'") { b"'\"" } else { b"\"" };
    let with = |quote: &u8| {
        delimiters.iter().map(|&delimiter| Dialect { delimiter, quote: *quote }).collect::<Vec<_>>()
    };
    quotes.iter().flat_map(with).collect()
}

/// The delimiter of the line `sep=;`, with which some files begin for a spreadsheet's sake.
fn declared_delimiter(head: &[u8]) -> Option<u8> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    match text.get(..6)? {
        [b's', b'e', b'p', b'=', delimiter, b'\r' | b'\n'] if Dialect::DELIMITERS.contains(delimiter) => {
            Some(*delimiter)
        }
        _ => None,
    }
}

/// The first rows of the head, the one that it cuts off left out.
fn rows(head: &[u8], complete: bool, dialect: Dialect, options: &CheckOptions) -> Vec<Row> {
    let mut reader = Reader::new(options.limits, dialect);
    let mut rows = Vec::new();
    let mut take = |given: &[RawRow<'_>]| {
        for raw in given.iter().take(ROWS - rows.len()) {
            let cells = raw.cells.iter().take(options.limits.columns);
            let cells = cells.map(|cell| String::from_utf8_lossy(cell).into_owned()).collect();
            rows.push(Row { number: raw.row, cells });
        }
    };
    reader.push(head, &mut take);
    if complete {
        reader.finish(&mut take);
    }
    rows
}

/// The index of the header among the rows: the first, unless a later one names more of the program's columns.
fn header(names: &Names, program: &Program, rows: &[Row], first: usize, chosen: Option<u32>) -> usize {
    if let Some(chosen) = chosen {
        return rows.iter().position(|row| row.number >= chosen).unwrap_or(first);
    }
    if program.is_strict() {
        return first;
    }
    let known = |row: &Row| Columns::known(names, program, &row.cells);
    let least = rows.get(first).map_or(0, known).max(1);
    let later = rows.iter().enumerate().take(HEADER_WITHIN).skip(first + 1);
    let better = later.map(|(index, row)| (known(row), index)).filter(|(known, _)| *known > least);
    better.max_by_key(|&(known, index)| (known, std::cmp::Reverse(index))).map_or(first, |(_, index)| index)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(file: &str, delimiter: char, quote: char, header_row: u32) {
        let program = Program::builtin("clients").unwrap();
        let layout = Layout::of(file.as_bytes(), true, &program, &CheckOptions::default());
        let Dialect { delimiter: found, quote: found_quote } = layout.dialect;
        assert_eq!((char::from(found), char::from(found_quote)), (delimiter, quote), "{file}");
        assert_eq!(layout.header_row, header_row, "{file}");
    }

    #[test]
    fn delimiters_and_quotes() {
        check("Email,First Name,Last Name\na@example.com,Ann,Lee\n", ',', '"', 1);
        check("Email;First Name;Last Name\na@example.com;Ann;Lee, Jr.\n", ';', '"', 1);
        check("\u{feff}Email\tFirst Name\tLast Name\na@example.com\tAnn\tLee\n", '\t', '"', 1);
        check("Email|First Name|Last Name", '|', '"', 1);
        check("'Email','First Name','Last Name'\n'a@example.com','Ann','O''Brien'\n", ',', '\'', 1);
        check("a;b\n1,5;2\n", ';', '"', 1);
        check("", ',', '"', 1);
    }

    #[test]
    fn a_header_that_is_not_the_first_row() {
        check("Roster of 2026\n\nEmail,First Name,Last Name\na@example.com,Ann,Lee\n", ',', '"', 3);
        check("sep=;\r\nEmail;First Name;Last Name\n", ';', '"', 2);
        check("Email,Name\nEmail,First Name\n", ',', '"', 2);
        check("Mail of,First\nx,y\n", ',', '"', 1);
    }
}
