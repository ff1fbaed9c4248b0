//! Answers that are no good news: a failure of its own, a slow one, and what does not exist.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Query, State};
use axum::http::{Method, StatusCode, Uri};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::app::App;

/// How long `/slow` takes when it is not told.
const DEFAULT_SLOWNESS: u32 = 1000;

/// `/fail`: the service's own 503.
pub(crate) async fn fail(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    let body = json!({ "error": "own failure", "service": app.settings.service });
    (StatusCode::SERVICE_UNAVAILABLE, Json(body))
}

/// `/slow?ms=N`: answers after N milliseconds.
pub(crate) async fn slow(
    State(app): State<Arc<App>>,
    Query(query): Query<HashMap<String, String>>,
) -> (StatusCode, Json<Value>) {
    let service = &app.settings.service;
    let Ok(milliseconds) = query.get("ms").map_or(Ok(DEFAULT_SLOWNESS), |text| text.parse()) else {
        let body = json!({ "error": "ms is not a number of milliseconds", "service": service });
        return (StatusCode::BAD_REQUEST, Json(body));
    };
    sleep(Duration::from_millis(milliseconds.into())).await;
    (StatusCode::OK, Json(json!({ "service": service, "sleptMs": milliseconds })))
}

/// Any path that is none of the above.
pub(crate) async fn not_found(State(app): State<Arc<App>>, uri: Uri) -> (StatusCode, Json<Value>) {
    let body = json!({ "error": "not found", "service": app.settings.service, "path": uri.path() });
    (StatusCode::NOT_FOUND, Json(body))
}

/// A known path asked in a wrong way.
pub(crate) async fn method_not_allowed(
    State(app): State<Arc<App>>,
    method: Method,
) -> (StatusCode, Json<Value>) {
    let body =
        json!({ "error": "method not allowed", "service": app.settings.service, "method": method.as_str() });
    (StatusCode::METHOD_NOT_ALLOWED, Json(body))
}
