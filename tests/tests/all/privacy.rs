//! Nothing that a roster says reaches a log.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use anyhow::Result;
use local_stack::LOG_FILTER;
use rollcall_tests::{
    Platform, id,
    roster::{HEADER, retail, table},
};
use serde_json::json;

/// What is logged while the test runs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn no_cell_of_a_roster_is_logged() -> Result<()> {
    let log = Log::default();
    let writer = log.clone();
    tracing_subscriber::fmt()
        .with_env_filter(format!("info,functions=trace,local_stack=trace,{LOG_FILTER}"))
        .with_writer(move || writer.clone())
        .init();

    let platform = Platform::start().await?;
    let caller = platform.caller("lincoln").await?;
    // A canary in every column: once where the column lets it through, and once in all that refuse it.
    let parent =
        [("ParentEmail", "canary@example.com"), ("ParentFirstName", "canary"), ("ParentLastName", "canary")];
    let passing = [
        &[
            ("Email", "canary.child@example.com"),
            ("StudentFirstName", "canary"),
            ("StudentLastName", "canary"),
            ("Address1StreetAddress1", "1 canary St"),
            ("Phone1Number", "canary"),
            ("PSOId", "111111"),
        ],
        &parent[..],
    ]
    .concat();
    let refused: Vec<(&str, &str)> = HEADER.iter().map(|column| (*column, "canary")).collect();
    let roster = retail(&[&passing, &refused]);
    let finished = caller.import("retail", &roster, json!({"invite": true})).await?;
    assert_eq!(finished.outcomes(), [1, 0, 0, 0, 1]);
    platform.tick().await?;
    assert_eq!(platform.mailed().await?.len(), 2);
    caller.check("retail", b"canary,canary\n1,2\n", json!({})).await?;

    let clients: [&[&str]; 2] = [
        &["canary.client@example.com", "canary", "canary", "canary", "canary", "canary-password"],
        &["canary", "canary", "canary", "canary", "canary", "canary-password"],
    ];
    let clients = table("Email,First Name,Last Name,Student ID,Major,Password", &clients);
    let imported = caller.import("clients", &clients, json!({"duplicates": "update"})).await?;
    assert_eq!(imported.outcomes(), [1, 0, 0, 0, 1]);
    let learners: [&[&str]; 1] = [&["Student", "canary", "canary", "", "canary", "canary@example.com"]];
    let learners = table("Role,First Name,Last Name,Email,Username,Parent", &learners);
    caller.import("learners", &learners, json!({})).await?;
    let district: [&[&str]; 1] =
        [&["canary", "Student", "canary", "canary", "canary", "", "7", "canary", "canary"]];
    let header = "schoolId,userRole,userId,userFirstName,userLastName,userEmail,userGrade,classId,className";
    caller.import("district-users", &table(header, &district), json!({})).await?;

    let logged = log.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let logged = String::from_utf8(logged)?;
    assert!(logged.contains(id(&finished.import)?), "the log is the one of this import");
    assert!(
        !logged.contains("canary"),
        "{}",
        logged.lines().find(|line| line.contains("canary")).unwrap_or_default()
    );
    Ok(())
}
