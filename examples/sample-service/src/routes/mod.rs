//! What the service answers: one file for each kind of endpoint.

mod echo;
mod health;
mod identity;
mod trouble;
mod work;

use std::sync::Arc;

use axum::Router;
use axum::routing::{any, get};

use crate::app::App;

/// Builds the whole service.
pub(crate) fn router(app: Arc<App>) -> Router {
    Router::new()
        .route("/", any(identity::answer))
        .route("/health", any(health::answer))
        .route("/work", get(work::answer).post(work::answer))
        .route("/ws", any(echo::answer))
        .route("/fail", any(trouble::fail))
        .route("/slow", any(trouble::slow))
        .fallback(trouble::not_found)
        .method_not_allowed_fallback(trouble::method_not_allowed)
        .with_state(app)
}
