//! Deciding about possible duplicates over HTTP.

use std::collections::BTreeSet;

use axum::{
    Json,
    extract::{Path, State as Shared, rejection::JsonRejection},
    http::StatusCode,
};
use shared_rules::record::Decision;

use super::{
    caller::Caller,
    imports::find,
    problem::Problem,
    views::{Decisions, ImportView},
};
use crate::{
    context::Context,
    import::{State, Step},
    objects, people,
};

/// Decisions of one import. They stand in its item, which has 400 KB at most.
const DECISIONS: usize = 2_000;

/// Decide about rows that may be of people who are there already: `same` makes the row that person's, `different` a new
/// person, `leave-out` leaves it out. The dry run is made anew; earlier decisions about other rows stay.
#[utoipa::path(post, path = "/api/imports/{id}/decisions", params(("id" = String, Path)), request_body = Decisions,
    responses((status = 202, body = ImportView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn decide(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
    request: Result<Json<Decisions>, JsonRejection>,
) -> Result<(StatusCode, Json<ImportView>), Problem> {
    let Json(Decisions { decisions }) =
        request.map_err(|rejection| Problem::invalid("invalid-json", rejection.body_text()))?;
    let (import, reference) = find(&context, caller, &id).await?;
    if import.state != State::Ready || import.undoes.is_some() {
        let detail = format!("The import is {}; decide while its dry run waits.", import.state);
        return Err(Problem::conflict(detail));
    }
    let people: BTreeSet<_> = decisions.iter().filter_map(|decision| decision.person.as_ref()).collect();
    let there = people::load_people(&context, &import.organisation, people.into_iter()).await?;
    for decision in &decisions {
        let is_named = decision.person.as_ref().is_some_and(|person| there.contains_key(person));
        if (decision.decision == Decision::Same) != is_named {
            let detail = format!("Row {}: name a person with `same`, and none otherwise.", decision.row);
            return Err(Problem::invalid("invalid-decision", detail));
        }
    }
    let mut all = import.decisions;
    all.extend(decisions.into_iter().map(|decision| (decision.row.to_string(), decision)));
    if all.len() > DECISIONS {
        let detail = format!("An import takes {DECISIONS} decisions at most. Split the file.");
        return Err(Problem::invalid("too-many-decisions", detail));
    }
    let noted = Step::from(&context, &reference, &[State::Ready])
        .to(State::Checking)
        .set("decisions", &all)?
        .take()
        .await?;
    let import = noted.ok_or_else(|| Problem::conflict("The import was confirmed meanwhile.".to_owned()))?;
    objects::put(&context, &reference.check_again(), Vec::new()).await?;
    tracing::info!(import = %reference, decisions = all.len(), "decided");
    Ok((StatusCode::ACCEPTED, Json(import.into())))
}
