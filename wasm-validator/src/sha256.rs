//! The checksum of an upload, taken chunk by chunk while the file is read.

use sha2::Digest as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// SHA-256 of bytes that arrive in chunks. The browser's own `crypto.subtle` wants the whole file at once.
#[wasm_bindgen]
#[derive(Debug, Default)]
pub struct Sha256 {
    state: sha2::Sha256,
}

#[wasm_bindgen]
impl Sha256 {
    #[wasm_bindgen(constructor)]
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, chunk: &[u8]) {
        self.state.update(chunk);
    }

    /// The checksum as 64 lower-case hexadecimal digits. The object is used up.
    #[must_use]
    pub fn finish(self) -> String {
        format!("{:x}", self.state.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::Sha256;

    #[test]
    fn chunks_do_not_change_the_checksum() {
        let mut sha = Sha256::new();
        sha.update(b"a");
        sha.update(b"");
        sha.update(b"bc");
        // The example "abc" of FIPS 180-4.
        assert_eq!(sha.finish(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
