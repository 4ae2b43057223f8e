//! The encodings that are read.

use std::{fmt, str::FromStr};

/// An encoding that rosters come in.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub enum Encoding {
    Utf8,
    Utf16Le,
    Utf16Be,
    /// Western Windows; ISO-8859-1 is read as this, as everywhere on the Web.
    Windows1252,
    /// Central European Windows.
    Windows1250,
    /// Central European outside Windows. It has `š`, `ž` and `ť` in other places than windows-1250.
    Iso8859_2,
    /// With Microsoft's additions (code page 932).
    ShiftJis,
    /// Read as GB 18030, which contains GBK and GB 2312.
    Gbk,
    /// What Excel for Mac wrote as plain CSV.
    MacRoman,
}

/// No encoding with this label is read here.
#[derive(Debug, Eq, PartialEq, thiserror::Error)]
#[error("`{0}` is not one of the encodings that can be read: {names}", names = Encoding::ALL.map(Encoding::name).join(", "))]
pub struct UnknownEncoding(String);

impl Encoding {
    pub const ALL: [Self; 9] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Windows1252,
        Self::Windows1250,
        Self::Iso8859_2,
        Self::ShiftJis,
        Self::Gbk,
        Self::MacRoman,
    ];

    /// As people write it. [`str::parse`] takes it back.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 LE",
            Self::Utf16Be => "UTF-16 BE",
            Self::Windows1252 => "windows-1252",
            Self::Windows1250 => "windows-1250",
            Self::Iso8859_2 => "ISO-8859-2",
            Self::ShiftJis => "Shift_JIS",
            Self::Gbk => "GBK",
            Self::MacRoman => "Mac Roman",
        }
    }

    pub(crate) fn codec(self) -> &'static encoding_rs::Encoding {
        match self {
            Self::Utf8 => encoding_rs::UTF_8,
            Self::Utf16Le => encoding_rs::UTF_16LE,
            Self::Utf16Be => encoding_rs::UTF_16BE,
            Self::Windows1252 => encoding_rs::WINDOWS_1252,
            Self::Windows1250 => encoding_rs::WINDOWS_1250,
            Self::Iso8859_2 => encoding_rs::ISO_8859_2,
            Self::ShiftJis => encoding_rs::SHIFT_JIS,
            Self::Gbk => encoding_rs::GBK,
            Self::MacRoman => encoding_rs::MACINTOSH,
        }
    }

    pub(crate) fn of_codec(codec: &'static encoding_rs::Encoding) -> Option<Self> {
        if codec == encoding_rs::GB18030 {
            return Some(Self::Gbk);
        }
        Self::ALL.into_iter().find(|encoding| encoding.codec() == codec)
    }
}

impl FromStr for Encoding {
    type Err = UnknownEncoding;

    /// Takes the names, the labels of the WHATWG Encoding Standard, and the code pages that it leaves out.
    fn from_str(label: &str) -> Result<Self, Self::Err> {
        let label_or_name = label.trim().to_ascii_lowercase();
        let standard_label = match label_or_name.as_str() {
            "utf-16 le" => "utf-16le",
            "utf-16 be" => "utf-16be",
            "cp932" => "shift_jis",
            "cp936" => "gbk",
            "mac roman" | "mac-roman" | "macroman" => "macintosh",
            other => other,
        };
        encoding_rs::Encoding::for_label(standard_label.as_bytes())
            .and_then(Self::of_codec)
            .ok_or_else(|| UnknownEncoding(label.to_owned()))
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_back() {
        for encoding in Encoding::ALL {
            assert_eq!(encoding.name().parse(), Ok(encoding));
            assert_eq!(encoding.to_string().to_uppercase().parse(), Ok(encoding));
        }
    }

    #[test]
    fn common_labels_are_known() {
        for (label, encoding) in [
            ("utf8", Encoding::Utf8),
            ("UTF-16", Encoding::Utf16Le),
            ("utf-16be", Encoding::Utf16Be),
            ("latin1", Encoding::Windows1252),
            ("ISO-8859-1", Encoding::Windows1252),
            (" cp1252 ", Encoding::Windows1252),
            ("cp1250", Encoding::Windows1250),
            ("latin2", Encoding::Iso8859_2),
            ("sjis", Encoding::ShiftJis),
            ("CP932", Encoding::ShiftJis),
            ("windows-31j", Encoding::ShiftJis),
            ("gb2312", Encoding::Gbk),
            ("gb18030", Encoding::Gbk),
            ("cp936", Encoding::Gbk),
            ("macintosh", Encoding::MacRoman),
            ("x-mac-roman", Encoding::MacRoman),
            ("MacRoman", Encoding::MacRoman),
        ] {
            assert_eq!(label.parse(), Ok(encoding), "{label}");
        }
    }

    #[test]
    fn other_encodings_are_refused() {
        for label in ["", "klingon", "koi8-r", "iso-2022-jp", "utf-7", "utf-32"] {
            assert_eq!(label.parse::<Encoding>(), Err(UnknownEncoding(label.to_owned())));
        }
    }
}
