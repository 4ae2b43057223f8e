//! Recognises a file that the organisation has imported before, by the SHA-256 of its bytes.
//!
//! It is only said, never refused: a file may well be imported again, after a policy was changed or people were
//! removed. Every import of a file is noted under the file's digest, and looked at as it stands when somebody asks,
//! so nothing has to be taken off when an import is cancelled or undone.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    context::Context,
    failure::Failure,
    import::{self, Import, State},
    names::ImportRef,
    table::{self, Order},
};

/// Imports of one file that are looked at, the newest first.
const IMPORTS: usize = 25;

/// An earlier import of the same file.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SameFile {
    /// The earlier import's identifier.
    pub import: String,
    pub state: State,
    #[schema(value_type = String, format = DateTime)]
    pub created_at: Timestamp,
    /// The importer's e-mail address, or the token's subject where the token names none.
    pub created_by: String,
}

/// Notes that `import` is of its file.
pub async fn note(context: &Context, import: &Import) -> Result<(), Failure> {
    table::put(context, table::key_item(&import.reference().of_file(&import.file.sha256))).await
}

/// The newest import of the same file before this one that has imported it, or may still do so.
pub async fn earlier(context: &Context, import: &Import) -> Result<Option<SameFile>, Failure> {
    let own = import.reference().of_file(&import.file.sha256);
    for item in table::query_before(context, &own, Order::NewestFirst, IMPORTS).await? {
        let Some(key) = table::key_of(&item) else { continue };
        let reference = ImportRef { organisation: import.organisation.clone(), import: key.sk };
        if let Some(earlier) = import::load(context, &reference).await?.filter(counts) {
            return Ok(Some(earlier.into()));
        }
    }
    Ok(None)
}

/// Whether the file has come and has not been given up or taken back.
fn counts(import: &Import) -> bool {
    let is_of_file = match import.state {
        State::Checking | State::Ready | State::Queued | State::Applying | State::Finished => true,
        State::Created | State::Rejected | State::Failed | State::Expired | State::Cancelled => false,
    };
    is_of_file && import.undone_by.is_none()
}

impl From<Import> for SameFile {
    fn from(import: Import) -> Self {
        Self {
            import: import.id,
            state: import.state,
            created_at: import.created_at,
            created_by: import.created_by_email.unwrap_or(import.created_by),
        }
    }
}
