//! What `config.json` of the Docker CLI says about registries; pure.
//!
//! Read field by field from a JSON value: serde's own errors quote the values they stumble over, and these are secrets.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::credentials::Login;

/// The key of Docker Hub in the file, for helpers and for BuildKit.
pub(super) const HUB: &str = "https://index.docker.io/v1/";

/// The parts of the file that gw uses.
#[derive(Default)]
pub(super) struct ConfigFile {
    /// Logins by their key in the file.
    pub(super) logins: BTreeMap<String, Login>,
    /// The helper for every registry.
    pub(super) store: Option<String>,
    /// Helpers by registry; they win over `store`.
    pub(super) helpers: BTreeMap<String, String>,
}

impl ConfigFile {
    /// Reads the text; the error is line and column where it is no JSON.
    pub(super) fn parse(text: &str) -> Result<Self, (usize, usize)> {
        let value: Value = serde_json::from_str(text).map_err(|error| (error.line(), error.column()))?;
        let empty = Map::new();
        let object = |key: &str| value.get(key).and_then(Value::as_object).unwrap_or(&empty).iter();
        let text = |value: &Value| value.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        Ok(Self {
            logins: object("auths").filter_map(|(key, entry)| Some((key.clone(), login(entry)?))).collect(),
            store: value.get("credsStore").and_then(text),
            helpers: object("credHelpers")
                .filter_map(|(key, name)| Some((key.clone(), text(name)?)))
                .collect(),
        })
    }

    /// The login that the file itself holds for a registry.
    pub(super) fn login(&self, registry: &str) -> Option<&Login> {
        let exact = self.logins.get(&server(registry));
        exact.or_else(|| {
            self.logins.iter().find(|(key, _)| host(key) == host(registry)).map(|(_, login)| login)
        })
    }

    /// The helper that is asked for a registry.
    pub(super) fn helper(&self, registry: &str) -> Option<&str> {
        let own = self.helpers.iter().find(|(key, _)| host(key) == host(registry)).map(|(_, name)| name);
        own.or(self.store.as_ref()).map(String::as_str)
    }

    /// Every registry that the file names.
    pub(super) fn registries(&self) -> Vec<String> {
        let mut hosts: Vec<String> =
            self.logins.keys().chain(self.helpers.keys()).map(|key| host(key)).collect();
        hosts.sort();
        hosts.dedup();
        hosts
    }
}

fn login(entry: &Value) -> Option<Login> {
    let text =
        |key: &str| entry.get(key).and_then(Value::as_str).filter(|text| !text.is_empty()).map(str::to_owned);
    let mut login = Login {
        username: text("username"),
        password: text("password"),
        identity_token: text("identitytoken"),
        registry_token: text("registrytoken"),
    };
    if let Some(auth) = text("auth") {
        let decoded = STANDARD.decode(auth.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        // The password of an identity token's entry is empty, and some writers end it with NULs.
        if let Some((username, password)) = decoded.as_deref().and_then(|auth| auth.split_once(':')) {
            login.username = Some(username.to_owned());
            login.password = Some(password.trim_end_matches('\0').to_owned()).filter(|text| !text.is_empty());
        }
    }
    login.is_some().then_some(login)
}

/// The host of a key such as `https://registry.test/v1/`; every name of Docker Hub is `docker.io`.
pub(super) fn host(key: &str) -> String {
    let key = key.trim_start_matches("https://").trim_start_matches("http://");
    let host = key.split('/').next().unwrap_or(key).to_ascii_lowercase();
    match host.as_str() {
        "index.docker.io" | "registry-1.docker.io" | "registry.hub.docker.com" | "hub.docker.com" => {
            "docker.io".to_owned()
        }
        _ => host,
    }
}

/// What a helper is asked for, and the key under which the engine expects it.
pub(super) fn server(registry: &str) -> String {
    let host = host(registry);
    if host == "docker.io" { HUB.to_owned() } else { host }
}

/// The registry that an image reference names.
pub(super) fn registry_of(reference: &str) -> String {
    match reference.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => host(first),
        _ => "docker.io".to_owned(),
    }
}

#[cfg(test)]
mod tests;
