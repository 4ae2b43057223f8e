//! What people read on the terminal.

use anstyle::{AnsiColor, Style};
use functions::outcome::{Entities, EntityCounts, Outcomes};
use shared_rules::{
    diagnostic::{Diagnostic, Location, Severity},
    report::Report,
    rules::grouped,
};

/// The word in the colour of an error; `anstream` drops the colour where it is not wanted.
pub fn error(word: &str) -> String {
    styled(AnsiColor::Red.on_default().bold(), word)
}

pub fn warning(word: &str) -> String {
    styled(AnsiColor::Yellow.on_default().bold(), word)
}

fn strong(word: &str) -> String {
    styled(Style::new().bold(), word)
}

fn styled(style: Style, word: &str) -> String {
    format!("{style}{word}{style:#}")
}

/// Prints each finding, then the counts.
pub fn print_report(report: &Report) {
    for diagnostic in &report.diagnostics {
        print_diagnostic(diagnostic);
    }
    anstream::println!("{}", strong(&report.file.name));
    anstream::println!(
        "  {} rows: {} with errors, {} with warnings",
        grouped(report.rows),
        grouped(report.rows_with_errors),
        grouped(report.rows_with_warnings)
    );
    let sheets: Vec<&str> = report.file.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
    if !sheets.is_empty() {
        anstream::println!("  sheets: {}", sheets.join(", "));
    }
    if !report.file.left_out.is_empty() {
        anstream::println!("  sheets left out: {}", report.file.left_out.join(", "));
    }
    for count in &report.counts {
        anstream::println!("  {:>9} {} {}", grouped(count.count), severity(count.severity), count.rule);
    }
    if report.truncated {
        anstream::println!("  Only the first findings of each rule are shown.");
    }
}

fn print_diagnostic(diagnostic: &Diagnostic) {
    let severity = severity(diagnostic.severity);
    anstream::println!("{severity}[{}] {}", diagnostic.rule, place(&diagnostic.location));
    anstream::println!("  {}", diagnostic.message);
    anstream::println!("  {}", styled(Style::new().dimmed(), &diagnostic.help));
    anstream::println!();
}

fn severity(severity: Severity) -> String {
    match severity {
        Severity::Error => error("error"),
        Severity::Warning => warning("warning"),
    }
}

fn place(location: &Location) -> String {
    let Location { sheet, row, column } = location;
    let sheet = sheet.as_ref().map(|sheet| format!("sheet {sheet}"));
    let row = row.map(|row| format!("row {row}"));
    let column = column.as_ref().map(|column| match row {
        Some(_) => column.clone(),
        None => format!("column {column}"),
    });
    let parts: Vec<String> = [sheet, row, column].into_iter().flatten().collect();
    if parts.is_empty() { "file".to_owned() } else { parts.join(", ") }
}

/// Prints how many rows have each outcome, and what becomes of each kind of thing.
pub fn print_outcomes(outcomes: &Outcomes, entities: &Entities) {
    let Outcomes { created, updated, unchanged, skipped, rejected } = *outcomes;
    let named = [
        ("created", created),
        ("updated", updated),
        ("unchanged", unchanged),
        ("skipped", skipped),
        ("rejected", rejected),
    ];
    for (name, count) in named {
        anstream::eprintln!("  {name:<10} {:>9}", grouped(count));
    }
    anstream::eprintln!();
    let heads = ["created", "updated", "removed", "unchanged", "errors"];
    anstream::eprintln!("  {:<10}{}", "", heads.map(|head| format!(" {head:>9}")).concat());
    for (kind, EntityCounts { created, updated, removed, unchanged, errors }) in entities {
        let counts = [created, updated, removed, unchanged, errors].map(|n| format!(" {:>9}", grouped(*n)));
        anstream::eprintln!("  {kind:<10}{}", counts.concat());
    }
}
