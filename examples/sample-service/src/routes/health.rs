//! `/health`: the truth about the stores, unless told otherwise.

use std::future::pending;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;

use crate::app::App;
use crate::stores::{health_report, own_report};
use crate::switches::HealthAnswer;

/// Answers 200 when every store does, else 503.
pub(crate) async fn answer(State(app): State<Arc<App>>) -> (StatusCode, Json<Value>) {
    let service = &app.settings.service;
    let earlier = app.count_health_request();
    let (healthy, body) = match app.settings.switches.health {
        HealthAnswer::Hang => pending().await,
        HealthAnswer::Unhealthy => (false, own_report(service, "told to be unhealthy (SAMPLE_UNHEALTHY)")),
        HealthAnswer::TruthAfter(count) if earlier < count => {
            let reason = format!("not ready: request {} of {count} (SAMPLE_NOT_READY_FIRST)", earlier + 1);
            (false, own_report(service, &reason))
        }
        HealthAnswer::TruthAfter(_) => health_report(service, app.stores.ping().await),
    };
    let status = if healthy { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(body))
}
