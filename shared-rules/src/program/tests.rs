use serde_json::{Value as Json, json};

use super::*;

#[test]
fn every_descriptor_compiles() {
    for json in DESCRIPTORS {
        if let Err(faults) = Program::from_descriptor(json) {
            panic!("{faults:?}");
        }
    }
    let names: Vec<&str> = Program::builtins().iter().map(|program| program.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "retail",
            "international",
            "institutional",
            "learners",
            "district-users",
            "district-demographics",
            "clients"
        ]
    );
}

/// The three programs are one set of columns of which each requires others.
#[test]
fn the_three_programs_agree() {
    let common = [DESCRIPTORS[0], DESCRIPTORS[1], DESCRIPTORS[2]].map(|json| {
        let mut schema: Json = serde_json::from_str(json).unwrap();
        let own = schema["rollcall"].as_object_mut().unwrap();
        for key in ["name", "title", "description", "require"] {
            own.remove(key);
        }
        for field in schema["fields"].as_array_mut().unwrap() {
            let field = field.as_object_mut().unwrap();
            for key in ["title", "description"] {
                field.remove(key);
            }
            if let Some(constraints) = field.get_mut("constraints").and_then(Json::as_object_mut) {
                constraints.remove("required");
                if constraints.is_empty() {
                    field.remove("constraints");
                }
            }
        }
        schema
    });
    assert_eq!(common[0], common[1]);
    assert_eq!(common[0], common[2]);
}

#[test]
fn each_program_requires_its_columns() {
    let common = [
        "StudentFirstName",
        "StudentLastName",
        "Address1Country",
        "ClientType",
        "StudentType",
        "CanContact",
        "CanContactSchools",
        "CanContactSurveys",
    ];
    for (name, more, groups) in [
        ("retail", &[][..], 1),
        ("international", &["Email", "StatusId", "PSOId"], 0),
        ("institutional", &["StatusId", "PSOId"], 0),
    ] {
        let program = Program::builtin(name).unwrap();
        let required = program.fields.iter().filter(|field| field.required).map(|field| field.name.as_str());
        let mut required: Vec<&str> = required.collect();
        let mut expect: Vec<&str> = common.iter().chain(more).copied().collect();
        required.sort_unstable();
        expect.sort_unstable();
        assert_eq!(required, expect, "{name}");
        assert_eq!(program.requirements.len(), groups, "{name}");
        assert_eq!(program.fields.len(), 43);
    }
}

#[test]
fn every_column_is_explained() {
    for program in Program::builtins() {
        for field in program.summary().fields {
            assert!(field.description.len() > 10 && !field.title.is_empty(), "{}", field.name);
        }
    }
    let summary = Program::builtin("retail").unwrap().summary();
    let values = |name| summary.fields.iter().find(|field| field.name == name).unwrap().values.clone();
    assert_eq!(values("Cancel"), Some(vec!["TRUE".to_owned()]));
    assert_eq!(values("CanContact"), Some(vec!["TRUE".to_owned(), "FALSE".to_owned()]));
    assert_eq!(values("Source").unwrap().len(), 10);
    assert_eq!(values("Email"), None);
}

#[expect(clippy::needless_pass_by_value, reason = "each call makes its JSON on the spot")]
fn field(json: Json) -> Result<Program, Vec<DescriptorFault>> {
    let mut field = json!({"name": "a"});
    field.as_object_mut().unwrap().extend(json.as_object().unwrap().clone());
    Program::from_descriptor(&json!({"fields": [field]}).to_string())
}

fn admits(json: Json, good: &[&str], bad: &[&str]) {
    let program = field(json).unwrap();
    for text in good {
        assert!(program.fields[0].admits(text), "{text}");
    }
    for text in bad {
        assert!(!program.fields[0].admits(text), "{text}");
    }
}

#[test]
fn a_plain_table_schema_compiles() {
    admits(json!({}), &["anything", ""], &[]);
    admits(json!({"constraints": {"required": true}}), &["x"], &["", " ", "\u{a0}"]);
    admits(json!({"type": "integer"}), &["-3", "12"], &["1.5", "x", " 1"]);
    admits(json!({"type": "integer", "constraints": {"minimum": 1, "maximum": 3}}), &["1", "3"], &["0", "4"]);
    admits(json!({"type": "number", "constraints": {"minimum": 0.5}}), &["0.5", "1e3"], &["0.4", "1,5"]);
    admits(json!({"type": "boolean"}), &["true", "0"], &["yes"]);
    admits(json!({"type": "date"}), &["2024-02-29", "0001-01-01"], &["2023-02-29", "2024-2-9", "29.2.2024"]);
    admits(
        json!({"type": "date", "constraints": {"minimum": "2000-01-01"}}),
        &["2000-01-01"],
        &["1999-12-31"],
    );
    admits(json!({"type": "year", "constraints": {"maximum": "2050"}}), &["2050"], &["2051", "51", "+205"]);
    admits(json!({"constraints": {"pattern": "[A-Z]{2}\\d|x"}}), &["AB1", "x"], &["AB12", "ab1", "xx"]);
    admits(json!({"constraints": {"minLength": 2, "maxLength": 3}}), &["äö", "äöü"], &["ä", "äöüß"]);
    admits(json!({"format": "uuid"}), &["3f2504e0-4f89-41d3-9a0c-0305e82c3301"], &["3f2504e0"]);
    admits(
        json!({"type": "list", "itemType": "integer", "delimiter": ";"}),
        &["1", "1; 2"],
        &["1,2", "1;;2"],
    );
    admits(json!({"type": "list", "constraints": {"maxLength": 2}}), &["a", "a,b"], &["a,b,c"]);
    admits(json!({"missingValues": ["", "NA"], "type": "integer"}), &["NA", "1"], &["na"]);
    let many: Vec<String> = (0..40).map(|number| format!("v{number}")).collect();
    admits(json!({"constraints": {"enum": many}}), &["v0", "v39"], &["v40", "V0"]);
}

#[test]
fn a_wrong_descriptor_is_told_where() {
    for (json, path, found) in [
        (json!({"type": "money"}), "/fields/0/type", "`money`"),
        (json!({"constraints": {"jsonSchema": {}}}), "/fields/0/constraints/jsonSchema", "not supported"),
        (json!({"constraints": {"unique": "yes"}}), "/fields/0/constraints/unique", "\"yes\""),
        (json!({"constraints": {"pattern": "("}}), "/fields/0/constraints/pattern", "`(`"),
        (json!({"constraints": {"enum": []}}), "/fields/0/constraints/enum", "empty"),
        (json!({"constraints": {"required": "yes"}}), "/fields/0/constraints/required", "\"yes\""),
        (json!({"type": "date", "format": "day"}), "/fields/0/format", "`day`"),
        (json!({"type": "date", "format": "%d %Q"}), "/fields/0/format", "`%d %Q`"),
        (json!({"type": "number", "decimalChar": ",,"}), "/fields/0/decimalChar", "`,,`"),
        (json!({"type": "integer", "constraints": {"enum": ["x"]}}), "/fields/0/constraints/enum", "`x`"),
        (json!({"rollcall": {"severity": "fatal"}}), "/fields/0/rollcall/severity", "`fatal`"),
        (json!({"name": ""}), "/fields/0/name", "no name"),
        (json!({"rollcall": {"fills": "person.shoeSize"}}), "/fields/0/rollcall/fills", "shoeSize"),
        (json!({"rollcall": {"fills": "enrolment.cancel"}}), "/fields/0/rollcall/fills", "another type"),
    ] {
        let faults = field(json).unwrap_err();
        assert_eq!(faults.len(), 1, "{faults:?}");
        assert_eq!(faults[0].path, path);
        assert!(faults[0].found.contains(found), "{faults:?}");
    }
    for (json, path) in [
        ("", ""),
        ("[]", ""),
        ("{}", "/fields"),
        (r#"{"fields":[]}"#, "/fields"),
        (r#"{"fields":[{"name":"a"},{"name":"a"}]}"#, "/fields/1/name"),
        (r#"{"fields":[{"name":"a"}],"fieldsMatch":"some"}"#, "/fieldsMatch"),
        (r#"{"fields":[{"name":"a"}],"primaryKey":"b"}"#, "/primaryKey"),
        (r#"{"fields":[{"name":"a"}],"uniqueKeys":[["a"],[]]}"#, "/uniqueKeys/1"),
        (
            r#"{"fields":[{"name":"a"}],"foreignKeys":[{"fields":"a","reference":{"resource":"b","fields":"a"}}]}"#,
            "/foreignKeys/0/reference/resource",
        ),
        (
            r#"{"fields":[{"name":"a"}],"rollcall":{"require":[{"rule":"require-one-of","fields":["a"]}]}}"#,
            "/rollcall/require/0/fields",
        ),
        (r#"{"fields":[{"name":"a"}],"rollcall":{"identity":["email"]}}"#, "/rollcall/identity"),
        (
            r#"{"fields":[{"name":"a"}],"rollcall":{"require":[{"rule":"x","fields":["a","a"]}]}}"#,
            "/rollcall/require/0/rule",
        ),
        (
            r#"{"fields":[{"name":"a"}],"rollcall":{"kind":{"field":"b","values":{}}}}"#,
            "/rollcall/kind/field",
        ),
    ] {
        let faults = Program::from_descriptor(json).unwrap_err();
        assert_eq!(faults[0].path, path, "{faults:?}");
    }
}

#[test]
fn every_type_of_a_table_schema() {
    admits(json!({"type": "time"}), &["17:30:00", "00:00:00Z"], &["25:00:00", "5pm", "17:30"]);
    admits(json!({"type": "time", "format": "%H:%M"}), &["17:30"], &["17:30:00", "24:30"]);
    admits(json!({"type": "datetime"}), &["2024-02-29T10:00:00", "2024-02-29T10:00:00Z"], &["2024-02-29"]);
    admits(json!({"type": "date", "format": "%d/%m/%Y"}), &["20/04/2011"], &["2011-04-20", "04/20/2011"]);
    admits(json!({"type": "date", "format": "any"}), &["20/4/2011", "2011-04-20"], &["3/4/2011", "soon"]);
    admits(
        json!({"type": "date", "format": "%d/%m/%Y", "constraints": {"minimum": "01/01/2000"}}),
        &["01/01/2000"],
        &["31/12/1999"],
    );
    admits(
        json!({"type": "date", "format": "%b %d, %y"}),
        &["Apr 20, 11", "april 1, 70"],
        &["Apr 31, 11", "x"],
    );
    admits(
        json!({"type": "datetime", "format": "%d.%m.%Y %I:%M %p"}),
        &["1.2.2024 12:05 am"],
        &["1.2.2024 13:05 pm"],
    );
    admits(json!({"type": "yearmonth"}), &["2024-02"], &["2024-13", "2024", "24-02-1"]);
    admits(json!({"type": "duration"}), &["P1Y2M", "PT4H"], &["1 year", "P", "4h", "PT", "P1H", "PT1.5H"]);
    admits(json!({"type": "object"}), &["{}", "{\"a\":1}"], &["[]", "{", "a"]);
    admits(json!({"type": "array"}), &["[1]"], &["{}", "1,2"]);
    admits(json!({"type": "geojson"}), &["{\"type\":\"Point\"}"], &["{}", "Point"]);
    admits(json!({"type": "geopoint"}), &["-71.06, 42.36"], &["42.36", "181,0", "0,91"]);
    admits(json!({"type": "geopoint", "format": "array"}), &["[-71.06,42.36]"], &["-71.06,42.36"]);
    admits(json!({"type": "geopoint", "format": "object"}), &["{\"lon\":1,\"lat\":2}"], &["[1,2]"]);
    admits(json!({"format": "uri"}), &["https://example.com/"], &["example.com", "https:", "a b:c"]);
    admits(json!({"format": "binary"}), &["aGVsbG8=", ""], &["aGVsbG8", "a===", "äöüß"]);
    admits(json!({"type": "any"}), &["x", "1"], &[]);
}

#[test]
fn numbers_as_a_schema_says_they_are_written() {
    admits(
        json!({"type": "number", "decimalChar": ",", "groupChar": "."}),
        &["1.234,5", "3"],
        &["1,2,3", "x"],
    );
    admits(json!({"type": "number", "bareNumber": false}), &["$12.50", "95%", "12"], &["€", "a"]);
    admits(json!({"type": "integer", "groupChar": ","}), &["1,000"], &["1.5"]);
    admits(json!({"type": "number"}), &["NaN", "INF", "-INF", "1e3"], &["infinity", "nan", "1,5"]);
    let bounds = json!({"exclusiveMinimum": 0, "exclusiveMaximum": 2});
    admits(json!({"type": "integer", "constraints": bounds}), &["1"], &["0", "2"]);
    admits(json!({"type": "integer", "constraints": {"enum": [1, "2"]}}), &["1", "02"], &["3"]);
    admits(json!({"type": "integer", "categories": [{"value": 1, "label": "one"}]}), &["1"], &["2"]);
    admits(json!({"categories": ["a", "b"]}), &["a"], &["c"]);
}

#[test]
fn the_people_of_a_sheet_are_of_one_kind() {
    let learners = Program::builtin("learners").unwrap();
    let sheets = learners.sheets.as_ref().unwrap();
    assert_eq!(learners.fields[sheets.field].name, "Role");
    assert_eq!(sheets.values[0], ("Instructors".to_owned(), "Instructor".to_owned()));
}

#[test]
fn every_program_can_be_imported_and_a_plain_schema_cannot() {
    assert!(Program::builtins().iter().all(|program| program.is_importable()));
    let plain = Program::from_descriptor(r#"{"fields":[{"name":"email"}]}"#).unwrap();
    assert!(!plain.is_importable());
}
