use super::*;

const LIST: &str = "/api/adherence/alerts";

async fn list(floor: &Floor, query: &str) -> Vec<Value> {
    let answer = json(floor.wfm(&format!("{LIST}?{query}"))).await;
    answer["alerts"].as_array().unwrap().clone()
}

fn id(alert: &Value) -> String {
    alert["id"].as_str().unwrap().to_owned()
}

async fn first(floor: &Floor) -> String {
    id(&list(floor, "status=active").await[0])
}

async fn one(floor: &Floor, id: &str) -> Value {
    json(floor.wfm(&format!("{LIST}/{id}"))).await["alert"].clone()
}

fn patch(floor: &Floor, id: &str, body: &Value) -> RequestBuilder {
    floor.wfm_with(Method::PATCH, &format!("{LIST}/{id}")).json(body)
}

fn action(action: &str) -> Value {
    serde_json::json!({"action": action})
}

async fn status(request: RequestBuilder) -> u16 {
    request.send().await.unwrap().status().as_u16()
}

fn truly(floor: &Floor, id: &str) -> AlertTruth {
    floor.running.truth().alerts.into_iter().find(|a| a.id == id).unwrap()
}

#[tokio::test]
async fn the_mishaps_have_alerts_in_the_documents_shape() {
    let floor = Floor::open().await;
    let active = list(&floor, "status=active").await;
    let types: Vec<_> = active.iter().map(|a| a["type"].as_str().unwrap()).collect();
    for kind in ["extended_break", "early_leave", "wrong_state"] {
        assert!(types.contains(&kind), "{types:?}");
    }
    let fields: Vec<_> = active[0].as_object().unwrap().keys().map(String::as_str).collect();
    let documented =
        "acknowledgedAt createdAt employeeId employeeName id message resolvedAt status type";
    assert_eq!(fields.join(" "), documented);
    let truth = floor.running.truth();
    let truly: Vec<_> = truth.alerts.iter().filter(|a| a.status == "active").collect();
    assert_eq!(
        active.iter().map(id).collect::<Vec<_>>(),
        truly.iter().map(|a| a.id.clone()).collect::<Vec<_>>()
    );
    for (alert, truly) in active.iter().zip(truly) {
        let person = truth.person(&truly.person).unwrap();
        assert_eq!(alert["employeeId"].as_str(), person.wfm_employee_id.as_deref());
        assert_eq!(alert["employeeName"], person.name);
        assert_eq!(alert["type"], truly.kind);
        assert!(!person.adherent && truly.created_at <= noon());
    }
}

#[tokio::test]
async fn fifty_are_listed_where_nobody_says_how_many_and_the_newest_first() {
    let floor = Floor::with(|o| o.agents = 600).await;
    let usual = list(&floor, "").await;
    assert_eq!(usual.len(), 50);
    let all = list(&floor, "limit=100000").await;
    assert_eq!(all.len(), floor.running.truth().alerts.len());
    assert_eq!(usual, all[..50]);
    let created = |alert: &Value| alert["createdAt"].as_str().unwrap().to_owned();
    assert!(all.is_sorted_by(|a, b| created(a) >= created(b)));
    let mut sum = 0;
    for word in ["active", "acknowledged", "resolved"] {
        let part = list(&floor, &format!("limit=100000&status={word}")).await;
        assert!(part.iter().all(|a| a["status"] == word));
        sum += part.len();
    }
    assert_eq!(sum, all.len());
    assert_eq!(status(floor.wfm(&format!("{LIST}?status=open"))).await, 400);
}

#[tokio::test]
async fn an_alert_is_acknowledged_and_then_resolved_and_each_answer_is_partial() {
    let floor = Floor::open().await;
    let id = first(&floor).await;
    floor.pass(TimeDelta::seconds(10));
    let body = serde_json::json!({"action": "acknowledge", "notes": "I know \"why\""});
    let now = "2026-03-02T18:00:10.250Z";
    let answer = json(patch(&floor, &id, &body)).await;
    let want = serde_json::json!({"success": true, "alert": {
        "id": id, "status": "acknowledged", "acknowledgedAt": now, "notes": "I know \"why\"",
    }});
    assert_eq!(answer, want);
    let alert = one(&floor, &id).await;
    assert_eq!((&alert["status"], &alert["acknowledgedAt"]), (&"acknowledged".into(), &now.into()));
    assert_eq!(alert["notes"], "I know \"why\"");
    assert!(list(&floor, "status=active").await.iter().all(|a| a["id"] != *id));
    assert_eq!(status(patch(&floor, &id, &action("acknowledge"))).await, 409);

    floor.pass(TimeDelta::seconds(10));
    let now = "2026-03-02T18:00:20.250Z";
    let answer = json(patch(&floor, &id, &action("resolve"))).await;
    let want = serde_json::json!({"success": true, "alert": {
        "id": id, "status": "resolved", "resolvedAt": now, "notes": "I know \"why\"",
    }});
    assert_eq!(answer, want);
    for again in ["acknowledge", "resolve"] {
        assert_eq!(status(patch(&floor, &id, &action(again))).await, 409);
    }
    let truly = truly(&floor, &id);
    assert_eq!(truly.status, "resolved");
    assert_eq!(truly.acknowledged_by.as_deref(), Some("client"));
    assert_eq!(truly.resolved_at, Some(noon() + TimeDelta::seconds(20)));
    let patches = floor.running.truth().patches;
    assert_eq!((patches[&id]["acknowledge"], patches[&id]["resolve"]), (3, 2));
    let earlier = floor.running.truth_at(noon() + TimeDelta::seconds(15));
    let before = earlier.alerts.iter().find(|a| a.id == id).unwrap();
    assert_eq!(before.status, "acknowledged");
}

#[tokio::test]
async fn what_cannot_be_done_is_refused_and_counted() {
    let floor = Floor::open().await;
    let id = first(&floor).await;
    assert_eq!(status(patch(&floor, &id, &action("acknowledged"))).await, 400);
    assert_eq!(status(patch(&floor, &id, &serde_json::json!([]))).await, 400);
    let nobody = "00000000-0000-4000-8000-000000000000";
    assert_eq!(status(patch(&floor, nobody, &action("resolve"))).await, 404);
    assert_eq!(status(floor.wfm(&format!("{LIST}/{nobody}"))).await, 404);
    let outside = floor.request(Method::PATCH, &format!("{LIST}/{id}"));
    assert_eq!(status(outside.json(&action("resolve"))).await, 401);
    assert_eq!(status(floor.request(Method::GET, &format!("{LIST}/{id}"))).await, 401);
    assert_eq!(truly(&floor, &id).status, "active");
    let truth = floor.running.truth();
    assert_eq!(truth.patches[&id]["resolve"], 1);
    assert_eq!(truth.patches[&id]["acknowledged"], 1);
    assert_eq!(truth.patches[nobody]["resolve"], 1);
    assert_eq!(truth.requests[&Target::WfmUpdate], 4);
}

#[tokio::test]
async fn an_alert_whose_cause_is_over_resolves_itself_and_can_still_be_looked_up() {
    let floor = Floor::open().await;
    let active: Vec<_> = list(&floor, "status=active").await.iter().map(id).collect();
    let acknowledged = &active[0];
    json(patch(&floor, acknowledged, &action("acknowledge"))).await;
    floor.pass(TimeDelta::hours(3));
    let mut over = 0;
    for id in &active {
        let truly = truly(&floor, id);
        let alert = one(&floor, id).await;
        assert_eq!(alert["status"], truly.status);
        let Some(resolved) = truly.resolved_at else { continue };
        assert_eq!(truly.resolved_by.as_deref(), Some("itself"));
        assert_eq!(
            alert["resolvedAt"],
            resolved.to_rfc3339_opts(chrono::SecondsFormat::Millis, true)
        );
        let person = floor.running.truth_at(resolved + TimeDelta::milliseconds(1));
        assert!(person.person(&truly.person).unwrap().adherent);
        assert_eq!(status(patch(&floor, id, &action("resolve"))).await, 409);
        over += 1;
    }
    assert!(over >= 2);
}

#[tokio::test]
async fn alerts_are_the_same_however_often_somebody_looks() {
    let (often, seldom) = (Floor::open().await, Floor::open().await);
    for _ in 0..120 {
        often.pass(TimeDelta::seconds(31));
        assert!(!often.running.truth().alerts.is_empty());
    }
    seldom.pass(TimeDelta::seconds(31 * 120));
    assert_eq!(often.running.truth().alerts, seldom.running.truth().alerts);
}

#[tokio::test]
async fn a_colleague_is_faster_and_is_not_counted() {
    let floor = Floor::open().await;
    let id = first(&floor).await;
    assert!(floor.running.colleague_changes(&id, Action::Resolve, Some("mine")));
    assert!(!floor.running.colleague_changes(&id, Action::Resolve, None));
    assert_eq!(status(patch(&floor, &id, &action("acknowledge"))).await, 409);
    let truly = truly(&floor, &id);
    assert_eq!(truly.resolved_by.as_deref(), Some("colleague"));
    assert_eq!(truly.notes.as_deref(), Some("mine"));
    assert_eq!(floor.running.truth().patches[&id].get("resolve"), None);
}

#[tokio::test]
async fn a_change_may_be_refused_lied_about_or_answered_by_half() {
    let floor = Floor::open().await;
    let faults = floor.running.faults();
    let id = first(&floor).await;
    let not_done = [
        (Fault::Forbidden, 403),
        (Fault::Status { code: 409, retry_after: None }, 409),
        (Fault::Html, 200),
        (Fault::SuccessFalse { text: "no".into() }, 200),
        (Fault::Lies, 200),
    ];
    for (fault, code) in not_done {
        faults.set(Target::WfmUpdate, fault.clone());
        let response = patch(&floor, &id, &action("acknowledge")).send().await.unwrap();
        assert_eq!(response.status(), code, "{fault:?}");
        if fault == Fault::Lies {
            let answer: Value = response.json().await.unwrap();
            assert_eq!(answer["alert"]["status"], "acknowledged");
        }
        assert_eq!(truly(&floor, &id).status, "active", "{fault:?}");
    }
    faults.set(Target::WfmUpdate, Fault::DoneThenStatus { code: 502 });
    assert_eq!(status(patch(&floor, &id, &action("acknowledge"))).await, 502);
    assert_eq!(truly(&floor, &id).status, "acknowledged");
    faults.set(Target::WfmUpdate, Fault::WithoutStatus);
    let answer = json(patch(&floor, &id, &action("resolve"))).await;
    assert_eq!(answer, serde_json::json!({"success": true, "alert": {"id": id}}));
    assert_eq!(truly(&floor, &id).status, "resolved");
}

#[tokio::test]
async fn a_change_may_be_done_and_never_answered() {
    let floor = Floor::open().await;
    let id = first(&floor).await;
    floor.running.faults().set(Target::WfmUpdate, Fault::DoneThenHangs);
    let unanswered = tokio::spawn(patch(&floor, &id, &action("resolve")).send());
    while truly(&floor, &id).status != "resolved" {
        tokio::task::yield_now().await;
    }
    assert!(!unanswered.is_finished());
}

#[tokio::test]
async fn the_alerts_fail_apart_from_the_states() {
    let floor = Floor::open().await;
    floor.running.faults().set(Target::WfmAlerts, Fault::Status { code: 503, retry_after: None });
    assert_eq!(status(floor.wfm(LIST)).await, 503);
    json(floor.wfm("/api/adherence/states")).await;
    floor.running.faults().set(Target::WfmAlerts, Fault::EvilNames);
    assert!(list(&floor, "").await[0]["message"].as_str().unwrap().contains("Evil"));
    floor.running.faults().set(Target::WfmAlerts, Fault::EmptyList);
    assert!(list(&floor, "").await.is_empty());
    let requests = floor.running.truth().requests;
    assert_eq!((requests[&Target::Wfm], requests[&Target::WfmAlerts]), (1, 3));
}
