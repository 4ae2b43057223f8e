//! The program `learners`: students, instructors and parents, and the links between them.

use anyhow::Result;
use rollcall_tests::{Platform, id, roster::table};
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::undo;

pub const HEADER: &str = "Role,First Name,Last Name,Email,Username,Parent,Instructor,Student";

/// A student with everything, one with a user name alone, their parent, and an instructor who names a student.
/// Both ends of a link may say it, and students come before those whom they name.
pub const FAMILY: &[&[&str]] = &[
    &["Student", "Ann", "Lee", "ann@example.com", "", "PAT@example.com", "kim@example.com", ""],
    &["Student", "Bo", "Lee", "", "Bo.Lee", "pat@example.com", "", ""],
    &["Parent", "Pat", "Lee", "pat@example.com", "", "", "", "ann@example.com"],
    &["Instructor", "Kim", "Roy", "kim@example.com", "", "", "", "ann@example.com"],
];

#[tokio::test]
async fn people_are_created_and_linked_and_a_second_import_changes_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = table(HEADER, FAMILY);
    let finished = caller.import("learners", &roster, json!({"invite": true})).await?;
    assert_eq!(finished.outcomes(), [4, 0, 0, 0, 0], "{}", finished.log);
    for (kind, created) in
        [("student", 2), ("parent", 1), ("instructor", 1), ("link", 2), ("instructor-link", 1)]
    {
        assert_eq!(finished.import["entities"][kind]["created"], created, "{kind}");
    }
    let stored = platform.stored("lincoln").await?;
    assert_eq!(
        stored.ties.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "instruction Kim Roy kim@example.com -> Ann Lee ann@example.com",
            "link Pat Lee pat@example.com -> Ann Lee ann@example.com",
            "link Pat Lee pat@example.com -> Bo Lee Bo.Lee",
        ]
    );
    assert!(!stored.people["Bo Lee Bo.Lee"].contains_key("status"), "the program knows no status");
    platform.tick().await?;
    assert_eq!(platform.mailed().await?, ["ann@example.com", "kim@example.com", "pat@example.com"]);

    for policy in ["fill-missing", "update"] {
        let again = caller.import("learners", &roster, json!({"duplicates": policy, "invite": true})).await?;
        assert_eq!(again.outcomes(), [0, 0, 4, 0, 0], "{policy}: {}", again.log);
        assert_eq!(again.import["entities"]["link"]["unchanged"], 2);
        assert_eq!(platform.stored("lincoln").await?, stored, "{policy}");
    }
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), 3, "who was there before is not asked again");
    Ok(())
}

#[tokio::test]
async fn links_reach_people_who_are_there_already() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("learners", &table(HEADER, &FAMILY[2..3]), json!({})).await?;
    let finished = caller.import("learners", &table(HEADER, &FAMILY[..2]), json!({})).await?;
    assert_eq!(finished.outcomes(), [2, 0, 0, 0, 0]);
    assert_eq!(finished.import["entities"]["link"]["created"], 2);
    assert!(
        finished.log.contains("nobody has an address that the row links to"),
        "the instructor is unknown"
    );
    assert_eq!(platform.stored("lincoln").await?.ties.len(), 2);

    // A row that brings nothing but a link is an update.
    let kim = caller.import("learners", &table(HEADER, &FAMILY[3..]), json!({})).await?;
    assert_eq!(kim.outcomes(), [1, 0, 0, 0, 0]);
    let cy: &[&str] =
        &["Parent", "Pat", "Lee", "pat@example.com", "", "", "", "ann@example.com; Bo@example.com"];
    let late: &[&str] = &["Student", "Bo", "Lee", "bo@example.com", "bo.lee", "", "", ""];
    let linked = caller.import("learners", &table(HEADER, &[late, cy]), json!({})).await?;
    assert_eq!(linked.outcomes(), [0, 1, 1, 0, 0], "{}", linked.log);
    assert!(!linked.log.contains("link was not made"), "{}", linked.log);
    Ok(())
}

#[tokio::test]
async fn a_student_with_a_user_name_alone_needs_a_parent_who_is_there() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let bo = table(HEADER, &FAMILY[1..2]);
    let alone = caller.import("learners", &bo, json!({})).await?;
    assert_eq!(alone.outcomes(), [0, 0, 0, 0, 1]);
    assert!(alone.errors.contains("nobody has the parent's"), "{}", alone.errors);
    assert!(platform.stored("lincoln").await?.people.is_empty());

    caller.import("learners", &table(HEADER, &FAMILY[2..3]), json!({})).await?;
    let found = caller.import("learners", &bo, json!({})).await?;
    assert_eq!(found.outcomes(), [1, 0, 0, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn a_row_whose_address_and_user_name_are_of_two_people_is_rejected() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("learners", &table(HEADER, FAMILY), json!({})).await?;
    let mixed: &[&str] = &["Student", "Ann", "Lee", "ann@example.com", "BO.LEE", "", "", ""];
    let finished =
        caller.import("learners", &table(HEADER, &[mixed]), json!({"duplicates": "update"})).await?;
    assert_eq!(finished.outcomes(), [0, 0, 0, 0, 1]);
    assert!(finished.log.contains("points at 2 different people"), "{}", finished.log);
    Ok(())
}

#[tokio::test]
async fn links_that_cannot_be_are_said_and_not_made() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let rows: [&[&str]; 2] = [
        &["Parent", "Pat", "Lee", "pat@example.com", "", "", "kim@example.com", ""],
        &["Instructor", "Kim", "Roy", "kim@example.com", "", "", "", ""],
    ];
    let finished = caller.import("learners", &table(HEADER, &rows), json!({})).await?;
    assert_eq!(finished.outcomes(), [2, 0, 0, 0, 0]);
    assert!(finished.log.contains("links are between a student"), "{}", finished.log);
    assert!(platform.stored("lincoln").await?.ties.is_empty());
    assert_eq!(finished.errors.lines().count(), 1, "a warning is no error");
    Ok(())
}

fn workbook(sheets: &[(&str, &[&[&str]])]) -> Result<Vec<u8>> {
    let mut workbook = Workbook::new();
    for (name, rows) in sheets {
        let worksheet = workbook.add_worksheet().set_name(*name)?;
        for (number, row) in (0..).zip(*rows) {
            worksheet.write_row(number, 0, row.iter().copied())?;
        }
    }
    Ok(workbook.save_to_buffer()?)
}

/// A sheet's name says what its people are.
#[tokio::test]
async fn a_sheet_of_a_workbook_says_what_its_people_are() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = workbook(&[(
        "Parents",
        &[&["First Name", "Last Name", "Email"], &["Pat", "Lee", "pat@example.com"]],
    )])?;
    let finished = caller.import("learners", &roster, json!({})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 0], "{}", finished.log);
    assert_eq!(finished.import["entities"]["parent"]["created"], 1);
    Ok(())
}

/// The sheets of [`FAMILY`], each with a header of its own, with a parent whose address is wrong.
fn sheets() -> Result<Vec<u8>> {
    workbook(&[
        (
            "Students",
            &[
                &["First Name", "Last Name", "Email", "Username", "Parent", "Instructor"],
                &["Ann", "Lee", "ann@example.com", "", "PAT@example.com", "kim@example.com"],
                &["Bo", "Lee", "", "Bo.Lee", "pat@example.com", ""],
                &["Cy", "Ng", "cy@example.com", "", "nobody@example.com", ""],
            ],
        ),
        ("Notes", &[&["Ask Kim."]]),
        (
            "Instructors",
            &[
                &["Instructors of 2026"],
                &["E-mail", "Surname", "First Name"],
                &["kim@example.com", "Roy", "Kim"],
            ],
        ),
        (
            "Parents",
            &[
                &["Last Name", "First Name", "Email", "Student"],
                &["Lee", "Pat", "pat@example.com", "ann@example.com"],
                &["Ng", "Quinn", "quinn@", ""],
                &["Ray", "Rob", "rob@example.com", "nobody@example.com"],
            ],
        ),
    ])
}

#[tokio::test]
async fn the_sheets_of_a_workbook_are_one_import() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("learners", &sheets()?, json!({})).await?;
    assert_eq!(finished.outcomes(), [6, 0, 0, 0, 1], "{}", finished.log);
    let stored = platform.stored("lincoln").await?;
    assert_eq!(
        stored.ties.iter().map(String::as_str).collect::<Vec<_>>(),
        [
            "instruction Kim Roy kim@example.com -> Ann Lee ann@example.com",
            "link Pat Lee pat@example.com -> Ann Lee ann@example.com",
            "link Pat Lee pat@example.com -> Bo Lee Bo.Lee",
        ]
    );

    assert_eq!(finished.report["file"]["leftOut"], json!(["Notes"]));
    let places: Vec<&str> =
        finished.log.lines().filter_map(|line| line.split_once(",created").map(|(at, _)| at)).collect();
    assert_eq!(places, ["Students,2", "Students,3", "Students,4", "Instructors,3", "Parents,2", "Parents,4"]);
    assert!(finished.log.starts_with("sheet,row,outcome,"), "{}", finished.log);
    assert!(
        finished.log.contains("Parents, row 4: nobody has an address that the row links to"),
        "{}",
        finished.log
    );
    let told = finished.report["diagnostics"].as_array().map_or(&[][..], Vec::as_slice);
    let place = |found: &Value| format!("{} {}", found["location"]["sheet"], found["location"]["row"]);
    let told: Vec<String> = told.iter().map(place).collect();
    let places = [
        "\"Instructors\" null",
        "\"Students\" 4",
        "\"Students\" 4",
        "\"Parents\" 3",
        "\"Parents\" 4",
        "\"Parents\" 4",
    ];
    assert_eq!(told, places, "{}", finished.report["diagnostics"]);
    assert!(finished.errors.contains("Parents, row 3, Email: `quinn@` is not"), "{}", finished.errors);

    let dry_run = String::from_utf8(caller.result(id(&finished.import)?, "dry-run.json").await?)?;
    assert!(dry_run.contains("Parents, row 4: nobody has an address that the row links to"), "{dry_run}");

    // What was left out is imported by its own file once it is mended; all else is there.
    let mended = finished.errors.replacen("quinn@", "quinn@example.com", 1);
    let again = caller.import("learners", mended.as_bytes(), json!({})).await?;
    assert_eq!(again.outcomes(), [1, 0, 0, 0, 0], "{}", again.log);
    assert_eq!(again.import["entities"]["parent"]["created"], 1);
    let all = caller.import("learners", &sheets()?, json!({})).await?;
    assert_eq!(all.outcomes(), [0, 0, 6, 0, 1], "{}", all.log);
    Ok(())
}

#[tokio::test]
async fn sheets_that_were_edited_keep_their_places() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let roster = table(HEADER, &[FAMILY[0], FAMILY[2], &["Parent", "Quinn", "Ng", "quinn@", "", "", "", ""]]);
    let sheets = json!([{"name": "Students", "before": 0}, {"name": "Parents", "before": 2}]);
    let finished = caller.import("learners", &roster, json!({"reading": {"sheets": sheets}})).await?;
    assert_eq!(finished.outcomes(), [2, 0, 0, 0, 1], "{}", finished.log);
    assert!(finished.errors.contains("Parents, row 2, Email: `quinn@` is not"), "{}", finished.errors);
    assert!(finished.log.contains("Parents,1,created,"), "{}", finished.log);
    Ok(())
}

#[tokio::test]
async fn an_undo_names_the_rows_by_their_sheets() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let finished = caller.import("learners", &sheets()?, json!({})).await?;
    let undone = undo::undo(&platform, &caller, id(&finished.import)?).await?;
    assert!(undone.log.contains("\nParents,4,"), "{}", undone.log);
    Ok(())
}
