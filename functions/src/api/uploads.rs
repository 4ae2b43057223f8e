//! The upload of an import's file over HTTP: what is still missing of it, and that all of it is there.

use axum::{
    Json,
    extract::{Path, State as Shared},
    http::StatusCode,
};
use jiff::Timestamp;

use super::{
    caller::Caller,
    imports::{after, find},
    problem::Problem,
    views::{ImportView, Upload},
};
use crate::{
    context::Context,
    import::{Import, State, Step},
    names::ImportRef,
    upload,
};

/// Sign what is still missing of an import's file: after an interruption, or when requests have expired.
#[utoipa::path(post, path = "/api/imports/{id}/upload", params(("id" = String, Path)),
    responses((status = 200, body = Upload), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn resume(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Upload>, Problem> {
    let (import, reference) = waiting(&context, caller, &id).await?;
    if !import.waits_for_file() {
        return Ok(Json(Upload { requests: Vec::new(), expires: Timestamp::now() }));
    }
    // An upload that goes on is not given up, however slow it is.
    Step::from(&context, &reference, &[State::Created]).take().await?;
    let upload = sign(&context, &import).await?;
    tracing::info!(import = %reference, missing = upload.requests.len(), "upload resumed");
    Ok(Json(upload))
}

/// Say that every part of an import's file was sent: the check begins. To say it again changes nothing.
#[utoipa::path(post, path = "/api/imports/{id}/upload/complete", params(("id" = String, Path)),
    responses((status = 202, body = ImportView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn complete(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let (import, reference) = waiting(&context, caller, &id).await?;
    if import.state == State::Created {
        let missing = upload::complete(&context, &import).await?;
        if missing > 0 {
            return Err(Problem::incomplete(missing));
        }
        tracing::info!(import = %reference, "upload complete");
    }
    Ok((StatusCode::ACCEPTED, Json(import.into())))
}

/// Signs what is missing of the file of an import that waits for it.
pub(super) async fn sign(context: &Context, import: &Import) -> Result<Upload, Problem> {
    let requests = upload::sign_missing(context, import).await?;
    Ok(Upload { requests, expires: after(Timestamp::now(), upload::LIFETIME) })
}

/// The import, unless its file is waited for no more though it never came.
async fn waiting(context: &Context, caller: Caller, id: &str) -> Result<(Import, ImportRef), Problem> {
    let (import, reference) = find(context, caller, id).await?;
    match import.state {
        State::Expired | State::Cancelled => {
            Err(Problem::conflict(format!("The import is {}; start it again.", import.state)))
        }
        _ => Ok((import, reference)),
    }
}
