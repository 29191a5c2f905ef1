use super::*;

async fn spoilt(floor: &Floor, fault: Fault) -> reqwest::Response {
    floor.running.faults().set(Target::Wfm, fault);
    floor.wfm("/api/adherence/states").send().await.unwrap()
}

#[tokio::test]
async fn statuses_and_pages_stand_in_place_of_the_answer() {
    let floor = Floor::open().await;
    let busy = spoilt(&floor, Fault::Status { code: 429, retry_after: Some(7) }).await;
    assert_eq!(
        (busy.status().as_u16(), &busy.headers()["retry-after"]),
        (429, &"7".parse().unwrap())
    );
    assert_eq!(spoilt(&floor, Fault::Forbidden).await.status(), 403);
    let redirect = spoilt(&floor, Fault::RedirectToLogin).await;
    assert_eq!(redirect.status(), 302);
    assert!(redirect.headers()["location"].to_str().unwrap().starts_with("/login"));
    let page = spoilt(&floor, Fault::Html).await;
    assert_eq!(page.status(), 200);
    assert!(page.text().await.unwrap().starts_with("<!DOCTYPE html>"));
    assert_eq!(spoilt(&floor, Fault::Empty).await.text().await.unwrap(), "");
    floor.running.faults().clear();
    json(floor.wfm("/api/adherence/states")).await;
}

#[tokio::test]
async fn bodies_are_spoilt() {
    let floor = Floor::open().await;
    assert!(spoilt(&floor, Fault::Truncated).await.json::<Value>().await.is_err());
    assert!(spoilt(&floor, Fault::Disconnect).await.bytes().await.is_err());
    let bytes = spoilt(&floor, Fault::InvalidUtf8).await.bytes().await.unwrap();
    assert!(std::str::from_utf8(&bytes).is_err());
    let wrong: Value = spoilt(&floor, Fault::WrongTypes).await.json().await.unwrap();
    assert!(wrong["states"].is_number());
    let mut flood = spoilt(&floor, Fault::Oversize).await;
    assert_eq!(flood.content_length(), None);
    let mut received = 0;
    while let Some(chunk) = flood.chunk().await.unwrap() {
        received += chunk.len();
    }
    assert!(received > 40 << 20);
}

#[tokio::test]
async fn lists_are_shortened_with_and_without_their_count() {
    let floor = Floor::open().await;
    let lengths = async |fault: Fault| {
        floor.running.faults().set(Target::Convoso, fault);
        let answer = json(floor.search(&[])).await;
        (answer["agents"].as_array().unwrap().len(), answer["agent_total"].as_u64().unwrap())
    };
    let (all, _) = lengths(Fault::None).await;
    assert_eq!(lengths(Fault::EmptyList).await, (0, 0));
    assert_eq!(lengths(Fault::PartialList).await, (all.div_ceil(2), all as u64));
    let (left, counted) = lengths(Fault::HalfGone).await;
    assert!(left * 2 < all && counted == left as u64);
}

#[tokio::test]
async fn a_fault_stays_with_its_target() {
    let floor = Floor::open().await;
    let faults = floor.running.faults();
    faults.set(Target::ConvosoScoped, Fault::SuccessFalse { text: "Database is away".into() });
    faults.set(Target::CxEngage, Fault::CodeText { code: 7231, text: "General".into() });
    assert!(json(floor.search(&[])).await["agents"].is_array());
    let scoped = json(floor.search(&[("queue_id", "222")])).await;
    assert_eq!(scoped, serde_json::json!({"success": false, "error": "Database is away"}));
    assert_eq!(json(floor.cx("")).await["code"], 7231);
    let requests = floor.running.truth().requests;
    assert_eq!((requests[&Target::Convoso], requests[&Target::ConvosoScoped]), (1, 1));
}

#[tokio::test]
async fn faults_are_switched_over_http() {
    let floor = Floor::open().await;
    for (text, status) in [
        (r#"{"target": "wfm", "fault": "status", "code": 503}"#, 503),
        (r#"{"target": "wfm", "fault": "forbidden"}"#, 403),
        (r#"{"target": "wfm", "fault": "none"}"#, 200),
    ] {
        let body: Value = serde_json::from_str(text).unwrap();
        let switch = floor.request(Method::POST, "/simulator/faults").json(&body);
        assert_eq!(switch.send().await.unwrap().status(), 204);
        let response = floor.wfm("/api/adherence/states").send().await.unwrap();
        assert_eq!(response.status(), status);
    }
    let unknown = floor.request(Method::POST, "/simulator/faults");
    let unknown = unknown.json(&serde_json::json!({"target": "wfm", "fault": "fire"}));
    assert_eq!(unknown.send().await.unwrap().status(), 422);
}

#[tokio::test]
async fn evil_names_are_served_by_every_source() {
    let floor = Floor::open().await;
    for target in [Target::Convoso, Target::CxEngage, Target::Wfm] {
        floor.running.faults().set(target, Fault::EvilNames);
    }
    let start = (noon() - TimeDelta::minutes(9)).to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for request in
        [floor.search(&[]), floor.cx(&format!("start={start}")), floor.wfm("/api/adherence/states")]
    {
        assert!(json(request).await.to_string().contains("Evil"));
    }
}

#[tokio::test]
async fn a_logout_may_lie_or_never_answer() {
    let floor = Floor::open().await;
    let truth = floor.running.truth();
    let person = truth.people.iter().find(|p| p.convoso.as_ref().is_some_and(|c| c.logged_in));
    let person = person.unwrap();
    let user_id = person.convoso_user_id.as_deref().unwrap();
    let logged_in = || {
        let truth = floor.running.truth();
        truth.person(&person.person).unwrap().convoso.as_ref().unwrap().logged_in
    };
    floor.running.faults().set(Target::ConvosoLogout, Fault::LogoutLies);
    assert_eq!(json(floor.logout(user_id)).await["success"], true);
    assert!(logged_in());
    floor.running.faults().set(Target::ConvosoLogout, Fault::Logout6012);
    assert_eq!(json(floor.logout(user_id)).await["code"], 6012);
    assert!(logged_in());
    floor.running.faults().set(Target::ConvosoLogout, Fault::LogoutTimesOut);
    let unanswered = tokio::spawn(floor.logout(user_id).send());
    while logged_in() {
        tokio::task::yield_now().await;
    }
    assert!(!unanswered.is_finished());
    assert_eq!(floor.running.truth().logouts[user_id], 3);
}
