//! A roster that the page edits: the rows stay in the module, and the page asks for those that it shows.

use js_sys::{Function, Uint8Array};
use serde::Serialize;
use shared_rules::{
    columns::Mapping,
    report::Report,
    session::{CellEdit, Filter, Loader, Part, RowView, Session, Task},
};
use tsify::{Ts, Tsify};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

use crate::checker::{CheckerOptions, opened, to_js};

/// A roster: push the file's bytes in chunks of any size, finish, then look at it and edit it.
#[wasm_bindgen]
pub struct Roster(State);

enum State {
    Loading(Box<Loader>),
    Loaded(Box<Session>),
    /// The file could not be read to its end.
    Unusable,
}

/// What was found in the file, and whether it can be edited: a file without a header, or with more than the limits
/// allow, cannot.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Opened<'a> {
    report: &'a Report,
    is_editable: bool,
    /// The report as the server and the command line write it, byte for byte.
    report_json: String,
}

#[wasm_bindgen]
impl Roster {
    /// Begins to read a file of the program of that name. Throws when there is no such program.
    #[wasm_bindgen(constructor)]
    pub fn new(program: &str, file_name: &str, options: &Ts<CheckerOptions>) -> Result<Roster, JsError> {
        let (program, options) = opened(program, options)?;
        Ok(Self(State::Loading(Box::new(Loader::new(program, file_name, options)))))
    }

    /// Says in what encoding the text was before it became UTF-8.
    #[wasm_bindgen(js_name = setEncoding)]
    pub fn set_encoding(&mut self, name: &str) -> Result<(), JsError> {
        self.loader()?.checker().set_encoding(name);
        Ok(())
    }

    /// Says from which sheet of a workbook the rows come; to be said before the first of them.
    #[wasm_bindgen(js_name = setSheet)]
    pub fn set_sheet(&mut self, name: &str) -> Result<(), JsError> {
        self.loader()?.checker().set_sheet(name);
        Ok(())
    }

    /// Says which sheets of a workbook are not read.
    #[wasm_bindgen(js_name = setLeftOut)]
    pub fn set_left_out(&mut self, names: Vec<String>) -> Result<(), JsError> {
        self.loader()?.checker().set_left_out(names);
        Ok(())
    }

    /// Those of a workbook's visible sheets that are one roster, by name; if they are at least two.
    pub fn parts(&mut self, visible: Vec<String>) -> Result<Vec<String>, JsError> {
        Ok(self.loader()?.checker().program().parts(visible))
    }

    /// Says that a sheet will be read, of those that are one roster; to be said of all before the first is read.
    #[wasm_bindgen(js_name = addSheet)]
    pub fn add_sheet(&mut self, name: &str) -> Result<(), JsError> {
        self.loader()?.checker().add_sheet(name);
        Ok(())
    }

    /// Takes the beginning of the sheet that was added last. Says whether more of it is wanted.
    #[wasm_bindgen(js_name = pushHead)]
    pub fn push_head(&mut self, chunk: &[u8]) -> Result<bool, JsError> {
        Ok(self.loader()?.checker().push_head(chunk))
    }

    /// Says that what is pushed from here on is the next of the sheets that were added, from its beginning.
    #[wasm_bindgen(js_name = nextSheet)]
    pub fn next_sheet(&mut self) -> Result<(), JsError> {
        self.loader()?.next_sheet();
        Ok(())
    }

    /// Says how many bytes the file had, where it was not the text that is pushed.
    #[wasm_bindgen(js_name = setBytes)]
    pub fn set_bytes(&mut self, bytes: f64) -> Result<(), JsError> {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a file")]
        self.loader()?.checker().set_bytes(bytes as u64);
        Ok(())
    }

    /// Takes the file's next bytes and says how far the check is.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn push(&mut self, chunk: &[u8]) -> Result<JsValue, JsError> {
        to_js(&self.loader()?.push(chunk))
    }

    /// Takes the end of the file.
    #[wasm_bindgen(unchecked_return_type = "Opened")]
    pub fn finish(&mut self) -> Result<JsValue, JsError> {
        let State::Loading(loader) = std::mem::replace(&mut self.0, State::Unusable) else {
            return Err(JsError::new("the file has been finished before"));
        };
        let (report, session) = loader.finish();
        let is_editable = session.is_some();
        if let Some(session) = session {
            self.0 = State::Loaded(Box::new(session));
        }
        to_js(&Opened { report: &report, is_editable, report_json: report.to_json() })
    }

    /// The roster in figures.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(&mut self) -> Result<JsValue, JsError> {
        to_js(&self.session()?.summary())
    }

    /// The report of a fresh check of the roster as it is now, byte for byte as the server would write it.
    pub fn report(&mut self) -> Result<String, JsError> {
        Ok(self.session()?.report().to_json())
    }

    /// Chooses the rows that `window` shows, and says how many they are.
    pub fn select(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Filter")] filter: &JsValue,
    ) -> Result<u32, JsError> {
        let filter: Filter = from_js(filter)?;
        Ok(self.session()?.select(filter))
    }

    /// Rows of the choice, from that place on.
    #[wasm_bindgen(unchecked_return_type = "RowView[]")]
    pub fn window(&mut self, from: u32, count: u32) -> Result<JsValue, JsError> {
        let rows: Vec<RowView> = self.session()?.window(from as usize, count as usize);
        to_js(&rows)
    }

    /// The place in the choice of the next row behind one (or the one before it) that has an error, all the way round.
    #[wasm_bindgen(js_name = nextError)]
    pub fn next_error(&mut self, from: u32, back: bool) -> Result<Option<u32>, JsError> {
        let place = self.session()?.next_error(from as usize, back);
        Ok(place.and_then(|place| u32::try_from(place).ok()))
    }

    /// Changes cells, as one step of undo.
    #[wasm_bindgen(js_name = setCells)]
    pub fn set_cells(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "CellEdit[]")] edits: &JsValue,
    ) -> Result<(), JsError> {
        let edits: Vec<CellEdit> = from_js(edits)?;
        Ok(self.session()?.set_cells(&edits)?)
    }

    /// Inserts rows in front of a row, or at the end, and returns the id of the first of them.
    #[wasm_bindgen(js_name = insertRows)]
    pub fn insert_rows(
        &mut self,
        before: Option<u32>,
        #[wasm_bindgen(unchecked_param_type = "string[][]")] rows: &JsValue,
    ) -> Result<u32, JsError> {
        let rows: Vec<Vec<String>> = from_js(rows)?;
        Ok(self.session()?.insert_rows(before, &rows)?)
    }

    /// Takes rows away.
    #[wasm_bindgen(js_name = deleteRows)]
    pub fn delete_rows(&mut self, ids: &[u32]) -> Result<(), JsError> {
        Ok(self.session()?.delete_rows(ids)?)
    }

    /// Writes another header over a column. All rows are to be checked again, by `step`.
    #[wasm_bindgen(js_name = renameHeader)]
    pub fn rename_header(&mut self, column: u32, header: &str) -> Result<(), JsError> {
        Ok(self.session()?.rename_header(column as usize, header)?)
    }

    /// Says which columns are which fields. All rows are to be checked again, by `step`.
    #[wasm_bindgen(js_name = mapColumns)]
    pub fn map_columns(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Record<string, string | null>")] mapping: &JsValue,
    ) -> Result<(), JsError> {
        let mapping: Mapping = from_js(mapping)?;
        self.session()?.map_columns(mapping);
        Ok(())
    }

    /// Takes the last change back; whether there was one.
    pub fn undo(&mut self) -> Result<bool, JsError> {
        Ok(self.session()?.undo())
    }

    /// Makes the last change again that was undone; whether there was one.
    pub fn redo(&mut self) -> Result<bool, JsError> {
        Ok(self.session()?.redo())
    }

    /// Begins to change many cells, which `step` carries on and `end` makes; as a preview nothing is changed.
    pub fn begin(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Task")] task: &JsValue,
        preview: bool,
    ) -> Result<(), JsError> {
        let task: Task = from_js(task)?;
        self.session()?.begin(task, preview);
        Ok(())
    }

    /// Does some of what is left to do, about as much as so many rows need, and says how far that is.
    #[wasm_bindgen(unchecked_return_type = "Steps")]
    pub fn step(&mut self, rows: u32) -> Result<JsValue, JsError> {
        to_js(&self.session()?.step(rows))
    }

    /// Makes the changes that were begun, and says what they are.
    #[wasm_bindgen(unchecked_return_type = "JobReport")]
    pub fn end(&mut self) -> Result<JsValue, JsError> {
        to_js(&self.session()?.end_job())
    }

    /// Gives up what was begun. Nothing has been changed.
    pub fn cancel(&mut self) -> Result<(), JsError> {
        self.session()?.cancel();
        Ok(())
    }

    /// Writes the roster as CSV in UTF-8 and hands it over in pieces.
    pub fn export(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Part")] part: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "(piece: Uint8Array) => void")] take: &Function,
    ) -> Result<(), JsError> {
        let mut failed = None;
        let part: Part = from_js(part)?;
        self.session()?.export(part, |piece| {
            failed = failed.take().or(take.call1(&JsValue::NULL, &Uint8Array::from(piece)).err());
        });
        failed.map_or(Ok(()), |_| Err(JsError::new("what takes the roster's pieces failed")))
    }

    fn loader(&mut self) -> Result<&mut Loader, JsError> {
        match &mut self.0 {
            State::Loading(loader) => Ok(loader),
            State::Loaded(_) | State::Unusable => Err(JsError::new("the file has been finished")),
        }
    }

    fn session(&mut self) -> Result<&mut Session, JsError> {
        match &mut self.0 {
            State::Loaded(session) => Ok(session),
            State::Loading(_) => Err(JsError::new("the file has not been finished")),
            State::Unusable => Err(JsError::new("the file cannot be edited")),
        }
    }
}

fn from_js<T: serde::de::DeserializeOwned>(value: &JsValue) -> Result<T, JsError> {
    let json = js_sys::JSON::stringify(value).map_err(|_| JsError::new("the value is not JSON"))?;
    Ok(serde_json::from_str(&String::from(json))?)
}
