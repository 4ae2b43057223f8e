//! Programs that an organisation brings itself: Table Schemas, kept beside its settings under names of their own.
//!
//! An import keeps the schema that it was made with, so that what becomes of the program later changes nothing of it.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use shared_rules::program::{DescriptorFault, Program};
use thiserror::Error;

use crate::{
    context::Context,
    failure::Failure,
    names::Organisation,
    table::{self, Order},
};

/// A schema's most bytes: the largest that comes with the product has 13 kB, and an import's item holds 400 kB.
const MOST_BYTES: usize = 32 << 10;
/// An organisation's most programs of its own.
const MOST_PROGRAMS: usize = 50;
/// A name's most characters.
const LONGEST_NAME: usize = 40;

/// A program that an organisation brought.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OwnProgram {
    pub name: String,
    /// The Table Schema, as JSON.
    pub schema: String,
    pub stored_at: Timestamp,
    /// The subject of the token with which it was stored.
    pub stored_by: String,
}

/// A program to import by, and its schema if it is an organisation's own.
pub struct Found {
    pub program: Arc<Program>,
    pub schema: Option<String>,
}

/// Why a program is not stored.
#[derive(Debug, Error)]
pub enum Refusal {
    #[error("A program's name has 1 to {LONGEST_NAME} small letters, digits and hyphens.")]
    Name,
    #[error("Rollcall has a program of this name; choose another.")]
    NameTaken,
    #[error("A schema has {MOST_BYTES} bytes at most; this one has {0}.")]
    TooLarge(usize),
    #[error("An organisation has {MOST_PROGRAMS} programs of its own at most; delete one.")]
    TooMany,
    #[error("This is no Table Schema that can be used:{}", lines(.0))]
    Faults(Vec<DescriptorFault>),
}

fn lines(faults: &[DescriptorFault]) -> String {
    faults.iter().map(|fault| format!("\n{fault}")).collect::<Vec<_>>().concat()
}

impl Refusal {
    /// The fault's name, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name => "invalid-name",
            Self::NameTaken => "name-taken",
            Self::TooLarge(_) => "schema-too-large",
            Self::TooMany => "too-many-programs",
            Self::Faults(_) => "invalid-schema",
        }
    }
}

/// Compiles a schema that is brought as the program of that name.
fn compile(name: &str, schema: &str) -> Result<Program, Refusal> {
    if !is_name(name) {
        return Err(Refusal::Name);
    }
    if Program::builtin(name).is_some() {
        return Err(Refusal::NameTaken);
    }
    if schema.len() > MOST_BYTES {
        return Err(Refusal::TooLarge(schema.len()));
    }
    read(name, schema).map_err(Refusal::Faults)
}

fn is_name(text: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(is_part)
}

fn read(name: &str, schema: &str) -> Result<Program, Vec<DescriptorFault>> {
    Program::from_descriptor(schema).map(|program| program.named(name))
}

/// The program of that name, one of the organisation's own or one that comes with the product.
pub async fn find(
    context: &Context,
    organisation: &Organisation,
    name: &str,
) -> Result<Option<Found>, Failure> {
    if let Some(program) = Program::builtin(name) {
        return Ok(Some(Found { program, schema: None }));
    }
    // The table takes no key that is empty or very long.
    if !is_name(name) {
        return Ok(None);
    }
    let Some(item) = table::get(context, &organisation.program(name)).await? else { return Ok(None) };
    let own: OwnProgram = table::read(item, "an organisation's program")?;
    Ok(Some(Found { program: restore(&own.name, &own.schema)?, schema: Some(own.schema) }))
}

/// Compiles a schema that was stored, even if a program of the product has its name by now.
pub fn restore(name: &str, schema: &str) -> Result<Arc<Program>, Failure> {
    let corrupt = |faults| Failure::corrupt("a stored schema")(Refusal::Faults(faults));
    read(name, schema).map(Arc::new).map_err(corrupt)
}

/// The organisation's own programs, by name.
pub async fn list(context: &Context, organisation: &Organisation) -> Result<Vec<OwnProgram>, Failure> {
    let items = table::query(context, &organisation.programs(), Order::OldestFirst, MOST_PROGRAMS).await?;
    items.into_iter().map(|item| table::read(item, "an organisation's program")).collect()
}

/// Stores a program, over an older one of its name.
pub async fn store(
    context: &Context,
    organisation: &Organisation,
    own: &OwnProgram,
) -> Result<Result<Program, Refusal>, Failure> {
    let program = match compile(&own.name, &own.schema) {
        Ok(program) => program,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let others = list(context, organisation).await?;
    if others.iter().filter(|other| other.name != own.name).count() >= MOST_PROGRAMS {
        return Ok(Err(Refusal::TooMany));
    }
    table::put(context, table::item(&organisation.program(&own.name), own)?).await?;
    Ok(Ok(program))
}

/// Deletes a program; imports that were made with it keep it.
pub async fn delete(context: &Context, organisation: &Organisation, name: &str) -> Result<(), Failure> {
    table::delete(context, &organisation.program(name)).await
}
