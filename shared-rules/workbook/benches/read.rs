//! A sheet as CSV text beside a bare loop over the cells of the same file with `calamine`.
#![expect(clippy::unwrap_used, reason = "a benchmark fails loudly")]

use std::{hint::black_box, io::Cursor, ops::ControlFlow};

use calamine::{Reader as _, Xlsx};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peak_alloc::PeakAlloc;
use rust_xlsxwriter::{ExcelDateTime, Format};
use workbook::{Guards, Workbook};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const ROWS: u32 = 100_000;
const COLUMNS: u16 = 24;

/// People who differ: texts that repeat, texts that do not, numbers, dates and truth values.
fn roster() -> Vec<u8> {
    let mut file = rust_xlsxwriter::Workbook::new();
    let date = Format::new().set_num_format("yyyy-mm-dd");
    let sheet = file.add_worksheet();
    for column in 0..COLUMNS {
        sheet.write(0, column, format!("Column{column}")).unwrap();
    }
    for row in 1..=ROWS {
        for column in 0..COLUMNS {
            match column % 6 {
                0 => sheet.write(row, column, format!("person{row}.{column}@example.com")),
                1 => sheet.write(row, column, ["Emma", "José", "Zoë", "Liam", "Łukasz"][row as usize % 5]),
                2 => sheet.write(row, column, row),
                3 => sheet.write(row, column, f64::from(row) / 7.0),
                4 => {
                    let serial = f64::from(40_000 + row % 5_000);
                    sheet
                        .write(row, column, ExcelDateTime::from_serial_datetime(serial).unwrap())
                        .and_then(|sheet| sheet.set_cell_format(row, column, &date))
                }
                _ => sheet.write(row, column, row % 2 == 0),
            }
            .unwrap();
        }
    }
    file.save_to_buffer().unwrap()
}

fn csv(file: &[u8]) -> usize {
    let mut workbook = Workbook::open(file.to_vec(), &Guards::DEFAULT).unwrap();
    let mut bytes = 0;
    let mut sink = |chunk: &[u8]| {
        bytes += black_box(chunk).len();
        ControlFlow::Continue(())
    };
    workbook.write_csv(0, &mut sink).unwrap();
    bytes
}

fn bare_loop(file: &[u8]) -> usize {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(file)).unwrap();
    let mut cells = 0;
    let mut reader = workbook.worksheet_cells_reader("Sheet1").unwrap();
    while let Some(cell) = reader.next_cell().unwrap() {
        black_box(cell);
        cells += 1;
    }
    cells
}

fn bench(criterion: &mut Criterion) {
    let file = roster();
    let before = MEMORY.current_usage_as_mb();
    MEMORY.reset_peak_usage();
    let bytes = csv(&file);
    let peak = MEMORY.peak_usage_as_mb() - before;
    println!("{} bytes of XLSX, {bytes} bytes of CSV, at most {peak:.0} MiB beside them", file.len());

    let mut group = criterion.benchmark_group("100k rows of 24 cells");
    group.throughput(Throughput::Elements(u64::from(ROWS) * u64::from(COLUMNS))).sample_size(10);
    group.bench_function("calamine cells loop", |bencher| bencher.iter(|| bare_loop(&file)));
    group.bench_function("write_csv", |bencher| bencher.iter(|| csv(&file)));
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
