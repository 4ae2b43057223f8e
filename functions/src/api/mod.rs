//! The HTTP API: makes imports, signs what goes straight to the bucket, and says how things stand.

mod caller;
mod cancel;
mod decisions;
mod exports;
mod imports;
mod invitations;
mod markets;
mod people;
mod problem;
mod programs;
mod settings;
mod undo;
mod uploads;
pub mod views;

use axum::{
    Json, Router,
    routing::{any, get},
};
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use self::problem::Problem;
use crate::context::Context;

#[derive(OpenApi)]
#[openapi(info(title = "Rollcall", description = "Bulk import of people from a roster file."))]
struct Document;

/// The API. The gateway in front of it has verified the token: the claims are in the request's
/// `RequestContext::ApiGatewayV2` extension, under `authorizer.jwt.claims`.
pub fn router(context: Context) -> Router {
    let (router, document) = routes().split_for_parts();
    router
        .route("/api/openapi.json", get(|| async move { Json(document) }))
        .route("/api/{*path}", any(|| async { Problem::not_found("address") }))
        .with_state(context)
}

/// The OpenAPI document, from which the page's client is generated.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    routes().split_for_parts().1
}

fn routes() -> OpenApiRouter<Context> {
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(routes!(programs::programs))
        .routes(routes!(programs::bring, programs::delete))
        .routes(routes!(imports::create, imports::list))
        .routes(routes!(imports::show))
        .routes(routes!(uploads::resume))
        .routes(routes!(uploads::complete))
        .routes(routes!(imports::confirm))
        .routes(routes!(imports::result))
        .routes(routes!(decisions::decide))
        .routes(routes!(cancel::cancel))
        .routes(routes!(undo::undo))
        .routes(routes!(exports::export))
        .routes(routes!(exports::exported))
        .routes(routes!(people::find))
        .routes(routes!(people::show, people::edit))
        .routes(routes!(people::changes))
        .routes(routes!(people::invite_again))
        .routes(routes!(invitations::invite))
        .routes(routes!(settings::settings, settings::settle))
        .routes(routes!(markets::markets, markets::load))
}
