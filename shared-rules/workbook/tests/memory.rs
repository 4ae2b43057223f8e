//! Files that are small and would take much memory. All tests of this file share one process and one count,
//! so there is one test.
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
    let strings = format!("<sst>{}</sst>", text.repeat(3_200));
    let cell = sheet(r#"<row><c t="s"><v>3199</v></c></row>"#);
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

#[test]
fn no_file_takes_more_than_256_mib() {
    let inline = |text: &str| xlsx(&format!(r#"<row><c t="inlineStr"><is><t>{text}</t></is></c></row>"#));
    let claims = r#"<sst count="4294967295" uniqueCount="4294967295"><si><t>a</t></si></sst>"#;
    let wide =
        r#"<table:table-cell table:number-columns-repeated="16384"><text:p>a</text:p></table:table-cell>"#;
    let repeated =
        format!("<table:table-row table:number-rows-repeated=\"1048576\">{wide}</table:table-row>");
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
        ("a table of texts at the bound", true, 256 * MIB, full_table()),
    ] {
        let (bytes, read) = peak(file);
        println!("{what}: {} KiB; {read:?}", bytes >> 10);
        assert_eq!(read.is_ok(), readable, "{what}");
        assert!(bytes < limit, "{what} took {bytes} bytes");
    }
}
