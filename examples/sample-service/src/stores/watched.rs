//! A Redis that sentinels watch: its address names them, and they name the master, which may be another one tomorrow.

use futures_util::future::select_ok;
use percent_encoding::percent_decode_str;
use redis::sentinel::{Sentinel, SentinelNodeConnectionInfo};
use redis::{
    Client, ConnectionAddr, ConnectionInfo, ErrorKind, IntoConnectionInfo, RedisConnectionInfo, RedisError,
    RedisResult,
};

/// How such an address begins.
const SCHEME: &str = "redis+sentinel://";

/// The port of a sentinel whose address names none.
const SENTINEL_PORT: u16 = 26379;

/// What the address says: `redis+sentinel://[[USER]:PASSWORD@]HOST[:PORT],.../MASTER[/DATABASE]`.
///
/// The password is the servers' and the sentinels'; a user is the servers' alone.
#[derive(Debug, Clone)]
pub(crate) struct Watched {
    sentinels: Vec<ConnectionInfo>,
    master: String,
    login: RedisConnectionInfo,
}

impl Watched {
    /// Reads an address; `None` where it names a server.
    ///
    /// # Errors
    /// When a part is missing or is no number.
    pub(crate) fn read(address: &str) -> RedisResult<Option<Self>> {
        let Some(rest) = address.strip_prefix(SCHEME) else { return Ok(None) };
        let (login, rest) = rest.rsplit_once('@').unwrap_or(("", rest));
        let (hosts, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (master, database) = path.split_once('/').unwrap_or((path, ""));
        if master.is_empty() {
            return Err(wrong("Missing name of the master"));
        }
        let (user, password) = login.split_once(':').unwrap_or((login, ""));
        let mut at_server = RedisConnectionInfo::default();
        let mut at_sentinel = RedisConnectionInfo::default();
        if !user.is_empty() {
            at_server = at_server.set_username(decoded(user));
        }
        if !password.is_empty() {
            at_server = at_server.set_password(decoded(password));
            at_sentinel = at_sentinel.set_password(decoded(password));
        }
        if !database.is_empty() {
            at_server = at_server.set_db(database.parse().map_err(|_| wrong("Invalid database number"))?);
        }
        let sentinels = hosts.split(',').map(|host| Ok(at(host)?.set_redis_settings(at_sentinel.clone())));
        Ok(Some(Self {
            sentinels: sentinels.collect::<RedisResult<_>>()?,
            master: master.to_owned(),
            login: at_server,
        }))
    }

    /// Finds the master: all sentinels are asked at once, and the first one counts whose master says that it is one.
    ///
    /// # Errors
    /// When none of them leads to a master.
    pub(crate) async fn master(&self) -> RedisResult<Client> {
        let login = SentinelNodeConnectionInfo::default().set_redis_connection_info(self.login.clone());
        let questions = self.sentinels.iter().map(|sentinel| {
            let login = &login;
            Box::pin(async move {
                let mut sentinel = Sentinel::build(vec![sentinel.clone()])?;
                sentinel.async_master_for(&self.master, Some(login)).await
            })
        });
        select_ok(questions).await.map(|(master, _)| master)
    }
}

fn at(host: &str) -> RedisResult<ConnectionInfo> {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) => (name, port.parse().map_err(|_| wrong("Invalid port of a sentinel"))?),
        None => (host, SENTINEL_PORT),
    };
    if name.is_empty() {
        return Err(wrong("Missing hostname of a sentinel"));
    }
    ConnectionAddr::Tcp(name.to_owned(), port).into_connection_info()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn wrong(why: &'static str) -> RedisError {
    RedisError::from((ErrorKind::InvalidClientConfig, why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Watched {
        Watched::read(address).expect("it is an address").expect("it names sentinels")
    }

    fn hosts(watched: &Watched) -> Vec<String> {
        watched.sentinels.iter().map(|sentinel| sentinel.addr().to_string()).collect()
    }

    #[test]
    fn an_address_names_sentinels_master_password_and_database() {
        let watched = read("redis+sentinel://:p%40ss@one.shared:26380,two/mymaster/3");
        assert_eq!(hosts(&watched), ["one.shared:26380", "two:26379"]);
        assert_eq!(watched.master, "mymaster");
        assert_eq!((watched.login.password(), watched.login.username()), (Some("p@ss"), None));
        assert_eq!(watched.login.db(), 3);
        for sentinel in &watched.sentinels {
            let settings = sentinel.redis_settings();
            assert_eq!((settings.password(), settings.db()), (Some("p@ss"), 0));
        }
    }

    #[test]
    fn a_user_is_for_the_servers_only() {
        let watched = read("redis+sentinel://app:secret@one/mymaster");
        assert_eq!(watched.login.username(), Some("app"));
        assert_eq!(watched.sentinels[0].redis_settings().username(), None);
        let open = read("redis+sentinel://one/mymaster");
        assert_eq!((open.login.password(), open.sentinels[0].redis_settings().password()), (None, None));
    }

    #[test]
    fn an_address_of_a_server_is_none_of_sentinels() {
        for address in ["redis://one:6379/0", "rediss://one", "nonsense"] {
            assert!(Watched::read(address).is_ok_and(|watched| watched.is_none()), "{address}");
        }
    }

    #[test]
    fn what_is_missing_or_wrong_is_said() {
        for (address, reason) in [
            ("redis+sentinel://one:26379", "Missing name of the master"),
            ("redis+sentinel://one:26379/", "Missing name of the master"),
            ("redis+sentinel:///mymaster", "Missing hostname of a sentinel"),
            ("redis+sentinel://one,,two/mymaster", "Missing hostname of a sentinel"),
            ("redis+sentinel://one:port/mymaster", "Invalid port of a sentinel"),
            ("redis+sentinel://one/mymaster/first", "Invalid database number"),
        ] {
            let error = Watched::read(address).expect_err(address).to_string();
            assert_eq!(error, format!("{reason} - InvalidClientConfig"), "{address}");
        }
    }
}
