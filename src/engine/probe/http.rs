//! An HTTP GET.

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::Request;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Reply, Target, first_line};

/// Bytes of an answer that are read.
const LIMIT: usize = 1 << 20;

pub(super) async fn ask(target: &Target, path: &str, status: Option<u16>, body: Option<&str>) -> Reply {
    match get(target, path).await {
        Err(error) => Reply::not_ready(error),
        Ok((code, text)) => {
            let status_fits = status.map_or((200..400).contains(&code), |wanted| wanted == code);
            let body_fits = body.is_none_or(|wanted| text.contains(wanted));
            let answer = match (status_fits, body_fits) {
                (true, true) => return Reply::ready(format!("HTTP {code}")),
                (true, false) => {
                    format!("HTTP {code}, but the body lacks {:?}: {text}", body.unwrap_or_default())
                }
                (false, _) => format!("HTTP {code}: {text}"),
            };
            Reply::not_ready(first_line(&answer))
        }
    }
}

async fn get(target: &Target, path: &str) -> Result<(u16, String), String> {
    let stream =
        TcpStream::connect((target.host.as_str(), target.port)).await.map_err(|error| error.to_string())?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| error.to_string())?;
    let connection = tokio::spawn(connection);
    let request = Request::get(path)
        .header("host", format!("{}:{}", target.host, target.port))
        .header("user-agent", concat!("gw/", env!("CARGO_PKG_VERSION")))
        .header("connection", "close")
        .body(Empty::<Bytes>::new())
        .map_err(|error| error.to_string())?;
    let response = sender.send_request(request).await.map_err(|error| error.to_string());
    let read = async {
        let response = response?;
        let code = response.status().as_u16();
        let body =
            Limited::new(response.into_body(), LIMIT).collect().await.map_err(|error| error.to_string())?;
        Ok((code, String::from_utf8_lossy(&body.to_bytes()).into_owned()))
    };
    let result = read.await;
    connection.abort();
    result
}
