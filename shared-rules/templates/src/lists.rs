//! The values of drop-downs.

use rust_xlsxwriter::{DataValidation, Formula, Workbook, XlsxError, utility::cell_range_absolute};

/// Lists that are too long for a cell's rule, which the rules name by their place on a sheet of their own.
#[derive(Default)]
pub(crate) struct Lists(Vec<Vec<String>>);

const SHEET: &str = "Lists";
/// UTF-16 units, the commas included.
const LONGEST_RULE: usize = 255;

impl Lists {
    /// A rule that offers the values.
    pub(crate) fn drop_down(&mut self, values: &[String]) -> Result<DataValidation, XlsxError> {
        let validation = DataValidation::new();
        if fit_into_rule(values) {
            validation.allow_list_strings(values)
        } else {
            Ok(validation.allow_list_formula(self.place(values)?))
        }
    }

    fn place(&mut self, values: &[String]) -> Result<Formula, XlsxError> {
        let column = u16::try_from(self.0.len()).map_err(|_| XlsxError::RowColumnLimitError)?;
        let last = values.len().saturating_sub(1);
        let last = u32::try_from(last).map_err(|_| XlsxError::RowColumnLimitError)?;
        self.0.push(values.to_vec());
        Ok(Formula::new(format!("={SHEET}!{}", cell_range_absolute(0, column, last, column))))
    }

    /// Adds the sheet, if any rule names it.
    pub(crate) fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let worksheet = workbook.add_worksheet().set_name(SHEET)?.set_hidden(true);
        for (column, values) in (0..).zip(&self.0) {
            worksheet.write_column(0, column, values)?;
        }
        Ok(())
    }
}

/// Whether the values can stand in the rule itself, where commas part them and spaces around them are lost.
fn fit_into_rule(values: &[String]) -> bool {
    let is_plain = |value: &String| !value.contains([',', '"']) && value.trim() == value;
    values.iter().all(is_plain) && values.join(",").encode_utf16().count() <= LONGEST_RULE
}
