use super::{Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "scientific-notation",
    severity: Severity::Warning,
    summary: "An identifier, phone number or postal code is written as a spreadsheet writes large numbers.",
    why: "The spreadsheet took the value for a number and shortened it. The digits that are left out are lost.",
    failing: "`1.23457E+15` in `ExternalID`.",
    passing: "`1234567890123456` in `ExternalID`.",
    help: "Write the value with all its digits; format the column as text first.",
};

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    Scientific::parse(text).map(|_| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let message = format!("{} is a number as a spreadsheet shortens it", place.quoted());
    match Scientific::parse(&value).and_then(|number| number.in_full()) {
        Some(digits) => Words::new(
            format!("{message}."),
            format!(
                "Write {digits} if that is meant; otherwise write the value as it was, in a column of text."
            ),
        ),
        None => Words::new(format!("{message}; digits are lost."), RULE.help),
    }
}

/// `1.23457E+15`
struct Scientific<'a> {
    whole: &'a str,
    fraction: &'a str,
    exponent: usize,
}

impl<'a> Scientific<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let (mantissa, exponent) = text.split_once(['E', 'e'])?;
        let exponent = exponent.strip_prefix('+')?;
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let form = whole.len() == 1 && (1..=3).contains(&exponent.len());
        (form && [whole, fraction, exponent].into_iter().all(is_number))
            .then(|| Some(Self { whole, fraction, exponent: exponent.parse().ok()? }))?
    }

    /// All digits of the number, where none can be lost: it was not rounded, or is a power of ten times a digit.
    fn in_full(&self) -> Option<String> {
        let Self { whole, fraction, exponent } = *self;
        let is_whole = fraction.is_empty() || fraction.len() == exponent;
        (is_whole && exponent < 20).then(|| format!("{whole}{fraction:0<exponent$}"))
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("ExternalID", "1.23457E+15"), ("Phone1Number", "6.18E+09"), ("SchoolID", "1E+05")]), @"
        warning scientific-notation | Row 2, ExternalID: `1.23457E+15` is a number as a spreadsheet shortens it; digits are lost. | Write the value with all its digits; format the column as text first.
        warning scientific-notation | Row 2, Phone1Number: `6.18E+09` is a number as a spreadsheet shortens it; digits are lost. | Write the value with all its digits; format the column as text first.
        warning scientific-notation | Row 2, SchoolID: `1E+05` is a number as a spreadsheet shortens it. | Write 100000 if that is meant; otherwise write the value as it was, in a column of text.
        ");
        assert_snapshot!(found(&[("ExternalID", "1.2346E+4"), ("SchoolID", "1e5"), ("Address1City", "1E+05")]), @"warning scientific-notation | Row 2, ExternalID: `1.2346E+4` is a number as a spreadsheet shortens it. | Write 12346 if that is meant; otherwise write the value as it was, in a column of text.");
    }
}
