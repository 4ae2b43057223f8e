//! People over HTTP: found by what identifies them, shown, edited by hand, invited again.

use axum::{
    Json,
    extract::{Path, Query, State as Shared, rejection::JsonRejection},
    http::StatusCode,
};
use jiff::Timestamp;
use serde::Deserialize;
use shared_rules::{
    identity::{IdentityKey, KeyKind},
    record::{AttributeFault, Value},
};
use utoipa::IntoParams;
use uuid::Uuid;

use super::{
    caller::Caller,
    problem::Problem,
    views::{FoundPerson, ImportName, PersonChangesView, PersonList, PersonView},
};
use crate::{
    context::Context,
    edit::{self, EditFault, PersonEdit},
    import, invite, journal,
    names::{ImportRef, Organisation, PersonId},
    outcome::key_words,
    people,
    person::{HandEdit, InvitationState, Person},
};

/// The longest text that people are looked for by, in bytes.
const QUERY: usize = 1_000;

/// What people are looked for by.
#[derive(Debug, Deserialize, IntoParams)]
pub struct Search {
    /// An e-mail address, a user name or an external identifier; or first name, last name, street address and postal
    /// code with commas between them. All is compared as the import compares it.
    q: String,
}

/// Find people by what identifies them. A part of a name, or a name alone, finds nobody.
#[utoipa::path(get, path = "/api/people", params(Search),
    responses((status = 200, body = PersonList), (status = 400, body = Problem), (status = 401, body = Problem)))]
pub async fn find(
    Shared(context): Shared<Context>,
    caller: Caller,
    Query(Search { q }): Query<Search>,
) -> Result<Json<PersonList>, Problem> {
    if q.len() > QUERY {
        return Err(Problem::invalid("query-too-long", format!("Look for {QUERY} bytes at most.")));
    }
    let keys = identities(&q);
    let owners = people::owners(&context, &caller.organisation, keys.iter()).await?;
    let people = people::load_people(&context, &caller.organisation, owners.values()).await?;
    let mut found: Vec<FoundPerson> = people
        .values()
        .map(|person| {
            let by = keys.iter().find(|key| owners.get(key) == Some(&person.id));
            FoundPerson::new(person, by.map_or("", |key| key_words(key.kind)))
        })
        .collect();
    found.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(Json(PersonList { people: found }))
}

/// All identities that a text can be.
fn identities(text: &str) -> Vec<IdentityKey> {
    let single = [KeyKind::ExternalId, KeyKind::Email, KeyKind::Username];
    let mut keys: Vec<IdentityKey> =
        single.into_iter().filter_map(|kind| IdentityKey::of(kind, [text])).collect();
    if text.split(',').count() == KeyKind::NameAddress.attributes().len() {
        keys.extend(IdentityKey::of(KeyKind::NameAddress, text.split(',')));
    }
    keys
}

/// Show a person: what is stored, what it is tied to, and which imports made and changed it. Classes, and the parents and
/// instructors of a student, are stored with those and not shown.
#[utoipa::path(get, path = "/api/people/{id}", operation_id = "show_person", params(("id" = String, Path)),
    responses((status = 200, body = PersonView), (status = 401, body = Problem), (status = 404, body = Problem)))]
pub async fn show(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<PersonView>, Problem> {
    let person = load(&context, &caller.organisation, &id).await?;
    view(&context, &caller.organisation, person).await
}

/// Say what one of a person's imports changed of the person: what was there before, and since. That is kept as long as
/// the import's journal is.
#[utoipa::path(get, path = "/api/people/{id}/imports/{import}", operation_id = "person_changes",
    params(("id" = String, Path), ("import" = String, Path)),
    responses((status = 200, body = PersonChangesView), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 410, body = Problem)))]
pub async fn changes(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path((id, import)): Path<(String, String)>,
) -> Result<Json<PersonChangesView>, Problem> {
    let person = load(&context, &caller.organisation, &id).await?;
    let missing = || Problem::not_found("import of this person");
    let (import, partition) = person.changed_in().find(|(of, _)| *of == import).ok_or_else(missing)?;
    let reference = ImportRef { organisation: caller.organisation, import: import.to_owned() };
    let import = import::load(&context, &reference).await?.ok_or_else(missing)?;
    let changes = journal::changes_of(&context, &import, partition, &person.id).await?;
    let gone = || Problem::gone("What the import changed is not kept any longer.".to_owned());
    Ok(Json(changes.ok_or_else(gone)?.into()))
}

/// Edit a person by hand. What was edited stays as it is in later imports that do not ask to overwrite it.
#[utoipa::path(patch, path = "/api/people/{id}", params(("id" = String, Path)), request_body = PersonEdit,
    responses((status = 200, body = PersonView), (status = 400, body = Problem), (status = 401, body = Problem),
        (status = 404, body = Problem), (status = 409, body = Problem)))]
pub async fn edit(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
    request: Result<Json<PersonEdit>, JsonRejection>,
) -> Result<Json<PersonView>, Problem> {
    let Json(edit) = request.map_err(|rejection| Problem::invalid("invalid-json", rejection.body_text()))?;
    let importer = caller.importer;
    let hand = HandEdit { by: importer.email.unwrap_or(importer.subject), at: Timestamp::now().to_string() };
    let id = person_id(&id)?;
    let person =
        edit::edit(&context, &caller.organisation, &id, &edit, &hand).await.map_err(Problem::from)?;
    tracing::info!(organisation = %caller.organisation, person = %id, "edited by hand");
    view(&context, &caller.organisation, person).await
}

/// Send a person another registration e-mail, with the next mails that go out. The one before stops to work.
#[utoipa::path(post, path = "/api/people/{id}/invitation", params(("id" = String, Path)),
    responses((status = 202, body = PersonView), (status = 401, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem)))]
pub async fn invite_again(
    Shared(context): Shared<Context>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<(StatusCode, Json<PersonView>), Problem> {
    let person = load(&context, &caller.organisation, &id).await?;
    let is_registered = people::has_password(&context, &caller.organisation, &person.id).await?
        || person.invitation.as_ref().is_some_and(|sent| sent.state == InvitationState::Registered);
    if is_registered {
        return Err(Problem::conflict("The person has registered already.".to_owned()));
    }
    let Some(address) = person.attributes.get("email").map(Value::to_string) else {
        return Err(Problem::conflict("The person has no e-mail address.".to_owned()));
    };
    if person.invitation.as_ref().is_some_and(|sent| sent.forbids(&address)) {
        let detail = "The last e-mail to this address came back, or was reported as unwanted. Correct the address first.";
        return Err(Problem::conflict(detail.to_owned()));
    }
    invite::again(&context, &caller.organisation, &person.id).await?;
    tracing::info!(organisation = %caller.organisation, person = %person.id, "to be invited again");
    let person = load(&context, &caller.organisation, &id).await?;
    Ok((StatusCode::ACCEPTED, view(&context, &caller.organisation, person).await?))
}

fn person_id(id: &str) -> Result<PersonId, Problem> {
    let id = Uuid::try_parse(id).map_err(|_| Problem::not_found("person"))?;
    Ok(PersonId(id.to_string()))
}

async fn load(context: &Context, organisation: &Organisation, id: &str) -> Result<Person, Problem> {
    let person = people::load(context, organisation, &person_id(id)?).await?;
    person.ok_or_else(|| Problem::not_found("person"))
}

async fn view(
    context: &Context,
    organisation: &Organisation,
    person: Person,
) -> Result<Json<PersonView>, Problem> {
    let ties = people::ties_held(context, organisation, &person.id).await?;
    let changed_in: Vec<&str> = person.changed_in().map(|(import, _)| import).collect();
    let wanted = changed_in.iter().copied().chain([&*person.created_by]).collect();
    let known = import::load_all(context, organisation, wanted).await?;
    let name = |import: &str| known.get(import).cloned().map(ImportName::from);
    let created_by = name(&person.created_by);
    let imports = changed_in.into_iter().filter_map(name).collect();
    Ok(Json(PersonView::new(person, &ties, created_by, imports)))
}

impl From<EditFault> for Problem {
    fn from(fault: EditFault) -> Self {
        match fault {
            EditFault::NotFound => Self::not_found("person"),
            EditFault::Attribute { name, fault } => {
                let code = match fault {
                    AttributeFault::Unknown => "unknown-attribute",
                    AttributeFault::CannotBeEmpty => "value-not-clearable",
                    AttributeFault::NotAllowed { .. } => "invalid-value",
                };
                Self::invalid(code, format!("{name}: {fault}"))
            }
            EditFault::Taken(owner) => {
                Self::conflict(format!("Another person ({owner}) is known by this. Look at that one first."))
            }
            EditFault::Changed => {
                Self::conflict("The person was changed meanwhile. Look at it again.".to_owned())
            }
            EditFault::Failed(failure) => failure.into(),
        }
    }
}

impl FoundPerson {
    fn new(person: &Person, found_by: &str) -> Self {
        let text = |name: &str| person.attributes.get(name).map(Value::to_string);
        Self {
            id: person.id.to_string(),
            kind: person.kind.clone(),
            first_name: text("firstName"),
            last_name: text("lastName"),
            email: text("email"),
            found_by: found_by.to_owned(),
        }
    }
}
