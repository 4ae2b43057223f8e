use super::{Rule, Words, Finding, Place, any_of, grouped, spelled};
use crate::{diagnostic::Severity, program::Kind};
use crate::program::Flag;

pub(crate) static RULE: Rule = Rule {
    name: "value-not-allowed",
    severity: Severity::Error,
    summary: "A value is not one of those that its column takes.",
    why: "The values are names that the platform knows; any other, even in another case, means nothing to it.",
    failing: "`student` in `ClientType`, `Yes` in `CanContact`, `FALSE` in `Cancel`.",
    passing: "`Student`, `TRUE`, blank.",
    help: "Write one of the values exactly as it is listed.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    match place.kind() {
        Some(Kind::Flag(flag)) => flag_words(place, flag),
        Some(Kind::OneOf(values)) => list_words(place, values.listed(), ""),
        Some(Kind::OneOfOrGuid(values)) => list_words(place, values.listed(), " or a GUID"),
        _ => guid_words(place),
    }
}

fn list_words(place: &Place<'_>, values: &[String], also: &str) -> Words {
    let count = spelled(values.len()).map_or_else(|| grouped(values.len() as u64), str::to_owned);
    let found = place.quoted();
    let message = match values {
        [only] => format!("{found} is not {only}{also}; the value is case-sensitive."),
        _ => format!("{found} is not one of the {count} values{also}; they are case-sensitive."),
    };
    let help = match values.len() {
        ..=SHOWN_VALUES => format!("Write one of: {}{}.", values.join("; "), also.replace(" or", "; or")),
        _ => format!("Write one of the values that the program lists{also}."),
    };
    let value = place.value();
    let same = |listed: &&String| listed.to_lowercase() == value.trim().to_lowercase();
    Words::new(message, help).or_write(values.iter().find(same).cloned().or_else(|| place.trimmed()))
}

fn flag_words(place: &Place<'_>, flag: &Flag) -> Words {
    let allowed: Vec<&str> = flag.allowed().collect();
    let blank = place.field().is_some_and(|field| !field.required) && !flag.no_allowed;
    let found = place.quoted();
    let (message, help) = match (allowed.as_slice(), blank) {
        ([only], true) => (
            format!("{found} is neither {only} nor blank."),
            format!("Write {only}, or leave the cell blank."),
        ),
        ([one, other], _) => (format!("{found} is neither {one} nor {other}."), format!("Write {one} or {other}.")),
        _ => (format!("{found} is not {}.", any_of(&allowed)), format!("Write {}.", any_of(&allowed))),
    };
    Words::new(message, help).or_write(meant(&place.value(), flag, blank))
}

/// The value that somebody meant who wrote yes or no in another way.
fn meant(text: &str, flag: &Flag, blank: bool) -> Option<String> {
    let text = text.trim().to_lowercase();
    let is = |words: &[String], common: [&str; 5]| {
        common.contains(&text.as_str()) || words.iter().any(|word| word.to_lowercase() == text)
    };
    if is(flag.yes.listed(), ["true", "t", "yes", "y", "1"]) {
        return flag.yes.listed().first().filter(|_| flag.yes_allowed).cloned();
    }
    if !is(flag.no.listed(), ["false", "f", "no", "n", "0"]) {
        return None;
    }
    if flag.no_allowed { flag.no.listed().first().cloned() } else { blank.then(String::new) }
}

fn guid_words(place: &Place<'_>) -> Words {
    Words::new(
        format!("{} is not a GUID.", place.quoted()),
        "Write a GUID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301.",
    )
    .or_write(place.trimmed())
}

/// A help of more values than this would be a page.
const SHOWN_VALUES: usize = 12;

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::rules::tests::{found, found_by_field};

    #[test]
    fn words() {
        assert_snapshot!(found(&[("ClientType", "student")]), @"error value-not-allowed | Row 2, ClientType: `student` is not one of the four values; they are case-sensitive. | Write Student. | fix: `Student`");
        assert_snapshot!(found(&[("ClientType", "Pupil")]), @"error value-not-allowed | Row 2, ClientType: `Pupil` is not one of the four values; they are case-sensitive. | Write one of: Student; Parent or guardian of student; Working professional; Educator or admissions officer.");
        assert_snapshot!(found(&[("CanContact", "Yes"), ("CanContactSchools", "true "), ("CanContactSurveys", "maybe")]), @"
        error value-not-allowed | Row 2, CanContact: `Yes` is neither TRUE nor FALSE. | Write TRUE. | fix: `TRUE`
        error value-not-allowed | Row 2, CanContactSchools: `true ` is neither TRUE nor FALSE. | Write TRUE. | fix: `TRUE`
        error value-not-allowed | Row 2, CanContactSurveys: `maybe` is neither TRUE nor FALSE. | Write TRUE or FALSE.
        ");
        assert_snapshot!(found(&[("Cancel", "FALSE"), ("Consultation", "later"), ("PSOId", "1")]), @"
        error value-not-allowed | Row 2, Cancel: `FALSE` is neither TRUE nor blank. | Leave the cell blank. | fix: ``
        error value-not-allowed | Row 2, Consultation: `later` is neither TRUE nor blank. | Write TRUE, or leave the cell blank.
        ");
        assert_snapshot!(found(&[("Source", "Carrier Pigeon"), ("StatusId", "7"), ("Address1Type", "HOME ")]), @"
        error value-not-allowed | Row 2, Source: `Carrier Pigeon` is not one of the ten values or a GUID; they are case-sensitive. | Write one of: Abandoned Cart; Chat; Directory; Event; Inbound Call; Outbound Call; Partner List; Purchased List; Jot Form; Local Office; or a GUID.
        error value-not-allowed | Row 2, StatusId: `7` is not one of the six values; they are case-sensitive. | Write one of: 0; 1; 2; 3; 4; 5.
        error value-not-allowed | Row 2, Address1Type: `HOME ` is not one of the three values; they are case-sensitive. | Write Home. | fix: `Home`
        ");
        assert_snapshot!(found(&[("Source", "a3f13e72-1111-4222-8333-5ae936f40505"), ("StatusId", "5")]), @"");
        assert_snapshot!(found_by_field(r#""format":"uuid""#, "1234"), @"error value-not-allowed | Row 2, a: `1234` is not a GUID. | Write a GUID, such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301.");
    }
}
