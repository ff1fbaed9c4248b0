//! A proxy in front of the engine that notes every request, so that what a program asks can be counted and sent again.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

/// A request as it went over the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// Path and query, with the API version.
    pub target: String,
    /// The body's type.
    pub kind: String,
    /// The body, decoded.
    pub body: Vec<u8>,
}

impl Request {
    /// Method, path and query without the version of the API: what is asked.
    pub fn question(&self) -> String {
        let version = self.target.strip_prefix("/v").and_then(|rest| rest.split_once('/'));
        let plain = version.filter(|(number, _)| number.starts_with(|first: char| first.is_ascii_digit()));
        let target = plain.map_or_else(|| self.target.clone(), |(_, rest)| format!("/{rest}"));
        format!("{} {target}", self.method)
    }
}

/// Listens while it lives.
pub struct Recorder {
    folder: PathBuf,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Drop for Recorder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Recorder {
    /// Listens on a socket of its own in `folder`, which is made and goes with it, for the engine behind `engine`.
    ///
    /// # Errors
    /// The folder or the socket cannot be made.
    pub fn start(folder: &Path, engine: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let recorder = Self { folder: folder.to_owned(), requests: Arc::default() };
        let listener = UnixListener::bind(folder.join("engine.sock"))?;
        let (engine, requests) = (engine.to_owned(), Arc::clone(&recorder.requests));
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let Ok(server) = UnixStream::connect(&engine) else { continue };
                let requests = Arc::clone(&requests);
                thread::spawn(move || serve(&client, &server, &requests));
            }
        });
        Ok(recorder)
    }

    /// Its `DOCKER_HOST`.
    pub fn host(&self) -> String {
        format!("unix://{}", self.folder.join("engine.sock").display())
    }

    /// The requests since the last call, in the order in which they were complete.
    pub fn take(&self) -> Vec<Request> {
        std::mem::take(&mut *self.requests.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Hands bytes through in both directions until both have ended.
fn serve(client: &UnixStream, server: &UnixStream, requests: &Mutex<Vec<Request>>) {
    thread::scope(|scope| {
        scope.spawn(|| {
            let _ = std::io::copy(&mut &*server, &mut &*client);
            let _ = client.shutdown(Shutdown::Both);
        });
        let (mut pending, mut part) = (Vec::new(), vec![0; 1 << 16]);
        while let Ok(count @ 1..) = (&mut &*client).read(&mut part) {
            pending.extend(&part[..count]);
            // Noted before it is passed on: an answer is never seen before its request.
            while let Some((request, length)) = first(&pending) {
                requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                pending.drain(..length);
            }
            if (&mut &*server).write_all(&part[..count]).is_err() {
                break;
            }
        }
        let _ = server.shutdown(Shutdown::Write);
    });
}

/// The first whole request of what was read, and how long it is. What follows an upgrade is never one.
fn first(bytes: &[u8]) -> Option<(Request, usize)> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut words = head.lines().next()?.split(' ');
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    words.next().filter(|version| version.starts_with("HTTP/1"))?;
    let field = |wanted: &str| {
        let mut fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
        fields.find(|(name, _)| name.eq_ignore_ascii_case(wanted)).map(|(_, value)| value.trim().to_owned())
    };
    let rest = &bytes[end..];
    let (body, length) = if field("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
        let last = b"0\r\n\r\n";
        let whole = if rest.starts_with(last) {
            last.len()
        } else {
            rest.windows(7).position(|seven| &seven[..2] == b"\r\n" && &seven[2..] == last)? + 7
        };
        (crate::engine::unchunked(&rest[..whole]), whole)
    } else {
        let length = field("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
        (rest.get(..length)?.to_vec(), length)
    };
    let kind = field("content-type").unwrap_or_default();
    Some((Request { method, target, kind, body }, end + length))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Vec<(String, String)> {
        let (mut rest, mut all) = (bytes.to_vec(), Vec::new());
        while let Some((request, length)) = first(&rest) {
            rest.drain(..length);
            all.push((request.question(), String::from_utf8_lossy(&request.body).into_owned()));
        }
        all
    }

    #[test]
    fn requests_are_found_one_after_the_other() {
        let bytes = b"GET /version HTTP/1.1\r\nhost: x\r\n\r\nPOST /v1.45/networks/create HTTP/1.1\r\n\
            Content-Length: 2\r\n\r\n{}PUT /v1.45/containers/1/archive?path=/ HTTP/1.1\r\n\
            Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /volumes HTTP/1.1\r\n\r\n";
        let wanted = [
            ("GET /version", ""),
            ("POST /networks/create", "{}"),
            ("PUT /containers/1/archive?path=/", "abc"),
            ("GET /volumes", ""),
        ];
        assert_eq!(told(bytes), wanted.map(|(question, body)| (question.to_owned(), body.to_owned())));
    }

    #[test]
    fn a_request_counts_when_it_is_whole() {
        let bytes = b"POST /build HTTP/1.1\r\nContent-Length: 5\r\n\r\n1234";
        assert_eq!(told(bytes), []);
        assert_eq!(told(&[bytes.as_slice(), b"5"].concat()).len(), 1);
    }
}
