//! Servers for tests, on a free port of this machine: they answer what the test says and remember
//! what they were asked.

use std::io::{Read as _, Write as _};
use std::sync::{Arc, Mutex};

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::Answer;
use super::hidden::Hidden;

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub method: String,
    pub path: String,
    pub query: String,
    pub headers: HeaderMap,
    pub body: String,
}

/// A server that answers by a function of the request.
pub(crate) struct Server {
    pub url: Url,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn start<F, R>(respond: F) -> Self
    where
        F: Fn(Seen) -> R + Send + Sync + 'static,
        R: IntoResponse + Send + 'static,
    {
        Self::start_slow(move |seen| std::future::ready(respond(seen))).await
    }

    /// One that may take its time.
    pub(crate) async fn start_slow<F, A, R>(respond: F) -> Self
    where
        F: Fn(Seen) -> A + Send + Sync + 'static,
        A: Future<Output = R> + Send,
        R: IntoResponse,
    {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (log, respond) = (Arc::clone(&seen), Arc::new(respond));
        let app = axum::Router::new().fallback(move |request: Request| {
            let (log, respond) = (Arc::clone(&log), Arc::clone(&respond));
            async move {
                let (head, body) = request.into_parts();
                let body = to_bytes(body, 1 << 20).await.unwrap();
                let seen = Seen {
                    method: head.method.to_string(),
                    path: head.uri.path().to_owned(),
                    query: head.uri.query().unwrap_or_default().to_owned(),
                    headers: head.headers,
                    body: String::from_utf8(body.to_vec()).unwrap(),
                };
                log.lock().unwrap().push(seen.clone());
                respond(seen).await.into_response()
            }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = address(&listener);
        tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, seen }
    }

    /// What it was asked so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

/// A server that answers every connection with these bytes and closes it; `None` keeps it open and
/// silent for ever.
pub(crate) async fn raw(answer: Option<&'static [u8]>) -> (Url, Arc<Mutex<usize>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = address(&listener);
    let connections = Arc::new(Mutex::new(0));
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            *count.lock().unwrap() += 1;
            let mut head = [0; 4096];
            let _ = stream.read(&mut head).await;
            match answer {
                Some(bytes) => stream.write_all(bytes).await.unwrap(),
                None => kept.push(stream),
            }
        }
    });
    (url, connections)
}

/// A server that speaks TLS with the certificate in `tests/certificates/{name}.pem`, and answers every
/// connection with `{}`.
pub(crate) fn secure(name: &str) -> Url {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let of = |file: &str| format!("{}/tests/certificates/{file}", env!("CARGO_MANIFEST_DIR"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let certificate = CertificateDer::from_pem_file(of(&format!("{name}.pem"))).unwrap();
    let key = PrivateKeyDer::from_pem_file(of("server.key")).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1", listener.local_addr().unwrap()).parse().unwrap();
    std::thread::spawn(move || {
        while let Ok((stream, _)) = listener.accept() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let mut head = [0; 4096];
            // Whoever does not accept the certificate hangs up.
            if stream.read(&mut head).is_ok() {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}");
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    url
}

/// An address at which nobody listens.
pub(crate) async fn nobody() -> Url {
    address(&TcpListener::bind("127.0.0.1:0").await.unwrap())
}

fn address(listener: &TcpListener) -> Url {
    format!("http://{}/v1", listener.local_addr().unwrap()).parse().unwrap()
}

/// Keeps `secret` in a file that only its owner can read.
pub(crate) fn keep(file: &std::path::Path, secret: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::write(file, secret).unwrap();
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// JSON with a status.
pub(crate) fn json(status: u16, body: impl Into<String>) -> Response {
    Response::builder()
        .status(StatusCode::from_u16(status).unwrap())
        .header("content-type", "application/json")
        .body(Body::from(body.into()))
        .unwrap()
}

/// 2026-03-01T15:00:00Z.
pub(crate) fn three() -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_377_200, 0).unwrap()
}

/// An answer that no server gave: asked for at [`three`], received 2 s later.
pub(crate) fn answer(status: u16, body: impl AsRef<[u8]>) -> Answer {
    let mut answer = Answer {
        status: StatusCode::from_u16(status).unwrap(),
        date: None,
        retry_after: None,
        redirect_host: None,
        content_type: Some("application/json".to_owned()),
        cookies: Vec::new(),
        body: body.as_ref().to_vec(),
        sent: three(),
        received: three() + TimeDelta::seconds(2),
    };
    answer.make_readable(&Hidden::default());
    answer
}
