//! What the tests share.

use std::ops::ControlFlow;

use workbook::{Guards, Unreadable, Workbook};

/// The sheet's CSV text.
pub fn csv_of(workbook: &mut Workbook, sheet: usize) -> Result<String, Unreadable> {
    let mut bytes = Vec::new();
    workbook.write_csv(sheet, &mut |chunk| {
        bytes.extend_from_slice(chunk);
        ControlFlow::Continue(())
    })?;
    Ok(String::from_utf8(bytes).expect("CSV text is UTF-8"))
}

/// The CSV text of the first sheet with a value.
pub fn csv(bytes: &[u8], guards: &Guards) -> Result<String, Unreadable> {
    let mut workbook = Workbook::open(bytes.to_vec(), guards)?;
    let sheet = workbook.default_sheet()?;
    csv_of(&mut workbook, sheet)
}
