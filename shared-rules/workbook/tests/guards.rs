//! Each guard at its bound and on both sides of it, and everything else that is refused.

mod common;

use rust_xlsxwriter::Workbook as Writer;
use workbook::{Bound, Guards, Unreadable, Workbook};
use zip::CompressionMethod;

use self::common::{
    RELATIONSHIPS, STRINGS, WORKBOOK, WORKBOOK_RELATIONSHIPS, csv, ods, sheet, xlsx, xlsx_of, zip,
};

/// Which bound stands in the way.
fn bound(file: &[u8], guards: &Guards) -> Option<Bound> {
    match csv(file, guards) {
        Err(Unreadable::TooLarge { bound, .. }) => Some(bound),
        read => {
            read.expect("nothing else is wrong");
            None
        }
    }
}

/// A file that has `n` of something is read where `n` or more are allowed, and not where fewer are.
#[track_caller]
fn check(file: &[u8], n: u32, which: Bound, guards: impl Fn(u32) -> Guards) {
    assert_eq!(bound(file, &guards(n - 1)), Some(which));
    assert_eq!(bound(file, &guards(n)), None);
    assert_eq!(bound(file, &guards(n + 1)), None);
}

/// Bytes of a part that is read with the sheet: white space, which says nothing.
fn padded(bytes: usize) -> String {
    let rows = "<row><c><v>1</v></c></row>";
    sheet(&format!("{rows}{}", " ".repeat(bytes - sheet(rows).len())))
}

#[test]
fn inflated_bytes() {
    let file = xlsx_of(&[("xl/worksheets/sheet1.xml", padded(500_000))]);
    check(&file, 500_000, Bound::InflatedBytes, |n| Guards {
        inflated_bytes: n.into(),
        ratio: u64::MAX,
        ..Guards::DEFAULT
    });
}

#[test]
fn bytes_of_the_file() {
    let file = xlsx("<row><c><v>1</v></c></row>");
    let bytes = u32::try_from(file.len()).unwrap();
    check(&file, bytes, Bound::FileBytes, |n| Guards { file_bytes: n.into(), ..Guards::DEFAULT });
}

#[test]
fn ratio() {
    let file = |inflated| xlsx_of(&[("xl/worksheets/sheet1.xml", padded(inflated))]);
    // The file's size hardly follows that of the white space in it.
    let ratio = 120;
    let mut inflated = 200_000;
    while file(inflated).len() * ratio < inflated {
        inflated -= 100;
    }
    let exact = file(inflated).len() * ratio;
    for (bytes, expect) in [(exact - 1, None), (exact, None), (exact + 1, Some(Bound::Ratio))] {
        let file = file(bytes);
        if file.len() * ratio == exact {
            assert_eq!(bound(&file, &Guards { ratio: ratio as u64, ..Guards::DEFAULT }), expect, "{bytes}");
        }
    }
    // Up to 100 KiB it does not apply.
    let file = file(100 << 10);
    assert_eq!(bound(&file, &Guards { ratio: 1, ..Guards::DEFAULT }), None);
}

#[test]
fn entries() {
    let file = xlsx_of(&[
        ("xl/worksheets/sheet1.xml", sheet("<row><c><v>1</v></c></row>")),
        ("more", String::new()),
    ]);
    check(&file, 7, Bound::Entries, |n| Guards { entries: n as usize, ..Guards::DEFAULT });
}

#[test]
fn shared_strings() {
    let strings = "<sst><si><t>a</t></si><si/><si><t>b</t></si></sst>".to_owned();
    let cell = sheet(r#"<row><c t="s"><v>2</v></c></row>"#);
    let file = xlsx_of(&[("xl/sharedStrings.xml", strings), ("xl/worksheets/sheet1.xml", cell)]);
    check(&file, 3, Bound::SharedStrings, |n| Guards { shared_strings: n as usize, ..Guards::DEFAULT });
    assert_eq!(csv(&file, &Guards::DEFAULT).unwrap(), "b\n");
}

#[test]
fn rows_and_columns() {
    let far = r#"<row r="9"><c r="C9"><v>1</v></c></row>"#;
    check(&xlsx(far), 9, Bound::Rows, |n| Guards { rows: n, ..Guards::DEFAULT });
    check(&xlsx(far), 3, Bound::Columns, |n| Guards { columns: n, ..Guards::DEFAULT });
    let at = |place: &str| xlsx(&format!(r#"<row><c r="{place}"><v>1</v></c></row>"#));
    assert_eq!(bound(&at("XFD1048576"), &Guards::DEFAULT), None);
    assert_eq!(bound(&at("XFE1048576"), &Guards::DEFAULT), Some(Bound::Columns));
    assert_eq!(bound(&at("XFD1048577"), &Guards::DEFAULT), Some(Bound::Rows));
    assert_eq!(bound(&at("ZZZZZZ4294967295"), &Guards::DEFAULT), Some(Bound::Rows));
}

#[test]
fn characters_of_a_cell() {
    let inline = |text: &str| xlsx(&format!(r#"<row><c t="inlineStr"><is><t>{text}</t></is></c></row>"#));
    let guards = |n: u32| Guards { cell_characters: n as usize, ..Guards::DEFAULT };
    check(&inline("äöü😀"), 4, Bound::CellCharacters, guards);
    // An escaped character is one.
    check(&inline("_x000D__x000D_ab"), 4, Bound::CellCharacters, guards);
    let mut writer = Writer::new();
    writer.add_worksheet().write(1, 2, "ä".repeat(32_767)).unwrap();
    let longest = writer.save_to_buffer().unwrap();
    check(&longest, 32_767, Bound::CellCharacters, guards);
    assert_eq!(bound(&longest, &Guards::DEFAULT), None);
    let error = csv(&longest, &guards(32_766)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Row 2, column C: The workbook has more than 32,766 characters in one cell."
    );
}

#[test]
fn bytes_of_the_text() {
    let file = xlsx("<row><c><v>1</v></c><c><v>22</v></c></row>");
    check(&file, 5, Bound::CsvBytes, |n| Guards { csv_bytes: n.into(), ..Guards::DEFAULT });
}

#[test]
fn the_product_s_guards() {
    let guards = Guards::DEFAULT;
    assert_eq!((guards.file_bytes, guards.inflated_bytes, guards.ratio), (52_428_800, 104_857_600, 100));
    assert_eq!((guards.rows, guards.columns, guards.cell_characters), (1_048_576, 16_384, 32_767));
    assert_eq!((guards.entries, guards.shared_strings), (1_000, 2_000_000));
    assert_eq!(guards.csv_bytes, 500_000_000);
    assert_eq!(guards, Guards::default());
}

#[test]
fn repetitions_of_ods_are_bounded() {
    let row = |rows: &str, columns: &str| {
        ods(&format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell \
             table:number-columns-repeated=\"{columns}\"><text:p>abc</text:p></table:table-cell></table:table-row>"
        ))
    };
    assert_eq!(bound(&row("1", "16384"), &Guards::DEFAULT), None);
    assert_eq!(bound(&row("1", "16385"), &Guards::DEFAULT), Some(Bound::Columns));
    assert_eq!(bound(&row("1", "99999999999999999999"), &Guards::DEFAULT), Some(Bound::Columns));
    let guards = Guards { rows: 1_000, csv_bytes: 1_000_000, ..Guards::DEFAULT };
    assert_eq!(bound(&row("1000", "1"), &guards), None);
    assert_eq!(bound(&row("1001", "1"), &guards), Some(Bound::Rows));
    assert_eq!(bound(&row("4294967296", "1"), &guards), Some(Bound::Rows));
    assert_eq!(bound(&row("1000", "1000"), &guards), Some(Bound::CsvBytes));
    for wrong in ["-1", "1.5", "", "x"] {
        assert!(matches!(csv(&row(wrong, "1"), &guards), Err(Unreadable::Damaged { .. })), "{wrong}");
    }
}

#[test]
fn document_types_are_refused_wherever_they_are() {
    let doctype = r#"<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]>"#;
    for (part, content) in [
        ("_rels/.rels", RELATIONSHIPS),
        ("xl/workbook.xml", WORKBOOK),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONSHIPS),
        ("xl/sharedStrings.xml", STRINGS),
        ("xl/styles.xml", common::STYLES),
        ("xl/worksheets/sheet1.xml", &sheet("<row><c><v>1</v></c></row>")),
    ] {
        let error = csv(&xlsx_of(&[(part, format!("{doctype}{content}"))]), &Guards::DEFAULT).unwrap_err();
        assert_eq!(error, Unreadable::Doctype { part: part.to_owned() });
    }
    let content = ("content.xml", format!("{doctype}<a/>"));
    let file = zip(&[("mimetype", common::ODS_TYPE.to_owned()), content], CompressionMethod::Stored);
    assert!(matches!(csv(&file, &Guards::DEFAULT), Err(Unreadable::Doctype { .. })));
}

#[test]
fn parts_outside_of_the_file_are_refused() {
    let outside = r#"Target="https://example.com/sheet.xml" TargetMode="External""#;
    for target in ["worksheets/sheet1.xml", "sharedStrings.xml", "styles.xml"] {
        let relationships = WORKBOOK_RELATIONSHIPS.replace(&format!(r#"Target="{target}""#), outside);
        let error =
            csv(&xlsx_of(&[("xl/_rels/workbook.xml.rels", relationships)]), &Guards::DEFAULT).unwrap_err();
        assert_eq!(error, Unreadable::External { part: "xl/workbook.xml".to_owned() });
    }
    // A link in a cell is not content of the workbook.
    let mut writer = Writer::new();
    writer.add_worksheet().write(0, 0, rust_xlsxwriter::Url::new("https://example.com")).unwrap();
    assert_eq!(csv(&writer.save_to_buffer().unwrap(), &Guards::DEFAULT).unwrap(), "https://example.com\n");
}

#[test]
fn other_files_are_refused() {
    let opened = |bytes: &[u8]| Workbook::open(bytes.to_vec(), &Guards::DEFAULT).err().unwrap();
    for bytes in [&b""[..], b"Email,Name\n", b"%PDF-1.7", b"<html><table>"] {
        assert_eq!(opened(bytes), Unreadable::NotAWorkbook);
    }
    let archive = |parts: &[(&str, &str)]| {
        let parts: Vec<_> = parts.iter().map(|(name, content)| (*name, (*content).to_owned())).collect();
        opened(&zip(&parts, CompressionMethod::Deflated))
    };
    let document = RELATIONSHIPS.replace("xl/workbook.xml", "word/document.xml");
    for other in [
        archive(&[("roster.csv", "Email")]),
        archive(&[("_rels/.rels", &document), ("word/document.xml", "<document/>")]),
        archive(&[("content.xml", "<a/>")]),
        archive(&[("mimetype", "application/vnd.oasis.opendocument.text"), ("content.xml", "<a/>")]),
    ] {
        assert_eq!(other, Unreadable::NoWorkbookInside { container: "a ZIP archive" });
    }
    let manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>";
    let encrypted =
        archive(&[("mimetype", common::ODS_TYPE), ("content.xml", "x"), ("META-INF/manifest.xml", manifest)]);
    assert_eq!(encrypted, Unreadable::Encrypted);
}

#[test]
fn broken_sheets_are_errors_that_hold_no_content() {
    for rows in [
        "<row r=\"x\"><c><v>secret</v></c></row>",
        "<row r=\"0\"/>",
        "<row><c r=\"1A\"><v>secret</v></c></row>",
        "<row><c t=\"secret\"><v>1</v></c></row>",
        "<row><c t=\"s\"><v>secret</v></c></row>",
        "<row><c t=\"s\"><v>4294967295</v></c></row>",
        "<row><c t=\"str\"><v>&secret;</v></c></row>",
        "<row r=\"2\"><c><v>1</v></c></row><row r=\"1\"><c><v>2</v></c></row>",
        "<row><c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>2</v></c></row>",
        "<row><c><v>secret",
        "<row></c>",
        &"<a>".repeat(300),
    ] {
        let error = csv(&xlsx(rows), &Guards::DEFAULT).unwrap_err();
        assert!(matches!(error, Unreadable::Damaged { .. }), "{rows}: {error}");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
