//! What the page calls: the programs, the rules and a check, with every value as its JSON has it.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use shared_rules::{
    check::{self, CheckOptions},
    columns::Mapping,
    options::{DateOrder, Delimiter, DuplicatePolicy},
    program::{Program, ProgramSummary, iso_date},
    report::Report,
    rules::{self, Rule},
};
use tsify::{Ts, Tsify};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

use crate::rows::{ProblemRow, ProblemRows};

/// The programs that come with Rollcall, in the order in which they are offered.
#[wasm_bindgen(unchecked_return_type = "ProgramSummary[]")]
pub fn programs() -> Result<JsValue, JsError> {
    let programs: Vec<ProgramSummary> = Program::builtins().iter().map(|program| program.summary()).collect();
    to_js(&programs)
}

/// What an organisation's own program is.
///
/// # Errors
///
/// Says what is wrong with the schema.
#[wasm_bindgen(js_name = readProgram, unchecked_return_type = "ProgramSummary")]
pub fn read_program(name: &str, schema: &str) -> Result<JsValue, JsError> {
    to_js(&own(name, schema)?.summary())
}

/// What each rule finds, why that matters, and what to do about it.
#[wasm_bindgen(unchecked_return_type = "RuleDoc[]")]
pub fn rules() -> Result<JsValue, JsError> {
    let rules: Vec<RuleDoc> = rules::all().iter().map(|rule| RuleDoc(rule)).collect();
    to_js(&rules)
}

/// What the importer chose.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct CheckerOptions {
    duplicates: DuplicatePolicy,
    /// A Table Schema in JSON, instead of the program of that name.
    #[serde(default)]
    #[tsify(optional)]
    schema: Option<String>,
    /// The day by which birth dates are judged, as YYYY-MM-DD; without it they are judged by less.
    #[serde(default)]
    #[tsify(optional)]
    today: Option<String>,
    /// Instead of the delimiter that the file seems to have.
    #[serde(default)]
    #[tsify(optional)]
    delimiter: Option<Delimiter>,
    /// The row of the header, instead of where it seems to be.
    #[serde(default)]
    #[tsify(optional)]
    header_row: Option<u32>,
    /// By header the column of the program, or `null` to ignore it.
    #[serde(default)]
    #[tsify(optional, type = "Record<string, string | null>")]
    mapping: Mapping,
    /// How dates such as 3/4/2011 are meant.
    #[serde(default)]
    #[tsify(optional)]
    date_order: Option<DateOrder>,
}

/// A rule's documentation.
#[derive(Serialize, Tsify)]
#[serde(transparent)]
pub struct RuleDoc(&'static Rule);

/// What was found in a file.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct Verdict<'a> {
    report: &'a Report,
    /// The rows that `report.diagnostics` speaks of, in the file's order, with the file's cells.
    problem_rows: Vec<ProblemRow>,
    /// The report as the server and the command line write it, byte for byte.
    report_json: String,
}

/// A check under way: push the file's bytes in chunks of any size, then finish.
#[wasm_bindgen]
pub struct Checker {
    check: check::Checker,
    rows: ProblemRows,
}

#[wasm_bindgen]
impl Checker {
    /// Begins a check of a file against the program of that name. Throws when there is no such program.
    #[wasm_bindgen(constructor)]
    pub fn new(program: &str, file_name: &str, options: &Ts<CheckerOptions>) -> Result<Checker, JsError> {
        let (program, options) = opened(program, options)?;
        let rows = ProblemRows::new(options.diagnostics_per_rule);
        Ok(Self { check: check::Checker::new(program, file_name, options), rows })
    }

    /// Says in what encoding the text was before it became UTF-8.
    #[wasm_bindgen(js_name = setEncoding)]
    pub fn set_encoding(&mut self, name: &str) {
        self.check.set_encoding(name);
    }

    /// Says from which sheet of a workbook the rows come; to be said before the first of them.
    #[wasm_bindgen(js_name = setSheet)]
    pub fn set_sheet(&mut self, name: &str) {
        self.check.set_sheet(name);
    }

    /// Says which sheets of a workbook are not read.
    #[wasm_bindgen(js_name = setLeftOut)]
    pub fn set_left_out(&mut self, names: Vec<String>) {
        self.check.set_left_out(names);
    }

    /// Those of a workbook's visible sheets that are one roster, by name; if they are at least two.
    #[must_use]
    pub fn parts(&self, visible: Vec<String>) -> Vec<String> {
        self.check.program().parts(visible)
    }

    /// Says that a sheet will be read, of those that are one roster; to be said of all before the first is read.
    #[wasm_bindgen(js_name = addSheet)]
    pub fn add_sheet(&mut self, name: &str) {
        self.check.add_sheet(name);
    }

    /// Takes the beginning of the sheet that was added last. Says whether more of it is wanted.
    #[wasm_bindgen(js_name = pushHead)]
    pub fn push_head(&mut self, chunk: &[u8]) -> bool {
        self.check.push_head(chunk)
    }

    /// Says that what is pushed from here on is the next of the sheets that were added, from its beginning.
    #[wasm_bindgen(js_name = nextSheet)]
    pub fn next_sheet(&mut self) {
        self.check.next_sheet(|row| self.rows.take(row));
    }

    /// Says how many bytes the file had, where it was not the text that is pushed.
    #[wasm_bindgen(js_name = setBytes)]
    pub fn set_bytes(&mut self, bytes: f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the size of a file")]
        self.check.set_bytes(bytes as u64);
    }

    /// Ends the check of a file that cannot be read at all, with the reason. The object is used up.
    #[wasm_bindgen(unchecked_return_type = "Verdict")]
    pub fn refuse(self, message: &str, help: &str) -> Result<JsValue, JsError> {
        let report = self.check.refuse(message, help);
        to_js(&Verdict { report: &report, problem_rows: Vec::new(), report_json: report.to_json() })
    }

    /// Takes the file's next bytes and says how far the check is.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn push(&mut self, chunk: &[u8]) -> Result<JsValue, JsError> {
        self.check.push(chunk, |row| self.rows.take(row));
        to_js(&self.check.progress())
    }

    /// Takes the end of the file and gives the verdict. The object is used up.
    #[wasm_bindgen(unchecked_return_type = "Verdict")]
    pub fn finish(self) -> Result<JsValue, JsError> {
        let Self { check, mut rows } = self;
        let report = check.finish(|row| rows.take(row));
        let problem_rows = rows.of(&report);
        to_js(&Verdict { report: &report, problem_rows, report_json: report.to_json() })
    }
}

/// The program of that name, or the importer's own, and what a check is told.
pub(crate) fn opened(
    program: &str,
    options: &Ts<CheckerOptions>,
) -> Result<(Arc<Program>, CheckOptions), JsError> {
    let CheckerOptions { duplicates, schema, today, delimiter, header_row, mapping, date_order } =
        options.to_rust()?;
    let program = schema.map_or_else(|| builtin(program), |schema| own(program, &schema))?;
    let options = CheckOptions {
        duplicates,
        today: today.as_deref().map(day).transpose()?,
        delimiter,
        header_row,
        mapping,
        date_order,
        ..CheckOptions::default()
    };
    Ok((program, options))
}

fn builtin(name: &str) -> Result<Arc<Program>, JsError> {
    Program::builtin(name).ok_or_else(|| {
        let names: Vec<&str> = Program::builtins().iter().map(|program| program.name.as_str()).collect();
        JsError::new(&format!("`{name}` is not a program; choose one of {}", names.join(", ")))
    })
}

/// An organisation's own program, under the name that it has there.
fn own(name: &str, schema: &str) -> Result<Arc<Program>, JsError> {
    let program = Program::from_descriptor(schema).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        JsError::new(&format!("The schema cannot be used: {}", faults.join("; ")))
    })?;
    Ok(Arc::new(program.named(name)))
}

fn day(text: &str) -> Result<Date, JsError> {
    iso_date(text).ok_or_else(|| JsError::new(&format!("`{text}` is not a day written as YYYY-MM-DD")))
}

/// The value as its JSON reads: the same names, and `null` where JSON has it.
pub(crate) fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let json = serde_json::to_string(value)?;
    js_sys::JSON::parse(&json).map_err(|_| JsError::new("the validator wrote JSON that does not parse"))
}
