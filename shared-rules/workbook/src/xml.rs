//! The events of an XML part, within bounds.

use std::{borrow::Cow, io::BufRead};

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use crate::{
    guards::{Bound, Guards},
    package::Part,
    unreadable::Unreadable,
};

/// An XML part that is being read.
pub(crate) struct Xml<'a> {
    reader: Reader<Part<'a>>,
    buffer: Vec<u8>,
    name: &'a str,
    depth: u32,
    /// Whether the last event was a tag, so that the reader stands behind it and has begun nothing yet.
    behind_tag: bool,
}

/// The parts of a workbook have a depth of about ten.
const DEEPEST: u32 = 256;

impl<'a> Xml<'a> {
    pub(crate) fn new(part: Part<'a>, name: &'a str) -> Self {
        Self { reader: Reader::from_reader(part), buffer: Vec::new(), name, depth: 0, behind_tag: false }
    }

    /// The next event; past the end, `Eof`.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "a call for each of millions of events moves it once more, measurably"
    )]
    pub(crate) fn next(&mut self) -> Result<Event<'_>, Unreadable> {
        self.reader.get_mut().begin_item();
        self.buffer.clear();
        match self.reader.read_event_into(&mut self.buffer) {
            Ok(event) => {
                self.behind_tag = matches!(event, Event::Start(_) | Event::End(_) | Event::Empty(_));
                match &event {
                    Event::Start(_) => self.depth += 1,
                    Event::End(_) => self.depth = self.depth.saturating_sub(1),
                    Event::DocType(_) => return Err(Unreadable::Doctype { part: self.name.to_owned() }),
                    Event::Eof if self.depth > 0 => {
                        return Err(Unreadable::damaged(self.name, "ends too early"));
                    }
                    _ => {}
                }
                if self.depth > DEEPEST {
                    return Err(Unreadable::damaged(self.name, "is nested too deeply"));
                }
                Ok(event)
            }
            Err(error) => Err(fault(&error, self.name)),
        }
    }

    /// Takes whole elements without an event for each of their tags and texts: `plain` is given the bytes that are
    /// there already, and says how many of them it has taken. What it does not know, it leaves to the events.
    #[inline]
    pub(crate) fn take<E: From<Unreadable>>(
        &mut self,
        plain: impl FnOnce(&[u8]) -> Result<usize, E>,
    ) -> Result<(), E> {
        if !self.behind_tag {
            return Ok(());
        }
        let part = self.reader.get_mut();
        part.begin_item();
        let bytes = part.fill_buf().map_err(|error| Unreadable::of_io(&error, self.name))?;
        let taken = plain(bytes)?;
        part.consume(taken);
        Ok(())
    }

    /// How many elements are open.
    pub(crate) fn depth(&self) -> u32 {
        self.depth
    }

    /// Reads the rest without looking at it.
    pub(crate) fn drain(mut self) -> Result<(), Unreadable> {
        self.reader.get_mut().drain(self.name)
    }

    pub(crate) fn damaged(&self, fault: &'static str) -> Unreadable {
        Unreadable::damaged(self.name, fault)
    }
}

#[cold]
fn fault(error: &quick_xml::Error, part: &str) -> Unreadable {
    match error {
        quick_xml::Error::Io(error) => Unreadable::of_io(error, part),
        _ => Unreadable::damaged(part, "is not well-formed XML"),
    }
}

/// Text that is put together from the events of one cell.
#[derive(Debug, Default)]
pub(crate) struct Text {
    pub(crate) text: String,
}

impl Text {
    /// Appends what the event says, if it is text.
    pub(crate) fn push(&mut self, event: &Event<'_>, guards: &Guards) -> Result<(), Unreadable> {
        match event {
            Event::Text(text) => self.text.push_str(&text.xml10_content()),
            Event::CData(text) => self.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let named = quick_xml::escape::resolve_xml_entity(reference);
                let broken = || Unreadable::damaged("a text", "refers to an unknown character");
                match named {
                    Some(text) => self.text.push_str(text),
                    None => self.text.push(reference.resolve_char_ref().ok().flatten().ok_or_else(broken)?),
                }
            }
            _ => {}
        }
        self.check(guards)
    }

    /// Checked while the text grows, so that it does not grow without bound.
    pub(crate) fn check(&self, guards: &Guards) -> Result<(), Unreadable> {
        if self.text.len() <= guards.longest_text() {
            return Ok(());
        }
        Err(Unreadable::too_large(guards, Bound::CellCharacters))
    }
}

/// The names and values of attributes as they are written. A cell's, which are many, have neither prefixes nor
/// entities, and what is broken ends them.
pub(crate) fn raw_attributes(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut at = 0;
    // Byte by byte: names and values are too short for a search to pay.
    std::iter::from_fn(move || {
        let find = |from: usize, byte: u8| {
            raw.as_bytes().get(from..)?.iter().position(|other| *other == byte).map(|found| from + found)
        };
        let equals = find(at, b'=')?;
        let (name, value) = (raw.get(at..equals)?, raw.get(equals + 1..)?);
        let start = raw.len() - value.trim_ascii_start().len();
        let quote = raw.as_bytes().get(start).copied().filter(|byte| matches!(byte, b'"' | b'\''))?;
        let end = find(start + 1, quote)?;
        at = end + 1;
        Some((name.trim_ascii(), raw.get(start + 1..end)?))
    })
}

/// The value of the attribute with this local name, entities resolved.
pub(crate) fn attribute<'e>(element: &'e BytesStart<'_>, name: &str) -> Option<Cow<'e, str>> {
    let found = element
        .attributes()
        .with_checks(false)
        .flatten()
        .find(|found| found.key.local_name().as_ref() == name)?;
    found.normalized_value(XmlVersion::Implicit1_0).ok()
}
