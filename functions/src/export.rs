//! The organisation's people as a roster: in a program's own columns, so that the file can be imported as it is and
//! changes nothing.
//!
//! Every row goes through the program's own rules before it goes out. People who would be no good row of the program
//! (a parent known by name and address of mail alone, whose columns are in the child's row) are left out and counted.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashMap, HashSet},
    sync::Arc,
};

use aws_lambda_events::event::s3::S3Event;
use rust_xlsxwriter::{Workbook, Worksheet, XlsxError};
use serde::{Deserialize, Serialize};
use shared_rules::{
    check::{CheckOptions, CheckedRow, Checker},
    diagnostic::Severity,
    identity::{IdentityKey, KeyKind},
    program::{Field, Fill, Program},
    record::{Value, parent_attribute},
    spreadsheet,
};
use utoipa::ToSchema;

use crate::{
    context::Context,
    event,
    failure::Failure,
    names::{ImportRef, Organisation, PEOPLE_SHARDS, TableKey},
    objects::{self, Upload},
    people,
    person::{Person, Tie},
    table,
};

/// People whose links are looked up at once.
const BATCH: usize = 100;
/// Rows of a workbook: it is put together in memory.
const WORKBOOK_ROWS: u32 = 100_000;

/// What is asked for.
#[derive(Clone, Debug, Deserialize, Serialize, ToSchema)]
pub struct Export {
    /// The program whose columns the file has.
    pub program: String,
    /// `student`, `parent`…; everybody if none is named.
    pub kind: Option<String>,
    pub format: ExportFormat,
}

/// The file's format.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ExportFormat {
    Csv,
    Xlsx,
}

impl Export {
    /// Whether every column of the program can be filled from what is stored. Links, classes and passwords are not
    /// written out yet.
    #[must_use]
    pub fn covers(program: &Program) -> bool {
        let filled = |field: &Field| {
            matches!(
                field.fills,
                None | Some(Fill::Person(_) | Fill::Parent(_) | Fill::Offering | Fill::Cancel | Fill::Grants)
            )
        };
        program.fields.iter().all(filled)
    }
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
    let program = Program::builtin(&export.program).ok_or(Failure::Missing("the export's program"))?;
    let key = reference.exported(export.format.file_name());
    let mut upload = Upload::new(context, key, export.format.content_type());
    let mut file = File::new(export.format, program.clone())?;
    let mut checker = Checker::new(program.clone(), export.format.file_name(), CheckOptions::default());
    checker.push(&line(&program.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>())?, |_| {});
    for shard in PEOPLE_SHARDS {
        let mut items = table::pages(context, &reference.organisation.people(shard)).items().send();
        let mut batch: Vec<Known> = Vec::new();
        while let Some(item) = items.try_next().await.map_err(Failure::store("read people"))? {
            if item.contains_key("tie") {
                // Ties stand behind the person who holds them.
                let tie: Tie = table::read(item, "a tie")?;
                batch.last_mut().into_iter().for_each(|known| known.ties.push(tie.clone()));
                continue;
            }
            if batch.len() == BATCH {
                file.add_all(context, reference, &export, &mut checker, std::mem::take(&mut batch)).await?;
                upload.push(file.take()).await?;
            }
            let person = table::read(item, "a person")?;
            batch.push(Known { person, ties: Vec::new(), linked: BTreeSet::new() });
        }
        file.add_all(context, reference, &export, &mut checker, batch).await?;
        upload.push(file.take()).await?;
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

/// What is stored of a person.
struct Known {
    person: Person,
    /// Those that the person holds.
    ties: Vec<Tie>,
    /// The offerings on which the parent whom the person's record names is linked.
    linked: BTreeSet<String>,
}

impl Known {
    fn enrolments(&self) -> impl Iterator<Item = &str> {
        self.ties.iter().filter_map(|tie| match tie {
            Tie::Enrolment { offering, .. } => Some(offering.as_str()),
            _ => None,
        })
    }

    fn attribute(&self, name: &str) -> String {
        self.person.attributes.get(name).map_or(String::new(), Value::to_string)
    }

    /// The identity by which the parent is found.
    fn parent(&self) -> Option<IdentityKey> {
        IdentityKey::of(KeyKind::Email, [self.attribute(&parent_attribute("email")).as_str()])
    }

    /// The rows that say all this: one for each enrolment. A parent who is linked on none of them stands in a row
    /// without an offering, because beside an offering the parent would be linked.
    fn rows(&self, program: &Program) -> Vec<Vec<String>> {
        let grants = self.ties.iter().filter_map(|tie| match tie {
            Tie::Grant { offering, .. } => Some(offering.clone()),
            _ => None,
        });
        let mut grants = Value::List(grants.collect()).to_string();
        let mut offerings: Vec<&str> = self.enrolments().collect();
        if offerings.is_empty() || (self.linked.is_empty() && self.parent().is_some()) {
            offerings.insert(0, "");
        }
        let mut row = |offering: &str| {
            let grants = std::mem::take(&mut grants);
            let has_parent = offering.is_empty() || self.linked.contains(offering);
            let cell = |fill: Option<Fill>| match fill {
                Some(Fill::Person(name)) => self.attribute(name),
                Some(Fill::Parent(name)) if has_parent => self.attribute(&parent_attribute(name)),
                Some(Fill::Offering) => offering.to_owned(),
                Some(Fill::Grants) => grants.clone(),
                _ => String::new(),
            };
            program.fields.iter().map(|field| cell(field.fills)).collect()
        };
        offerings.into_iter().map(&mut row).collect()
    }
}

/// Finds out on which offerings people are linked to the parent whom their records name.
async fn look_up_links(
    context: &Context,
    organisation: &Organisation,
    batch: &mut [Known],
) -> Result<(), Failure> {
    let parents: Vec<Option<IdentityKey>> = batch.iter().map(Known::parent).collect();
    let owners = people::owners(context, organisation, parents.iter().flatten()).await?;
    let mut links: HashMap<TableKey, (usize, String)> = HashMap::new();
    for (index, (known, parent)) in batch.iter().zip(&parents).enumerate() {
        let Some(parent) = parent.as_ref().and_then(|key| owners.get(key)) else { continue };
        for offering in known.enrolments() {
            let (child, offering) = (known.person.id.clone(), offering.to_owned());
            let link = Tie::Link { parent: parent.clone(), child, offering: Some(offering.clone()) };
            links.insert(link.key(organisation), (index, offering));
        }
    }
    let there = table::batch_get(context, links.keys().cloned().collect()).await?;
    for (index, offering) in there.iter().filter_map(|item| links.get(&table::key_of(item)?)) {
        batch[*index].linked.insert(offering.clone());
    }
    Ok(())
}

fn line(cells: &[impl AsRef<[u8]>]) -> Result<Vec<u8>, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(Failure::store("write a row"))?;
    writer.into_inner().map_err(|error| Failure::store("write a row")(error.into_error()))
}

/// The file while it is written.
struct File {
    program: Arc<Program>,
    sheet: Sheet,
    made: Made,
    /// The first thing that could not be written; it is told at the end.
    fault: Option<Failure>,
}

enum Sheet {
    Csv(Vec<u8>),
    Xlsx(Box<Worksheet>),
}

impl File {
    fn new(format: ExportFormat, program: Arc<Program>) -> Result<Self, Failure> {
        let header = program.fields.iter().map(|field| field.name.clone()).collect();
        let mut file = Self {
            program,
            sheet: match format {
                // The mark by which spreadsheets know UTF-8.
                ExportFormat::Csv => Sheet::Csv("\u{feff}".into()),
                ExportFormat::Xlsx => Sheet::Xlsx(Box::new(Worksheet::new())),
            },
            made: Made::default(),
            fault: None,
        };
        file.put(0, header)?;
        Ok(file)
    }

    /// Lets the program's rules read these people's rows; those that pass are written.
    async fn add_all(
        &mut self,
        context: &Context,
        reference: &ImportRef,
        export: &Export,
        checker: &mut Checker,
        mut batch: Vec<Known>,
    ) -> Result<(), Failure> {
        batch.retain(|known| export.kind.as_ref().is_none_or(|kind| *kind == known.person.kind));
        look_up_links(context, &reference.organisation, &mut batch).await?;
        for row in batch.iter().flat_map(|known| known.rows(&self.program)).collect::<Vec<_>>() {
            checker.push(&line(&row)?, |row| self.write(row));
        }
        Ok(())
    }

    fn write(&mut self, row: &CheckedRow<'_>) {
        let Some(refused) = self.refused_cells(row) else {
            self.made.left_out += 1;
            return;
        };
        let cell = |(field, cell): (&Field, Cow<'_, str>)| {
            if refused.contains(field.name.as_str()) {
                String::new()
            } else {
                spreadsheet::neutralise(&cell).into_owned()
            }
        };
        let cells = self.program.fields.iter().zip(row.cells()).map(cell).collect();
        self.made.rows += 1;
        if matches!(self.sheet, Sheet::Xlsx(_)) && self.made.rows > WORKBOOK_ROWS {
            self.made.too_large = true;
        } else if let Err(fault) = self.put(self.made.rows, cells) {
            self.fault.get_or_insert(fault);
        }
    }

    /// The columns of the cells that the program does not take and that may as well be blank, which erases nothing:
    /// a source that the importer set by default is one. `None` if the row is wrong in another way.
    fn refused_cells<'r>(&self, row: &'r CheckedRow<'_>) -> Option<HashSet<&'r str>> {
        let errors = row.diagnostics().iter().filter(|finding| finding.severity == Severity::Error);
        let refused: HashSet<&str> =
            errors.map(|error| error.location.column.as_deref()).collect::<Option<_>>()?;
        let is_needed = |field: &Field| field.required && refused.contains(field.name.as_str());
        (!self.program.fields.iter().any(is_needed)).then_some(refused)
    }

    fn put(&mut self, number: u32, cells: Vec<String>) -> Result<(), Failure> {
        match &mut self.sheet {
            Sheet::Csv(text) => text.extend(line(&cells)?),
            Sheet::Xlsx(sheet) => {
                for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                    sheet.write_string(number, column, cell).map_err(workbook_fault)?;
                }
            }
        }
        Ok(())
    }

    /// What is written and not taken yet.
    fn take(&mut self) -> Vec<u8> {
        match &mut self.sheet {
            Sheet::Csv(text) => std::mem::take(text),
            Sheet::Xlsx(_) => Vec::new(),
        }
    }

    fn finish(mut self) -> Result<(Vec<u8>, Made), Failure> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let rest = match self.sheet {
            Sheet::Csv(ref mut text) => std::mem::take(text),
            Sheet::Xlsx(sheet) => {
                let mut workbook = Workbook::new();
                workbook.push_worksheet(*sheet);
                workbook.save_to_buffer().map_err(workbook_fault)?
            }
        };
        Ok((rest, self.made))
    }
}

fn workbook_fault(error: XlsxError) -> Failure {
    Failure::store("write a workbook")(error)
}
