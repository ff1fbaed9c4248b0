//! Asks the services through the gateway, as a user does.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use crate::Result;
use crate::project::{GATEWAY, SERVICES};

/// Between two questions; each costs the machine that is measured.
const PAUSE: Duration = Duration::from_millis(5);
/// Nothing that is measured takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Returns when every route has answered its `/health` with 200: each service runs, reaches Redis, and is reached.
///
/// # Errors
/// It does not come to that within a minute.
pub fn wait() -> Result<()> {
    let begin = Instant::now();
    for service in SERVICES {
        // One route after the other: the last one that answers ends the wait all the same.
        while !answers(service) {
            if begin.elapsed() > PATIENCE {
                return Err(format!("{service} does not answer through the gateway").into());
            }
            thread::sleep(PAUSE);
        }
    }
    Ok(())
}

fn answers(service: &str) -> bool {
    let status = || -> std::io::Result<bool> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, GATEWAY));
        let mut stream = TcpStream::connect_timeout(&address, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        let request = format!(
            "GET /health HTTP/1.1\r\nHost: gateway\r\nX-Target-Service: {service}\r\nConnection: close\r\n\r\n"
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer.starts_with(b"HTTP/1.1 200 "))
    };
    status().unwrap_or(false)
}
