//! HTTP and WebSocket by hand: what is sent is exactly what a scenario says, also where it is no legal request.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// No answer takes this long.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    /// 0 where nothing was answered.
    pub(crate) status: u16,
    /// Status line and headers.
    pub(crate) head: String,
    /// The rest.
    pub(crate) body: String,
}

impl Answer {
    /// The body as JSON; panics where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Connects to a port of loopback.
pub(crate) fn connect(port: u16) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", port)).expect("the port takes connections");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout can be set");
    stream.set_write_timeout(Some(PATIENCE)).expect("a timeout can be set");
    stream
}

/// A GET with these header lines, each as it is, after `Host` and `Connection: close`.
pub(crate) fn ask(port: u16, target: &str, lines: &[&str]) -> Answer {
    send(port, "GET", target, lines, b"")
}

/// A request with these header lines and a body.
pub(crate) fn send(port: u16, method: &str, target: &str, lines: &[&str], body: &[u8]) -> Answer {
    let mut stream = connect(port);
    let head = head(method, target, lines);
    // Who refuses a request may close before all of it was sent; the answer says why.
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
    finish(stream, Vec::new())
}

/// The head of a request, with the empty line.
pub(crate) fn head(method: &str, target: &str, lines: &[&str]) -> String {
    let mut head = format!("{method} {target} HTTP/1.1\r\nHost: gateway.example\r\nConnection: close\r\n");
    for line in lines {
        head.push_str(line);
        head.push_str("\r\n");
    }
    head + "\r\n"
}

/// Reads until `text` has arrived; everything read so far.
pub(crate) fn until(stream: &mut TcpStream, text: &str) -> Vec<u8> {
    let (mut all, mut part) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&all).contains(text) {
        let count = stream.read(&mut part).expect("the answer goes on");
        assert!(count > 0, "ended before {text:?}: {}", String::from_utf8_lossy(&all));
        all.extend(&part[..count]);
    }
    all
}

/// Reads the rest of an answer that began with `read`.
pub(crate) fn finish(mut stream: TcpStream, mut read: Vec<u8>) -> Answer {
    // A reset after the answer is no loss.
    let _ = stream.read_to_end(&mut read);
    let text = String::from_utf8_lossy(&read).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// A WebSocket, as a client has it.
pub(crate) struct WebSocket(TcpStream);

impl WebSocket {
    /// Upgrades a connection; panics with the answer where it is not 101 with the right key.
    pub(crate) fn open(port: u16, target: &str, lines: &[&str]) -> Self {
        let mut stream = connect(port);
        let mut head = format!("GET {target} HTTP/1.1\r\nHost: gateway.example\r\n");
        for line in lines {
            head.push_str(line);
            head.push_str("\r\n");
        }
        // The key and its answer are those of RFC 6455, section 1.3.
        head.push_str("Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
        head.push_str("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("the request can be sent");
        let (mut read, mut byte) = (Vec::new(), [0]);
        while !read.ends_with(b"\r\n\r\n") {
            stream.read_exact(&mut byte).expect("the answer has a head");
            read.push(byte[0]);
        }
        let answer = String::from_utf8_lossy(&read).to_lowercase();
        assert!(answer.starts_with("http/1.1 101 "), "{answer}");
        assert!(answer.contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="), "{answer}");
        Self(stream)
    }

    /// Sends a text and returns the next one.
    pub(crate) fn echo(&mut self, text: &str) -> String {
        let mut frame = vec![0x81];
        let length = text.len();
        match length {
            0..126 => frame.push(0x80 | u8::try_from(length).expect("it is small")),
            126..65536 => {
                frame.push(0xfe);
                frame.extend(u16::try_from(length).expect("it fits").to_be_bytes());
            }
            _ => {
                frame.push(0xff);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        let mask = [1, 2, 3, 4];
        frame.extend(mask);
        frame.extend(text.bytes().zip(mask.into_iter().cycle()).map(|(byte, mask)| byte ^ mask));
        self.0.write_all(&frame).expect("the frame can be sent");
        String::from_utf8(self.receive()).expect("an echo is text again")
    }

    /// The content of the next frame, which is a whole text.
    fn receive(&mut self) -> Vec<u8> {
        let start: [u8; 2] = self.exactly(2).try_into().expect("two bytes");
        assert_eq!(start[0], 0x81, "a whole text frame");
        let length = match start[1] {
            126 => u64::from(u16::from_be_bytes(self.exactly(2).try_into().expect("two bytes"))),
            127 => u64::from_be_bytes(self.exactly(8).try_into().expect("eight bytes")),
            small => u64::from(small),
        };
        self.exactly(usize::try_from(length).expect("it fits"))
    }

    fn exactly(&mut self, count: usize) -> Vec<u8> {
        let mut bytes = vec![0; count];
        self.0.read_exact(&mut bytes).expect("the frame goes on");
        bytes
    }
}
