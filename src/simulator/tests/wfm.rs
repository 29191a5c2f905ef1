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
async fn there_are_alerts_about_the_mishaps() {
    let floor = Floor::open().await;
    let answer = json(floor.wfm("/api/adherence/alerts?status=active")).await;
    let alerts = answer["alerts"].as_array().unwrap();
    let types: Vec<_> = alerts.iter().map(|a| a["type"].as_str().unwrap()).collect();
    assert!(types.contains(&"extended_break"), "{types:?}");
    assert!(types.contains(&"early_leave"), "{types:?}");
    let one = json(floor.wfm("/api/adherence/alerts?limit=1")).await;
    assert_eq!(one["alerts"].as_array().unwrap().len(), 1);
    let none = json(floor.wfm("/api/adherence/alerts?status=resolved")).await;
    assert_eq!(none["alerts"].as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn pushing_states_is_not_implemented() {
    let floor = Floor::open().await;
    let request = floor.request(Method::POST, "/api/v1/import/agent-states");
    assert_eq!(request.send().await.unwrap().status(), 501);
}
