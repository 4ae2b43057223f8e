//! Takes up what stalled: an event that got lost, a function that died, a file that never came.

use jiff::{SignedDuration, Timestamp};

use crate::{
    context::Context,
    failure::Failure,
    import::{self, Import, Reason, State, Step},
    names::{ACTIVE, ImportRef},
    objects,
    table::{self, Order},
    upload,
};

/// Longer than a function may run, so that nothing is taken up that is still under way.
const STALLED: SignedDuration = SignedDuration::from_mins(16);
/// A file that is there and not checked yet: its event must have got lost.
const UNNOTICED: SignedDuration = SignedDuration::from_mins(1);
/// How long an upload may take: the life of its signed URL, and time for a slow last byte.
const UPLOAD: SignedDuration = SignedDuration::from_hours(1);
/// How long an upload in parts may rest. The page keeps a file for as long.
const RESTING_UPLOAD: SignedDuration = SignedDuration::from_hours(24);
/// How long a dry run waits for its confirmation.
const CONFIRMATION: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Starts of a check after which the file is given up.
const CHECK_STARTS: u32 = 6;
/// Imports looked at in one run.
const IMPORTS: usize = 10_000;

/// Runs once a minute.
pub async fn handle(context: &Context) -> Result<(), Failure> {
    sweep(context, Timestamp::now()).await
}

/// Looks after every import that is not at its end, as of `now`.
pub async fn sweep(context: &Context, now: Timestamp) -> Result<(), Failure> {
    for item in table::query(context, ACTIVE, Order::OldestFirst, IMPORTS).await? {
        let Some(reference) = table::key_of(&item).and_then(|key| ImportRef::parse(&key.sk)) else {
            continue;
        };
        match import::load(context, &reference).await? {
            Some(import) => look_after(context, &reference, &import, now).await?,
            None => table::delete(context, &reference.listed(ACTIVE)).await?,
        }
    }
    Ok(())
}

async fn look_after(
    context: &Context,
    reference: &ImportRef,
    import: &Import,
    now: Timestamp,
) -> Result<(), Failure> {
    let age = now.duration_since(import.touched_at);
    match import.state {
        State::Created if age > UNNOTICED && import.undoes.is_some() => {
            take_up(context, reference, reference.check_again()).await
        }
        State::Created if age > UNNOTICED && objects::exists(context, &reference.upload()).await? => {
            take_up(context, reference, reference.check_again()).await
        }
        State::Created if age > patience(import) => {
            upload::give_up(context, import).await?;
            end(context, reference, import.state, State::Expired, &file_missing()).await
        }
        State::Checking if age > STALLED && import.check_starts >= CHECK_STARTS => {
            end(context, reference, import.state, State::Failed, &check_failed()).await
        }
        State::Checking if age > STALLED => take_up(context, reference, reference.check_again()).await,
        State::Ready if age > CONFIRMATION => {
            end(context, reference, import.state, State::Expired, &not_confirmed()).await
        }
        // The one that holds the lease goes on; the others are told again that they have to wait.
        State::Queued | State::Applying if age > STALLED => {
            take_up(context, reference, reference.start()).await
        }
        // Should the start of the cancellation have got lost, so would the lease.
        State::Cancelled => {
            take_up(context, reference, reference.start()).await?;
            table::delete(context, &reference.listed(ACTIVE)).await
        }
        state if state.is_final() => table::delete(context, &reference.listed(ACTIVE)).await,
        _ => Ok(()),
    }
}

/// How long the file of an import is waited for.
fn patience(import: &Import) -> SignedDuration {
    if import.parts.is_some() { RESTING_UPLOAD } else { UPLOAD }
}

async fn take_up(context: &Context, reference: &ImportRef, key: String) -> Result<(), Failure> {
    tracing::warn!(import = %reference, "takes up an import that stalled");
    objects::put(context, &key, Vec::new()).await
}

async fn end(
    context: &Context,
    reference: &ImportRef,
    from: State,
    to: State,
    reason: &Reason,
) -> Result<(), Failure> {
    tracing::warn!(import = %reference, rule = reason.rule, "ends an import");
    Step::from(context, reference, &[from]).to(to).set("reason", reason)?.take().await?;
    table::delete(context, &reference.listed(ACTIVE)).await
}

fn file_missing() -> Reason {
    Reason {
        rule: "file-missing".to_owned(),
        message: "The file never arrived.".to_owned(),
        help: "Start the import again.".to_owned(),
    }
}

fn not_confirmed() -> Reason {
    Reason {
        rule: "not-confirmed".to_owned(),
        message: "Nobody confirmed the import within seven days.".to_owned(),
        help: "Start the import again; what it would do may have changed.".to_owned(),
    }
}

fn check_failed() -> Reason {
    Reason {
        rule: "check-failed".to_owned(),
        message: "The file could not be checked; every attempt was broken off.".to_owned(),
        help: "Try again later. If it happens again, save the file as CSV and import that.".to_owned(),
    }
}
