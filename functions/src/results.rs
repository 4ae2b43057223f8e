//! What an import leaves for the administrator: `report.json`, `log.csv` and `errors.csv`.
//!
//! They follow from the upload, the journal and the import's item alone, so they can be made again at any
//! time and come out the same.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Read, Seek},
};

use jiff::Timestamp;
use serde::Serialize;
use shared_rules::{
    check::CheckedRow,
    diagnostic::{Diagnostic, Severity},
    record::Value,
    report::Report,
    sheets::Sheets,
    spreadsheet,
};

use crate::{
    cancel,
    context::Context,
    failure::Failure,
    guard,
    import::{DryRun, Import, Options},
    journal,
    objects::{self, Upload},
    outcome::{Entities, FieldChange, Outcome, Outcomes, RowOutcome},
    roster::{self, Reading},
    spill::{self, DecidedRows, RowOutcomes},
    undo,
};

const CSV: &str = "text/csv; charset=utf-8";

/// The counts at the end of an import.
pub type Totals = DryRun;

/// What an import came to.
pub struct Written {
    pub totals: Totals,
    /// Whether partitions were left out because it was cancelled.
    pub cancelled: bool,
}

/// `report.json`.
#[derive(Serialize)]
struct ImportReport<'a> {
    #[serde(flatten)]
    check: &'a Report,
    import: &'a str,
    options: &'a Options,
    outcomes: Outcomes,
    entities: &'a Entities,
    /// How many people get a registration e-mail.
    invitations: u32,
    timings: Timings,
}

#[derive(Serialize)]
struct Timings {
    created: Timestamp,
    confirmed: Option<Timestamp>,
    finished: Option<Timestamp>,
}

/// What the journal says about every row that passed the rules, and what all of it comes to.
struct Journal {
    rows: RowOutcomes,
    totals: Totals,
    /// How many more people there are.
    people: i64,
    cancelled: bool,
}

/// Writes the results of an import whose partitions are all written.
pub async fn write(context: &Context, import: &Import) -> Result<Written, Failure> {
    let journal = Journal::load(context, import).await?;
    let mut tables = Tables::new(Some(&journal.rows), &import.sheets)?;
    let (report, mut totals) = if import.undoes.is_some() {
        journal.rows.iter().try_for_each(|row| tables.add_outcome(&row?))?;
        (undo::report(import, &journal.rows)?, Totals::default())
    } else {
        let Reading::Read(mut report) = roster::read(context, import, |row| tables.add(row)).await? else {
            return Err(Failure::Missing("the uploaded file"));
        };
        let totals = Totals::rejecting(&report, &import.program()?.main_kind);
        journal.rows.append_to(&mut report)?;
        (*report, totals)
    };
    totals.add(&journal.totals);
    guard::count_people(context, &import.reference(), journal.people).await?;
    if journal.cancelled {
        // Whoever cancels wants it to stop; a mail could not be taken back.
        totals.invitations = 0;
    }
    store(context, import, &report, &totals, tables).await?;
    Ok(Written { totals, cancelled: journal.cancelled })
}

/// Writes the results of an import that was stopped before any row was looked up.
pub async fn write_stopped(context: &Context, import: &Import, report: &Report) -> Result<(), Failure> {
    let mut tables = Tables::new(None, &report.file.sheets)?;
    roster::read(context, import, |row| tables.add(row)).await?;
    let mut totals = Totals::rejecting(report, &import.program()?.main_kind);
    totals.outcomes.rejected = report.rows;
    store(context, import, report, &totals, tables).await
}

async fn store(
    context: &Context,
    import: &Import,
    report: &Report,
    totals: &Totals,
    tables: Tables<'_>,
) -> Result<(), Failure> {
    let reference = import.reference();
    let document = ImportReport {
        check: report,
        import: &import.id,
        options: &import.options,
        outcomes: totals.outcomes,
        entities: &totals.entities,
        invitations: totals.invitations,
        timings: Timings {
            created: import.created_at,
            confirmed: import.confirmed_at,
            finished: import.finished_at,
        },
    };
    let json = serde_json::to_vec_pretty(&document).map_err(Failure::corrupt("a report"))?;
    let (log, errors) = tables.finish(report)?;
    objects::put_once(context, &reference.result("report.json"), "application/json", json).await?;
    put_once(context, reference.result("log.csv"), &log).await?;
    put_once(context, reference.result("errors.csv"), &errors).await
}

/// Puts a table that nothing may overwrite, piece by piece.
async fn put_once(context: &Context, key: String, mut table: &File) -> Result<(), Failure> {
    const PIECE: usize = 1 << 20;
    let failed = "read a table of results";
    table.rewind().map_err(Failure::store(failed))?;
    let mut upload = Upload::once(context, key, CSV);
    loop {
        let mut piece = Vec::new();
        table.take(PIECE as u64).read_to_end(&mut piece).map_err(Failure::store(failed))?;
        if piece.is_empty() {
            return upload.finish().await;
        }
        upload.push(piece).await?;
    }
}

impl Journal {
    async fn load(context: &Context, import: &Import) -> Result<Self, Failure> {
        let mut rows = DecidedRows::new()?;
        let (mut totals, mut people, mut cancelled) = (Totals::default(), 0, false);
        for partition in 0..import.partitions {
            let plan = journal::read(context, import, partition).await?;
            totals.count(&plan);
            people += guard::more_people(&plan);
            cancelled |= cancel::is_left_out(&plan);
            plan.rows.iter().try_for_each(|row| rows.push(row))?;
        }
        Ok(Self { rows: rows.close()?, totals, people, cancelled })
    }
}

/// `log.csv` and `errors.csv` while the roster is read.
struct Tables<'a> {
    /// None if no row was looked up.
    outcomes: Option<&'a RowOutcomes>,
    sheets: &'a Sheets,
    log: Table,
    /// Without its header, which is known at the end.
    errors: Table,
    /// The first thing that went wrong; it is told at the end.
    fault: Option<Failure>,
}

type Table = csv::Writer<File>;

/// In front of the log's others, where the roster is several sheets.
const SHEET: &str = "sheet";
const LOG_HEADER: [&str; 6] = ["row", "outcome", "person", "matched by", "changes", "messages"];
const ERROR_COLUMNS: [&str; 2] = ["errors", "how to fix"];

impl<'a> Tables<'a> {
    fn new(outcomes: Option<&'a RowOutcomes>, sheets: &'a Sheets) -> Result<Self, Failure> {
        let mut log = table()?;
        let sheet = (!sheets.is_empty()).then_some(SHEET);
        log.write_record(sheet.into_iter().chain(LOG_HEADER)).map_err(unwritten)?;
        Ok(Self { outcomes, sheets, log, errors: table()?, fault: None })
    }

    fn add(&mut self, row: &CheckedRow<'_>) {
        if self.fault.is_none() {
            self.fault = self.try_add(row).err();
        }
    }

    fn try_add(&mut self, row: &CheckedRow<'_>) -> Result<(), Failure> {
        let outcome = self.outcomes.map(|outcomes| outcomes.of(row.row())).transpose()?.flatten();
        let outcome = outcome.map(|outcome| outcome.on_sheets(self.sheets));
        self.write(row.row(), row.diagnostics(), outcome.as_ref(), row.cells()).map_err(unwritten)
    }

    /// Of an undo, which has no file: the journal has all that is known of the row.
    fn add_outcome(&mut self, row: &RowOutcome) -> Result<(), Failure> {
        let row = row.clone().on_sheets(self.sheets);
        self.write(row.row, &[], Some(&row), std::iter::empty::<Cow<'_, str>>()).map_err(unwritten)
    }

    fn write<'r>(
        &mut self,
        row: u32,
        diagnostics: &[Diagnostic],
        outcome: Option<&RowOutcome>,
        cells: impl Iterator<Item = Cow<'r, str>>,
    ) -> Result<(), csv::Error> {
        let decided = outcome.map_or(Outcome::Rejected, |outcome| outcome.outcome);
        let findings = || diagnostics.iter().chain(outcome.iter().flat_map(|outcome| &outcome.diagnostics));
        let place = self.sheets.place(row);
        if let Some(sheet) = place.sheet {
            self.log.write_field(&*spreadsheet::neutralise(sheet))?;
        }
        self.log.write_record([
            place.row.to_string().as_str(),
            decided.name(),
            outcome.and_then(|outcome| outcome.person.as_ref()).map_or("", |person| &person.0),
            outcome.map_or("", RowOutcome::matched_words),
            &spreadsheet::neutralise(&outcome.map_or(String::new(), |outcome| changes(&outcome.changes))),
            &spreadsheet::neutralise(&lines(findings().map(|finding| &finding.message))),
        ])?;
        let errors = || findings().filter(|finding| finding.severity == Severity::Error);
        if errors().next().is_some() {
            for cell in cells {
                self.errors.write_field(&*spreadsheet::neutralise(&cell))?;
            }
            self.errors
                .write_field(&*spreadsheet::neutralise(&lines(errors().map(|finding| &finding.message))))?;
            self.errors
                .write_field(&*spreadsheet::neutralise(&lines(errors().map(|finding| &finding.help))))?;
            self.errors.write_record(None::<&[u8]>)?;
        }
        Ok(())
    }

    /// The two files. The header of `errors.csv` is the roster's own.
    fn finish(self, report: &Report) -> Result<(File, File), Failure> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        let mut errors = table()?;
        let columns =
            report.columns.iter().map(|column| spreadsheet::neutralise(&column.header).into_owned());
        errors.write_record(columns.chain(ERROR_COLUMNS.map(str::to_owned))).map_err(unwritten)?;
        let (mut errors, mut rows) = (closed(errors)?, closed(self.errors)?);
        rows.rewind().and_then(|()| io::copy(&mut rows, &mut errors)).map_err(Failure::store(WRITE))?;
        Ok((closed(self.log)?, errors))
    }
}

const WRITE: &str = "write a table of results";

fn table() -> Result<Table, Failure> {
    Ok(csv::WriterBuilder::new().flexible(true).from_writer(spill::file()?))
}

fn closed(table: Table) -> Result<File, Failure> {
    table.into_inner().map_err(|error| Failure::store(WRITE)(error.into_error()))
}

fn unwritten(error: csv::Error) -> Failure {
    Failure::store(WRITE)(error)
}

fn lines<'a>(texts: impl Iterator<Item = &'a String>) -> String {
    texts.map(String::as_str).collect::<Vec<_>>().join("\n")
}

fn changes(changes: &[FieldChange]) -> String {
    let text =
        |value: &Option<Value>, none: &str| value.as_ref().map_or_else(|| none.to_owned(), Value::to_string);
    lines(
        changes
            .iter()
            .map(|change| {
                format!("{}: {} -> {}", change.field, text(&change.old, ""), text(&change.new, "(empty)"))
            })
            .collect::<Vec<_>>()
            .iter(),
    )
}
