//! Imports over HTTP.

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State as Shared, rejection::JsonRejection},
    http::StatusCode,
};
use jiff::{SignedDuration, Timestamp};
use shared_rules::{limits::Limits, program::Program};
use uuid::Uuid;

use super::{
    caller::Caller,
    problem::Problem,
    programs, uploads,
    views::{Confirmation, CreatedImport, Download, ImportList, ImportView, NewImport},
};
use crate::{
    context::Context,
    import::{self, Import, State, Step},
    names::{ACTIVE, ImportRef, RESULTS},
    objects, same_file, table, upload,
};

pub(super) const RESULTS_URL: Duration = Duration::from_mins(5);
/// Imports in a list.
const LISTED: usize = 100;

/// Make an import and sign its upload.
#[utoipa::path(post, path = "/api/imports", request_body = NewImport,
    responses((status = 201, body = CreatedImport), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn create(
    Shared(context): Shared<Context>,
    caller: Caller,
    request: Result<Json<NewImport>, JsonRejection>,
) -> Result<(StatusCode, Json<CreatedImport>), Problem> {
    let Json(request) =
        request.map_err(|rejection| Problem::invalid("invalid-json", rejection.body_text()))?;
    let found = programs::find_importable(&context, &caller.organisation, &request.program).await?;
    validate(&request, &found.program)?;
    let mut import = Import::new(
        caller.organisation,
        caller.importer,
        request.program,
        request.file,
        request.options,
        Timestamp::now(),
    );
    import.schema = found.schema;
    let reference = import.reference();
    // Listed first: an import that is stored and not listed would never be swept.
    table::put(&context, table::key_item(&reference.listed(ACTIVE))).await?;
    same_file::note(&context, &import).await?;
    import.same_file_as = same_file::earlier(&context, &import).await?;
    if !request.parts.is_empty() {
        import.parts = Some(upload::begin(&context, &reference, request.parts).await?);
    }
    import::create(&context, &import).await?;
    let upload = uploads::sign(&context, &import).await?;
    tracing::info!(import = %reference, program = import.program, bytes = import.file.bytes, "created");
    Ok((StatusCode::CREATED, Json(CreatedImport { import: import.into(), upload })))
}

/// List the organisation's imports.
#[utoipa::path(get, path = "/api/imports", responses((status = 200, body = ImportList), (status = 401, body = Problem)))]
pub async fn list(Shared(context): Shared<Context>, caller: Caller) -> Result<Json<ImportList>, Problem> {
    let imports = import::list(&context, &caller.organisation, LISTED).await?;
    Ok(Json(ImportList { imports: imports.into_iter().map(ImportView::from).collect() }))
}

/// Say how an import stands.
#[utoipa::path(get, path = "/api/imports/{id}", params(("id" = String, Path)),
    responses((status = 200, body = ImportView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn show(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ImportView>, Problem> {
    let (import, _) = find(&context, caller, &id).await?;
    Ok(Json(import.into()))
}

/// Confirm an import whose dry run is there. One that is held has to be told the number of people. Confirming it
/// again changes nothing.
#[utoipa::path(post, path = "/api/imports/{id}/confirm", params(("id" = String, Path)),
    request_body = Option<Confirmation>,
    responses((status = 202, body = ImportView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn confirm(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
    confirmation: Option<Json<Confirmation>>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let subject = caller.importer.subject.clone();
    let (import, reference) = find(&context, caller, &id).await?;
    let import = match import.state {
        State::Ready => {
            let mut step = Step::from(&context, &reference, &[State::Ready])
                .to(State::Queued)
                .set_time_once("confirmedAt", Timestamp::now())
                .set_text("confirmedBy", subject);
            if let Some(hold) = import.dry_run.as_ref().and_then(|dry_run| dry_run.hold.as_ref()) {
                if confirmation.and_then(|Json(confirmation)| confirmation.acknowledge) != Some(hold.people) {
                    return Err(Problem::held(hold));
                }
                step = step.set("acknowledged", &hold.people)?;
            }
            let queued = match step.take().await? {
                Some(queued) => queued,
                None => confirmed_meanwhile(&context, &reference).await?,
            };
            objects::put(&context, &reference.start(), Vec::new()).await?;
            queued
        }
        // The start may have got lost after the state was set.
        State::Queued => {
            objects::put(&context, &reference.start(), Vec::new()).await?;
            import
        }
        State::Applying | State::Finished => import,
        state => return Err(Problem::conflict(format!("The import is {state} and cannot be confirmed."))),
    };
    tracing::info!(import = %reference, "confirmed");
    Ok((StatusCode::ACCEPTED, Json(import.into())))
}

/// The import, if somebody else has confirmed it.
async fn confirmed_meanwhile(context: &Context, reference: &ImportRef) -> Result<Import, Problem> {
    let confirmed = [State::Queued, State::Applying, State::Finished];
    let import = import::load(context, reference).await?.filter(|import| confirmed.contains(&import.state));
    import.ok_or_else(|| Problem::conflict("The import has changed; look at its dry run again.".to_owned()))
}

/// Sign the download of `dry-run.json`, `report.json`, `log.csv` or `errors.csv`.
#[utoipa::path(get, path = "/api/imports/{id}/results/{name}",
    params(("id" = String, Path), ("name" = String, Path)),
    responses((status = 200, body = Download), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn result(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path((id, name)): Path<(String, String)>,
) -> Result<Json<Download>, Problem> {
    let (import, reference) = find(&context, caller, &id).await?;
    let key = match name.as_str() {
        "dry-run.json" if import.dry_run.is_some() => reference.dry_run(import.checked_by_start),
        name if RESULTS.contains(&name) && import.state.has_results() => reference.result(name),
        _ => return Err(Problem::not_found("result")),
    };
    if !objects::exists(&context, &key).await? {
        return Err(Problem::not_found("result"));
    }
    let url = objects::sign_download(&context, &key, &name, RESULTS_URL).await?;
    tracing::info!(import = %reference, result = name, "download signed");
    Ok(Json(Download { url, expires: after(Timestamp::now(), RESULTS_URL) }))
}

pub(super) async fn find(
    context: &Context,
    caller: Caller,
    id: &str,
) -> Result<(Import, ImportRef), Problem> {
    let missing = || Problem::not_found("import");
    let id = Uuid::try_parse(id).map_err(|_| missing())?.to_string();
    let reference = ImportRef { organisation: caller.organisation, import: id };
    let import = import::load(context, &reference).await?.ok_or_else(missing)?;
    Ok((import, reference))
}

fn validate(request: &NewImport, program: &Program) -> Result<(), Problem> {
    request
        .options
        .reading
        .validate(program)
        .map_err(|fault| Problem::invalid(fault.code(), fault.to_string()))?;
    if request.file.bytes > Limits::DEFAULT.bytes {
        let detail = format!("A roster may have {} bytes at most; split the file.", Limits::DEFAULT.bytes);
        return Err(Problem::invalid("file-too-large", detail));
    }
    if request.file.name.chars().count() > 255 || request.file.name.chars().any(char::is_control) {
        let detail = "A file's name has 255 characters at most and no control characters.".to_owned();
        return Err(Problem::invalid("invalid-file-name", detail));
    }
    if upload::checksum(&request.file.sha256).is_none() {
        return Err(Problem::invalid(
            "invalid-checksum",
            "Give the file's SHA-256 as 64 hexadecimal digits.".to_owned(),
        ));
    }
    validate_parts(request)
}

fn validate_parts(NewImport { file, parts, .. }: &NewImport) -> Result<(), Problem> {
    let expected = upload::parts_of(file.bytes);
    let is_each_given =
        parts.len() as u64 == expected && parts.iter().all(|part| upload::checksum(part).is_some());
    if parts.is_empty() || is_each_given {
        return Ok(());
    }
    let detail =
        format!("Give the SHA-256 of each of the file's {expected} parts as 64 hexadecimal digits, or none.");
    Err(Problem::invalid("invalid-parts", detail))
}

pub(super) fn after(time: Timestamp, lifetime: Duration) -> Timestamp {
    SignedDuration::try_from(lifetime)
        .ok()
        .and_then(|lifetime| time.checked_add(lifetime).ok())
        .unwrap_or(time)
}
