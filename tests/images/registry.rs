//! Debian's `docker-registry` on 127.0.0.1, and a proxy before it that spoils answers on request.

use std::fs;
use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::engine::{Place, output};

/// What the proxy does to requests for manifests.
#[derive(Default)]
struct Spoiler {
    /// Whole answers to give instead of the registry's, in order.
    answers: Vec<String>,
    /// The only image to spoil, by a part of its name; empty is in each.
    only: String,
    /// `user:password` that it wants.
    login: Option<String>,
    /// Requests for manifests so far.
    asked: usize,
    /// The next answer was given to a HEAD: engines ask again with GET, to learn why.
    headed: bool,
}

pub(crate) struct Registry {
    process: Child,
    port: u16,
    proxy_port: u16,
    spoiler: Arc<Mutex<Spoiler>>,
    proxy: JoinHandle<()>,
}

impl Registry {
    /// Starts both; the registry keeps its files below the place.
    pub(crate) async fn start(place: &Place) -> Self {
        let port = free_port();
        let folder = place.folder.join("registry");
        let config = format!(
            "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: \
             {}}}}}\nhttp: {{addr: '127.0.0.1:{port}'}}\n",
            folder.display()
        );
        let config = place.write("registry.yml", &config);
        let process = Command::new("docker-registry")
            .arg("serve")
            .arg(config)
            .stdout(Stdio::null())
            .stderr(fs::File::create(place.folder.join("registry.log")).expect("a log"))
            .spawn()
            .expect("docker-registry, Debian's package of that name");
        let spoiler = Arc::new(Mutex::new(Spoiler::default()));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a port");
        let proxy_port = listener.local_addr().expect("an address").port();
        let proxy = tokio::spawn(serve(listener, port, Arc::clone(&spoiler)));
        // Made before the wait, so that a failing wait ends the process too.
        let registry = Self { process, port, proxy_port, spoiler, proxy };
        for _ in 0..200 {
            if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.is_ok() {
                return registry;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("docker-registry does not answer on port {port}");
    }

    /// Makes an image with one file and pushes it; its name goes through the proxy.
    pub(crate) fn push(&self, place: &Place) -> String {
        place.write("image/Dockerfile", "FROM scratch\nCOPY text /text\n");
        self.push_as(place, &place.name)
    }

    /// Makes an image of the place's folder `image` and pushes it; its name goes through the proxy.
    pub(crate) fn push_as(&self, place: &Place, name: &str) -> String {
        // Of its own: an engine fetches nothing of what it has under another name.
        place.write("image/text", &name.repeat(1_000));
        let direct = format!("127.0.0.1:{}/{name}:1", self.port);
        output(&["build", "--quiet", "--tag", &direct, &place.folder.join("image").display().to_string()]);
        output(&["push", "--quiet", &direct]);
        output(&["rmi", "--force", &direct]);
        format!("{}/{name}:1", self.host())
    }

    /// The name of the place's image.
    pub(crate) fn name(&self, place: &Place) -> String {
        format!("{}/{}:1", self.host(), place.name)
    }

    pub(crate) fn host(&self) -> String {
        format!("127.0.0.1:{}", self.proxy_port)
    }

    /// Spoils the next tries to get a manifest: one answer each, `429 Too Many Requests` with a body.
    pub(crate) fn spoil(&self, answers: &[(&str, &str)]) {
        let answers = answers.iter().map(|(status, body)| {
            let head = "Content-Type: application/json\r\nConnection: close";
            format!("HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\n\r\n{body}", body.len())
        });
        self.spoiler.lock().expect("the spoiler").answers.extend(answers);
    }

    /// Spoils what is asked of one image only.
    pub(crate) fn only(&self, name: &str) {
        name.clone_into(&mut self.spoiler.lock().expect("the spoiler").only);
    }

    /// Ends the next connections that ask for manifests without an answer.
    pub(crate) fn hang_up(&self, times: usize) {
        self.spoiler.lock().expect("the spoiler").answers.extend(vec![String::new(); times]);
    }

    pub(crate) fn want_login(&self, login: &str) {
        self.spoiler.lock().expect("the spoiler").login = Some(login.to_owned());
    }

    /// Requests for manifests so far.
    pub(crate) fn asked(&self) -> usize {
        self.spoiler.lock().expect("the spoiler").asked
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        self.proxy.abort();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}

async fn serve(listener: TcpListener, port: u16, spoiler: Arc<Mutex<Spoiler>>) {
    while let Ok((client, _)) = listener.accept().await {
        let spoiler = Arc::clone(&spoiler);
        tokio::spawn(async move { pass_on(client, port, &spoiler).await });
    }
}

/// One request per connection: the head is read, the rest is copied.
async fn pass_on(mut client: TcpStream, port: u16, spoiler: &Mutex<Spoiler>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
        // A TLS greeting: engines try that first.
        if head == [0x16] {
            let answer = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n";
            client.write_all(answer).await.ok()?;
            return None;
        }
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    if let Some(answer) = spoiled(&head, spoiler) {
        client.write_all(answer.as_bytes()).await.ok()?;
        return None;
    }
    let mut server = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).await.ok()?;
    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    server.write_all(head.as_bytes()).await.ok()?;
    copy_bidirectional(&mut client, &mut server).await.ok()?;
    None
}

fn spoiled(head: &str, spoiler: &Mutex<Spoiler>) -> Option<String> {
    let mut spoiler = spoiler.lock().ok()?;
    if let Some(login) = &spoiler.login {
        let expected = format!("authorization: basic {}", STANDARD.encode(login));
        if !head.lines().any(|line| line.eq_ignore_ascii_case(&expected)) {
            let challenge = "WWW-Authenticate: Basic realm=\"img\"\r\nConnection: close\r\nContent-Length: 0";
            return Some(format!("HTTP/1.1 401 Unauthorized\r\n{challenge}\r\n\r\n"));
        }
    }
    if !head.lines().next()?.contains("/manifests/") {
        return None;
    }
    spoiler.asked += 1;
    if !head.lines().next()?.contains(&format!("{}/manifests/", spoiler.only)) {
        return None;
    }
    let head_only = head.starts_with("HEAD ");
    if spoiler.headed && head_only && !spoiler.answers.is_empty() {
        spoiler.answers.remove(0);
    }
    spoiler.headed = head_only;
    let answer = spoiler.answers.first()?.clone();
    if head_only {
        let end = answer.find("\r\n\r\n").map_or(answer.len(), |end| end + 4);
        return Some(answer[..end].to_owned());
    }
    spoiler.answers.remove(0);
    Some(answer)
}
