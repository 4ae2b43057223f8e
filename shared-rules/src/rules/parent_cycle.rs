use super::{Finding, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "parent-cycle",
    severity: Severity::Warning,
    summary: "A person is, by way of parents, its own parent.",
    why: "Parents see their children's accounts; somewhere in the circle an address is wrong, and somebody would see what is not meant for them.",
    failing: "Ann's parent is Bo, and Bo's parent is Ann.",
    passing: "Ann's parent is Bo.",
    help: "Correct the parent's address in one of the rows.",
};

pub(crate) fn finding() -> Finding {
    RULE.row(|_| {
        Words::new(
            "following the parents' addresses from this person leads back to the same person.",
            RULE.help,
        )
    })
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    #[test]
    fn words() {
        let file = "Role,First Name,Last Name,Email,Parent\n\
            Student,Ann,Lee,ann@example.com,bo@example.com\n\
            Student,Bo,Lee,bo@example.com,ann@example.com\n\
            Student,Cy,Lee,cy@example.com,bo@example.com\n";
        assert_snapshot!(found_in(Program::builtin("learners").unwrap(), file), @"
        warning parent-cycle | Row 2: following the parents' addresses from this person leads back to the same person. | Correct the parent's address in one of the rows.
        warning parent-cycle | Row 3: following the parents' addresses from this person leads back to the same person. | Correct the parent's address in one of the rows.
        ");
    }
}
