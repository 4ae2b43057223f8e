//! Stops an import: before anything is written it just ends, while it is being written it stops between
//! partitions.
//!
//! A partition that has no journal yet when the import is cancelled gets one that changes nothing, in which
//! every row is rejected as [`IMPORT_CANCELLED`]. So the journal alone decides which partitions are written,
//! whatever is delivered when, every row is accounted for, and `errors.csv` holds exactly the rows that are
//! left to import.

use jiff::Timestamp;
use shared_rules::diagnostic::{Diagnostic, Location, Severity};

use crate::{
    context::Context,
    failure::Failure,
    import::{Import, Reason, State, Step},
    names::ImportRef,
    objects,
    outcome::{Outcome, RowOutcome},
    plan::Plan,
    upload,
};

/// The rule that rejects the rows which a cancelled import did not come to.
const IMPORT_CANCELLED: &str = "import-cancelled";

/// Cancels an import on behalf of `subject`. `None` if it has come to its end already.
pub async fn cancel(
    context: &Context,
    reference: &ImportRef,
    subject: &str,
) -> Result<Option<Import>, Failure> {
    let unwritten = [State::Created, State::Checking, State::Ready, State::Queued];
    let step = |from: &[State]| {
        Step::from(context, reference, from)
            .set_time_once("cancelledAt", Timestamp::now())
            .set_text("cancelledBy", subject)
    };
    let ended = step(&unwritten).to(State::Cancelled).set("reason", &reason())?.take().await?;
    let cancelled = match ended {
        Some(import) => Some(import),
        None => step(&[State::Applying]).take().await?,
    };
    if let Some(import) = &cancelled {
        // Whether the import held the lease or has partitions left: the start looks after both.
        objects::put(context, &reference.start(), Vec::new()).await?;
        upload::give_up(context, import).await?;
    }
    Ok(cancelled)
}

/// The plan of a partition that a cancelled import does not come to any more.
pub fn left_out(rows: impl Iterator<Item = u32>) -> Plan {
    let mut rows: Vec<RowOutcome> = rows
        .map(|row| RowOutcome {
            row,
            outcome: Outcome::Rejected,
            person: None,
            matched_by: None,
            decision: None,
            possible_duplicates: Vec::new(),
            like_rows: Vec::new(),
            changes: Vec::new(),
            diagnostics: vec![not_reached(row)],
        })
        .collect();
    rows.sort_by_key(|row| row.row);
    Plan { rows, ..Plan::default() }
}

/// Whether the plan is one of [`left_out`].
pub fn is_left_out(plan: &Plan) -> bool {
    plan.rows.iter().any(|row| row.diagnostics.iter().any(|finding| finding.rule == IMPORT_CANCELLED))
}

fn reason() -> Reason {
    Reason {
        rule: IMPORT_CANCELLED.to_owned(),
        message: "The import was cancelled before anything was written.".to_owned(),
        help: "Start it again if the file is to be imported after all.".to_owned(),
    }
}

fn not_reached(row: u32) -> Diagnostic {
    Diagnostic {
        rule: IMPORT_CANCELLED.to_owned(),
        severity: Severity::Error,
        location: Location::row(row),
        message: format!("Row {row} was not imported: the import was cancelled before it came to it."),
        help: "Import errors.csv to go on with the rows that are left.".to_owned(),
        fix: None,
    }
}
