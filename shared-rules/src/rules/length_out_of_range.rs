use super::{Rule, Words, Finding, Place, counted};
use crate::{
    diagnostic::Severity,
    program::{Field, Kind},
};

pub(crate) static RULE: Rule = Rule {
    name: "length-out-of-range",
    severity: Severity::Error,
    summary: "A text is shorter or longer than its column takes, or a list has too few or too many items.",
    why: "The program says that such a value cannot be right, or there is no room for it.",
    failing: "`USA` where two characters are asked for.",
    passing: "`US`",
    help: "Shorten the value or complete it.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    let Some(field) = place.field() else { return Words::new("of the wrong length.", "Correct the value.") };
    let range = range(field).unwrap_or_default();
    let value = place.value();
    let has = match &field.kind {
        Kind::List(list) => counted(list.items(&value).count(), "item", "items"),
        _ => counted(value.chars().count(), "character", "characters"),
    };
    Words::new(format!("{} has {has}; the column takes {range}.", place.quoted()), format!("Write {range}."))
        .or_write(place.trimmed())
}

/// How much the column takes, where that is bounded.
pub(crate) fn range(field: &Field) -> Option<String> {
    let (bounds, one, many) = match &field.kind {
        Kind::List(list) => (list.count, "item", "items"),
        _ => (field.characters, "character", "characters"),
    };
    match (bounds.least, bounds.most) {
        (Some(least), Some(most)) if least == most => Some(counted(least, one, many)),
        (Some(least), Some(most)) => Some(format!("{least} to {}", counted(most, one, many))),
        (Some(least), None) => Some(format!("at least {}", counted(least, one, many))),
        (None, Some(most)) => Some(format!("at most {}", counted(most, one, many))),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::found_by_field;

    #[test]
    fn words() {
        assert_snapshot!(found_by_field(r#""constraints":{"minLength":2,"maxLength":2}"#, "USA"), @"error length-out-of-range | Row 2, a: `USA` has three characters; the column takes two characters. | Write two characters.");
        assert_snapshot!(found_by_field(r#""constraints":{"maxLength":2}"#, "ab "), @"error length-out-of-range | Row 2, a: `ab ` has three characters; the column takes at most two characters. | Write ab. | fix: `ab`");
        assert_snapshot!(found_by_field(r#""type":"list","constraints":{"minLength":2}"#, "a"), @"error length-out-of-range | Row 2, a: `a` has one item; the column takes at least two items. | Write at least two items.");
    }
}
