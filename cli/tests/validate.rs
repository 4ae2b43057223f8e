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
