//! Checks any bytes. It must end without a panic, give the same report however the bytes are cut, and lose no row.
#![no_main]

use libfuzzer_sys::fuzz_target;
use shared_rules::{
    check::{CheckOptions, Checker},
    program::Program,
    report::Report,
};

fn check(program: usize, file: &[u8], size: usize) -> (Report, u32) {
    let programs = Program::builtins();
    let program = programs[program % programs.len()].clone();
    let mut checker = Checker::new(program, "roster.csv", CheckOptions::default());
    let mut rows = 0;
    for chunk in file.chunks(size) {
        checker.push(chunk, |_| rows += 1);
    }
    let report = checker.finish(|_| rows += 1);
    (report, rows)
}

fuzz_target!(|bytes: &[u8]| {
    let Some((&program, file)) = bytes.split_first() else { return };
    let (report, rows) = check(program.into(), file, usize::MAX);
    assert_eq!(report.rows, rows);
    assert_eq!(check(program.into(), file, 7), (report, rows));
});
