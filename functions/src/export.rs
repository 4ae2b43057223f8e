//! The organisation's people as a roster: in a program's own columns, so that the file can be imported as it is and
//! changes nothing.
//!
//! Every row goes through the program's own rules before it goes out. People who would be no good row of the program
//! (a parent known by name and address of mail alone, whose columns are in the child's row) are left out and counted.
//! Passwords are nowhere to be read and stay blank.

mod elsewhere;
mod file;
mod known;

use aws_lambda_events::event::s3::S3Event;
use serde::{Deserialize, Serialize};
use shared_rules::check::{CheckOptions, Checker};
use utoipa::ToSchema;

use self::{
    elsewhere::Elsewhere,
    file::{File, line},
    known::{Known, Walk, look_up_links},
};
use crate::{
    context::Context,
    event,
    failure::Failure,
    names::{ImportRef, SHARDS},
    objects::{self, Upload},
    programs,
};

/// People whose links are looked up at once.
const BATCH: usize = 100;

/// What is asked for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Export {
    /// The program whose columns the file has.
    pub program: String,
    /// `student`, `parent`…; everybody if none is named.
    pub kind: Option<String>,
    /// The people of one school alone, by the school's identifier.
    #[serde(default)]
    pub school: Option<String>,
    /// The members of one class alone, by the class's identifier.
    #[serde(default)]
    pub class: Option<String>,
    pub format: ExportFormat,
}

/// The file's format.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    Csv,
    Xlsx,
}

/// What became of it; stored after the file.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    pub rows: u32,
    /// Rows that would be none of the program.
    pub left_out: u32,
    /// The workbook would have had more rows than it may; there is no file.
    #[serde(default)]
    pub too_large: bool,
}

impl Export {
    fn wants(&self, known: &Known, elsewhere: &Elsewhere) -> bool {
        let is =
            |wanted: &Option<String>, there: &str| wanted.as_deref().is_none_or(|wanted| wanted == there);
        is(&self.kind, &known.person.kind)
            && is(&self.school, &known.attribute("schoolId"))
            && (self.class.is_none() || !elsewhere.places(&known.person.id).is_empty())
    }
}

impl ExportFormat {
    /// The file's name in the bucket and on the importer's computer.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "people.csv",
            Self::Xlsx => "people.xlsx",
        }
    }

    fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// Answers the event of an object under `requested/`.
pub async fn handle(context: &Context, event: &S3Event) -> Result<(), Failure> {
    for (reference, _) in event::imports(event, "requested") {
        make(context, &reference).await?;
    }
    Ok(())
}

/// Makes the file, and what tells that it is there. Made again, it is made anew.
async fn make(context: &Context, reference: &ImportRef) -> Result<(), Failure> {
    let Some(export) = objects::get_json::<Export>(context, &reference.requested()).await? else {
        return Ok(());
    };
    let organisation = &reference.organisation;
    let found = programs::find(context, organisation, &export.program).await?;
    let program = found.ok_or(Failure::Missing("the export's program"))?.program;
    let elsewhere = Elsewhere::load(context, organisation, &program, export.class.as_deref()).await?;
    let key = reference.exported(export.format.file_name());
    let mut upload = Upload::new(context, key, export.format.content_type());
    let mut file = File::new(export.format, program.clone())?;
    let mut checker = Checker::new(program.clone(), export.format.file_name(), CheckOptions::default());
    checker.push(&line(&program.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>())?, |_| {});
    for shard in SHARDS {
        let mut people = Walk::of(context, organisation, shard);
        loop {
            let mut batch = people.next(BATCH).await?;
            if batch.is_empty() {
                break;
            }
            batch.retain(|known| export.wants(known, &elsewhere));
            look_up_links(context, organisation, &mut batch).await?;
            for row in batch.iter().flat_map(|known| known.rows(&program, &elsewhere)) {
                checker.push(&line(&row)?, |row| file.write(row));
            }
            upload.push(file.take()).await?;
        }
    }
    // The rules' findings about the file as a whole are nobody's here.
    let _ = checker.finish(|row| file.write(row));
    let (rest, made) = file.finish()?;
    if !made.too_large {
        upload.push(rest).await?;
        upload.finish().await?;
    }
    tracing::info!(export = %reference, rows = made.rows, left_out = made.left_out, "exported");
    let made = serde_json::to_vec(&made).map_err(Failure::corrupt("an export"))?;
    objects::put(context, &reference.exported("made.json"), made).await
}
