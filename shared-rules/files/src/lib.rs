#![doc = include_str!("../README.md")]

use std::{ops::ControlFlow, sync::Arc};

use shared_rules::{
    check::{CheckOptions, CheckedRow, Checker, Progress},
    program::Program,
    report::Report,
};
pub use text_encoding::Encoding;
use text_encoding::Transcoder;
use workbook::{Bound, Format, Guards, Unreadable, Workbook};

/// What a check is told besides the file and the program.
#[derive(Clone, Debug, Default)]
pub struct FileOptions {
    pub check: CheckOptions,
    /// Instead of the encoding that the text seems to have.
    pub encoding: Option<Encoding>,
    /// The sheet of a workbook, by name; else those whose names say what their people are, and without two of these
    /// the first that is visible and not blank.
    pub sheet: Option<String>,
}

/// A check of a file under way. Any cutting of the file into chunks gives the same rows and the same report.
pub struct FileChecker {
    checker: Checker,
    file_name: String,
    encoding: Option<Encoding>,
    sheet: Option<String>,
    bytes: u64,
    source: Source,
}

/// What the file is.
enum Source {
    /// Not known yet: its first bytes.
    Unknown(Vec<u8>),
    Text(Transcoder),
    Workbook(Vec<u8>),
    /// A workbook of more bytes than are taken.
    TooLarge,
}

/// As many bytes tell a workbook from text.
const MAGIC: usize = 8;

impl FileChecker {
    #[must_use]
    pub fn new(program: Arc<Program>, file_name: &str, options: FileOptions) -> Self {
        let FileOptions { check, encoding, sheet } = options;
        Self {
            checker: Checker::new(program, file_name, check),
            file_name: file_name.to_owned(),
            encoding,
            sheet,
            bytes: 0,
            source: Source::Unknown(Vec::new()),
        }
    }

    /// Takes the next bytes of the file and gives each data row that they complete. A workbook's rows come with
    /// [`finish`](Self::finish).
    pub fn push(&mut self, chunk: &[u8], mut each: impl FnMut(&CheckedRow<'_>)) {
        self.bytes += chunk.len() as u64;
        match &mut self.source {
            Source::Unknown(head) => {
                head.extend_from_slice(chunk);
                if head.len() >= MAGIC {
                    self.begin(&mut each);
                }
            }
            Source::Text(transcoder) => {
                transcoder.push(chunk, &mut |text| self.checker.push(text, &mut each));
            }
            Source::Workbook(bytes)
                if bytes.len() as u64 + chunk.len() as u64 <= Guards::DEFAULT.file_bytes =>
            {
                bytes.extend_from_slice(chunk);
            }
            Source::Workbook(_) | Source::TooLarge => self.source = Source::TooLarge,
        }
    }

    /// Takes the end of the file, gives the rows that are left, and says what was found in all.
    #[must_use]
    pub fn finish(mut self, mut each: impl FnMut(&CheckedRow<'_>)) -> Report {
        if matches!(self.source, Source::Unknown(_)) {
            self.begin(&mut each);
        }
        self.checker.set_bytes(self.bytes);
        match self.source {
            Source::Unknown(_) => {}
            Source::Text(transcoder) => {
                let done = transcoder.finish(&mut |text| self.checker.push(text, &mut each));
                self.checker.set_encoding(done.encoding.name());
            }
            Source::Workbook(bytes) => {
                let read = read_workbook(
                    bytes,
                    &self.file_name,
                    self.sheet.as_deref(),
                    &mut self.checker,
                    &mut each,
                );
                if let Err(error) = read {
                    return self.checker.refuse(&error.message, error.help);
                }
            }
            Source::TooLarge => {
                let limit = Guards::DEFAULT.file_bytes;
                let error = Unreadable::TooLarge { bound: Bound::FileBytes, limit, place: None };
                return self.checker.refuse(&error.to_string(), error.help());
            }
        }
        self.checker.finish(each)
    }

    /// The counts so far.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.checker.progress()
    }

    /// Sees what the file is, and reads its first bytes.
    fn begin(&mut self, each: &mut impl FnMut(&CheckedRow<'_>)) {
        let Source::Unknown(head) = &mut self.source else { return };
        let head = std::mem::take(head);
        if Format::sniff(&head).is_some() {
            self.source = Source::Workbook(head);
            return;
        }
        let mut transcoder = self.encoding.map_or_else(Transcoder::sniffing, Transcoder::fixed);
        transcoder.push(&head, &mut |text| self.checker.push(text, &mut *each));
        self.source = Source::Text(transcoder);
    }
}

/// Why a workbook cannot be read.
struct Refusal {
    message: String,
    help: &'static str,
}

impl From<Unreadable> for Refusal {
    fn from(error: Unreadable) -> Self {
        Self { message: error.to_string(), help: error.help() }
    }
}

fn read_workbook(
    bytes: Vec<u8>,
    file_name: &str,
    sheet: Option<&str>,
    checker: &mut Checker,
    each: &mut impl FnMut(&CheckedRow<'_>),
) -> Result<(), Refusal> {
    let mut workbook = Workbook::open(bytes, &Guards::DEFAULT)?;
    workbook.format().check_name(file_name)?;
    let parts = parts(&workbook, checker);
    let chosen = match sheet {
        Some(name) => vec![named(&workbook, name)?],
        None if parts.len() > 1 => parts,
        None => vec![workbook.default_sheet()?],
    };
    let others = workbook.sheets().iter().enumerate().filter(|(index, _)| !chosen.contains(index));
    checker.set_left_out(others.map(|(_, sheet)| sheet.name.clone()).collect());
    if let [only] = chosen[..] {
        checker.set_sheet(&workbook.sheets()[only].name);
        return write_sheet(&mut workbook, only, checker, each);
    }
    announce(&mut workbook, &chosen, checker)?;
    for index in chosen {
        checker.next_sheet(&mut *each);
        write_sheet(&mut workbook, index, checker, each)?;
    }
    Ok(())
}

/// Shows the checker how the sheets begin.
fn announce(workbook: &mut Workbook, sheets: &[usize], checker: &mut Checker) -> Result<(), Refusal> {
    for &index in sheets {
        checker.add_sheet(&workbook.sheets()[index].name);
        workbook.write_csv(index, &mut |chunk| {
            if checker.push_head(chunk) { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
    }
    Ok(())
}

/// The visible sheets that are one table.
fn parts(workbook: &Workbook, checker: &Checker) -> Vec<usize> {
    let sheets = workbook.sheets();
    let visible = sheets.iter().filter(|sheet| sheet.visible).map(|sheet| sheet.name.clone());
    let parts = checker.program().parts(visible.collect()).into_iter();
    parts.filter_map(|name| sheets.iter().position(|sheet| sheet.visible && sheet.name == name)).collect()
}

fn write_sheet(
    workbook: &mut Workbook,
    index: usize,
    checker: &mut Checker,
    each: &mut impl FnMut(&CheckedRow<'_>),
) -> Result<(), Refusal> {
    workbook.write_csv(index, &mut |chunk| {
        checker.push(chunk, &mut *each);
        ControlFlow::Continue(())
    })?;
    Ok(())
}

fn named(workbook: &Workbook, name: &str) -> Result<usize, Refusal> {
    let sheets = workbook.sheets();
    sheets.iter().position(|sheet| sheet.name == name).ok_or_else(|| {
        let names: Vec<&str> = sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        Refusal {
            message: format!("The workbook has no sheet {name}; it has {}.", names.join(", ")),
            help: "Choose one of its sheets.",
        }
    })
}

#[cfg(test)]
mod tests;
