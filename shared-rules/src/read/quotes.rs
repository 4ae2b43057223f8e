//! Whether the quotes of one record are as they should be.

use memchr::{memchr, memchr2};

use super::Dialect;

/// The verdict on one record.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Quotes {
    Sound,
    /// Text follows the closing quote of a cell that is on one line.
    Misplaced {
        cell: usize,
    },
    /// A quote swallowed the end of its line, and did so by mistake. `open` is its offset in the record.
    Unclosed {
        cell: usize,
        open: usize,
    },
}

/// Looks at the raw bytes of a record. A cell of more than `cell_characters`, or more than `most_cells`, show that
/// a quote that crosses a line does so by mistake. The verdict `Unclosed` depends on nothing but the bytes up to the
/// point where it is certain, so that it is the same however much of the record has been read.
pub(super) fn look(
    record: &[u8],
    dialect: Dialect,
    complete: bool,
    cell_characters: usize,
    most_cells: usize,
) -> Quotes {
    let mut misplaced = None;
    let mut crossing = None;
    let mut at = 0;
    while let Some(open) = next_opening(record, dialect, at) {
        let close = closing(record, dialect, open + 1);
        let body = &record[open + 1..close.unwrap_or(record.len())];
        let crosses = memchr2(b'\n', b'\r', body).is_some();
        if crosses {
            crossing = crossing.or(Some(open));
        }
        if crosses && is_longer(body, dialect, cell_characters) {
            return unclosed(record, dialect, crossing.unwrap_or(open));
        }
        let Some(close) = close else {
            if complete {
                return unclosed(record, dialect, crossing.unwrap_or(open));
            }
            break;
        };
        if record.get(close + 1).is_some_and(|next| ![dialect.delimiter, b'\n', b'\r'].contains(next)) {
            if crosses {
                return unclosed(record, dialect, crossing.unwrap_or(open));
            }
            misplaced = misplaced.or(Some(open));
        }
        at = close + 1;
    }
    if let Some(open) = crossing.filter(|_| cell_at(record, dialect, record.len()) >= most_cells) {
        return unclosed(record, dialect, open);
    }
    misplaced.map_or(Quotes::Sound, |open| Quotes::Misplaced { cell: cell_at(record, dialect, open) })
}

fn unclosed(record: &[u8], dialect: Dialect, open: usize) -> Quotes {
    Quotes::Unclosed { cell: cell_at(record, dialect, open), open }
}

/// The next quote that begins a cell. `from` is outside quotes.
fn next_opening(record: &[u8], dialect: Dialect, mut from: usize) -> Option<usize> {
    loop {
        let quote = from + memchr(dialect.quote, record.get(from..)?)?;
        if quote == 0 || record[quote - 1] == dialect.delimiter {
            return Some(quote);
        }
        from = quote + 1;
    }
}

/// The quote that ends a quoted cell; a doubled one does not.
fn closing(record: &[u8], dialect: Dialect, mut from: usize) -> Option<usize> {
    loop {
        let quote = from + memchr(dialect.quote, record.get(from..)?)?;
        if record.get(quote + 1) != Some(&dialect.quote) {
            return Some(quote);
        }
        from = quote + 2;
    }
}

/// Whether a quoted cell has more characters than the limit.
fn is_longer(body: &[u8], dialect: Dialect, characters: usize) -> bool {
    if body.len() <= characters {
        return false;
    }
    let doubled = memchr::memmem::find_iter(body, &[dialect.quote; 2]).count();
    let continuation = body.iter().filter(|byte| (0x80..0xc0).contains(*byte)).count();
    body.len() - doubled - continuation > characters
}

/// The index of the cell that begins at this offset.
fn cell_at(record: &[u8], dialect: Dialect, open: usize) -> usize {
    let (mut cell, mut at) = (0, 0);
    while at < open {
        if record[at] == dialect.quote && (at == 0 || record[at - 1] == dialect.delimiter) {
            at = closing(record, dialect, at + 1).map_or(open, |close| close + 1);
        } else {
            cell += usize::from(record[at] == dialect.delimiter);
            at += 1;
        }
    }
    cell
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(record: &str, expect: Quotes) {
        assert_eq!(look(record.as_bytes(), Dialect::COMMA, true, 10, 4), expect, "{record}");
    }

    #[test]
    fn sound_quotes() {
        for record in
            ["a,b", "\"a\",\"b\"\n", "\"a\nb\",c\r\n", "\"say \"\"hi\"\"\",c", "5'10\",\"x\"", "\"\""]
        {
            check(record, Quotes::Sound);
        }
    }

    #[test]
    fn text_after_the_closing_quote() {
        check("\"O\"Brien,x\n", Quotes::Misplaced { cell: 0 });
        check("x,\"a\" ,y\n", Quotes::Misplaced { cell: 1 });
    }

    #[test]
    fn quotes_that_swallow_lines() {
        check("a,\"b", Quotes::Unclosed { cell: 1, open: 2 });
        check("a,\"b\nc,\"d\",e\n", Quotes::Unclosed { cell: 1, open: 2 });
        check("1,\"b\nc\",3,4,5\n", Quotes::Unclosed { cell: 1, open: 2 });
        check("\"1,2\",\"b\n1234567890\",e\n", Quotes::Unclosed { cell: 1, open: 6 });
    }

    #[test]
    fn the_limit_is_exact_and_in_characters() {
        check("\"12345\n7890\"\n", Quotes::Sound);
        check("\"12345\n78901\"\n", Quotes::Unclosed { cell: 0, open: 0 });
        check("\"éééé\n\"\"7890\"\n", Quotes::Sound);
    }
}
