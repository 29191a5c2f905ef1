use std::time::Duration;

use secrecy::SecretString;

use super::{Account, Encoding, LogSlice, LogoutAnswer, open, read_logout};
use crate::http::scripted::{answer, nobody};
use crate::http::{Client, Secret};
use crate::vendor::Class;

fn built(encoding: Encoding, url: reqwest::Url) -> (reqwest::Url, String, String) {
    let client = Client::for_command(&url, None, Duration::from_secs(1)).unwrap();
    let token = SecretString::from("t&ken");
    let account = Account { url, auth_token: Secret::Plain(token.clone()), encoding };
    let request = account.search(&client, &token, &[("queue_id", "2 2")]).build().unwrap();
    assert_eq!(request.method(), "POST");
    let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
    let kind = request.headers()["content-type"].to_str().unwrap().to_owned();
    (request.url().clone(), String::from_utf8(body.to_vec()).unwrap(), kind)
}

#[tokio::test]
async fn the_token_travels_where_the_config_says() {
    let base = nobody().await;
    let (url, body, kind) = built(Encoding::Form, base.clone());
    assert_eq!((url.path(), url.query()), ("/v1/agent-monitor/search", None));
    assert_eq!(body, "auth_token=t%26ken&queue_id=2+2");
    assert_eq!(kind, "application/x-www-form-urlencoded");
    let (url, body, _) = built(Encoding::Query, base.clone());
    assert_eq!((url.query(), body.as_str()), (Some("auth_token=t%26ken"), "queue_id=2+2"));
    let (url, body, kind) = built(Encoding::Json, base);
    assert_eq!((url.query(), kind.as_str()), (None, "application/json"));
    assert_eq!(body, r#"{"auth_token":"t&ken","queue_id":"2 2"}"#);
}

#[tokio::test]
async fn a_part_of_the_log_is_always_asked_for_with_both_of_its_ends() {
    let base = nobody().await;
    let client = Client::for_command(&base, None, Duration::from_secs(1)).unwrap();
    let token = SecretString::from("t&ken");
    let day = |text: &str| text.parse().unwrap();
    let slice = LogSlice {
        from: day("2026-03-01"),
        to: day("2026-03-02"),
        campaign_id: Some("111".to_owned()),
        agent_emails: vec!["a+b@example.com".to_owned(), "c@example.com".to_owned()],
        offset: 2000,
        limit: 5000,
    };
    let sent = |encoding, slice: &LogSlice| {
        let auth_token = Secret::Plain(token.clone());
        let account = Account { url: base.clone(), auth_token, encoding };
        let request = account.log(&client, &token, slice).build().unwrap();
        assert_eq!(
            (request.method().as_str(), request.url().path()),
            ("POST", "/v1/agent-productivity/search")
        );
        let body = request.body().unwrap().as_bytes().unwrap().to_vec();
        (request.url().query().map(str::to_owned), String::from_utf8(body).unwrap())
    };
    let rest = "date_start=2026-03-01&date_end=2026-03-02&offset=2000&limit=1000&campaign_id=111\
        &agent_emails=a%2Bb%40example.com%2Cc%40example.com";
    let form = sent(Encoding::Form, &slice);
    assert_eq!(form, (None, format!("auth_token=t%26ken&{rest}")));
    let query = sent(Encoding::Query, &slice);
    assert_eq!(query, (Some("auth_token=t%26ken".to_owned()), rest.to_owned()));
    let least =
        LogSlice { campaign_id: None, agent_emails: Vec::new(), limit: 0, offset: 0, ..slice };
    let (query, body) = sent(Encoding::Json, &least);
    let body: serde_json::Value = serde_json::from_str(&body).unwrap();
    let expected = serde_json::json!({"auth_token": "t&ken", "date_start": "2026-03-01",
        "date_end": "2026-03-02", "offset": 0, "limit": 1});
    assert_eq!((query, body), (None, expected));
}

#[test]
fn a_wrong_token_is_told_by_its_words_whatever_the_status() {
    let body = r#"{"success":false,"error":"Invalid authentication token"}"#;
    for status in [200, 400, 401, 422] {
        assert_eq!(open(&answer(status, body)).unwrap_err().class, Class::Denied, "{status}");
    }
    assert_eq!(open(&answer(403, body)).unwrap_err().class, Class::NotEntitled);
}

#[test]
fn a_trailing_slash_of_the_url_does_not_double() {
    let base: reqwest::Url = "http://127.0.0.1:1/v1/".parse().unwrap();
    assert_eq!(built(Encoding::Form, base).0.path(), "/v1/agent-monitor/search");
}

#[test]
fn every_way_to_report_a_failure_is_understood() {
    for (body, class, text) in [
        (
            r#"{"success": false, "error": "Invalid authentication token"}"#,
            Class::Denied,
            "Invalid authentication token",
        ),
        (
            r#"{"success":false,"code":6006,"text":"No such User"}"#,
            Class::Rejected,
            "No such User (code 6006)",
        ),
        (
            r#"{"code":"6026","text":"Invalid campaign"}"#,
            Class::Rejected,
            "Invalid campaign (code 6026)",
        ),
        (r#"{"success":"false","message":"Try later"}"#, Class::Transient, "Try later"),
        (r#"{"error":"Queue not found"}"#, Class::Rejected, "Queue not found"),
        (
            r#"{"success":true,"data":{"entries":{"success":false,"code":429,"text":"Slow down"}}}"#,
            Class::Transient,
            "Slow down (code 429)",
        ),
        (
            r#"{"success":true,"data":{"success":false}}"#,
            Class::Transient,
            "the server reports a failure and no reason",
        ),
        (
            "<!DOCTYPE html><html></html>",
            Class::Garbled,
            "an HTML page instead of JSON (is the URL right?)",
        ),
        ("", Class::Garbled, "an empty answer"),
        (" \n", Class::Garbled, "an empty answer"),
        (r#"{"agents":[{"user_id":"1""#, Class::Garbled, "truncated JSON at byte 25"),
        ("oops", Class::Garbled, "the answer is not JSON at byte 1: expected value"),
    ] {
        let trouble = open(&answer(200, body)).unwrap_err();
        assert_eq!((trouble.class, trouble.text.as_str()), (class, text), "{body}");
    }
}

#[test]
fn what_is_no_text_at_all_is_named_by_its_byte() {
    let trouble = open(&answer(200, b"{\"a\":\"\xff\xfe\xfd\xfc\"}")).unwrap_err();
    assert_eq!(trouble.text, "the answer is not valid UTF-8 at byte 6");
}

#[test]
fn a_byte_order_mark_is_no_obstacle() {
    let bytes = b"\xef\xbb\xbf{\"agents\":[]}";
    assert_eq!(open(&answer(200, bytes)).unwrap().layers, [r#"{"agents":[]}"#]);
}

#[test]
fn json_declared_as_html_is_json() {
    let mut php = answer(200, r#"{"agents":[]}"#);
    php.content_type = Some("text/html".to_owned());
    assert!(open(&php).is_ok());
}

#[test]
fn the_status_decides_where_it_is_no_success() {
    for (status, body, class, text) in [
        (401, "{}", Class::Denied, "HTTP 401 from the server: the auth token is missing or wrong"),
        (
            403,
            "",
            Class::NotEntitled,
            "HTTP 403 from the server: the token may not be used for this",
        ),
        (404, "<html>", Class::Rejected, "HTTP 404 from the server (is the URL right?)"),
        (
            400,
            r#"{"success":false,"code":6041,"text":"Invalid queue ID"}"#,
            Class::Rejected,
            "HTTP 400 from the server: Invalid queue ID (code 6041)",
        ),
        (429, "", Class::Transient, "HTTP 429 from the server"),
        (501, "", Class::Rejected, "HTTP 501 from the server"),
        (503, "<html>", Class::Transient, "HTTP 503 from the server"),
        (500, r#"{"agents":[]}"#, Class::Transient, "HTTP 500 from the server"),
    ] {
        let trouble = open(&answer(status, body)).unwrap_err();
        assert_eq!((trouble.class, trouble.text.as_str()), (class, text));
    }
}

#[test]
fn a_failures_text_is_harmless() {
    let body = r#"{"success":false,"error":"\u001b[2Jgone\u202e"}"#;
    assert_eq!(open(&answer(200, body)).unwrap_err().text, "gone");
}

#[test]
fn a_logouts_answer_is_read_with_care() {
    let unclear = |text: &str| LogoutAnswer::Unclear(text.to_owned());
    let refused = |text: &str| LogoutAnswer::Refused(text.to_owned());
    for (status, body, expected) in [
        (200, r#"{"success": true}"#, LogoutAnswer::Done),
        (200, r#"{"success":true,"data":{"entries":[]}}"#, LogoutAnswer::Done),
        (
            200,
            r#"{"success":false,"code":"6012","text":"Required fields are missing"}"#,
            LogoutAnswer::NotLoggedIn("Required fields are missing (code 6012)".to_owned()),
        ),
        (
            400,
            r#"{"code":6012,"text":"User is not logged in"}"#,
            LogoutAnswer::NotLoggedIn("User is not logged in (code 6012)".to_owned()),
        ),
        (
            200,
            r#"{"success":false,"code":6006,"text":"No such User"}"#,
            refused("No such User (code 6006)"),
        ),
        (200, r#"{"success":true,"data":{"success":false,"error":"No"}}"#, refused("No")),
        (401, "", refused("HTTP 401 from the server")),
        (404, "<html>", refused("HTTP 404 from the server")),
        (200, "<html>", unclear("an HTML page instead of JSON (is the URL right?)")),
        (200, "", unclear("an empty answer")),
        (200, "{}", unclear("the answer says neither success nor failure")),
        (200, r#"{"message":"ok"}"#, unclear("the answer says neither success nor failure")),
        (200, r#"{"success":tr"#, unclear("truncated JSON at byte 13")),
        (302, "", unclear("HTTP 302 from the server")),
        (408, "", unclear("HTTP 408 from the server")),
        (421, "", unclear("HTTP 421 from the server")),
        (425, r#"{"success":false}"#, unclear("HTTP 425 from the server")),
        (429, r#"{"success":true}"#, unclear("HTTP 429 from the server")),
        (
            200,
            r#"{"success":false,"code":429,"text":"Slow down"}"#,
            unclear("Slow down (code 429)"),
        ),
        (200, r#"{"success":false,"code":"425","text":"x"}"#, unclear("x (code 425)")),
        (200, r#"{"success":false,"code":504,"text":"x"}"#, unclear("x (code 504)")),
        (500, r#"{"success":false,"code":6006,"text":"x"}"#, unclear("HTTP 500 from the server")),
        (
            400,
            r#"{"success":true}"#,
            unclear("HTTP 400 from the server, but its body says success"),
        ),
    ] {
        assert_eq!(read_logout(&answer(status, body)), expected, "{status} {body}");
    }
}
