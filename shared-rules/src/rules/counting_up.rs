use super::{Detail, Finding, Place, Rule, Words};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "counting-up",
    severity: Severity::Warning,
    summary: "The ID of an offering, class or school goes up by one from row to row.",
    why: "Dragging a cell down in a spreadsheet counts up instead of copying, and puts each person in another class.",
    failing: "`111111`, `111112`, `111113`, `111114` in four rows of `PSOId`.",
    passing: "`111111` in four rows of `PSOId`.",
    help: "Write the same ID in each of the rows, if it was dragged down.",
};

/// Found once for a run. `first` is the run's first row.
pub(crate) fn finding(column: usize, first: u32) -> Finding {
    RULE.cell(column, words).with(Detail::Row { row: first, number: 0 })
}

fn words(place: &Place<'_>) -> Words {
    let Detail::Row { row, .. } = place.detail else { return Words::new("an ID that counts up.", RULE.help) };
    let other = place.other(row);
    Words::new(format!("{} goes on counting up by one from {other}.", place.quoted()), RULE.help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    fn offerings(ids: &[&str]) -> String {
        let header = "Email,StudentFirstName,StudentLastName,Address1Country,ClientType,StudentType,StatusId,PSOId,CanContact,CanContactSchools,CanContactSurveys";
        let row = |(index, id)| format!("a{index}@example.com,Ann,Lee,US,Student,High school student,1,{id},TRUE,TRUE,TRUE");
        let rows: Vec<String> = ids.iter().enumerate().map(row).collect();
        let file = format!("{header}\n{}\n", rows.join("\n"));
        found_in(Program::builtin("international").unwrap(), &file)
    }

    #[test]
    fn words() {
        assert_snapshot!(offerings(&["7", "111111", "111112", "111113", "111114", "111115"]), @"warning counting-up | Row 6, PSOId: `111114` goes on counting up by one from row 3. | Write the same ID in each of the rows, if it was dragged down.");
        assert_snapshot!(offerings(&["8", "9", "10", "10", "11", "12"]), @"");
        assert_snapshot!(offerings(&["8", "9", "10", "11", "1", "2", "3", "4"]), @"
        warning counting-up | Row 5, PSOId: `11` goes on counting up by one from row 2. | Write the same ID in each of the rows, if it was dragged down.
        warning counting-up | Row 9, PSOId: `4` goes on counting up by one from row 6. | Write the same ID in each of the rows, if it was dragged down.
        ");
    }
}
