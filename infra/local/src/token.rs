//! Development tokens: the embedded stack is its own identity provider.

use std::{collections::HashMap, io, path::Path};

use jiff::{SignedDuration, Timestamp};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::key_file;

/// `iss` of every token.
pub const ISSUER: &str = "https://rollcall.example/embedded";
/// `aud` of every token.
pub const AUDIENCE: &str = "rollcall";
/// How long a token is good for.
const LIFETIME: SignedDuration = SignedDuration::from_hours(12);
const LONGEST_ORGANISATION: usize = 40;
const LONGEST_EMAIL: usize = 254;

/// Issues and verifies tokens.
pub struct Tokens {
    encoding: EncodingKey,
    decoding: DecodingKey,
    validation: Validation,
}

impl Tokens {
    /// Reads the signing key, or makes it at the first start.
    pub fn open(file: &Path) -> io::Result<Self> {
        let key = key_file::open(file)?;
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_issuer(&[ISSUER]);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        validation.leeway = 0;
        Ok(Self {
            encoding: EncodingKey::from_secret(&key),
            decoding: DecodingKey::from_secret(&key),
            validation,
        })
    }

    /// A token for an importer of `organisation`. The importer's id follows from organisation and address.
    pub fn issue(&self, organisation: &str, email: &str) -> Result<String, jsonwebtoken::errors::Error> {
        let now = Timestamp::now();
        let claims = json!({
            "sub": subject(organisation, email),
            "email": email,
            "org": organisation,
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now.as_second(),
            "exp": (now + LIFETIME).as_second(),
        });
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.encoding)
    }

    /// The claims of a good token, each as text, as API Gateway passes them on.
    pub fn verify(&self, token: &str) -> Result<HashMap<String, String>, jsonwebtoken::errors::Error> {
        let token = jsonwebtoken::decode::<Map<String, Value>>(token, &self.decoding, &self.validation)?;
        Ok(token.claims.into_iter().map(|(name, value)| (name, claim_text(value))).collect())
    }
}

/// Letters, digits and single hyphens, as in a host name: it becomes part of object keys.
#[must_use]
pub fn is_organisation(name: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    name.len() <= LONGEST_ORGANISATION && name.split('-').all(word)
}

/// Enough of a check for a development token: `something@something`, printable, of an address's length.
#[must_use]
pub fn is_email(email: &str) -> bool {
    let odd = |c: char| c.is_control() || c.is_whitespace();
    email.len() <= LONGEST_EMAIL
        && !email.contains(odd)
        && email
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
}

fn subject(organisation: &str, email: &str) -> String {
    let hash = Sha256::digest(format!("{organisation}\n{email}"));
    hash[..8].iter().fold("importer-".to_owned(), |id, byte| format!("{id}{byte:02x}"))
}

fn claim_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        Value::Array(items) => {
            let items: Vec<_> = items.into_iter().map(claim_text).collect();
            format!("[{}]", items.join(" "))
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn organisations_are_slugs() {
        for name in ["demo", "a", "school-12", &"a".repeat(40)] {
            assert!(is_organisation(name), "{name}");
        }
        for name in ["", "Demo", "a--b", "-a", "a-", "a/b", "..", "a b", "ä", "a\n", &"a".repeat(41)] {
            assert!(!is_organisation(name), "{name}");
        }
    }

    #[test]
    fn claims_become_text() {
        assert_eq!(claim_text(json!(["a", 1])), "[a 1]");
        assert_eq!(claim_text(json!(12)), "12");
    }
}
