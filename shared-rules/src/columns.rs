//! Which column of the file is which field of the program.

mod aliases;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    program::{Field, Kind, Program, Sheets},
    read::Texts,
};

/// The header, matched to a program's fields.
#[derive(Debug)]
pub struct Columns {
    /// The header's texts, as many of them as the limit on columns lets in.
    headers: Vec<String>,
    /// The columns of the file, also beyond the limit.
    count: usize,
    /// The field of each column.
    fields: Vec<Option<usize>>,
    /// Why each column is its field.
    matches: Vec<Option<Match>>,
    /// The column of each field.
    places: Vec<Option<usize>>,
    /// Columns that are a name of a field that another column fills already.
    claimed: Vec<(usize, usize)>,
    /// Columns that the importer wants ignored.
    ignored: Vec<usize>,
    /// A field without a column, and the value that it has in every row: what the sheet stands for.
    implied: Option<(usize, String)>,
}

/// Why a column is taken for a field.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
pub struct Match {
    pub reason: MatchReason,
    /// How sure that is, in percent.
    pub confidence: u8,
}

/// The reasons to take a column for a field, the best first.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[cfg_attr(feature = "wasm", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum MatchReason {
    /// The importer said so.
    Chosen,
    /// The header is the field's name.
    Exact,
    /// The header is one under which other systems or people have such a column.
    Alias,
    /// The header is the field's name or title but for case, spaces and punctuation.
    Normalised,
    /// The values are such as the field takes.
    Values,
}

/// What is known of a file's columns before they are matched.
#[derive(Debug, Default)]
pub struct Header {
    pub headers: Vec<String>,
    /// The columns of the file, also those beyond the limit.
    pub count: usize,
    /// The first rows below the header.
    pub samples: Vec<Vec<String>>,
}

/// What the importer says of columns, by header: the field's name, or that the column is to be ignored.
pub type Mapping = BTreeMap<String, Option<String>>;

impl MatchReason {
    fn confidence(self) -> u8 {
        match self {
            Self::Chosen | Self::Exact => 100,
            Self::Alias => 95,
            Self::Normalised => 90,
            Self::Values => 60,
        }
    }
}

impl Sheets {
    fn index(&self, sheet: &str) -> Option<usize> {
        let sheet = normalised(sheet);
        self.values.iter().position(|(name, _)| normalised(name) == sheet)
    }
}

impl Program {
    /// The field that a sheet of this name says something of, and what.
    #[must_use]
    pub fn implied_by(&self, sheet: &str) -> Option<(usize, &str)> {
        let sheets = self.sheets.as_ref()?;
        let (_, value) = &sheets.values[sheets.index(sheet)?];
        Some((sheets.field, value.as_str()))
    }

    /// Those of a workbook's sheets that are one table, because each name says what the people are. Of two sheets of
    /// one name, but for its spelling, the second is none of them: so they are as few as the names.
    #[must_use]
    pub fn parts(&self, mut sheets: Vec<String>) -> Vec<String> {
        let mut seen = BTreeSet::new();
        let index = |name: &str| self.sheets.as_ref()?.index(name);
        sheets.retain(|name| index(name).is_some_and(|index| seen.insert(index)));
        sheets
    }
}

impl Columns {
    /// Matches columns to fields: what the importer chose, then by exact name, and, unless the program is strict
    /// about its header, by other names, by names but for their spelling, and by the values. A later column of the
    /// same field fills nothing.
    #[must_use]
    pub fn matched(program: &Program, header: Header, mapping: &Mapping) -> Self {
        Self::matched_by(&Names::of(program), program, header, mapping)
    }

    fn matched_by(names: &Names, program: &Program, header: Header, mapping: &Mapping) -> Self {
        let Header { headers, count, samples } = header;
        let mut columns = Self {
            count,
            fields: vec![None; headers.len()],
            matches: vec![None; headers.len()],
            places: vec![None; program.fields.len()],
            claimed: Vec::new(),
            ignored: Vec::new(),
            implied: None,
            headers,
        };
        columns.choose(program, mapping);
        columns.by_name(MatchReason::Exact, |header| {
            program.fields.iter().position(|field| field.name == header).into_iter().collect()
        });
        if !program.is_strict() {
            columns.by_name(MatchReason::Alias, |header| names.alias(header));
            columns.by_name(MatchReason::Normalised, |header| names.normalised(header));
            columns.by_values(program, &samples);
        }
        columns
    }

    /// The fields that texts would match by their names alone.
    pub(crate) fn known(names: &Names, program: &Program, texts: &[String]) -> usize {
        let header = Header { headers: texts.to_vec(), count: texts.len(), samples: Vec::new() };
        Self::matched_by(names, program, header, &Mapping::new()).places.iter().flatten().count()
    }

    fn choose(&mut self, program: &Program, mapping: &Mapping) {
        for column in 0..self.headers.len() {
            match mapping.get(&self.headers[column]) {
                Some(Some(name)) => {
                    let field = program.fields.iter().position(|field| field.name == *name);
                    if let Some(field) = field.filter(|&field| self.places[field].is_none()) {
                        self.assign(column, field, MatchReason::Chosen, None);
                    }
                }
                Some(None) => self.ignored.push(column),
                None => {}
            }
        }
    }

    /// `find` gives the fields that a header names, the likeliest first.
    fn by_name(&mut self, reason: MatchReason, find: impl Fn(&str) -> Vec<usize>) {
        for column in 0..self.headers.len() {
            if self.fields[column].is_some() || self.ignored.contains(&column) {
                continue;
            }
            let named = find(&self.headers[column]);
            if let Some(&free) = named.iter().find(|&&field| self.places[field].is_none()) {
                self.claimed.retain(|(claimed, _)| *claimed != column);
                self.assign(column, free, reason, None);
            } else if let Some(&taken) = named.first() {
                // The same text again is a doubled header, which is another fault.
                let doubled =
                    self.places[taken].is_some_and(|other| self.headers[other] == self.headers[column]);
                if !doubled && !self.claimed.iter().any(|(claimed, _)| *claimed == column) {
                    self.claimed.push((column, taken));
                }
            }
        }
    }

    /// A column whose values look like one field that has no column, where it is the only such column.
    fn by_values(&mut self, program: &Program, samples: &[Vec<String>]) {
        let fits: Vec<(usize, usize, u8)> = (0..self.headers.len())
            .filter(|column| self.fields[*column].is_none() && !self.ignored.contains(column))
            .filter(|column| !self.claimed.iter().any(|(claimed, _)| claimed == column))
            .filter_map(|column| {
                let fitting = |&field: &usize| self.places[field].is_none();
                let mut fields = (0..program.fields.len()).filter(fitting).filter_map(|field| {
                    Some((column, field, share_of_values(&program.fields[field], column, samples)?))
                });
                let only = fields.next()?;
                fields.next().is_none().then_some(only)
            })
            .collect();
        for &(column, field, share) in &fits {
            if fits.iter().filter(|(_, other, _)| *other == field).count() == 1 {
                self.assign(column, field, MatchReason::Values, Some(share));
            }
        }
    }

    fn assign(&mut self, column: usize, field: usize, reason: MatchReason, share: Option<u8>) {
        self.fields[column] = Some(field);
        self.places[field] = Some(column);
        // Values alone are never as sure as a name.
        let confidence = share.map_or(reason.confidence(), |share| share / 2 + reason.confidence() / 2);
        self.matches[column] =
            Some(Match { reason, confidence: confidence.min(reason.confidence().max(80)) });
    }

    /// Gives a field without a column the value that the sheet stands for.
    #[must_use]
    pub fn on_sheet(mut self, program: &Program, sheet: &str) -> Self {
        let implied = program.implied_by(sheet).filter(|(field, _)| self.places[*field].is_none());
        self.implied = implied.map(|(field, value)| (field, value.to_owned()));
        self
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

    /// The field that the column's name, or the importer, says it fills.
    pub(crate) fn named_field(&self, column: usize) -> Option<usize> {
        let is_guess = self.why(column).is_some_and(|why| why.reason == MatchReason::Values);
        self.field(column).filter(|_| !is_guess)
    }

    /// Why the column fills its field.
    #[must_use]
    pub fn why(&self, column: usize) -> Option<Match> {
        self.matches.get(column).copied().flatten()
    }

    /// The columns that fill a field, and why.
    pub(crate) fn matches(&self) -> impl Iterator<Item = (usize, Match)> {
        self.matches.iter().enumerate().filter_map(|(column, found)| Some((column, (*found)?)))
    }

    /// Columns that are a name of a field that another column fills already.
    pub(crate) fn claimed(&self) -> &[(usize, usize)] {
        &self.claimed
    }

    /// Whether the importer wants the column ignored.
    #[must_use]
    pub fn is_ignored(&self, column: usize) -> bool {
        self.ignored.contains(&column)
    }

    /// The column that fills this field.
    #[must_use]
    pub fn column(&self, field: usize) -> Option<usize> {
        self.places.get(field).copied().flatten()
    }

    /// Whether the field has a column, or a value from the sheet.
    #[must_use]
    pub fn has(&self, field: usize) -> bool {
        self.column(field).is_some() || self.implied.as_ref().is_some_and(|(implied, _)| *implied == field)
    }

    /// The text of a field's cell in a row, if it has a value. A field without a column has the value, if any, for
    /// which the sheet stands.
    pub(crate) fn value<'a>(&'a self, program: &Program, field: usize, texts: Texts<'a>) -> Option<&'a str> {
        let Some(column) = self.column(field) else {
            let implied = self.implied.as_ref().filter(|(implied, _)| *implied == field);
            return implied.map(|(_, value)| value.as_str());
        };
        let text = texts.get(column);
        (!program.fields[field].is_missing(text)).then_some(text)
    }

    /// The field that the sheet stands for, and its value.
    pub(crate) fn implied(&self) -> Option<(usize, &str)> {
        self.implied.as_ref().map(|(field, value)| (*field, value.as_str()))
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

/// A program's fields by their normalised names.
pub(crate) struct Names {
    aliases: Vec<(String, usize)>,
    names: Vec<(String, usize)>,
}

impl Names {
    pub(crate) fn of(program: &Program) -> Self {
        let fields = || program.fields.iter().zip(0..);
        let own = fields()
            .flat_map(|(field, index)| field.aliases.iter().map(move |name| (normalised(name), index)));
        let common = fields().flat_map(|(field, index)| {
            aliases::of(field.fills).iter().map(move |name| (normalised(name), index))
        });
        // A name goes before a title: `Student ID` may be the title of one and the name of another.
        let names = fields().map(|(field, index)| (normalised(&field.name), index));
        let titles = fields().map(|(field, index)| (normalised(&field.title), index));
        Self { aliases: own.chain(common).collect(), names: names.chain(titles).collect() }
    }

    /// The fields of which this is another name, unless it is, but for its spelling, the name of one.
    fn alias(&self, header: &str) -> Vec<usize> {
        let header = normalised(header);
        if find(&self.names, &header).is_empty() { find(&self.aliases, &header) } else { Vec::new() }
    }

    fn normalised(&self, header: &str) -> Vec<usize> {
        find(&self.names, &normalised(header))
    }
}

fn find(names: &[(String, usize)], header: &str) -> Vec<usize> {
    let alike = names.iter().filter(|(name, _)| !header.is_empty() && name == header);
    alike.map(|(_, field)| *field).collect()
}

/// A header without case, spaces, punctuation and what stands in brackets: `Last Name [Required]`, `last_name` and
/// `LastName` are one.
fn normalised(header: &str) -> String {
    let mut depth = 0_u32;
    let outside = header.chars().filter(|char| {
        match char {
            '[' | '(' => depth += 1,
            ']' | ')' => depth = depth.saturating_sub(1),
            _ => return depth == 0,
        }
        false
    });
    outside.filter(|char| char.is_alphanumeric()).flat_map(char::to_lowercase).take(LONGEST_NAME).collect()
}

/// The percentage of a column's values that the field takes, if the field does not take everything and this is
/// most of them.
fn share_of_values(field: &Field, column: usize, samples: &[Vec<String>]) -> Option<u8> {
    const FEWEST_VALUES: usize = 3;
    const LEAST_SHARE: usize = 90;
    if !matches!(field.kind, Kind::Email | Kind::OneOf(_) | Kind::Date(_) | Kind::Guid) {
        return None;
    }
    let values: Vec<&str> = samples
        .iter()
        .filter_map(|row| row.get(column))
        .map(|text| text.trim())
        .filter(|text| !text.is_empty())
        .collect();
    let fitting = values.iter().filter(|text| field.admits(text)).count();
    let share = fitting * 100 / values.len().max(1);
    (values.len() >= FEWEST_VALUES && share >= LEAST_SHARE).then(|| u8::try_from(share).unwrap_or(100))
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
    text.chars()
        .filter(|char| char.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .take(LONGEST_NAME)
        .collect()
}

/// No field's name is longer, and comparing two takes the product of their lengths.
const LONGEST_NAME: usize = 128;

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
    use insta::assert_snapshot;

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

    fn matched(program: &Program, header: &str, samples: &[&str]) -> Columns {
        let cells = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
        let headers = cells(header);
        let header =
            Header { count: headers.len(), headers, samples: samples.iter().map(|row| cells(row)).collect() };
        Columns::matched(program, header, &Mapping::new())
    }

    /// `header → field (reason confidence)` for each column that has a field.
    fn found(program: &str, header: &str, samples: &[&str]) -> String {
        let program = Program::builtin(program).unwrap();
        let columns = matched(&program, header, samples);
        let lines = columns.matches().map(|(column, found)| {
            let field = &program.fields[columns.field(column).unwrap()].name;
            format!("{} → {field} ({:?} {})\n", columns.headers()[column], found.reason, found.confidence)
        });
        lines.collect()
    }

    #[test]
    fn the_nearest_field_without_a_column() {
        let program = Program::builtin("retail").unwrap();
        let columns = matched(&program, "CanContact,cancontactscholls", &[]);
        let field = columns.resembled_field(&program, "cancontactscholls").unwrap();
        assert_eq!(program.fields[field].name, "CanContactSchools");
        assert_eq!(columns.resembling_column("CanContactSchools"), Some(1));
        assert_eq!(columns.resembling_column("CanContact"), None);
    }

    #[test]
    fn an_export_of_oneroster() {
        const HEADER: &str = "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,\
            middleName,identifier,email,sms,phone,agentSourcedIds,grades,password,role";
        assert_snapshot!(found("clients", HEADER, &[]), @"
        givenName → First Name (Alias 95)
        familyName → Last Name (Alias 95)
        email → Email (Normalised 90)
        phone → Phone (Normalised 90)
        password → Password (Normalised 90)
        ");
        assert_snapshot!(found("learners", HEADER, &[]), @"
        username → Username (Normalised 90)
        givenName → First Name (Alias 95)
        familyName → Last Name (Alias 95)
        email → Email (Normalised 90)
        phone → Phone (Normalised 90)
        grades → Grade (Alias 95)
        role → Role (Normalised 90)
        ");
    }

    #[test]
    fn an_export_of_clever() {
        const HEADER: &str = "School_id,Student_id,Student_number,State_id,Last_name,Middle_name,First_name,Grade,\
            Gender,Graduation_year,DOB,Race,Hispanic_Latino,Home_language,Ell_status,Frl_status,IEP_status,\
            Student_street,Student_city,Student_state,Student_zip,Student_email,Contact_relationship,\
            Contact_type,Contact_email,Contact_sis_id,Username,Password";
        assert_snapshot!(found("clients", HEADER, &[]), @"
        Student_id → Student ID (Normalised 90)
        Last_name → Last Name (Normalised 90)
        First_name → First Name (Normalised 90)
        Graduation_year → Graduation Year (Normalised 90)
        Student_email → Email (Alias 95)
        Password → Password (Exact 100)
        ");
        assert_snapshot!(found("retail", HEADER, &[]), @"
        School_id → SchoolID (Normalised 90)
        Student_id → ExternalID (Alias 95)
        Last_name → StudentLastName (Normalised 90)
        First_name → StudentFirstName (Normalised 90)
        Gender → Gender (Exact 100)
        Graduation_year → HighSchoolGraduationYear (Alias 95)
        DOB → BirthDay (Alias 95)
        Race → Ethnicity (Alias 95)
        Ell_status → ELLStatus (Normalised 90)
        Student_street → Address1StreetAddress1 (Alias 95)
        Student_city → Address1City (Alias 95)
        Student_state → Address1State (Alias 95)
        Student_zip → Address1Zip (Alias 95)
        Student_email → Email (Alias 95)
        Contact_email → ParentEmail (Alias 95)
        ");
        assert_snapshot!(found("learners", HEADER, &[]), @"
        Last_name → Last Name (Normalised 90)
        First_name → First Name (Normalised 90)
        Grade → Grade (Exact 100)
        Student_email → Email (Alias 95)
        Contact_email → Parent (Alias 95)
        Username → Username (Exact 100)
        ");
    }

    #[test]
    fn an_export_of_canvas() {
        const HEADER: &str = "user_id,integration_id,login_id,password,first_name,last_name,full_name,sortable_name,\
            short_name,email,pronouns,declared_user_type,status";
        assert_snapshot!(found("clients", HEADER, &[]), @"
        password → Password (Normalised 90)
        first_name → First Name (Normalised 90)
        last_name → Last Name (Normalised 90)
        short_name → Preferred Name (Alias 95)
        email → Email (Normalised 90)
        pronouns → Pronouns (Normalised 90)
        ");
        assert_snapshot!(found("learners", HEADER, &[]), @"
        login_id → Username (Alias 95)
        first_name → First Name (Normalised 90)
        last_name → Last Name (Normalised 90)
        email → Email (Normalised 90)
        declared_user_type → Role (Alias 95)
        ");
    }

    #[test]
    fn an_export_of_moodle() {
        const HEADER: &str = "username,password,firstname,lastname,email,idnumber,institution,department,city,country,\
            phone1,phone2,address,course1,role1,cohort1";
        assert_snapshot!(found("clients", HEADER, &[]), @"
        password → Password (Normalised 90)
        firstname → First Name (Normalised 90)
        lastname → Last Name (Normalised 90)
        email → Email (Normalised 90)
        phone1 → Phone (Alias 95)
        ");
        assert_snapshot!(found("learners", HEADER, &[]), @"
        username → Username (Normalised 90)
        firstname → First Name (Normalised 90)
        lastname → Last Name (Normalised 90)
        email → Email (Normalised 90)
        institution → School (Alias 95)
        phone1 → Phone (Alias 95)
        ");
    }

    #[test]
    fn an_export_of_google() {
        const HEADER: &str = "First Name [Required],Last Name [Required],Email Address [Required],\
            Password [Required],Password Hash Function [UPLOAD ONLY],Org Unit Path [Required],Recovery Email,\
            Home Phone,Work Phone,Mobile Phone,Home Address,Employee ID,Employee Title,Department";
        assert_snapshot!(found("clients", HEADER, &[]), @"
        First Name [Required] → First Name (Normalised 90)
        Last Name [Required] → Last Name (Normalised 90)
        Email Address [Required] → Email (Alias 95)
        Password [Required] → Password (Normalised 90)
        Home Phone → Phone (Alias 95)
        ");
        assert_snapshot!(found("learners", HEADER, &[]), @"
        First Name [Required] → First Name (Normalised 90)
        Last Name [Required] → Last Name (Normalised 90)
        Email Address [Required] → Email (Alias 95)
        Home Phone → Phone (Alias 95)
        ");
    }

    #[test]
    fn columns_known_by_their_values() {
        let rows = ["a@example.com,x,Student", "b@example.com,y,Parent", "c@example.com,z,Student"];
        assert_snapshot!(found("learners", "Contact,Thing,Who", &rows), @"
        Contact → Email (Values 80)
        Who → Role (Values 80)
        ");
        assert_snapshot!(found("learners", "Contact,Thing,Who", &rows[..2]), @"");
        // Two columns of addresses: which is meant, nobody knows.
        let two =
            ["a@example.com,x@example.com", "b@example.com,y@example.com", "c@example.com,z@example.com"];
        assert_snapshot!(found("clients", "One,Other", &two), @"");
        assert_snapshot!(found("district-users", "contact,user_role,userid", &[]), @"");
    }

    #[test]
    fn what_the_importer_says_goes_first() {
        let program = Program::builtin("clients").unwrap();
        let headers = ["Email", "Other", "Phone"].map(str::to_owned).to_vec();
        let header = Header { headers, count: 3, samples: Vec::new() };
        let mapping =
            Mapping::from([("Other".to_owned(), Some("Email".to_owned())), ("Phone".to_owned(), None)]);
        let columns = Columns::matched(&program, header, &mapping);
        assert_eq!((columns.field(0), columns.field(1), columns.field(2)), (None, Some(0), None));
        assert_eq!(columns.why(1).unwrap().reason, MatchReason::Chosen);
        assert!(columns.is_ignored(2));
    }
}
