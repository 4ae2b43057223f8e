//! How much a decoded text looks like names and words.

/// The higher, the likelier that the text was decoded with the right encoding. ASCII counts for nothing, because
/// every encoding reads it alike.
pub fn plausibility(text: &str) -> i64 {
    let is_separator = |character: char| character.is_ascii() && !character.is_ascii_alphanumeric();
    text.split(is_separator).filter(|word| !word.is_ascii()).map(plausibility_of_word).sum()
}

fn plausibility_of_word(word: &str) -> i64 {
    let has_lowercase = word.chars().any(|character| Kind::of(character) == Kind::Lowercase);
    let mut characters = word.chars().peekable();
    let mut before = Kind::Boundary;
    let mut sum = 0;
    while let Some(character) = characters.next() {
        let kind = Kind::of(character);
        let after = characters.peek().copied().map_or(Kind::Boundary, Kind::of);
        if !character.is_ascii() {
            sum += in_place(before, kind, after, has_lowercase);
        }
        before = kind;
    }
    sum
}

#[derive(Clone, Copy, Eq, PartialEq)]
enum Kind {
    /// The beginning or the end of a word.
    Boundary,
    Lowercase,
    Uppercase,
    /// A letter of a script that has no case.
    Caseless,
    /// A letter that hardly occurs in names, and stands where another encoding has a common one; half-width kana too.
    Rare,
    Digit,
    Apostrophe,
    /// A quotation mark, a dash or a space.
    Punctuation,
    Symbol,
    /// What no text has.
    Garbage,
}

impl Kind {
    fn of(character: char) -> Self {
        match character {
            'œ' | 'Œ' | 'ƒ' | 'ı' | 'π' | 'Ω' | 'ﬁ' | 'ﬂ' | 'ª' | 'º' | '｡'..='ﾟ' => {
                Self::Rare
            }
            // Modifiers such as the circumflex without a letter under it, which Unicode takes for letters.
            '\u{2b0}'..='\u{2ff}' => Self::Symbol,
            '\u{fffd}' | '\u{e000}'..='\u{f8ff}' => Self::Garbage,
            '’' => Self::Apostrophe,
            '‘' | '“' | '”' | '„' | '‚' | '«' | '»' | '‹' | '›' | '–' | '—' | '\u{a0}' => {
                Self::Punctuation
            }
            _ if character.is_control() => Self::Garbage,
            _ if character.is_lowercase() => Self::Lowercase,
            _ if character.is_uppercase() => Self::Uppercase,
            _ if character.is_alphabetic() => Self::Caseless,
            _ if character.is_numeric() => Self::Digit,
            _ => Self::Symbol,
        }
    }

    fn is_cased(self) -> bool {
        matches!(self, Self::Lowercase | Self::Uppercase)
    }
}

/// What a character's place in its word says for it (above zero) or against it (below).
fn in_place(before: Kind, kind: Kind, after: Kind, has_lowercase: bool) -> i64 {
    let in_word = before.is_cased() || after.is_cased();
    match kind {
        Kind::Garbage => -2,
        // "Û50" for "€50"
        Kind::Lowercase | Kind::Uppercase if before == Kind::Digit || after == Kind::Digit => -1,
        // "JosÈ", "MŸller"
        Kind::Uppercase if before.is_cased() && has_lowercase => -1,
        // "ÒBob", "ìBob"
        Kind::Uppercase if after == Kind::Uppercase && has_lowercase => -1,
        Kind::Lowercase if after == Kind::Uppercase => -1,
        Kind::Lowercase if before.is_cased() => 1,
        Kind::Uppercase if in_word => 1,
        Kind::Apostrophe if before.is_cased() && after.is_cased() => 1,
        // "Garc“a"
        Kind::Punctuation if before == Kind::Lowercase && after == Kind::Lowercase => -1,
        // "M‹LLER", "Garc抋"
        Kind::Symbol | Kind::Caseless if in_word => -1,
        // It took two bytes, which make two letters in other encodings.
        Kind::Caseless => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text is more plausible than what its bytes mean in another encoding.
    fn check(text: &str, misread: &str) {
        assert!(plausibility(text) > plausibility(misread), "{text} over {misread}");
    }

    #[test]
    fn words_look_better_than_what_they_are_mistaken_for() {
        check("José", "JosÈ");
        check("José", "JosŽ");
        check("Müller", "MŸller");
        check("MÜLLER", "M‹LLER");
        check("François", "Fran\u{8d}ois");
        check("O’Brien", "OÕBrien");
        check("“Bob”", "ÒBobÓ");
        check("€50", "Û50");
        check("Jesús", "Jesœs");
        check("Noël", "No‘l");
        check("García", "Garc抋");
        check("東京都", "ìåãûìs");
    }

    #[test]
    fn ascii_counts_for_nothing() {
        assert_eq!(plausibility("Ann,ann@example.org,\"x\",5"), 0);
    }

    #[test]
    fn what_fits_either_way_counts_alike() {
        assert_eq!(plausibility("García"), plausibility("Garc’a"));
        assert_eq!(plausibility("Jörg"), plausibility("Jšrg"));
        assert_eq!(plausibility("“Bob”"), plausibility("ìBobî"));
    }
}
