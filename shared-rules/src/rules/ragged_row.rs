use super::{Rule, Words, Finding, Place, counted, grouped, spelled};
use crate::diagnostic::Severity;
use crate::read::Cells;

pub(crate) static RULE: Rule = Rule {
    name: "ragged-row",
    severity: Severity::Error,
    summary: "A row has more or fewer cells than the header.",
    why: "Its values stand under the wrong headers, most often because of a comma inside a text without quotation marks.",
    failing: "`Ann,1 Main St, Floor 2,Boston` under three headers.",
    passing: "`Ann,\"1 Main St, Floor 2\",Boston`",
    help: "Put texts with a comma between quotation marks, and keep a comma for each empty cell.",
};

/// Empty cells past the header's end say nothing and are let through.
pub(crate) fn check(cells: Cells<'_>, expected: usize) -> Option<Finding> {
    let beyond = || cells.iter().skip(expected).any(|cell| !cell.is_empty());
    let ragged = cells.len() < expected || (cells.len() > expected && beyond());
    ragged.then(|| RULE.row(words))
}

fn words(place: &Place<'_>) -> Words {
    let expected = place.columns.count();
    let found = counted(place.cells.len(), "cell", "cells");
    let help = if place.cells.len() > expected {
        "Put texts that have a comma between quotation marks."
    } else {
        "Add a comma for each cell that is missing."
    };
    Words::new(format!("{found}; the header has {}.", spelled(expected).map_or_else(|| grouped(expected as u64), str::to_owned)), help)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use crate::program::Program;
    use crate::rules::tests::found_in;

    #[test]
    fn words() {
        assert_snapshot!(found_in(std::sync::Arc::new(Program::from_descriptor(r#"{"fields":[{"name":"a"},{"name":"b"}]}"#).unwrap()), "a,b\n1\n1,2,3\n1,2,,\n"), @"
        error ragged-row | Row 2: one cell; the header has two. | Add a comma for each cell that is missing.
        error ragged-row | Row 3: three cells; the header has two. | Put texts that have a comma between quotation marks.
        ");
    }
}
