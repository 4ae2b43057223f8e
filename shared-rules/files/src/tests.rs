use shared_rules::{diagnostic::Severity, report::Report};

use super::*;

/// The report on a file that comes in pieces of this size, and the number of rows that were given.
fn check(program: &str, name: &str, file: &[u8], options: &FileOptions, size: usize) -> (Report, usize) {
    let program = Program::builtin(program).unwrap();
    let mut checker = FileChecker::new(program, name, options.clone());
    let mut rows = 0;
    for chunk in file.chunks(size) {
        checker.push(chunk, |_| rows += 1);
    }
    let report = checker.finish(|_| rows += 1);
    (report, rows)
}

fn report(program: &str, name: &str, file: &[u8], options: &FileOptions) -> Report {
    let (whole, rows) = check(program, name, file, options, usize::MAX);
    for size in [1, 7] {
        assert_eq!(check(program, name, file, options, size), (whole.clone(), rows));
    }
    whole
}

fn workbook(sheets: &[(&str, &[&[&str]])]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for (name, rows) in sheets {
        let sheet = workbook.add_worksheet().set_name(*name).unwrap();
        for (number, cells) in (0..).zip(*rows) {
            sheet.write_row(number, 0, cells.iter().copied()).unwrap();
        }
    }
    workbook.save_to_buffer().unwrap()
}

fn messages(report: &Report) -> Vec<&str> {
    report.diagnostics.iter().map(|found| found.message.as_str()).collect()
}

const HEADER: &[&str] = &["Email", "First Name", "Last Name"];

#[test]
fn text_is_read_in_its_encoding() {
    let file = b"Email,First Name,Last Name\njose@example.com,Jos\xe9,Garc\xeda\n";
    let report = report("clients", "a.csv", file, &FileOptions::default());
    assert_eq!((report.rows, report.rows_with_errors), (1, 0));
    assert_eq!((report.file.encoding.as_str(), report.file.bytes), ("windows-1252", file.len() as u64));
    assert_eq!(report.columns[2].samples, ["García"]);
}

#[test]
fn somebody_knows_the_encoding_better() {
    let file = b"Email,First Name,Last Name\njose@example.com,Jos\x8e,Garc\x92a\n";
    let options = FileOptions { encoding: Some(Encoding::MacRoman), ..FileOptions::default() };
    let report = report("clients", "a.csv", file, &options);
    assert_eq!(report.columns[2].samples, ["García"]);
    assert_eq!(report.file.encoding, "Mac Roman");
}

#[test]
fn bytes_that_are_no_text_are_named_by_their_row() {
    let file = b"\xff\xfeE\0m\0a\0i\0l\0\n\0\x00\xd8a\0\n\0";
    let report = report("clients", "a.csv", file, &FileOptions::default());
    assert_eq!(report.file.encoding, "UTF-16 LE");
    let found = report.diagnostics.iter().find(|found| found.rule == "undecodable-text").unwrap();
    assert_eq!((found.location.row, found.severity), (Some(2), Severity::Error));
}

#[test]
fn a_workbook_is_its_first_sheet_or_the_one_that_was_asked_for() {
    let ann: &[&str] = &["ann@example.com", "Ann", "Lee"];
    let bo: &[&str] = &["bo", "Bo", "Lee"];
    let title: &[&str] = &["Clients of 2026"];
    let file = workbook(&[("Blank", &[]), ("One", &[title, &[], HEADER, ann]), ("Two", &[HEADER, bo])]);
    let first = report("clients", "a.xlsx", &file, &FileOptions::default());
    assert_eq!((first.rows, first.file.sheet.as_deref(), first.file.header_row), (1, Some("One"), 3));
    assert_eq!(first.file.bytes, file.len() as u64);
    assert_eq!(messages(&first), ["Rows 1 to 2 are above the header, which is row 3, and not imported."]);

    let options = FileOptions { sheet: Some("Two".to_owned()), ..FileOptions::default() };
    let second = report("clients", "a.xlsx", &file, &options);
    assert_eq!(messages(&second)[0], "Row 2, Email: `bo` is not an e-mail address.");

    let options = FileOptions { sheet: Some("Three".to_owned()), ..FileOptions::default() };
    let none = report("clients", "a.xlsx", &file, &options);
    assert_eq!(messages(&none), ["The workbook has no sheet Three; it has Blank, One, Two."]);
    assert_eq!(none.diagnostics[0].rule, "unreadable-file");
}

#[test]
fn the_sheet_says_what_its_people_are() {
    let header: &[&str] = &["First Name", "Last Name", "Email"];
    let file = workbook(&[
        ("Students", &[header, &["Ann", "Lee", "ann@example.com"]]),
        ("Parents", &[header, &["Pat", "Lee", ""]]),
    ]);
    assert_eq!(messages(&report("learners", "a.xlsx", &file, &FileOptions::default())), Vec::<&str>::new());
    let options = FileOptions { sheet: Some("Parents".to_owned()), ..FileOptions::default() };
    assert_eq!(
        messages(&report("learners", "a.xlsx", &file, &options)),
        ["Row 2: Email is blank, and a row with Role Instructor or Parent needs it."]
    );
}

#[test]
fn a_file_that_is_no_workbook_in_spite_of_its_first_bytes() {
    let report = report("clients", "a.xlsx", b"PK\x03\x04 and nothing more", &FileOptions::default());
    assert_eq!(report.diagnostics.len(), 1);
    assert_eq!(report.diagnostics[0].rule, "unreadable-file");
    assert!(report.first_stop().is_some());
}

#[test]
fn a_blank_file_is_empty() {
    let report = report("clients", "a.csv", b"", &FileOptions::default());
    assert_eq!(report.diagnostics[0].rule, "empty-file");
}
