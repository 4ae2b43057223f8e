//! The whole check of a roster beside a bare loop over the same bytes with the `csv` crate.
#![expect(clippy::unwrap_used, reason = "a benchmark fails loudly")]

use std::{fmt::Write, hint::black_box};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use shared_rules::{
    check::{CheckOptions, Checker},
    program::Program,
};

const ROWS: usize = 100_000;

/// People who differ, a hundredth of them with a fault and a fiftieth there twice.
fn roster() -> String {
    let mut file = String::from(
        "Email,StudentFirstName,StudentLastName,Address1StreetAddress1,Address1City,Address1Type,Address1State,\
         Address1Zip,Address1Country,Phone1Number,ParentEmail,ParentFirstName,ParentLastName,ClientType,\
         StudentType,StatusId,PSOId,Source,HighSchoolGraduationYear,WhatInterestedIn,Modality,BirthDay,\
         CanContact,CanContactSchools,CanContactSurveys,SchoolNameHS,ExternalID\n",
    );
    for row in 0..ROWS {
        let id = if row % 50 == 49 { row - 1 } else { row };
        let first = ["Emma", "José", "Zoë", "Liam", "Łukasz"][id % 5];
        let domain = ["example.com", "students.example.edu", "schüler.example"][id % 3];
        let client = if row % 100 == 7 { "student" } else { "Student" };
        writeln!(
            file,
            "person{id}@{domain},{first},Garcia{id},{id} Washington Blvd,Boston,Home,MA,02108,United States,\
             (617) 555-0{last:03},parent{id}@example.org,Ana,Garcia,{client},High school student,1,111111,\
             Inbound Call,2031,Test Prep,In Person,2013-04-20,TRUE,FALSE,TRUE,\"Jefferson High, North\",{id:09}",
            last = id % 1000,
        )
        .unwrap();
    }
    file
}

fn bench(criterion: &mut Criterion) {
    let file = roster();
    let mut group = criterion.benchmark_group("100k rows");
    group.throughput(Throughput::Bytes(file.len() as u64)).sample_size(10);
    group.bench_function("csv ByteRecord loop", |bencher| {
        bencher.iter(|| {
            let mut reader = csv::Reader::from_reader(file.as_bytes());
            let mut record = csv::ByteRecord::new();
            let mut cells = 0;
            while reader.read_byte_record(&mut record).unwrap() {
                cells += record.len();
            }
            black_box(cells)
        });
    });
    group.bench_function("check", |bencher| {
        bencher.iter(|| {
            let program = Program::builtin("retail").unwrap();
            let mut checker = Checker::new(program, "roster.csv", CheckOptions::default());
            for chunk in file.as_bytes().chunks(256 << 10) {
                checker.push(chunk, |_| {});
            }
            black_box(checker.finish(|_| {}))
        });
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
