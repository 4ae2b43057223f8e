//! An organisation's settings over HTTP.

use axum::{
    Json,
    extract::{State as Shared, rejection::JsonRejection},
};

use super::{caller::Caller, problem::Problem, programs};
use crate::{
    context::Context,
    settings::{self, Settings},
};

/// Say what the organisation has settled about its imports; the defaults where it has not.
#[utoipa::path(get, path = "/api/settings", responses((status = 200, body = Settings), (status = 401, body = Problem)))]
pub async fn settings(Shared(context): Shared<Context>, caller: Caller) -> Result<Json<Settings>, Problem> {
    let settled = settings::load(&context, &caller.organisation).await?;
    Ok(Json(settled.map(|settled| settled.settings).unwrap_or_default()))
}

/// Settle when an import is held, and which programs' files are imported as they are dropped into the bucket.
#[utoipa::path(put, path = "/api/settings", request_body = Settings,
    responses((status = 200, body = Settings), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn settle(
    Shared(context): Shared<Context>,
    caller: Caller,
    request: Result<Json<Settings>, JsonRejection>,
) -> Result<Json<Settings>, Problem> {
    let Json(settings) =
        request.map_err(|rejection| Problem::invalid("invalid-json", rejection.body_text()))?;
    for program in settings.drops.keys() {
        programs::find_importable(&context, &caller.organisation, program).await?;
    }
    if settings.guard.removed_percent.max(settings.guard.updated_percent) > 100 {
        return Err(Problem::invalid("invalid-percentage", "A part is 0 to 100 per cent.".to_owned()));
    }
    settings::store(&context, &caller.organisation, settings.clone(), caller.importer).await?;
    tracing::info!(organisation = %caller.organisation, "settings stored");
    Ok(Json(settings))
}
