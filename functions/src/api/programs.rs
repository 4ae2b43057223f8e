//! Programs over HTTP: those that come with the product, and the organisation's own.

use axum::{
    Json,
    extract::{Path, State as Shared},
};
use jiff::Timestamp;
use shared_rules::program::Program;

use super::{
    caller::Caller,
    problem::Problem,
    views::{ProgramList, ProgramView},
};
use crate::{
    context::Context,
    names::Organisation,
    programs::{self, Found, OwnProgram},
    settings,
};

/// List the programs that a roster can follow.
#[utoipa::path(get, path = "/api/programs", responses((status = 200, body = ProgramList), (status = 401, body = Problem)))]
pub async fn programs(
    Shared(context): Shared<Context>,
    caller: Caller,
) -> Result<Json<ProgramList>, Problem> {
    let mut all: Vec<ProgramView> =
        Program::builtins().iter().map(|program| ProgramView::of(program, None)).collect();
    for own in programs::list(&context, &caller.organisation).await? {
        all.push(ProgramView::of(&*programs::restore(&own.name, &own.schema)?, Some(own.schema)));
    }
    Ok(Json(ProgramList { programs: all }))
}

/// Bring a program: a Table Schema (version 2) of 32 KiB at most, under a name of small letters, digits and hyphens. It
/// takes the place of an older one of this name; imports that were made with that one keep it.
#[utoipa::path(put, path = "/api/programs/{name}", params(("name" = String, Path)),
    request_body(content = String, content_type = "application/json"),
    responses((status = 200, body = ProgramView), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn bring(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(name): Path<String>,
    schema: String,
) -> Result<Json<ProgramView>, Problem> {
    let own = OwnProgram { name, schema, stored_at: Timestamp::now(), stored_by: caller.importer.subject };
    let program = programs::store(&context, &caller.organisation, &own)
        .await?
        .map_err(|refusal| Problem::invalid(refusal.code(), refusal.to_string()))?;
    tracing::info!(organisation = %caller.organisation, program = own.name, "program stored");
    Ok(Json(ProgramView::of(&program, Some(own.schema))))
}

/// Delete one of the organisation's own programs, and give it once more. Imports that were made with it keep it; while
/// dropped files are imported by it, it stays.
#[utoipa::path(delete, path = "/api/programs/{name}", params(("name" = String, Path)),
    responses((status = 200, body = ProgramView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn delete(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(name): Path<String>,
) -> Result<Json<ProgramView>, Problem> {
    let found = programs::find(&context, &caller.organisation, &name).await?;
    let own = found.filter(|found| found.schema.is_some()).ok_or_else(|| Problem::not_found("program"))?;
    let settled = settings::load(&context, &caller.organisation).await?;
    if settled.is_some_and(|settled| settled.settings.drops.contains_key(&name)) {
        let detail = format!("Dropped files are imported by {name}. Settle first that they are not.");
        return Err(Problem::conflict(detail));
    }
    programs::delete(&context, &caller.organisation, &name).await?;
    tracing::info!(organisation = %caller.organisation, program = name, "program deleted");
    Ok(Json(ProgramView::of(&own.program, own.schema)))
}

/// The program that is asked for, if people can be imported or written by it.
pub(super) async fn find_importable(
    context: &Context,
    organisation: &Organisation,
    name: &str,
) -> Result<Found, Problem> {
    let Some(found) = programs::find(context, organisation, name).await? else {
        return Err(unknown(&programs::list(context, organisation).await?));
    };
    if found.program.is_importable() {
        return Ok(found);
    }
    let detail = format!(
        "A roster of {name} can be checked and not imported: its schema does not say by which columns a person is \
         found again. Add `identity` to its `rollcall` part."
    );
    Err(Problem::invalid("not-importable", detail))
}

fn unknown(own: &[OwnProgram]) -> Problem {
    let names = Program::builtins().iter().map(|program| &program.name);
    let names: Vec<&str> = names.chain(own.iter().map(|own| &own.name)).map(String::as_str).collect();
    let detail = format!("There is no such program. Choose one of {}.", names.join(", "));
    Problem::invalid("unknown-program", detail)
}

impl ProgramView {
    fn of(program: &Program, schema: Option<String>) -> Self {
        Self {
            name: program.name.clone(),
            title: program.title.clone(),
            description: program.description.clone(),
            importable: program.is_importable(),
            passwords: program.sets_passwords(),
            schema,
        }
    }
}
