use super::{Rule, Words, Detail, Place};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "shared-email",
    severity: Severity::Warning,
    summary: "A row has the e-mail address of an earlier row, and another first name.",
    why: "An address is one person: siblings who share a parent's address would become one account. Under the policy `reject` it is an error.",
    failing: "Ann Lee and Bo Lee, both with pat@example.com.",
    passing: "Ann without an address of her own, and pat@example.com as her parent's.",
    help: "Give each person an address of their own; put a parent's address where the program has it, or leave the cell blank.",
};

pub(crate) fn words(place: &Place<'_>) -> Words {
    let Detail::Earlier { row, .. } = place.detail else { return Words::new("a shared address.", RULE.help) };
    let other = place.other(row);
    Words::new(
        format!("the same e-mail address as {other}, with another first name; the two would become one person."),
        RULE.help,
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let file = "Email,First Name,Last Name\npat@example.com,Ann,Lee\npat@example.com,Bo,Lee\n";
        assert_snapshot!(found_in(Program::builtin("clients").unwrap(), file), @"warning shared-email | Row 3, Email: the same e-mail address as row 2, with another first name; the two would become one person. | Give each person an address of their own; put a parent's address where the program has it, or leave the cell blank.");
    }
}
