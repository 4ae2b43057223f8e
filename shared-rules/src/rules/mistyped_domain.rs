use super::{Finding, Place, Rule, Words, shortened};
use crate::diagnostic::Severity;

pub(crate) static RULE: Rule = Rule {
    name: "mistyped-domain",
    severity: Severity::Warning,
    summary: "An e-mail address has a domain that is a common typing error.",
    why: "Mail to it goes nowhere, or to a stranger who has registered the domain for that purpose.",
    failing: "`ann@gmial.com`, `ann@hotmail.con`",
    passing: "`ann@gmail.com`, `ann@gmx.com`",
    help: "Correct the domain.",
};

pub(crate) fn check(column: usize, text: &str) -> Option<Finding> {
    meant(domain(text)?).map(|_| RULE.cell(column, words))
}

fn words(place: &Place<'_>) -> Words {
    let value = place.value();
    let domain = domain(&value).unwrap_or_default();
    let meant = meant(domain).unwrap_or_default();
    let local = value.strip_suffix(domain).unwrap_or_default();
    Words::new(
        format!(
            "{} has the domain {}, which looks like {meant} mistyped.",
            place.quoted(),
            shortened(domain)
        ),
        RULE.help,
    )
    .or_write(Some(format!("{local}{meant}")))
}

fn domain(address: &str) -> Option<&str> {
    memchr::memchr(b'@', address.as_bytes()).map(|at| &address[at + 1..])
}

/// The domain that was meant. Only what is listed is an error: many a domain of one letter's difference is right.
fn meant(domain: &str) -> Option<&'static str> {
    let first = domain.as_bytes().first()?.to_ascii_lowercase();
    let may_be = LENGTHS.contains(&domain.len()) && FIRST_LETTERS.contains(&first);
    let is = |listed: &str| listed.eq_ignore_ascii_case(domain);
    if !may_be || PROVIDERS.iter().any(|(right, _)| is(right)) {
        return None;
    }
    PROVIDERS.iter().find(|(_, wrong)| wrong.iter().any(|wrong| is(wrong))).map(|(right, _)| *right)
}

/// Of everything that is listed.
const LENGTHS: std::ops::RangeInclusive<usize> = 6..=12;
const FIRST_LETTERS: &[u8] = b"aghilmopy";

/// Domains of many addresses, and what people write instead.
const PROVIDERS: [(&str, &[&str]); 8] = [
    (
        "gmail.com",
        &[
            "gmial.com",
            "gmai.com",
            "gmal.com",
            "gmil.com",
            "gamil.com",
            "gmaill.com",
            "gmaiil.com",
            "gmali.com",
            "gmaio.com",
            "gmaul.com",
            "gmsil.com",
            "gmeil.com",
            "gnail.com",
            "ggmail.com",
            "gimail.com",
            "gmail.co",
            "gmail.cm",
            "gmail.om",
            "gmail.con",
            "gmail.cmo",
            "gmail.ocm",
            "gmail.vom",
            "gmail.comm",
        ],
    ),
    (
        "hotmail.com",
        &[
            "hotmial.com",
            "hotmai.com",
            "hotmal.com",
            "hotmil.com",
            "hotamil.com",
            "hotmaill.com",
            "hotnail.com",
            "homail.com",
            "htomail.com",
            "hotmail.co",
            "hotmail.cm",
            "hotmail.con",
            "hotmail.cmo",
            "hotmail.ocm",
        ],
    ),
    (
        "yahoo.com",
        &[
            "yaho.com",
            "yahooo.com",
            "yahho.com",
            "yhoo.com",
            "yhaoo.com",
            "yaoo.com",
            "yahoo.co",
            "yahoo.cm",
            "yahoo.con",
            "yahoo.cmo",
            "yahoo.ocm",
            "yahoo.comm",
        ],
    ),
    (
        "outlook.com",
        &[
            "outlok.com",
            "outloo.com",
            "outllok.com",
            "oulook.com",
            "outook.com",
            "putlook.com",
            "outlook.co",
            "outlook.cm",
            "outlook.con",
            "outlook.cmo",
            "outlook.ocm",
        ],
    ),
    (
        "icloud.com",
        &[
            "iclod.com",
            "icoud.com",
            "icluod.com",
            "iclould.com",
            "icloud.co",
            "icloud.con",
            "icloud.cmo",
            "icloud.ocm",
        ],
    ),
    ("aol.com", &["aol.co", "aol.con", "aol.cmo", "aol.ocm"]),
    ("live.com", &["live.con", "live.cmo", "live.ocm"]),
    ("msn.com", &["msn.con", "msn.cmo", "msn.ocm"]),
];

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::rules::tests::found;

    #[test]
    fn words() {
        assert_snapshot!(found(&[("Email", "ann@gmial.com"), ("ParentEmail", "Kim@Hotmail.CON"), ("ParentFirstName", "Kim"), ("ParentLastName", "Lee")]), @"
        warning mistyped-domain | Row 2, Email: `ann@gmial.com` has the domain gmial.com, which looks like gmail.com mistyped. | Write ann@gmail.com. | fix: `ann@gmail.com`
        warning mistyped-domain | Row 2, ParentEmail: `Kim@Hotmail.CON` has the domain Hotmail.CON, which looks like hotmail.com mistyped. | Write Kim@hotmail.com. | fix: `Kim@hotmail.com`
        ");
    }

    #[test]
    fn domains_that_pass() {
        for domain in [
            "gmail.com",
            "GMail.com",
            "gmx.com",
            "ymail.com",
            "mail.com",
            "gmail.de",
            "yahoo.co.uk",
            "example.com",
            "",
        ] {
            assert_eq!(meant(domain), None, "{domain}");
        }
    }

    #[test]
    fn every_listed_domain_is_found() {
        for (right, wrong) in PROVIDERS {
            for wrong in wrong {
                assert_eq!(meant(wrong), Some(right), "{wrong}");
            }
        }
    }
}
