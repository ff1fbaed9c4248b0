//! `PING` and `ROLE` through the Redis client.

use redis::aio::MultiplexedConnection;
use redis::{Client, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo, RedisResult, Value};

use super::{Reply, Target, first_line};
use crate::plan::standing::{Position, Standing};

pub(super) async fn ask(target: &Target, password: &str) -> Reply {
    match talk(target, password).await {
        Ok(reply) => reply,
        Err(error) => Reply::not_ready(first_line(&error.to_string())),
    }
}

/// Connects to a server or a sentinel.
pub(super) async fn connect(target: &Target, password: &str) -> RedisResult<MultiplexedConnection> {
    let mut settings = RedisConnectionInfo::default();
    if !password.is_empty() {
        settings = settings.set_password(password);
    }
    let address = ConnectionAddr::Tcp(target.host.clone(), target.port);
    let info = address.into_connection_info()?.set_redis_settings(settings);
    Client::open(info)?.get_multiplexed_async_connection().await
}

async fn talk(target: &Target, password: &str) -> RedisResult<Reply> {
    let mut connection = connect(target, password).await?;
    let answer: String = redis::cmd("PING").query_async(&mut connection).await?;
    if answer != "PONG" {
        return Ok(Reply::not_ready(first_line(&answer)));
    }
    let role: Vec<Value> = redis::cmd("ROLE").query_async(&mut connection).await.unwrap_or_default();
    Ok(judge(&role))
}

/// What a server is by its answer to `ROLE`: `master OFFSET REPLICAS`, or `slave HOST PORT STATE OFFSET`.
///
/// A replica whose link is not up has no data yet, or old data. Its offset is -1 while it has none.
fn judge(role: &[Value]) -> Reply {
    let text = |at: usize| role.get(at).and_then(|value| redis::from_redis_value_ref::<String>(value).ok());
    let number = |at: usize| role.get(at).and_then(|value| redis::from_redis_value_ref::<i64>(value).ok());
    let standing = |role: &str, offset: usize| Standing {
        role: Some(role.to_owned()),
        names: None,
        position: number(offset).and_then(|bytes| u64::try_from(bytes).ok()).map(Position::Bytes),
    };
    match (text(0).as_deref(), text(1), number(2), text(3)) {
        (Some("master"), ..) => Reply { standing: standing("master", 1), ..Reply::ready("PONG") },
        (Some("slave"), Some(host), Some(port), Some(link)) => {
            let linked = link == "connected";
            let answer = if linked {
                Reply::ready(format!("PONG, linked to {host}:{port}"))
            } else {
                Reply::not_ready(format!("its link to {host}:{port} is not up ({link})"))
            };
            Reply { standing: standing("replica", 4), ..answer }
        }
        _ => Reply::ready("PONG"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Value {
        Value::BulkString(text.as_bytes().to_vec())
    }

    fn replica(link: &str, offset: i64) -> Reply {
        judge(&[text("slave"), text("redis-master.shared"), Value::Int(6379), text(link), Value::Int(offset)])
    }

    fn told(reply: &Reply) -> (bool, &str, Option<&str>, Option<Position>) {
        (reply.ready, &reply.text, reply.standing.role.as_deref(), reply.standing.position)
    }

    #[test]
    fn a_master_is_ready_whoever_follows_it() {
        let alone = judge(&[text("master"), Value::Int(815), Value::Array(Vec::new())]);
        assert_eq!(told(&alone), (true, "PONG", Some("master"), Some(Position::Bytes(815))));
    }

    #[test]
    fn a_replica_is_ready_while_it_is_linked() {
        let linked = "PONG, linked to redis-master.shared:6379";
        let there = Some(Position::Bytes(7));
        assert_eq!(told(&replica("connected", 7)), (true, linked, Some("replica"), there));
        let down = "its link to redis-master.shared:6379 is not up (connect)";
        assert_eq!(told(&replica("connect", 7)), (false, down, Some("replica"), there));
        let first = "its link to redis-master.shared:6379 is not up (sync)";
        assert_eq!(told(&replica("sync", -1)), (false, first, Some("replica"), None));
    }

    #[test]
    fn a_server_that_tells_no_role_is_known_by_its_pong() {
        assert_eq!(told(&judge(&[])), (true, "PONG", None, None));
    }
}
