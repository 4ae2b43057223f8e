//! What goes over HTTP, in both directions. The command line reads and writes the same types.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared_rules::record::Attributes;
use utoipa::ToSchema;

use crate::{
    import::{DeclaredFile, DryRun, Import, Options, Reason, State},
    journal::PersonChanges,
    near::RowDecision,
    outcome::{Entities, FieldChange, Outcomes},
    person::{HandEdit, InvitationState, Person, Tie},
    same_file::SameFile,
};

/// Programs, those of the organisation after the others.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ProgramList {
    pub programs: Vec<ProgramView>,
}

/// What a roster can follow.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ProgramView {
    pub name: String,
    pub title: String,
    pub description: String,
    /// Whether a roster can be imported by it, and not only be checked.
    pub importable: bool,
    /// Whether its rows may set passwords.
    pub passwords: bool,
    /// The Table Schema, as JSON, if the organisation brought it.
    pub schema: Option<String>,
}

/// What to import.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NewImport {
    /// The program's name.
    pub program: String,
    pub file: DeclaredFile,
    /// The SHA-256 of each 8 MiB of the file, in their order and as 64 hexadecimal digits each: it is then uploaded part
    /// by part, and completed. Without them it is uploaded in one request.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<String>,
    #[serde(default)]
    pub options: Options,
}

/// What a confirmation says besides yes.
#[derive(Debug, Default, Deserialize, Serialize, ToSchema)]
pub struct Confirmation {
    /// The number of people of a held import ([`Hold::people`]).
    ///
    /// [`Hold::people`]: crate::guard::Hold::people
    pub acknowledge: Option<u32>,
}

/// What is decided about rows that may be of people who are there already.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Decisions {
    pub decisions: Vec<RowDecision>,
}

/// An import that waits for its file.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CreatedImport {
    pub import: ImportView,
    pub upload: Upload,
}

/// How the file goes straight to the bucket.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Upload {
    /// What is still to be sent, in any order; nothing if all of the file is there. A request may be made again.
    pub requests: Vec<UploadRequest>,
    /// Until then the requests may be begun; afterwards they can be signed anew.
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
}

/// A request that puts some bytes of the file into the bucket.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct UploadRequest {
    /// Where in the file the request's body begins.
    pub offset: u64,
    /// How many bytes it has.
    pub bytes: u64,
    /// `PUT`.
    pub method: String,
    pub url: String,
    /// Headers to send exactly as they are.
    pub headers: BTreeMap<String, String>,
}

/// A download that is open for a short time.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Download {
    pub url: String,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
}

/// A download of people that was asked for.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExportView {
    pub id: String,
    /// Once the file is there; so is the rest.
    pub rows: Option<u32>,
    /// Rows that would be none of the program, and are not in the file.
    pub left_out: Option<u32>,
    pub download: Option<Download>,
}

/// Imports, newest first.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct ImportList {
    pub imports: Vec<ImportView>,
}

/// How an import stands.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    pub id: String,
    pub program: String,
    /// The import that this one takes back; `file` and `rows` are that one's.
    pub undoes: Option<String>,
    /// The import that has taken this one back.
    pub undone_by: Option<String>,
    pub state: State,
    pub reason: Option<Reason>,
    pub file: DeclaredFile,
    /// The import of the organisation that had the same file before. Nothing is refused because of it.
    pub same_file_as: Option<SameFile>,
    pub options: Options,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The importer's e-mail address, or the token's subject where the token names none.
    pub created_by: String,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub confirmed_at: Option<Timestamp>,
    /// While the state is still `applying`, the import is about to stop.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub cancelled_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub finished_at: Option<Timestamp>,
    pub rows: u32,
    pub dry_run: Option<DryRun>,
    pub progress: Option<Progress>,
    pub outcomes: Option<Outcomes>,
    pub entities: Option<Entities>,
    pub invitations: Option<Invitations>,
    /// How many of the new people have an e-mail address and have not been invited: they can be invited later.
    pub invitable: Option<u32>,
}

/// How much of the import is written.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Progress {
    pub partitions: u32,
    pub done: usize,
}

/// How many registration e-mails are out.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Invitations {
    pub due: u32,
    pub sent: u32,
    pub failed: u32,
}

/// The people who were found.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct PersonList {
    pub people: Vec<FoundPerson>,
}

/// A person in a list.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FoundPerson {
    pub id: String,
    /// `student`, `parent`…
    pub kind: String,
    pub first_name: Option<String>,
    pub last_name: Option<String>,
    pub email: Option<String>,
    /// What the person was found by, in words.
    pub found_by: String,
}

/// A person.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonView {
    pub id: String,
    pub kind: String,
    /// Text, number, flag or list of texts, by name.
    #[schema(value_type = HashMap<String, serde_json::Value>)]
    pub attributes: Attributes,
    /// What an edit has to name.
    pub version: u64,
    /// By attribute, who set it by hand; imports leave it as it is unless they are asked to overwrite it.
    pub by_hand: BTreeMap<String, HandEdit>,
    pub ties: Vec<TieView>,
    /// The import that made the person.
    pub created_by: Option<ImportName>,
    /// The imports that made and changed the person, the newest first, ten at the most.
    pub imports: Vec<ImportName>,
    pub invitation: Option<InvitationView>,
}

/// What a person is tied to.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TieView {
    /// `enrolment`, `grant`, `link`, `instructor-link`, `primary-teacher`.
    pub kind: String,
    /// The offering, or the class.
    pub offering: Option<String>,
    /// The child of a parent, the student of an instructor.
    pub person: Option<String>,
}

/// What an import changed of a person.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PersonChangesView {
    /// Whether the import made the person.
    pub is_new: bool,
    pub values: Vec<FieldChange>,
    pub ties: Vec<TieChange>,
    /// Whether it set the password.
    pub password: bool,
}

/// A tie that an import made or took away.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct TieChange {
    pub tie: TieView,
    /// Whether the tie is there since.
    pub present: bool,
}

/// What is to be known of an import elsewhere.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportName {
    pub id: String,
    pub program: String,
    /// The import that this one takes back; `file` is that one's.
    pub undoes: Option<String>,
    pub file: String,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The importer's e-mail address, or the token's subject where the token names none.
    pub created_by: String,
}

/// How far a person's invitation is.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    pub state: InvitationState,
    /// In RFC 3339.
    pub sent_at: Option<String>,
}

impl PersonView {
    /// A person and what it holds.
    #[must_use]
    pub fn new(
        person: Person,
        ties: &[Tie],
        created_by: Option<ImportName>,
        imports: Vec<ImportName>,
    ) -> Self {
        Self {
            id: person.id.to_string(),
            kind: person.kind,
            attributes: person.attributes,
            version: person.version,
            by_hand: person.by_hand,
            ties: ties.iter().map(TieView::from).collect(),
            created_by,
            imports,
            invitation: person
                .invitation
                .map(|invitation| InvitationView { state: invitation.state, sent_at: invitation.sent_at }),
        }
    }
}

impl From<&Tie> for TieView {
    fn from(tie: &Tie) -> Self {
        let (offering, person) = match tie {
            Tie::Enrolment { offering, .. } | Tie::Grant { offering, .. } => (Some(offering.clone()), None),
            Tie::Link { child, offering, .. } => (offering.clone(), Some(child)),
            Tie::Instruction { student, .. } => (None, Some(student)),
            Tie::Member { class, .. } | Tie::PrimaryTeacher { class, .. } => (Some(class.clone()), None),
        };
        Self { kind: tie.kind().to_owned(), offering, person: person.map(ToString::to_string) }
    }
}

impl From<PersonChanges> for PersonChangesView {
    fn from(changes: PersonChanges) -> Self {
        let ties = changes.ties.iter();
        Self {
            is_new: changes.is_new,
            values: changes.values,
            ties: ties.map(|(tie, present)| TieChange { tie: tie.into(), present: *present }).collect(),
            password: changes.password,
        }
    }
}

impl From<Import> for ImportName {
    fn from(import: Import) -> Self {
        Self {
            id: import.id,
            program: import.program,
            undoes: import.undoes,
            file: import.file.name,
            created_at: import.created_at,
            created_by: import.created_by_email.unwrap_or(import.created_by),
        }
    }
}

impl From<Import> for ImportView {
    fn from(import: Import) -> Self {
        let applies = matches!(import.state, State::Applying | State::Finished);
        let is_asked = import.options.invite || import.invited_later_at.is_some();
        let invites = import.state == State::Finished && is_asked;
        Self {
            progress: applies
                .then_some(Progress { partitions: import.partitions, done: import.partitions_done.len() }),
            invitations: invites.then_some(Invitations {
                due: if import.invitations_withheld {
                    import.invitations_sent + import.invitations_failed
                } else {
                    import.invitations_due
                },
                sent: import.invitations_sent,
                failed: import.invitations_failed,
            }),
            invitable: import.can_invite_later().then_some(import.invitable),
            id: import.id,
            program: import.program,
            undoes: import.undoes,
            undone_by: import.undone_by,
            state: import.state,
            reason: import.reason,
            file: import.file,
            same_file_as: match &import.dry_run {
                Some(dry_run) => dry_run.same_file_as.clone(),
                None => import.same_file_as,
            },
            options: import.options,
            created_at: import.created_at,
            created_by: import.created_by_email.unwrap_or(import.created_by),
            confirmed_at: import.confirmed_at,
            cancelled_at: import.cancelled_at,
            finished_at: import.finished_at,
            rows: import.rows,
            dry_run: import.dry_run,
            outcomes: import.outcomes,
            entities: import.entities,
        }
    }
}
