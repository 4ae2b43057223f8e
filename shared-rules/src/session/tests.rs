use proptest::prelude::*;

use super::*;
use crate::{
    diagnostic::Severity,
    options::{Delimiter, DuplicatePolicy},
    sheets::SheetRows,
};

const HEADER: &str = "StudentFirstName,StudentLastName,Address1Zip,Address1Country,ClientType,StudentType,\
                      CanContact,CanContactSchools,CanContactSurveys,Email,Address1StreetAddress1,SchoolID\n";

/// A row of [`HEADER`] that is right.
fn person(first: &str, email: &str) -> String {
    format!(
        "{first},Lee,02108,United States,Student,High school student,TRUE,TRUE,FALSE,{email},1 Main St,\n"
    )
}

fn options() -> CheckOptions {
    CheckOptions {
        diagnostics_per_rule: usize::MAX,
        delimiter: Some(Delimiter::Comma),
        header_row: Some(1),
        ..CheckOptions::default()
    }
}

fn open_with(program: &str, text: &str, options: CheckOptions) -> Session {
    let program = Program::builtin(program).unwrap();
    let mut loader = Loader::new(program, "roster.csv", options);
    loader.push(text.as_bytes());
    loader.finish().1.unwrap()
}

fn open(text: &str) -> Session {
    open_with("retail", text, options())
}

fn exported(session: &Session, part: Part) -> String {
    let mut bytes = Vec::new();
    session.export(part, |chunk| bytes.extend_from_slice(chunk));
    String::from_utf8(bytes).unwrap()
}

fn edit(session: &mut Session, id: RowId, column: usize, value: &str) {
    session.set_cells(&[CellEdit { id, column, value: value.to_owned() }]).unwrap();
}

/// What is found in each row: number and rule.
fn found(session: &Session) -> Vec<String> {
    let rows = session.window(0, usize::MAX);
    let of_row = |row: &RowView| {
        let number = row.number;
        row.diagnostics.iter().map(move |found| format!("{number} {}", found.rule)).collect::<Vec<_>>()
    };
    rows.iter().flat_map(of_row).collect()
}

/// The session says of the roster what a fresh check says of its export.
fn assert_as_fresh(session: &mut Session) {
    session.select(Filter::default());
    let text = exported(session, Part::All);
    let options = CheckOptions { header_row: Some(session.file.header_row), ..session.options.clone() };
    let mut checker = Checker::new(Arc::clone(&session.program), "roster.csv", options);
    checker.push(text.as_bytes(), |_| {});
    let mut fresh = checker.finish(|_| {});
    let mut report = session.report();
    report.file = fresh.file.clone();
    for columns in [&mut report.columns, &mut fresh.columns] {
        for column in columns {
            column.samples.clear();
        }
    }
    assert_eq!(report, fresh, "{text}");

    let rows = session.window(0, usize::MAX);
    let shown: Vec<&Diagnostic> = rows.iter().flat_map(|row| &row.diagnostics).collect();
    let of_rows: Vec<&Diagnostic> =
        fresh.diagnostics.iter().filter(|found| found.location.row.is_some()).collect();
    assert_eq!(shown, of_rows, "{text}");

    let summary = session.summary();
    assert_eq!(
        (summary.rows_with_errors, summary.rows_with_warnings),
        (fresh.rows_with_errors, fresh.rows_with_warnings),
        "{text}"
    );
    let of_file: Vec<&Diagnostic> =
        fresh.diagnostics.iter().filter(|found| found.location.row.is_none()).collect();
    assert_eq!(summary.findings.iter().collect::<Vec<_>>(), of_file, "{text}");
    let place = |found: &Diagnostic| (found.location.sheet.clone(), found.location.row);
    let mut broken: Vec<(Severity, &str, _)> =
        of_rows.iter().map(|found| (found.severity, &*found.rule, place(found))).collect();
    broken.sort_unstable();
    broken.dedup();
    for count in &summary.rules {
        let rows =
            broken.iter().filter(|(severity, rule, _)| *severity == count.severity && *rule == count.rule);
        assert_eq!(rows.count() as u64, count.count, "{} {text}", count.rule);
    }
    assert_eq!(summary.rules.iter().map(|count| count.count).sum::<u64>(), broken.len() as u64);
}

#[test]
fn a_cell_is_changed_and_checked_again() {
    let mut session =
        open(&format!("{HEADER}{}{}", person("Ann", "ann@example"), person("Bo", "bo@example.com")));
    assert_eq!(found(&session), ["2 invalid-email"]);
    edit(&mut session, 0, 9, "ann@example.com");
    assert_eq!(found(&session), Vec::<String>::new());
    assert_eq!(session.summary().rows_changed, 1);
    assert!(session.undo() && !session.undo());
    assert_eq!(found(&session), ["2 invalid-email"]);
    assert_eq!(session.summary().rows_changed, 0);
    assert!(session.redo() && !session.redo());
    assert_as_fresh(&mut session);
}

#[test]
fn rows_that_share_a_person_are_checked_with_it() {
    let ann = person("Ann", "ann@example.com");
    let mut session = open(&format!("{HEADER}{ann}{}{ann}", person("Bo", "bo@example.com")));
    assert_eq!(found(&session), ["4 exact-duplicate"]);
    // The first of the rows goes: the other is the first.
    session.delete_rows(&[0]).unwrap();
    assert_eq!(found(&session), Vec::<String>::new());
    assert_as_fresh(&mut session);
    // A row comes to be a person's that is there.
    edit(&mut session, 1, 9, "ANN@example.com");
    assert_eq!(found(&session), ["3 shared-email"]);
    assert_as_fresh(&mut session);
    session.undo();
    session.undo();
    assert_eq!(found(&session), ["4 exact-duplicate"]);
    assert_as_fresh(&mut session);
}

#[test]
fn numbers_count_blank_rows_and_move_with_rows_above() {
    let file = format!("{HEADER}\n{}\n\n{}", person("Ann", "ann@example"), person("Bo", "bo@example"));
    let mut session = open(&file);
    assert_eq!(found(&session), ["3 invalid-email", "6 invalid-email"]);
    assert_eq!(exported(&session, Part::All), file);
    session.insert_rows(Some(1), &[vec!["Cy".to_owned()], Vec::new()]).unwrap();
    let numbers: Vec<u32> = session.window(0, 9).iter().map(|row| row.number).collect();
    assert_eq!(numbers, [3, 4, 5, 8]);
    assert_as_fresh(&mut session);
    session.delete_rows(&[0]).unwrap();
    assert_as_fresh(&mut session);
}

#[test]
fn a_window_shows_what_is_asked_for_until_it_is_asked_again() {
    let file = format!("{HEADER}{}{}", person("Ann", "ann@example"), person("Bo", "bo@example.com"));
    let mut session = open(&file);
    let errors = Filter { severity: Some(Severity::Error), ..Filter::default() };
    assert_eq!(session.select(errors.clone()), 1);
    edit(&mut session, 0, 9, "ann@example.com");
    assert_eq!(session.window(0, 9).len(), 1);
    assert_eq!(session.select(errors), 0);
    let select = |session: &mut Session, filter| session.select(filter);
    assert_eq!(select(&mut session, Filter { changed: true, ..Filter::default() }), 1);
    assert_eq!(select(&mut session, Filter { text: Some("BO@".to_owned()), ..Filter::default() }), 1);
    edit(&mut session, 1, 4, "student");
    assert_eq!(select(&mut session, Filter { found: true, ..Filter::default() }), 1);
    assert_eq!(select(&mut session, Filter { column: Some(4), ..Filter::default() }), 1);
    assert_eq!(select(&mut session, Filter { column: Some(5), ..Filter::default() }), 0);
    let rule = Some("value-not-allowed".to_owned());
    assert_eq!(select(&mut session, Filter { rule, ..Filter::default() }), 1);
    assert_eq!(select(&mut session, Filter { rule: Some("unheard-of".to_owned()), ..Filter::default() }), 0);
    select(&mut session, Filter::default());
    assert_eq!(session.next_error(0, false), Some(1));
    assert_eq!((session.next_error(1, false), session.next_error(1, true)), (Some(1), Some(1)));
    assert_eq!((session.next_error(0, true), session.next_error(9, false)), (Some(1), Some(1)));
    edit(&mut session, 1, 4, "Student");
    assert_eq!((session.next_error(0, false), session.next_error(1, true)), (None, None));
}

#[test]
fn fixes_of_a_rule_are_shown_then_made_then_taken_back() {
    let file = HEADER.to_owned()
        + &person("Ann", "ann@example.com").replace("Student,", "student,")
        + &person("Bo", "bo@example.com").replace("TRUE", "yes")
        + &person("Ann", "ann@example.com");
    let mut session = open(&file);
    let task = Task::Fix { rule: Some("value-not-allowed".to_owned()), row: None };
    let preview = session.run(task.clone(), true);
    assert_eq!((preview.rows, preview.cells), (2, 3));
    assert_eq!(preview.examples[0].after.as_deref(), Some("Student"));
    assert_eq!(exported(&session, Part::All), file);
    assert_eq!(session.run(task, false), preview);
    assert_eq!(found(&session), ["4 exact-duplicate"]);
    assert_eq!(session.run(Task::Fix { rule: None, row: None }, false).rows, 0, "all deletes nothing");
    session.run(Task::Fix { rule: Some("exact-duplicate".to_owned()), row: None }, false);
    assert_eq!(session.summary().rows, 2);
    assert_as_fresh(&mut session);
    session.undo();
    session.undo();
    assert_eq!(exported(&session, Part::All), file);
    assert_as_fresh(&mut session);
}

#[test]
fn changed_rows_are_chosen() {
    let file = format!("{HEADER}{}{}", person("Ann", "ann@example"), person("Bo", "bo@gmial.com"));
    let mut session = open(&file);
    edit(&mut session, 0, 9, "ann@example.com");
    session.run(Task::Fix { rule: Some("mistyped-domain".to_owned()), row: None }, false);
    session.insert_rows(None, &[vec!["Cy".to_owned()]]).unwrap();
    session.delete_rows(&[0]).unwrap();
    assert_eq!(session.summary().rows_changed, 2);
    assert_eq!(session.select(Filter { changed: true, ..Filter::default() }), 2);
    assert_eq!(session.window(0, 9).iter().map(|row| row.number).collect::<Vec<_>>(), [2, 3]);
}

#[test]
fn text_is_replaced() {
    let mut session = open(&format!("{HEADER}{}", person("Ann", "ann@old.example")));
    let replace = |find: &str, with: &str| Replace {
        find: find.to_owned(),
        with: with.to_owned(),
        ..Replace::default()
    };
    let mut run = |replace| session.run(Task::Replace(replace), false).cells;
    assert_eq!(run(Replace { match_case: true, ..replace("ANN", "Anne") }), 0);
    assert_eq!(run(Replace { column: Some(0), ..replace("ANN", "Anne") }), 1);
    assert_eq!(run(Replace { whole_cell: true, ..replace("old", "new") }), 0);
    assert_eq!(run(replace("OLD", "new")), 1);
    assert_eq!(run(Replace { column: Some(11), whole_cell: true, ..replace("", "7") }), 1);
    assert!(exported(&session, Part::All).ends_with("Anne,Lee,02108,United States,Student,High school student,TRUE,TRUE,FALSE,ann@new.example,1 Main St,7\n"));
}

#[test]
fn a_header_is_renamed_and_a_column_mapped() {
    let file = format!("{HEADER}{}", person("Ann", "ann@example.com")).replace("Email", "Contact");
    let mut session = open(&file);
    session.rename_header(9, "Email").unwrap();
    assert!(session.steps().is_open());
    session.settle();
    assert_as_fresh(&mut session);
    session.undo();
    session.map_columns([("Contact".to_owned(), Some("Email".to_owned()))].into());
    session.settle();
    assert_eq!(session.summary().columns[9].field.as_deref(), Some("Email"));
    assert_as_fresh(&mut session);
}

#[test]
fn damage_stays_until_it_is_mended() {
    let file = format!(
        "{HEADER}Ann,\"Lee\"x{}Bo,\"Lee,1\n{}",
        person("", "a@example.com"),
        person("Cy", "c@example.com")
    );
    let mut session = open(&file);
    assert_eq!(found(&session).len(), 2);
    assert_as_fresh(&mut session);
    session.delete_rows(&[1]).unwrap();
    edit(&mut session, 0, 1, "Lee");
    assert_as_fresh(&mut session);
}

#[test]
fn a_secret_is_never_shown() {
    let file = "Email,First Name,Last Name,Password\nann@example.com,Ann,Lee,hunter2\n";
    let mut session = open_with("clients", file, options());
    assert_eq!(session.window(0, 1)[0].cells[3], "••••••");
    assert_eq!(session.select(Filter { text: Some("hunter".to_owned()), ..Filter::default() }), 0);
    let replace = Replace { find: "hunter".to_owned(), with: "x".to_owned(), ..Replace::default() };
    assert_eq!(session.run(Task::Replace(replace), true).cells, 0);
}

#[test]
fn parts_are_exported() {
    let file = format!("{HEADER}{}{}", person("Ann", "ann@example"), person("=Bo", "bo@example.com"));
    let session = open(&file);
    assert_eq!(exported(&session, Part::Errors), format!("{HEADER}{}", person("Ann", "ann@example")));
    assert_eq!(exported(&session, Part::Importable), format!("{HEADER}{}", person("'=Bo", "bo@example.com")));
}

#[test]
fn what_a_sheet_stands_for_is_a_column_of_the_export() {
    let mut loader = Loader::new(Program::builtin("learners").unwrap(), "roster.xlsx", options());
    loader.checker().set_sheet("Instructors");
    loader.push(b"First Name,Last Name,Email\nAnn,Lee,ann@example.com\n");
    let session = loader.finish().1.unwrap();
    let expect = "First Name,Last Name,Email,Role\nAnn,Lee,ann@example.com,Instructor\n";
    assert_eq!(exported(&session, Part::All), expect);
}

/// A roster of these sheets.
fn open_sheets(sheets: &[(&str, &str)]) -> Session {
    let options = CheckOptions { header_row: None, ..options() };
    let mut loader = Loader::new(Program::builtin("learners").unwrap(), "roster.xlsx", options);
    for (name, text) in sheets {
        loader.checker().add_sheet(name);
        loader.checker().push_head(text.as_bytes());
    }
    for (_, text) in sheets {
        loader.next_sheet();
        loader.push(text.as_bytes());
    }
    loader.finish().1.unwrap()
}

/// Each row's place and first cells.
fn places(session: &Session) -> Vec<String> {
    let rows = session.window(0, usize::MAX);
    let place = |row: &RowView| format!("{} {} {}", row.sheet.as_deref().unwrap(), row.number, row.cells[1]);
    rows.iter().map(place).collect()
}

#[test]
fn rows_keep_their_place_on_their_sheet() {
    let mut session = open_sheets(&[
        (
            "Students",
            "First Name,Last Name,Email,Parent\nAnn,Lee,ann@example.com,pat@example.com\nBo,Lee,ann@example.com,\n",
        ),
        ("Instructors", "Staff\n\nE-mail,First Name,Surname\nkim@example.com,Kim,Roy\n"),
        ("Parents", "First Name,Last Name,Email\n\nPat,Lee,pat@example\n"),
    ]);
    let all = ["Students 2 Ann", "Students 3 Bo", "Instructors 4 Kim", "Parents 3 Pat"];
    assert_eq!(places(&session), all);
    let text = "Role,First Name,Last Name,Email,Parent\n\
        Student,Ann,Lee,ann@example.com,pat@example.com\n\
        Student,Bo,Lee,ann@example.com,\n\n\n\n\
        Instructor,Kim,Roy,kim@example.com,\n\n\n\
        Parent,Pat,Lee,pat@example,\n";
    assert_eq!(exported(&session, Part::All), text);

    session.delete_rows(&[0]).unwrap();
    assert_eq!(places(&session), ["Students 2 Bo", "Instructors 4 Kim", "Parents 3 Pat"]);
    session.settle();
    assert_as_fresh(&mut session);
    let row = ["Student", "Cy", "Lee", "cy@example.com", "pat@example.com"].map(str::to_owned).to_vec();
    session.insert_rows(Some(2), &[row.clone(), row]).unwrap();
    let some = ["Students 2 Bo", "Students 3 Cy", "Students 4 Cy", "Instructors 4 Kim", "Parents 3 Pat"];
    assert_eq!(places(&session), some);
    session.settle();
    assert_as_fresh(&mut session);
    edit(&mut session, 3, 3, "pat@example.com");
    session.settle();
    assert_as_fresh(&mut session);
    assert_eq!(found(&session), ["4 exact-duplicate"]);
    while session.undo() {}
    assert_eq!(places(&session), all);
    session.settle();
    assert_as_fresh(&mut session);
    session.delete_rows(&[3, 2, 1, 0]).unwrap();
    session.insert_rows(None, &[vec!["Parent".to_owned(), "Rob".to_owned()]]).unwrap();
    assert_eq!(places(&session), ["Students 2 Rob"]);
}

#[test]
fn a_file_that_is_not_all_there_cannot_be_edited() {
    let limits = crate::limits::Limits { rows: 1, ..crate::limits::Limits::DEFAULT };
    for (text, limits) in [("", crate::limits::Limits::DEFAULT), ("a,b\n1,2\n3,4\n", limits)] {
        let options = CheckOptions { limits, ..options() };
        let mut loader = Loader::new(Program::builtin("retail").unwrap(), "roster.csv", options);
        loader.push(text.as_bytes());
        assert!(loader.finish().1.is_none(), "{text}");
    }
}

/// What is done to a session in the property test, with numbers that are taken for what is there.
#[derive(Clone, Debug)]
enum Act {
    Edit { row: usize, column: usize, value: usize },
    Insert { place: usize, rows: Vec<usize> },
    Delete { row: usize },
    Fix { row: Option<usize> },
    Undo,
    Redo,
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        6 => (0..40_usize, 0..14_usize, 0..VALUES.len())
            .prop_map(|(row, column, value)| Act::Edit { row, column, value }),
        2 => (0..40_usize, prop::collection::vec(0..ROWS, 1..3)).prop_map(|(place, rows)| Act::Insert { place, rows }),
        2 => (0..40_usize).prop_map(|row| Act::Delete { row }),
        1 => prop::option::of(0..40_usize).prop_map(|row| Act::Fix { row }),
        2 => Just(Act::Undo),
        1 => Just(Act::Redo),
    ]
}

const VALUES: [&str; 12] =
    ["", " ", "Ann", "ann@example.com", "bo@example.com", "02108", "yes", "TRUE", "7", "8", "9", "=x, \"y\""];

/// So many rows each program has to choose from.
const ROWS: usize = 12;

/// A row of which some look like others.
fn row_of(program: &str, index: usize) -> Vec<String> {
    let first = ["Ann", "Bo", "Cy"][index % 3];
    let email = format!("{}@example.com", ["ann", "bo", "ann"][index / 3 % 3]);
    let number = index.to_string();
    let cells: Vec<&str> = match program {
        "retail" => vec![
            first,
            "Lee",
            "02108",
            "United States",
            "Student",
            "High school student",
            "TRUE",
            "TRUE",
            "FALSE",
            &email,
            "1 Main St",
            &number,
        ],
        "learners" => {
            let role = ["Student", "Parent", "Student"][index % 3];
            vec![
                role,
                first,
                "Lee",
                &email,
                ["", "bo@example.com", "ann@example.com; x@example.com"][index / 4 % 3],
            ]
        }
        _ => vec![first, &number, ["", "1", "2", "11"][index % 4]],
    };
    cells.into_iter().map(str::to_owned).collect()
}

fn header_of(program: &str) -> &str {
    match program {
        "retail" => HEADER,
        "learners" => "Role,First Name,Last Name,Email,Parent\n",
        _ => "name,id,manager\n",
    }
}

/// A program of which rows refer to others, and have values of their own.
fn program_of(name: &str) -> Arc<Program> {
    let own = r#"{"fields":[{"name":"name"},{"name":"id"},{"name":"manager"}],"primaryKey":"id",
        "foreignKeys":[{"fields":"manager","reference":{"fields":"id"}}]}"#;
    Program::builtin(name).unwrap_or_else(|| Arc::new(Program::from_descriptor(own).unwrap()))
}

fn quoted(cells: &[String]) -> String {
    cells.iter().map(|cell| format!("\"{cell}\"")).collect::<Vec<_>>().join(",") + "\n"
}

fn carry_out(session: &mut Session, program: &str, act: &Act) {
    let id = |session: &Session, row: usize| {
        let order = session.rows.order();
        order.get(row % order.len().max(1)).copied()
    };
    match act {
        Act::Edit { row, column, value } => {
            let Some(id) = id(session, *row) else { return };
            let column = column % (session.headers.len() + 1);
            edit(session, id, column, VALUES[*value]);
        }
        Act::Insert { place, rows } => {
            let rows: Vec<Vec<String>> = rows.iter().map(|index| row_of(program, *index)).collect();
            let before = session.rows.order().get(place % (session.rows.len() + 1)).copied();
            session.insert_rows(before, &rows).unwrap();
        }
        Act::Delete { row } => {
            let Some(id) = id(session, *row) else { return };
            session.delete_rows(&[id]).unwrap();
        }
        Act::Fix { row } => {
            let row = row.and_then(|row| id(session, row));
            session.run(Task::Fix { rule: None, row }, false);
        }
        Act::Undo => {
            session.undo();
        }
        Act::Redo => {
            session.redo();
        }
    }
}

proptest! {
    /// However a roster is edited, the session says what a fresh check of it says: at once where nothing waits for
    /// a check of all rows, and in any case after it.
    #[test]
    fn a_session_is_as_a_fresh_check(
        program in prop::sample::select(vec!["retail", "learners", "own"]),
        reject in any::<bool>(),
        rows in prop::collection::vec(0..ROWS, 0..12),
        acts in prop::collection::vec(act(), 1..12),
        mut before in prop::collection::vec(0..15_u32, 0..3),
    ) {
        before.sort_unstable();
        let sheets = ["A", "B"].into_iter().zip(before);
        let sheets = sheets.map(|(name, before)| SheetRows { name: name.to_owned(), before }).collect();
        let duplicates = if reject { DuplicatePolicy::Reject } else { DuplicatePolicy::Update };
        let text: String = rows.iter().map(|index| quoted(&row_of(program, *index))).collect();
        let mut loader = Loader::new(program_of(program), "roster.csv", CheckOptions { duplicates, sheets, ..options() });
        loader.push(format!("{}{text}", header_of(program)).as_bytes());
        let mut session = loader.finish().1.unwrap();
        assert_as_fresh(&mut session);
        for act in &acts {
            carry_out(&mut session, program, act);
            if !session.is_unsettled {
                assert_as_fresh(&mut session);
            }
        }
        session.settle();
        assert_as_fresh(&mut session);
        while session.undo() {}
        session.settle();
        let before = exported(&session, Part::All);
        let rows = before.lines().skip(1).count();
        prop_assert_eq!(rows, text.lines().count());
        assert_as_fresh(&mut session);
    }

    /// A fix mends what offers it: nothing is offered again for the same cell, and no row is worse for it.
    #[test]
    fn fixes_come_to_an_end(rows in prop::collection::vec(0..ROWS, 1..12), edits in prop::collection::vec(act(), 1..8)) {
        let text: String = rows.iter().map(|index| quoted(&row_of("retail", *index))).collect();
        let mut session = open(&format!("{HEADER}{text}"));
        for act in &edits {
            carry_out(&mut session, "retail", act);
        }
        session.settle();
        for round in 0.. {
            prop_assert!(round < 4, "fixes go on for ever: {}", exported(&session, Part::All));
            let before = session.summary().rows_with_errors;
            if session.run(Task::Fix { rule: None, row: None }, false).cells == 0 {
                break;
            }
            session.settle();
            prop_assert!(session.summary().rows_with_errors <= before);
        }
    }
}
