//! `--health`: asks the running service, over a plain socket so that it starts quickly.

use std::io::{self, ErrorKind, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::time::Duration;

use crate::output;

/// How long one step may take; the service itself answers within about a second.
const LIMIT: Duration = Duration::from_secs(2);

/// Asks the service on `port`; prints its answer when that is not 200.
pub(crate) fn run(port: u16) -> ExitCode {
    let answer = ask(port);
    match answer.as_deref().map(split) {
        Ok(("200", _)) => ExitCode::SUCCESS,
        Ok((_, body)) => failed(body),
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            failed(&format!("no answer from port {port} within {} s", LIMIT.as_secs()))
        }
        Err(error) => failed(&format!("no answer from port {port}: {error}")),
    }
}

fn ask(port: u16) -> io::Result<String> {
    let mut stream = TcpStream::connect_timeout(&SocketAddr::from((Ipv4Addr::LOCALHOST, port)), LIMIT)?;
    stream.set_read_timeout(Some(LIMIT))?;
    stream.set_write_timeout(Some(LIMIT))?;
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// Splits an HTTP answer into its status code and body.
fn split(answer: &str) -> (&str, &str) {
    let status = answer.split(' ').nth(1).unwrap_or_default();
    let body = answer.split_once("\r\n\r\n").map_or(answer, |(_, body)| body);
    (status, body)
}

fn failed(reason: &str) -> ExitCode {
    output::line(reason);
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn an_answer_splits_into_status_and_body() {
        assert_eq!(split("HTTP/1.1 503 Service Unavailable\r\na: b\r\n\r\n{}"), ("503", "{}"));
    }

    #[test]
    fn what_is_not_http_has_no_status() {
        assert_eq!(split(""), ("", ""));
        assert_eq!(split("nonsense"), ("", "nonsense"));
    }
}
