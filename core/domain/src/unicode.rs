//! Normalization forms of texts (UAX #15). In wasm those of the JavaScript
//! engine, which has the tables anyway: they were a ninth of the Worker.

/// Compatibility composition: one spelling for what is written alike.
pub fn nfkc(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { forms::nfkc(text) }
}

/// Canonical decomposition: letters and their accents one by one.
pub fn nfd(text: &str) -> String {
    if text.is_ascii() { text.to_owned() } else { forms::nfd(text) }
}

#[cfg(not(target_family = "wasm"))]
mod forms {
    use unicode_normalization::UnicodeNormalization;

    pub fn nfkc(text: &str) -> String {
        text.nfkc().collect()
    }

    pub fn nfd(text: &str) -> String {
        text.nfd().collect()
    }
}

/// `String.prototype.normalize` (ECMA-262 §22.1.3.15).
#[cfg(target_family = "wasm")]
mod forms {
    use js_sys::JsString;

    pub fn nfkc(text: &str) -> String {
        JsString::from(text).normalize("NFKC").into()
    }

    pub fn nfd(text: &str) -> String {
        JsString::from(text).normalize("NFD").into()
    }
}
