//! A TCP connect.

use tokio::net::TcpStream;

use super::{Reply, Target};

pub(super) async fn ask(target: &Target) -> Reply {
    match TcpStream::connect((target.host.as_str(), target.port)).await {
        Ok(_) => Reply::ready("accepts connections"),
        Err(error) => Reply::not_ready(error.to_string()),
    }
}
