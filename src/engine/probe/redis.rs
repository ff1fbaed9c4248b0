//! `PING` and `ROLE` through the Redis client.

use redis::{Client, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo};

use super::{Reply, Target, first_line};

pub(super) async fn ask(target: &Target, password: &str) -> Reply {
    match talk(target, password).await {
        Ok(reply) => reply,
        Err(error) => Reply::not_ready(first_line(&error.to_string())),
    }
}

async fn talk(target: &Target, password: &str) -> redis::RedisResult<Reply> {
    let mut settings = RedisConnectionInfo::default();
    if !password.is_empty() {
        settings = settings.set_password(password);
    }
    let address = ConnectionAddr::Tcp(target.host.clone(), target.port);
    let info = address.into_connection_info()?.set_redis_settings(settings);
    let mut connection = Client::open(info)?.get_multiplexed_async_connection().await?;
    let answer: String = redis::cmd("PING").query_async(&mut connection).await?;
    if answer != "PONG" {
        return Ok(Reply::not_ready(first_line(&answer)));
    }
    let role: Vec<redis::Value> = redis::cmd("ROLE").query_async(&mut connection).await.unwrap_or_default();
    let role = role.first().and_then(|value| redis::from_redis_value_ref::<String>(value).ok());
    let role = role.map(|role| if role == "slave" { "replica".to_owned() } else { role });
    Ok(Reply { ready: true, text: "PONG".into(), role })
}
