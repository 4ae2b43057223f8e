//! Passwords on their way from a roster to its people: sealed as they are read, opened and hashed by `apply` alone.
//!
//! A check draws one data key from the key service (KMS), seals each password under it (AES-256-GCM) and forgets
//! it; what it stores is the data key as only the service can open it. The role of `check` may draw data keys and
//! not open them, the role of `apply` may open them and not draw; nobody else may do either.

use std::{collections::BTreeMap, fmt};

use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version};
use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_sdk_kms::{primitives::Blob, types::DataKeySpec};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Serialize};

use crate::{context::Context, failure::Failure, names::ImportRef};

/// What of the import the key service binds a data key to: it opens it for nothing else.
const BOUND_TO: &str = "import";

// OWASP's first choice for Argon2id, https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// Seals the passwords of one check.
pub struct Sealer {
    import: ImportRef,
    key: RandomizedNonceKey,
    /// The data key as the key service alone can open it, in Base64.
    wrapped_key: String,
    passwords: BTreeMap<u32, String>,
}

/// Passwords that `apply` alone can open.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sealed {
    wrapped_key: String,
    /// By row: nonce, ciphertext and tag, in Base64.
    passwords: BTreeMap<u32, String>,
}

/// A password in the open. Only `apply` holds one, and only until it is hashed.
pub struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl Sealer {
    /// Draws a data key for an import.
    pub async fn new(context: &Context, import: &ImportRef) -> Result<Self, Failure> {
        let drawn = context
            .keys
            .generate_data_key()
            .key_id(&context.config.password_key)
            .key_spec(DataKeySpec::Aes256)
            .encryption_context(BOUND_TO, import.to_string())
            .send()
            .await
            .map_err(Failure::store("draw a data key"))?;
        let (Some(plain), Some(wrapped)) = (drawn.plaintext, drawn.ciphertext_blob) else {
            return Err(Failure::Missing("a data key"));
        };
        Ok(Self {
            import: import.clone(),
            key: key(&plain)?,
            wrapped_key: BASE64_STANDARD.encode(wrapped),
            passwords: BTreeMap::new(),
        })
    }

    /// Seals the password of a row. It can be opened as this row's and no other's.
    pub fn seal(&mut self, row: u32, password: &str) -> Result<(), Failure> {
        let mut text = password.as_bytes().to_vec();
        let nonce = self
            .key
            .seal_in_place_append_tag(bound_to(&self.import, row), &mut text)
            .map_err(Failure::store("seal a password"))?;
        let sealed = [nonce.as_ref().as_slice(), &text].concat();
        self.passwords.insert(row, BASE64_STANDARD.encode(sealed));
        Ok(())
    }

    /// The passwords of these rows; `None` if they have none.
    pub fn of_rows(&self, rows: impl Iterator<Item = u32>) -> Option<Sealed> {
        let passwords: BTreeMap<u32, String> =
            rows.filter_map(|row| Some((row, self.passwords.get(&row)?.clone()))).collect();
        (!passwords.is_empty()).then(|| Sealed { wrapped_key: self.wrapped_key.clone(), passwords })
    }
}

impl Sealed {
    /// Opens the passwords of some rows. Asks the key service once.
    pub async fn open(
        &self,
        context: &Context,
        import: &ImportRef,
        rows: impl Iterator<Item = u32>,
    ) -> Result<BTreeMap<u32, Password>, Failure> {
        let wrapped =
            BASE64_STANDARD.decode(&self.wrapped_key).map_err(Failure::corrupt("a sealed data key"))?;
        let opened = context
            .keys
            .decrypt()
            .key_id(&context.config.password_key)
            .ciphertext_blob(Blob::new(wrapped))
            .encryption_context(BOUND_TO, import.to_string())
            .send()
            .await
            .map_err(Failure::store("open a data key"))?;
        let key = key(&opened.plaintext.ok_or(Failure::Missing("a data key"))?)?;
        rows.filter_map(|row| Some((row, self.passwords.get(&row)?)))
            .map(|(row, sealed)| Ok((row, open(&key, import, row, sealed)?)))
            .collect()
    }
}

impl Password {
    /// Hashes the password with Argon2id and a salt of its own: a PHC string, which names the parameters.
    pub fn hash(&self) -> Result<String, Failure> {
        let params =
            Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(Failure::store("hash a password"))?;
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash = argon2.hash_password(self.0.as_bytes()).map_err(Failure::store("hash a password"))?;
        Ok(hash.to_string())
    }
}

fn key(bytes: &Blob) -> Result<RandomizedNonceKey, Failure> {
    RandomizedNonceKey::new(&AES_256_GCM, bytes.as_ref()).map_err(Failure::corrupt("a data key"))
}

fn bound_to(import: &ImportRef, row: u32) -> Aad<Vec<u8>> {
    Aad::from(format!("{import}/{row}").into_bytes())
}

fn open(key: &RandomizedNonceKey, import: &ImportRef, row: u32, sealed: &str) -> Result<Password, Failure> {
    const WHAT: &str = "a sealed password";
    let mut bytes = BASE64_STANDARD.decode(sealed).map_err(Failure::corrupt(WHAT))?;
    let (nonce, text) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(Failure::Missing(WHAT))?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Failure::corrupt(WHAT))?;
    let text = key.open_in_place(nonce, bound_to(import, row), text).map_err(Failure::corrupt(WHAT))?;
    Ok(Password(std::str::from_utf8(text).map_err(Failure::corrupt(WHAT))?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealer() -> Sealer {
        Sealer {
            import: ImportRef::parse("lincoln/0193a5c0-0000-7000-8000-000000000001").unwrap(),
            key: key(&Blob::new([7; 32])).unwrap(),
            wrapped_key: String::new(),
            passwords: BTreeMap::new(),
        }
    }

    #[test]
    fn a_sealed_password_opens_as_its_own_rows_alone() {
        let mut check = sealer();
        check.seal(2, "correct-horse").unwrap();
        let sealed = check.of_rows([2, 3].into_iter()).unwrap().passwords;
        assert_eq!(sealed.keys().collect::<Vec<_>>(), [&2]);
        assert_eq!(open(&check.key, &check.import, 2, &sealed[&2]).unwrap().0, "correct-horse");
        assert!(open(&check.key, &check.import, 3, &sealed[&2]).is_err());
        let other = ImportRef { import: "another".to_owned(), ..check.import.clone() };
        assert!(open(&check.key, &other, 2, &sealed[&2]).is_err());
    }

    #[test]
    fn equal_passwords_look_different_sealed_and_hashed() {
        let mut check = sealer();
        check.seal(2, "same").unwrap();
        check.seal(3, "same").unwrap();
        assert_ne!(check.passwords[&2], check.passwords[&3]);
        let [one, other] = [(); 2].map(|()| Password("same".to_owned()).hash().unwrap());
        assert_ne!(one, other);
        assert!(one.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{one}");
    }
}
