//! What `rollcall import` does with rows that may be of people who are there already, or who have an earlier row.

use anyhow::Context;
use functions::{
    api::views::ImportView,
    import::State,
    near::RowDecision,
    outcome::{FieldChange, LikeRow, PossibleDuplicate, RowOutcome},
};
use serde::Deserialize;
use shared_rules::{likeness::Likeness, record::Decision};

use crate::{client::Client, text};

/// Rows that are shown.
const SHOWN: usize = 20;

/// What becomes of a row that may be of somebody who is there already or has an earlier row.
#[derive(Clone, Copy, Debug, Eq, PartialEq, clap::ValueEnum)]
pub enum Duplicates {
    /// It makes a new person
    Create,
    /// It is not imported
    LeaveOut,
    /// It is that person's; a row that may be of several people, or repeats an earlier row, is left out
    Same,
}

/// What matters here of the dry run.
#[derive(Deserialize)]
struct DryRunRows {
    row_outcomes: Vec<RowOutcome>,
}

/// Shows the rows of an import that waits, and decides about them.
pub async fn decide(client: &Client, import: &ImportView, wanted: Duplicates) -> anyhow::Result<()> {
    let is_any = import.dry_run.as_ref().is_some_and(|dry_run| dry_run.possible_duplicates > 0);
    if import.state != State::Ready || !is_any {
        return Ok(());
    }
    let dry_run = client.result(&import.id, "dry-run.json").await?;
    let dry_run: DryRunRows = serde_json::from_slice(&dry_run).context("the dry run is not understood")?;
    let rows: Vec<&RowOutcome> = dry_run.row_outcomes.iter().filter(|row| row.may_repeat()).collect();
    for row in rows.iter().take(SHOWN) {
        for PossibleDuplicate { person, because, differs } in &row.possible_duplicates {
            show(row.row, &format!("may be of {person}"), because, differs);
        }
        for LikeRow { row: earlier, because, differs, .. } in &row.like_rows {
            show(row.row, &format!("may be of the person of row {earlier}"), because, differs);
        }
    }
    if rows.len() > SHOWN {
        anstream::eprintln!("  and {} rows more, in the dry run.", rows.len() - SHOWN);
    }
    let decisions: Vec<RowDecision> = rows.into_iter().filter_map(|row| decision(row, wanted)).collect();
    if !decisions.is_empty() {
        client.decide(&import.id, decisions).await?;
    }
    Ok(())
}

fn decision(row: &RowOutcome, wanted: Duplicates) -> Option<RowDecision> {
    let (decision, person) = match (wanted, row.possible_duplicates.as_slice()) {
        (Duplicates::Create, _) => return None,
        (Duplicates::Same, [only]) => (Decision::Same, Some(only.person.clone())),
        (Duplicates::Same | Duplicates::LeaveOut, _) => (Decision::LeaveOut, None),
    };
    Some(RowDecision { row: row.row, decision, person })
}

fn show(row: u32, what: &str, because: &[Likeness], differs: &[FieldChange]) {
    let because: Vec<&str> = because.iter().map(|likeness| likeness.words()).collect();
    let differs: Vec<String> = differs.iter().map(difference).collect();
    anstream::eprintln!(
        "{}: row {row} {what} ({}).\n  {}",
        text::warning("possible duplicate"),
        because.join(", "),
        differs.join("; ")
    );
}

fn difference(change: &FieldChange) -> String {
    let [old, new] = [&change.old, &change.new]
        .map(|value| value.as_ref().map_or_else(|| "(empty)".to_owned(), ToString::to_string));
    format!("{}: {old} -> {new}", change.field)
}
