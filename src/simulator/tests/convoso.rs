use std::collections::BTreeSet;

use super::*;

#[tokio::test]
async fn a_search_has_exactly_the_documented_fields() {
    let floor = Floor::open().await;
    let answer = json(floor.search(&[])).await;
    let keys = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let set = |text: &str| text.split_whitespace().map(str::to_owned).collect::<BTreeSet<_>>();
    let root = "agents call_data queue_dialable_leads queue_calls_today queue_dropped \
        queue_answered agent_total agent_incall agent_ready agent_paused";
    let agent = "user_id user_full_name campaign_id campaign_name queue_id queue_name \
        queue_assignment list_id extension channel_type call_type lead_id call_log_id calls_today \
        total_calls status status_label status_time_sec status_time_mmss connection_type \
        skill_options";
    assert_eq!(keys(&answer), set(root));
    assert_eq!(keys(&answer["agents"][0]), set(agent));
    assert!(answer["agents"][0]["user_id"].is_string());
    assert!(answer["agents"][0]["status_time_sec"].is_u64());
    assert!(answer["queue_calls_today"].is_u64());
}

#[tokio::test]
async fn every_listed_agent_is_truly_in_that_state_for_that_long() {
    for skew in [0, 90, -90] {
        let floor = Floor::with(|o| o.skew = TimeDelta::seconds(skew)).await;
        let answer = json(floor.search(&[])).await;
        let truth = floor.running.truth();
        let listed = answer["agents"].as_array().unwrap();
        for agent in listed {
            let id = agent["user_id"].as_str();
            let person = truth.people.iter().find(|p| p.convoso_user_id.as_deref() == id).unwrap();
            let activity = match agent["status"].as_str().unwrap() {
                "READY" => "available",
                "INCALL" | "TRANSFER" => "on_contact",
                "PAUSED" => "away",
                "WRAP" => "wrap_up",
                "RINGING" => "ringing",
                "LOGGED_OUT" => "offline",
                other => panic!("{other} is in no document"),
            };
            assert_eq!(person.activity, activity);
            let seconds = (noon() - person.since).num_seconds();
            assert_eq!(agent["status_time_sec"], seconds);
            assert_eq!(agent["calls_today"], person.calls_today);
        }
        let truly = truth.people.iter().filter(|p| p.convoso.as_ref().is_some_and(|c| c.listed));
        assert_eq!(listed.len(), truly.count());
    }
}

#[tokio::test]
async fn the_counters_of_the_queues_are_true_and_add_up_to_the_whole() {
    let floor = Floor::with(|o| o.queues = 10).await;
    let names = ["queue_calls_today", "queue_answered", "queue_dropped", "queue_dialable_leads"];
    let numbers = |answer: &Value| names.map(|name| answer[name].as_u64().unwrap());
    let mut sums = [0; 4];
    for queue in floor.running.truth().queues {
        let answer = json(floor.search(&[("queue_id", &queue.queue_id)])).await;
        let served = numbers(&answer);
        let truth = [queue.calls_today, queue.answered, queue.dropped, queue.dialable_leads];
        assert_eq!(served, truth);
        assert_eq!(answer["call_data"]["answered"], queue.answered);
        sums = std::array::from_fn(|i| sums[i] + served[i]);
    }
    let whole = numbers(&json(floor.search(&[])).await);
    assert_eq!(whole, sums);
    assert!(whole[0] > whole[1] + whole[2], "some calls reach nobody");
    assert!(whole[2] > 0, "some calls are dropped");
}

#[tokio::test]
async fn filters_narrow_the_list() {
    let floor = Floor::open().await;
    let all = json(floor.search(&[])).await;
    let agents = all["agents"].as_array().unwrap();
    for (filter, field) in
        [("campaign_id", "campaign_id"), ("queue_id", "queue_id"), ("user_id", "user_id")]
    {
        let id = agents[0][field].as_str().unwrap();
        let narrowed = json(floor.search(&[(filter, id)])).await;
        let want: Vec<_> = agents.iter().filter(|a| a[field] == id).collect();
        assert_eq!(narrowed["agents"].as_array().unwrap().iter().collect::<Vec<_>>(), want);
        assert_eq!(narrowed["agent_total"], want.len());
    }
    let skilled = json(floor.search(&[("filter_by_skill_options", "spanish,french")])).await;
    let skilled = skilled["agents"].as_array().unwrap();
    assert!(!skilled.is_empty() && skilled.len() < agents.len());
    for agent in skilled {
        let skills = agent["skill_options"].as_str().unwrap();
        assert!(skills.contains("spanish") || skills.contains("french"));
    }
}

#[tokio::test]
async fn the_token_is_taken_from_query_form_and_json_and_from_nowhere_else() {
    let floor = Floor::open().await;
    let token = floor.running.credentials().auth_token;
    let path = "/v1/agent-monitor/search";
    let with_query = format!("{path}?auth_token={token}");
    let body = serde_json::json!({"auth_token": token, "queue_id": 222});
    for request in [
        floor.request(Method::GET, &with_query),
        floor.request(Method::POST, &with_query).form(&[("queue_id", "222")]),
        floor.request(Method::POST, path).json(&body),
    ] {
        assert!(json(request).await["agents"].is_array());
    }
    let refused = json(floor.request(Method::POST, path)).await;
    assert_eq!(refused["error"], "Invalid authentication token");
    assert_eq!(refused["success"], false);
}

#[tokio::test]
async fn unknown_ids_are_refused() {
    let floor = Floor::open().await;
    for (filter, error) in [
        ("campaign_id", "Campaign not found"),
        ("queue_id", "Queue not found"),
        ("user_id", "User not found"),
    ] {
        let answer = json(floor.search(&[(filter, "999999")])).await;
        assert_eq!((&answer["success"], &answer["error"]), (&false.into(), &error.into()));
    }
}

#[tokio::test]
async fn logout_logs_out_and_is_counted() {
    let floor = Floor::open().await;
    let before = floor.running.truth();
    let busy = before.people.iter().find(|p| p.activity == "on_contact" && p.cxengage.is_none());
    let person = busy.unwrap();
    let user_id = person.convoso_user_id.as_deref().unwrap();
    assert_eq!(json(floor.logout(user_id)).await, serde_json::json!({"success": true}));
    assert_eq!(json(floor.logout(user_id)).await["code"], 6012);
    assert_eq!(json(floor.logout("4711")).await["code"], 6006);
    assert_eq!(json(floor.logout("")).await["code"], 6006);

    let after = floor.running.truth();
    let now = after.person(&person.person).unwrap();
    assert_eq!((&*now.activity, now.since), ("offline", noon()));
    assert!(!now.convoso.as_ref().unwrap().logged_in);
    assert_eq!(after.logouts[user_id], 2);
    assert_eq!(after.logouts["4711"], 1);
    let listed = json(floor.search(&[("user_id", user_id)])).await;
    let statuses: Vec<_> =
        listed["agents"].as_array().unwrap().iter().map(|a| a["status"].clone()).collect();
    assert!(statuses.is_empty() || statuses == ["LOGGED_OUT"]);
    let wfm = json(floor.wfm("/api/adherence/states")).await;
    let states = wfm["states"].as_array().unwrap();
    let employee =
        states.iter().find(|s| s["employeeId"].as_str() == now.wfm_employee_id.as_deref());
    assert_eq!(employee.unwrap()["state"], "offline");
}

#[tokio::test]
async fn cxengage_keeps_its_own_session_when_convoso_logs_somebody_out() {
    let floor = Floor::open().await;
    let before = floor.running.truth();
    let both = |p: &&PersonTruth| {
        p.mishap.is_none()
            && p.convoso.as_ref().is_some_and(|c| c.logged_in)
            && p.cxengage.as_ref().is_some_and(|c| c.activity == "on_contact")
    };
    let person = before.people.iter().find(both).unwrap();
    json(floor.logout(person.convoso_user_id.as_deref().unwrap())).await;
    let after = floor.running.truth();
    let now = after.person(&person.person).unwrap();
    let cx = now.cxengage.as_ref().unwrap();
    assert!(cx.logged_in && cx.activity == "available" && cx.since == noon());
    assert_eq!(now.activity, "available", "whoever works somewhere works");
}
