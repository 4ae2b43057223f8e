use super::{Rule, Words, Detail, Place};
use crate::diagnostic::{Fix, Severity};

pub(crate) static RULE: Rule = Rule {
    name: "exact-duplicate",
    severity: Severity::Warning,
    summary: "A row says the same as an earlier row in every column that is read.",
    why: "It adds nothing, and is often the sign that a list was pasted twice. Under the policy `reject` it is an error.",
    failing: "Two rows with the same cells.",
    passing: "A row for each person.",
    help: "Delete the row.",
};

pub(crate) fn words(place: &Place<'_>) -> Words {
    let Detail::Earlier { row, .. } = place.detail else { return Words::new("a row again.", RULE.help) };
    let other = place.other(row);
    Words { fix: Some(Fix::DeleteRow), ..Words::new(format!("the same as {other} in every column that is read."), RULE.help) }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let file = "Email,First Name,Last Name\nann@example.com,Ann,Lee\nann@example.com,Ann,Lee\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"warning exact-duplicate | Row 3, Email: the same as row 2 in every column that is read. | Delete the row. | fix: delete the row");
    }
}
