use email_address::{EmailAddress, Options};

use super::{Rule, Words, Finding, Place};
use crate::diagnostic::Severity;

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
        .or_write(place.trimmed())
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
    is_plain_email(text.as_bytes()).unwrap_or_else(|| is_unusual_email(text))
}

/// Decides the common case, letters, digits and `.-_+` around one @, without the full grammar.
fn is_plain_email(text: &[u8]) -> Option<bool> {
    let at = memchr::memchr(b'@', text)?;
    let (local, domain) = (&text[..at], &text[at + 1..]);
    if local.is_empty() || local.len() > 64 || domain.len() > 253 {
        return None;
    }
    let mut before = b'.';
    for &byte in local {
        let part = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+');
        if !part && (byte != b'.' || before == b'.') {
            return None;
        }
        before = byte;
    }
    let local_ends_well = before != b'.';
    let (mut label, mut dots) = (0, 0);
    before = b'.';
    for &byte in domain {
        let edge = before == b'.';
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => label += 1,
            b'-' if !edge => label += 1,
            b'.' if !edge && before != b'-' => {
                dots += 1;
                label = 0;
            }
            _ => return None,
        }
        if label > 63 {
            return None;
        }
        before = byte;
    }
    (local_ends_well && dots > 0 && label > 0 && before != b'-').then_some(true)
}

fn is_unusual_email(text: &str) -> bool {
    let options =
        Options::default().with_required_tld().without_domain_literal().without_display_text();
    let Ok(address) = EmailAddress::parse_with_options(text, options) else { return false };
    let domain = address.domain();
    domain.is_ascii() || idna::domain_to_ascii_strict(domain).is_ok()
}
