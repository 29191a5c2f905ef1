use std::path::PathBuf;
use std::time::Duration;

use axum::response::Response;
use chrono::TimeDelta;
use reqwest::Url;
use secrecy::ExposeSecret;

use super::scripted::{Server, nobody, raw, secure, three};
use super::{Answer, Client, Error};
use crate::clock::Clock;

fn client(url: &Url) -> Client {
    Client::for_reading(url, None, Duration::from_secs(10), Clock::fixed(three())).unwrap()
}

async fn get(url: &Url) -> Result<Answer, Error> {
    let client = client(url);
    client.exchange(client.get(url.clone())).await
}

#[tokio::test]
async fn the_head_of_an_answer_is_read() {
    let server = Server::start(|_| {
        Response::builder()
            .status(302)
            .header("date", "Sun, 01 Mar 2026 15:01:30 GMT")
            .header("retry-after", "7")
            .header("location", "https://other.example.com/login?token=secret")
            .header("content-type", "Text/HTML; charset=utf-8")
            .header("set-cookie", "session=renewed; Path=/; HttpOnly")
            .body("moved".to_owned())
            .unwrap()
    })
    .await;
    let answer = get(&server.url).await.unwrap();
    assert_eq!(answer.status.as_u16(), 302);
    assert_eq!(answer.date, Some(three() + TimeDelta::seconds(90)));
    assert_eq!(answer.retry_after, Some(Duration::from_secs(7)));
    assert_eq!(answer.redirect_host.as_deref(), Some("other.example.com"));
    assert_eq!(answer.content_type.as_deref(), Some("text/html"));
    assert_eq!(answer.cookies[0].name, "session");
    assert_eq!(answer.cookies[0].value.expose_secret(), "renewed");
    assert_eq!(answer.body, b"moved");
    assert_eq!(server.seen().len(), 1, "a redirect is not followed");
    assert!(!format!("{answer:?}").contains("renewed"));
}

#[tokio::test]
async fn a_cookie_that_is_taken_back_is_empty() {
    let server = Server::start(|_| {
        let set = [
            "a=deleted; Max-Age=0",
            "b=deleted; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
            "c=kept; Expires=Sun, 01 Mar 2026 15:00:01 GMT",
            "d=kept; Max-Age=60; Expires=Thu, 01 Jan 1970 00:00:00 GMT",
        ];
        (axum::response::AppendHeaders(set.map(|cookie| ("set-cookie", cookie))), "")
    })
    .await;
    let answer = get(&server.url).await.unwrap();
    let values: Vec<&str> = answer.cookies.iter().map(|c| c.value.expose_secret()).collect();
    assert_eq!(values, ["", "", "kept", "kept"]);
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused() {
    // Declared, not declared, and small only while it is compressed (2000 bytes unpacked).
    let declared: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 1001\r\n\r\n";
    let streamed: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n\
        0123456789012345678901234567890123456789012345678901234567890123456789";
    let packed: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n\
      \x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xab\xa8\x18\x05\xa3\x60\x14\x8c\x82\x51\
      \x30\x0a\x46\xc1\x50\x07\x00\x7a\x65\x08\x29\xd0\x07\x00\x00";
    for (bytes, limit) in [(declared, 1000), (streamed, 60), (packed, 1000)] {
        let (url, _) = raw(Some(bytes)).await;
        let client = client(&url).with_body_limit(limit);
        let error = client.exchange(client.get(url)).await.unwrap_err();
        assert_eq!(error, Error::TooLarge(limit));
    }
    let (url, _) = raw(Some(packed)).await;
    assert_eq!(get(&url).await.unwrap().body, b"x".repeat(2000));
}

#[tokio::test]
async fn a_connection_that_breaks_says_after_how_much() {
    let (url, _) = raw(Some(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"agents\":")).await;
    let error = get(&url).await.unwrap_err();
    assert!(matches!(error, Error::Broken { received: 10, .. }), "{error:?}");
    assert!(!error.is_unsent());
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up() {
    let (url, _) = raw(None).await;
    // Long enough to be connected by then also on a busy machine: that has a limit of its own.
    let limit = Duration::from_secs(1);
    let client = Client::for_reading(&url, None, limit, Clock::fixed(three())).unwrap();
    let error = client.exchange(client.get(url)).await.unwrap_err();
    assert_eq!(error, Error::Timeout(limit));
    assert_eq!(error.to_string(), "no complete answer within 1 s");
}

#[tokio::test]
async fn nobody_listening_means_that_nothing_was_sent() {
    let mut url = nobody().await;
    url.set_query(Some("auth_token=s3cret"));
    let error = get(&url).await.unwrap_err();
    let host = format!("127.0.0.1:{}", url.port().unwrap());
    assert!(matches!(&error, Error::Connect { host: h, .. } if *h == host), "{error:?}");
    assert!(error.is_unsent());
    assert!(error.to_string().to_lowercase().contains("refused"), "{error}");
    assert!(!format!("{error} {error:?}").contains("s3cret"));
}

#[tokio::test]
async fn no_error_repeats_the_query() {
    for bytes in [&b"garbage"[..], b"", b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n"] {
        let (mut url, _) = raw(Some(bytes)).await;
        url.set_query(Some("auth_token=s3cret"));
        let error = get(&url).await.unwrap_err();
        assert!(!format!("{error} {error:?}").contains("s3cret"), "{error:?}");
    }
}

#[tokio::test]
async fn a_command_opens_a_connection_of_its_own() {
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
    let (url, connections) = raw(Some(answer)).await;
    let client = Client::for_command(&url, None, Duration::from_secs(10)).unwrap();
    for _ in 0..2 {
        client.exchange(client.post(url.clone())).await.unwrap();
    }
    assert_eq!(*connections.lock().unwrap(), 2);
}

#[test]
fn a_ca_file_that_cannot_be_used_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let url: Url = "https://127.0.0.1:1/".parse().unwrap();
    let build = |path: &std::path::Path| {
        Client::for_reading(&url, Some(path), Duration::from_secs(1), Clock::fixed(three()))
            .map(|_| ())
            .unwrap_err()
            .to_string()
    };
    let missing = dir.path().join("missing.pem");
    assert!(build(&missing).contains("missing.pem"), "{}", build(&missing));
    let empty = dir.path().join("empty.pem");
    std::fs::write(&empty, "no certificate in here").unwrap();
    assert!(build(&empty).contains("no PEM certificate"), "{}", build(&empty));
}

/// A file of `tests/certificates`.
fn authority(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests", "certificates", name].iter().collect()
}

#[tokio::test]
async fn a_certificate_that_is_not_accepted_is_said_to_be_the_trouble() {
    for (certificate, ca_file, says) in [
        ("good", "authority.pem", Ok(())),
        ("good", "other_authority.pem", Err(["that this machine does not know", "`ca_file`"])),
        ("expired", "authority.pem", Err(["expired on 2021-01-01", "a new one"])),
        ("future", "authority.pem", Err(["valid from 2110-01-01 on", "clock"])),
        ("other_name", "authority.pem", Err(["another name", "`url`"])),
    ] {
        let url = secure(certificate);
        let limit = Duration::from_secs(10);
        let client = Client::for_reading(&url, Some(&authority(ca_file)), limit, Clock::system());
        let client = client.unwrap();
        let answer = client.exchange(client.get(url.clone())).await;
        match (answer, says) {
            (Ok(answer), Ok(())) => assert_eq!(answer.body, b"{}"),
            (Err(error), Err(words)) => {
                let text = error.to_string();
                let host = format!("the certificate of 127.0.0.1:{} ", url.port().unwrap());
                assert!(text.starts_with(&host) && error.is_unsent(), "{text}");
                assert!(words.iter().all(|word| text.contains(word)), "{text}");
            }
            (answer, _) => panic!("{certificate}, {ca_file}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn a_name_that_does_not_resolve_is_said_to_be_the_trouble() {
    // Names under `.invalid` resolve nowhere, by their standard.
    let error = get(&"https://dialer.invalid/v1".parse().unwrap()).await.unwrap_err();
    let text = error.to_string();
    assert!(text.starts_with("the name `dialer.invalid` does not resolve: "), "{text}");
    assert!(error.is_unsent() && text.contains("(hint: "), "{text}");
}

#[tokio::test]
async fn a_secret_that_the_server_repeats_is_nowhere_in_the_answer() {
    let server = Server::start(|_| {
        Response::builder()
            .status(302)
            .header("location", "https://s3cret-key.example.com/")
            .header("set-cookie", "session=renewed-cookie; Path=/")
            .body(r#"{"error":"s3cret\u002dkey renewed\u002dcookie"}"#.to_owned())
            .unwrap()
    })
    .await;
    let client = client(&server.url).hiding(["S3cret-Key".into()]);
    let answer = client.exchange(client.get(server.url.clone())).await.unwrap();
    let body = String::from_utf8(answer.body).unwrap();
    assert_eq!(body, r#"{"error":"*************** *******************"}"#);
    assert_eq!(answer.redirect_host.as_deref(), Some("**********.example.com"));
}

#[tokio::test]
async fn what_was_once_sent_stays_hidden() {
    let server = Server::start(|_| "first-token second-token").await;
    let client = client(&server.url).hiding(["first-token".into()]).hiding(["second-token".into()]);
    let answer = client.exchange(client.get(server.url.clone())).await.unwrap();
    assert_eq!(answer.body, b"*********** ************");
}

#[tokio::test]
async fn an_exchange_through_which_the_machine_slept_says_nothing() {
    let server = Server::start(|_| "well").await;
    let looks = std::sync::atomic::AtomicI64::new(0);
    // It goes on while the machine sleeps: eight hours between sending and receiving.
    let clock = Clock::telling(move || {
        let hours = 8 * looks.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        three() + TimeDelta::hours(hours)
    });
    let limit = Duration::from_secs(10);
    let client = Client::for_reading(&server.url, None, limit, clock).unwrap();
    let answer = client.exchange(client.get(server.url.clone())).await;
    assert_eq!(answer.unwrap_err(), Error::Timeout(limit));
}
