//! Values put aside in files without a name, so that an import of any size needs little memory.
//!
//! What is kept of a million rows in memory is a few bytes each; the rows themselves lie on the function's own disk,
//! which AWS encrypts. A file that has no name is gone with the process, however that ends.

use std::{
    fs::File,
    io::{BufWriter, Write},
    marker::PhantomData,
    os::unix::fs::FileExt,
};

use serde::{Serialize, de::DeserializeOwned};
use shared_rules::report::Report;

use crate::{failure::Failure, outcome::RowOutcome};

/// Values that are being put aside.
pub(crate) struct Spill<T> {
    file: BufWriter<File>,
    /// Where each value starts, in bytes, and where the next one will.
    starts: Vec<u64>,
    values: PhantomData<T>,
}

/// Values that were put aside, each to be read again by its number.
pub(crate) struct Spilled<T> {
    file: File,
    starts: Vec<u64>,
    values: PhantomData<T>,
}

/// A file without a name.
pub(crate) fn file() -> Result<File, Failure> {
    tempfile::tempfile().map_err(Failure::store("make a file"))
}

impl<T: Serialize> Spill<T> {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { file: BufWriter::new(file()?), starts: vec![0], values: PhantomData })
    }

    /// How many there are: the number of the next one.
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn push(&mut self, value: &T) -> Result<(), Failure> {
        let text = serde_json::to_vec(value).map_err(Failure::corrupt("a value to put aside"))?;
        self.file.write_all(&text).map_err(Failure::store("put a value aside"))?;
        self.starts.push(self.starts.last().map_or(0, |start| start + text.len() as u64));
        Ok(())
    }

    pub(crate) fn close(self) -> Result<Spilled<T>, Failure> {
        let file = self
            .file
            .into_inner()
            .map_err(|error| Failure::store("put a value aside")(error.into_error()))?;
        Ok(Spilled { file, starts: self.starts, values: PhantomData })
    }
}

impl<T: DeserializeOwned> Spilled<T> {
    pub(crate) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(crate) fn get(&self, number: usize) -> Result<T, Failure> {
        serde_json::from_slice(&self.text(number)?).map_err(Failure::corrupt("a value put aside"))
    }

    /// The value as JSON.
    fn text(&self, number: usize) -> Result<Vec<u8>, Failure> {
        let (start, end) = (self.starts[number], self.starts[number + 1]);
        let mut text = vec![0; usize::try_from(end - start).map_err(Failure::corrupt("a value put aside"))?];
        self.file.read_exact_at(&mut text, start).map_err(Failure::store("read what was put aside"))?;
        Ok(text)
    }
}

/// What became of each row, in the file's order, in whatever order it was decided.
pub(crate) struct RowOutcomes {
    rows: Spilled<RowOutcome>,
    /// Row and number, by row.
    places: Vec<(u32, u32)>,
}

/// [`RowOutcomes`] while partitions are decided.
pub(crate) struct DecidedRows {
    rows: Spill<RowOutcome>,
    places: Vec<(u32, u32)>,
}

impl DecidedRows {
    pub(crate) fn new() -> Result<Self, Failure> {
        Ok(Self { rows: Spill::new()?, places: Vec::new() })
    }

    pub(crate) fn push(&mut self, row: &RowOutcome) -> Result<(), Failure> {
        let number = u32::try_from(self.rows.len()).map_err(Failure::corrupt("a number of rows"))?;
        self.places.push((row.row, number));
        self.rows.push(row)
    }

    pub(crate) fn close(mut self) -> Result<RowOutcomes, Failure> {
        self.places.sort_unstable();
        Ok(RowOutcomes { rows: self.rows.close()?, places: self.places })
    }
}

impl RowOutcomes {
    /// What became of a row; `None` if it did not pass the rules.
    pub(crate) fn of(&self, row: u32) -> Result<Option<RowOutcome>, Failure> {
        let place = self.places.binary_search_by_key(&row, |(row, _)| *row).ok();
        place.map(|place| self.get(place)).transpose()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = Result<RowOutcome, Failure>> {
        (0..self.places.len()).map(|place| self.get(place))
    }

    /// Adds what was found out about the rows to a report.
    pub(crate) fn append_to(&self, report: &mut Report) -> Result<(), Failure> {
        let mut fault = None;
        let rows = self.iter().map_while(|row| row.map_err(|error| fault = Some(error)).ok());
        report.append(rows.flat_map(|row| row.diagnostics));
        fault.map_or(Ok(()), Err)
    }

    /// Each as JSON.
    pub(crate) fn texts(&self) -> impl Iterator<Item = Result<Vec<u8>, Failure>> {
        self.places.iter().map(|(_, number)| self.rows.text(*number as usize))
    }

    fn get(&self, place: usize) -> Result<RowOutcome, Failure> {
        self.rows.get(self.places[place].1 as usize)
    }
}
