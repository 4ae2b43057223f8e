//! The table of texts that cells refer to.

use crate::{
    guards::{Bound, Guards},
    unreadable::Unreadable,
};

/// Texts in their order. They lie in blocks, so that the table never has to be copied while it grows.
#[derive(Debug, Default)]
pub(crate) struct Strings {
    blocks: Vec<String>,
    places: Vec<Place>,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    block: u32,
    start: u32,
    len: u32,
}

const BLOCK: usize = 1 << 20;

impl Strings {
    pub(crate) fn push(&mut self, text: &str, guards: &Guards) -> Result<(), Unreadable> {
        if self.places.len() >= guards.shared_strings {
            return Err(Unreadable::too_large(guards, Bound::SharedStrings));
        }
        let room = self.blocks.last().map_or(0, |block| block.capacity() - block.len());
        if room < text.len() || self.blocks.is_empty() {
            self.blocks.push(String::with_capacity(BLOCK.max(text.len())));
        }
        let number = self.blocks.len() - 1;
        let Some(block) = self.blocks.last_mut() else { return Ok(()) };
        let place = (u32::try_from(number), u32::try_from(block.len()), u32::try_from(text.len()));
        let (Ok(block_number), Ok(start), Ok(len)) = place else {
            return Err(Unreadable::too_large(guards, Bound::InflatedBytes));
        };
        block.push_str(text);
        self.places.push(Place { block: block_number, start, len });
        Ok(())
    }

    pub(crate) fn get(&self, index: usize) -> Option<&str> {
        let Place { block, start, len } = *self.places.get(index)?;
        let start = start as usize;
        self.blocks.get(block as usize)?.get(start..start + len as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_found_again() {
        let long = "ü".repeat(BLOCK);
        let mut strings = Strings::default();
        for text in ["", "a", &long, "b", ""] {
            strings.push(text, &Guards::DEFAULT).unwrap();
        }
        assert_eq!(strings.get(0), Some(""));
        assert_eq!(strings.get(2), Some(long.as_str()));
        assert_eq!((strings.get(3), strings.get(4), strings.get(5)), (Some("b"), Some(""), None));
    }
}
