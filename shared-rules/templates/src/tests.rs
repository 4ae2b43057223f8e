use std::io::{Cursor, Read};

use calamine::{Data, Reader, SheetVisible, Xlsx};
use shared_rules::{
    check::{CheckOptions, Checker},
    report::Report,
};
use zip::ZipArchive;

use super::*;

/// The report on a file that is given whole.
fn check(program: &Program, text: &str) -> Report {
    let program = Program::builtin(&program.name).unwrap();
    let mut checker = Checker::new(program, "template.csv", CheckOptions::default());
    checker.push(text.as_bytes(), |_| {});
    checker.finish(|_| {})
}

/// That nothing is wrong with the file but that it has no rows yet.
fn assert_blank(program: &Program, text: &str) {
    let report = check(program, text);
    let rules: Vec<&str> = report.diagnostics.iter().map(|found| found.rule.as_str()).collect();
    assert_eq!(rules, ["no-data-rows"], "{}", program.name);
    assert_eq!(report.columns.len(), program.fields.len());
    assert!(report.columns.iter().all(|column| column.field.as_ref() == Some(&column.header)));
}

fn program(fields: &str) -> Program {
    let json = format!(r#"{{"title": "Pupils: 'A/B'", "fields": [{fields}]}}"#);
    Program::from_descriptor(&json).unwrap()
}

fn opened(workbook: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    Xlsx::new(Cursor::new(workbook)).unwrap()
}

fn part(workbook: &[u8], name: &str) -> String {
    let mut text = String::new();
    let mut archive = ZipArchive::new(Cursor::new(workbook)).unwrap();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The first sheet's XML.
fn sheet(program: &Program) -> String {
    part(&workbook_template(program).unwrap(), "xl/worksheets/sheet1.xml")
}

/// The opening tags of that name.
fn tags<'a>(xml: &'a str, name: &str) -> Vec<&'a str> {
    xml.split(&format!("<{name} ")).skip(1).filter_map(|rest| rest.split('>').next()).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    format!(" {tag}").find(&format!(" {name}=\"")).and_then(|at| tag[at..].split('"').nth(1))
}

fn number(tag: &str, name: &str) -> usize {
    attribute(tag, name).map_or(0, |text| text.parse().unwrap())
}

/// The number format of a column of the first sheet.
fn number_format(workbook: &[u8], column: usize) -> String {
    let (sheet, styles) = (part(workbook, "xl/worksheets/sheet1.xml"), part(workbook, "xl/styles.xml"));
    let columns = tags(&sheet, "col");
    let covers = |tag: &&&str| (number(tag, "min")..=number(tag, "max")).contains(&(column + 1));
    let style = number(columns.iter().find(covers).unwrap(), "style");
    let cell_formats = styles.split_once("<cellXfs").unwrap().1;
    let id = number(tags(cell_formats, "xf")[style], "numFmtId");
    let own = tags(&styles, "numFmt").into_iter().find(|tag| number(tag, "numFmtId") == id);
    match (id, own) {
        (0, _) => "General".to_owned(),
        // One of the formats that every workbook has.
        (49, _) => "@".to_owned(),
        (_, own) => attribute(own.unwrap(), "formatCode").unwrap().to_owned(),
    }
}

/// The rules for a column's cells, as the sheet has them.
fn validation(sheet: &str, column: usize) -> Option<&str> {
    let cells = format!("{0}2:{0}1000001", shared_rules::columns::letters(column));
    let mut validations = sheet.split("<dataValidation ").skip(1);
    validations.find(|text| attribute(text, "sqref") == Some(&cells))?.split("</dataValidation>").next()
}

#[test]
fn the_csv_template_imports_as_it_is() {
    for program in Program::builtins() {
        assert_blank(program, &csv_template(program));
    }
}

#[test]
fn a_row_of_the_examples_is_right() {
    for program in Program::builtins() {
        let examples: Vec<&str> = program.fields.iter().map(|field| field.example.as_str()).collect();
        let mut report = check(program, &(csv_template(program) + &csv_line(&examples)));
        // The example's parents and instructors are not in the file.
        report.diagnostics.retain(|found| found.rule != "unknown-reference");
        assert_eq!((report.rows, report.diagnostics), (1, vec![]), "{}", program.name);
    }
}

#[test]
fn the_workbook_has_the_header_alone() {
    for program in Program::builtins() {
        let workbook = workbook_template(program).unwrap();
        let mut workbook = opened(&workbook);
        let mut names: Vec<&str> = vec![&program.title];
        if let Some(sheets) = &program.sheets {
            names = sheets.values.iter().map(|(name, _)| name.as_str()).collect();
        }
        names.push("Read me");
        let hidden = workbook.sheet_names().iter().filter(|name| *name == "Lists").count();
        assert_eq!(workbook.sheet_names()[..names.len()], names);
        assert_eq!(workbook.sheet_names().len(), names.len() + hidden);
        for sheet in 0..names.len() - 1 {
            let range = workbook.worksheet_range_at(sheet).unwrap().unwrap();
            assert_eq!(range.height(), 1);
            let header: Vec<String> = range.rows().next().unwrap().iter().map(Data::to_string).collect();
            assert_eq!(header.len(), program.fields.len() - usize::from(program.sheets.is_some()));
            if program.sheets.is_none() {
                assert_blank(program, &csv_line(&header));
            }
        }
    }
}

#[test]
fn read_me_has_the_dictionary() {
    let retail = Program::builtin("retail").unwrap();
    let workbook = workbook_template(&retail).unwrap();
    let range = opened(&workbook).worksheet_range("Read me").unwrap();
    let rows: Vec<Vec<String>> = range.rows().map(|row| row.iter().map(Data::to_string).collect()).collect();
    assert_eq!(rows[0][0], retail.description);
    assert_eq!(rows[3][0], "Retail");
    assert_eq!(rows[4], shared_rules::dictionary::HEADINGS);
    let entries = Dictionary::of(&retail).entries;
    assert_eq!(rows[5..], entries.iter().map(Entry::row).collect::<Vec<_>>());
}

#[test]
fn cells_keep_what_is_written() {
    let retail = Program::builtin("retail").unwrap();
    let workbook = workbook_template(&retail).unwrap();
    let format = |name: &str| {
        let column = retail.fields.iter().position(|field| field.name == name).unwrap();
        number_format(&workbook, column)
    };
    for name in ["Address1Zip", "Phone1Number", "ExternalID", "SchoolID", "PSOId", "StatusId", "CanContact"] {
        assert_eq!(format(name), "@", "{name}");
    }
    assert_eq!(format("BirthDay"), "yyyy-mm-dd");
    assert_eq!(format("CollegeGraduationYear"), "General");
}

#[test]
fn drop_downs_stand_below_the_header() {
    let sheet = sheet(&program(
        r#"{"name": "kind", "constraints": {"enum": ["Student", "Parent & more"]}},
           {"name": "agrees", "type": "boolean", "trueValues": ["TRUE"], "falseValues": ["FALSE"]},
           {"name": "source", "rollcall": {"enumOrGuid": ["Chat", "Event"]}},
           {"name": "text"}"#,
    ));
    let kind = validation(&sheet, 0).unwrap();
    assert!(kind.contains("<formula1>\"Student,Parent &amp; more\"</formula1>"), "{kind}");
    assert_eq!((attribute(kind, "type"), attribute(kind, "showErrorMessage")), (Some("list"), Some("1")));
    assert!(validation(&sheet, 1).unwrap().contains("<formula1>\"TRUE,FALSE\"</formula1>"));
    let source = validation(&sheet, 2).unwrap();
    assert!(source.contains("<formula1>\"Chat,Event\"</formula1>"));
    assert_eq!(attribute(source, "showErrorMessage"), None, "a GUID must be taken, too");
    assert_eq!(validation(&sheet, 3), None);
}

#[test]
fn values_that_a_rule_cannot_hold_lie_on_a_hidden_sheet() {
    let long: Vec<String> = (100..152).map(|number| format!("\"v{number}\"")).collect();
    let program = program(&format!(
        r#"{{"name": "fits", "constraints": {{"enum": [{}]}}}},
           {{"name": "long", "constraints": {{"enum": [{}]}}}},
           {{"name": "comma", "constraints": {{"enum": ["a, b", "c"]}}}}"#,
        long[..51].join(","),
        long.join(","),
    ));
    let workbook = workbook_template(&program).unwrap();
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    assert!(validation(&sheet, 0).unwrap().contains("<formula1>\"v100,v101,"));
    assert!(validation(&sheet, 1).unwrap().contains("<formula1>Lists!$A$1:$A$52</formula1>"));
    assert!(validation(&sheet, 2).unwrap().contains("<formula1>Lists!$B$1:$B$2</formula1>"));

    let mut workbook = opened(&workbook);
    let lists = workbook.sheets_metadata().last().unwrap();
    assert_eq!((lists.name.as_str(), lists.visible), ("Lists", SheetVisible::Hidden));
    let range = workbook.worksheet_range("Lists").unwrap();
    assert_eq!((range.height(), range.get_value((51, 0))), (52, Some(&Data::String("v151".to_owned()))));
    assert_eq!(range.get_value((0, 1)), Some(&Data::String("a, b".to_owned())));
}

#[test]
fn dates_are_checked() {
    let sheet = sheet(&program(
        r#"{"name": "any", "type": "date"},
           {"name": "bounded", "type": "date", "constraints": {"minimum": "1850-01-01", "maximum": "1900-01-31"}}"#,
    ));
    // Days since 1899-12-31, as spreadsheets count them.
    let any = validation(&sheet, 0).unwrap();
    assert!(any.contains("<formula1>1</formula1><formula2>2958465</formula2>"), "{any}");
    let bounded = validation(&sheet, 1).unwrap();
    assert!(bounded.contains("<formula1>1</formula1><formula2>31</formula2>"), "{bounded}");
    assert_eq!(attribute(bounded, "type"), Some("date"));
}

#[test]
fn the_header_stays_in_sight_and_shows_what_is_required() {
    let retail = Program::builtin("retail").unwrap();
    let workbook = workbook_template(&retail).unwrap();
    let sheet = part(&workbook, "xl/worksheets/sheet1.xml");
    let pane = tags(&sheet, "pane")[0];
    assert_eq!((attribute(pane, "ySplit"), attribute(pane, "state")), (Some("1"), Some("frozen")));
    // Email, StudentFirstName, StudentLastName, Address1Zip.
    let cells = tags(&sheet, "c");
    let [email, first, last, zip] = [0, 1, 2, 8].map(|column| attribute(cells[column], "s").unwrap());
    assert!(first == last && first != email && zip != email && zip != first);
}

#[test]
fn a_note_says_what_to_write() {
    let retail = Program::builtin("retail").unwrap();
    let notes = part(&workbook_template(&retail).unwrap(), "xl/comments1.xml");
    assert_eq!(tags(&notes, "comment").len(), retail.fields.len());
    for text in [
        "Required.\nWho the person is. Upper and lower case matter.\nType: one of the allowed values\n\
         Allowed values: Student; Parent or guardian of student; ",
        "Required where Zee is blank.\nZIP or postal code; keep leading zeros. Decides the market where Zee is \
         blank.\nType: text\nExample: 02108",
        "Limits: digits alone\nExample: 111111",
    ] {
        assert!(notes.contains(text), "{text}");
    }
}

#[test]
fn the_same_program_gives_the_same_bytes() {
    for program in Program::builtins() {
        assert!(workbook_template(program).unwrap() == workbook_template(program).unwrap());
    }
    let core = part(&workbook_template(&Program::builtins()[0]).unwrap(), "docProps/core.xml");
    assert_eq!(core.matches("2000-01-01T00:00:00Z").count(), 2, "{core}");
}

#[test]
fn a_title_becomes_the_name_of_a_sheet() {
    assert_eq!(sheet_name("Retail"), "Retail");
    assert_eq!(sheet_name("Pupils: 'A/B'"), "Pupils  'A B");
    assert_eq!(sheet_name(" ''"), "Roster");
    assert_eq!(sheet_name(&"é".repeat(40)), "é".repeat(31));
    assert_eq!(sheet_name(&"🎓".repeat(40)), "🎓".repeat(15));
    assert!(workbook_template(&program(r#"{"name": "a"}"#)).is_ok());
}

#[test]
fn a_program_that_does_not_fit_is_an_error() {
    let json = r#"{"title": "Read me", "fields": [{"name": "a"}]}"#;
    let error = workbook_template(&Program::from_descriptor(json).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "the program does not fit into a workbook");
}
