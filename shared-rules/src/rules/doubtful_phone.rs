use super::{Detail, Finding, Place, Rule, Words, counted};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "doubtful-phone",
    severity: Severity::Warning,
    summary: "A phone number cannot be dialled.",
    why: "Nobody can be called on a number with a digit too few. Numbers without a `+` are taken for those of the row's country; the form is known for the United States and Canada, and every number has 7 to 15 digits.",
    failing: "`555-0142`, `1234567890`, `see e-mail`",
    passing: "`(617) 555-0142`, `617-555-0142 ext. 12`, `+44 20 7946 0018`",
    help: "Write area code and number, such as 617-555-0142; begin another country's number with + and its code.",
};

/// Checks a number; `american` says that it is one of the United States or Canada unless it has a `+`.
pub(crate) fn check(column: usize, text: &str, american: bool) -> Option<Finding> {
    let detail = Detail::Number(usize::from(american));
    fault(text, american).map(|_| RULE.cell(column, words).with(detail))
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let american = place.number() == 1;
    let found = place.quoted();
    let digits = |count| counted(count, "digit", "digits");
    let message = match fault(&value, american) {
        Some(Fault::Letters) => format!("{found} has letters in it."),
        Some(Fault::AreaCode) => format!("{found} has an area code that begins with 0 or 1."),
        Some(Fault::Digits(count)) if american => {
            format!("{found} has {}; a number of the United States or Canada has ten.", digits(count))
        }
        Some(Fault::Digits(count)) => format!("{found} has {}; a phone number has 7 to 15.", digits(count)),
        Some(Fault::Placeholder) | None => {
            format!("{found} looks like a placeholder, not like a phone number.")
        }
    };
    Words::new(message, RULE.help)
}

enum Fault {
    Letters,
    Digits(usize),
    AreaCode,
    Placeholder,
}

fn fault(text: &str, american: bool) -> Option<Fault> {
    let number = Number::read(text);
    let abroad = text.trim_start().starts_with('+') || number.has_prefix;
    if number.letters {
        return Some(Fault::Letters);
    }
    if number.same || COUNTED.contains(&number.value) {
        return Some(Fault::Placeholder);
    }
    if !american || abroad {
        return (!(7..=15).contains(&number.digits)).then_some(Fault::Digits(number.digits));
    }
    let area_code = match number.digits {
        10 => number.value / 10_000_000,
        11 if number.value / 10_000_000_000 == 1 => number.value / 10_000_000 % 1_000,
        _ => return Some(Fault::Digits(number.digits)),
    };
    (area_code < 200).then_some(Fault::AreaCode)
}

/// Numbers that people type to have typed one.
const COUNTED: [u64; 3] = [1_234_567_890, 123_456_789, 9_876_543_210];

struct Number {
    digits: usize,
    value: u64,
    /// All digits are the same.
    same: bool,
    /// There are letters that do not announce an extension.
    letters: bool,
    /// Begins as a call to another country does: 00 or 011.
    has_prefix: bool,
}

impl Number {
    /// Reads a number up to its extension.
    fn read(text: &str) -> Self {
        let (mut digits, mut value, mut letters, mut same) = (0, 0_u64, false, true);
        for (index, byte) in text.bytes().enumerate() {
            if byte.is_ascii_digit() {
                let digit = u64::from(byte - b'0');
                same &= digits == 0 || value % 10 == digit;
                value = value.wrapping_mul(10).wrapping_add(digit);
                digits += 1;
            } else if byte.is_ascii_alphabetic() {
                letters = digits == 0 || !is_extension(&text[index..]);
                break;
            }
        }
        let has_prefix = digits > 11 && (text.starts_with("00") || text.starts_with("011"));
        Self { digits, value, same: same && digits >= 7, letters, has_prefix }
    }
}

/// `x12`, `ext. 12`, `extension 12`.
fn is_extension(text: &str) -> bool {
    let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
    let (word, number) = text.split_at(letters);
    let number = number.trim_start_matches(['.', ':', ' ', '#']);
    let announced = ["x", "ext", "extension"].iter().any(|known| known.eq_ignore_ascii_case(word));
    announced && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::fault;
    use crate::rules::tests::found;

    fn of(country: &str, phone: &str) -> String {
        found(&[
            ("Phone1Number", phone),
            ("Address1Country", country),
            ("Address1Zip", ""),
            ("Zee", "Boston"),
        ])
    }

    #[test]
    fn words() {
        assert_snapshot!(of("US", "555-0142"), @"warning doubtful-phone | Row 2, Phone1Number: `555-0142` has seven digits; a number of the United States or Canada has ten. | Write area code and number, such as 617-555-0142; begin another country's number with + and its code.");
        assert_snapshot!(of("US", "617-555-01422"), @"warning doubtful-phone | Row 2, Phone1Number: `617-555-01422` has eleven digits; a number of the United States or Canada has ten. | Write area code and number, such as 617-555-0142; begin another country's number with + and its code.");
        assert_snapshot!(of("Canada", "017-555-0142"), @"warning doubtful-phone | Row 2, Phone1Number: `017-555-0142` has an area code that begins with 0 or 1. | Write area code and number, such as 617-555-0142; begin another country's number with + and its code.");
        assert_snapshot!(of("Austria", "12345"), @"warning doubtful-phone | Row 2, Phone1Number: `12345` has five digits; a phone number has 7 to 15. | Write area code and number, such as 617-555-0142; begin another country's number with + and its code.");
        assert_snapshot!(of("US", "see e-mail"), @"warning doubtful-phone | Row 2, Phone1Number: `see e-mail` has letters in it. | Write area code and number, such as 617-555-0142; begin another country's number with + and its code.");
        assert_snapshot!(of("US", "000-000-0000"), @"warning doubtful-phone | Row 2, Phone1Number: `000-000-0000` looks like a placeholder, not like a phone number. | Write area code and number, such as 617-555-0142; begin another country's number with + and its code.");
    }

    #[test]
    fn numbers_that_pass() {
        for text in [
            "(617) 555-0142",
            "617.555.0142",
            "6175550142",
            "1-617-555-0142",
            "+1 617 555 0142",
            "617-555-0142 x12",
            "617-555-0142 ext. 12",
            "6175550142EXT12",
            "+44 20 7946 0018",
            "011 44 20 7946 0018",
            "00442079460018",
        ] {
            assert!(fault(text, true).is_none(), "{text}");
        }
        for text in ["020 7946 0018", "0664 1234567", "030/1234567"] {
            assert!(fault(text, false).is_none(), "{text}");
        }
    }

    #[test]
    fn numbers_that_fail() {
        for text in [
            "",
            "617555014",
            "2-617-555-0142",
            "1-017-555-0142",
            "617-CALL-NOW",
            "617-555-0142 y12",
            "1234567890",
            "+12345",
        ] {
            assert!(fault(text, true).is_some(), "{text}");
        }
        assert!(fault("1234567890123456", false).is_some());
    }
}
