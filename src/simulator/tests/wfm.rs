use super::*;

#[tokio::test]
async fn states_and_summary_are_true() {
    let floor = Floor::open().await;
    let answer = json(floor.wfm("/api/adherence/states")).await;
    let truth = floor.running.truth();
    let states = answer["states"].as_array().unwrap();
    assert!(states.len() >= 20);
    for state in states {
        let id = state["employeeId"].as_str();
        let person = truth.people.iter().find(|p| p.wfm_employee_id.as_deref() == id).unwrap();
        assert_eq!(state["employeeName"], person.name);
        assert_eq!(state["employeeNumber"].as_str(), person.wfm_employee_number.as_deref());
        assert_eq!(state["isAdherent"], person.adherent);
        let scheduled = match &*person.scheduled {
            "off" => "offline",
            "away" => person.scheduled_reason.as_deref().unwrap(),
            word => word,
        };
        assert_eq!(state["scheduledState"], scheduled);
        let since = person.since.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        assert_eq!(state["stateStartedAt"], since);
        let start = state["shift"]["startTime"].as_str().unwrap();
        assert!(start.len() == 5 && start.as_bytes()[2] == b':');
    }
    let adherent = states.iter().filter(|s| s["isAdherent"] == true).count();
    assert_eq!(answer["summary"]["totalAgents"], states.len());
    assert_eq!(answer["summary"]["adherentCount"], adherent);
    assert!(adherent < states.len(), "somebody is out of adherence");
}

#[tokio::test]
async fn a_team_can_be_asked_for_alone() {
    let floor = Floor::open().await;
    let team = floor.running.truth().people[0].team.clone();
    let answer = json(floor.wfm(&format!("/api/adherence/states?teamId={team}"))).await;
    let whole = json(floor.wfm("/api/adherence/states")).await;
    let count = |answer: &Value| answer["states"].as_array().unwrap().len();
    assert!(count(&answer) > 0 && count(&answer) < count(&whole));
}

#[tokio::test]
async fn without_a_session_there_is_nothing() {
    let floor = Floor::open().await;
    for cookie in ["", "next-auth.session-token=wrong"] {
        let request = floor.request(Method::GET, "/api/adherence/states").header("Cookie", cookie);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), 401);
        assert!(response.json::<Value>().await.unwrap()["error"].is_string());
    }
}

#[tokio::test]
async fn pushing_states_is_not_implemented_and_is_counted() {
    let floor = Floor::open().await;
    let request = floor.request(Method::POST, "/api/v1/import/agent-states");
    assert_eq!(request.send().await.unwrap().status(), 501);
    assert_eq!(floor.running.truth().imports, 1);
}

/// The cookie that the next request sends: the one just set, or the one before.
async fn visit(floor: &Floor, cookie: &str, path: &str) -> Option<String> {
    let request = floor.request(Method::GET, path).header("Cookie", cookie);
    let response = request.send().await.unwrap();
    let set = response.headers().get("set-cookie").map(|set| set.to_str().unwrap().to_owned());
    let pair = set.map(|set| set.split(';').next().unwrap().to_owned());
    (response.status() == 200).then(|| pair.unwrap_or_else(|| cookie.to_owned()))
}

#[tokio::test]
async fn the_cookie_is_renewed_and_the_one_before_runs_out() {
    let session = SessionRules { renew_every: 3, old_valid_for: TimeDelta::seconds(60) };
    let floor = Floor::with(|o| o.session = session).await;
    let first = floor.running.credentials().session_cookie;
    let mut kept = first.clone();
    for turn in 0..40 {
        let path = ["/api/adherence/states", "/api/adherence/alerts"][turn % 2];
        kept = visit(&floor, &kept, path).await.expect("who keeps what is set lives on");
        floor.pass(TimeDelta::seconds(15));
    }
    assert_ne!(kept, first);
    assert!(kept.starts_with("next-auth.session-token="));
    assert_eq!(visit(&floor, &first, "/api/adherence/states").await, None);
    let session = floor.running.truth().session;
    assert!(session.renewed >= 12, "{session:?}");
    assert_eq!(session.refused, 1);
}

#[tokio::test]
async fn by_default_a_second_client_with_the_first_cookie_is_told_the_newest() {
    let floor = Floor::open().await;
    let first = floor.running.credentials().session_cookie;
    let mut kept = first.clone();
    for _ in 0..30 {
        kept = visit(&floor, &kept, "/api/adherence/states").await.unwrap();
        floor.pass(TimeDelta::seconds(15));
    }
    let other = visit(&floor, &first, "/api/adherence/states").await.unwrap();
    assert_eq!(other, kept);
    floor.pass(TimeDelta::hours(9));
    assert!(visit(&floor, &kept, "/api/adherence/states").await.is_some(), "after a sleep");
}
