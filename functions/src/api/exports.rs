//! Downloads of people over HTTP.

use axum::{
    Json,
    extract::{Path, State as Shared, rejection::JsonRejection},
    http::StatusCode,
};
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    caller::Caller,
    imports::{RESULTS_URL, after},
    problem::Problem,
    programs,
    views::{Download, ExportView},
};
use crate::{
    context::Context,
    export::{Export, Made},
    names::ImportRef,
    objects,
};

/// As the programs with schools and classes have it.
const LONGEST_ID: usize = 100;

/// Ask for the organisation's people in a program's columns. The file is made in the background.
#[utoipa::path(post, path = "/api/exports", request_body = Export,
    responses((status = 202, body = ExportView), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn export(
    Shared(context): Shared<Context>,
    caller: Caller,
    request: Result<Json<Export>, JsonRejection>,
) -> Result<(StatusCode, Json<ExportView>), Problem> {
    let Json(export) =
        request.map_err(|rejection| Problem::invalid("invalid-json", rejection.body_text()))?;
    programs::find_importable(&context, &caller.organisation, &export.program).await?;
    let is_one = |id: &String| (1..=LONGEST_ID).contains(&id.chars().count());
    if !export.school.iter().chain(&export.class).all(is_one) {
        let detail = format!("A school's or class's identifier has 1 to {LONGEST_ID} characters.");
        return Err(Problem::invalid("invalid-identifier", detail));
    }
    let id = Uuid::now_v7().to_string();
    let reference = ImportRef { organisation: caller.organisation, import: id.clone() };
    let body = serde_json::to_vec(&export).map_err(crate::failure::Failure::corrupt("an export"))?;
    objects::put(&context, &reference.requested(), body).await?;
    tracing::info!(export = %reference, program = export.program, by = caller.importer.subject, "export asked for");
    Ok((StatusCode::ACCEPTED, Json(ExportView { id, rows: None, left_out: None, download: None })))
}

/// Say whether the file is there, and sign its download.
#[utoipa::path(get, path = "/api/exports/{id}", params(("id" = String, Path)),
    responses((status = 200, body = ExportView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn exported(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ExportView>, Problem> {
    let missing = || Problem::not_found("export");
    let id = Uuid::try_parse(&id).map_err(|_| missing())?.to_string();
    let reference = ImportRef { organisation: caller.organisation, import: id.clone() };
    let export: Export = objects::get_json(&context, &reference.requested()).await?.ok_or_else(missing)?;
    let Some(made) = objects::get_json::<Made>(&context, &reference.exported("made.json")).await? else {
        return Ok(Json(ExportView { id, rows: None, left_out: None, download: None }));
    };
    if made.too_large {
        let detail = format!("{} rows are too many for a workbook; ask for CSV.", made.rows);
        return Err(Problem::conflict(detail));
    }
    let name = export.format.file_name();
    let url = objects::sign_download(&context, &reference.exported(name), name, RESULTS_URL).await?;
    tracing::info!(export = %reference, by = caller.importer.subject, "download signed");
    let download = Some(Download { url, expires: after(Timestamp::now(), RESULTS_URL) });
    Ok(Json(ExportView { id, rows: Some(made.rows), left_out: Some(made.left_out), download }))
}
