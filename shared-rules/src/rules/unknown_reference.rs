use super::{Detail, Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "unknown-reference",
    severity: Severity::Warning,
    summary: "A cell names somebody, or something, that no other row of the file is.",
    why: "People are linked when both are in the file or already on the platform; a link to nobody is not made. Where a schema's foreign key says so, this is an error.",
    failing: "`Parent` has an address that is no row's `Email`.",
    passing: "The parent has a row, or an account already.",
    help: "Add a row for it, correct the value, or leave it if it is on the platform already.",
};

/// A link to a person who may be on the platform already.
pub(crate) fn to_nobody(column: usize) -> Finding {
    RULE.cell(column, |_| {
        Words::new(
            "nobody in the file who can be imported has this e-mail address.",
            "Leave it if the person has an account already; else add a row for the person, or correct the address.",
        )
    })
}

/// A value that a foreign key demands elsewhere in the file. `reference` is the index among the program's.
pub(crate) fn to_nothing(column: usize, reference: usize, severity: Severity) -> Finding {
    let finding = RULE.cell(column, |place| {
        let target = target(place);
        Words::new(
            format!("the value does not stand in the column {target}."),
            format!("Add a row whose {target} has it, or correct the value."),
        )
    });
    Finding { severity, ..finding }.with(Detail::Number(reference))
}

fn target<'a>(place: &Place<'a>) -> &'a str {
    let program = place.program;
    let reference = program.references.get(place.number());
    reference.map_or("", |reference| &program.fields[reference.to].name)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let learners = Program::builtin("learners").unwrap();
        let file = "Role,First Name,Last Name,Email,Parent\n\
            Student,Ann,Lee,ann@example.com,pat@example.com; Kim@example.com\n\
            Student,Bo,Lee,bo@example.com,lost@example.com\n\
            Parent,Pat,Lee,PAT@example.com,\n\
            Parent,Kim,Lee,kim@example.com,\n";
        assert_snapshot!(found_in(learners, file), @"warning unknown-reference | Row 3, Parent: nobody in the file who can be imported has this e-mail address. | Leave it if the person has an account already; else add a row for the person, or correct the address.");
        let json = r#"{"fields":[{"name":"id"},{"name":"manager"}],
            "foreignKeys":[{"fields":"manager","reference":{"fields":"id"}}]}"#;
        let own = Arc::new(Program::from_descriptor(json).unwrap());
        assert_snapshot!(found_in(own, "id,manager\na,b\nb,\nc,d\n"), @"error unknown-reference | Row 4, manager: the value does not stand in the column id. | Add a row whose id has it, or correct the value.");
    }
}
