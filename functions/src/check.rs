//! The check of an uploaded file: the same rules as in the browser, then who of it is there already, what
//! the import would do, and the partitions in which it will be done.

mod intake;

use aws_lambda_events::event::s3::S3Event;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use shared_rules::{record::Record, report::Report};

use self::intake::{Intake, Taken};
use crate::{
    context::Context,
    drops,
    dry_run::Rehearsal,
    event, export,
    failure::Failure,
    import::{DryRun, Import, Reason, State, Step},
    names::{ACTIVE, ImportRef, Organisation},
    near::{self, Decided},
    objects,
    partition::{Cut, Joining},
    people,
    plan::{Plan, named_keys, plan},
    results,
    roster::{self, Reading},
    same_file,
    spill::Spilled,
    table, undo,
};

/// So many records are looked up together.
const LOOKED_UP: usize = 2_000;
/// So many partitions are planned at once.
const CONCURRENT_PARTITIONS: usize = 4;

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
    let decided = Decided::load(context, &import).await?;
    let mut intake = Intake::open(context, &import, decided).await?;
    let reading = roster::read(context, &import, |row| intake.take(row)).await?;
    let records = intake.close()?;
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
    let cut = join(context, &import.organisation, &records.records).await?.cut(context.config.partition_rows);
    let dry_run = dry_run(context, &import, &report, &records, &cut).await?;
    let confirms = import.confirms_itself && dry_run.hold.is_none();
    let mut checked = Step::from(context, reference, &[State::Checking])
        .to(if confirms { State::Queued } else { State::Ready })
        .set("rows", &report.rows)?
        .set("dryRun", &dry_run)?
        .set("partitions", &cut.partitions())?
        .set("checkedByStart", &import.check_starts)?;
    if !report.file.sheets.is_empty() {
        checked = checked.set("sheets", &report.file.sheets)?;
    }
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

/// Looks up whose the records' identities are, and joins those that go together.
async fn join(
    context: &Context,
    organisation: &Organisation,
    records: &Spilled<Record>,
) -> Result<Joining, Failure> {
    let mut joining = Joining::default();
    for start in (0..records.len()).step_by(LOOKED_UP) {
        let end = records.len().min(start + LOOKED_UP);
        let together = (start..end).map(|number| records.get(number)).collect::<Result<Vec<_>, _>>()?;
        let unknown = together.iter().flat_map(named_keys).filter(|key| !joining.knows(key));
        let owners = people::owners(context, organisation, unknown).await?;
        together.iter().try_for_each(|record| joining.add(record, &owners))?;
    }
    Ok(joining)
}

/// Stores the partitions, and plans each as the import will.
async fn dry_run(
    context: &Context,
    import: &Import,
    report: &Report,
    records: &Taken,
    cut: &Cut,
) -> Result<DryRun, Failure> {
    let mut known = DryRun::rejecting(report, &import.program()?.main_kind);
    known.same_file_as = same_file::earlier(context, import).await?;
    let mut rehearsal = Rehearsal::new(known, &report.file.sheets)?;
    let mut plans = stream::iter(0..cut.partitions())
        .map(|number| async move { rehearse(context, import, records, cut, number).await })
        .buffered(CONCURRENT_PARTITIONS);
    while let Some(plan) = plans.try_next().await? {
        rehearsal.add(&plan)?;
    }
    rehearsal.close()?.store(context, import, report).await
}

/// Stores a partition, and plans it.
async fn rehearse(
    context: &Context,
    import: &Import,
    records: &Taken,
    cut: &Cut,
    number: usize,
) -> Result<Plan, Failure> {
    let partition = records.partition(cut, number)?;
    let number = u32::try_from(number).map_err(Failure::corrupt("the number of a partition"))?;
    let body = serde_json::to_vec(&partition).map_err(Failure::corrupt("a partition"))?;
    objects::put(context, &import.reference().partition(import.check_starts, number), body).await?;
    let owners = cut.owners(&partition.groups);
    let mut snapshot = people::snapshot_of(context, &import.organisation, &partition.groups, owners).await?;
    near::look(context, &import.organisation, &partition.groups, &mut snapshot).await?;
    snapshot.like_rows = records.like_rows(&partition.groups)?;
    Ok(plan(&partition.groups, &snapshot, &import.plan_options(number, partition.markets)?))
}
