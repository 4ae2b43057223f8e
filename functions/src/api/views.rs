//! What goes over HTTP, in both directions. The command line reads and writes the same types.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    import::{DeclaredFile, DryRun, Import, Options, Reason, State},
    outcome::{Entities, Outcomes},
    same_file::SameFile,
};

/// What to import.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct NewImport {
    /// The program's name.
    pub program: String,
    pub file: DeclaredFile,
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

/// An import that waits for its file.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct CreatedImport {
    pub import: ImportView,
    pub upload: Upload,
}

/// The request by which the file goes straight to the bucket.
#[derive(Debug, Deserialize, Serialize, ToSchema)]
pub struct Upload {
    /// `PUT`.
    pub method: String,
    pub url: String,
    /// Headers to send exactly as they are.
    pub headers: BTreeMap<String, String>,
    #[schema(value_type = String, format = DateTime)]
    pub expires: Timestamp,
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

impl From<Import> for ImportView {
    fn from(import: Import) -> Self {
        let applies = matches!(import.state, State::Applying | State::Finished);
        let invites = import.state == State::Finished && import.options.invite;
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
