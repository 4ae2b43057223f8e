//! `rollcall template` and `rollcall dictionary`: what a program's columns are, to fill in and to read.

use std::{
    fs,
    io::{self, IsTerminal, Write},
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use clap::{Args, ValueEnum, builder::PossibleValuesParser};
use shared_rules::{dictionary::Dictionary, program::Program};

use crate::Verdict;

/// A program by name, or an organisation's own
#[derive(Args)]
#[group(required = true, multiple = false)]
pub struct Choice {
    /// The program whose columns and rules the file is checked against
    #[arg(long, short, value_parser = programs())]
    pub program: Option<String>,
    /// A Table Schema of your own instead (JSON, version 2)
    #[arg(long, value_name = "FILE")]
    pub schema: Option<PathBuf>,
}

/// Write an empty roster with a program's columns, to fill in
#[derive(Args)]
pub struct Template {
    #[command(flatten)]
    choice: Choice,
    /// Where to write; the extension says which format. Without it, CSV goes to the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[arg(long, value_enum)]
    format: Option<TemplateFormat>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum TemplateFormat {
    Csv,
    /// With drop-downs, notes and text columns that keep leading zeros
    Xlsx,
}

/// Explain each column of a program
#[derive(Args)]
pub struct DictionaryCommand {
    #[command(flatten)]
    choice: Choice,
    #[arg(long, value_enum, default_value_t = DictionaryFormat::Markdown)]
    format: DictionaryFormat,
    /// Where to write, instead of the standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq, ValueEnum)]
enum DictionaryFormat {
    Markdown,
    Csv,
    Json,
}

/// The programs that can be named.
pub fn programs() -> PossibleValuesParser {
    PossibleValuesParser::new(Program::builtins().iter().map(|program| program.name.as_str()))
}

impl Choice {
    /// The program, or what is wrong with the schema.
    pub fn load(&self) -> anyhow::Result<Arc<Program>> {
        match (&self.program, &self.schema) {
            (Some(name), _) => Program::builtin(name).context("there is no such program"),
            (None, Some(path)) => own(path),
            (None, None) => bail!("name a program or a schema"),
        }
    }
}

fn own(path: &Path) -> anyhow::Result<Arc<Program>> {
    let json = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let program = Program::from_descriptor(&json).map_err(|faults| {
        let lines: Vec<String> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        anyhow::anyhow!("{} is not a Table Schema that can be used:{}", path.display(), lines.concat())
    })?;
    let file = path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let name = if program.name.is_empty() { file } else { program.name.clone() };
    Ok(Arc::new(program.named(&name)))
}

impl Template {
    pub fn run(&self) -> anyhow::Result<Verdict> {
        let program = self.choice.load()?;
        let is_workbook = |path: &Path| path.extension().is_some_and(|end| end.eq_ignore_ascii_case("xlsx"));
        let by_name = self.output.as_deref().is_some_and(is_workbook);
        let xlsx = self.format.map_or(by_name, |format| format == TemplateFormat::Xlsx);
        let template = if xlsx {
            roster_templates::workbook_template(&program)?
        } else {
            roster_templates::csv_template(&program).into_bytes()
        };
        if xlsx && self.output.is_none() && io::stdout().is_terminal() {
            bail!("a workbook is no text; say where to write it with --output");
        }
        write(self.output.as_deref(), &template)
    }
}

impl DictionaryCommand {
    pub fn run(&self) -> anyhow::Result<Verdict> {
        let dictionary = Dictionary::of(&*self.choice.load()?);
        let text = match self.format {
            DictionaryFormat::Markdown => dictionary.to_markdown(),
            DictionaryFormat::Csv => dictionary.to_csv(),
            DictionaryFormat::Json => dictionary.to_json(),
        };
        write(self.output.as_deref(), text.as_bytes())
    }
}

fn write(output: Option<&Path>, bytes: &[u8]) -> anyhow::Result<Verdict> {
    match output {
        Some(path) => fs::write(path, bytes).with_context(|| format!("cannot write {}", path.display()))?,
        None => io::stdout().write_all(bytes).context("cannot write to the standard output")?,
    }
    Ok(Verdict::Clean)
}
