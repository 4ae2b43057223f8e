//! The samples of made-up people that the page offers to try: each shows what a check finds, and none stops it.
#![expect(clippy::disallowed_methods, reason = "a test reads files")]

use std::{fs, path::Path};

use shared_rules::{
    check::{CheckOptions, Checker},
    program::{Program, iso_date},
};

#[test]
fn every_program_has_a_sample_with_good_rows_and_some_mistakes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../web/public/programs");
    for program in Program::builtins() {
        let roster = fs::read(folder.join(format!("{}-sample.csv", program.name))).unwrap();
        let options = CheckOptions { today: iso_date("2026-11-22"), ..CheckOptions::default() };
        let mut checker = Checker::new(program.clone(), "sample.csv", options);
        checker.push(&roster, |_| {});
        let report = checker.finish(|_| {});
        assert_eq!(report.first_stop(), None, "{}", program.name);
        assert!(report.columns.iter().all(|column| column.field.is_some()), "{}", program.name);
        let ready = report.rows - report.rows_with_errors;
        assert!(ready >= 2 && (1..=4).contains(&report.rows_with_errors), "{}", report.to_json());
    }
}
