use super::{Rule, Words, Detail, Finding, Place, each_of};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "value-not-unique",
    severity: Severity::Error,
    summary: "A value, or a combination of values, that may stand in one row only stands in an earlier row too.",
    why: "It says which row is meant; with two of them, nobody knows.",
    failing: "Two rows of `district-demographics` with the same `userId`.",
    passing: "Each `userId` once.",
    help: "Correct one of the values, or delete one of the rows.",
};

/// `key` is the index among the program's unique keys.
pub(crate) fn finding(column: Option<usize>, earlier: u32, key: usize) -> Finding {
    let finding = column.map_or_else(|| RULE.row(words), |column| RULE.cell(column, words));
    finding.with(Detail::Row { row: earlier, number: key })
}

fn words(place: &Place<'_>) -> Words {
    let Detail::Row { row, number } = place.detail else { return Words::new("a value again.", RULE.help) };
    let other = place.other(row);
    let message = if place.column.is_some() {
        format!("{} stands in {other} already, and the column takes each value once.", place.quoted())
    } else {
        let key = place.program.unique.get(number).map(Vec::as_slice).unwrap_or_default();
        let names: Vec<&str> = key.iter().map(|&field| place.program.fields[field].name.as_str()).collect();
        format!("the values of {}, taken together, stand in {other} already.", each_of(&names))
    };
    Words::new(message, RULE.help)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use insta::assert_snapshot;

    use crate::{program::Program, rules::tests::found_in};

    fn found(keys: &str, file: &str) -> String {
        let json = format!(r#"{{"fields":[{{"name":"a"}},{{"name":"b"}}],{keys}}}"#);
        found_in(Arc::new(Program::from_descriptor(&json).unwrap()), file)
    }

    #[test]
    fn words() {
        assert_snapshot!(found(r#""primaryKey":"a""#, "a,b\nx,1\nX,1\nx,2\n,3\n"), @"
        error value-not-unique | Row 4, a: `x` stands in row 2 already, and the column takes each value once. | Correct one of the values, or delete one of the rows.
        error missing-required-value | Row 5, a: the cell is blank, and the program requires a value. | Fill the cell.
        ");
        assert_snapshot!(found(r#""uniqueKeys":[["a","b"]]"#, "a,b\nx,1\nx,2\nx,1\n,\n,\n"), @"error value-not-unique | Row 4: the values of a and b, taken together, stand in row 2 already. | Correct one of the values, or delete one of the rows.");
    }
}
