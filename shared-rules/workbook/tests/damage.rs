//! Valid files, cut and changed at many places: the answer is always a value or an error.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads files and fails loudly")]

mod common;

use std::{fs, io::Cursor, io::Read as _, ops::ControlFlow, path::Path};

use proptest::{prelude::*, test_runner::RngSeed};
use workbook::{Guards, Workbook};
use zip::{CompressionMethod, ZipArchive};

use self::common::{csv, zip_of};

const FIXTURES: [&str; 8] = [
    "encrypted.xlsx",
    "libreoffice.ods",
    "libreoffice.xls",
    "libreoffice.xlsx",
    "sheetjs-biff5.xls",
    "sheetjs.xls",
    "sheetjs.xlsb",
    "xlwt-1904.xls",
];

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")).join(name)).unwrap()
}

/// Smaller bounds, so that what is large is found soon.
const GUARDS: Guards = Guards { csv_bytes: 4 << 20, ..Guards::DEFAULT };

/// Reads all sheets. Nothing may panic, and no error may be silent: a reader that goes on for ever would.
fn read(file: &[u8]) {
    let Ok(mut workbook) = Workbook::open(file.to_vec(), &GUARDS) else { return };
    for sheet in 0..workbook.sheets().len().min(8) {
        _ = workbook.write_csv(sheet, &mut |_| ControlFlow::Continue(()));
    }
    _ = workbook.default_sheet();
}

/// The archive with its entries stored and not compressed, so that a changed byte is one of a part. The parts
/// are changed first, and so have the right checksums.
fn stored(file: &[u8], change: impl Fn(&str, &mut Vec<u8>)) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(file)).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    let mut parts = Vec::new();
    for name in names {
        let mut content = Vec::new();
        archive.by_name(&name).unwrap().read_to_end(&mut content).unwrap();
        change(&name, &mut content);
        parts.push((name, content));
    }
    zip_of(&parts, CompressionMethod::Stored)
}

#[test]
fn files_that_are_cut_off_are_errors() {
    for name in FIXTURES {
        let file = fixture(name);
        for step in 0..200 {
            let cut = &file[..file.len() * step / 200];
            read(cut);
            // An archive's directory is at its end. A compound file may end in sectors that nothing needs.
            if &file[..2] == b"PK" {
                assert!(csv(cut, &GUARDS).is_err(), "{name} cut to {} bytes", cut.len());
            }
        }
    }
}

#[test]
fn parts_that_are_cut_off_do_not_shorten_a_sheet() {
    for (name, part) in [
        ("libreoffice.xlsx", "xl/worksheets/sheet2.xml"),
        ("libreoffice.xlsx", "xl/sharedStrings.xml"),
        ("libreoffice.ods", "content.xml"),
        ("sheetjs.xlsb", "xl/worksheets/sheet2.bin"),
    ] {
        let file = fixture(name);
        let whole = csv(&file, &GUARDS);
        for step in 0..100 {
            let cut = stored(&file, |found, content| {
                if found == part {
                    content.truncate(content.len() * step / 100);
                }
            });
            read(&cut);
            // A cut behind the cells is not always seen, and harmless. An empty part has no cell.
            let found = csv(&cut, &GUARDS);
            assert!(found.is_err() || found == whole, "{name}: {part} cut at {step} of 100");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn changed_bytes_do_no_harm(
        name in prop::sample::select(FIXTURES.to_vec()),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let mut file = fixture(name);
        for (index, byte) in places {
            let at = index.index(file.len());
            file[at] = byte;
        }
        read(&file);
    }

    #[test]
    fn changed_bytes_of_parts_do_no_harm(
        name in prop::sample::select(vec!["libreoffice.ods", "libreoffice.xlsx", "sheetjs.xlsb"]),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
    ) {
        let file = stored(&fixture(name), |_, content| {
            for (index, byte) in &places {
                if !content.is_empty() {
                    let at = index.index(content.len());
                    content[at] = *byte;
                }
            }
        });
        read(&file);
    }

    #[test]
    fn any_bytes_behind_a_mark_do_no_harm(
        mark in prop::sample::select(vec![&b"PK\x03\x04"[..], b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"]),
        rest in prop::collection::vec(any::<u8>(), 0..2048),
    ) {
        read(&[mark, &rest].concat());
    }
}
