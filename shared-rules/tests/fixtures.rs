//! The fixtures that every place which runs the rules is held to: a folder for each rule and each kind of bad
//! input in `tests/fixtures/rules`, with the roster, the options and the byte-exact report.
//!
//! `UPDATE_FIXTURES=1 cargo test -p shared-rules --test fixtures` writes the reports anew.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test reads files and the environment, and fails loudly"
)]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use serde::Deserialize;
use shared_rules::{
    check::{CheckOptions, Checker},
    columns::Mapping,
    options::{DateOrder, DuplicatePolicy},
    program::{Program, iso_date},
    report::Report,
    rules,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Options {
    program: String,
    duplicates: DuplicatePolicy,
    /// A Table Schema instead of the program of that name.
    schema: Option<serde_json::Value>,
    date_order: Option<DateOrder>,
    today: Option<String>,
    #[serde(default)]
    mapping: Mapping,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/rules")
}

fn folders() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.retain(|path| path.is_dir());
    folders.sort();
    folders
}

/// The check as the fixtures' other runners do it: the file's name is always the same.
fn report(folder: &Path) -> Report {
    let options: Options = serde_json::from_slice(&fs::read(folder.join("options.json")).unwrap()).unwrap();
    let roster = fs::read(folder.join("roster.csv")).unwrap();
    let program = program(&options);
    let options = CheckOptions {
        duplicates: options.duplicates,
        date_order: options.date_order,
        today: options.today.as_deref().map(|day| iso_date(day).unwrap()),
        mapping: options.mapping,
        ..CheckOptions::default()
    };
    let mut checker = Checker::new(program, "roster.csv", options);
    for chunk in roster.chunks(61) {
        checker.push(chunk, |_| {});
    }
    checker.finish(|_| {})
}

fn program(options: &Options) -> Arc<Program> {
    match &options.schema {
        None => Program::builtin(&options.program).unwrap(),
        Some(schema) => {
            let mut program = Program::from_descriptor(&schema.to_string()).unwrap();
            program.name.clone_from(&options.program);
            Arc::new(program)
        }
    }
}

#[test]
fn every_report_is_as_stored() {
    let update = std::env::var_os("UPDATE_FIXTURES").is_some();
    for folder in folders() {
        let found = report(&folder).to_json();
        let path = folder.join("report.json");
        if update {
            fs::write(&path, found).unwrap();
            continue;
        }
        let expected = fs::read_to_string(&path).unwrap();
        assert_eq!(found, expected, "{}", folder.display());
    }
}

/// A workbook whose sheets are one roster: of each the name, and the text that its reader makes of it.
#[derive(Deserialize)]
struct Sheets {
    program: String,
    sheets: Vec<(String, String)>,
}

/// The corpus of sheets, as its other runners check it.
#[test]
fn sheets_are_joined_as_stored() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/sheets");
    let Sheets { program, sheets } =
        serde_json::from_slice(&fs::read(folder.join("sheets.json")).unwrap()).unwrap();
    let program = Program::builtin(&program).unwrap();
    let mut checker = Checker::new(program, "roster.xlsx", CheckOptions::default());
    for (name, text) in &sheets {
        checker.add_sheet(name);
        let _ = text.as_bytes().chunks(7).all(|chunk| checker.push_head(chunk));
    }
    for (_, text) in &sheets {
        checker.next_sheet(|_| {});
        text.as_bytes().chunks(7).for_each(|chunk| checker.push(chunk, |_| {}));
    }
    let found = checker.finish(|_| {}).to_json();
    let path = folder.join("report.json");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&path, &found).unwrap();
    }
    assert_eq!(found, fs::read_to_string(&path).unwrap());
}

/// Rules whose file would be too large to keep, or is no text.
const WITHOUT_FIXTURE: [&str; 3] = ["file-too-large", "too-many-rows", "unreadable-file"];

#[test]
fn every_rule_has_a_fixture_that_breaks_it() {
    let names: BTreeSet<String> =
        folders().iter().map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned()).collect();
    for rule in rules::all() {
        let has_none = WITHOUT_FIXTURE.contains(&rule.name);
        assert_eq!(names.contains(rule.name), !has_none, "{}", rule.name);
        if names.contains(rule.name) {
            let report = report(&root().join(rule.name));
            assert!(report.counts.iter().any(|count| count.rule == rule.name), "{}", rule.name);
        }
    }
}
