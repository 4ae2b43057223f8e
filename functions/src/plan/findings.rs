//! What a plan has to say of a row that the rules passed.

use shared_rules::{
    diagnostic::{Diagnostic, Location, Severity},
    identity::KeyKind,
    record::Value,
};

use crate::{names::PersonId, outcome::key_words};

pub(super) fn ambiguous_match(row: u32, owners: &[(KeyKind, PersonId)]) -> Diagnostic {
    let count = owners.len();
    let owners: Vec<String> =
        owners.iter().map(|(kind, id)| format!("{id} by {}", key_words(*kind))).collect();
    error(
        "ambiguous-match",
        row,
        &format!(" points at {count} different people: {}.", owners.join(", ")),
        "Correct the values that belong to the other person, or merge the two people first.",
    )
}

pub(super) fn person_exists(row: u32, by: KeyKind, person: &PersonId) -> Diagnostic {
    error(
        "person-exists",
        row,
        &format!(": this person is there already ({person}, found by {}).", key_words(by)),
        "Take the row out, or choose another way to handle duplicates.",
    )
}

/// A row of a program that says too little of people to make new ones.
pub(super) fn person_not_found(row: u32) -> Diagnostic {
    error(
        "person-not-found",
        row,
        ": nobody in the organisation has this identifier.",
        "Correct the identifier, or import the person first.",
    )
}

pub(super) fn identifier_mismatch(row: u32, person: &PersonId) -> Diagnostic {
    error(
        "identifier-mismatch",
        row,
        &format!(": the e-mail address is that of {person}, who has another identifier."),
        "Correct the identifier or the address. An identifier alone is replaced if all else is the same.",
    )
}

pub(super) fn parent_not_found(row: u32) -> Diagnostic {
    error(
        "parent-not-found",
        row,
        ": a student without an e-mail address, and nobody has the parent's.",
        "Add a row for the parent, who completes the student's account, or correct the address.",
    )
}

pub(super) fn changed_meanwhile(row: u32) -> Diagnostic {
    error(
        "changed-meanwhile",
        row,
        ": somebody changed this person while the import was being written.",
        "Import the row again.",
    )
}

pub(super) fn left_out(row: u32) -> Diagnostic {
    warning(
        "left-out",
        row,
        ": somebody decided to leave it out.",
        "Import the row again if it is to be imported.",
    )
}

pub(super) fn hand_edit_kept(row: u32, name: &str, kept: Option<&Value>) -> Diagnostic {
    let found = match kept {
        Some(value) => format!(": {name} stays `{value}`, as somebody entered it by hand."),
        None => format!(": {name} stays empty, as somebody left it by hand."),
    };
    warning(
        "hand-edit-kept",
        row,
        &found,
        "If the file is right, change it by hand, or import the row with hand edits overwritten.",
    )
}

pub(super) fn link_to_nobody(row: u32) -> Diagnostic {
    warning(
        "link-to-nobody",
        row,
        ": nobody has an address that the row links to, so that link was not made.",
        "Add a row for the person, or correct the address, and import the row again.",
    )
}

pub(super) fn link_not_possible(row: u32) -> Diagnostic {
    warning(
        "link-not-possible",
        row,
        ": links are between a student and a parent or an instructor.",
        "Name parents and instructors in a student's row, and students in theirs.",
    )
}

pub(super) fn class_not_found(row: u32) -> Diagnostic {
    warning(
        "class-not-found",
        row,
        ": there is no such class to remove.",
        "Correct the class's identifier, or leave the row out.",
    )
}

pub(super) fn market_not_known(row: u32) -> Diagnostic {
    warning(
        "market-not-known",
        row,
        ", Address1Zip: the organisation's table has no market for this postal code.",
        "Correct the postal code, name the market in Zee, or add the postal code to the table of markets.",
    )
}

fn error(rule: &str, row: u32, found: &str, help: &str) -> Diagnostic {
    Diagnostic {
        rule: rule.to_owned(),
        severity: Severity::Error,
        location: Location::row(row),
        message: format!("Row {row}{found}"),
        help: help.to_owned(),
        fix: None,
    }
}

fn warning(rule: &str, row: u32, found: &str, help: &str) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..error(rule, row, found, help) }
}
