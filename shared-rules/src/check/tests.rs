use proptest::prelude::*;

use super::*;
use crate::identity::KeyWriter;

const HEADER: &str = "StudentFirstName,StudentLastName,Address1Zip,Address1Country,ClientType,StudentType,\
                      CanContact,CanContactSchools,CanContactSurveys,Email,Address1StreetAddress1\n";

/// A row of [`HEADER`] that is right.
fn person(first: &str, last: &str, email: &str) -> String {
    format!(
        "{first},{last},02108,United States,Student,High school student,TRUE,TRUE,FALSE,{email},1 Main St\n"
    )
}

fn checked(bytes: &[u8], chunk: usize, options: CheckOptions) -> (Report, Vec<u32>) {
    let mut checker = Checker::new(Program::builtin("retail").unwrap(), "roster.csv", options);
    let mut rows = Vec::new();
    for chunk in bytes.chunks(chunk.max(1)) {
        checker.push(chunk, |row| rows.push(row.row()));
    }
    let report = checker.finish(|row| rows.push(row.row()));
    (report, rows)
}

fn report(bytes: impl AsRef<[u8]>) -> Report {
    checked(bytes.as_ref(), usize::MAX, CheckOptions::default()).0
}

fn limited(limits: Limits) -> CheckOptions {
    CheckOptions { limits, ..CheckOptions::default() }
}

fn rules_of(report: &Report) -> Vec<&str> {
    report.counts.iter().map(|count| count.rule.as_str()).collect()
}

#[test]
fn a_clean_file_has_a_clean_report() {
    let report = report(format!("{HEADER}{}", person("Ann", "Lee", "ann@example.com")));
    assert_eq!(report.diagnostics, []);
    assert_eq!((report.rows, report.truncated), (1, false));
    assert_eq!(report.columns[0].field.as_deref(), Some("StudentFirstName"));
}

#[test]
fn line_ends_and_byte_order_mark_change_nothing() {
    let file =
        format!("{HEADER}{}{}", person("Ann", "Lee", "a@example.com"), person("", "Ng", "b@example.com"));
    let expect = report(&file);
    for ends in ["\r\n", "\r"] {
        for mark in ["", "\u{feff}"] {
            let file = format!("{mark}{}", file.replace('\n', ends));
            for chunk in [1, 2, usize::MAX] {
                let (mut other, _) = checked(file.as_bytes(), chunk, CheckOptions::default());
                other.file.bytes = expect.file.bytes;
                assert_eq!(other, expect, "{ends:?} {mark:?} {chunk}");
            }
        }
    }
}

#[test]
fn blank_rows_count_for_the_numbering_alone() {
    for blank in ["\n", "\r\n", ",,,,,,,,,,\n", "  \n", "\"\"\n"] {
        let file =
            format!("{blank}{blank}{HEADER}{blank}{}{blank}{}", person("A", "Lee", ""), person("", "Ng", ""));
        let (report, rows) = checked(file.as_bytes(), usize::MAX, CheckOptions::default());
        assert_eq!(rows, [5, 7], "{blank:?}");
        assert_eq!(report.rows, 2);
        assert_eq!(report.diagnostics[0].location.row, Some(7));
    }
}

#[test]
fn a_quoted_line_break_belongs_to_its_row() {
    let file = format!("{HEADER}{}{}", person("\"A\nB\"", "Lee", ""), person("", "Ng", ""));
    let (report, rows) = checked(file.as_bytes(), usize::MAX, CheckOptions::default());
    assert_eq!(rows, [2, 3]);
    assert_eq!(rules_of(&report), ["missing-required-value", "stray-space"]);
}

#[test]
fn an_open_quote_costs_one_row() {
    let mut file = HEADER.to_owned();
    for index in 0..1000 {
        let first = if index == 500 { "\"Ann" } else { "Ann" };
        file += &person(first, &format!("Lee{index}"), &format!("a{index}@example.com"));
    }
    for chunk in [usize::MAX, 7] {
        let (report, rows) = checked(file.as_bytes(), chunk, CheckOptions::default());
        assert_eq!(rows, (2..=1001).collect::<Vec<u32>>());
        assert_eq!((report.rows, report.rows_with_errors), (1000, 1));
        assert_eq!(report.diagnostics[0].rule, "unclosed-quote");
        assert_eq!(
            report.diagnostics[0].location,
            crate::diagnostic::Location::cell(502, "StudentFirstName")
        );
    }
}

#[test]
fn a_quote_that_another_cell_closes_costs_one_row() {
    let file = format!(
        "{HEADER}{}{}{}",
        person("Ann", "Lee", "\"open"),
        person("Bob", "Ng", "b@example.com"),
        person("\"Cy, Jr\"", "Orr", "c@example.com"),
    );
    let (report, rows) = checked(file.as_bytes(), usize::MAX, CheckOptions::default());
    assert_eq!(rows, [2, 3, 4]);
    assert_eq!((report.rows_with_errors, rules_of(&report)), (1, vec!["unclosed-quote"]));
}

#[test]
fn the_cells_of_a_damaged_row_are_those_of_its_line() {
    let file = format!("{HEADER}\"x,y\",\"Ann,Lee\n{}", person("Bob", "Ng", ""));
    let mut checker = Checker::new(Program::builtin("retail").unwrap(), "r.csv", CheckOptions::default());
    let mut cells = Vec::new();
    let mut look = |row: &CheckedRow<'_>| cells.push(row.cells().map(String::from).collect::<Vec<_>>());
    checker.push(file.as_bytes(), &mut look);
    let _ = checker.finish(&mut look);
    assert_eq!(cells[0], ["x,y", "\"Ann", "Lee"]);
    assert_eq!(cells.len(), 2);
}

#[test]
fn each_kind_of_damage_keeps_its_row_out_and_no_other() {
    for (damaged, rule) in [
        (person("A\0n", "Lee", "").into_bytes(), "nul-character"),
        (person("Jos@", "Lee", "").replace('@', "~").into_bytes(), ""),
        (b"Jos\xe9,Lee,02108,US,Student,High school student,TRUE,TRUE,TRUE,,\n".to_vec(), "undecodable-text"),
        (
            b"Jos\xc3,\xa9Lee,02108,US,Student,High school student,TRUE,TRUE,TRUE,,\n".to_vec(),
            "undecodable-text",
        ),
        (b"Ann,Lee\n".to_vec(), "ragged-row"),
        (person("Ann,Bea", "Lee", "").into_bytes(), "ragged-row"),
        (person("\"O\"Ann", "Lee", "").into_bytes(), "misplaced-quote"),
        (person("Ann", "Lee", "").replace('\n', ",,\n").into_bytes(), ""),
    ] {
        let mut file = HEADER.as_bytes().to_vec();
        file.extend(person("Bob", "Ng", "b@example.com").bytes());
        file.extend(&damaged);
        file.extend(person("Cy", "Orr", "c@example.com").bytes());
        let report = report(&file);
        assert_eq!(report.rows, 3);
        let expect: &[&str] = if rule.is_empty() { &[] } else { &[rule] };
        assert_eq!(rules_of(&report), expect, "{}", String::from_utf8_lossy(&damaged));
        assert!(report.diagnostics.iter().all(|found| found.location.row == Some(3)));
    }
}

#[test]
fn files_without_data() {
    assert_eq!(rules_of(&report("")), ["empty-file"]);
    assert_eq!(rules_of(&report("\u{feff}\r\n\n,,\n")), ["empty-file"]);
    assert_eq!(rules_of(&report(HEADER)), ["no-data-rows"]);
    assert_eq!(rules_of(&report(person("Ann", "Lee", ""))), ["missing-header", "no-data-rows"]);
}

#[test]
fn limits_are_exact() {
    let row = person("Ann", "Lee", "");
    let rows = |count: usize| format!("{HEADER}{}", row.repeat(count));
    let limits = Limits::DEFAULT;
    let bytes = u64::try_from(rows(2).len()).unwrap();
    let longest = "x".repeat(20);
    for (file, limits, rule) in [
        (rows(1), Limits { rows: 2, ..limits }, ""),
        (rows(2), Limits { rows: 2, ..limits }, ""),
        (rows(3), Limits { rows: 2, ..limits }, "too-many-rows"),
        (rows(2), Limits { bytes: bytes + 1, ..limits }, ""),
        (rows(2), Limits { bytes, ..limits }, ""),
        (rows(2), Limits { bytes: bytes - 1, ..limits }, "file-too-large"),
        (rows(1), Limits { columns: 12, ..limits }, ""),
        (rows(1), Limits { columns: 11, ..limits }, ""),
        (rows(1), Limits { columns: 10, ..limits }, "too-many-columns"),
        (
            format!("{HEADER}{}", person(&longest[1..], "Lee", "")),
            Limits { cell_characters: 20, ..limits },
            "",
        ),
        (format!("{HEADER}{}", person(&longest, "Lee", "")), Limits { cell_characters: 20, ..limits }, ""),
        (
            format!("{HEADER}{}", person(&format!("é{longest}"), "Lee", "")),
            Limits { cell_characters: 20, ..limits },
            "cell-too-long",
        ),
    ] {
        // The header's own names are longer than the cells' limit here.
        for chunk in [1, usize::MAX] {
            let (report, _) = checked(file.as_bytes(), chunk, limited(limits));
            let found = report.counts.iter().any(|count| count.rule == rule);
            assert!(rule.is_empty() || found, "{rule} {limits:?}");
            let limit_rules = ["too-many-rows", "file-too-large", "too-many-columns"];
            if rule.is_empty() {
                assert!(!rules_of(&report).iter().any(|rule| limit_rules.contains(rule)), "{limits:?}");
                assert!(
                    !report
                        .diagnostics
                        .iter()
                        .any(|found| found.location.row.is_some() && found.rule == "cell-too-long")
                );
            }
        }
    }
}

#[test]
fn rows_up_to_the_limit_are_checked_and_all_are_counted() {
    let file = format!("{HEADER}{}", person("", "Lee", "").repeat(4));
    let (report, rows) = checked(file.as_bytes(), 10, limited(Limits { rows: 3, ..Limits::DEFAULT }));
    assert_eq!(rows, [2, 3, 4]);
    assert_eq!((report.rows, report.rows_with_errors), (4, 3));
}

#[test]
fn a_line_without_end_is_one_row_and_little_memory() {
    let limits = Limits { cell_characters: 20, columns: 12, ..Limits::DEFAULT };
    let file = format!("{HEADER}{}\n{}", "x".repeat(100_000), person("Ann", "Lee", ""));
    for chunk in [usize::MAX, 1000, 13] {
        let (report, rows) = checked(file.as_bytes(), chunk, limited(limits));
        assert_eq!(rows, [2, 3]);
        let found: Vec<_> = report.diagnostics.iter().filter(|found| found.location.row == Some(2)).collect();
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].rule, "cell-too-long");
    }
}

#[test]
fn diagnostics_are_capped_and_counts_are_not() {
    let file = format!("{HEADER}{}", person("", "Lee", "bad").repeat(5));
    let options = CheckOptions { diagnostics_per_rule: 2, ..CheckOptions::default() };
    let (report, _) = checked(file.as_bytes(), usize::MAX, options);
    // Two of each rule, and one about the column.
    assert_eq!(report.diagnostics.len(), 5);
    assert!(report.truncated);
    assert_eq!(report.counts.iter().map(|count| count.count).collect::<Vec<_>>(), [5, 5, 1]);
}

#[test]
fn the_duplicate_policy_decides_how_grave_a_repetition_is() {
    let file = format!(
        "{HEADER}{}{}{}",
        person("Ann", "Lee", "a@example.com"),
        person("Ann", "Lee", "A@EXAMPLE.COM"),
        person("Ann", "Lee", "other@example.com"),
    );
    for policy in DuplicatePolicy::ALL {
        let options = CheckOptions { duplicates: policy, ..CheckOptions::default() };
        let (report, _) = checked(file.as_bytes(), usize::MAX, options);
        let expect = if policy == DuplicatePolicy::Reject { (2, 0) } else { (0, 2) };
        assert_eq!((report.rows_with_errors, report.rows_with_warnings), expect, "{policy}");
    }
}

#[test]
fn a_rejected_row_is_nobodys_earlier_row() {
    let wrong = person("Ann", "Lee", "a@example.com").replace("TRUE", "yes");
    let right = person("Ann", "Lee", "a@example.com");
    let report = report(format!("{HEADER}{wrong}{right}{right}"));
    assert_eq!((report.rows_with_errors, report.rows_with_warnings), (1, 1));
    assert!(report.diagnostics.last().unwrap().message.contains("as row 3"));
}

#[test]
fn siblings_who_share_an_address_are_two_people() {
    let file = format!("{HEADER}{}{}", person("Ann", "Lee", ""), person("Bob", "Lee", ""));
    assert_eq!(report(file).diagnostics, []);
}

#[test]
fn a_record_holds_what_the_row_says() {
    let header = "Email,StudentFirstName,StudentLastName,Address1Zip,Address1StreetAddress1,Address1Country,ParentEmail,\
                  ParentFirstName,ParentLastName,ClientType,StudentType,PSOId,Cancel,CanContact,CanContactSchools,\
                  CanContactSurveys,HighSchoolGraduationYear,ClientAdminPSOs,Note\n";
    let row = "Ann@Example.com, Ann ,Lee,02108-1234,1 Main St.,US,p@example.com,Pat,Lee,Student,High school student,\
               111111,TRUE,TRUE,FALSE,TRUE,2031,\"111111, 222222\",x\n";
    let mut checker = Checker::new(Program::builtin("retail").unwrap(), "r.csv", CheckOptions::default());
    let mut record = None;
    checker.push(format!("{header}{row}").as_bytes(), |_| {});
    let _ = checker.finish(|row| record = row.record());
    let json = serde_json::to_value(record.unwrap()).unwrap();
    let expect = serde_json::json!({
        "row": 2, "kind": "student",
        "person": {
            "email": "Ann@Example.com", "firstName": "Ann", "lastName": "Lee", "postalCode": "02108-1234",
            "street1": "1 Main St.", "country": "US", "clientType": "Student",
            "studentType": "High school student", "canContact": true, "canContactSchools": false,
            "canContactSurveys": true, "highSchoolGraduationYear": 2031,
            "parentEmail": "p@example.com", "parentFirstName": "Pat", "parentLastName": "Lee",
        },
        "keys": [
            {"kind": "email", "value": "ann@example.com"},
            {"kind": "name-address", "value": "ann\u{1f}lee\u{1f}1mainst\u{1f}02108"},
        ],
        "parent": {
            "person": {"email": "p@example.com", "firstName": "Pat", "lastName": "Lee"},
            "keys": [{"kind": "email", "value": "p@example.com"}],
        },
        "enrolment": {"offering": "111111", "cancel": true},
        "grants": ["111111", "222222"],
    });
    assert_eq!(json, expect);
}

#[test]
fn a_parent_is_complete_and_somebody_else() {
    for (email, first, last, expect) in [
        ("pat@example.com", "Pat", "Lee", true),
        ("ANN@example.com", "Pat", "Lee", false),
        ("pat@example.com", "", "Lee", false),
        ("", "Pat", "Lee", false),
    ] {
        let header = HEADER.replace('\n', ",ParentEmail,ParentFirstName,ParentLastName\n");
        let row =
            person("Ann", "Lee", "ann@example.com").replace('\n', &format!(",{email},{first},{last}\n"));
        let mut checker = Checker::new(Program::builtin("retail").unwrap(), "r.csv", CheckOptions::default());
        let mut record = None;
        checker.push(format!("{header}{row}").as_bytes(), |_| {});
        let _ = checker.finish(|row| record = row.record());
        let record = record.unwrap();
        assert_eq!(record.parent.is_some(), expect, "{email} {first}");
        assert_eq!(record.person.contains_key("parentEmail"), !email.is_empty());
    }
}

#[test]
fn a_faulty_header_gives_no_record() {
    let file = format!("{}{}", HEADER.replace("ClientType", "Type"), person("Ann", "Lee", ""));
    let mut checker = Checker::new(Program::builtin("retail").unwrap(), "r.csv", CheckOptions::default());
    let mut given = 0;
    checker.push(file.as_bytes(), |_| {});
    let report = checker.finish(|row| {
        given += 1;
        assert!(!row.is_rejected() && row.record().is_none());
    });
    assert_eq!(given, 1);
    assert!(report.first_stop().is_some());
}

/// Bytes in which what a reader can stumble over is frequent.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        4 => "[a-c]{0,6}".prop_map(String::into_bytes),
        4 => prop::sample::select(&b"\",\n\r\"\n,"[..]).prop_map(|byte| vec![byte]),
        1 => prop::sample::select(&b"\0 \xef\xbb\xbf\xc3\xa9\xff"[..]).prop_map(|byte| vec![byte]),
        1 => Just(HEADER.as_bytes().to_vec()),
        1 => Just(person("Ann", "Lee", "a@example.com").into_bytes()),
    ];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn tiny_limits() -> impl Strategy<Value = Limits> {
    (1..6_u32, 1..600_u64, 1..14_usize, 1..30_usize)
        .prop_map(|(rows, bytes, columns, cell_characters)| Limits { rows, bytes, columns, cell_characters })
}

proptest! {
    #[test]
    fn any_chunking_gives_the_same(
        body in hostile(),
        with_header in any::<bool>(),
        limits in prop_oneof![Just(Limits::DEFAULT), tiny_limits()],
        chunk in 1..9_usize,
    ) {
        let mut file = if with_header { HEADER.as_bytes().to_vec() } else { Vec::new() };
        file.extend(body);
        let whole = checked(&file, usize::MAX, limited(limits));
        prop_assert_eq!(&checked(&file, chunk, limited(limits)), &whole);
        prop_assert_eq!(&checked(&file, 1, limited(limits)), &whole);
    }

    /// Without quotes every line that has something in it is a row; with them, damage never makes more rows than
    /// there are lines.
    #[test]
    fn rows_are_conserved(body in hostile()) {
        for quoted in [true, false] {
            let mut file = HEADER.as_bytes().to_vec();
            file.extend(body.iter().filter(|byte| quoted || **byte != b'"'));
            let (report, rows) = checked(&file, 5, CheckOptions::default());
            prop_assert_eq!(report.rows as usize, rows.len());
            prop_assert!(rows.is_sorted_by(|a, b| a < b));
            let lines = file.split(|byte| matches!(byte, b'\n' | b'\r'));
            let filled = lines.skip(1).filter(|line| line.iter().any(|byte| !matches!(byte, b',' | b' '))).count();
            prop_assert!(rows.len() <= filled);
            prop_assert!(quoted || rows.len() == filled);
        }
    }

    #[test]
    fn any_bytes_make_a_report(file in prop::collection::vec(any::<u8>(), 0..300)) {
        let (report, _) = checked(&file, 17, CheckOptions::default());
        let counted: u64 = report.counts.iter().map(|count| count.count).sum();
        prop_assert_eq!(counted, report.diagnostics.len() as u64);
        prop_assert_eq!(serde_json::from_str::<Report>(&report.to_json()).unwrap(), report);
    }
}

/// Neither those of rows that were looked at ahead and not checked, nor those of rows that were checked alone.
#[test]
fn a_row_has_the_identities_of_no_other() {
    let file =
        [HEADER, &person("Ann", "Lee", "ann@example.com"), &person("Bo", "Ng", "bo@example.com")].concat();
    let program = Program::builtin("retail").unwrap();
    let mut reader = Reader::new(Limits::DEFAULT, Dialect::COMMA);
    let mut batches = 0;
    reader.push(file.as_bytes(), &mut |rows| {
        let [header, ann, bo] = rows else { return };
        batches += 1;
        let headers: Vec<String> = header.cells.text().unwrap().iter().map(str::to_owned).collect();
        let header = Header { count: headers.len(), headers, samples: Vec::new() };
        let columns = Columns::matched(&program, header, &Mapping::new());
        let context = Context::new(Arc::clone(&program), columns, false, None);
        let keys = |raw: &RawRow<'_>| {
            let (texts, mut writer) = (raw.cells.text().unwrap(), KeyWriter::default());
            let identities = context.roles.identities.iter();
            let keys = identities.filter_map(|identity| identity.hash(&program, texts, &mut writer));
            keys.collect::<Vec<u64>>()
        };
        let mut checker = RowChecker::new(&context, &CheckOptions::default());
        checker.look_ahead(&context, &rows[1..]);
        for raw in [bo, ann] {
            assert!(checker.check_alone(&context, raw).keys().is_empty());
            let row = checker.check(&context, raw);
            assert_eq!((row.findings().len(), row.keys()), (0, &keys(raw)[..]));
        }
        let row = checker.check(&context, ann);
        assert_eq!((row.findings_across().len(), row.keys()), (1, &keys(ann)[..]));
        checker.look_ahead(&context, &rows[1..]);
        for raw in &rows[1..] {
            assert_eq!(checker.check_next(&context, raw).keys(), keys(raw));
        }
    });
    assert_eq!(batches, 1);
}
