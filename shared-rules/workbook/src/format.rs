//! Which kind of workbook a file is.

use std::fmt;

use crate::unreadable::Unreadable;

/// The kinds of workbooks that are read.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Format {
    /// Office Open XML (ECMA-376), with macros or without.
    Xlsx,
    /// The binary variant of it (MS-XLSB).
    Xlsb,
    /// Excel 5 to 2003 (MS-XLS).
    Xls,
    /// `OpenDocument` spreadsheet (ISO 26300).
    Ods,
}

pub(crate) const ZIP: &[u8] = b"PK\x03\x04";
pub(crate) const OLE: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
pub(crate) const ODS_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

impl Format {
    /// The kind that a file's first bytes promise; 100 of them are enough. `None`: no workbook.
    ///
    /// An archive is told apart by its entries, and an encrypted workbook is known, only when it is opened:
    /// until then every archive that does not begin as an ODS file does is taken for `Xlsx`.
    #[must_use]
    pub fn sniff(head: &[u8]) -> Option<Self> {
        if head.starts_with(OLE) {
            return Some(Self::Xls);
        }
        let archive = head.starts_with(ZIP);
        // The first entry of an ODS file is its type, uncompressed, behind a header of 30 bytes and a name.
        let type_is_ods = head.get(30..).is_some_and(|rest| {
            rest.strip_prefix(b"mimetype").is_some_and(|content| content.starts_with(ODS_TYPE))
        });
        archive.then_some(if type_is_ods { Self::Ods } else { Self::Xlsx })
    }

    /// The kind that a file's name promises, by its extension in any case. `None`: no workbook.
    #[must_use]
    pub fn of_name(file_name: &str) -> Option<Self> {
        match extension(file_name).as_str() {
            ".xlsx" | ".xlsm" | ".xltx" | ".xltm" => Some(Self::Xlsx),
            ".xlsb" => Some(Self::Xlsb),
            ".xls" | ".xlt" => Some(Self::Xls),
            ".ods" | ".ots" => Some(Self::Ods),
            _ => None,
        }
    }

    /// Checks that the file's name promises this kind.
    pub fn check_name(self, file_name: &str) -> Result<(), Unreadable> {
        if Self::of_name(file_name) == Some(self) {
            return Ok(());
        }
        Err(Unreadable::WrongExtension { extension: extension(file_name), found: self })
    }

    pub(crate) fn extensions(self) -> &'static str {
        match self {
            Self::Xlsx => ".xlsx, .xlsm, .xltx, .xltm",
            Self::Xlsb => ".xlsb",
            Self::Xls => ".xls, .xlt",
            Self::Ods => ".ods, .ots",
        }
    }
}

/// With its article: "an XLSX".
impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Xlsx => "an XLSX",
            Self::Xlsb => "an XLSB",
            Self::Xls => "an XLS",
            Self::Ods => "an ODS",
        })
    }
}

/// The last dot of the name and what follows, in lower case.
fn extension(file_name: &str) -> String {
    let dot = file_name.rfind('.').unwrap_or(file_name.len());
    file_name.get(dot..).unwrap_or_default().chars().take(16).collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell_the_kind() {
        assert_eq!(Format::sniff(OLE), Some(Format::Xls));
        assert_eq!(Format::sniff(b"PK\x03\x04"), Some(Format::Xlsx));
        let mut ods = b"PK\x03\x04".to_vec();
        ods.resize(30, 0);
        ods.extend_from_slice(b"mimetype");
        ods.extend_from_slice(ODS_TYPE);
        assert_eq!(Format::sniff(&ods), Some(Format::Ods));
        for other in [&b""[..], b"PK", b"PK\x05\x06", b"Email,Name\n", b"\xD0\xCF\x11", b"<html>"] {
            assert_eq!(Format::sniff(other), None);
        }
    }

    #[test]
    fn name_and_content_have_to_agree() {
        assert_eq!(Format::Xlsx.check_name("Roster 2026.XLSX"), Ok(()));
        assert_eq!(Format::Xls.check_name("a.b.xls"), Ok(()));
        for name in ["roster.xls", "roster.csv", "roster", "", "xlsx"] {
            assert!(Format::Xlsx.check_name(name).is_err(), "{name}");
        }
    }
}
