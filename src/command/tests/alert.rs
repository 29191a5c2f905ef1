//! Changes of alerts, over HTTP.

use axum::response::{IntoResponse, Response};

use super::*;
use crate::http::scripted::Seen;
use crate::model::{AlertPatch, AlertStatus};
use crate::vendor::wfm;

const DONE: &str = r#"{"success":true,"alert":{"id":"a-1","status":"acknowledged",
    "acknowledgedAt":"2026-01-29T08:20:00Z","notes":"approved"}}"#;

fn account(mut url: Url) -> wfm::Account {
    url.set_path("");
    let session_cookie = Secret::Plain("session=first".into());
    wfm::Account { url, session_cookie, session: wfm::SharedSession::default() }
}

fn through(account: &wfm::Account) -> Sender {
    let account = Account::Wfm(account.clone());
    Sender::new([("wfm".into(), Outlet { account, ca_file: None })])
}

fn change(deed: Deed, notes: &str) -> Order {
    let authority = Authority::grant(false, false).unwrap();
    Order::new(&authority, Attempt { reason: notes.to_owned(), ..attempt("wfm", deed) })
}

fn acknowledge(id: &str) -> Order {
    change(Deed::Acknowledge(id.into()), "")
}

fn cookie(seen: &Seen) -> &str {
    seen.headers["cookie"].to_str().unwrap()
}

fn renewing(response: Response) -> Response {
    ([("set-cookie", "session=second; Path=/; HttpOnly")], response).into_response()
}

#[tokio::test]
async fn a_change_is_one_documented_request_and_its_partial_answer_a_patch() {
    let server = Server::start(|_| json(200, DONE)).await;
    let sender = through(&account(server.url.clone()));
    let order = change(Deed::Acknowledge("a-1".into()), "Agent was on \"break\"");
    let Answer::Changed(patch) = sender.send(order).await else { panic!() };
    assert_eq!(
        *patch,
        AlertPatch {
            status: Some(AlertStatus::Acknowledged),
            acknowledged_at: Some("2026-01-29T08:20:00Z".parse().unwrap()),
            resolved_at: None,
            notes: Some("approved".to_owned()),
        }
    );
    sender.send(change(Deed::Resolve("a-1".into()), "")).await;
    let seen = server.seen();
    assert_eq!(seen.len(), 2);
    let (method, path) = (seen[0].method.as_str(), seen[0].path.as_str());
    assert_eq!(
        (method, path, cookie(&seen[0])),
        ("PATCH", "/api/adherence/alerts/a-1", "session=first")
    );
    let notes = r#"{"action":"acknowledge","notes":"Agent was on \"break\""}"#;
    assert_eq!((seen[0].body.as_str(), seen[1].body.as_str()), (notes, r#"{"action":"resolve"}"#));
}

#[tokio::test]
async fn whatever_is_answered_a_change_is_never_repeated() {
    for (status, body, expected) in [
        (200, r#"{"success":false,"error":"already resolved"}"#, "Refused(\"already resolved\")"),
        (404, "", "Refused(\"HTTP 404 from the server (the WFM does not know this alert)\")"),
        (429, "", "NoAnswer(\"HTTP 429 from the server\")"),
        (500, "", "NoAnswer(\"HTTP 500 from the server\")"),
        (503, "", "NoAnswer(\"HTTP 503 from the server\")"),
        (307, "", "NoAnswer(\"HTTP 307 from the server, a redirect (has the session expired?)\")"),
        (
            200,
            r#"{"success":true,"alert":{"id":"b"}}"#,
            "NoAnswer(\"the answer is about another alert\")",
        ),
    ] {
        let server = Server::start(move |_| ([("location", "/again")], json(status, body))).await;
        let answer = through(&account(server.url.clone())).send(acknowledge("a-1")).await;
        assert_eq!((format!("{answer:?}").as_str(), server.seen().len()), (expected, 1));
    }
}

#[tokio::test]
async fn a_broken_connection_leaves_open_whether_it_was_changed() {
    let (url, connections) = raw(Some(b"")).await;
    let answer = through(&account(url)).send(acknowledge("a-1")).await;
    assert!(matches!(&answer, Answer::NoAnswer(text) if text.contains("broke")), "{answer:?}");
    assert_eq!(*connections.lock().unwrap(), 1);
}

#[tokio::test]
async fn a_renewed_cookie_is_used_by_the_next_request_of_whoever_shares_the_session() {
    let server = Server::start(|_| renewing(json(200, DONE))).await;
    let account = account(server.url.clone());
    account.session.open(&account.session_cookie).unwrap();
    through(&account).send(acknowledge("a-1")).await;
    through(&account).send(acknowledge("a-1")).await;
    let seen = server.seen();
    assert_eq!((cookie(&seen[0]), cookie(&seen[1])), ("session=first", "session=second"));
    assert_eq!(format!("{:?}", account.session.usable().unwrap().values().len()), "1");
}

#[tokio::test]
async fn a_session_that_was_refused_is_not_tried_again_until_it_is_opened_anew() {
    let server = Server::start(|_| json(401, "")).await;
    let account = account(server.url.clone());
    let sender = through(&account);
    for _ in 0..2 {
        assert!(
            account.session.usable().is_ok() || server.seen().is_empty(),
            "once is not for good"
        );
        let first = sender.send(acknowledge("a-1")).await;
        assert!(matches!(&first, Answer::Refused(text) if text.starts_with("session expired")));
    }
    assert!(account.session.usable().is_err(), "the readings hear of it");
    let third = sender.send(acknowledge("a-2")).await;
    let Answer::Refused(text) = third else { panic!("{third:?}") };
    assert!(text.starts_with("not sent: session expired"), "{text}");
    assert_eq!(server.seen().len(), 2);
    account.session.open(&account.session_cookie).unwrap();
    sender.send(acknowledge("a-2")).await;
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn an_answer_from_which_nobody_can_tell_does_not_end_the_session() {
    for (status, body) in [(303, ""), (200, "<html><title>Alerts</title></html>")] {
        let server = Server::start(move |_| ([("location", "/")], json(status, body))).await;
        let account = account(server.url.clone());
        let answer = through(&account).send(acknowledge("a-1")).await;
        assert!(matches!(&answer, Answer::NoAnswer(_)), "{answer:?}");
        assert!(account.session.usable().is_ok(), "{status}: the readings go on");
    }
}

#[tokio::test]
async fn an_order_goes_only_where_it_is_taken() {
    let server = Server::start(|_| json(200, DONE)).await;
    let account = account(server.url.clone());
    let logout = through(&account).send(super::order("wfm")).await;
    assert_eq!(logout, Answer::Refused("not sent: `wfm` takes no order to log out".to_owned()));
    let dialer = sender(server.url.clone(), Secret::Plain("s3cret".into()));
    let authority = Authority::grant(false, false).unwrap();
    let order = Order::new(&authority, attempt("dialer", Deed::Resolve("a-1".into())));
    let refused = Answer::Refused("not sent: `dialer` takes no order to resolve".to_owned());
    assert_eq!(dialer.send(order).await, refused);
    let nameless = through(&account).send(acknowledge("..")).await;
    assert_eq!(nameless, Answer::Refused("not sent: no request can name this alert".to_owned()));
    assert!(server.seen().is_empty());
}

#[tokio::test]
async fn no_cookie_is_in_what_an_error_says() {
    let server = Server::start(|_| json(400, r#"{"error":"bad s3cret-cookie"}"#)).await;
    let secret = Secret::Plain("session=s3cret-cookie".into());
    let account = wfm::Account { session_cookie: secret, ..account(server.url.clone()) };
    let answer = through(&account).send(acknowledge("a-1")).await;
    let Answer::Refused(text) = answer else { panic!("{answer:?}") };
    assert!(!text.contains("s3cret") && text.contains("bad"), "{text}");
}
