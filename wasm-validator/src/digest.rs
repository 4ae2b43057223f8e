//! The checksums of an upload, taken chunk by chunk while the file is read.

use shared_rules::digest;
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

use crate::checker::to_js;

/// SHA-256 of bytes that arrive in chunks, and of each part that they are uploaded in. The browser's own
/// `crypto.subtle` wants the whole file at once.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct FileDigest {
    state: digest::FileDigest,
}

#[wasm_bindgen]
impl FileDigest {
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, chunk: &[u8]) {
        self.state.update(chunk);
    }

    /// The checksums, as 64 lower-case hexadecimal digits each. The object is used up.
    #[wasm_bindgen(unchecked_return_type = "Digests")]
    pub fn finish(self) -> Result<JsValue, JsError> {
        to_js(&self.state.finish())
    }
}
