use super::{Rule, Words, Detail, Place, each_of, repeated_person, shortened};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "conflicting-rows",
    severity: Severity::Warning,
    summary: "A row is the same person as an earlier row, and has other values.",
    why: "The two rows become one person, and only one of the values can stay: the duplicate policy's choice. Under the policy `reject` it is an error.",
    failing: "Two rows with the same `Email` and different `StudentLastName`.",
    passing: "Rows of one person that agree where both have a value.",
    help: "Decide which values are right and delete the other row, or correct the address that makes them one person.",
};

pub(crate) fn words(place: &Place<'_>) -> Words {
    let Detail::Earlier { row, by, differ } = place.detail else { return Words::new("other values.", RULE.help) };
    let other = place.other(row);
    let headers = place.columns.headers().iter().take(64).enumerate();
    let names: Vec<String> = headers
        .filter(|(column, _)| differ >> column & 1 == 1)
        .map(|(_, header)| shortened(header))
        .collect();
    let what = repeated_person::identity(by);
    Words::new(format!("the same {what} as {other}, with another value in {}.", each_of(&names)), RULE.help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let file = "Email,First Name,Last Name,Phone,Major\n\
            ann@example.com,Ann,Lee,,History\n\
            ann@example.com,Ann,Ray,617-555-0142,Physics\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"warning conflicting-rows | Row 3, Email: the same e-mail address as row 2, with another value in Last Name and Major. | Decide which values are right and delete the other row, or correct the address that makes them one person.");
    }
}
