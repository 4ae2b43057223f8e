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
    let options = FileOptions { sheet: Some("Students".to_owned()), ..FileOptions::default() };
    assert_eq!(messages(&report("learners", "a.xlsx", &file, &options)), Vec::<&str>::new());
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

/// A workbook of three kinds, each with columns of its own, and a sheet that is none.
fn family() -> Vec<u8> {
    workbook(&[
        ("Notes", &[&["Ask Kim"]]),
        (
            "Students",
            &[
                &["First Name", "Last Name", "Email", "Parent", "Instructor"],
                &["Ann", "Lee", "ann@example.com", "pat@example.com", "kim@example.com"],
                &["Bo", "Lee", "bo@example.com", "nobody@example.com", ""],
            ],
        ),
        (
            "Instructors",
            &[
                &["Instructors of 2026"],
                &[],
                &["E-mail", "Surname", "First Name", "Room"],
                &["kim@example.com", "Roy", "Kim", "12"],
            ],
        ),
        (
            "Parents",
            &[
                &["Last Name", "First Name", "Email"],
                &["Lee", "Pat", "pat@example"],
                &[],
                &["Lee", "Ann", "ann@example.com"],
            ],
        ),
    ])
}

#[test]
fn sheets_of_kinds_are_one_roster() {
    let report = report("learners", "a.xlsx", &family(), &FileOptions::default());
    let headers: Vec<&str> = report.columns.iter().map(|column| column.header.as_str()).collect();
    let own = ["First Name", "Last Name", "Email", "Parent", "Instructor", "Room"];
    assert_eq!(headers, [&["Role"][..], &own].concat());
    assert_eq!(report.columns[0].samples, ["Student", "Instructor", "Parent"]);
    assert_eq!(
        messages(&report),
        [
            "Instructors: Rows 1 to 2 are above the header, which is row 3, and not imported.",
            "Column Room: the program has no such column; its values are ignored.",
            "Students, row 2, Parent: nobody in the file who can be imported has this e-mail address.",
            "Students, row 3, Parent: nobody in the file who can be imported has this e-mail address.",
            "Parents, row 2, Email: `pat@example` is not an e-mail address.",
            "Parents, row 4, Email: the same e-mail address as row 2 of Students, with another value in Role.",
        ]
    );
    assert_eq!((report.rows, report.rows_with_errors, report.rows_with_warnings), (5, 1, 3));
    let places: Vec<_> = report
        .diagnostics
        .iter()
        .map(|found| (found.location.sheet.as_deref(), found.location.row))
        .collect();
    assert_eq!(places[0], (Some("Instructors"), None));
    assert_eq!(places[5], (Some("Parents"), Some(4)));
    assert_eq!((report.file.sheet, report.file.left_out), (None, vec!["Notes".to_owned()]));
    let sheets: Vec<_> = report.file.sheets.iter().map(|sheet| (sheet.name.as_str(), sheet.before)).collect();
    assert_eq!(sheets, [("Students", 0), ("Instructors", 3), ("Parents", 7)]);
}

#[test]
fn one_sheet_of_several_can_be_chosen() {
    let options = FileOptions { sheet: Some("Parents".to_owned()), ..FileOptions::default() };
    let report = report("learners", "a.xlsx", &family(), &options);
    assert_eq!(messages(&report), ["Row 2, Email: `pat@example` is not an e-mail address."]);
    assert_eq!(report.file.left_out, ["Notes", "Students", "Instructors"]);
}

#[test]
fn a_sheet_that_lacks_a_column_is_named() {
    let file = workbook(&[
        ("Students", &[&["First Name", "Last Name", "Email"], &["Ann", "Lee", "ann@example.com"]]),
        ("Instructors", &[]),
        ("Parents", &[&["First Name", "Email", "role"], &["Pat", "pat@example.com", "Parent"]]),
    ]);
    let report = report("learners", "a.xlsx", &file, &FileOptions::default());
    assert_eq!(
        messages(&report),
        [
            "Parents: Column Last Name: this sheet has no such column; others have.",
            "Parents, row 2, Last Name: the cell is blank, and the program requires a value.",
        ]
    );
    assert!(report.first_stop().is_none());
}

#[test]
fn all_sheets_count_for_the_limit_on_rows() {
    let check = |rows: u32| {
        let limits = shared_rules::limits::Limits { rows, ..shared_rules::limits::Limits::DEFAULT };
        let check = CheckOptions { limits, ..CheckOptions::default() };
        let report =
            report("learners", "a.xlsx", &family(), &FileOptions { check, ..FileOptions::default() });
        report.first_stop().map(|found| found.rule.clone())
    };
    assert_eq!(check(5), None);
    assert_eq!(check(4).as_deref(), Some("too-many-rows"));
}

#[test]
fn columns_of_sheets_are_one_where_their_names_say_so() {
    let columns = |first: &[&str], second: &[&str], mapping: &[(&str, &str)]| {
        let row = |header: &[&str]| vec!["ann@example.com"; header.len()];
        let rows = [row(first), row(second)];
        let [one, two] = &rows;
        let file = workbook(&[("Students", &[first, one]), ("Parents", &[second, two, two, two])]);
        let name = |name: &str| name.to_owned();
        let mapping = mapping.iter().map(|(from, to)| (name(from), Some(name(to)))).collect();
        let check = CheckOptions { mapping, ..CheckOptions::default() };
        let found = report("learners", "a.xlsx", &file, &FileOptions { check, ..FileOptions::default() });
        let columns = found.columns.into_iter();
        columns
            .map(|column| format!("{}={}", column.header, column.field.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let names = ["First Name", "Last Name", "Email"];
    let own = ["Role=Role", "First Name=First Name", "Last Name=Last Name", "Email=Email"];
    assert_eq!(columns(&names, &["e-mail", "Last Name", "first_name"], &[]), own);
    // A guess from the values says too little, and the importer says enough.
    let other = ["First Name", "Last Name", "Wohin"];
    assert_eq!(columns(&names, &other, &[]), [&own[..], &["Wohin="]].concat());
    assert_eq!(columns(&names, &other, &[("Wohin", "Email")]), own);
    // Nobody knows what it is, but that it is the same.
    let unknown = ["Room", "First Name", "Last Name", "Email"];
    assert_eq!(columns(&unknown, &unknown, &[]).len(), 5);
    // Two columns of a sheet stay two.
    let twice = ["First Name", "Last Name", "Email", "E-mail"];
    assert_eq!(columns(&names, &twice, &[]), [&own[..], &["E-mail="]].concat());
    // What a column says of the role goes before the sheet's name.
    let role = ["First Name", "Last Name", "Email", "Role"];
    let said = columns(&role, &role, &[]);
    assert_eq!(said, [&own[1..], &["Role=Role"]].concat());
}

#[test]
fn a_cell_without_a_header_is_a_fault_of_its_row() {
    let header: &[&str] = &["First Name", "Last Name", "Email"];
    let file = workbook(&[
        ("Students", &[header, &["Ann", "Lee", "ann@example.com"]]),
        ("Parents", &[&header[..2], &["Pat", "Lee", "", "pat@example.com"]]),
    ]);
    let report = report("learners", "a.xlsx", &file, &FileOptions::default());
    assert_eq!(messages(&report), ["Parents, row 2: six cells; the header has four."]);
}

#[test]
fn a_hidden_sheet_and_a_second_of_one_name_are_left_out() {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    for name in ["Students", "students!", "Parents", "Instructors"] {
        let sheet = workbook.add_worksheet().set_name(name).unwrap();
        sheet.write_row(0, 0, ["First Name", "Last Name", "Email"]).unwrap();
        sheet.write_row(1, 0, [name, "Lee", &format!("{name}@example.com")]).unwrap();
        sheet.set_hidden(name == "Instructors");
    }
    let file = workbook.save_to_buffer().unwrap();
    let report = report("learners", "a.xlsx", &file, &FileOptions::default());
    assert_eq!(report.file.left_out, ["students!", "Instructors"]);
    assert_eq!(report.rows, 2);
}

#[test]
fn sheets_without_a_value_are_an_empty_file() {
    let file = workbook(&[("Students", &[]), ("Parents", &[])]);
    let report = report("learners", "a.xlsx", &file, &FileOptions::default());
    assert_eq!(report.diagnostics[0].rule, "empty-file");
}
