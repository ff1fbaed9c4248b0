//! Variables as text: for a shell, for a file `.env`, as JSON.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// `export NAME='value'` lines that any POSIX shell reads back unchanged.
pub fn shell(variables: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in variables {
        // Writing into a `String` cannot fail.
        let _ = writeln!(text, "export {name}='{}'", value.replace('\'', r"'\''"));
    }
    text
}

/// `NAME="value"` lines, quoted where that is needed; a dollar is escaped, because readers of such files replace it.
pub fn dotenv(variables: &[(String, String)]) -> String {
    let mut text = String::new();
    for (name, value) in variables {
        let harmless = |byte: u8| byte.is_ascii_alphanumeric() || b"_-./:,@%+=?&".contains(&byte);
        let value = if value.bytes().all(harmless) {
            value.clone()
        } else {
            let escaped = value.replace('\\', r"\\").replace('"', "\\\"").replace('$', r"\$");
            format!("\"{}\"", escaped.replace('\n', r"\n").replace('\r', r"\r"))
        };
        let _ = writeln!(text, "{name}={value}");
    }
    text
}

/// One JSON object, name to value, without anything else.
pub fn json(variables: &[(String, String)]) -> String {
    let object: Map<String, Value> =
        variables.iter().map(|(name, value)| (name.clone(), Value::String(value.clone()))).collect();
    format!("{}\n", Value::Object(object))
}
