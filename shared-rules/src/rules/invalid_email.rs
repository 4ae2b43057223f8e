use email_address::{EmailAddress, Options};
use wide::u8x16;

use super::{Finding, Place, Rule, Words, curly_quote, invisible_character};
use crate::{bytes, diagnostic::Severity};

pub(crate) static RULE: Rule = Rule {
    name: "invalid-email",
    severity: Severity::Error,
    summary: "A value is not an e-mail address.",
    why: "Mail could not be delivered, and the person could not be recognised by it.",
    failing: "`no-at-sign.example.com`, `two@@example.com`",
    passing: "`ann@example.com`, `ann@schüler.example`",
    help: "Correct the address, or leave the cell blank where it is not required.",
};

pub(crate) fn finding(column: usize) -> Finding {
    RULE.cell(column, words)
}

fn words(place: &Place<'_>) -> Words {
    Words::new(format!("{} is not an e-mail address.", place.quoted()), help(&place.value()))
        .or_write(place.trimmed().or_else(|| plain(place)))
}

/// The address without what a word processor put into it, where that is all that is wrong with it.
fn plain(place: &Place<'_>) -> Option<String> {
    let plain: String = invisible_character::visible(&place.value()).map(curly_quote::straight).collect();
    place.field()?.admits(&plain).then_some(plain)
}

fn help(text: &str) -> &'static str {
    match text.trim().split('@').collect::<Vec<_>>().as_slice() {
        [_] => "Write the whole address, such as ann@example.com.",
        ["", _] => "Add the part before the @.",
        [_, ""] => "Add the part after the @.",
        [_, domain] if !domain.contains('.') => "Write the whole domain, such as example.com.",
        [_, _] if text.trim().contains(char::is_whitespace) => "Take the spaces out of the address.",
        [_, _] => "Correct the address.",
        _ => "Write one address with one @.",
    }
}

/// Whether the text is an address that mail can be sent to: a local part and a domain with a dot. An
/// internationalised address is one; a comment, a display name or an IP address in brackets is not.
pub(crate) fn is_email(text: &str) -> bool {
    let bytes = text.as_bytes();
    is_ascii_email(bytes) || is_plain_email(bytes) || is_unusual_email(text)
}

/// Recognises the most common case, an address of ASCII letters, digits and `.-_+`, all of its bytes at once.
fn is_ascii_email(text: &[u8]) -> bool {
    let mut block = [0; bytes::BLOCK];
    let Some(place) = block.get_mut(..text.len()).filter(|_| !text.is_empty()) else { return false };
    place.copy_from_slice(text);
    let all = u64::MAX >> (bytes::BLOCK - text.len());
    let at = bytes::mask(&block, |bytes| bytes.simd_eq(u8x16::splat(b'@')));
    let dots = bytes::mask(&block, |bytes| bytes.simd_eq(u8x16::splat(b'.')));
    let hyphens = bytes::mask(&block, |bytes| bytes.simd_eq(u8x16::splat(b'-')));
    let signs = bytes::mask(&block, |bytes| bytes.simd_eq(u8x16::splat(b'_')) | bytes.simd_eq(u8x16::splat(b'+')));
    let letters = bytes::mask(&block, |bytes| bytes::within(bytes | u8x16::splat(0x20), b'a', b'z'));
    let digits = bytes::mask(&block, |bytes| bytes::within(bytes, b'0', b'9'));

    let local = at.wrapping_sub(1);
    let domain = all & !local & !at;
    let edges = dots | hyphens;
    // Where a label of the domain begins, and where it ends.
    let (outer, last) = (at << 1, 1 << (text.len() - 1));
    at.is_power_of_two()
        && (letters | digits | edges | signs | at) & all == all
        && signs & domain == 0
        // Dots stand alone and between others.
        && dots & (dots << 1 | 1 | at >> 1) & local == 0
        && local != 0
        && edges & domain & (edges << 1 | outer | last) == 0
        && dots & domain != 0
        && domain != 0
        && domain.count_ones() <= 50
}

/// Recognises the common case, letters, digits and `.-_+` around one @, without the full grammar.
fn is_plain_email(text: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', text) else { return false };
    at <= 64 && is_plain_local_part(&text[..at]) && is_plain_domain(&text[at + 1..])
}

fn is_plain_local_part(text: &[u8]) -> bool {
    let mut before = DOT;
    for &byte in text {
        let class = CLASSES[usize::from(byte)];
        if class & LOCAL == 0 || class & before & DOT != 0 {
            return false;
        }
        before = class;
    }
    before & DOT == 0
}

/// A short domain with a dot, of ASCII or of Western European letters in lower case, which need no look into
/// the tables of internationalised domains.
fn is_plain_domain(text: &[u8]) -> bool {
    let (mut before, mut seen) = (EDGE, 0);
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        let mut class = CLASSES[usize::from(byte)];
        // ß to ÿ without the division sign.
        if byte == 0xc3 && bytes.next().is_some_and(|next| (0x9f..=0xbf).contains(next) && *next != 0xb7) {
            class = DOMAIN;
        }
        if class & DOMAIN == 0 || class & before & EDGE != 0 {
            return false;
        }
        seen |= class;
        before = class;
    }
    // So short that no label is too long, as A-label either: each letter takes at most a few characters.
    before & EDGE == 0 && seen & DOT != 0 && text.len() <= 50
}

/// May stand in a plain local part.
const LOCAL: u8 = 1;
/// May stand in a plain domain.
const DOMAIN: u8 = 2;
const DOT: u8 = 4;
/// May not begin or end a label, nor stand beside another such.
const EDGE: u8 = 8;

const CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        classes[byte as usize] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => LOCAL | DOMAIN,
            b'.' => LOCAL | DOMAIN | DOT | EDGE,
            b'-' => LOCAL | DOMAIN | EDGE,
            b'_' | b'+' => LOCAL,
            _ => 0,
        };
        byte += 1;
    }
    classes
};

fn is_unusual_email(text: &str) -> bool {
    let options =
        Options::default().with_required_tld().without_domain_literal().without_display_text();
    let Ok(address) = EmailAddress::parse_with_options(text, options) else { return false };
    idna::domain_to_ascii_strict(address.domain()).is_ok()
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;
    use proptest::prelude::*;

    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("Email", "no-at-sign.example.com"), ("ParentEmail", "two@@example.com")]), @"
        error invalid-email | Row 2, Email: `no-at-sign.example.com` is not an e-mail address. | Write the whole address, such as ann@example.com.
        error invalid-email | Row 2, ParentEmail: `two@@example.com` is not an e-mail address. | Write one address with one @.
        warning incomplete-parent | Row 2: ParentEmail is filled; a parent's account needs ParentEmail, ParentFirstName and ParentLastName. | Fill ParentEmail, ParentFirstName and ParentLastName, or clear them all.
        ");
        assert_snapshot!(found(&[("Email", "ann@"), ("ParentEmail", "@example.com")]), @"
        error invalid-email | Row 2, Email: `ann@` is not an e-mail address. | Add the part after the @.
        error invalid-email | Row 2, ParentEmail: `@example.com` is not an e-mail address. | Add the part before the @.
        warning incomplete-parent | Row 2: ParentEmail is filled; a parent's account needs ParentEmail, ParentFirstName and ParentLastName. | Fill ParentEmail, ParentFirstName and ParentLastName, or clear them all.
        ");
        assert_snapshot!(found(&[("Email", " ann@example.com ")]), @"error invalid-email | Row 2, Email: ` ann@example.com ` is not an e-mail address. | Write ann@example.com. | fix: `ann@example.com`");
        assert_snapshot!(found(&[("Email", "o’brien@example.ie"), ("ParentEmail", "ann\u{200b}@example.com")]), @"
        error invalid-email | Row 2, Email: `o’brien@example.ie` is not an e-mail address. | Write o'brien@example.ie. | fix: `o'brien@example.ie`
        error invalid-email | Row 2, ParentEmail: `ann�@example.com` is not an e-mail address. | Write ann@example.com. | fix: `ann@example.com`
        warning incomplete-parent | Row 2: ParentEmail is filled; a parent's account needs ParentEmail, ParentFirstName and ParentLastName. | Fill ParentEmail, ParentFirstName and ParentLastName, or clear them all.
        ");
        assert_snapshot!(found(&[("Email", "ann@localhost"), ("ParentEmail", "an n@example.com")]), @"
        error invalid-email | Row 2, Email: `ann@localhost` is not an e-mail address. | Write the whole domain, such as example.com.
        error invalid-email | Row 2, ParentEmail: `an n@example.com` is not an e-mail address. | Take the spaces out of the address.
        warning incomplete-parent | Row 2: ParentEmail is filled; a parent's account needs ParentEmail, ParentFirstName and ParentLastName. | Fill ParentEmail, ParentFirstName and ParentLastName, or clear them all.
        ");
    }

    #[test]
    fn addresses_that_pass() {
        for text in [
            "ann@example.com",
            "ann.lee+x_y-z@mail.example.org",
            "a@schüler.example",
            "josé@example.com",
            "用户@例え.テスト",
            "o'brien@example.ie",
            "a@xn--schler-5ya.example",
            "ann@9.example",
        ] {
            assert!(super::is_email(text), "{text}");
        }
    }

    proptest! {
        /// An address that is recognised at once is one to the full grammar too, and as the bytes say one by one.
        #[test]
        fn the_fast_ways_agree(text in "[aZ9é@._+ -]{0,12}|[a-c.]{1,60}@[a-c.-]{1,60}") {
            let fast = super::is_ascii_email(text.as_bytes());
            prop_assert_eq!(fast, text.len() <= 64 && text.is_ascii() && super::is_plain_email(text.as_bytes()));
            prop_assert!(!super::is_plain_email(text.as_bytes()) || super::is_unusual_email(&text));
        }
    }

    #[test]
    fn addresses_that_fail() {
        for text in [
            "", "a", "@", "a@b", "a@b.", "a@.b", "a@b..c", ".a@b.c", "a.@b.c", "a..b@c.d", "a@-b.c", "a@b-.c",
            "a b@c.d", "a@b c.d", "Ann <a@b.c>", "a@[127.0.0.1]", "a@b.c,d@e.f", "a@b@c.d", "a@b_c.d", "a@÷.example",
            "a\r\n@b.c", "a@b.c\n",
        ] {
            assert!(!super::is_email(text), "{text:?}");
        }
        assert!(!super::is_email(&format!("{}@example.com", "a".repeat(65))));
        assert!(!super::is_email(&format!("a@{}.com", "a".repeat(64))));
    }
}
