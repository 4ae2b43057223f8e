//! Small rosters for tests.

use std::fmt::Write as _;

/// The columns that `retail` requires, and those that the tests fill.
pub const HEADER: [&str; 22] = [
    "Email",
    "StudentFirstName",
    "StudentLastName",
    "Address1StreetAddress1",
    "Address1Zip",
    "Address1Country",
    "Phone1Number",
    "ParentEmail",
    "ParentFirstName",
    "ParentLastName",
    "ClientType",
    "StudentType",
    "StatusId",
    "PSOId",
    "Cancel",
    "Source",
    "CanContact",
    "CanContactSchools",
    "CanContactSurveys",
    "ClientAdminPSOs",
    "Zee",
    "Modality",
];

/// One row: what differs from an ordinary student who lives at 1 Main St in 02108 Boston.
pub type Row<'a> = &'a [(&'a str, &'a str)];

/// A `retail` roster of these rows.
#[must_use]
pub fn retail(rows: &[Row<'_>]) -> Vec<u8> {
    let mut text = HEADER.join(",") + "\r\n";
    for row in rows {
        let cells: Vec<String> = HEADER.iter().map(|column| quoted(value(row, column))).collect();
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text.into_bytes()
}

/// A roster of these columns, separated by commas, and of these rows of as many cells.
#[must_use]
pub fn table(header: &str, rows: &[&[&str]]) -> Vec<u8> {
    let mut text = format!("{header}\r\n");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        let _ = write!(text, "{}\r\n", cells.join(","));
    }
    text.into_bytes()
}

/// `count` different people, each with an address.
#[must_use]
pub fn people(count: usize) -> Vec<u8> {
    let rows: Vec<[(&str, String); 2]> = (0..count)
        .map(|n| {
            [("Email", format!("person{n}@example.com")), ("Address1StreetAddress1", format!("{n} Main St"))]
        })
        .collect();
    let rows: Vec<Vec<(&str, &str)>> =
        rows.iter().map(|row| row.iter().map(|(name, value)| (*name, value.as_str())).collect()).collect();
    retail(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// `count` different people, each with so many characters that nobody asked for: a large file of few rows.
#[must_use]
pub fn padded(count: usize, characters: usize) -> Vec<u8> {
    let people = String::from_utf8_lossy(&people(count)).into_owned();
    let padding = "x".repeat(characters);
    let mut lines = people.lines();
    let mut text = format!("{},Notes\r\n", lines.next().unwrap_or_default());
    for line in lines {
        let _ = write!(text, "{line},{padding}\r\n");
    }
    text.into_bytes()
}

fn value<'a>(row: Row<'a>, column: &str) -> &'a str {
    let given = row.iter().find(|(name, _)| *name == column).map(|(_, value)| *value);
    given.unwrap_or(match column {
        "StudentFirstName" => "Ann",
        "StudentLastName" => "Lee",
        "Address1StreetAddress1" => "1 Main St",
        "Address1Zip" => "02108",
        "Address1Country" => "United States",
        "ClientType" => "Student",
        "StudentType" => "High school student",
        "CanContact" | "CanContactSchools" | "CanContactSurveys" => "TRUE",
        _ => "",
    })
}

fn quoted(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}
