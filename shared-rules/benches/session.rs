//! How long an edit of one cell takes in a long roster, with everything that the page then asks for.
//!
//! `cargo bench -p shared-rules --bench session -- ROSTER.csv` (a retail roster).
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark has a clock and files, and fails loudly"
)]

use std::time::{Duration, Instant};

use shared_rules::{
    check::CheckOptions,
    program::Program,
    session::{CellEdit, Filter, Loader, Session},
};

/// Edits that are measured.
const EDITS: usize = 1_000;

fn main() {
    let Some(path) = std::env::args().skip(1).find(|argument| !argument.starts_with('-')) else {
        println!("session: name a retail roster to measure edits in it");
        return;
    };
    let file = std::fs::read(path).unwrap();
    let begun = Instant::now();
    let mut loader = Loader::new(Program::builtin("retail").unwrap(), "roster.csv", CheckOptions::default());
    for chunk in file.chunks(4 << 20) {
        loader.push(chunk);
    }
    let (report, session) = loader.finish();
    let mut session = session.unwrap();
    let megabytes = |bytes: usize| bytes / 1_000_000;
    println!("{} rows, {} MB: loaded in {:.2?}", report.rows, megabytes(file.len()), begun.elapsed());
    println!("rows kept in {} MB", megabytes(session.bytes()));

    let email = report.columns.iter().position(|column| column.field.as_deref() == Some("Email")).unwrap();
    let rows = report.rows as usize;
    let place = |edit: usize| edit.wrapping_mul(7_919_017) % rows;
    measure("an address of nobody", &mut session, |session, edit| {
        set(session, place(edit), email, format!("new{edit}@example.com"));
    });
    measure("an address of another row", &mut session, |session, edit| {
        let other = session.window(place(edit + 17), 1)[0].cells[email].clone();
        set(session, place(edit), email, other);
    });
    measure("undo", &mut session, |session, _| assert!(session.undo()));
    measure("a row deleted", &mut session, |session, edit| {
        let id = session.window(place(edit), 1)[0].id;
        session.delete_rows(&[id]).unwrap();
    });
    let begun = Instant::now();
    let selected = session.select(Filter { changed: true, ..Filter::default() });
    println!("{selected} changed rows chosen in {:.2?}", begun.elapsed());
}

fn set(session: &mut Session, place: usize, column: usize, value: String) {
    let id = session.window(place, 1)[0].id;
    session.set_cells(&[CellEdit { id, column, value }]).unwrap();
}

/// Measures edits, each with the summary and the window that show it.
fn measure(what: &str, session: &mut Session, mut edit: impl FnMut(&mut Session, usize)) {
    let mut times: Vec<Duration> = (0..EDITS)
        .map(|index| {
            let begun = Instant::now();
            edit(session, index);
            std::hint::black_box((session.summary(), session.window(0, 50)));
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    let percentile = |percent: usize| times[times.len() * percent / 100];
    println!("{what}: median {:.2?}, p95 {:.2?}", percentile(50), percentile(95));
}
