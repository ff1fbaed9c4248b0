//! How an image is built, and which one is used.

use serde_json::{Value, json};

use super::at::At;
use super::service::Draft;
use super::variables;
use crate::profile::is_image;

/// Reads `image` and `build`; `name` is the service's in the profile.
pub(super) fn source(service: &At<'_>, name: &str, draft: &mut Draft) {
    let (image, build) = (service.get("image"), service.get("build"));
    match (&image, &build) {
        (None, None) => service.mistake("a service has `image` or `build`"),
        (_, Some(build)) => self::build(build, draft),
        _ => {}
    }
    let Some((at, text)) = image.and_then(|at| at.raw().map(|text| (at, text))) else { return };
    let pieces = at.pieces(&text);
    let literal = variables::literal(&pieces).filter(|text| is_image(text));
    if build.is_none() {
        let usual = variables::defaults(&pieces);
        let usual = usual.trim_end_matches([':', '@']);
        draft.set("image", json!(if is_image(usual) { usual } else { name }));
        if literal.is_none() {
            at.remark("an image with variables stands in `compose`; image maps do not reach it");
        }
    }
    if build.is_some() || literal.is_none() {
        draft.patch("image", json!(variables::patch(&pieces)));
    }
}

fn build(at: &At<'_>, draft: &mut Draft) {
    if !at.is_mapping() {
        if let Some(context) = at.raw() {
            path(at, &context, draft);
        }
        return;
    }
    let mut has_context = false;
    for (key, at) in at.entries().into_iter().filter(|(_, at)| !at.is_null()) {
        match key {
            "context" => {
                has_context = true;
                if let Some(context) = at.raw() {
                    path(&at, &context, draft);
                }
            }
            "dockerfile" => text(&at, "file", draft),
            "target" | "network" => text(&at, key, draft),
            "args" => {
                for (name, value, at) in at.assignments() {
                    let written = value.clone().unwrap_or_else(|| format!("${{{name}:-}}"));
                    let pieces = at.pieces(&written);
                    match variables::literal(&pieces) {
                        Some(text) => draft.own_in(&["build", "args", &name], json!(text)),
                        None => draft.patch_in(&["build", "args", &name], json!(variables::patch(&pieces))),
                    }
                }
            }
            _ if key.starts_with("x-") => {}
            _ => at.lost(format!(
                "gw builds without `{key}`; write it into the Dockerfile, or build the image beforehand"
            )),
        }
    }
    if !has_context {
        path(at, ".", draft);
    }
}

fn path(at: &At<'_>, context: &str, draft: &mut Draft) {
    let pieces = at.pieces(context);
    if context.contains("://") || context.starts_with("git@") {
        at.lost("gw builds from folders; clone the repository and name its folder");
    }
    if let Some(text) = variables::literal(&pieces).filter(|text| !text.starts_with('~')) {
        return draft.own_in(&["build", "context"], json!(at.seen_from_root(&text)));
    }
    draft.own_in(&["build", "context"], json!("."));
    draft.patch_in(&["build", "context"], json!(at.seen_from_rendered(&variables::patch(&pieces))));
}

fn text(at: &At<'_>, own: &str, draft: &mut Draft) {
    let Some(text) = at.raw() else { return };
    let pieces = at.pieces(&text);
    match variables::literal(&pieces) {
        Some(text) => draft.own_in(&["build", own], Value::String(text)),
        None => draft.patch_in(&["build", at.key()], json!(variables::patch(&pieces))),
    }
}
