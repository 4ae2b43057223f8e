//! Workbooks that other programs have made, in every format. Beside each lies the CSV text that its default
//! sheet gives; `UPDATE_FIXTURES=1 cargo test -p workbook --test fixtures` makes it anew.

#![expect(clippy::disallowed_methods, reason = "the tests read files; the crate does not")]

mod common;

use std::{env, fs, path::Path};

use workbook::{Format, Guards, Unreadable, Workbook};

use self::common::csv;

const READABLE: [(&str, Format); 9] = [
    ("libreoffice.ods", Format::Ods),
    ("libreoffice.xls", Format::Xls),
    ("libreoffice.xlsx", Format::Xlsx),
    ("sheetjs-biff5.xls", Format::Xls),
    ("sheetjs.ods", Format::Ods),
    ("sheetjs.xls", Format::Xls),
    ("sheetjs.xlsb", Format::Xlsb),
    ("sheetjs.xlsx", Format::Xlsx),
    ("xlwt-1904.xls", Format::Xls),
];

fn folder() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"))
}

#[test]
fn each_workbook_gives_the_text_beside_it() {
    for (name, format) in READABLE {
        let bytes = fs::read(folder().join(name)).unwrap();
        let found = csv(&bytes, &Guards::DEFAULT).unwrap();
        let expected = folder().join(format!("{name}.csv"));
        if env::var_os("UPDATE_FIXTURES").is_some() {
            fs::write(&expected, &found).unwrap();
        }
        assert_eq!(found, fs::read_to_string(expected).unwrap(), "{name}");
        assert_eq!(Workbook::open(bytes, &Guards::DEFAULT).unwrap().format(), format, "{name}");
        assert_eq!(format.check_name(name), Ok(()));
    }
}

#[test]
fn no_text_lies_beside_another_workbook() {
    let mut names: Vec<_> = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.retain(|name| name.to_string_lossy().ends_with(".csv"));
    assert_eq!(names.len(), READABLE.len());
}

#[test]
fn programs_that_keep_every_value_give_the_same_text() {
    let text = |name| fs::read_to_string(folder().join(name)).unwrap();
    let expected = text("sheetjs.xlsx.csv");
    for name in ["sheetjs.xls.csv", "sheetjs.xlsb.csv", "libreoffice.xls.csv"] {
        assert_eq!(text(name), expected, "{name}");
    }
    // LibreOffice writes 15 digits of a number to XLSX, and takes a truth value for a number in ODS.
    assert_eq!(text("libreoffice.xlsx.csv"), expected.replace("1234567890123456", "1234567890123460"));
    assert_eq!(text("libreoffice.ods.csv"), expected.replace("TRUE", "1").replace("FALSE", "0"));
    assert_eq!(text("sheetjs-biff5.xls.csv"), expected.replace("Zoë 😀", "Zoe"));
}

#[test]
fn hidden_sheets_are_named_and_not_chosen() {
    for name in ["libreoffice.ods", "libreoffice.xls", "libreoffice.xlsx", "sheetjs.xlsb"] {
        let mut workbook = Workbook::open(fs::read(folder().join(name)).unwrap(), &Guards::DEFAULT).unwrap();
        let sheets: Vec<_> =
            workbook.sheets().iter().map(|sheet| (sheet.name.as_str(), sheet.visible)).collect();
        assert_eq!(sheets, [("Hidden", false), ("Roster", true)], "{name}");
        assert_eq!(workbook.default_sheet(), Ok(1), "{name}");
    }
}

#[test]
fn a_password_is_named_as_the_reason() {
    let bytes = fs::read(folder().join("encrypted.xlsx")).unwrap();
    assert_eq!(Workbook::open(bytes, &Guards::DEFAULT).err(), Some(Unreadable::Encrypted));
}
