//! Whether a number is shown as a date or a time.

/// What a number format shows.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(crate) enum Kind {
    #[default]
    Number,
    /// A day, perhaps with a time.
    Date,
    /// A time of a day.
    Time,
    /// Hours that may be more than 24.
    Elapsed,
}

impl Kind {
    /// The formats that come without a code: ECMA-376, 18.8.30.
    pub(crate) fn built_in(id: u32) -> Self {
        match id {
            14..=17 | 22 | 27..=36 | 50..=58 => Self::Date,
            18..=21 | 45 | 47 => Self::Time,
            46 => Self::Elapsed,
            _ => Self::Number,
        }
    }

    /// The format of that code. Its first section counts, which is the one of positive numbers.
    pub(crate) fn of_code(code: &str) -> Self {
        if code.eq_ignore_ascii_case("General") {
            return Self::Number;
        }
        let mut letters = Letters::default();
        let mut chars = code.chars();
        while let Some(char) = chars.next() {
            match char {
                ';' => break,
                '"' => while chars.next().is_some_and(|quoted| quoted != '"') {},
                // The character after these is not part of the code.
                '\\' | '_' | '*' => _ = chars.next(),
                '[' if is_elapsed(chars.by_ref().take_while(|inner| *inner != ']')) => return Self::Elapsed,
                _ => letters.take(char),
            }
        }
        letters.kind()
    }
}

/// Which of the letters that stand for a part of a date or a time were there.
#[derive(Default)]
struct Letters {
    day_or_year: bool,
    month_or_minute: bool,
    hour_or_second: bool,
}

impl Letters {
    fn take(&mut self, char: char) {
        match char.to_ascii_lowercase() {
            'd' | 'y' => self.day_or_year = true,
            'm' => self.month_or_minute = true,
            'h' | 's' => self.hour_or_second = true,
            _ => {}
        }
    }

    fn kind(&self) -> Kind {
        // Alone, `m` is a month; beside hours or seconds, minutes.
        if self.day_or_year || (self.month_or_minute && !self.hour_or_second) {
            Kind::Date
        } else if self.hour_or_second {
            Kind::Time
        } else {
            Kind::Number
        }
    }
}

/// Whether brackets hold a count of hours, minutes or seconds: one letter, perhaps repeated.
fn is_elapsed(inner: impl Iterator<Item = char>) -> bool {
    let mut first = None;
    // All of them are taken, so that the code goes on behind the brackets.
    let alike = inner.fold(true, |alike, char| {
        let char = char.to_ascii_lowercase();
        alike && matches!(char, 'h' | 'm' | 's') && *first.get_or_insert(char) == char
    });
    alike && first.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes() {
        for (code, kind) in [
            ("General", Kind::Number),
            ("GENERAL", Kind::Number),
            ("0.00E+00", Kind::Number),
            ("#,##0.0####\" YMD\"", Kind::Number),
            ("\\Y000000", Kind::Number),
            ("0_ ;[Red]\\-0\\ ", Kind::Number),
            ("#,##0\\ [$\u{20bd}-46D]", Kind::Number),
            ("#,##0*y", Kind::Number),
            ("[>=100][Magenta]0.00", Kind::Number),
            ("0;yyyy", Kind::Number),
            ("@", Kind::Number),
            ("", Kind::Number),
            ("yyyy\\-mm\\-dd", Kind::Date),
            ("[$-409]d-mmm-yy;@", Kind::Date),
            ("[$-404]e\"年\"m\"月\"d\"日\"", Kind::Date),
            ("mmm", Kind::Date),
            ("DD/MM/YY hh:mm", Kind::Date),
            ("h:mm AM/PM", Kind::Time),
            ("mm:ss.0", Kind::Time),
            ("[h]:mm:ss", Kind::Elapsed),
            ("[Blue]\\+[HH]:mm;[Red]\\-[h]:mm", Kind::Elapsed),
            ("[ss]", Kind::Elapsed),
            ("\"open", Kind::Number),
            ("[open", Kind::Number),
        ] {
            assert_eq!(Kind::of_code(code), kind, "{code}");
        }
    }
}
