//! Applies a confirmed import, each partition for itself: plan, then journal, then write.

use std::collections::BTreeSet;

use aws_lambda_events::event::s3::S3Event;
use futures::{StreamExt, TryStreamExt, stream};

use crate::{
    cancel,
    context::Context,
    event,
    failure::Failure,
    import::{self, Import, State, Step},
    lease,
    names::{ACTIVE, DUE, ImportRef, START},
    objects::{self, Once},
    partition::Partition,
    people,
    plan::{PasswordChange, Plan, plan},
    results::{self, Written},
    table, undo,
};

/// How many partitions are started at once.
const CONCURRENT_STARTS: usize = 16;

/// Answers the event of an object under `confirmed/`.
pub async fn handle(context: &Context, event: S3Event) -> Result<(), Failure> {
    for (reference, rest) in event::imports(&event, "confirmed") {
        match rest.parse() {
            Ok(partition) => apply(context, &reference, partition).await?,
            Err(_) if rest == START => start(context, &reference).await?,
            Err(_) => tracing::warn!(import = %reference, "an event names no partition"),
        }
    }
    Ok(())
}

/// Takes the organisation's lease and starts every partition that is not written yet.
async fn start(context: &Context, reference: &ImportRef) -> Result<(), Failure> {
    let states = [State::Queued, State::Applying];
    let Some(import) =
        import::load(context, reference).await?.filter(|import| states.contains(&import.state))
    else {
        // It may have been cancelled with the lease in its hand.
        return lease::pass_on(context, reference).await;
    };
    if !lease::acquire(context, reference).await? {
        tracing::info!(import = %reference, "waits for another import of the organisation");
        return Ok(());
    }
    let Some(import) = Step::from(context, &import.reference(), &states).to(State::Applying).take().await?
    else {
        // It ended between the look and the lease.
        return lease::pass_on(context, reference).await;
    };
    undo::withhold_invitations(context, &import).await?;
    tracing::info!(import = %reference, partitions = import.partitions, "applies");
    stream::iter(import.partitions_left())
        .map(|partition| async move { objects::put(context, &reference.confirmed(partition), Vec::new()).await })
        .buffer_unordered(CONCURRENT_STARTS)
        .try_collect::<()>()
        .await?;
    finish_if_done(context, &import).await
}

async fn apply(context: &Context, reference: &ImportRef, partition: u32) -> Result<(), Failure> {
    let Some(import) =
        import::load(context, reference).await?.filter(|import| import.state == State::Applying)
    else {
        return Ok(());
    };
    if partition >= import.partitions {
        tracing::warn!(import = %reference, partition, "there is no such partition");
        return Ok(());
    }
    if import.partitions_done.contains(&partition) {
        return finish_if_done(context, &import).await;
    }
    let plan = journaled_plan(context, &import, partition).await?;
    let mut drifted = people::carry_out(context, &import.organisation, &plan.changes).await?;
    set_passwords(context, &import, partition, &plan, &mut drifted).await?;
    if !drifted.is_empty() {
        note_drift(context, reference, partition, &drifted).await?;
    }
    tracing::info!(import = %reference, partition, changes = plan.changes.len(), drifted = drifted.len(), "written");
    match import::partition_done(context, reference, partition, !drifted.is_empty()).await? {
        Some(import) => finish_if_done(context, &import).await,
        None => Ok(()),
    }
}

/// The partition's plan as it stands in the journal. Each delivery decides one, and the first to write it there has
/// decided it for all of them, whatever has changed since. To look for the journal first would cost every partition
/// a request, for the sake of the few that are delivered twice.
async fn journaled_plan(context: &Context, import: &Import, partition: u32) -> Result<Plan, Failure> {
    let key = import.reference().journal(partition);
    let plan = decide(context, import, partition).await?;
    match objects::put_json_once(context, &key, &plan).await? {
        Once::Written => Ok(plan),
        Once::AlreadyThere => objects::get_json(context, &key).await?.ok_or(Failure::Missing("a journal")),
    }
}

async fn decide(context: &Context, import: &Import, partition: u32) -> Result<Plan, Failure> {
    if import.undoes.is_some() {
        return undo::decide(context, import, partition).await;
    }
    let Partition { groups, markets, .. } = checked(context, import, partition).await?;
    if import.cancelled_at.is_some() {
        return Ok(cancel::left_out(groups.iter().flatten().map(|record| record.row)));
    }
    let snapshot = people::snapshot(context, &import.organisation, &groups).await?;
    Ok(plan(&groups, &snapshot, &import.plan_options(partition, markets)?))
}

/// What the check left of a partition.
async fn checked(context: &Context, import: &Import, partition: u32) -> Result<Partition, Failure> {
    objects::get_json(context, &import.reference().partition(import.checked_by_start, partition))
        .await?
        .ok_or(Failure::Missing("a partition"))
}

/// Sets the passwords that the plan says are to be set, of rows that could be written. The journal does not hold
/// them: they are fetched from where the check sealed them, and opened for as long as it takes to hash them.
async fn set_passwords(
    context: &Context,
    import: &Import,
    partition: u32,
    plan: &Plan,
    drifted: &mut BTreeSet<u32>,
) -> Result<(), Failure> {
    let changes: Vec<PasswordChange<'_>> =
        plan.passwords().filter(|change| !drifted.contains(&change.row)).collect();
    if changes.is_empty() {
        return Ok(());
    }
    let Partition { passwords, .. } = checked(context, import, partition).await?;
    let sealed = passwords.ok_or(Failure::Missing("the sealed passwords"))?;
    let rows = changes.iter().map(|change| change.row);
    let opened = sealed.open(context, &import.reference(), rows).await?;
    let writer = import.plan_options(partition, None)?.writer;
    drifted.extend(people::set_passwords(context, &import.organisation, &changes, opened, &writer).await?);
    Ok(())
}

async fn note_drift(
    context: &Context,
    reference: &ImportRef,
    partition: u32,
    rows: &BTreeSet<u32>,
) -> Result<(), Failure> {
    tracing::warn!(import = %reference, partition, rows = rows.len(), "rows no longer fit what is stored");
    objects::put_json_once(context, &reference.drift(partition), rows).await?;
    Ok(())
}

/// After the last partition: results, invitations, the next import, and only then the state, so that whoever
/// finds the work half done does all of it again.
async fn finish_if_done(context: &Context, import: &Import) -> Result<(), Failure> {
    if !import.partitions_left().is_empty() {
        return Ok(());
    }
    let reference = import.reference();
    let noted = Step::from(context, &reference, &[State::Applying])
        .set_time_once("finishedAt", jiff::Timestamp::now())
        .take()
        .await?;
    let Some(import) = noted else { return Ok(()) };
    let Written { totals, cancelled } = results::write(context, &import).await?;
    if totals.invitations > 0 {
        table::put(context, table::key_item(&reference.listed(DUE))).await?;
    }
    if !cancelled {
        undo::note(context, &import).await?;
    }
    lease::pass_on(context, &reference).await?;
    Step::from(context, &reference, &[State::Applying])
        .to(if cancelled { State::Cancelled } else { State::Finished })
        .set("outcomes", &totals.outcomes)?
        .set("entities", &totals.entities)?
        .set("invitationsDue", &totals.invitations)?
        .set("invitable", &totals.invitable)?
        .take()
        .await?;
    tracing::info!(import = %reference, cancelled, "finished");
    table::delete(context, &reference.listed(ACTIVE)).await
}
