//! Files that are small and would take much memory. All tests of this file share one process and one count,
//! so there is one test.
#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod common;

use peak_alloc::PeakAlloc;
use workbook::{Guards, Unreadable, Workbook};
use zip::CompressionMethod;

use self::common::{ods, sheet, xlsx, xlsx_of, zip};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1 << 20;

/// Several times what reading it may take.
const LONG: usize = 24 * MIB;

/// Less text than by default, for the sake of time.
const GUARDS: Guards = Guards { csv_bytes: 20_000_000, ..Guards::DEFAULT };

/// Reads the file; how many bytes that took at most, the file's own included.
fn peak(file: Vec<u8>) -> (usize, Result<(), Unreadable>) {
    let before = MEMORY.current_usage() - file.len();
    MEMORY.reset_peak_usage();
    let read = Workbook::open(file, &GUARDS).and_then(|mut workbook| {
        let sheet = workbook.default_sheet()?;
        workbook.write_csv(sheet, &mut |_| std::ops::ControlFlow::Continue(()))
    });
    (MEMORY.peak_usage() - before, read)
}

fn far_apart() -> Vec<u8> {
    let last = r#"<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
    xlsx(&format!(r#"<row r="1"><c r="A1"><v>1</v></c></row>{last}"#))
}

/// A table of texts that is as large as may be, uncompressed: the file and the texts are in memory together.
fn full_table() -> Vec<u8> {
    let text = format!("<si><t>{}</t></si>", "a".repeat(32_000));
    let strings = format!("<sst>{}</sst>", text.repeat(1_630));
    let cell = sheet(r#"<row><c t="s"><v>1629</v></c></row>"#);
    zip(
        &[
            ("_rels/.rels", common::RELATIONSHIPS.to_owned()),
            ("xl/workbook.xml", common::WORKBOOK.to_owned()),
            ("xl/_rels/workbook.xml.rels", common::WORKBOOK_RELATIONSHIPS.to_owned()),
            ("xl/worksheets/sheet1.xml", cell),
            ("xl/sharedStrings.xml", strings),
            ("xl/styles.xml", common::STYLES.to_owned()),
        ],
        CompressionMethod::Stored,
    )
}

/// A compound file of version 4 with one stream, `Workbook`.
fn compound_file(stream: &[u8]) -> Vec<u8> {
    const SECTOR: usize = 4096;
    const END: u32 = 0xFFFF_FFFE;
    let sectors = stream.len().div_ceil(SECTOR);
    // The table is first, then the directory, then the stream.
    let tables = (sectors + 1).div_ceil(SECTOR / 4 - 1);
    let number = |sector: usize| u32::try_from(sector).unwrap().to_le_bytes();
    let mut header = vec![0; SECTOR];
    header[..8].copy_from_slice(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1");
    header[26..34].copy_from_slice(&[4, 0, 0xFE, 0xFF, 12, 0, 6, 0]);
    header[48..52].copy_from_slice(&number(tables));
    header[56..60].copy_from_slice(&4096_u32.to_le_bytes());
    header[60..64].copy_from_slice(&END.to_le_bytes());
    header[68..72].copy_from_slice(&END.to_le_bytes());
    header[76..512].fill(0xFF);
    for table in 0..tables {
        header[76 + 4 * table..80 + 4 * table].copy_from_slice(&number(table));
    }
    let mut next = vec![[0xFF; 4]; tables];
    next.push(END.to_le_bytes());
    next.extend((1..sectors).map(|sector| number(tables + 1 + sector)));
    next.push(END.to_le_bytes());
    next.resize(tables * SECTOR / 4, [0xFF; 4]);
    let mut directory = vec![0; SECTOR];
    for (at, letter) in b"Workbook".iter().enumerate() {
        directory[2 * at] = *letter;
    }
    directory[66] = 2;
    directory[116..120].copy_from_slice(&number(tables + 1));
    directory[120..124].copy_from_slice(&number(stream.len()));
    [header, next.concat(), directory, stream.to_vec()].concat()
}

fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    [&kind.to_le_bytes()[..], &u16::try_from(data.len()).unwrap().to_le_bytes(), data].concat()
}

/// An XLS file of about 50 MiB: one sheet, with these records among the globals and in it.
fn xls(globals: &[u8], sheet: &[u8]) -> Vec<u8> {
    let (begin, end) = (record(0x0809, &[0, 6, 0, 0]), record(0x000A, &[]));
    let start = u32::try_from(begin.len() + 13 + end.len() + globals.len()).unwrap().to_le_bytes();
    let entry = record(0x0085, &[&start[..], &[0, 0, 1, 0, b'S']].concat());
    compound_file(&[&begin[..], &entry, globals, &end, &begin, sheet, &end].concat())
}

/// One text of characters that take one byte there and two here, over and over.
fn full_xls_table() -> Vec<u8> {
    let text = [&[0xD0, 0x07, 0][..], &[0xE9; 2_000]].concat();
    let first = record(0x00FC, &[&[0; 8][..], &text.repeat(4)].concat());
    let more = record(0x003C, &text.repeat(4));
    xls(&[first, more.repeat(6_500)].concat(), &record(0x027E, &[0; 10]))
}

/// Cells in the fewest bytes, all in the same place.
fn full_xls_sheet() -> Vec<u8> {
    let numbers = record(0x00BD, &[&[0; 4][..], &[0; 6].repeat(255), &[254, 0]].concat());
    xls(&[], &numbers.repeat(33_700))
}

#[test]
fn no_file_takes_more_than_256_mib() {
    let inline = |text: &str| xlsx(&format!(r#"<row><c t="inlineStr"><is><t>{text}</t></is></c></row>"#));
    let claims = r#"<sst count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>"#;
    let wide =
        r#"<table:table-cell table:number-columns-repeated="16384"><text:p>a</text:p></table:table-cell>"#;
    let repeated =
        format!("<table:table-row table:number-rows-repeated=\"1048576\">{wide}</table:table-row>");
    let spaces = format!(
        "<table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row>",
        "<text:s text:c=\"32767\"/>".repeat(10_000)
    );
    let many_runs = "<r><t>aaaaaaaaaaaaaaaaaaaa</t></r>".repeat(LONG / 30);
    for (what, readable, limit, file) in [
        ("two cells far apart", true, 2 * MIB, far_apart()),
        (
            "a count of texts that is not true",
            true,
            2 * MIB,
            xlsx_of(&[
                ("xl/sharedStrings.xml", claims.to_owned()),
                ("xl/worksheets/sheet1.xml", sheet(r#"<row><c t="s"><v>0</v></c></row>"#)),
            ]),
        ),
        ("one long cell", false, 6 * MIB, inline(&"a".repeat(LONG))),
        ("one cell of many runs", false, 6 * MIB, inline(&format!("</t>{many_runs}<t>"))),
        ("one long attribute", false, 6 * MIB, xlsx(&format!("<row r=\"{}\"/>", "1".repeat(LONG)))),
        ("one long comment", false, 6 * MIB, xlsx(&format!("<!--{}-->", "<".repeat(LONG)))),
        ("many open elements", false, 6 * MIB, xlsx(&"<a>".repeat(LONG / 3))),
        ("a repeated row", false, 6 * MIB, ods(&repeated)),
        ("many spaces", false, 6 * MIB, ods(&spaces)),
        ("a table of texts at the bound", true, 256 * MIB, full_table()),
        ("a table of texts in XLS at the bound", true, 256 * MIB, full_xls_table()),
        ("a sheet in XLS at the bound", true, 256 * MIB, full_xls_sheet()),
    ] {
        let (bytes, read) = peak(file);
        println!("{what}: {} KiB; {read:?}", bytes >> 10);
        assert_eq!(read.is_ok(), readable, "{what}");
        assert!(bytes < limit, "{what} took {bytes} bytes");
    }
}
