//! What the page calls: the programs, the rules and a check, with every value as its JSON has it.

use serde::{Deserialize, Serialize};
use shared_rules::{
    check::{self, CheckOptions},
    options::DuplicatePolicy,
    program::{Program, ProgramSummary},
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

/// What each rule finds, why that matters, and what to do about it.
#[wasm_bindgen(unchecked_return_type = "RuleDoc[]")]
pub fn rules() -> Result<JsValue, JsError> {
    let rules: Vec<RuleDoc> = rules::all().iter().map(|rule| RuleDoc(rule)).collect();
    to_js(&rules)
}

/// What the importer chose.
#[derive(Deserialize, Tsify)]
pub struct CheckerOptions {
    duplicates: DuplicatePolicy,
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
        let Some(found) = Program::builtin(program) else {
            let names: Vec<&str> = Program::builtins().iter().map(|program| program.name.as_str()).collect();
            let message = format!("`{program}` is not a program; choose one of {}", names.join(", "));
            return Err(JsError::new(&message));
        };
        let CheckerOptions { duplicates } = options.to_rust()?;
        let options = CheckOptions { duplicates, ..CheckOptions::default() };
        let rows = ProblemRows::new(options.diagnostics_per_rule);
        Ok(Self { check: check::Checker::new(found, file_name, options), rows })
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

/// The value as its JSON reads: the same names, and `null` where JSON has it.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsError> {
    let json = serde_json::to_string(value)?;
    js_sys::JSON::parse(&json).map_err(|_| JsError::new("the validator wrote JSON that does not parse"))
}
