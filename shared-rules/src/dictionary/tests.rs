use std::{fs, path::PathBuf};

use insta::assert_snapshot;
use proptest::prelude::*;

use super::*;

/// A column of each type and limit, and a group of which a row needs one.
const EVERY_TYPE: &str = r#"{
    "title": "Every type",
    "description": "One column of each | and *more*.",
    "rollcall": {"require": [{"rule": "require-one-of", "fields": ["mail", "id", "guid"]}]},
    "fields": [
        {"name": "text", "title": "A text", "description": "Any\ntext.", "example": "=a, \"b\""},
        {"name": "mail", "format": "email"},
        {"name": "id", "constraints": {"pattern": "[0-9]+", "maxLength": 9}},
        {"name": "code", "constraints": {"pattern": "[A-Z]{2}", "minLength": 2, "maxLength": 2}},
        {"name": "one", "constraints": {"required": true, "enum": ["a", "b c"]}},
        {"name": "source", "rollcall": {"enumOrGuid": ["Chat", "Event"]}},
        {"name": "guid", "format": "uuid"},
        {"name": "flag", "type": "boolean", "example": true},
        {"name": "mark", "type": "boolean", "trueValues": ["X"], "constraints": {"enum": [true]}},
        {"name": "day", "type": "date", "constraints": {"minimum": "2000-01-01", "maximum": "2020-12-31"}},
        {"name": "year", "type": "year", "constraints": {"minimum": 1990}},
        {"name": "count", "type": "integer", "constraints": {"maximum": 12}, "example": 3},
        {"name": "share", "type": "number"},
        {"name": "list", "type": "list", "delimiter": "|", "itemType": "integer", "constraints": {"minLength": 2}}
    ]
}"#;

fn every_type() -> Dictionary {
    Dictionary::of(&Program::from_descriptor(EVERY_TYPE).unwrap())
}

#[test]
fn markdown() {
    assert_snapshot!(every_type().to_markdown(), @r#"
    # Data dictionary: Every type

    One column of each \| and \*more\*.

    | Column | Title | Required | Type | Allowed values | Limits | Example | Description |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | text | A text | no | text |  |  | =a, "b" | Any text. |
    | mail | mail | Required where id and guid are blank. | e-mail address |  |  |  |  |
    | id | id | Required where mail and guid are blank. | text |  | at most nine characters; digits alone |  |  |
    | code | code | no | text |  | two characters; of the form \`\[A-Z\]{2}\` |  |  |
    | one | one | yes | one of the allowed values | a; b c |  |  |  |
    | source | source | no | one of the allowed values, or a GUID | Chat; Event |  |  |  |
    | guid | guid | Required where mail and id are blank. | GUID |  |  |  |  |
    | flag | flag | no | true or false | true; True; TRUE; 1; false; False; FALSE; 0 |  | true |  |
    | mark | mark | no | X or blank | X |  |  |  |
    | day | day | no | date, YYYY-MM-DD |  | between 2000-01-01 and 2020-12-31 |  |  |
    | year | year | no | year in four digits |  | 1990 or more |  |  |
    | count | count | no | whole number |  | 12 or less | 3 |  |
    | share | share | no | number |  |  |  |  |
    | list | list | no | list of whole numbers, separated by \`\|\` |  | at least two items |  |  |
    "#);
}

#[test]
fn csv() {
    assert_snapshot!(every_type().to_csv(), @r#"
    Column,Title,Required,Type,Allowed values,Limits,Example,Description
    text,A text,no,text,,,"'=a, ""b""","Any
    text."
    mail,mail,Required where id and guid are blank.,e-mail address,,,,
    id,id,Required where mail and guid are blank.,text,,at most nine characters; digits alone,,
    code,code,no,text,,two characters; of the form `[A-Z]{2}`,,
    one,one,yes,one of the allowed values,a; b c,,,
    source,source,no,"one of the allowed values, or a GUID",Chat; Event,,,
    guid,guid,Required where mail and id are blank.,GUID,,,,
    flag,flag,no,true or false,true; True; TRUE; 1; false; False; FALSE; 0,,true,
    mark,mark,no,X or blank,X,,,
    day,day,no,"date, YYYY-MM-DD",,between 2000-01-01 and 2020-12-31,,
    year,year,no,year in four digits,,1990 or more,,
    count,count,no,whole number,,12 or less,3,
    share,share,no,number,,,,
    list,list,no,"list of whole numbers, separated by `|`",,at least two items,,
    "#);
}

#[test]
fn json() {
    let mut dictionary = every_type();
    dictionary.entries.truncate(2);
    assert_snapshot!(dictionary.to_json(), @r#"
    {
      "program": "",
      "title": "Every type",
      "description": "One column of each | and *more*.",
      "columns": [
        {
          "name": "text",
          "title": "A text",
          "description": "Any\ntext.",
          "required": "no",
          "type": "text",
          "values": [],
          "limits": "",
          "example": "=a, \"b\""
        },
        {
          "name": "mail",
          "title": "mail",
          "description": "",
          "required": "Required where id and guid are blank.",
          "type": "e-mail address",
          "values": [],
          "limits": "",
          "example": ""
        }
      ]
    }
    "#);
}

#[test]
fn a_spreadsheet_is_told_how_to_hold_each_type() {
    let cells: Vec<CellType> = every_type().entries.into_iter().map(|entry| entry.cells).collect();
    let day = CellType::Date { least: Some("2000-01-01".to_owned()), most: Some("2020-12-31".to_owned()) };
    let expect = [
        [CellType::Text, CellType::Text, CellType::Text, CellType::Text].as_slice(),
        &[CellType::Choice, CellType::Suggestion, CellType::Text, CellType::Choice, CellType::Choice],
        &[day, CellType::Number, CellType::Number, CellType::Number, CellType::Text],
    ];
    assert_eq!(cells, expect.concat());
}

#[test]
fn every_example_may_stand_in_its_column() {
    for program in Program::builtins() {
        for field in &program.fields {
            let fits = !field.is_missing(&field.example) && field.check(&field.example).is_ok();
            assert!(fits, "{}, {}: `{}`", program.name, field.name, field.example);
        }
    }
}

/// The committed pages are also the snapshots of the programs' dictionaries.
#[test]
fn docs_dictionary_is_current() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/dictionary"));
    for program in Program::builtins() {
        let stored = fs::read_to_string(folder.join(&program.name).with_extension("md")).unwrap_or_default();
        assert!(
            stored == Dictionary::of(program).to_markdown(),
            "docs/dictionary/{}.md is not what the program says; run `cargo xtask dictionary`",
            program.name
        );
    }
}

fn entry() -> impl Strategy<Value = Entry> {
    let text = "[ -~\n\ré]{0,8}|\\PC{0,8}";
    (proptest::array::uniform6(text), proptest::collection::vec(text, 0..3)).prop_map(
        |([name, title, description, kind, limits, example], values)| Entry {
            name,
            title,
            description,
            required: Required::No,
            kind,
            values,
            limits,
            example,
            cells: CellType::Text,
        },
    )
}

proptest! {
    #[test]
    fn the_csv_reads_back_to_the_same_cells(entries in proptest::collection::vec(entry(), 0..4)) {
        let [program, title, description] = [(); 3].map(|()| String::new());
        let dictionary = Dictionary { program, title, description, entries };
        let text = dictionary.to_csv();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        prop_assert_eq!(reader.headers().unwrap(), &HEADINGS[..]);
        let rows: Vec<Vec<String>> = reader.deserialize().map(Result::unwrap).collect();
        let marked = |entry: &Entry| entry.row().map(|cell| neutralise(&cell).into_owned()).to_vec();
        prop_assert_eq!(rows, dictionary.entries.iter().map(marked).collect::<Vec<_>>());
    }
}
