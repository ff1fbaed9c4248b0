//! The user's own logins, as the Docker CLI keeps them: in `config.json` or behind a credential helper.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use bollard::auth::DockerCredentials;
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use super::credentials_file::{ConfigFile, server};

/// How long a helper may take; some ask the user for a password.
const HELPER_TIMEOUT: Duration = Duration::from_secs(60);

/// Why a login could not be found out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialsError {
    /// The file is no JSON.
    #[error("{file}:{line}:{column}: not valid JSON; `docker login` writes it anew")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The file cannot be read.
    #[error("cannot read {file}: {message}")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// The system's words.
        message: String,
    },
    /// The helper is not there.
    #[error("docker-credential-{helper}, which {file} names, is not on the PATH")]
    NoHelper {
        /// Its name in the file.
        helper: String,
        /// The file.
        file: PathBuf,
    },
    /// The helper failed.
    #[error("docker-credential-{helper} gave no login for {registry}: {message}")]
    HelperFailed {
        /// Its name in the file.
        helper: String,
        /// The registry.
        registry: String,
        /// Its words, or what became of it.
        message: String,
    },
}

/// A login; `Debug` shows none of its secrets.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Login {
    pub(super) username: Option<String>,
    pub(super) password: Option<String>,
    pub(super) identity_token: Option<String>,
    pub(super) registry_token: Option<String>,
}

impl Login {
    /// Whether it has anything to log in with.
    pub(super) fn is_some(&self) -> bool {
        self.password.is_some() || self.identity_token.is_some() || self.registry_token.is_some()
    }

    /// As bollard sends it. That type's `Debug` shows secrets: it goes nowhere but to the engine.
    pub(super) fn for_engine(&self, registry: &str) -> DockerCredentials {
        DockerCredentials {
            username: self.username.clone(),
            password: self.password.clone(),
            identitytoken: self.identity_token.clone(),
            registrytoken: self.registry_token.clone(),
            serveraddress: Some(server(registry)),
            ..DockerCredentials::default()
        }
    }
}

impl fmt::Debug for Login {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Login({})", self.username.as_deref().unwrap_or("token"))
    }
}

/// Where logins come from.
#[derive(Default)]
pub struct Credentials {
    file: PathBuf,
    config: ConfigFile,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Credentials({}: {:?})", self.file.display(), self.config.registries())
    }
}

impl Credentials {
    /// Reads `config.json` in `DOCKER_CONFIG`, else in `~/.docker`; no file is no login.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be read or is no JSON.
    pub fn load() -> Result<Self, CredentialsError> {
        let own = std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
        match own.or_else(|| std::env::home_dir().map(|home| home.join(".docker"))) {
            Some(folder) => Self::load_from(&folder),
            None => Ok(Self::default()),
        }
    }

    /// Reads `config.json` in a folder.
    ///
    /// # Errors
    ///
    /// When the file is there and cannot be read or is no JSON.
    pub fn load_from(folder: &Path) -> Result<Self, CredentialsError> {
        let file = folder.join("config.json");
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(CredentialsError::Unreadable { file, message: error.to_string() }),
        };
        match ConfigFile::parse(&text) {
            Ok(config) => Ok(Self { file, config }),
            Err((line, column)) => Err(CredentialsError::Damaged { file, line, column }),
        }
    }

    /// Returns the registries that the file names.
    pub fn registries(&self) -> Vec<String> {
        self.config.registries()
    }

    /// Finds the login for a registry (`docker.io`, `127.0.0.1:5000`), asking its helper where there is one.
    ///
    /// # Errors
    ///
    /// When the helper is missing or fails otherwise than by knowing no login.
    pub async fn find(&self, registry: &str) -> Result<Option<Login>, CredentialsError> {
        if let Some(helper) = self.config.helper(registry)
            && let Some(login) = self.ask(helper, registry).await?
        {
            return Ok(Some(login));
        }
        Ok(self.config.login(registry).cloned())
    }

    async fn ask(&self, helper: &str, registry: &str) -> Result<Option<Login>, CredentialsError> {
        let failed = |message: String| CredentialsError::HelperFailed {
            helper: helper.to_owned(),
            registry: registry.to_owned(),
            message,
        };
        let mut child = Command::new(format!("docker-credential-{helper}"))
            .arg("get")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => {
                    CredentialsError::NoHelper { helper: helper.to_owned(), file: self.file.clone() }
                }
                _ => failed(error.to_string()),
            })?;
        let answer = async {
            if let Some(mut input) = child.stdin.take() {
                // A helper that ends without reading has still an exit code to tell.
                let _ = input.write_all(server(registry).as_bytes()).await;
            }
            child.wait_with_output().await
        };
        let output = match tokio::time::timeout(HELPER_TIMEOUT, answer).await {
            Ok(output) => output.map_err(|error| failed(error.to_string()))?,
            Err(_) => return Err(failed(format!("no answer in {} s", HELPER_TIMEOUT.as_secs()))),
        };
        if output.status.success() {
            let login = login(&output.stdout).ok_or_else(|| failed("its answer is no login".to_owned()))?;
            return Ok(login.is_some().then_some(login));
        }
        // Helpers write their errors to standard output.
        let words = [output.stdout, output.stderr].concat();
        let words = String::from_utf8_lossy(&words).trim().to_owned();
        if words.contains("credentials not found") || words.contains("no credentials server URL") {
            return Ok(None);
        }
        Err(failed(words.lines().next().map_or_else(|| output.status.to_string(), str::to_owned)))
    }
}

/// The answer of a helper, which may be an empty login; nothing where it is no answer at all.
fn login(answer: &[u8]) -> Option<Login> {
    let answer: serde_json::Value = serde_json::from_slice(answer).ok()?;
    let text = |key: &str| answer.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    let secret = text("Secret").filter(|secret| !secret.is_empty());
    Some(match text("Username")?.as_str() {
        "<token>" => Login { identity_token: secret, ..Login::default() },
        username => Login { username: Some(username.to_owned()), password: secret, ..Login::default() },
    })
}

#[cfg(test)]
mod tests {
    use super::{Credentials, Login, login};
    use crate::engine::docker::credentials_file::ConfigFile;

    #[test]
    fn helpers_answer_with_passwords_or_tokens() {
        let password = login(br#"{"ServerURL": "x", "Username": "user", "Secret": "word"}"#);
        assert_eq!(password.and_then(|login| login.password).as_deref(), Some("word"));
        let token = login(br#"{"Username": "<token>", "Secret": "it"}"#);
        assert_eq!(token.and_then(|login| login.identity_token).as_deref(), Some("it"));
        assert!(login(br#"{"Username": "", "Secret": ""}"#).is_some_and(|login| !login.is_some()));
        assert_eq!(login(b"hunter2"), None);
    }

    #[test]
    fn no_secret_is_shown() {
        let login = Login {
            username: Some("user".to_owned()),
            password: Some("hunter2".to_owned()),
            ..Login::default()
        };
        let config = ConfigFile::parse(r#"{"auths": {"r.test": {"username": "u", "password": "hunter2"}}}"#);
        let credentials = Credentials { file: "config.json".into(), config: config.expect("a config file") };
        let shown = format!("{login:?} {credentials:?}");
        assert_eq!(shown, "Login(user) Credentials(config.json: [\"r.test\"])");
    }
}
