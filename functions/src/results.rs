//! What an import leaves for the administrator: `report.json`, `log.csv` and `errors.csv`.
//!
//! They follow from the upload, the journal and the import's item alone, so they can be made again at any
//! time and come out the same.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;
use serde::Serialize;
use shared_rules::{
    check::CheckedRow,
    diagnostic::{Diagnostic, Severity},
    record::Value,
    report::Report,
    spreadsheet,
};

use crate::{
    cancel,
    context::Context,
    failure::Failure,
    guard,
    import::{DryRun, Import, Options},
    journal, objects,
    outcome::{Entities, FieldChange, Outcome, Outcomes, RowOutcome},
    plan::Plan,
    roster::{self, Reading},
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

/// What the journal says about every row that passed the rules.
struct Journal {
    rows: BTreeMap<u32, RowOutcome>,
    plans: Vec<Plan>,
}

/// Writes the results of an import whose partitions are all written.
pub async fn write(context: &Context, import: &Import) -> Result<Written, Failure> {
    let journal = Journal::load(context, import).await?;
    let mut tables = Tables::new(&journal.rows);
    let (report, mut totals) = if import.undoes.is_some() {
        journal.rows.values().for_each(|row| tables.add_outcome(row));
        (undo::report(import, journal.rows.values()), Totals::default())
    } else {
        let Reading::Read(mut report) = roster::read(context, import, |row| tables.add(row)).await? else {
            return Err(Failure::Missing("the uploaded file"));
        };
        let totals = Totals::rejecting(&report, &import.program()?.main_kind);
        report.append(journal.rows.values().flat_map(|row| row.diagnostics.iter().cloned()));
        (*report, totals)
    };
    journal.plans.iter().for_each(|plan| totals.add(plan));
    guard::count_people(context, &import.reference(), journal.plans.iter()).await?;
    let cancelled = journal.plans.iter().any(cancel::is_left_out);
    if cancelled {
        // Whoever cancels wants it to stop; a mail could not be taken back.
        totals.invitations = 0;
    }
    store(context, import, &report, &totals, tables).await?;
    Ok(Written { totals, cancelled })
}

/// Writes the results of an import that was stopped before any row was looked up.
pub async fn write_stopped(context: &Context, import: &Import, report: &Report) -> Result<(), Failure> {
    let none = BTreeMap::new();
    let mut tables = Tables::new(&none);
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
    objects::put_once(context, &reference.result("log.csv"), CSV, log).await?;
    objects::put_once(context, &reference.result("errors.csv"), CSV, errors).await?;
    Ok(())
}

impl Journal {
    async fn load(context: &Context, import: &Import) -> Result<Self, Failure> {
        let mut journal = Self { rows: BTreeMap::new(), plans: Vec::new() };
        for partition in 0..import.partitions {
            let plan = journal::read(context, import, partition).await?;
            journal.rows.extend(plan.rows.iter().map(|row| (row.row, row.clone())));
            journal.plans.push(plan);
        }
        Ok(journal)
    }
}

/// `log.csv` and `errors.csv` while the roster is read.
struct Tables<'a> {
    outcomes: &'a BTreeMap<u32, RowOutcome>,
    log: csv::Writer<Vec<u8>>,
    errors: csv::Writer<Vec<u8>>,
    /// The first thing that could not be written; it is told at the end.
    fault: Option<csv::Error>,
}

const LOG_HEADER: [&str; 6] = ["row", "outcome", "person", "matched by", "changes", "messages"];
const ERROR_COLUMNS: [&str; 2] = ["errors", "how to fix"];

impl<'a> Tables<'a> {
    fn new(outcomes: &'a BTreeMap<u32, RowOutcome>) -> Self {
        let writer = || csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
        let mut log = writer();
        let fault = log.write_record(LOG_HEADER).err();
        Self { outcomes, log, errors: writer(), fault }
    }

    fn add(&mut self, row: &CheckedRow<'_>) {
        let outcome = self.outcomes.get(&row.row());
        let written = self.write(row.row(), row.diagnostics(), outcome, row.cells());
        self.note_fault(written);
    }

    /// Of an undo, which has no file: the journal has all that is known of the row.
    fn add_outcome(&mut self, row: &RowOutcome) {
        let written = self.write(row.row, &[], Some(row), std::iter::empty::<Cow<'_, str>>());
        self.note_fault(written);
    }

    fn note_fault(&mut self, written: Result<(), csv::Error>) {
        if let Err(error) = written {
            self.fault.get_or_insert(error);
        }
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
        self.log.write_record([
            row.to_string().as_str(),
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
    fn finish(self, report: &Report) -> Result<(Vec<u8>, Vec<u8>), Failure> {
        if let Some(fault) = self.fault {
            return Err(Failure::store("write a table of results")(fault));
        }
        let mut header = csv::Writer::from_writer(Vec::new());
        let columns =
            report.columns.iter().map(|column| spreadsheet::neutralise(&column.header).into_owned());
        header
            .write_record(columns.chain(ERROR_COLUMNS.map(str::to_owned)))
            .map_err(Failure::store("write a table of results"))?;
        let bytes = |writer: csv::Writer<Vec<u8>>| {
            writer
                .into_inner()
                .map_err(|error| Failure::store("write a table of results")(error.into_error()))
        };
        let mut errors = bytes(header)?;
        errors.extend(bytes(self.errors)?);
        Ok((bytes(self.log)?, errors))
    }
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
