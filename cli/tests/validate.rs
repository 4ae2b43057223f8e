//! `rollcall validate`: what it prints and how it exits.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

fn rollcall(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_rollcall")).args(arguments).output().unwrap()
}

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/rules").join(name)
}

fn roster(name: &str) -> String {
    fixture(name).join("roster.csv").to_str().unwrap().to_owned()
}

#[test]
fn the_json_report_is_the_one_that_every_runner_gives() {
    for name in ["clean", "value-not-allowed", "missing-column", "ragged-row"] {
        let output = rollcall(&["validate", &roster(name), "--program", "retail", "--format", "json"]);
        let expected = fs::read_to_string(fixture(name).join("report.json")).unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), expected, "{name}");
    }
}

#[test]
fn the_exit_code_tells_clean_from_faulty_from_impossible() {
    let missing = roster("there-is-no-such-fixture");
    let cases = [
        (vec!["validate", "CLEAN", "-p", "retail"], 0),
        (vec!["validate", "FAULTY", "-p", "retail"], 1),
        (vec!["validate", "STOPPED", "-p", "retail"], 1),
        (vec!["validate", &missing, "-p", "retail"], 2),
        (vec!["validate", "CLEAN", "-p", "unheard-of"], 2),
        (vec!["validate", "CLEAN"], 2),
        (vec!["import", "CLEAN", "-p", "retail", "--api", "http://127.0.0.1:1"], 2),
    ];
    let (clean, faulty, stopped) = (roster("clean"), roster("value-not-allowed"), roster("missing-column"));
    for (arguments, code) in cases {
        let arguments: Vec<&str> = arguments
            .into_iter()
            .map(|argument| match argument {
                "CLEAN" => clean.as_str(),
                "FAULTY" => faulty.as_str(),
                "STOPPED" => stopped.as_str(),
                argument => argument,
            })
            .collect();
        assert_eq!(rollcall(&arguments).status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn people_read_the_place_the_fault_and_the_fix() {
    let output = rollcall(&["validate", &roster("value-not-allowed"), "-p", "retail"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("error[value-not-allowed] row "), "{text}");
    assert!(text.contains("is not one of the"), "{text}");
    assert!(!text.contains('\u{1b}'), "no colour where there is no terminal");
}

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/files");
    folder.join(name).to_str().unwrap().to_owned()
}

/// The JSON report on a file.
fn report(arguments: &[&str]) -> serde_json::Value {
    let output = rollcall(&[&["validate", "--format", "json"], arguments].concat());
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_workbook_and_another_encoding_are_read() {
    let report_of_workbook = report(&[&file("retail.xlsx"), "-p", "retail"]);
    assert_eq!(report_of_workbook["file"]["sheet"], "Roster");
    assert_eq!(report_of_workbook["file"]["headerRow"], 3);
    assert_eq!((&report_of_workbook["rows"], &report_of_workbook["rowsWithErrors"]), (&3.into(), &1.into()));
    let report_of_text = report(&[&file("windows-1252.csv"), "-p", "retail"]);
    assert_eq!(report_of_text["file"]["encoding"], "windows-1252");
    assert_eq!(report_of_text["columns"][1]["samples"][0], "José");
}

#[test]
fn sheets_of_a_workbook_are_one_roster() {
    let path = file("learners.xlsx");
    let output = rollcall(&["validate", &path, "-p", "learners"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let place =
        "error[invalid-email] sheet Parents, row 4, Email\n  Parents, row 4, Email: `quinn@example` is";
    assert!(text.contains(place), "{text}");
    assert!(text.contains("  7 rows: 1 with errors, "), "{text}");
    assert!(
        text.contains("  sheets: Students, Instructors, Parents\n  sheets left out: Notes, Lists\n"),
        "{text}"
    );
    assert_eq!(output.status.code(), Some(1));

    let one = report(&[&path, "-p", "learners", "--sheet", "Instructors"]);
    assert_eq!((&one["rows"], &one["file"]["sheet"]), (&1.into(), &"Instructors".into()));
}

#[test]
fn somebody_knows_better_how_the_file_is_to_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clients.csv");
    fs::write(&path, b"Notes\nWho|Given|Family|Born\nann@example.com|Jos\x8e|Lee|x\n").unwrap();
    let path = path.to_str().unwrap();
    let how = "--delimiter pipe --header-row 2 --encoding macintosh --map Who=Email --map Born=";
    let found = report(&[&[path, "-p", "clients"], how.split(' ').collect::<Vec<_>>().as_slice()].concat());
    assert_eq!(found["columns"][0]["match"]["reason"], "chosen");
    assert_eq!(found["columns"][1]["samples"][0], "José");
    assert_eq!(found["rowsWithErrors"], 0, "{found}");
    for wrong in ["--delimiter=colon", "--map=Who=E-mail", "--header-row=101", "--dates=year-first"] {
        let output = rollcall(&["validate", path, "-p", "clients", wrong]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }
    let wrong = rollcall(&["validate", path, "-p", "clients", "--map", "Who=E-mail"]);
    let said = String::from_utf8(wrong.stderr).unwrap();
    assert!(said.contains("The program clients has no column `E-mail`."), "{said}");
}

#[test]
fn birth_dates_are_judged_by_the_day_of_the_check() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("people.csv");
    let row = "Ann,Lee,02108,US,Student,High school student,TRUE,TRUE,TRUE,2026-05-14";
    let header = "StudentFirstName,StudentLastName,Address1Zip,Address1Country,ClientType,StudentType,CanContact,CanContactSchools,CanContactSurveys,BirthDay";
    fs::write(&path, format!("{header}\n{row}\n")).unwrap();
    let doubts = |today: &str| {
        let found = report(&[path.to_str().unwrap(), "-p", "retail", "--today", today]);
        found["diagnostics"][0]["message"].as_str().map(str::to_owned)
    };
    assert_eq!(doubts("2026-05-13").unwrap(), "Row 2, BirthDay: `2026-05-14` is still to come.");
    assert_eq!(doubts("2026-05-14").unwrap(), "Row 2, BirthDay: `2026-05-14` makes the person 0 years old.");
    assert_eq!(doubts("2036-05-14"), None);
}

#[test]
fn an_organisations_own_schema_is_used_or_its_faults_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let schema = folder.path().join("people.json");
    let roster = folder.path().join("people.csv");
    fs::write(&roster, "id,born\n1,20/04/2011\n1,2011-04-20\n").unwrap();
    let [schema_path, roster_path] = [&schema, &roster].map(|path| path.to_str().unwrap());
    let date = r#"{"name": "born", "type": "date", "format": "%d/%m/%Y"}"#;
    fs::write(&schema, format!(r#"{{"fields": [{{"name": "id"}}, {date}], "primaryKey": "id"}}"#)).unwrap();
    let found = report(&[roster_path, "--schema", schema_path]);
    assert_eq!(found["program"], "people");
    let rules: Vec<_> = found["counts"].as_array().unwrap().iter().map(|count| &count["rule"]).collect();
    assert_eq!(rules, ["invalid-date", "value-not-unique"]);

    fs::write(&schema, r#"{"fields": [{"name": "id", "type": "money"}]}"#).unwrap();
    let output = rollcall(&["validate", roster_path, "--schema", schema_path]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("/fields/0/type: found `money`, expected string, integer"), "{said}");
}

#[test]
fn templates_and_dictionaries_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("learners.xlsx");
    let written = rollcall(&["template", "-p", "learners", "--output", path.to_str().unwrap()]);
    assert_eq!(written.status.code(), Some(0));
    let found = report(&[path.to_str().unwrap(), "-p", "learners"]);
    let sheets = found["file"]["sheets"].as_array().unwrap();
    let names: Vec<_> = sheets.iter().map(|sheet| &sheet["name"]).collect();
    assert_eq!(names, ["Instructors", "Parents", "Students"]);
    assert_eq!(found["file"]["leftOut"][0], "Read me");
    assert_eq!(found["diagnostics"][0]["rule"], "no-data-rows");

    let csv = rollcall(&["template", "-p", "clients"]).stdout;
    assert!(String::from_utf8(csv).unwrap().starts_with("\u{feff}Email,First Name,Last Name,"));
    let json = rollcall(&["dictionary", "-p", "clients", "--format", "json"]).stdout;
    let dictionary: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(dictionary["columns"][0]["name"], "Email");
    let markdown = String::from_utf8(rollcall(&["dictionary", "-p", "clients"]).stdout).unwrap();
    assert!(markdown.starts_with("# Data dictionary: Clients\n"));
}
