#![doc = include_str!("../README.md")]

use js_sys::{Function, Uint8Array};
use text_encoding::{Encoding, UnknownEncoding};
use wasm_bindgen::{JsError, JsValue, prelude::wasm_bindgen};

/// The names of the encodings that are read.
#[wasm_bindgen]
#[must_use]
pub fn encodings() -> Vec<String> {
    Encoding::ALL.map(|encoding| encoding.name().to_owned()).to_vec()
}

/// Turns a file into UTF-8: push its bytes in chunks of any size, then finish.
#[wasm_bindgen]
pub struct Transcoder {
    transcoder: text_encoding::Transcoder,
}

#[wasm_bindgen]
impl Transcoder {
    /// Reads the encoding of that name, or the one that the text seems to have. Throws when the name is unknown.
    #[wasm_bindgen(constructor)]
    pub fn new(encoding: Option<String>) -> Result<Transcoder, JsError> {
        let transcoder = match encoding {
            None => text_encoding::Transcoder::sniffing(),
            Some(name) => {
                let encoding =
                    name.parse().map_err(|error: UnknownEncoding| JsError::new(&error.to_string()))?;
                text_encoding::Transcoder::fixed(encoding)
            }
        };
        Ok(Self { transcoder })
    }

    /// Takes the next bytes and calls back with the text that they complete. What the callback throws is thrown.
    pub fn push(
        &mut self,
        chunk: &[u8],
        #[wasm_bindgen(unchecked_param_type = "(text: Uint8Array) => void")] callback: &Function,
    ) -> Result<(), JsValue> {
        let mut given = Ok(());
        self.transcoder.push(chunk, &mut |text| give(callback, text, &mut given));
        given
    }

    /// Takes the end of the file, calls back with the text that is left, and returns the encoding's name. The object is
    /// used up.
    pub fn finish(
        self,
        #[wasm_bindgen(unchecked_param_type = "(text: Uint8Array) => void")] callback: &Function,
    ) -> Result<String, JsValue> {
        let mut given = Ok(());
        let transcoded = self.transcoder.finish(&mut |text| give(callback, text, &mut given));
        given.map(|()| transcoded.encoding.name().to_owned())
    }
}

/// Calls back, unless that threw before.
fn give(callback: &Function, text: &[u8], given: &mut Result<(), JsValue>) {
    if given.is_ok() {
        *given = callback.call1(&JsValue::UNDEFINED, &Uint8Array::from(text)).map(|_| ());
    }
}
