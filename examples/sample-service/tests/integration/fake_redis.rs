//! A Redis that knows PING, INCR and GET and answers "OK" to all else; stopping it ends all its connections.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

/// The running fake.
pub(crate) struct FakeRedis {
    /// Where it listens.
    pub(crate) port: u16,
    state: Arc<Mutex<State>>,
    accepting: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct State {
    stopped: bool,
    /// Counts, and keeps nothing.
    forgets: bool,
    counters: HashMap<String, i64>,
    connections: Vec<TcpStream>,
}

impl FakeRedis {
    /// Starts it on a port; 0 picks a free one.
    pub(crate) fn start(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("the port is free");
        let port = listener.local_addr().expect("its address").port();
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        let accepting = std::thread::spawn(move || accept(&listener, &shared));
        Self { port, state, accepting: Some(accepting) }
    }
}

impl FakeRedis {
    /// Starts one that counts and answers, and keeps nothing.
    pub(crate) fn start_forgetful() -> Self {
        let fake = Self::start(0);
        fake.state.lock().expect("no panic inside").forgets = true;
        fake
    }
}

impl Drop for FakeRedis {
    fn drop(&mut self) {
        self.state.lock().expect("no panic inside").stopped = true;
        // Wakes the accepting thread, which then sees that it is over.
        drop(TcpStream::connect(("127.0.0.1", self.port)));
        self.accepting.take().expect("dropped once").join().expect("no panic inside");
        for connection in &self.state.lock().expect("no panic inside").connections {
            drop(connection.shutdown(Shutdown::Both));
        }
    }
}

fn accept(listener: &TcpListener, state: &Arc<Mutex<State>>) {
    for stream in listener.incoming().map_while(Result::ok) {
        let mut locked = state.lock().expect("no panic inside");
        if locked.stopped {
            return;
        }
        locked.connections.push(stream.try_clone().expect("a second handle"));
        let state = Arc::clone(state);
        std::thread::spawn(move || talk(&stream, &state));
    }
}

fn talk(mut stream: &TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(stream);
    loop {
        let words = read_command(&mut reader)?;
        let mut locked = state.lock().ok()?;
        let answer = answer(&words, &mut locked.counters);
        if locked.forgets {
            locked.counters.clear();
        }
        drop(locked);
        stream.write_all(answer.as_bytes()).ok()?;
    }
}

fn answer(words: &[String], counters: &mut HashMap<String, i64>) -> String {
    match words {
        [command] if command == "PING" => "+PONG\r\n".to_owned(),
        [command, key] if command == "INCR" => {
            let counter = counters.entry(key.clone()).or_default();
            *counter += 1;
            format!(":{counter}\r\n")
        }
        [command, key] if command == "GET" => counters.get(key).map_or("$-1\r\n".to_owned(), |counter| {
            let text = counter.to_string();
            format!("${}\r\n{text}\r\n", text.len())
        }),
        _ => "+OK\r\n".to_owned(),
    }
}

/// Reads one command: `*N`, then N times `$LENGTH` and that many bytes.
fn read_command(reader: &mut impl BufRead) -> Option<Vec<String>> {
    let count = read_number(reader, '*')?;
    (0..count).map(|_| read_word(reader)).collect()
}

fn read_word(reader: &mut impl BufRead) -> Option<String> {
    let length = read_number(reader, '$')?;
    let mut bytes = vec![0; length + "\r\n".len()];
    reader.read_exact(&mut bytes).ok()?;
    bytes.truncate(length);
    String::from_utf8(bytes).ok()
}

fn read_number(reader: &mut impl BufRead, mark: char) -> Option<usize> {
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    line.strip_prefix(mark)?.trim_end().parse().ok()
}
