use super::{Rule, Words, Finding, Place};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "class-too-large",
    severity: Severity::Warning,
    summary: "A class has more than 80 students.",
    why: "80 is the recommended greatest size. Often two classes have been given one ID.",
    failing: "An 81st student with the same `classId`.",
    passing: "A `classId` for each class.",
    help: "Check whether two classes share the ID; divide the class if it is one.",
};

/// The size that the district upload's guide recommends not to exceed.
pub(crate) const MOST_STUDENTS: u32 = 80;

/// Found once for a class, at the first student too many.
pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(
        format!("class {} has more than {MOST_STUDENTS} students; this is the first too many.", place.quoted()),
        RULE.help,
    )
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    fn class_of(students: usize) -> String {
        let mut file = String::from("schoolId,userRole,userId,userFirstName,userLastName,userEmail,userGrade,classId,className\n");
        for student in (0..students).chain([3]) {
            file.extend(["s1,Student,u", &student.to_string(), ",Ann,Lee,,3,c1,Maths\n"]);
        }
        file.push_str("s1,Teacher,t1,Kim,Roy,kim@example.com,,c1,Maths\n");
        found_in(Program::builtin("district-users").unwrap(), &file)
    }

    #[test]
    fn words() {
        assert_snapshot!(class_of(80), @"warning exact-duplicate | Row 82, userId: the same as row 5 in every column that is read. | Delete the row. | fix: delete the row");
        assert_snapshot!(class_of(82), @"
        warning class-too-large | Row 82, classId: class `c1` has more than 80 students; this is the first too many. | Check whether two classes share the ID; divide the class if it is one.
        warning exact-duplicate | Row 84, userId: the same as row 5 in every column that is read. | Delete the row. | fix: delete the row
        ");
    }
}
