//! The verdict on seeded rosters against the truth that was written beside them.

#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads files and fails loudly")]

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;
use shared_rules::{
    check::{CheckOptions, Checker},
    diagnostic::Severity,
    program::Program,
};

#[derive(Deserialize)]
struct Truth {
    rows: u32,
    faults: Vec<Fault>,
    repeats: Vec<Repeat>,
}

#[derive(Deserialize)]
struct Fault {
    row: u32,
    column: String,
}

#[derive(Debug, Deserialize)]
struct Repeat {
    row: u32,
    of: u32,
    by: String,
}

fn check(program: &str, roster: &Path) {
    let Ok(bytes) = std::fs::read(roster) else { return };
    let truth = std::fs::read(roster.with_added_extension("truth.json")).unwrap();
    let truth: Truth = serde_json::from_slice(&truth).unwrap();
    let mut checker = Checker::new(Program::builtin(program).unwrap(), "roster.csv", CheckOptions::default());
    let mut errors = BTreeMap::new();
    let mut repeats = Vec::new();
    let mut records = 0;
    let mut look = |row: &shared_rules::check::CheckedRow<'_>| {
        assert_eq!(row.is_rejected(), row.record().is_none());
        records += u32::from(!row.is_rejected());
        for diagnostic in row.diagnostics() {
            if diagnostic.severity == Severity::Error {
                errors.insert(row.row(), diagnostic.location.column.clone().unwrap());
            } else if REPETITIONS.contains(&diagnostic.rule.as_str()) {
                repeats.push((row.row(), diagnostic.message.clone()));
            }
        }
    };
    checker.push(&bytes, &mut look);
    let report = checker.finish(&mut look);
    assert_eq!(report.rows, truth.rows);
    assert_eq!(records + report.rows_with_errors, truth.rows);
    let faults: BTreeMap<_, _> = truth.faults.into_iter().map(|fault| (fault.row, fault.column)).collect();
    assert_eq!(errors, faults);
    assert_eq!(repeats.len(), truth.repeats.len());
    for ((row, message), repeat) in repeats.iter().zip(&truth.repeats) {
        assert!(*row == repeat.row && message.starts_with(&said(repeat)), "{message}, {repeat:?}");
    }
}

/// What is said of a row of the person of an earlier one, by how much they agree.
const REPETITIONS: [&str; 4] = ["conflicting-rows", "exact-duplicate", "repeated-person", "shared-email"];

fn said(repeat: &Repeat) -> String {
    let Repeat { row, of, by } = repeat;
    match by.as_str() {
        "email" => format!("Row {row}, Email: the same e-mail address as row {of}"),
        _ => format!("Row {row}: the same name, street address and postal code as row {of}"),
    }
}

/// Rosters that lie beside the repository where it is developed; elsewhere there is nothing to compare.
fn beside(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(name)
}

#[test]
fn retail() {
    check("retail", &beside("retail-10k.csv"));
}

#[test]
fn international() {
    check("international", &beside("international-500.csv"));
}

#[test]
fn institutional() {
    check("institutional", &beside("institutional-500.csv"));
}
