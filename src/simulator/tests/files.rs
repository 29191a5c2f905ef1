use super::*;

#[tokio::test]
async fn the_roster_names_everybody_once() {
    let floor = Floor::open().await;
    let text = floor.running.roster_csv();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(
        rows.headers().unwrap(),
        &["person", "name", "team", "email", "timezone", "dialer", "cx", "wfm", "sip"][..]
    );
    let truth = floor.running.truth();
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), truth.people.len());
    for (row, person) in rows.iter().zip(&truth.people) {
        assert_eq!((&row[0], &row[1]), (&*person.person, &*person.name));
        assert_eq!(&row[5], person.convoso_user_id.as_deref().unwrap_or(""));
        assert_eq!(&row[8], person.sip_user_id.as_deref().unwrap_or(""));
        assert_eq!(&row[6], person.cxengage_agent_id.as_deref().unwrap_or(""));
        let wfm = [&person.wfm_employee_id, &person.wfm_employee_number];
        assert!(wfm.iter().any(|id| id.as_deref().unwrap_or("") == &row[7]));
    }
}

#[tokio::test]
async fn the_schedule_says_what_the_truth_says() {
    let floor = Floor::open().await;
    let text = floor.running.schedule_csv();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
    let zone = chrono_tz::America::New_York;
    let instant = |date: &str, time: &str| {
        let naive = format!("{date}T{time}:00").parse::<chrono::NaiveDateTime>();
        naive.unwrap().and_local_timezone(zone).unwrap().to_utc()
    };
    for person in floor.running.truth().people {
        let mut mine = rows.iter().filter(|r| r[0] == *person.person);
        let now = mine.find_map(|row| {
            let start = instant(&row[1], &row[2]);
            let mut end = instant(&row[1], &row[3]);
            if end <= start {
                end += TimeDelta::days(1);
            }
            (start <= noon() && noon() < end).then(|| row[4].to_owned())
        });
        let want = match &*person.scheduled {
            "off" => None,
            "available" => Some("work".to_owned()),
            _ => person.scheduled_reason,
        };
        assert_eq!(now, want, "{}", person.person);
    }
}

#[tokio::test]
async fn in_the_night_in_which_an_hour_comes_twice_the_schedule_says_it_once() {
    let night = "2026-11-01T05:58:40Z".parse().unwrap();
    let floor = Floor::with(|o| {
        o.clock = Clock::fixed(night);
        o.agents = 60;
    })
    .await;
    let text = floor.running.schedule_csv();
    let rows: Vec<_> =
        csv::Reader::from_reader(text.as_bytes()).into_records().map(Result::unwrap).collect();
    let wall = |date: &str, time: &str| {
        format!("{date}T{time}:00").parse::<chrono::NaiveDateTime>().unwrap()
    };
    let ends = |row: &csv::StringRecord| {
        let (start, end) = (wall(&row[1], &row[2]), wall(&row[1], &row[3]));
        if end <= start { end + TimeDelta::days(1) } else { end }
    };
    let mut in_that_hour = 0;
    for pair in rows.windows(2).filter(|pair| pair[0][0] == pair[1][0]) {
        let (end, next) = (ends(&pair[0]), wall(&pair[1][1], &pair[1][2]));
        assert!(end <= next, "{pair:?}");
        assert!(end - wall(&pair[0][1], &pair[0][2]) < TimeDelta::hours(10), "{pair:?}");
        in_that_hour += usize::from(&pair[0][1] == "2026-11-01" && pair[0][3].starts_with("01:"));
    }
    assert!(in_that_hour > 0, "nobody does anything in that hour");
}

#[tokio::test]
async fn the_files_are_private_and_the_config_is_toml() {
    use std::os::unix::fs::PermissionsExt;
    let floor = Floor::with(|o| o.dialect = Dialect::Mixed).await;
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("roster.csv"), "old").unwrap();
    floor.running.write(dir.path()).unwrap();
    for name in ["config.toml", "roster.csv", "schedule.csv"] {
        let mode = std::fs::metadata(dir.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    let text = std::fs::read_to_string(dir.path().join("config.toml")).unwrap();
    let config: toml::Table = text.parse().unwrap();
    let sources = config["source"].as_array().unwrap();
    let kinds: Vec<_> = sources.iter().map(|s| s["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["convoso", "cxengage", "wfm", "sipio"]);
    let secrets = floor.running.credentials();
    assert_eq!(sources[0]["auth_token"].as_str(), Some(&*secrets.auth_token));
    assert_eq!(sources[0]["url"].as_str(), Some(&*format!("{}/v1", floor.running.url())));
    assert_eq!(sources[1]["password"].as_str(), Some(&*secrets.password));
    assert_eq!(sources[2]["url"].as_str(), Some(&*floor.running.url()));
    assert_eq!(sources[3]["api_key"].as_str(), Some(&*secrets.api_key));
}
