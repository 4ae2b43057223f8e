//! What the tests share.
#![allow(dead_code, reason = "each of the tests uses some of it")]

use std::{
    io::{Cursor, Write},
    ops::ControlFlow,
};

use workbook::{Guards, Unreadable, Workbook};
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

pub const RELATIONSHIPS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;

pub const WORKBOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Roster" sheetId="1" r:id="r1"/></sheets></workbook>"#;

pub const WORKBOOK_RELATIONSHIPS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;

pub const STRINGS: &str = r#"<sst uniqueCount="1"><si><t>shared</t></si></sst>"#;

/// The second cell format is a date.
pub const STYLES: &str =
    r#"<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#;

pub const ODS_TYPE: &str = "application/vnd.oasis.opendocument.spreadsheet";

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

/// The XML of a sheet with these rows.
pub fn sheet(rows: &str) -> String {
    format!("<worksheet><sheetData>{rows}</sheetData></worksheet>")
}

/// A workbook of one sheet with these rows.
pub fn xlsx(rows: &str) -> Vec<u8> {
    xlsx_of(&[("xl/worksheets/sheet1.xml", sheet(rows))])
}

/// The smallest workbook, with these parts in place of its own or besides them.
pub fn xlsx_of(parts: &[(&str, String)]) -> Vec<u8> {
    let mut all = vec![
        ("_rels/.rels", RELATIONSHIPS.to_owned()),
        ("xl/workbook.xml", WORKBOOK.to_owned()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELATIONSHIPS.to_owned()),
        ("xl/worksheets/sheet1.xml", sheet("")),
        ("xl/sharedStrings.xml", STRINGS.to_owned()),
        ("xl/styles.xml", STYLES.to_owned()),
    ];
    for (name, content) in parts {
        all.retain(|(other, _)| other != name);
        all.push((name, content.clone()));
    }
    zip(&all, CompressionMethod::Deflated)
}

/// An ODS workbook of one table with these rows.
pub fn ods(rows: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"Roster\">{rows}\
         </table:table></office:spreadsheet></office:body></office:document-content>"
    );
    zip(&[("mimetype", ODS_TYPE.to_owned()), ("content.xml", content)], CompressionMethod::Stored)
}

pub fn zip(parts: &[(&str, String)], method: CompressionMethod) -> Vec<u8> {
    let parts: Vec<_> =
        parts.iter().map(|(name, content)| ((*name).to_owned(), content.as_bytes())).collect();
    zip_of(&parts, method)
}

pub fn zip_of(parts: &[(String, impl AsRef<[u8]>)], method: CompressionMethod) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        let options = SimpleFileOptions::default().compression_method(method);
        writer.start_file(name.as_str(), options).expect("a name");
        writer.write_all(content.as_ref()).expect("memory takes everything");
    }
    writer.finish().expect("an archive").into_inner()
}
