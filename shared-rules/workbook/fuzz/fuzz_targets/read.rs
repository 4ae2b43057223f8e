//! Reads every sheet of any bytes. It must end, within the memory that libFuzzer allows, without a panic.
#![no_main]

use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use workbook::{Guards, Workbook};

/// Smaller bounds, so that an input takes milliseconds.
const GUARDS: Guards = Guards { inflated_bytes: 8 << 20, csv_bytes: 8 << 20, ..Guards::DEFAULT };

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut workbook) = Workbook::open(bytes.to_vec(), &GUARDS) else { return };
    for sheet in 0..workbook.sheets().len() {
        let mut text = Vec::new();
        let read = workbook.write_csv(sheet, &mut |chunk| {
            text.extend_from_slice(chunk);
            ControlFlow::Continue(())
        });
        assert!(read.is_err() || String::from_utf8(text).is_ok(), "CSV text is UTF-8");
    }
    _ = workbook.default_sheet();
});
