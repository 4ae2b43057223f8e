//! Cancelling an import over HTTP.

use axum::{
    Json,
    extract::{Path, State as Shared},
    http::StatusCode,
};

use super::{caller::Caller, imports::find, problem::Problem, views::ImportView};
use crate::{
    cancel,
    context::Context,
    import::{self, State},
};

/// Cancel an import. One that is being written stops between partitions; what was written until then stands.
#[utoipa::path(post, path = "/api/imports/{id}/cancel", params(("id" = String, Path)),
    responses((status = 202, body = ImportView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn cancel(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let subject = caller.importer.subject.clone();
    let (before, reference) = find(&context, caller, &id).await?;
    let import = match cancel::cancel(&context, &reference, &subject).await? {
        Some(import) => import,
        None => import::load(&context, &reference).await?.unwrap_or(before),
    };
    if import.state != State::Cancelled && import.cancelled_at.is_none() {
        return Err(Problem::conflict(format!("The import is {} and cannot be cancelled.", import.state)));
    }
    tracing::info!(import = %reference, state = %import.state, "cancelled");
    Ok((StatusCode::ACCEPTED, Json(import.into())))
}
