//! Errors of the API, as RFC 9457 problem documents.

use axum::{
    Json,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{failure::Failure, guard::Hold};

/// Why a request was not answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    pub title: &'static str,
    pub status: u16,
    /// What to do about it.
    pub detail: String,
    /// The fault's name, in kebab-case.
    pub code: &'static str,
}

impl Problem {
    /// No token, or one without an organisation.
    pub fn unauthorised() -> Self {
        Self {
            title: "Not signed in",
            status: 401,
            detail: "Send a valid token that names an organisation.".to_owned(),
            code: "unauthorised",
        }
    }

    /// Nothing of that name in the caller's organisation.
    pub fn not_found(what: &str) -> Self {
        Self {
            title: "Not found",
            status: 404,
            detail: format!("There is no such {what} in your organisation."),
            code: "not-found",
        }
    }

    /// It was there, and is kept no longer.
    pub fn gone(detail: String) -> Self {
        Self { title: "No longer kept", status: 410, detail, code: "gone" }
    }

    /// The request itself is at fault.
    pub fn invalid(code: &'static str, detail: String) -> Self {
        Self { title: "Invalid request", status: 400, detail, code }
    }

    /// The import touches so many people that the confirmation has to name their number.
    pub fn held(hold: &Hold) -> Self {
        let touches = if hold.rule == "many-removed" { "takes something away from" } else { "changes" };
        let detail = format!(
            "The import {touches} {} of {} people, more than {} %. Confirm it with that number.",
            hold.people, hold.of, hold.percent
        );
        Self { title: "Held", status: 409, detail, code: "held" }
    }

    /// Parts of the file have not arrived.
    pub fn incomplete(missing: usize) -> Self {
        let detail =
            format!("{missing} of the file's parts have not arrived; send them and complete it again.");
        Self { title: "Not complete", status: 409, detail, code: "upload-incomplete" }
    }

    /// The import is not in a state in which this can be done.
    pub fn conflict(detail: String) -> Self {
        Self { title: "Not now", status: 409, detail, code: "wrong-state" }
    }
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        tracing::error!(%failure, "a request failed");
        Self {
            title: "Something went wrong on our side",
            status: 500,
            detail: "Try again in a moment.".to_owned(),
            code: "internal",
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, [(header::CONTENT_TYPE, "application/problem+json")], Json(self)).into_response()
    }
}
