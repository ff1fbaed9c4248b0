//! Credential helpers and `DOCKER_CONFIG`, in a process whose environment is the test's own.

use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use gw::engine::docker::credentials::{Credentials, CredentialsError};

use crate::engine::Place;

const CHILD: &str = "IMG_CREDENTIALS_CHILD";
const HELPER: &str = "#!/bin/sh
read -r server
case \"$1 $server\" in
    'get helped.test') echo '{\"ServerURL\": \"helped.test\", \"Username\": \"<token>\", \"Secret\": \"it\"}' ;;
    'get broken.test') echo 'the keyring is locked'; exit 1 ;;
    *) echo 'credentials not found in native keychain'; exit 1 ;;
esac
";

#[tokio::test]
async fn helpers_and_the_users_folder_are_asked() {
    if std::env::var_os(CHILD).is_some() {
        return ask().await;
    }
    let place = Place::new("helper");
    let helper = place.write("path/docker-credential-img", HELPER);
    std::fs::set_permissions(&helper, std::fs::Permissions::from_mode(0o755)).expect("a mode");
    place.write(
        "config.json",
        r#"{"auths": {"plain.test": {"auth": "dTpw"}}, "credsStore": "img", "credHelpers": {"gone.test": "img-gone"}}"#,
    );
    let path = format!("{}:{}", place.folder.join("path").display(), std::env::var("PATH").expect("a PATH"));
    let child = Command::new(std::env::current_exe().expect("this binary"))
        .args(["--exact", "credentials::helpers_and_the_users_folder_are_asked"])
        .env(CHILD, "1")
        .env("PATH", path)
        .env("DOCKER_CONFIG", &place.folder)
        .output()
        .expect("this binary runs");
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
}

async fn ask() {
    let credentials = Credentials::load().expect("the file");
    let shown = |login: Option<_>| login.map(|login| format!("{login:?}"));
    let helped = credentials.find("helped.test").await.expect("an answer");
    assert_eq!(shown(helped).as_deref(), Some("Login(token)"));
    let plain = credentials.find("plain.test").await.expect("an answer");
    assert_eq!(shown(plain).as_deref(), Some("Login(u)"));
    assert_eq!(credentials.find("other.test").await, Ok(None));
    let broken = credentials.find("broken.test").await.expect_err("an error");
    assert_eq!(
        broken.to_string(),
        "docker-credential-img gave no login for broken.test: the keyring is locked"
    );
    let gone = credentials.find("gone.test").await.expect_err("an error");
    assert!(matches!(gone, CredentialsError::NoHelper { helper, .. } if helper == "img-gone"));
}
