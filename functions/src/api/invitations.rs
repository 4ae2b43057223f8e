//! Inviting the new people of an import that did not invite them, over HTTP.

use axum::{
    Json,
    extract::{Path, State as Shared},
    http::StatusCode,
};

use super::{caller::Caller, imports::find, problem::Problem, views::ImportView};
use crate::{context::Context, import, invite};

/// Invite the new people of a finished import that did not do so. Each is sent one mail, however often this is called.
#[utoipa::path(post, path = "/api/imports/{id}/invitations", params(("id" = String, Path)),
    responses((status = 202, body = ImportView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn invite(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let (import, reference) = find(&context, caller, &id).await?;
    if import.invited_later_at.is_some() && !import.invitations_withheld {
        // The entry may have got lost after the time was noted.
        invite::later(&context, &import).await?;
        return Err(Problem::conflict("The new people of this import have been invited already.".to_owned()));
    }
    if !import.can_invite_later() {
        let detail = "Only a finished import that did not invite, and was not undone, can do so later.";
        return Err(Problem::conflict(detail.to_owned()));
    }
    if import.invitable == 0 {
        return Err(Problem::conflict("The import has no new people with an e-mail address.".to_owned()));
    }
    invite::later(&context, &import).await?;
    tracing::info!(import = %reference, people = import.invitable, "to be invited");
    let import = import::load(&context, &reference).await?.unwrap_or(import);
    Ok((StatusCode::ACCEPTED, Json(import.into())))
}
