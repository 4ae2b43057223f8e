//! What XLSX and XLSB have in common: parts that refer to each other (ECMA-376, part 2).

use quick_xml::events::Event;

use crate::{Sheet, package::Package, unreadable::Unreadable, xml::attribute};

/// The parts to which another part refers.
#[derive(Debug)]
pub(crate) struct Relationships {
    /// The part that refers to them, for messages.
    source: String,
    all: Vec<Relationship>,
}

#[derive(Debug)]
struct Relationship {
    id: String,
    /// The last step of its type, which the two editions of the standard have in common.
    kind: String,
    /// A part's name.
    target: String,
    external: bool,
}

impl Relationships {
    /// Those of a part; those of the package if the name is empty.
    pub(crate) fn of(package: &mut Package, part: &str) -> Result<Self, Unreadable> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = join(folder, &format!("_rels/{file}.rels"));
        let mut all = Vec::new();
        if let Some(mut xml) = package.xml(&name)? {
            loop {
                match xml.next()? {
                    Event::Start(element) | Event::Empty(element)
                        if element.local_name().as_ref() == "Relationship" =>
                    {
                        let value = |name| attribute(&element, name).unwrap_or_default().into_owned();
                        all.push(Relationship {
                            id: value("Id"),
                            kind: value("Type").rsplit('/').next().unwrap_or_default().to_owned(),
                            target: join(folder, &value("Target")),
                            external: value("TargetMode") == "External",
                        });
                    }
                    Event::Eof => break,
                    _ => {}
                }
            }
        }
        Ok(Self { source: part.to_owned(), all })
    }

    /// The part of this kind, if there is one.
    pub(crate) fn of_kind(&self, kind: &str) -> Result<Option<&str>, Unreadable> {
        self.find(|relationship| relationship.kind == kind)
    }

    /// The worksheets among a workbook's sheets, which come with the identifiers of their parts: the parts, and the
    /// sheets. What is none is a chart, a dialogue or a macro sheet.
    pub(crate) fn worksheets(
        &self,
        sheets: Vec<(Sheet, String)>,
    ) -> Result<(Vec<String>, Vec<Sheet>), Unreadable> {
        let (mut parts, mut named) = (Vec::new(), Vec::new());
        for (sheet, id) in sheets {
            if let Some(part) = self.find(|other| other.id == id && other.kind == "worksheet")? {
                parts.push(part.to_owned());
                named.push(sheet);
            }
        }
        Ok((parts, named))
    }

    fn find(&self, fits: impl Fn(&Relationship) -> bool) -> Result<Option<&str>, Unreadable> {
        match self.all.iter().find(|relationship| fits(relationship)) {
            Some(found) if found.external => Err(Unreadable::External { part: self.source.clone() }),
            found => Ok(found.map(|relationship| relationship.target.as_str())),
        }
    }
}

/// A part's name from a reference to it and the folder of what refers to it.
fn join(folder: &str, reference: &str) -> String {
    let (base, reference) = match reference.strip_prefix('/') {
        Some(absolute) => ("", absolute),
        None => (folder, reference),
    };
    let mut steps: Vec<&str> = base.split('/').filter(|step| !step.is_empty()).collect();
    for step in reference.split('/') {
        match step {
            "" | "." => {}
            ".." => _ = steps.pop(),
            step => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::join;

    #[test]
    fn references_are_resolved() {
        assert_eq!(join("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(join("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(join("xl/a", "../b/./c.xml"), "xl/b/c.xml");
        assert_eq!(join("", "../../x"), "x");
    }
}
