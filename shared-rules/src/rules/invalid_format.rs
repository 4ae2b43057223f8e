use super::{Rule, Words, Finding, Place};
use crate::{diagnostic::Severity, program::Kind};

pub(crate) static RULE: Rule = Rule {
    name: "invalid-format",
    severity: Severity::Error,
    summary: "A value is not of its column's type: not a time, a duration, a web address or the like.",
    why: "The type is what the platform reads the column as.",
    failing: "`25:00` in a column of times.",
    passing: "`17:30:00`",
    help: "Write the value as the column's type has it.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let form = place.kind().map(Kind::form).unwrap_or_default();
    Words::new(format!("{} is not {form}.", place.quoted()), format!("Write {form}.")).or_write(place.trimmed())
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_by_field;

    #[test]
    fn words() {
        assert_snapshot!(found_by_field(r#""type":"time""#, "25:00:00"), @"error invalid-format | Row 2, a: `25:00:00` is not a time as HH:MM:SS. | Write a time as HH:MM:SS.");
        assert_snapshot!(found_by_field(r#""type":"datetime","format":"%d/%m/%Y %H:%M""#, "2011-04-20"), @"error invalid-format | Row 2, a: `2011-04-20` is not a date and time as DD/MM/YYYY HH:MM. | Write a date and time as DD/MM/YYYY HH:MM.");
        assert_snapshot!(found_by_field(r#""format":"uri""#, "example.com "), @"error invalid-format | Row 2, a: `example.com ` is not a web address such as https://example.com/. | Write a web address such as https://example.com/.");
        assert_snapshot!(found_by_field(r#""type":"geopoint""#, "91"), @"error invalid-format | Row 2, a: `91` is not a place as longitude, latitude. | Write a place as longitude, latitude.");
    }
}
