use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeZone;

use super::*;

const TODAY: &str = "2026-03-02";
const YESTERDAY: &str = "2026-03-01";

/// The rows of an answer, whatever its shape.
fn rows(answer: &Value) -> Vec<Value> {
    let place =
        if answer["entries"].is_null() { &answer["data"]["entries"] } else { &answer["entries"] };
    place.as_array().unwrap_or_else(|| panic!("no entries: {answer}")).clone()
}

/// Every row of both days, in pages of `limit`.
async fn everything(floor: &Floor, limit: usize) -> Vec<Value> {
    let mut all = Vec::new();
    loop {
        let (offset, limit) = (all.len().to_string(), limit.to_string());
        let page = json(floor.productivity(&[
            ("date_start", YESTERDAY),
            ("date_end", TODAY),
            ("offset", &offset),
            ("limit", &limit),
        ]))
        .await;
        let page = rows(&page);
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// When it happened, to the second, by the server's local time.
fn created(row: &Value) -> DateTime<Utc> {
    let naive = chrono::NaiveDateTime::parse_from_str(
        row["created_at"].as_str().unwrap(),
        "%Y-%m-%d %H:%M:%S",
    );
    chrono_tz::America::Los_Angeles.from_local_datetime(&naive.unwrap()).unwrap().to_utc()
}

/// What a row says, in the truth's words; none where it says nothing.
fn meaning(row: &Value) -> Option<(&'static str, Option<&'static str>)> {
    let state = text(&row["state"]).to_lowercase().replace([' ', '_'], "");
    let code = match &row["availability_name"] {
        Value::String(name) if !name.is_empty() => name.to_lowercase(),
        _ => text(&row["availability_code"]).to_lowercase(),
    };
    let reasons = ["break", "lunch", "meeting", "training", "personal"];
    Some(match (&*state, &*code) {
        ("login", _) => ("logged_in", None),
        ("ready", _) => ("available", None),
        ("notready", "wrap") => ("wrap_up", None),
        ("notready", code) => ("away", reasons.into_iter().find(|reason| *reason == code)),
        ("logout", _) => ("offline", None),
        ("", _) => return None,
        other => panic!("{other:?}"),
    })
}

/// Since when, what and why.
type Spell = (DateTime<Utc>, &'static str, Option<&'static str>);

/// The log as spells per user, from rows in the order they came in.
fn spells(rows: &[Value]) -> BTreeMap<String, Vec<Spell>> {
    let mut users: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for row in rows {
        let spells = users.entry(text(&row["user_id"])).or_default();
        let Some((activity, reason)) = meaning(row) else { continue };
        let new = spells.last().is_none_or(|(_, a, r)| (*a, *r) != (activity, reason));
        if new {
            spells.push((created(row), activity, reason));
        }
    }
    users
}

#[tokio::test]
async fn a_row_has_exactly_the_documented_fields() {
    let floor = Floor::open().await;
    let answer = json(floor.productivity(&[])).await;
    assert_eq!(answer.as_object().unwrap().len(), 1, "the document's answer has no `success`");
    let fields = "availability_code browser campaign_id campaign_name campaign_type created_at \
        event_epoch event_sec id ip_address state user_id user_name";
    let mut ids = BTreeSet::new();
    for row in rows(&answer) {
        let keys: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys.join(" "), fields);
        assert_eq!(row["event_epoch"], created(&row).timestamp());
        let local = created(&row).with_timezone(&chrono_tz::America::Los_Angeles);
        let midnight = local.with_time(chrono::NaiveTime::MIN).unwrap();
        assert_eq!(row["event_sec"], (local - midnight).num_seconds());
        assert!(row["ip_address"].as_str().unwrap().starts_with("203.0.113."));
        ids.insert(text(&row["id"]));
    }
    assert_eq!(ids.len(), rows(&answer).len());
}

#[tokio::test]
async fn in_every_dialect_the_log_is_the_history_of_the_truth() {
    for dialect in [Dialect::Documented, Dialect::Service, Dialect::Mixed] {
        let floor = Floor::with(|o| o.dialect = dialect).await;
        floor.pass(TimeDelta::minutes(30));
        let all = everything(&floor, 400).await;
        assert!(all.len() > 2_000);
        let said = spells(&all);
        let truth = floor.running.truth();
        let mut compared = 0;
        for history in floor.running.history() {
            let id = truth.person(&history.person).unwrap().convoso_user_id.clone();
            let (Some(id), Some(log)) = (id, history.convoso) else { continue };
            // A repeated login has no length, so it is no spell; rows come in whole seconds.
            let mut log = log.iter().map(|s| (&*s.activity, s.reason.as_deref(), s.since));
            let mut next = log.next();
            for (since, activity, reason) in said.get(&id).into_iter().flatten() {
                let Some(want) = next else { panic!("{id} has no more") };
                if (*activity, *reason) != (want.0, want.1) {
                    assert_eq!(*activity, "logged_in");
                    continue;
                }
                let late = want.2 - *since;
                assert!(late >= TimeDelta::zero() && late < TimeDelta::seconds(1), "{dialect:?}");
                next = log.next();
                compared += 1;
            }
            assert_eq!(next, None, "{dialect:?}");
        }
        assert!(compared > 1_500);
    }
}

#[tokio::test]
async fn the_log_agrees_with_what_people_do() {
    let floor = Floor::open().await;
    let history = floor.running.history();
    for minute in (0..600).step_by(7) {
        let at = noon() - TimeDelta::minutes(minute);
        let truth = floor.running.truth_at(at);
        for (person, history) in truth.people.iter().zip(&history) {
            assert_eq!(person.person, history.person);
            let Some(log) = &history.convoso else { continue };
            let said = log.iter().rfind(|s| s.since <= at);
            let out = !person.convoso.as_ref().unwrap().logged_in;
            let want = match &*person.activity {
                _ if out => "offline",
                "ringing" | "on_contact" => "available",
                other => other,
            };
            match said {
                None => assert_eq!(want, "offline"),
                Some(said) if said.activity == "logged_in" => assert_eq!(want, "available"),
                Some(said) if history.missing_logouts.iter().any(|left| said.since <= *left) => {
                    assert!(out || said.activity == want);
                }
                Some(said) => {
                    assert_eq!(said.activity, want, "{at} {person:#?}");
                    assert!(out || said.reason == person.reason);
                }
            }
        }
    }
}

#[tokio::test]
async fn the_service_nests_and_writes_numbers_as_text() {
    let floor = Floor::with(|o| o.dialect = Dialect::Service).await;
    let answer = json(floor.productivity(&[("limit", "10"), ("offset", "20")])).await;
    assert_eq!((&answer["success"], &answer["data"]["offset"]), (&true.into(), &20.into()));
    assert_eq!(answer["data"]["limit"], "10");
    let total: usize = answer["data"]["total"].as_str().unwrap().parse().unwrap();
    assert!(total > 1_000);
    assert_eq!(rows(&answer).len(), 10);
    let all = everything(&floor, 1_000).await;
    let states: BTreeSet<_> = all.iter().map(|r| text(&r["state"])).collect();
    assert_eq!(
        states.into_iter().collect::<Vec<_>>(),
        ["", "LOGIN", "LOGOUT", "NOTREADY", "READY"]
    );
    let lunch = all.iter().find(|r| r["availability_code"] == "1217").unwrap();
    assert_eq!(lunch["availability_name"], "Lunch");
    assert_eq!(lunch["event_epoch"], created(lunch).timestamp().to_string());
    let same = |r: &&Value| r["user_id"] == lunch["user_id"];
    let place = all.iter().filter(same).position(|r| r["id"] == lunch["id"]).unwrap();
    let after = all.iter().filter(same).nth(place + 1).unwrap();
    let (hours, rest) = after["event_sec"].as_str().unwrap().split_once(':').unwrap();
    let (minutes, seconds) = rest.split_once(':').unwrap();
    let [hours, minutes, seconds]: [i64; 3] = [hours, minutes, seconds].map(|n| n.parse().unwrap());
    let lasted = (created(after) - created(lunch)).num_seconds();
    assert!((3_600 * hours + 60 * minutes + seconds - lasted).abs() <= 1, "what ended with it");
}

#[tokio::test]
async fn the_mixture_has_one_answer_in_three_with_impossible_instants() {
    let floor = Floor::with(|o| o.dialect = Dialect::Mixed).await;
    for turn in 1..=6 {
        let all = rows(&json(floor.productivity(&[("limit", "50")])).await);
        let off = |row: &Value| {
            text(&row["event_epoch"]).parse::<i64>().unwrap() - created(row).timestamp()
        };
        let want = if turn % 3 == 0 { -728 * 86_400 } else { 0 };
        assert!(all.iter().all(|row| off(row) == want));
    }
}

#[tokio::test]
async fn pages_give_every_row_once_and_rows_are_only_ever_appended() {
    let floor = Floor::open().await;
    let before = everything(&floor, 1_000).await;
    assert_eq!(before, everything(&floor, 137).await);
    assert!(before.is_sorted_by_key(created));
    floor.pass(TimeDelta::minutes(10));
    let after = everything(&floor, 1_000).await;
    assert!(after.len() > before.len());
    assert_eq!(before, after[..before.len()]);
}

#[tokio::test]
async fn days_are_the_servers_and_both_ends_belong_to_them() {
    let floor = Floor::open().await;
    // Early in the morning after, by the server's clock.
    floor.pass(TimeDelta::hours(20));
    let truth = floor.running.truth();
    let both = truth.people.iter().filter(|p| p.convoso.is_some() && p.mishap.is_none());
    let emails: Vec<_> = both.take(3).map(|p| format!("{}@example.com", p.person)).collect();
    let emails = emails.join(",");
    let rows_of = async |filters: &[(&str, &str)]| {
        let filters = [filters, &[("agent_emails", emails.as_str())]].concat();
        rows(&json(floor.productivity(&filters)).await)
    };
    let (start, end, today, yesterday) = ("date_start", "date_end", "2026-03-03", TODAY);
    let first = rows_of(&[(start, yesterday), (end, yesterday)]).await;
    let second = rows_of(&[(start, today), (end, today)]).await;
    for (rows, day) in [(&first, yesterday), (&second, today)] {
        assert!(!rows.is_empty() && rows.len() < 1_000, "{}", rows.len());
        assert!(rows.iter().all(|r| text(&r["created_at"]).starts_with(day)));
    }
    assert_eq!(rows_of(&[]).await, second, "today is meant where nothing is said");
    assert_eq!(rows_of(&[(start, today)]).await, second);
    assert_eq!(rows_of(&[(end, yesterday)]).await, first, "from the beginning of all data");
    let whole = rows_of(&[(start, yesterday), (end, today), ("offset", "3")]).await;
    assert_eq!(whole[..first.len() - 3], first[3..]);
    let empty = json(floor.productivity(&[(start, "2026-03-04")])).await;
    assert_eq!(empty, serde_json::json!({"success": true, "entries": []}));
}

#[tokio::test]
async fn campaigns_and_addresses_narrow_the_log() {
    let floor = Floor::open().await;
    let all = everything(&floor, 1_000).await;
    let whole = [("date_start", YESTERDAY), ("date_end", TODAY)];
    let mut sum = 0;
    for campaign in ["111", "112", "113"] {
        let part = json(floor.productivity(&[whole[0], whole[1], ("campaign_id", campaign)])).await;
        assert!(rows(&part).iter().all(|r| r["campaign_id"] == campaign));
        sum += rows(&part).len();
    }
    assert_eq!(sum, all.len());
    let truth = floor.running.truth();
    let two: Vec<_> = truth.people.iter().filter(|p| p.convoso.is_some()).take(2).collect();
    let emails =
        format!("{}@example.com, {}@EXAMPLE.com,nobody@example.com", two[0].person, two[1].person);
    let part =
        rows(&json(floor.productivity(&[whole[0], whole[1], ("agent_emails", &emails)])).await);
    let ids: BTreeSet<_> = part.iter().map(|r| text(&r["user_id"])).collect();
    assert_eq!(ids, two.iter().map(|p| p.convoso_user_id.clone().unwrap()).collect());
    let nobody = json(floor.productivity(&[("agent_emails", "nobody@example.com")])).await;
    assert!(rows(&nobody).is_empty());
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused_in_each_dialects_words() {
    let documented = Floor::open().await;
    let service = Floor::with(|o| o.dialect = Dialect::Service).await;
    let date = "Invalid date format. Use YYYY-MM-DD";
    let order = "Start date must be before end date";
    let limit = "Limit cannot exceed 1000";
    let general = "An error occurred while processing your search";
    let cases = [
        (("date_start", "03/01/2026"), date, 6031, date),
        (("date_end", "2026-3-1"), date, 6031, date),
        (("date_end", "2026-02-01"), order, 6032, order),
        (("campaign_id", "999"), "Campaign not found", 6026, "Invalid campaign ID"),
        (("limit", "1001"), limit, 7258, "Invalid limit value"),
        (("limit", "0"), limit, 7258, "Invalid limit value"),
        (("offset", "50001"), general, 7231, "Invalid offset value"),
    ];
    for (filter, error, code, text) in cases {
        let filters = &[("date_start", TODAY), filter];
        let answer = json(documented.productivity(filters)).await;
        assert_eq!(answer, serde_json::json!({"success": false, "error": error}));
        let answer = json(service.productivity(filters)).await;
        assert_eq!(answer, serde_json::json!({"success": false, "code": code, "text": text}));
    }
    let last = json(documented.productivity(&[("offset", "50000")])).await;
    assert_eq!(rows(&last).len(), 0);
    let path = "/v1/agent-productivity/search";
    let refused = json(documented.request(Method::POST, path)).await;
    assert_eq!(refused["error"], "Invalid authentication token");
    let refused = service.request(Method::GET, path).send().await.unwrap();
    assert_eq!(refused.status(), 401);
}

#[tokio::test]
async fn a_json_body_and_a_query_ask_as_well() {
    let floor = Floor::open().await;
    let token = floor.running.credentials().auth_token;
    let path = "/v1/agent-productivity/search";
    let body = serde_json::json!({"auth_token": token, "limit": 3, "offset": 1});
    let by_body = json(floor.request(Method::POST, path).json(&body)).await;
    let query = format!("{path}?auth_token={token}&limit=3&offset=1");
    assert_eq!(by_body, json(floor.request(Method::GET, &query)).await);
    assert_eq!(rows(&by_body).len(), 3);
}

#[tokio::test]
async fn a_forced_logout_is_in_the_log_and_so_is_the_return() {
    let floor = Floor::open().await;
    let truth = floor.running.truth();
    let here =
        |p: &&PersonTruth| p.activity == "available" && p.convoso.is_some() && p.mishap.is_none();
    let person = truth.people.iter().find(here).unwrap();
    let email = format!("{}@example.com", person.person);
    everything(&floor, 1_000).await;
    floor.pass(TimeDelta::seconds(1));
    json(floor.logout(person.convoso_user_id.as_deref().unwrap())).await;
    let last = rows(&json(floor.productivity(&[("agent_emails", &email)])).await);
    let last = last.last().unwrap();
    assert_eq!(
        (&last["state"], &last["availability_code"]),
        (&"LogOut".into(), &"LOGGED_OUT".into())
    );
    assert_eq!(created(last).timestamp(), noon().timestamp() + 1);
    floor.pass(TimeDelta::minutes(50));
    let all = rows(&json(floor.productivity(&[("agent_emails", &email)])).await);
    let place = all.iter().position(|r| r["id"] == last["id"]).unwrap();
    assert_eq!(all[place + 1]["state"], "LOGIN");
}

#[tokio::test]
async fn some_logs_lack_a_logout_repeat_a_login_or_are_there_twice() {
    let floor = Floor::open().await;
    let truth = floor.running.truth();
    let all = everything(&floor, 1_000).await;
    let (mut missing, mut repeated, mut twice) = (0, 0, 0);
    for history in floor.running.history() {
        let Some(id) = truth.person(&history.person).unwrap().convoso_user_id.as_deref() else {
            continue;
        };
        let mine: Vec<_> = all.iter().filter(|r| r["user_id"] == id).collect();
        let count = |state: &str| mine.iter().filter(|r| r["state"] == state).count();
        let lacking = history.missing_logouts.len();
        missing += lacking;
        if lacking > 0 {
            assert_eq!(count("LogOut"), 0);
        }
        if !history.repeated_logins.is_empty() {
            assert_eq!(count("LOGIN"), 1 + history.repeated_logins.len());
            repeated += 1;
        }
        let campaigns: BTreeSet<_> = mine.iter().map(|r| text(&r["campaign_id"])).collect();
        assert_eq!(campaigns.len() == 2, history.second_campaign);
        twice += usize::from(history.second_campaign);
    }
    assert!(missing >= 1 && repeated >= 1 && twice >= 1, "{missing} {repeated} {twice}");
}

#[tokio::test]
async fn the_log_is_spoilt_by_faults_of_its_own() {
    let floor = Floor::open().await;
    floor
        .running
        .faults()
        .set(Target::ConvosoHistory, Fault::Status { code: 502, retry_after: None });
    assert_eq!(floor.productivity(&[]).send().await.unwrap().status(), 502);
    json(floor.search(&[])).await;
    floor.running.faults().set(Target::ConvosoHistory, Fault::EvilNames);
    assert!(json(floor.productivity(&[])).await.to_string().contains("Evil"));
    floor.running.faults().set(Target::ConvosoHistory, Fault::EmptyList);
    assert!(rows(&json(floor.productivity(&[])).await).is_empty());
    assert_eq!(floor.running.truth().requests[&Target::ConvosoHistory], 3);
}

#[tokio::test]
async fn cxengages_history_is_told_from_the_beginning() {
    let floor = Floor::open().await;
    let history = floor.running.history();
    let truth = floor.running.truth();
    for (person, history) in truth.people.iter().zip(&history) {
        let (Some(cx), Some(spells)) = (&person.cxengage, &history.cxengage) else {
            assert_eq!(person.cxengage.is_some(), history.cxengage.is_some());
            continue;
        };
        assert!(spells.is_sorted_by(|a, b| a.since < b.since));
        assert_eq!(spells[0].activity, "logged_in");
        let last = spells.last().unwrap();
        assert_eq!((&last.activity, last.since), (&cx.activity, cx.since));
    }
    let served: Vec<HistoryTruth> =
        serde_json::from_value(json(floor.request(Method::GET, "/simulator/history")).await)
            .unwrap();
    assert_eq!(served, history);
}
