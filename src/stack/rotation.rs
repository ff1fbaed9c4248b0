//! What a rotation of secrets does, step by step; pure. Only a user of a database has to be told its new password: Redis,
//! its sentinels, the members' key and the applications' MongoDB user (whose job sets it at each run) take it at their start.

use std::fmt;

use super::mongodb;
use super::reference::ROOT_USER;
use crate::profile::model::Profile;
use crate::profile::store_secrets::MONGODB_ROOT;

/// A user inside a store, whose password is the store's own data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreUser {
    /// The secret.
    pub secret: &'static str,
    /// The user.
    pub user: &'static str,
    /// Keys of the servers; of a set one of them is primary.
    pub servers: Vec<String>,
    /// The key of the volume that its first password initialises.
    pub volume: &'static str,
}

/// A step of a rotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The value that a store still has is kept until the store has the new one.
    KeepFormer(String),
    /// The env file gets new values.
    Write(Vec<String>),
    /// A store's user gets its new password.
    Tell(StoreUser),
    /// The new password's fingerprint takes the place of the former one.
    Mark(StoreUser),
    /// The former value goes.
    ForgetFormer(String),
    /// What runs with former values is replaced.
    Replace(Vec<String>),
}

/// The user of this profile's own stores whose password a secret is; `None` where it is taken at the start.
pub fn store_user(profile: &Profile, secret: &str) -> Option<StoreUser> {
    let mongodb = profile.mongodb.as_ref().filter(|mongodb| mongodb.auth && secret == MONGODB_ROOT)?;
    let servers = mongodb::names(mongodb.mode);
    Some(StoreUser { secret: MONGODB_ROOT, user: ROOT_USER, servers, volume: mongodb::FIRST_VOLUME })
}

/// The steps in their order. Whoever is killed between two of them leaves what the next `up` goes on from.
pub fn steps(profile: &Profile, secrets: &[String], users: &[String]) -> Vec<Step> {
    let told: Vec<StoreUser> = secrets.iter().filter_map(|secret| store_user(profile, secret)).collect();
    let name = |user: &StoreUser| user.secret.to_owned();
    let mut steps: Vec<Step> = told.iter().map(|user| Step::KeepFormer(name(user))).collect();
    steps.push(Step::Write(secrets.to_vec()));
    for user in told {
        let forget = Step::ForgetFormer(name(&user));
        steps.extend([Step::Tell(user.clone()), Step::Mark(user), forget]);
    }
    steps.push(Step::Replace(users.to_vec()));
    steps
}

/// In words, for `--dry-run`.
impl fmt::Display for Step {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeepFormer(secret) => write!(formatter, "keep the former {secret} in case this is cut off"),
            Self::Write(secrets) => write!(formatter, "write new values: {}", secrets.join(", ")),
            Self::Tell(user) => {
                let StoreUser { user, servers, .. } = user;
                write!(formatter, "change the password of MongoDB's user {user} on {}", servers.join(" or "))
            }
            Self::Mark(user) => {
                write!(formatter, "note the new password's fingerprint for the volume {}", user.volume)
            }
            Self::ForgetFormer(secret) => write!(formatter, "forget the former {secret}"),
            Self::Replace(users) if users.is_empty() => {
                formatter.write_str("replace nothing: nobody uses them")
            }
            Self::Replace(users) => write!(formatter, "replace what runs of {}", users.join(", ")),
        }
    }
}
