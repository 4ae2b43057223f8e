//! What each kind of cell is as text, in workbooks that are made here.

#![expect(clippy::unwrap_used, reason = "a test fails loudly")]

mod common;

use std::ops::ControlFlow;

use proptest::{prelude::*, test_runner::RngSeed};
use rust_xlsxwriter::{
    ExcelDateTime, Format as CellFormat, Formula, Workbook as Writer, Worksheet, XlsxError,
};
use shared_rules::{
    check::{CheckOptions, Checker},
    program::Program,
};
use workbook::{Guards, Unreadable, Workbook};

use self::common::{csv, csv_of, ods, xlsx, xlsx_of};

/// Writes a sheet and compares its text.
#[track_caller]
fn check(write: impl Fn(&mut Worksheet) -> Result<&mut Worksheet, XlsxError>, expect: &str) {
    let mut writer = Writer::new();
    write(writer.add_worksheet()).unwrap();
    let file = writer.save_to_buffer().unwrap();
    assert_eq!(csv(&file, &Guards::DEFAULT).unwrap(), expect);
}

/// Compares the text of a sheet whose rows are given as XML; once more with comments in its cells, so that none is
/// taken for one that is written as most are.
#[track_caller]
fn check_xml(rows: &str, expect: &str) {
    assert_eq!(csv(&xlsx(rows), &Guards::DEFAULT).unwrap(), expect, "{rows}");
    let commented = rows.replace("<v>", "<!-- --><v>").replace("<is>", "<!-- --><is>");
    assert_eq!(csv(&xlsx(&commented), &Guards::DEFAULT).unwrap(), expect, "{commented}");
}

/// Compares the text of an ODS table whose rows are given as XML.
#[track_caller]
fn check_ods(rows: &str, expect: &str) {
    assert_eq!(csv(&ods(rows), &Guards::DEFAULT).unwrap(), expect, "{rows}");
}

#[test]
fn texts() {
    check(|sheet| sheet.write(0, 0, " a, \"b\"\tc "), "\" a, \"\"b\"\"\tc \"\n");
    check(|sheet| sheet.write(0, 0, "Zoë 😀 & <b>"), "Zoë 😀 & <b>\n");
    check(|sheet| sheet.write(0, 0, "two\nlines"), "\"two\nlines\"\n");
    check(|sheet| sheet.write(0, 0, "02108"), "02108\n");
    check_xml(r#"<row r="1"><c r="A1" t="str"><v>a_x000D_&#10;b &amp; c</v></c></row>"#, "\"a\r\nb & c\"\n");
    check_xml(r#"<row r="1"><c r="A1" t="inlineStr"><is><t>in</t></is></c></row>"#, "in\n");
    check_xml(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t><![CDATA[<a>]]></t></is><v>x</v></c></row>"#,
        "<a>\n",
    );
}

#[test]
fn cells_are_the_same_however_they_are_written() {
    check_xml(
        r#"<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"/><c r="C1"><v>7</v></c></row>"#,
        "shared,,7\n",
    );
    check_xml("<row>\n <c><v>1</v></c>\n <c t='str'><v>é</v></c>\n <c ><v>3</v></c>\n</row>", "1,é,3\n");
    // Allowed in an attribute's value, where it ends nothing.
    check_xml(r#"<row><c x="><v>5</v></c>"><v>6</v></c></row>"#, "6\n");
    check_xml("<row><c x='><v>5</v></c>'><v>6</v></c></row>", "6\n");
    check_xml("<row><c t=\"str\"><v>a\r\nb</v></c><c><v/></c><c><v>1</v></c></row>", "\"a\nb\",,1\n");
    check_xml(
        r#"<row><c t="inlineStr"><is><t xml:space="preserve"> a </t></is></c><c t="inlineStr"><is><t>_x0042_</t></is></c></row>"#,
        " a ,B\n",
    );
    check_xml("<row>x<c><v>1</v></c>\n</row><row><c><v>2</v></c></row>", "1\n2\n");
    check_xml("<row><c><f>1+1</f><v>2</v></c><c><v>3</v></c></row>", "2,3\n");
}

#[test]
fn shared_texts_are_the_same_however_they_are_written() {
    let strings = "<sst><si><t>a</t></si>\n<si><t xml:space=\"preserve\"> b</t></si><si><r><t>c</t></r></si><si/>\
                   <si><t>d &amp; e</t></si><si><t>_x0046_</t></si><si><t/></si><si><t>g</t></si></sst>";
    let cells = (0..8).fold(String::new(), |cells, index| cells + &format!("<c t=\"s\"><v>{index}</v></c>"));
    let parts = [
        ("xl/sharedStrings.xml", strings.to_owned()),
        ("xl/worksheets/sheet1.xml", common::sheet(&format!("<row>{cells}</row>"))),
    ];
    assert_eq!(csv(&xlsx_of(&parts), &Guards::DEFAULT).unwrap(), "a, b,c,,d & e,F,,g\n");
}

#[test]
fn rich_texts_are_joined_without_their_pronunciation() {
    let bold = CellFormat::new().set_bold();
    let plain = CellFormat::default();
    check(|sheet| sheet.write_rich_string(0, 0, &[(&plain, "Ann "), (&bold, "Lee ")]), "Ann Lee \n");
    check_xml(
        r#"<row r="1"><c r="A1" t="inlineStr"><is><t>課</t><rPh sb="0" eb="1"><t>カ</t></rPh></is></c></row>"#,
        "課\n",
    );
}

#[test]
fn numbers() {
    check(|sheet| sheet.write(0, 0, 1_234_567_890_123_456_u64), "1234567890123456\n");
    check(
        |sheet| sheet.write(0, 0, 1.1)?.write(0, 1, -3)?.write(0, 2, 1e20),
        "1.1,-3,100000000000000000000\n",
    );
    for (stored, written) in [
        ("1.2345678901234561E15", "1234567890123456"),
        ("12345678901234567890", "12345678901234567890"),
        ("1.1000000000000001", "1.1"),
        ("3.0", "3"),
        ("-0", "0"),
        ("1E-5", "0.00001"),
        ("1E21", "1E+21"),
    ] {
        check_xml(&format!(r#"<row r="1"><c r="A1"><v>{stored}</v></c></row>"#), &format!("{written}\n"));
    }
}

#[test]
fn dates_and_times() {
    let format = |code: &str| CellFormat::new().set_num_format(code);
    let write = |serial, code: &'static str, expect: &str| {
        let moment = ExcelDateTime::from_serial_datetime(serial).unwrap();
        check(|sheet| sheet.write_datetime_with_format(0, 0, &moment, &format(code)), expect);
    };
    write(45_292.0, "yyyy-mm-dd", "2024-01-01\n");
    write(45_292.0, "[$-409]d-mmm-yy;@", "2024-01-01\n");
    write(45_292.438_206_018_52, "d/m/yy h:mm", "2024-01-01 10:31:01\n");
    write(0.4375, "h:mm AM/PM", "10:30:00\n");
    write(1.5, "[h]:mm", "36:00:00\n");
    write(60.0, "yyyy-mm-dd", "1900-02-29\n");
    write(61.0, "yyyy-mm-dd", "1900-03-01\n");
    write(45_292.0, "0.00 \"days\"", "45292\n");
    check_xml(r#"<row r="1"><c r="A1" t="d"><v>2024-01-01T10:30:00</v></c></row>"#, "2024-01-01 10:30:00\n");
}

#[test]
fn days_are_counted_from_1904_where_the_workbook_says_so() {
    let parts = [
        ("xl/workbook.xml", common::WORKBOOK.replace("<sheets>", "<workbookPr date1904=\"1\"/><sheets>")),
        (
            "xl/worksheets/sheet1.xml",
            common::sheet(r#"<row><c s="1"><v>0</v></c><c s="1"><v>43830</v></c></row>"#),
        ),
    ];
    assert_eq!(csv(&xlsx_of(&parts), &Guards::DEFAULT).unwrap(), "1904-01-01,2024-01-01\n");
}

#[test]
fn truth_values_formulas_and_errors() {
    check(|sheet| sheet.write(0, 0, true)?.write(0, 1, false), "TRUE,FALSE\n");
    check(|sheet| sheet.write(0, 0, Formula::new("=1+2").set_result("3")), "3\n");
    check(|sheet| sheet.write(0, 0, Formula::new("=A2").set_result("a,b")), "\"a,b\"\n");
    check(|sheet| sheet.write(0, 0, Formula::new("=NA()").set_result("#N/A")), "#N/A\n");
    check_xml(
        r#"<row r="1"><c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="B1"><v>1</v></c></row>"#,
        "#DIV/0!,1\n",
    );
}

#[test]
fn a_merged_cell_has_its_value_once() {
    check(
        |sheet| {
            sheet.merge_range(0, 0, 1, 1, "merged", &CellFormat::default())?;
            sheet.write(2, 0, "a")
        },
        "merged\n\na\n",
    );
}

#[test]
fn lines_are_rows_and_cells_are_columns() {
    check(
        |sheet| {
            sheet.write(2, 1, "Name")?.write(2, 2, "ID")?;
            sheet.write(4, 1, "Ann")?.write_blank(5, 2, &CellFormat::new().set_bold())
        },
        "\n\n,Name,ID\n\n,Ann,\n",
    );
    // Without numbers, rows and cells follow one another.
    check_xml(
        "<row><c><v>1</v></c><c/><c><v>2</v></c></row><row/><row><c><v>3</v></c></row>",
        "1,,2\n\n3,,\n",
    );
    check_xml(r#"<row r="2"><c><v>1</v></c><c r="C2"><v>2</v></c><c><v>3</v></c></row>"#, "\n1,,2,3\n");
}

#[test]
fn cells_that_are_far_apart_take_no_room() {
    check(
        |sheet| sheet.write(0, 0, "first")?.write(1_048_575, 16_383, "last"),
        &format!("first{}{}last\n", "\n".repeat(1_048_575), ",".repeat(16_383)),
    );
}

#[test]
fn sheets_are_chosen_by_what_is_in_them() {
    let mut writer = Writer::new();
    writer.add_worksheet().set_name("Empty").unwrap();
    writer.add_worksheet().set_name("Hidden").unwrap().set_hidden(true).write(0, 0, "a").unwrap();
    writer.add_worksheet().set_name("Rows & more").unwrap().write(0, 0, "b").unwrap();
    let mut workbook = Workbook::open(writer.save_to_buffer().unwrap(), &Guards::DEFAULT).unwrap();
    let sheets: Vec<_> = workbook.sheets().iter().map(|sheet| (sheet.name.clone(), sheet.visible)).collect();
    let named = |name: &str, visible| (name.to_owned(), visible);
    assert_eq!(sheets, [named("Empty", true), named("Hidden", false), named("Rows & more", true)]);
    assert_eq!(workbook.default_sheet(), Ok(2));
    assert_eq!(csv_of(&mut workbook, 0).unwrap(), "");
    assert_eq!(csv_of(&mut workbook, 1).unwrap(), "a\n");
    assert_eq!(csv_of(&mut workbook, 2).unwrap(), "b\n");
    assert_eq!(csv_of(&mut workbook, 3), Err(Unreadable::NoSuchSheet { index: 3 }));

    let mut writer = Writer::new();
    writer.add_worksheet();
    let mut workbook = Workbook::open(writer.save_to_buffer().unwrap(), &Guards::DEFAULT).unwrap();
    assert_eq!(workbook.default_sheet(), Err(Unreadable::Empty));
}

#[test]
fn values_of_ods() {
    let cell = |attributes: &str, content: &str| {
        format!(
            "<table:table-row><table:table-cell {attributes}>{content}</table:table-cell></table:table-row>"
        )
    };
    let value = |kind: &str, name: &str, value: &str| {
        cell(&format!(r#"office:value-type="{kind}" office:{name}="{value}""#), "<text:p>shown</text:p>")
    };
    check_ods(&value("float", "value", "1234567890123456"), "1234567890123456\n");
    check_ods(&value("float", "value", "1.5E3"), "1500\n");
    check_ods(&value("percentage", "value", "0.5"), "0.5\n");
    check_ods(&value("currency", "value", "9.90"), "9.9\n");
    check_ods(&value("boolean", "boolean-value", "true"), "TRUE\n");
    check_ods(&value("date", "date-value", "2024-01-01"), "2024-01-01\n");
    check_ods(&value("date", "date-value", "2024-01-01T10:30:00"), "2024-01-01 10:30:00\n");
    check_ods(&value("time", "time-value", "PT10H30M00S"), "10:30:00\n");
    check_ods(&value("string", "string-value", "a &amp; b"), "a & b\n");
    let text = |content: &str| cell(r#"office:value-type="string""#, content);
    check_ods(&text("<text:p>a<text:s text:c=\"2\"/>b<text:tab/>c</text:p>"), "a  b\tc\n");
    check_ods(
        &text("<text:p>Ann <text:span>Lee</text:span></text:p><text:p/><text:p>2</text:p>"),
        "\"Ann Lee\n\n2\"\n",
    );
    check_ods(&text("<office:annotation><text:p>note</text:p></office:annotation><text:p>a</text:p>"), "a\n");
    check_ods(&text("<text:p>#N/A</text:p>"), "#N/A\n");
}

#[test]
fn repetitions_and_groups_of_ods() {
    check_ods(
        r#"<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
        <table:table-header-rows><table:table-row><table:table-cell table:number-columns-repeated="2"><text:p>a</text:p></table:table-cell>
        <table:covered-table-cell><text:p>under</text:p></table:covered-table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table-header-rows>
        <table:table-row table:number-rows-repeated="2"><table:table-cell><text:p>c</text:p></table:table-cell></table:table-row>
        <table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>"#,
        "\n\na,a,,b\nc,,,\nc,,,\n",
    );
}

#[test]
fn a_checker_numbers_the_rows_as_the_sheet_does() {
    let mut writer = Writer::new();
    let sheet = writer.add_worksheet();
    sheet.write_row(2, 0, ["Email", "StudentFirstName"]).unwrap();
    sheet.write(4, 0, "not an address\nat all").unwrap();
    sheet.write(6, 1, "Ann").unwrap();
    let mut workbook = Workbook::open(writer.save_to_buffer().unwrap(), &Guards::DEFAULT).unwrap();
    let mut checker =
        Checker::new(Program::builtin("retail").unwrap(), "roster.xlsx", CheckOptions::default());
    let mut rows = Vec::new();
    workbook
        .write_csv(0, &mut |chunk| {
            checker.push(chunk, |row| rows.push(row.row()));
            ControlFlow::Continue(())
        })
        .unwrap();
    let report = checker.finish(|row| rows.push(row.row()));
    assert_eq!(rows, [5, 7]);
    assert!(report.diagnostics.iter().all(|diagnostic| diagnostic.rule != "ragged-row"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() })]

    #[test]
    fn every_text_and_number_comes_back(rows in prop::collection::vec(
        prop::collection::vec(prop_oneof![
            "[ -~\\n\\réü€😀_x0-9D]{0,12}".prop_map(Ok),
            prop::num::f64::NORMAL.prop_map(Err),
        ], 1..6), 1..12))
    {
        let mut writer = Writer::new();
        let sheet = writer.add_worksheet();
        for (row, cells) in (0..).zip(&rows) {
            for (column, cell) in (0..).zip(cells) {
                match cell {
                    Ok(text) => sheet.write_string(row, column, text).unwrap(),
                    Err(number) => sheet.write_number(row, column, *number).unwrap(),
                };
            }
        }
        let mut workbook = Workbook::open(writer.save_to_buffer().unwrap(), &Guards::DEFAULT).unwrap();
        let text = csv_of(&mut workbook, 0).unwrap();
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        let mut records = reader.records().map(Result::unwrap);
        for cells in &rows {
            let filled = cells.iter().any(|cell| cell.as_ref().map_or(true, |text| !text.is_empty()));
            if !filled {
                continue;
            }
            let record = records.next().unwrap();
            for (index, cell) in cells.iter().enumerate() {
                let found = record.get(index).unwrap_or_default();
                match cell {
                    Ok(text) => prop_assert_eq!(found, text.as_str()),
                    // A workbook holds 15 to 17 digits of a number; this writer writes all.
                    Err(number) => prop_assert_eq!(found.parse::<f64>().map(f64::to_bits), Ok(number.to_bits())),
                }
            }
        }
    }
}
