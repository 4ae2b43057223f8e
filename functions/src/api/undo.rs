//! Undoing an import over HTTP.

use axum::{
    Json,
    extract::{Path, State as Shared},
    http::StatusCode,
};

use super::{caller::Caller, imports::find, problem::Problem, views::ImportView};
use crate::{context::Context, undo};

/// Make the import that takes another one back. Like every import it has a dry run and waits for its confirmation.
#[utoipa::path(post, path = "/api/imports/{id}/undo", params(("id" = String, Path)),
    responses((status = 201, body = ImportView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn undo(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let importer = caller.importer.clone();
    let (undone, reference) = find(&context, caller, &id).await?;
    if undone.outcomes.is_none() {
        return Err(Problem::conflict(format!("The import is {}; there is nothing to undo.", undone.state)));
    }
    if undone.undoes.is_some() {
        return Err(Problem::conflict("This is an undo itself. Import the file again instead.".to_owned()));
    }
    if undone.undone_by.is_some() {
        return Err(Problem::conflict("The import has been undone already.".to_owned()));
    }
    let import = undo::create(&context, &undone, importer).await?;
    tracing::info!(import = %import.reference(), undoes = %reference, "created");
    Ok((StatusCode::CREATED, Json(import.into())))
}
