//! The programs `district-users` and `district-demographics`: schools, classes, who is in them, and facts about
//! students.

use anyhow::Result;
use rollcall_tests::{Platform, roster::table};
use serde_json::{Value, json};

pub const HEADER: &str = "action,schoolId,userRole,userId,userFirstName,userLastName,userEmail,userGrade,classId,className,classGrade,primaryTeacher";

/// A student in two classes, another one in one of them, its teacher, and an administrator who teaches.
pub const ROWS: &[&[&str]] = &[
    &["", "0412", "Student", "S-1", "Ann", "Lee", "", "7", "M7", "Maths 7", "7", ""],
    &["", "0412", "Student", "S-1", "Ann", "Lee", "", "7", "E7", "English 7", "", ""],
    &["", "0412", "Student", "S-2", "Bo", "Lee", "bo@example.com", "7", "M7", "Maths 7", "", ""],
    &["", "0412", "Teacher", "T-1", "Kim", "Roy", "kim@example.com", "", "M7", "Maths 7", "", "true"],
    &["", "0412", "Teacher", "T-2", "Di", "Fox", "di@example.com", "", "E7", "English 7", "", ""],
    &["", "0412", "Administrator", "T-2", "Di", "Fox", "di@example.com", "", "", "", "", ""],
];

const ANN: &str = "Ann Lee S-1";
const BO: &str = "Bo Lee bo@example.com";
const DI: &str = "Di Fox di@example.com";

fn counts(entities: &Value, kind: &str) -> [u64; 4] {
    ["created", "updated", "unchanged", "errors"]
        .map(|name| entities[kind][name].as_u64().unwrap_or_default())
}

#[tokio::test]
async fn schools_classes_and_people_are_created_and_a_second_import_changes_nothing() -> Result<()> {
    let platform = Platform::start().await?;
    for policy in ["fill-missing", "update", "skip", "reject"] {
        let caller = platform.caller(policy).await?;
        let roster = table(HEADER, ROWS);
        let finished = caller.import("district-users", &roster, json!({"duplicates": policy})).await?;
        let entities = &finished.import["entities"];
        let stored = platform.stored(policy).await?;
        if policy == "reject" {
            // The check refuses the administrator's second row: it is no row of another class.
            assert_eq!(finished.outcomes(), [4, 1, 0, 0, 1], "{}", finished.log);
            continue;
        }
        assert_eq!(finished.outcomes(), [4, 2, 0, 0, 0], "{policy}: {}", finished.log);
        assert_eq!(counts(entities, "school"), [1, 0, 0, 0], "{policy}");
        assert_eq!(counts(entities, "class"), [2, 0, 0, 0], "{policy}");
        assert_eq!(counts(entities, "enrolment"), [5, 0, 0, 0], "{policy}");
        assert_eq!(counts(entities, "student"), [2, 0, 0, 0], "{policy}");
        assert_eq!(
            stored.people[DI]["role"], "Administrator",
            "{policy}: whoever is both is an administrator"
        );
        assert_eq!(counts(entities, "admin"), [1, 0, 0, 0], "{policy}");
        assert_eq!(stored.people[ANN]["schoolId"], "0412");
        assert_eq!(stored.units["class M7"]["name"], "Maths 7");
        assert_eq!(stored.units["class M7"]["grade"], "7");
        assert_eq!(stored.units["class M7"]["schoolId"], "0412");
        assert!(stored.ties.contains(&format!("member {ANN} E7")), "{:?}", stored.ties);
        assert!(stored.ties.contains("primary-teacher Kim Roy kim@example.com M7"), "{:?}", stored.ties);

        let again = caller.import("district-users", &roster, json!({"duplicates": policy})).await?;
        let [created, updated, ..] = again.outcomes();
        assert_eq!((created, updated), (0, 0), "{policy}: {}", again.log);
        assert_eq!(counts(&again.import["entities"], "class"), [0, 0, 2, 0], "{policy}");
        assert_eq!(platform.stored(policy).await?, stored, "{policy}");
    }
    Ok(())
}

/// Many people of one school in classes that reach over partitions: each class is written by one of them.
#[tokio::test]
async fn a_class_that_reaches_over_partitions_is_written_once() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let rows: Vec<[String; 12]> = (0..1_200)
        .map(|n| {
            let (user, class) = (format!("S-{n}"), format!("C-{}", n % 30));
            ["", "0412", "Student", &user, "Ann", "Lee", "", "7", &class, "A class", "", ""]
                .map(str::to_owned)
        })
        .collect();
    let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
    let roster = table(HEADER, &rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let finished = caller.import("district-users", &roster, json!({})).await?;
    assert_eq!(finished.outcomes(), [1_200, 0, 0, 0, 0]);
    assert_eq!(finished.import["progress"]["partitions"], 3);
    let entities = &finished.import["entities"];
    assert_eq!(counts(entities, "school"), [1, 0, 0, 0]);
    assert_eq!(counts(entities, "class"), [30, 0, 0, 0]);
    assert_eq!(counts(entities, "enrolment"), [1_200, 0, 0, 0]);
    let stored = platform.stored("lincoln").await?;
    assert_eq!((stored.units.len(), stored.ties.len()), (31, 1_200));
    let again = caller.import("district-users", &roster, json!({"duplicates": "update"})).await?;
    assert_eq!(again.outcomes(), [0, 0, 1_200, 0, 0]);
    Ok(())
}

#[tokio::test]
async fn remove_class_takes_everybody_out_and_one_row_is_enough() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("district-users", &table(HEADER, ROWS), json!({})).await?;
    let mut remove = ROWS[2].to_vec();
    remove[0] = "REMOVE-CLASS";
    let removal = table(HEADER, &[&remove]);
    let finished = caller.import("district-users", &removal, json!({})).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0]);
    assert_eq!(counts(&finished.import["entities"], "class"), [0, 1, 0, 0]);
    assert_eq!(counts(&finished.import["entities"], "enrolment"), [0, 3, 0, 0]);
    let stored = platform.stored("lincoln").await?;
    assert_eq!(stored.units["class M7"]["active"], "false");
    assert_eq!(stored.units["class E7"]["active"], "true");
    assert_eq!(
        stored.ties.iter().map(String::as_str).collect::<Vec<_>>(),
        ["member Ann Lee S-1 E7", "member Di Fox di@example.com E7"],
        "who is in another class stays there, and nobody is primary teacher of a class that is gone"
    );
    assert_eq!(stored.people.len(), 4, "people stay");
    let again = caller.import("district-users", &removal, json!({})).await?;
    assert_eq!(again.outcomes(), [0, 0, 1, 0, 0], "{}", again.log);

    // Rows of the class in the same file do not fill it again; a later file does.
    let both = table(HEADER, &[ROWS[0], &remove, ROWS[3]]);
    let mixed = caller.import("district-users", &both, json!({})).await?;
    assert_eq!(mixed.outcomes(), [0, 0, 3, 0, 0], "{}", mixed.log);
    let back = caller.import("district-users", &table(HEADER, &ROWS[..1]), json!({})).await?;
    assert_eq!(back.outcomes(), [0, 1, 0, 0, 0]);
    assert_eq!(platform.stored("lincoln").await?.units["class M7"]["active"], "true");
    Ok(())
}

#[tokio::test]
async fn removing_a_class_that_is_not_there_is_said() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    let mut remove = ROWS[0].to_vec();
    remove[0] = "REMOVE-CLASS";
    let finished = caller.import("district-users", &table(HEADER, &[&remove]), json!({})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 0]);
    assert!(finished.log.contains("there is no such class to remove"), "{}", finished.log);
    assert!(!platform.stored("lincoln").await?.units.contains_key("class M7"));
    Ok(())
}

#[tokio::test]
async fn a_new_identifier_alone_is_a_correction() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("district-users", &table(HEADER, ROWS), json!({})).await?;
    let mut corrected = ROWS[2].to_vec();
    corrected[3] = "S-2000";
    let roster = table(HEADER, &[&corrected]);
    let finished = caller.import("district-users", &roster, json!({})).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 0], "{}", finished.log);
    assert!(finished.log.contains("externalId: S-2 -> S-2000"), "{}", finished.log);
    let stored = platform.stored("lincoln").await?;
    assert_eq!(stored.people[BO]["externalId"], "S-2000");
    assert_eq!(stored.people.len(), 4, "nobody is made for it");
    let again = caller.import("district-users", &roster, json!({})).await?;
    assert_eq!(again.outcomes(), [0, 0, 1, 0, 0]);

    // Another name with it is another person, whose address is taken.
    let mut other = corrected.clone();
    (other[3], other[4]) = ("S-3000", "Cy");
    let refused = caller.import("district-users", &table(HEADER, &[&other]), json!({})).await?;
    assert_eq!(refused.outcomes(), [0, 0, 0, 0, 1]);
    assert!(refused.errors.contains("who has another identifier"), "{}", refused.errors);
    assert_eq!(platform.stored("lincoln").await?.people, stored.people);
    Ok(())
}

#[tokio::test]
async fn an_identifier_and_an_address_of_two_people_are_ambiguous() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("district-users", &table(HEADER, ROWS), json!({})).await?;
    let mut mixed = ROWS[3].to_vec();
    mixed[6] = "di@example.com";
    let finished =
        caller.import("district-users", &table(HEADER, &[&mixed]), json!({"duplicates": "update"})).await?;
    assert_eq!(finished.outcomes(), [0, 0, 0, 0, 1]);
    assert!(finished.log.contains("points at 2 different people"), "{}", finished.log);
    Ok(())
}

#[tokio::test]
async fn demographics_are_added_to_students_who_are_there() -> Result<()> {
    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    caller.import("district-users", &table(HEADER, ROWS), json!({})).await?;
    let before = platform.stored("lincoln").await?;
    let header = "userId,sex,birthDate,asian,white,homeLanguage";
    let facts = table(
        header,
        &[&["S-1", "Female", "2011-04-20", "true", "false", ""], &["S-9", "Male", "2011-04-20", "", "", ""]],
    );
    let finished = caller.import("district-demographics", &facts, json!({})).await?;
    assert_eq!(finished.outcomes(), [0, 1, 0, 0, 1], "{}", finished.log);
    assert!(
        finished.errors.contains("nobody in the organisation has this identifier"),
        "{}",
        finished.errors
    );
    assert_eq!(counts(&finished.import["entities"], "student"), [0, 1, 0, 1]);
    let stored = platform.stored("lincoln").await?;
    let ann = &stored.people[ANN];
    assert_eq!((ann["gender"].as_str(), ann["asian"].as_str()), ("Female", "true"));
    assert_eq!(ann["firstName"], "Ann");
    assert_eq!(stored.people.len(), before.people.len());

    let blank = table(header, &[&["S-1", "", "", "false", "", "Spanish"]]);
    let again = caller.import("district-demographics", &facts, json!({"duplicates": "update"})).await?;
    assert_eq!(again.outcomes(), [0, 0, 1, 0, 1]);
    caller.import("district-demographics", &blank, json!({"duplicates": "update"})).await?;
    let ann = platform.stored("lincoln").await?.people[ANN].clone();
    assert_eq!((ann["gender"].as_str(), ann["asian"].as_str()), ("Female", "false"));
    assert_eq!(ann["homeLanguage"], "Spanish");
    Ok(())
}
