//! `/`: who answers, and what arrived.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri};
use serde_json::{Map, Value, json};

use crate::app::App;

/// Says who this is and repeats the request.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Json<Value> {
    Json(json!({
        "service": app.settings.service,
        "host": app.host,
        "version": env!("CARGO_PKG_VERSION"),
        "method": method.as_str(),
        "path": uri.path(),
        "headers": header_values(&headers),
    }))
}

/// Returns each header once; the values of a repeated one are joined as HTTP does.
fn header_values(headers: &HeaderMap) -> Map<String, Value> {
    let joined = |name| {
        let values = headers.get_all(name).iter();
        values.map(|value| String::from_utf8_lossy(value.as_bytes())).collect::<Vec<_>>().join(", ")
    };
    headers.keys().map(|name| (name.to_string(), joined(name).into())).collect()
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn a_repeated_header_is_joined_and_odd_bytes_are_shown() {
        let mut headers = HeaderMap::new();
        headers.append("x-one", HeaderValue::from_static("a"));
        headers.append("x-two", HeaderValue::from_bytes(&[0xff]).expect("a legal value"));
        headers.append("x-one", HeaderValue::from_static("b"));
        let expected = json!({ "x-one": "a, b", "x-two": "\u{fffd}" });
        assert_eq!(Value::Object(header_values(&headers)), expected);
    }
}
