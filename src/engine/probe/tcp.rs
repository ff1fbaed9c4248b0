//! A TCP connect.
//!
//! A published port accepts with nobody inside: the engine's proxy does, and hangs up as soon as nobody answers it. So through
//! one a connection counts that says something, or is still open after a moment.

use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

use super::{Reply, Target};

/// How long the engine's proxy gets to find out that nobody listens inside.
const MOMENT: Duration = Duration::from_millis(250);

pub(super) async fn ask(target: &Target) -> Reply {
    match TcpStream::connect((target.host.as_str(), target.port)).await {
        Ok(stream) if target.proxied => stays(stream).await,
        Ok(_) => Reply::ready("accepts connections"),
        Err(error) => Reply::not_ready(error.to_string()),
    }
}

/// Whether somebody is behind the engine's proxy.
async fn stays(mut stream: TcpStream) -> Reply {
    match tokio::time::timeout(MOMENT, stream.read(&mut [0])).await {
        Ok(Ok(1..)) | Err(_) => Reply::ready("accepts connections"),
        Ok(Ok(0) | Err(_)) => Reply::not_ready("the engine's proxy hangs up: nobody listens inside"),
    }
}
