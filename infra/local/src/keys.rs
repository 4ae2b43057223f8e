//! KMS, as far as the functions ask for it: data keys under one key, which never leaves its file.

use std::{collections::BTreeMap, io, path::Path, sync::Arc};

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use axum::{
    Json, Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::post,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    guard,
    key_file::{self, KEY_BYTES},
};

/// The embedded KMS and its only key.
pub struct Keys {
    key: RandomizedNonceKey,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Request {
    #[serde(default)]
    key_id: String,
    #[serde(default)]
    ciphertext_blob: String,
    /// Sorted, so that one context is one text.
    #[serde(default)]
    encryption_context: BTreeMap<String, String>,
}

/// An answer that is an error, by KMS's name for it.
struct Refusal(&'static str);

impl Keys {
    /// Reads the key, or makes it at the first start.
    pub fn open(file: &Path) -> io::Result<Self> {
        let key = RandomizedNonceKey::new(&AES_256_GCM, &key_file::open(file)?);
        Ok(Self { key: key.map_err(io::Error::other)? })
    }

    /// The API.
    pub fn router(self) -> Router {
        guard::guarded(Router::new().route("/", post(answer))).with_state(Arc::new(self))
    }

    fn generate_data_key(&self, request: &Request) -> Result<Value, Refusal> {
        let internal = |_| Refusal("KMSInternalException");
        let mut plain = [0; KEY_BYTES];
        getrandom::fill(&mut plain).map_err(|_| Refusal("KMSInternalException"))?;
        let mut sealed = plain.to_vec();
        let nonce = self.key.seal_in_place_append_tag(request.bound_to(), &mut sealed).map_err(internal)?;
        let blob = [nonce.as_ref().as_slice(), &sealed].concat();
        Ok(json!({
            "KeyId": request.key_id,
            "Plaintext": BASE64_STANDARD.encode(plain),
            "CiphertextBlob": BASE64_STANDARD.encode(blob),
        }))
    }

    fn decrypt(&self, request: &Request) -> Result<Value, Refusal> {
        let invalid = || Refusal("InvalidCiphertextException");
        let mut blob = BASE64_STANDARD.decode(&request.ciphertext_blob).map_err(|_| invalid())?;
        let (nonce, sealed) = blob.split_at_mut_checked(NONCE_LEN).ok_or_else(invalid)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| invalid())?;
        let plain = self.key.open_in_place(nonce, request.bound_to(), sealed).map_err(|_| invalid())?;
        Ok(json!({
            "KeyId": request.key_id,
            "Plaintext": BASE64_STANDARD.encode(plain),
            "EncryptionAlgorithm": "SYMMETRIC_DEFAULT",
        }))
    }
}

impl Request {
    fn bound_to(&self) -> Aad<Vec<u8>> {
        Aad::from(json!([self.key_id, self.encryption_context]).to_string().into_bytes())
    }
}

async fn answer(State(keys): State<Arc<Keys>>, headers: HeaderMap, body: Bytes) -> Response {
    let target = headers.get("x-amz-target").and_then(|target| target.to_str().ok()).unwrap_or_default();
    // The SDK's content type is a JSON of its own.
    let request = serde_json::from_slice::<Request>(&body).map_err(|_| Refusal("SerializationException"));
    let answer = request.and_then(|request| match target {
        "TrentService.GenerateDataKey" => keys.generate_data_key(&request),
        "TrentService.Decrypt" => keys.decrypt(&request),
        _ => Err(Refusal("UnsupportedOperationException")),
    });
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(Refusal(name)) => {
            let body = json!({"__type": name, "message": "the embedded KMS refuses"});
            (StatusCode::BAD_REQUEST, Json(body)).into_response()
        }
    }
}
