use super::*;

fn agents(answer: &Value) -> Vec<Value> {
    let place = match &answer["agents"] {
        Value::Null => &answer["data"]["entries"]["agents"],
        place => place,
    };
    match place {
        Value::Array(list) => list.clone(),
        Value::Object(map) => map.values().cloned().collect(),
        other => panic!("no agents: {other}"),
    }
}

/// A number, whichever way it is written.
fn number(value: &Value) -> Option<i64> {
    match value {
        Value::Number(n) => n.to_string().trim_end_matches(".0").parse().ok(),
        Value::String(text) => text.trim().replace(',', "").parse().ok(),
        _ => None,
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn the_service_nests_and_writes_numbers_as_text() {
    let floor = Floor::with(|o| o.dialect = Dialect::Service).await;
    let answer = json(floor.search(&[("queue_id", "222")])).await;
    let entries = &answer["data"]["entries"];
    assert_eq!((&answer["success"], &entries["success"]), (&true.into(), &true.into()));
    assert_eq!(entries["code"], 200);
    assert_eq!(entries["campaigns"].as_array().unwrap().len(), 3);
    assert_eq!(entries["queues"].as_array().unwrap().len(), 6);
    let truth = floor.running.truth();
    assert_eq!(entries["queue_answered"], truth.queues[0].answered.to_string());
    let waiting = agents(&answer).into_iter().find(|a| a["status"] == "READY").unwrap();
    assert_eq!(waiting["lead_id"], "0");
    assert_eq!(waiting["call_type"], "-");
    assert_eq!(waiting["call_log_id"], "");
    assert_eq!(waiting["queue_assignment"], waiting["queue_name"]);
    assert!(waiting["status_time_sec"].is_string());
    assert!(waiting["total_calls"].is_u64());
}

#[tokio::test]
async fn the_service_refuses_in_its_own_words() {
    let floor = Floor::with(|o| o.dialect = Dialect::Service).await;
    let refused = floor.request(Method::POST, "/v1/agent-monitor/search").send().await.unwrap();
    assert_eq!(refused.status(), 401);
    let answer = json(floor.logout("4711")).await;
    let want = serde_json::json!({"success": false, "code": 6006, "text": "No such User"});
    assert_eq!(answer, want);
}

#[tokio::test]
async fn the_mixture_is_still_true() {
    let floor = Floor::with(|o| o.dialect = Dialect::Mixed).await;
    let truth = floor.running.truth();
    for _ in 0..6 {
        let answer = json(floor.search(&[])).await;
        let list = agents(&answer);
        for agent in &list {
            let id = text(&agent["user_id"]);
            let person = truth.people.iter().find(|p| p.convoso_user_id.as_ref() == Some(&id));
            let person = person.unwrap();
            assert_eq!(text(&agent["queue_id"]), *person.queue_id.as_ref().unwrap());
            assert_eq!(number(&agent["calls_today"]), i64::try_from(person.calls_today).ok());
            assert_eq!(agent["status"], person.convoso.as_ref().unwrap().status);
            let seconds = (noon() - person.since).num_seconds();
            let parts = agent["status_time_mmss"].as_str().map(|clock| {
                clock.split(':').fold(0, |sum, part| 60 * sum + part.parse::<i64>().unwrap())
            });
            assert_eq!(number(&agent["status_time_sec"]).or(parts), Some(seconds));
        }
        let place = if answer["agents"].is_null() { &answer["data"]["entries"] } else { &answer };
        assert_eq!(number(&place["agent_total"]), i64::try_from(list.len()).ok());
        let answered: u64 = truth.queues.iter().map(|q| q.answered).sum();
        assert_eq!(number(&place["queue_answered"]), i64::try_from(answered).ok());
    }
}
