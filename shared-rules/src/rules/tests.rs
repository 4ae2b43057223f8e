use super::*;
use crate::check::{CheckOptions, Checker};

/// What is found in a retail row that is right but for these cells, a line each and without the row.
pub(crate) fn found(cells: &[(&str, &str)]) -> String {
    let program = Program::builtin("retail").unwrap();
    found_by(program, RIGHT, cells)
}

/// What is found by a Table Schema with one column, `a`, in a row with this value and a second column.
pub(crate) fn found_by_field(field: &str, value: &str) -> String {
    let json = format!(r#"{{"fieldsMatch":"partial","fields":[{{"name":"a",{field}}},{{"name":"b"}}]}}"#);
    let program = Program::from_descriptor(&json).unwrap();
    found_by(std::sync::Arc::new(program), &[("b", "x")], &[("a", value)])
}

const RIGHT: &[(&str, &str)] = &[
    ("StudentFirstName", "Ann"),
    ("StudentLastName", "Lee"),
    ("Address1Zip", "02108"),
    ("Address1Country", "United States"),
    ("ClientType", "Student"),
    ("StudentType", "High school student"),
    ("CanContact", "TRUE"),
    ("CanContactSchools", "TRUE"),
    ("CanContactSurveys", "FALSE"),
];

fn found_by(program: std::sync::Arc<Program>, right: &[(&str, &str)], cells: &[(&str, &str)]) -> String {
    let others = right.iter().filter(|(name, _)| !cells.iter().any(|(other, _)| other == name));
    let row: Vec<&(&str, &str)> = cells.iter().chain(others).collect();
    let header: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let values: Vec<String> = row.iter().map(|(_, value)| quote(value)).collect();
    found_in(program, &format!("{}\n{}\n", header.join(","), values.join(",")))
}

fn quote(value: &str) -> String {
    format!("\"{}\"", value.replace('"', "\"\""))
}

/// What is found in a file, a line each.
pub(crate) fn found_in(program: std::sync::Arc<Program>, file: &str) -> String {
    let mut checker = Checker::new(program, "roster.csv", CheckOptions::default());
    checker.push(file.as_bytes(), |_| {});
    let report = checker.finish(|_| {});
    let lines = report.diagnostics.iter().map(|found| {
        let fix = match &found.fix {
            Some(Fix::Replace { value }) => format!(" | fix: `{value}`"),
            Some(Fix::MapColumn { field }) => format!(" | fix: column {field}"),
            Some(Fix::DeleteRow) => " | fix: delete the row".to_owned(),
            None => String::new(),
        };
        format!(
            "{} {} | {} | {}{fix}\n",
            severity_word(found.severity),
            found.rule,
            found.message,
            found.help
        )
    });
    lines.collect()
}

/// What is found in a retail file whose header is a right one with a text replaced.
pub(crate) fn found_in_header(from: &str, to: &str) -> String {
    let names: Vec<&str> = RIGHT.iter().map(|(name, _)| *name).collect();
    let header = names.join(",").replace(from, to);
    let value = |name: &str| RIGHT.iter().find(|(other, _)| *other == name).map_or("x", |(_, value)| *value);
    let values: Vec<&str> = header.split(',').map(value).collect();
    found_in(Program::builtin("retail").unwrap(), &format!("{header}\n{}\n", values.join(",")))
}

#[test]
fn every_rule_is_documented() {
    let mut names: Vec<&str> = Vec::new();
    for rule in all() {
        for text in [rule.summary, rule.why, rule.help] {
            assert!(text.ends_with('.') && text.len() > 10, "{}: {text}", rule.name);
        }
        assert!(!rule.failing.is_empty() && !rule.passing.is_empty(), "{}", rule.name);
        assert!(rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.name);
        names.push(rule.name);
    }
    assert!(names.is_sorted_by(|a, b| a < b));
}

#[test]
fn rules_md_is_current() {
    let stored = include_str!("../../../RULES.md");
    assert!(stored == markdown(), "RULES.md is not what the rules say; run `cargo xtask rules`");
}

#[test]
fn a_message_never_shows_much_or_disturbs_its_line() {
    assert_eq!(quoted("student"), "`student`");
    assert_eq!(quoted(&"é".repeat(41)), format!("`{}…`", "é".repeat(40)));
    assert_eq!(quoted("a\nb\0c\u{202e}d"), "`a␊b␀c\u{fffd}d`");
}

#[test]
fn numbers_in_sentences() {
    assert_eq!(counted(1, "cell", "cells"), "one cell");
    assert_eq!(counted(33, "cell", "cells"), "33 cells");
    assert_eq!(grouped(1_000_000_u32), "1,000,000");
    assert_eq!(grouped(999_u32), "999");
    assert_eq!(any_of(&["a"]), "a");
    assert_eq!(each_of(&["a", "b", "c"]), "a, b and c");
}
