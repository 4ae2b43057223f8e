#![doc = include_str!("../README.md")]

use std::ops::ControlFlow;

use js_sys::{Function, Uint8Array};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};
use workbook::{Guards, Unreadable};

/// A worksheet. Charts, dialogues and macro sheets are not among a workbook's sheets.
#[derive(Serialize, Tsify)]
pub struct Sheet<'a> {
    name: &'a str,
    /// Whether the spreadsheet program shows its tab.
    visible: bool,
}

/// Why a workbook cannot be read; it is what is thrown.
#[derive(Serialize, Tsify)]
pub struct UnreadableWorkbook {
    /// A sentence for the administrator, without any cell's content.
    message: String,
    /// What to do, as an imperative.
    help: &'static str,
}

/// A kind of workbook, by its usual extension.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    Xlsx,
    Xlsb,
    Xls,
    Ods,
}

/// The kind of workbook that a file's first bytes promise; 100 of them are enough. An archive that does not
/// begin as an ODS file does is taken for `xlsx`. `undefined`: no workbook.
#[wasm_bindgen(unchecked_return_type = "Format | undefined")]
pub fn sniff(head: &[u8]) -> Result<JsValue, JsValue> {
    workbook::Format::sniff(head).map_or(Ok(JsValue::UNDEFINED), |format| to_js(&Format::from(format)))
}

/// An opened workbook. Every method throws an `UnreadableWorkbook` where the file cannot be read.
#[wasm_bindgen]
pub struct Workbook {
    book: workbook::Workbook,
}

#[wasm_bindgen]
impl Workbook {
    /// Opens a file's bytes. Given the file's name, throws also if its extension says another kind than the
    /// content.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: Vec<u8>, file_name: Option<String>) -> Result<Workbook, JsValue> {
        let book = workbook::Workbook::open(bytes, &Guards::DEFAULT).map_err(|error| thrown(&error))?;
        if let Some(name) = file_name {
            book.format().check_name(&name).map_err(|error| thrown(&error))?;
        }
        Ok(Self { book })
    }

    /// The worksheets in the order of their tabs.
    #[wasm_bindgen(unchecked_return_type = "Sheet[]")]
    pub fn sheets(&self) -> Result<JsValue, JsValue> {
        let sheets = self.book.sheets().iter();
        let sheets: Vec<_> =
            sheets.map(|sheet| Sheet { name: &sheet.name, visible: sheet.visible }).collect();
        to_js(&sheets)
    }

    /// The index of the first visible sheet that has a value in a cell.
    #[wasm_bindgen(js_name = defaultSheet)]
    pub fn default_sheet(&mut self) -> Result<usize, JsValue> {
        self.book.default_sheet().map_err(|error| thrown(&error))
    }

    /// Gives the sheet of that index as CSV text: UTF-8 in chunks of about 64 KiB, cut anywhere. The callback
    /// may return `false` when it wants no more. What it throws is thrown.
    #[wasm_bindgen(js_name = writeCsv)]
    pub fn write_csv(
        &mut self,
        sheet: usize,
        #[wasm_bindgen(unchecked_param_type = "(chunk: Uint8Array) => boolean | void")] callback: &Function,
    ) -> Result<(), JsValue> {
        let mut failure = None;
        let written = self.book.write_csv(sheet, &mut |chunk| match callback
            .call1(&JsValue::UNDEFINED, &Uint8Array::from(chunk))
        {
            Ok(answer) if answer == JsValue::FALSE => ControlFlow::Break(()),
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        });
        written.map_err(|error| thrown(&error))?;
        failure.map_or(Ok(()), Err)
    }
}

impl From<workbook::Format> for Format {
    fn from(format: workbook::Format) -> Self {
        match format {
            workbook::Format::Xlsx => Self::Xlsx,
            workbook::Format::Xlsb => Self::Xlsb,
            workbook::Format::Xls => Self::Xls,
            workbook::Format::Ods => Self::Ods,
        }
    }
}

fn thrown(error: &Unreadable) -> JsValue {
    let unreadable = UnreadableWorkbook { message: error.to_string(), help: error.help() };
    to_js(&unreadable).unwrap_or_else(|error| error)
}

fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let json = serde_json::to_string(value).map_err(JsError::from)?;
    js_sys::JSON::parse(&json)
}
