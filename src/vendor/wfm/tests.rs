use chrono::TimeDelta;
use secrecy::SecretString;

use super::*;
use crate::http::Cookie;
use crate::http::scripted::{answer, three};

fn session(cookie: &str) -> Session {
    Session::new(&SecretString::from(cookie))
}

fn set(cookies: &[(&str, &str)]) -> Vec<Cookie> {
    let cookie =
        |(name, value): &(&str, &str)| Cookie { name: (*name).to_owned(), value: (*value).into() };
    cookies.iter().map(cookie).collect()
}

/// What the session sends after the server has set `cookies`.
fn renewed(before: &str, cookies: &[(&str, &str)]) -> String {
    let mut session = session(before);
    session.renew(&set(cookies));
    session.header().unwrap().to_str().unwrap().to_owned()
}

#[test]
fn a_session_takes_over_its_own_cookies_and_no_others() {
    let cookies = [("session", "new"), ("tracker", "x"), ("session-2", "y"), ("session.x", "z")];
    assert_eq!(renewed("session=old; other=1", &cookies), "session=new; other=1");
}

#[test]
fn a_token_that_outgrows_its_cookie_goes_on_in_pieces_and_back() {
    let grown = [("a.token", ""), ("a.token.0", "x"), ("a.token.1", "y"), ("tracker.0", "z")];
    assert_eq!(renewed("b=1; a.token=w; c=2", &grown), "b=1; a.token.0=x; a.token.1=y; c=2");
    let emptied_last = [("token.1", "y"), ("token.0", "x"), ("token", "")];
    assert_eq!(renewed("token=w", &emptied_last), "token.0=x; token.1=y");
    // The server need not empty what it no longer uses.
    assert_eq!(renewed("token=w", &[("token.0", "x"), ("token.1", "y")]), "token.0=x; token.1=y");
    let collapsed = [("token.0", ""), ("token.1", ""), ("token", "w")];
    assert_eq!(renewed("token.0=x; token.1=y", &collapsed), "token=w");
    assert_eq!(renewed("token.0=x; token.1=y", &[("token", "w")]), "token=w");
    let shrunk = [("token.0", "X"), ("token.1", "Y"), ("token.2", "")];
    assert_eq!(renewed("token.0=x; token.1=y; token.2=z", &shrunk), "token.0=X; token.1=Y");
    let many: Vec<(String, String)> = (0..11).map(|n| (format!("t.{n}"), n.to_string())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert!(renewed("t=w", &many).ends_with("t.9=9; t.10=10"), "in the order of their numbers");
}

#[test]
fn a_session_that_is_emptied_stays_as_it_was() {
    assert_eq!(renewed("token=w; b=1", &[("token", "")]), "token=w; b=1");
    assert_eq!(renewed("t.0=x; t.1=y", &[("t.0", ""), ("t.1", ""), ("t", "")]), "t.0=x; t.1=y");
}

/// What the next request sends.
fn cookies(shared: &SharedSession) -> String {
    shared.usable().unwrap().header().unwrap().to_str().unwrap().to_owned()
}

fn setting(status: u16, token: &str) -> Answer {
    Answer { cookies: set(&[("token", token)]), ..answer(status, "{}") }
}

#[test]
fn two_refused_requests_speak_for_all_until_the_session_is_opened_anew() {
    let shared = SharedSession::default();
    assert_eq!(shared.usable().unwrap_err().class, Class::Transient);
    let secret = Secret::Plain("token=w".into());
    shared.open(&secret).unwrap();
    let first = shared.usable().unwrap();
    shared.hear(&first, &setting(403, "next"));
    assert_eq!(cookies(&shared), "token=next", "what one role may not read is no end of it");
    shared.hear(&first, &answer(401, ""));
    assert_eq!(cookies(&shared), "token=next", "one odd answer is no end of it either");
    shared.hear(&first, &answer(401, ""));
    let trouble = shared.usable().unwrap_err();
    assert_eq!(trouble.class, Class::Denied);
    assert!(trouble.text.starts_with("session expired, "), "{trouble}");

    shared.open(&secret).unwrap();
    shared.hear(&first, &answer(401, ""));
    shared.hear(&first, &setting(200, "late"));
    assert_eq!(cookies(&shared), "token=w", "late answers to the first are not its own");
    let second = shared.usable().unwrap();
    shared.hear(&second, &setting(200, "late"));
    shared.open(&secret).unwrap();
    assert_eq!(cookies(&shared), "token=late");
}

#[test]
fn a_refused_session_is_tried_again_as_it_was_read_and_as_it_was_renewed_in_turn() {
    let shared = SharedSession::default();
    let secret = Secret::Plain("token=read".into());
    shared.open(&secret).unwrap();
    shared.hear(&shared.usable().unwrap(), &setting(200, "renewed"));
    shared.hear(&shared.usable().unwrap(), &answer(401, ""));
    for expected in ["token=renewed", "token=read", "token=renewed", "token=read"] {
        shared.open(&secret).unwrap();
        assert_eq!(cookies(&shared), expected);
        shared.hear(&shared.usable().unwrap(), &answer(302, ""));
        assert!(shared.usable().is_err(), "then one refusal is enough");
    }
    shared.open(&Secret::Plain("token=another".into())).unwrap();
    assert_eq!(cookies(&shared), "token=another");
}

fn changed(text: &str) -> AlertFields {
    match read_update(&answer(200, text)) {
        UpdateAnswer::Changed(fields) => fields,
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_documented_answer_to_a_change_is_read() {
    let fields = changed(
        r#"{"success":true,"alert":{"id":"uuid","status":"acknowledged",
           "acknowledgedAt":"2026-03-01T14:55:00Z","notes":"Agent was on approved break extension"}}"#,
    );
    let expected = AlertFields {
        id: Some("uuid".into()),
        status: Some("acknowledged".into()),
        acknowledged_at: Some(three() - TimeDelta::minutes(5)),
        resolved_at: None,
        notes: Some("Agent was on approved break extension".into()),
    };
    assert_eq!(fields, expected);
}

#[test]
fn a_success_may_say_little() {
    assert_eq!(changed(r#"{"success":true}"#), AlertFields::default());
    assert_eq!(changed(r#"{"success":"true","alert":null}"#), AlertFields::default());
    let bare =
        changed(r#"{"id":7,"status":"resolved","resolvedAt":"soon","notes":"a\u001b[31mb"}"#);
    let (id, status) = (Some("7".to_owned()), Some("resolved".to_owned()));
    let notes = Some("ab".to_owned());
    assert_eq!(bare, AlertFields { id, status, notes, ..AlertFields::default() });
    let wrapped = changed(r#"{"data":{"alert":{"status":"resolved"}}}"#);
    assert_eq!(wrapped.status.as_deref(), Some("resolved"));
}

#[test]
fn a_refusal_names_its_cause() {
    for (status, body, text) in [
        (200, r#"{"success":false,"error":"already resolved"}"#, "already resolved"),
        (200, r#"{"success":false}"#, "the WFM says that it was not done"),
        (400, r#"{"error":"action"}"#, "HTTP 400 from the server: action"),
        (
            401,
            "",
            "session expired, renew the session cookie, then read now (HTTP 401 from the server)",
        ),
        (403, r#"{"error":"insufficient"}"#, "HTTP 403 from the server: insufficient"),
        (404, "<html>", "HTTP 404 from the server (the WFM does not know this alert)"),
        (
            409,
            r#"{"error":"conflict"}"#,
            "HTTP 409 from the server: conflict (somebody else has changed the alert meanwhile)",
        ),
        (422, r#"{"message":"too long"}"#, "HTTP 422 from the server: too long"),
    ] {
        let read = read_update(&answer(status, body));
        assert_eq!(read, UpdateAnswer::Refused(text.to_owned()), "{status} {body}");
    }
}

#[test]
fn what_may_have_been_done_all_the_same_is_unclear() {
    for (status, body) in [
        (200, ""),
        (204, ""),
        (200, "{}"),
        (200, "[]"),
        (200, r#"{"success":tr"#),
        (200, r#"{"alert":{"id":"7"}}"#),
        (200, "<!DOCTYPE html><title>Log in</title>"),
        (302, ""),
        (307, ""),
        (408, ""),
        (421, ""),
        (425, ""),
        (429, r#"{"success":false}"#),
        (500, r#"{"error":"boom"}"#),
        (503, r#"{"success":false}"#),
    ] {
        let read = read_update(&answer(status, body));
        assert!(matches!(read, UpdateAnswer::Unclear(_)), "{status} {body}: {read:?}");
    }
}

#[test]
fn an_id_that_would_lead_elsewhere_is_none() {
    for id in ["", ".", "..", "a\u{1b}[2Jb", " a"] {
        assert!(!is_alert_id(id), "{id:?}");
    }
    for (id, path) in [
        ("b1c/../x", "/api/adherence/alerts/b1c%2F..%2Fx"),
        ("%2e%2e", "/api/adherence/alerts/%252e%252e"),
        ("a?status=x#y", "/api/adherence/alerts/a%3Fstatus=x%23y"),
    ] {
        assert!(is_alert_id(id), "{id}");
        let base: Url = "https://wfm.example.com".parse().unwrap();
        assert_eq!(under(&base, &["api", "adherence", "alerts", id]).path(), path);
    }
}
