//! Plain calls of the engine's API: one connection a call, no client library.

use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;

use serde_json::Value;

use crate::Result;

/// A version of the API that every engine from 25 on speaks.
const VERSION: &str = "/v1.44";

/// The engine behind a Unix socket.
#[derive(Debug, Clone)]
pub struct Engine {
    socket: PathBuf,
}

/// What the engine answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The body, decoded.
    pub body: Vec<u8>,
}

impl Answer {
    /// The body as JSON; `null` where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

impl Engine {
    /// The engine of a `DOCKER_HOST`.
    ///
    /// # Errors
    /// The address is no Unix socket: containers of another machine cannot be compared.
    pub fn at(host: Option<&str>) -> Result<Self> {
        let host = host.unwrap_or("unix:///var/run/docker.sock");
        let socket = host.strip_prefix("unix://");
        let socket =
            socket.ok_or_else(|| format!("{host}: the bench needs an engine behind a Unix socket"))?;
        Ok(Self { socket: socket.into() })
    }

    /// Its socket.
    pub fn socket(&self) -> &std::path::Path {
        &self.socket
    }

    /// Sends one request whose path carries its own API version, and reads the whole answer.
    ///
    /// # Errors
    /// The engine cannot be reached or does not speak HTTP.
    pub fn send(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Answer> {
        let mut stream = UnixStream::connect(&self.socket)?;
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: engine\r\nConnection: close\r\nContent-Type: {kind}\r\n\
             Content-Length: {length}\r\n\r\n"
        );
        stream.write_all(&[head.as_bytes(), body].concat())?;
        let mut read = Vec::new();
        stream.read_to_end(&mut read)?;
        answer(&read).ok_or_else(|| format!("{method} {path}: no HTTP answer").into())
    }

    /// Sends a request and expects a status below 400, or one of `also`.
    ///
    /// # Errors
    /// As [`Self::send`], or the engine refused.
    pub fn expect(&self, method: &str, path: &str, body: &[u8], also: &[u16]) -> Result<Answer> {
        let answer = self.send(method, path, "application/json", body)?;
        if answer.status < 400 || also.contains(&answer.status) {
            return Ok(answer);
        }
        Err(format!("{method} {path}: {} {}", answer.status, String::from_utf8_lossy(&answer.body)).into())
    }

    /// What a GET answers, without the API version in the path.
    ///
    /// # Errors
    /// As [`Self::expect`].
    pub fn get(&self, path: &str) -> Result<Value> {
        Ok(self.expect("GET", &format!("{VERSION}{path}"), b"", &[])?.json())
    }

    /// Removes something, `/containers/NAME?force=1`; that it is gone already is fine.
    ///
    /// # Errors
    /// As [`Self::expect`].
    pub fn remove(&self, path: &str) -> Result<()> {
        self.expect("DELETE", &format!("{VERSION}{path}"), b"", &[404, 409]).map(|_| ())
    }

    /// Stops a container as its own settings say.
    ///
    /// # Errors
    /// As [`Self::expect`].
    pub fn stop(&self, name: &str) -> Result<()> {
        self.expect("POST", &format!("{VERSION}/containers/{name}/stop"), b"", &[304, 404]).map(|_| ())
    }
}

fn answer(read: &[u8]) -> Option<Answer> {
    let end = read.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
    let status = head.split(' ').nth(1)?.parse().ok()?;
    let body = &read[end + 4..];
    let chunked = head.contains("transfer-encoding: chunked");
    Some(Answer { status, body: if chunked { unchunked(body) } else { body.to_vec() } })
}

/// The content of a chunked body, as far as it came.
pub(crate) fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    while let Some(end) = body.windows(2).position(|two| two == b"\r\n") {
        let size = String::from_utf8_lossy(&body[..end]);
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default().trim(), 16).unwrap_or(0);
        let Some(chunk) = body.get(end + 2..end + 2 + size).filter(|chunk| !chunk.is_empty()) else { break };
        content.extend(chunk);
        body = body.get(end + 2 + size + 2..).unwrap_or_default();
    }
    content
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_come_whole_or_in_chunks() {
        let whole = answer(b"HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}").expect("an answer");
        assert_eq!((whole.status, whole.body.as_slice()), (201, b"{}".as_slice()));
        let chunks =
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1,\r\n2;x\r\n2]\r\n0\r\n\r\n";
        assert_eq!(answer(chunks).expect("an answer").json(), serde_json::json!([1, 2]));
        assert!(answer(b"nonsense").is_none());
    }
}
