//! Reads a Table Schema (v2, <https://datapackage.org/standard/table-schema/>) and compiles it.

use serde_json::{Map, Value as Json};

use super::{
    Bounds, Condition, DescriptorFault, Field, FieldsMatch, Fill, Kind, PASSWORD, Pattern, PersonKind,
    Program, Reference, Requirement, Sheets, Test, Values,
    kind::{Flag, Item, List, Moment, MomentFormat, NumberFormat, Shape, iso_date},
    moment::{Civil, DIRECTIVES, is_readable},
};
use crate::{diagnostic::Severity, identity::KeyKind};

/// Compiles a descriptor, or says everything that is wrong with it.
pub(super) fn compile(json: &str) -> Result<Program, Vec<DescriptorFault>> {
    let descriptor: Json = serde_json::from_str(json).map_err(|error| {
        vec![DescriptorFault {
            path: String::new(),
            found: format!("text that is not JSON ({error})"),
            expected: "a Table Schema in JSON".to_owned(),
        }]
    })?;
    let mut faults = Faults::default();
    let program = program(&descriptor, &mut faults);
    match program {
        Some(program) if faults.0.is_empty() => Ok(program),
        _ => Err(faults.0),
    }
}

#[derive(Default)]
struct Faults(Vec<DescriptorFault>);

impl Faults {
    fn add(&mut self, path: impl Into<String>, found: impl Into<String>, expected: impl Into<String>) {
        self.0.push(DescriptorFault { path: path.into(), found: found.into(), expected: expected.into() });
    }
}

/// A JSON object, where it stands, and the keys of it that were asked for.
struct Object<'a> {
    path: String,
    map: &'a Map<String, Json>,
    known: Vec<&'static str>,
}

impl<'a> Object<'a> {
    fn new(path: impl Into<String>, json: &'a Json, faults: &mut Faults) -> Option<Self> {
        let path = path.into();
        match json {
            Json::Object(map) => Some(Self { path, map, known: Vec::new() }),
            other => {
                faults.add(path, shown(other), "an object");
                None
            }
        }
    }

    fn at(&self, key: &str) -> String {
        format!("{}/{key}", self.path)
    }

    fn get(&mut self, key: &'static str) -> Option<&'a Json> {
        self.known.push(key);
        self.map.get(key)
    }

    fn object(&mut self, key: &'static str, faults: &mut Faults) -> Option<Self> {
        let path = self.at(key);
        self.get(key).and_then(|json| Self::new(path, json, faults))
    }

    fn text(&mut self, key: &'static str, faults: &mut Faults) -> Option<&'a str> {
        let json = self.get(key)?;
        if json.as_str().is_none() {
            faults.add(self.at(key), shown(json), "a string");
        }
        json.as_str()
    }

    fn flag(&mut self, key: &'static str, faults: &mut Faults) -> bool {
        let Some(json) = self.get(key) else { return false };
        if json.as_bool().is_none() {
            faults.add(self.at(key), shown(json), "true or false");
        }
        json.as_bool().unwrap_or(false)
    }

    fn count(&mut self, key: &'static str, faults: &mut Faults) -> Option<usize> {
        let json = self.get(key)?;
        let count = json.as_u64().and_then(|count| usize::try_from(count).ok());
        if count.is_none() {
            faults.add(self.at(key), shown(json), "a whole number, 0 or more");
        }
        count
    }

    /// A list of anything; empty where there is none.
    fn list(&mut self, key: &'static str, expected: &str, faults: &mut Faults) -> &'a [Json] {
        match self.get(key) {
            None => &[],
            Some(Json::Array(items)) => items,
            Some(other) => {
                faults.add(self.at(key), shown(other), expected);
                &[]
            }
        }
    }

    fn texts(&mut self, key: &'static str, faults: &mut Faults) -> Option<Vec<String>> {
        let json = self.get(key)?;
        let texts: Option<Vec<String>> =
            json.as_array().and_then(|all| all.iter().map(|text| text.as_str().map(str::to_owned)).collect());
        if texts.is_none() {
            faults.add(self.at(key), shown(json), "a list of strings");
        }
        texts
    }

    /// Refuses every key that was not asked for, so that nothing a descriptor demands is passed over.
    fn refuse_others(self, documentation: &[&str], faults: &mut Faults) {
        for key in self.map.keys() {
            if !self.known.contains(&key.as_str()) && !documentation.contains(&key.as_str()) {
                let mut known: Vec<&str> = self.known.iter().chain(documentation).copied().collect();
                known.sort_unstable();
                known.dedup();
                faults.add(
                    self.at(key),
                    "a property that is not supported here",
                    format!("only {}", known.join(", ")),
                );
            }
        }
    }
}

/// A JSON value in a message, cut short.
fn shown(json: &Json) -> String {
    let text = json.to_string();
    match text.char_indices().nth(60) {
        Some((cut, _)) => format!("{}…", &text[..cut]),
        None => text,
    }
}

/// A value as a cell would hold it; the standard lets an example be of any type.
fn as_text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// Properties that explain and demand nothing.
const SCHEMA_NOTES: [&str; 5] = ["$schema", "name", "title", "description", "homepage"];
const FIELD_NOTES: [&str; 3] = ["rdfType", "$schema", "categoriesOrdered"];

fn program(json: &Json, faults: &mut Faults) -> Option<Program> {
    let mut schema = Object::new("", json, faults)?;
    let fields_match = fields_match(&mut schema, faults);
    let missing = missing_values(&mut schema, faults).unwrap_or_default();
    let fields = fields(&mut schema, &missing, faults);
    let mut program = Program {
        name: String::new(),
        title: String::new(),
        description: String::new(),
        fields,
        identity: Vec::new(),
        requirements: Vec::new(),
        unique: Vec::new(),
        references: Vec::new(),
        sheets: None,
        person_kind: None,
        main_kind: PERSON.to_owned(),
        fields_match,
    };
    for (key, part) in [
        ("name", &mut program.name),
        ("title", &mut program.title),
        ("description", &mut program.description),
    ] {
        schema.text(key, faults).unwrap_or_default().clone_into(part);
    }
    keys(&mut program, &mut schema, faults);
    if let Some(own) = schema.object("rollcall", faults) {
        extend(&mut program, own, faults);
    }
    schema.refuse_others(&SCHEMA_NOTES, faults);
    Some(program)
}

/// What is under the schema's `rollcall` key.
fn extend(program: &mut Program, mut own: Object<'_>, faults: &mut Faults) {
    for (key, part) in [
        ("name", &mut program.name),
        ("title", &mut program.title),
        ("description", &mut program.description),
    ] {
        if let Some(text) = own.text(key, faults) {
            text.clone_into(part);
        }
    }
    program.requirements = require(program, &mut own, faults);
    program.sheets = sheets(program, &mut own, faults);
    program.identity = identity(program, &mut own, faults);
    if let Some(kind) = own.object("kind", faults) {
        person_kind(program, kind, faults);
    }
    own.refuse_others(&[], faults);
}

fn fields_match(schema: &mut Object<'_>, faults: &mut Faults) -> FieldsMatch {
    let path = schema.at("fieldsMatch");
    // Version 2.0 of the standard has it as a list of one.
    let json = match schema.get("fieldsMatch") {
        Some(Json::Array(list)) if list.len() == 1 => list.first(),
        json => json,
    };
    match json.map(|json| json.as_str().unwrap_or_default()) {
        None | Some("exact") => FieldsMatch::Exact,
        Some("equal") => FieldsMatch::Equal,
        Some("subset") => FieldsMatch::Subset,
        Some("superset") => FieldsMatch::Superset,
        Some("partial") => FieldsMatch::Partial,
        Some(_) => {
            let found = json.map(shown).unwrap_or_default();
            faults.add(path, found, "exact, equal, subset, superset or partial");
            FieldsMatch::Exact
        }
    }
}

/// The texts that mean "no value". Blank always does.
fn missing_values(object: &mut Object<'_>, faults: &mut Faults) -> Option<Vec<String>> {
    let path = object.at("missingValues");
    let json = object.get("missingValues")?;
    let text = |item: &Json| match item {
        Json::String(text) => Some(text.clone()),
        Json::Object(map) => map.get("value").and_then(Json::as_str).map(str::to_owned),
        _ => None,
    };
    let texts: Option<Vec<String>> = json.as_array().and_then(|items| items.iter().map(text).collect());
    if texts.is_none() {
        faults.add(path, shown(json), "a list of strings");
    }
    Some(texts.unwrap_or_default().into_iter().filter(|text| !text.trim().is_empty()).collect())
}

fn fields(schema: &mut Object<'_>, missing: &[String], faults: &mut Faults) -> Vec<Field> {
    let path = schema.at("fields");
    let json = schema.get("fields");
    let Some(Json::Array(items)) = json else {
        faults.add(path, json.map_or("nothing".to_owned(), shown), "a list of fields");
        return Vec::new();
    };
    if items.is_empty() {
        faults.add(&path, "an empty list", "at least one field");
    }
    let mut fields: Vec<Field> = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Some(field) = field(format!("{path}/{index}"), item, missing, faults) else { continue };
        if fields.iter().any(|earlier| earlier.name == field.name) {
            let found = format!("`{}` a second time", field.name);
            faults.add(format!("{path}/{index}/name"), found, "a name that no other field has");
        }
        let filled = fields.iter().find(|earlier| {
            earlier.fills.is_some() && earlier.fills == field.fills && field.fills != Some(Fill::Profile)
        });
        if let Some(earlier) = filled {
            let found = format!("what `{}` fills already", earlier.name);
            faults.add(
                format!("{path}/{index}/rollcall/fills"),
                found,
                "something that no other field fills",
            );
        }
        fields.push(field);
    }
    fields
}

fn field(path: String, json: &Json, missing: &[String], faults: &mut Faults) -> Option<Field> {
    let mut object = Object::new(path, json, faults)?;
    let name = object.text("name", faults).unwrap_or_default().to_owned();
    if name.trim().is_empty() {
        faults.add(object.at("name"), "no name", "the column's header");
    }
    let title = object.text("title", faults).unwrap_or(&name).to_owned();
    let description = object.text("description", faults).unwrap_or_default().to_owned();
    let example = object.get("example").map(as_text).unwrap_or_default();
    let missing = missing_values(&mut object, faults).unwrap_or_else(|| missing.to_vec());
    let empty = Json::Object(Map::new());
    let constraints = object.get("constraints").unwrap_or(&empty);
    let mut constraints = Object::new(object.at("constraints"), constraints, faults)?;
    let own = object.get("rollcall").unwrap_or(&empty);
    let mut own = Object::new(object.at("rollcall"), own, faults)?;
    let required = constraints.flag("required", faults);
    // Read with the schema's keys.
    constraints.get("unique");
    let kind = kind(&mut object, &mut constraints, &mut own, faults);
    let one_of = one_of(&kind, &mut object, &mut constraints, faults);
    let pattern = constraints.text("pattern", faults).and_then(|source| {
        let at = constraints.at("pattern");
        pattern(at, source, faults)
    });
    let list = matches!(kind, Kind::List(_));
    let characters = if list { Bounds::default() } else { lengths(&mut constraints, faults) };
    let fills = fills(&mut own, &kind, faults);
    let aliases = own.texts("aliases", faults).unwrap_or_default();
    let severity = severity(&mut own, faults);
    let secret = own.flag("secret", faults) || fills == Some(Fill::Person(PASSWORD));
    let column_required = own.flag("columnRequired", faults) || required;
    constraints.refuse_others(&[], faults);
    own.refuse_others(&[], faults);
    object.refuse_others(&FIELD_NOTES, faults);
    Some(Field {
        name,
        title,
        description,
        example,
        required,
        column_required,
        fills,
        aliases,
        severity,
        secret,
        missing,
        kind,
        pattern,
        characters,
        one_of,
    })
}

fn kind(
    field: &mut Object<'_>,
    constraints: &mut Object<'_>,
    own: &mut Object<'_>,
    faults: &mut Faults,
) -> Kind {
    let name = field.text("type", faults).unwrap_or("string");
    let format = field.text("format", faults).unwrap_or("default");
    let formats: &[&str] = match name {
        "string" => &["default", "email", "uri", "binary", "uuid"],
        "geopoint" => &["default", "array", "object"],
        "geojson" => &["default", "topojson"],
        "date" | "time" | "datetime" => &["default", "any"],
        _ => &["default"],
    };
    let is_pattern = ["date", "time", "datetime"].contains(&name) && format.contains('%');
    if !formats.contains(&format) && !is_pattern {
        faults.add(field.at("format"), format!("`{format}`"), formats.join(", "));
    }
    if is_pattern && !is_readable(format) {
        let all: Vec<String> = DIRECTIVES.chars().map(|directive| format!("%{directive}")).collect();
        faults.add(field.at("format"), format!("`{format}`"), format!("a pattern of {}", all.join(" ")));
    }
    let moment = match format {
        "any" => MomentFormat::Any,
        pattern if is_pattern => MomentFormat::Pattern(pattern.to_owned()),
        _ => MomentFormat::Iso,
    };
    match name {
        "string" | "any" => text(format, constraints, own, faults),
        "boolean" => Kind::Flag(flag(field, constraints, faults)),
        "date" => Kind::Date(moments(moment, constraints, "a date, YYYY-MM-DD", faults)),
        "time" => Kind::Time(moments(moment, constraints, "a time, HH:MM:SS", faults)),
        "datetime" => Kind::DateTime(moments(moment, constraints, "a date and time", faults)),
        "yearmonth" => Kind::YearMonth(bounds(constraints, "a month, YYYY-MM", faults, |json| {
            iso_date(&format!("{}-01", json.as_str()?))
        })),
        "year" => Kind::Year(bounds(constraints, "a year", faults, integer)),
        "integer" => {
            let format = numbers(field, faults);
            Kind::Integer(format, bounds(constraints, "a whole number", faults, integer))
        }
        "number" => {
            let format = numbers(field, faults);
            Kind::Number(
                format,
                bounds(constraints, "a number", faults, |json| match json {
                    Json::String(text) => text.parse().ok(),
                    json => json.as_f64(),
                }),
            )
        }
        "list" => Kind::List(list(field, constraints, own, faults)),
        "duration" => Kind::Shaped(Shape::Duration),
        "object" => Kind::Shaped(Shape::JsonObject),
        "array" => Kind::Shaped(Shape::JsonArray),
        "geojson" => Kind::Shaped(Shape::GeoJson),
        "geopoint" => Kind::Shaped(match format {
            "array" => Shape::GeoPointArray,
            "object" => Shape::GeoPointObject,
            _ => Shape::GeoPoint,
        }),
        _ => {
            let expected = "string, integer, number, boolean, date, time, datetime, year, yearmonth, duration, \
                            list, object, array, geopoint, geojson or any";
            faults.add(field.at("type"), format!("`{name}`"), expected);
            Kind::Text
        }
    }
}

fn text(format: &str, constraints: &mut Object<'_>, own: &mut Object<'_>, faults: &mut Faults) -> Kind {
    let names = own.texts("enumOrGuid", faults);
    let values = constraints.texts("enum", faults);
    for (object, key, list) in [(&*own, "enumOrGuid", &names), (&*constraints, "enum", &values)] {
        if list.as_ref().is_some_and(Vec::is_empty) {
            faults.add(object.at(key), "an empty list", "at least one value");
        }
    }
    match (values, names, format) {
        (Some(values), None, "default") => Kind::OneOf(Values::new(values)),
        (None, Some(names), "default") => Kind::OneOfOrGuid(Values::new(names)),
        (None, None, "email") => Kind::Email,
        (None, None, "uuid") => Kind::Guid,
        (None, None, "uri") => Kind::Shaped(Shape::Uri),
        (None, None, "binary") => Kind::Shaped(Shape::Base64),
        (None, None, _) => Kind::Text,
        _ => {
            let expected = "one of enum, enumOrGuid and format";
            faults.add(&constraints.path, "more than one list of values or a list and a format", expected);
            Kind::Text
        }
    }
}

fn flag(field: &mut Object<'_>, constraints: &mut Object<'_>, faults: &mut Faults) -> Flag {
    let texts = |default: [&str; 4]| default.map(str::to_owned).to_vec();
    let yes = field.texts("trueValues", faults).unwrap_or_else(|| texts(["true", "True", "TRUE", "1"]));
    let no = field.texts("falseValues", faults).unwrap_or_else(|| texts(["false", "False", "FALSE", "0"]));
    let allowed: Option<Vec<bool>> = constraints.get("enum").map(|json| {
        let flags = json.as_array().and_then(|all| all.iter().map(Json::as_bool).collect());
        if flags.is_none() {
            faults.add(constraints.at("enum"), shown(json), "a list of true and false");
        }
        flags.unwrap_or_default()
    });
    let allows = |value| allowed.as_ref().is_none_or(|allowed| allowed.contains(&value));
    let (no_allowed, yes_allowed) = (allows(false), allows(true));
    Flag { yes: Values::new(yes), no: Values::new(no), no_allowed, yes_allowed }
}

fn list(
    field: &mut Object<'_>,
    constraints: &mut Object<'_>,
    own: &mut Object<'_>,
    faults: &mut Faults,
) -> List {
    let delimiter = field.text("delimiter", faults).unwrap_or(",").to_owned();
    if delimiter.is_empty() {
        faults.add(field.at("delimiter"), "an empty string", "the text between two items");
    }
    let item_pattern = own.text("itemPattern", faults);
    let emails = own.text("itemFormat", faults).inspect(|format| {
        if *format != "email" {
            faults.add(own.at("itemFormat"), format!("`{format}`"), "email");
        }
    });
    let item = match (field.text("itemType", faults).unwrap_or("string"), item_pattern) {
        ("string", Some(source)) => {
            pattern(own.at("itemPattern"), source, faults).map_or(Item::Text, Item::Pattern)
        }
        ("string", None) if emails.is_some() => Item::Email,
        ("string", None) => Item::Text,
        ("integer", None) => Item::Integer,
        (other, pattern) => {
            let found = pattern.map_or(format!("`{other}`"), |_| format!("`{other}` beside itemPattern"));
            faults.add(field.at("itemType"), found, "string or integer, and string beside itemPattern");
            Item::Text
        }
    };
    List { delimiter, item, count: lengths(constraints, faults) }
}

fn lengths(constraints: &mut Object<'_>, faults: &mut Faults) -> Bounds<usize> {
    Bounds {
        least: constraints.count("minLength", faults),
        most: constraints.count("maxLength", faults),
        ..Bounds::default()
    }
}

fn bounds<T>(
    constraints: &mut Object<'_>,
    expected: &str,
    faults: &mut Faults,
    read: impl Fn(&Json) -> Option<T>,
) -> Bounds<T> {
    let mut bound = |key| {
        let json = constraints.get(key)?;
        let bound = read(json);
        if bound.is_none() {
            faults.add(constraints.at(key), shown(json), expected);
        }
        bound
    };
    Bounds {
        least: bound("minimum"),
        most: bound("maximum"),
        above: bound("exclusiveMinimum"),
        below: bound("exclusiveMaximum"),
    }
}

fn moments<T: Civil>(
    format: MomentFormat,
    constraints: &mut Object<'_>,
    expected: &str,
    faults: &mut Faults,
) -> Moment<T> {
    let read = |json: &Json| {
        let text = json.as_str()?;
        match &format {
            MomentFormat::Pattern(pattern) => T::by_pattern(pattern, text).or_else(|| T::iso(text)),
            _ => T::iso(text),
        }
    };
    let bounds = bounds(constraints, expected, faults, read);
    Moment { format, bounds }
}

fn numbers(field: &mut Object<'_>, faults: &mut Faults) -> NumberFormat {
    let mut format = NumberFormat::PLAIN;
    if let Some(text) = field.text("decimalChar", faults) {
        match (text.chars().next(), text.chars().count()) {
            (Some(decimal), 1) => format.decimal = decimal,
            _ => faults.add(field.at("decimalChar"), format!("`{text}`"), "one character"),
        }
    }
    if let Some(group) = field.text("groupChar", faults) {
        group.clone_into(&mut format.group);
    }
    if field.get("bareNumber").is_some() {
        format.bare = field.flag("bareNumber", faults);
    }
    format
}

/// The list of values of a type that is not text, as texts of that type.
fn one_of(
    kind: &Kind,
    field: &mut Object<'_>,
    constraints: &mut Object<'_>,
    faults: &mut Faults,
) -> Vec<String> {
    let categories = field.get("categories").and_then(Json::as_array);
    // Lists of texts and of flags are part of their kind.
    let own_list = matches!(kind, Kind::Text | Kind::OneOf(_) | Kind::OneOfOrGuid(_) | Kind::Flag(_));
    let listed = if own_list { None } else { constraints.get("enum") };
    let at = constraints.at("enum");
    let Some(items) = listed.or(categories.map(|_| &Json::Null)) else { return Vec::new() };
    let Some(items) = items.as_array().or(categories) else {
        faults.add(at, shown(items), "a list of values");
        return Vec::new();
    };
    let text = |item: &Json| match item {
        Json::Object(category) => category.get("value").map(as_text),
        item => Some(as_text(item)),
    };
    let values: Vec<String> = items.iter().filter_map(text).collect();
    for value in &values {
        if kind.read(value).is_err() {
            faults.add(&at, format!("`{value}`"), "values of the column's type");
        }
    }
    values
}

fn severity(own: &mut Object<'_>, faults: &mut Faults) -> Severity {
    match own.text("severity", faults) {
        None | Some("error") => Severity::Error,
        Some("warning") => Severity::Warning,
        Some(other) => {
            faults.add(own.at("severity"), format!("`{other}`"), "error or warning");
            Severity::Error
        }
    }
}

fn integer(json: &Json) -> Option<i64> {
    match json {
        Json::String(text) => text.parse().ok(),
        json => json.as_i64(),
    }
}

fn pattern(path: String, source: &str, faults: &mut Faults) -> Option<Pattern> {
    Pattern::compile(source)
        .map_err(|error| faults.add(path, format!("`{source}` ({error})"), "a regular expression"))
        .ok()
}

fn fills(own: &mut Object<'_>, kind: &Kind, faults: &mut Faults) -> Option<Fill> {
    let text = own.text("fills", faults)?;
    let path = own.at("fills");
    let Some(fill) = Fill::parse(text) else {
        let expected = "person.…, parent.…, link.…, school.id, class.…, enrolment.offering, enrolment.cancel, \
                        grants.offerings, profile or action, with an attribute that records have";
        faults.add(path, format!("`{text}`"), expected);
        return None;
    };
    let fits = match fill {
        Fill::Cancel => matches!(kind, Kind::Flag(_)),
        Fill::Grants | Fill::Link(_) => matches!(kind, Kind::List(_)),
        Fill::Person("email") | Fill::Parent("email") => matches!(kind, Kind::Email),
        _ => true,
    };
    if !fits {
        let expected = "a boolean for enrolment.cancel, a list for grants.offerings and links, \
                        format email for an e-mail address";
        faults.add(path, format!("`{text}` in a column of another type"), expected);
    }
    Some(fill)
}

/// Table Schema's keys: which values stand in one row only, and which must stand elsewhere in the file.
fn keys(program: &mut Program, schema: &mut Object<'_>, faults: &mut Faults) {
    if let Some(primary) = key_fields(program, schema, "primaryKey", faults) {
        for &field in &primary {
            program.fields[field].required = true;
            program.fields[field].column_required = true;
        }
        program.unique.push(primary);
    }
    let path = schema.at("uniqueKeys");
    let keys = schema.list("uniqueKeys", "a list of keys, each a list of fields", faults);
    for (index, key) in keys.iter().enumerate() {
        program.unique.extend(names(program, key, &format!("{path}/{index}"), faults));
    }
    let fields = schema.map.get("fields").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, json) in fields.iter().enumerate() {
        let at = format!("/fields/{index}/constraints/unique");
        match &json["constraints"]["unique"] {
            Json::Null | Json::Bool(false) => {}
            Json::Bool(true) => {
                let name = json["name"].as_str().unwrap_or_default();
                program.unique.extend(named(program, name, &at, faults).map(|field| vec![field]));
            }
            other => faults.add(at, shown(other), "true or false"),
        }
    }
    program.references = references(program, schema, faults);
}

fn key_fields(
    program: &Program,
    schema: &mut Object<'_>,
    key: &'static str,
    faults: &mut Faults,
) -> Option<Vec<usize>> {
    let path = schema.at(key);
    let json = schema.get(key)?;
    names(program, json, &path, faults)
}

/// The fields that a name or a list of names stands for.
fn names(program: &Program, json: &Json, path: &str, faults: &mut Faults) -> Option<Vec<usize>> {
    let texts: Option<Vec<&str>> = match json {
        Json::String(name) => Some(vec![name]),
        Json::Array(items) => items.iter().map(Json::as_str).collect(),
        _ => None,
    };
    let Some(texts) = texts.filter(|texts| !texts.is_empty()) else {
        faults.add(path, shown(json), "the name of a field, or a list of them");
        return None;
    };
    texts.into_iter().map(|name| named(program, name, path, faults)).collect()
}

fn references(program: &Program, schema: &mut Object<'_>, faults: &mut Faults) -> Vec<Reference> {
    let path = schema.at("foreignKeys");
    let keys = schema.list("foreignKeys", "a list of foreign keys", faults);
    let mut references = Vec::new();
    for (index, json) in keys.iter().enumerate() {
        let Some(mut key) = Object::new(format!("{path}/{index}"), json, faults) else { continue };
        let from = key_fields(program, &mut key, "fields", faults);
        let Some(mut target) = key.object("reference", faults) else {
            faults.add(key.at("reference"), "nothing", "an object with the fields that are referred to");
            continue;
        };
        if target.text("resource", faults).is_some_and(|resource| !resource.is_empty()) {
            faults.add(
                target.at("resource"),
                "another file",
                "a reference to the same file, without a resource",
            );
        }
        let to = key_fields(program, &mut target, "fields", faults);
        match (from.as_deref(), to.as_deref()) {
            (Some(&[field]), Some(&[to])) => {
                references.push(Reference { field, to, severity: Severity::Error });
            }
            (Some(_), Some(_)) => faults.add(key.at("fields"), "several fields", "one field"),
            _ => {}
        }
        target.refuse_others(&[], faults);
        key.refuse_others(&[], faults);
    }
    references
}

fn require(program: &Program, own: &mut Object<'_>, faults: &mut Faults) -> Vec<Requirement> {
    let path = own.at("require");
    let rules = own.list("require", "a list of rules", faults);
    let mut requirements = Vec::new();
    for (index, json) in rules.iter().enumerate() {
        let Some(mut rule) = Object::new(format!("{path}/{index}"), json, faults) else { continue };
        let name = rule.text("rule", faults).unwrap_or_default();
        if name != "require-one-of" {
            faults.add(rule.at("rule"), format!("`{name}`"), "require-one-of");
        }
        let fields = key_fields(program, &mut rule, "fields", faults).unwrap_or_default();
        let when = conditions(program, &mut rule, faults);
        if fields.len() < 2 && when.is_empty() {
            faults.add(
                rule.at("fields"),
                format!("{} of them", fields.len()),
                "at least two fields, or `when`",
            );
        }
        requirements.push(Requirement { fields, when });
        rule.refuse_others(&[], faults);
    }
    requirements
}

fn conditions(program: &Program, rule: &mut Object<'_>, faults: &mut Faults) -> Vec<Condition> {
    let path = rule.at("when");
    let Some(json) = rule.get("when") else { return Vec::new() };
    let items = json.as_array().map_or(std::slice::from_ref(json), Vec::as_slice);
    let mut conditions = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let Some(mut object) = Object::new(format!("{path}/{index}"), item, faults) else { continue };
        let name = object.text("field", faults).unwrap_or_default();
        let field = named(program, name, &object.at("field"), faults);
        let test = match (object.texts("is", faults), object.get("blank").map(Json::as_bool)) {
            (Some(values), None) => Some(Test::Is(values)),
            (None, Some(Some(true))) => Some(Test::Blank),
            (None, Some(Some(false))) => Some(Test::Filled),
            _ => {
                faults.add(
                    &object.path,
                    shown(item),
                    "either `is`, a list of values, or `blank`, true or false",
                );
                None
            }
        };
        conditions.extend(field.zip(test).map(|(field, test)| Condition { field, test }));
        object.refuse_others(&[], faults);
    }
    conditions
}

fn sheets(program: &Program, own: &mut Object<'_>, faults: &mut Faults) -> Option<Sheets> {
    let mut object = own.object("sheets", faults)?;
    let (field, values) = field_and_values(program, &mut object, "a value for each sheet", faults);
    object.refuse_others(&[], faults);
    Some(Sheets { field: field?, values })
}

fn identity(program: &Program, own: &mut Object<'_>, faults: &mut Faults) -> Vec<KeyKind> {
    let mut kinds = Vec::new();
    for name in own.texts("identity", faults).unwrap_or_default() {
        let path = own.at("identity");
        let Ok(kind) = serde_json::from_value::<KeyKind>(Json::String(name.clone())) else {
            faults.add(path, format!("`{name}`"), "external-id, email, username or name-address");
            continue;
        };
        for attribute in kind.attributes() {
            if program.field_that_fills(Fill::Person(attribute)).is_none() {
                let expected = format!("a field that fills person.{attribute}, which it is made of");
                faults.add(&path, format!("`{name}`"), expected);
            }
        }
        kinds.push(kind);
    }
    kinds
}

/// What the people are where the descriptor does not say it.
const PERSON: &str = "person";

fn person_kind(program: &mut Program, mut object: Object<'_>, faults: &mut Faults) {
    object.text("main", faults).unwrap_or(PERSON).clone_into(&mut program.main_kind);
    if object.map.contains_key("field") || !object.map.contains_key("main") {
        let (field, values) = field_and_values(program, &mut object, "a kind for each value", faults);
        program.person_kind = field.map(|field| PersonKind { field, values });
    }
    object.refuse_others(&[], faults);
}

/// A field, and texts by name.
fn field_and_values(
    program: &Program,
    object: &mut Object<'_>,
    expected: &str,
    faults: &mut Faults,
) -> (Option<usize>, Vec<(String, String)>) {
    let name = object.text("field", faults).unwrap_or_default();
    let field = named(program, name, &object.at("field"), faults);
    let path = object.at("values");
    let mut values = Vec::new();
    match object.get("values") {
        Some(Json::Object(map)) => {
            for (value, meaning) in map {
                match meaning.as_str() {
                    Some(meaning) => values.push((value.clone(), meaning.to_owned())),
                    None => faults.add(format!("{path}/{value}"), shown(meaning), "a string"),
                }
            }
        }
        other => faults.add(path, other.map_or("nothing".to_owned(), shown), expected),
    }
    (field, values)
}

fn named(program: &Program, name: &str, path: &str, faults: &mut Faults) -> Option<usize> {
    let index = program.fields.iter().position(|field| field.name == name);
    if index.is_none() {
        faults.add(path, format!("`{name}`"), "the name of a field");
    }
    index
}
