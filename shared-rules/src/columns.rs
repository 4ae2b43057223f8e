//! Which column of the file is which field of the program.

use crate::{program::Program, read::Texts};

/// The header, matched to a program's fields.
#[derive(Debug)]
pub struct Columns {
    /// The header's texts, as many of them as the limit on columns lets in.
    headers: Vec<String>,
    /// The columns of the file, also beyond the limit.
    count: usize,
    /// The field of each column.
    fields: Vec<Option<usize>>,
    /// The column of each field.
    places: Vec<Option<usize>>,
    /// A field without a column, and the value that it has in every row: what the sheet stands for.
    implied: Option<(usize, String)>,
}

impl Columns {
    /// Matches headers to fields of exactly that name. A later column of the same name fills nothing.
    #[must_use]
    pub fn matched(program: &Program, headers: Vec<String>, count: usize) -> Self {
        let mut places = vec![None; program.fields.len()];
        let mut fields = vec![None; headers.len()];
        for (column, header) in headers.iter().enumerate() {
            let field = program.fields.iter().position(|field| field.name == *header);
            if let Some(field) = field.filter(|&field| places[field].is_none()) {
                places[field] = Some(column);
                fields[column] = Some(field);
            }
        }
        Self { headers, count, fields, places, implied: None }
    }

    #[must_use]
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// How many columns the file has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// The field that this column fills.
    #[must_use]
    pub fn field(&self, column: usize) -> Option<usize> {
        self.fields.get(column).copied().flatten()
    }

    /// The column that fills this field.
    #[must_use]
    pub fn column(&self, field: usize) -> Option<usize> {
        self.places.get(field).copied().flatten()
    }

    /// The text of a field's cell in a row, if it has a value. A field without a column has the value, if any, for
    /// which the sheet stands.
    pub(crate) fn value<'a>(&'a self, program: &Program, field: usize, texts: Texts<'a>) -> Option<&'a str> {
        let Some(column) = self.column(field) else {
            return self
                .implied
                .as_ref()
                .filter(|(implied, _)| *implied == field)
                .map(|(_, value)| value.as_str());
        };
        let text = texts.get(column);
        (!program.fields[field].is_missing(text)).then_some(text)
    }

    /// The fields of the columns, in the file's order.
    pub(crate) fn fields(&self) -> &[Option<usize>] {
        &self.fields
    }

    /// The field without a column whose name this header resembles most.
    #[must_use]
    pub fn resembled_field(&self, program: &Program, header: &str) -> Option<usize> {
        (0..program.fields.len())
            .filter(|&field| self.places[field].is_none())
            .filter_map(|field| Some((distance(header, &program.fields[field].name)?, field)))
            .min()
            .map(|(_, field)| field)
    }

    /// The column without a field whose header resembles this name most.
    #[must_use]
    pub fn resembling_column(&self, name: &str) -> Option<usize> {
        (0..self.headers.len())
            .filter(|&column| self.fields[column].is_none())
            .filter_map(|column| Some((distance(&self.headers[column], name)?, column)))
            .min()
            .map(|(_, column)| column)
    }
}

/// A column's name in a spreadsheet: A, B, … Z, AA.
#[must_use]
pub fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
        if column < 26 {
            return letters.iter().rev().collect();
        }
        column = column / 26 - 1;
    }
}

/// How far a header is from a name that it resembles: 0 where only case, spaces and punctuation differ,
/// then the number of typing errors, of which there may be two in a long name.
fn distance(header: &str, name: &str) -> Option<usize> {
    let (header, name) = (folded(header), folded(name));
    let allowed = (header.len().min(name.len()) / 4).min(2);
    if header.is_empty() || header.len().abs_diff(name.len()) > allowed {
        return None;
    }
    Some(typing_errors(&header, &name)).filter(|&errors| errors <= allowed)
}

fn folded(text: &str) -> Vec<char> {
    // No field's name is longer, and the comparison takes the product of both lengths.
    text.chars().filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).take(128).collect()
}

/// Letters added, left out, replaced or swapped with their neighbour.
pub(crate) fn typing_errors(a: &[char], b: &[char]) -> usize {
    let mut rows = [vec![0; b.len() + 1], (0..=b.len()).collect(), vec![0; b.len() + 1]];
    for i in 1..=a.len() {
        let [before, previous, current] = &mut rows;
        current[0] = i;
        for j in 1..=b.len() {
            let replaced = previous[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            current[j] = replaced.min(previous[j] + 1).min(current[j - 1] + 1);
            let swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if swapped {
                current[j] = current[j].min(before[j - 2] + 1);
            }
        }
        rows.rotate_left(1);
    }
    rows[1][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, name: &str, expect: Option<usize>) {
        assert_eq!(distance(header, name), expect, "{header} {name}");
    }

    #[test]
    fn headers_that_resemble_a_name() {
        check("client_type", "ClientType", Some(0));
        check(" Client Type ", "ClientType", Some(0));
        check("ClinetType", "ClientType", Some(1));
        check("ClientTyp", "ClientType", Some(1));
        check("KlientTypen", "ClientType", Some(2));
        check("Client", "ClientType", None);
        check("Zip", "Zee", None);
        check("Zed", "Zee", None);
        check("Emial", "Email", Some(1));
        check("", "Zee", None);
    }

    #[test]
    fn letters_of_columns() {
        for (column, expect) in
            [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
        {
            assert_eq!(letters(column), expect);
        }
    }

    #[test]
    fn the_nearest_field_without_a_column() {
        let program = Program::builtin("retail").unwrap();
        let headers = ["CanContact", "cancontactschool"].map(str::to_owned).to_vec();
        let columns = Columns::matched(&program, headers, 2);
        let field = columns.resembled_field(&program, "cancontactschool").unwrap();
        assert_eq!(program.fields[field].name, "CanContactSchools");
        assert_eq!(columns.resembling_column("CanContactSchools"), Some(1));
        assert_eq!(columns.resembling_column("CanContact"), None);
    }
}
