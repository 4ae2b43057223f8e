//! The check of an uploaded file: the same rules as in the browser, then who of it is there already, what
//! the import would do, and the partitions in which it will be done.

use aws_lambda_events::event::s3::S3Event;
use jiff::Timestamp;
use serde::Serialize;
use shared_rules::{record::Record, report::Report};

use crate::{
    context::Context,
    drops, event, export,
    failure::Failure,
    guard::{self, Touched},
    import::{DryRun, Import, Reason, State, Step},
    names::{ACTIVE, ImportRef},
    objects,
    outcome::RowOutcome,
    partition::{self, Partition},
    password::Sealer,
    people,
    plan::{Group, named_keys, plan},
    results,
    roster::{self, Reading},
    table, undo,
};

/// What the dry run says: the check's report and each row's outcome.
#[derive(Serialize)]
struct DryRunReport<'a> {
    #[serde(flatten)]
    check: &'a Report,
    #[serde(flatten)]
    dry_run: &'a DryRun,
    /// The rows that passed the rules.
    row_outcomes: Vec<RowOutcome>,
}

/// Answers the event of an object under `uploads/`, `drops/` or `requested/`.
pub async fn handle(context: &Context, event: S3Event) -> Result<(), Failure> {
    for drop in event::drops(&event) {
        drops::take(context, &drop).await?;
    }
    export::handle(context, &event).await?;
    for (reference, _) in event::imports(&event, "uploads") {
        check(context, &reference).await?;
    }
    Ok(())
}

async fn check(context: &Context, reference: &ImportRef) -> Result<(), Failure> {
    let started = Step::from(context, reference, &[State::Created, State::Checking])
        .to(State::Checking)
        .add("checkStarts", 1);
    let Some(import) = started.take().await? else {
        tracing::info!(import = %reference, "nothing to check: no such import, or checked already");
        return Ok(());
    };
    if import.undoes.is_some() {
        return undo::check(context, &import).await;
    }
    let mut sealer =
        if import.program()?.sets_passwords() { Some(Sealer::new(context, reference).await?) } else { None };
    let mut records: Vec<Record> = Vec::new();
    let mut fault = None;
    let reading = roster::read(context, &import, |row| {
        let Some(record) = row.record() else { return };
        if let Some((sealer, password)) = sealer.as_mut().zip(row.password()) {
            fault = fault.take().or(sealer.seal(record.row, password).err());
        }
        records.push(record);
    })
    .await?;
    if let Some(fault) = fault {
        return Err(fault);
    }
    let report = match reading {
        Reading::Read(report) => report,
        Reading::Missing => {
            tracing::warn!(import = %reference, "an event names an upload that is not there");
            Step::from(context, reference, &[State::Checking]).to(State::Created).take().await?;
            return Ok(());
        }
        Reading::Changed => return reject(context, reference, &file_changed()).await,
    };
    tracing::info!(import = %reference, rows = report.rows, errors = report.rows_with_errors, "checked");
    if let Some(reason) = stop_reason(&import, &report) {
        results::write_stopped(context, &import, &report).await?;
        return reject(context, reference, &reason).await;
    }
    partition::settle_units(&mut records, import.options.duplicates);
    let partitions = partitions(context, &import, records).await?;
    let partitions: Vec<Partition> = partitions
        .into_iter()
        .map(|groups| {
            let rows = groups.iter().flatten().map(|record| record.row);
            let passwords = sealer.as_ref().and_then(|sealer| sealer.of_rows(rows));
            Partition { groups, passwords }
        })
        .collect();
    let dry_run = dry_run(context, &import, &report, &partitions).await?;
    let confirms = import.confirms_itself && dry_run.hold.is_none();
    let mut checked = Step::from(context, reference, &[State::Checking])
        .to(if confirms { State::Queued } else { State::Ready })
        .set("rows", &report.rows)?
        .set("dryRun", &dry_run)?
        .set("partitions", &partitions.len())?
        .set("checkedByStart", &import.check_starts)?;
    if confirms {
        checked = checked
            .set_time_once("confirmedAt", Timestamp::now())
            .set_text("confirmedBy", &import.created_by);
    }
    if checked.take().await?.is_some() && confirms {
        objects::put(context, &reference.start(), Vec::new()).await?;
    }
    Ok(())
}

/// Why nothing of the file may be imported, if so.
fn stop_reason(import: &Import, report: &Report) -> Option<Reason> {
    if let Some(diagnostic) = report.first_stop() {
        return Some(Reason {
            rule: diagnostic.rule.clone(),
            message: diagnostic.message.clone(),
            help: diagnostic.help.clone(),
        });
    }
    (import.options.all_or_nothing && report.rows_with_errors > 0).then(|| Reason {
        rule: "all-or-nothing".to_owned(),
        message: format!(
            "{} of {} rows have errors, and all or nothing was asked for.",
            report.rows_with_errors, report.rows
        ),
        help: "Correct the rows in errors.csv, or import without all or nothing.".to_owned(),
    })
}

fn file_changed() -> Reason {
    Reason {
        rule: "file-changed".to_owned(),
        message: "The file that arrived is not the one that was announced.".to_owned(),
        help: "Close the file in other programs and start the import again.".to_owned(),
    }
}

async fn reject(context: &Context, reference: &ImportRef, reason: &Reason) -> Result<(), Failure> {
    tracing::info!(import = %reference, rule = reason.rule, "rejected");
    Step::from(context, reference, &[State::Checking])
        .to(State::Rejected)
        .set("reason", reason)?
        .take()
        .await?;
    table::delete(context, &reference.listed(ACTIVE)).await
}

async fn partitions(
    context: &Context,
    import: &Import,
    records: Vec<Record>,
) -> Result<Vec<Vec<Group>>, Failure> {
    let keys = records.iter().flat_map(named_keys);
    let owners = people::owners(context, &import.organisation, keys).await?;
    Ok(partition::partitions(partition::groups(records, &owners), context.config.partition_rows))
}

/// Stores the partitions, and plans each as the import will.
async fn dry_run(
    context: &Context,
    import: &Import,
    report: &Report,
    partitions: &[Partition],
) -> Result<DryRun, Failure> {
    let reference = import.reference();
    let mut total = DryRun::rejecting(report, &import.program()?.main_kind);
    let mut touched = Touched::default();
    let mut row_outcomes = Vec::new();
    for (number, partition) in (0..).zip(partitions) {
        let body = serde_json::to_vec(partition).map_err(Failure::corrupt("a partition"))?;
        objects::put(context, &reference.partition(import.check_starts, number), body).await?;
        let snapshot = people::snapshot(context, &import.organisation, &partition.groups).await?;
        let plan = plan(&partition.groups, &snapshot, &import.plan_options(number)?);
        total.add(&plan);
        touched.add(&plan);
        row_outcomes.extend(plan.rows);
    }
    total.hold = guard::hold(context, &import.organisation, touched).await?;
    row_outcomes.sort_by_key(|row| row.row);
    let document = DryRunReport { check: report, dry_run: &total, row_outcomes };
    let body = serde_json::to_vec(&document).map_err(Failure::corrupt("a dry run"))?;
    objects::put(context, &reference.dry_run(import.check_starts), body).await?;
    Ok(total)
}
