//! `/work`: really uses the stores.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use crate::app::App;

/// Answers with what was written and read back, or 503 with the reasons.
pub(crate) async fn answer(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    match app.stores.work(&app.settings.service, &app.host).await {
        Ok(body) => (StatusCode::OK, Json(body)),
        Err(body) => (StatusCode::SERVICE_UNAVAILABLE, Json(body)),
    }
}
