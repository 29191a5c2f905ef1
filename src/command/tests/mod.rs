mod alert;
mod dispatch;

use reqwest::Url;

use super::{Account, Authority, Order, Outlet, Sender};
use crate::http::Secret;
use crate::http::scripted::{Server, json, nobody, raw};
use crate::model::{AgentKey, Answer, Attempt, Deed};
use crate::vendor::convoso::{self, Encoding};

fn attempt(source: &str, deed: Deed) -> Attempt {
    Attempt {
        deed,
        target: AgentKey::new(source.into(), "12345".into()),
        name: "Jane Smith".to_owned(),
        operator: "sam".to_owned(),
        host: "desk-7".to_owned(),
        reason: String::new(),
        state_before: String::new(),
        asked_at: "2026-03-01T15:00:00Z".parse().unwrap(),
    }
}

fn order(source: &str) -> Order {
    let authority = Authority::grant(false, false).unwrap();
    Order::new(&authority, attempt(source, Deed::LogOut))
}

fn sender(url: Url, auth_token: Secret) -> Sender {
    let account = Account::Convoso(convoso::Account { url, auth_token, encoding: Encoding::Form });
    Sender::new([("dialer".into(), Outlet { account, ca_file: None })])
}

async fn send(url: Url) -> Answer {
    sender(url, Secret::Plain("s3cret".into())).send(order("dialer")).await
}

#[test]
fn nobody_orders_anything_read_only_or_as_a_kiosk() {
    assert!(Authority::grant(false, false).is_some());
    assert!(Authority::grant(true, false).is_none());
    assert!(Authority::grant(false, true).is_none());
    assert!(Authority::grant(true, true).is_none());
}

#[tokio::test]
async fn a_logout_is_one_documented_request() {
    let server = Server::start(|_| json(200, r#"{"success": true}"#)).await;
    assert_eq!(send(server.url.clone()).await, Answer::Accepted);
    let seen = server.seen();
    assert_eq!(seen.len(), 1);
    assert_eq!(
        (seen[0].method.as_str(), seen[0].path.as_str()),
        ("POST", "/v1/agent-monitor/logout")
    );
    assert_eq!(
        (seen[0].query.as_str(), seen[0].body.as_str()),
        ("", "auth_token=s3cret&user_id=12345")
    );
}

#[tokio::test]
async fn whatever_is_answered_the_request_is_never_repeated() {
    for (status, body, expected) in [
        (200, r#"{"success":false,"code":6012,"text":"x"}"#, "NotLoggedIn(\"x (code 6012)\")"),
        (200, r#"{"success":false,"code":6006,"text":"x"}"#, "Refused(\"x (code 6006)\")"),
        (401, "", "Refused(\"HTTP 401 from the server\")"),
        (429, "", "NoAnswer(\"HTTP 429 from the server\")"),
        (307, "", "NoAnswer(\"HTTP 307 from the server\")"),
        (503, "", "NoAnswer(\"HTTP 503 from the server\")"),
        (200, "<html>", "NoAnswer(\"an HTML page instead of JSON (is the URL right?)\")"),
    ] {
        let server = Server::start(move |_| ([("location", "/again")], json(status, body))).await;
        assert_eq!(format!("{:?}", send(server.url.clone()).await), expected);
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_broken_connection_leaves_open_whether_it_was_done() {
    for bytes in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"succ"] {
        let (url, connections) = raw(Some(bytes)).await;
        let answer = send(url).await;
        assert!(matches!(&answer, Answer::NoAnswer(text) if text.contains("broke")), "{answer:?}");
        assert_eq!(*connections.lock().unwrap(), 1, "not tried again");
    }
}

#[tokio::test]
async fn what_was_not_sent_says_so() {
    let answer = send(nobody().await).await;
    let Answer::Refused(text) = answer else { panic!("{answer:?}") };
    assert!(text.starts_with("not sent: could not connect to 127.0.0.1:"), "{text}");

    let sender = sender(nobody().await, Secret::Env("FLOORWATCH_TEST_UNSET".to_owned()));
    let Answer::Refused(text) = sender.send(order("dialer")).await else { panic!() };
    assert!(text.starts_with("not sent: ") && text.contains("FLOORWATCH_TEST_UNSET"), "{text}");
    let Answer::Refused(text) = sender.send(order("wfm")).await else { panic!() };
    assert_eq!(text, "not sent: `wfm` takes no order to log out");
    assert!(sender.reaches(&"dialer".into()) && !sender.reaches(&"wfm".into()));
}
