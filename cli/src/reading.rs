//! The flags that say how a file is to be read, where what it seems to be is wrong.

use clap::{
    Args,
    builder::{PossibleValuesParser, TypedValueParser},
};
use functions::reading::ReadingOptions;
use shared_rules::{
    options::{DateOrder, Delimiter},
    sheets::Sheets,
};
use text_encoding::Encoding;

#[derive(Args)]
#[command(next_help_heading = "Reading")]
pub struct ReadingFlags {
    /// The text's encoding, such as windows-1252
    #[arg(long, value_name = "NAME")]
    encoding: Option<Encoding>,
    /// What stands between the cells: comma, semicolon, tab or pipe
    #[arg(long, value_name = "NAME")]
    delimiter: Option<Delimiter>,
    /// The sheet of a workbook [default: all that say what their people are, such as Students and Parents, else the
    /// first]
    #[arg(long, value_name = "NAME")]
    sheet: Option<String>,
    /// The row in which the headers are
    #[arg(long, value_name = "ROW")]
    header_row: Option<u32>,
    /// Take a column for one of the program's, or for none
    #[arg(long = "map", value_name = "HEADER=COLUMN", value_parser = mapped)]
    mapping: Vec<(String, Option<String>)>,
    /// How dates such as 3/4/2011 are meant
    #[arg(long, value_name = "ORDER", value_parser = date_orders())]
    dates: Option<DateOrder>,
}

impl ReadingFlags {
    pub fn options(&self) -> ReadingOptions {
        ReadingOptions {
            mapping: self.mapping.iter().cloned().collect(),
            sheet: self.sheet.clone(),
            sheets: Sheets::default(),
            encoding: self.encoding,
            delimiter: self.delimiter,
            header_row: self.header_row,
            date_order: self.dates,
        }
    }
}

/// Reads `Header=Column`; nothing after the sign ignores the column.
fn mapped(text: &str) -> Result<(String, Option<String>), String> {
    let (header, field) = text.rsplit_once('=').ok_or("write HEADER=COLUMN, or HEADER= to ignore it")?;
    Ok((header.to_owned(), (!field.is_empty()).then(|| field.to_owned())))
}

fn date_orders() -> impl TypedValueParser<Value = DateOrder> {
    PossibleValuesParser::new(DateOrder::ALL.map(DateOrder::name)).try_map(|name| {
        DateOrder::ALL.into_iter().find(|order| order.name() == name).ok_or("write day-first or month-first")
    })
}
