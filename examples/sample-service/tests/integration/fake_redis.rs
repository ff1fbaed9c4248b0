//! A Redis that knows PING, ROLE, INCR and GET, or a sentinel that knows ROLE and its masters; both answer "OK" to all else.
//! Stopping one ends all its connections.

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
    role: Role,
    counters: HashMap<String, i64>,
    connections: Vec<TcpStream>,
}

/// What it is.
#[derive(Default)]
enum Role {
    #[default]
    Master,
    /// It refuses writes.
    Replica,
    /// It names the server on this port as master.
    SentinelOf(u16),
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

    /// Starts a sentinel that names the server on this port as `mymaster`.
    pub(crate) fn start_sentinel(master: u16) -> Self {
        let fake = Self::start(0);
        fake.names(master);
        fake
    }

    /// Has a sentinel name another server.
    pub(crate) fn names(&self, master: u16) {
        self.state.lock().expect("no panic inside").role = Role::SentinelOf(master);
    }

    /// Makes a master a replica; its connections stay.
    pub(crate) fn demote(&self) {
        self.state.lock().expect("no panic inside").role = Role::Replica;
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
        let answer = answer(&words, &mut locked);
        if locked.forgets {
            locked.counters.clear();
        }
        drop(locked);
        stream.write_all(answer.as_bytes()).ok()?;
    }
}

fn answer(words: &[String], state: &mut State) -> String {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match (words.as_slice(), &state.role) {
        (["PING"], _) => "+PONG\r\n".to_owned(),
        (["ROLE"], Role::Master) => format!("*3\r\n{}:0\r\n*0\r\n", text("master")),
        (["ROLE"], Role::Replica) => {
            format!("*5\r\n{}{}:6379\r\n{}:0\r\n", text("slave"), text("other"), text("connected"))
        }
        (["ROLE"], Role::SentinelOf(_)) => format!("*2\r\n{}*1\r\n{}", text("sentinel"), text("mymaster")),
        (["SENTINEL", "MASTERS"], Role::SentinelOf(port)) => {
            let port = port.to_string();
            let fields = ["name", "mymaster", "ip", "127.0.0.1", "port", &port, "flags", "master"];
            format!("*1\r\n*{}\r\n{}", fields.len(), fields.map(text).concat())
        }
        (["INCR", _], Role::Replica) => {
            "-READONLY You can't write against a read only replica.\r\n".to_owned()
        }
        (["INCR", key], _) => {
            let counter = state.counters.entry((*key).to_owned()).or_default();
            *counter += 1;
            format!(":{counter}\r\n")
        }
        (["GET", key], _) => {
            state.counters.get(*key).map_or("$-1\r\n".to_owned(), |counter| text(&counter.to_string()))
        }
        _ => "+OK\r\n".to_owned(),
    }
}

fn text(text: &str) -> String {
    format!("${}\r\n{text}\r\n", text.len())
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
