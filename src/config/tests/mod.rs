mod files;
mod private;
mod sources;

use std::path::Path;
use std::time::Duration;

use super::*;
use crate::http::Secret;
use crate::model::{Activity, AgentId, Reason, SourceKind};
use crate::source::ConvosoSettings;
use crate::vendor::convoso::Encoding;

const SAMPLE: &str = include_str!("../../../assets/config.sample.toml");

const CONVOSO: &str = r#"
[[source]]
kind = "convoso"
url = "https://api.convoso.com/v1"
auth_token = { env = "FLOORWATCH_TEST_UNSET" }
timezone = "America/Los_Angeles"
"#;

const WFM: &str = r#"
[[source]]
kind = "wfm"
url = "https://wfm.example.com"
session_cookie = { env = "FLOORWATCH_TEST_UNSET" }
"#;

const CXENGAGE: &str = r#"
[[source]]
kind = "cxengage"
url = "https://api.cxengage.net/v1"
tenant_id = "11111111-2222-3333-4444-555555555555"
username = "rta"
password = { env = "FLOORWATCH_TEST_UNSET" }
"#;

const SIPIO: &str = r#"
[[source]]
kind = "sipio"
url = "https://api.sip.io/v1"
api_key = { env = "FLOORWATCH_TEST_UNSET" }
"#;

fn parse(text: &str) -> Result<Config, Problems> {
    Config::parse(text, Path::new(""), true)
}

/// The lines of what is wrong with `text`.
fn mistakes(text: &str) -> Vec<String> {
    let problems = parse(text).expect_err(text);
    problems.to_string().lines().map(str::to_owned).collect()
}

fn convoso(config: &Config) -> &ConvosoSettings {
    match &config.sources[0].vendor {
        VendorSettings::Convoso(settings) => settings,
        other => panic!("not convoso: {other:?}"),
    }
}

#[test]
fn the_sample_parses_and_states_the_defaults() {
    let sample = parse(SAMPLE).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(sample.notices, Vec::<String>::new());
    let bare = parse(&format!("{CONVOSO}{CXENGAGE}{SIPIO}{WFM}")).unwrap();
    assert_eq!(sample.thresholds, bare.thresholds);
    assert_eq!(sample.thresholds, Thresholds::default());
    assert_eq!(sample.adherence, bare.adherence);
    assert_eq!(sample.kiosk, bare.kiosk);
    assert_eq!(
        (sample.journal.clone(), bare.journal.clone()),
        (JournalPlace::default(), JournalPlace::default())
    );
    assert_eq!(sample.floor.day_starts, bare.floor.day_starts);
    assert_eq!(sample.sources.len(), bare.sources.len());
    for (ours, theirs) in sample.sources.iter().zip(&bare.sources) {
        assert_eq!(ours.name, theirs.name);
        assert_eq!(ours.poll, theirs.poll);
        assert_eq!(ours.exclude, theirs.exclude);
    }
    let (ours, theirs) = (convoso(&sample), convoso(&bare));
    assert_eq!(ours.account.encoding, theirs.account.encoding);
    assert_eq!(ours.max_requests_per_minute, theirs.max_requests_per_minute);
    assert_eq!(ours.filter, theirs.filter);
    assert_eq!(ours.queues, theirs.queues);
}

#[test]
fn what_the_sample_offers_as_optional_is_understood() {
    let optional: String = SAMPLE
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest)
                if rest.contains(" = ")
                    && !rest.contains("csv")
                    && !rest.contains("pem")
                    && !rest.starts_with("A credential") =>
            {
                format!("{rest}\n")
            }
            _ => format!("{line}\n"),
        })
        .collect();
    let config = parse(&optional).unwrap_or_else(|problems| panic!("{problems}"));
    let settings = convoso(&config);
    assert_eq!(settings.filter.campaign_id.as_deref(), Some("111"));
    assert_eq!(settings.status_map["MANUAL"], Activity::OnContact);
    assert_eq!(settings.status_map["COACH"], Activity::Away(Reason::Meeting));
    assert_eq!(config.sources[0].reason_map["comfort break"], Reason::Break);
}

#[test]
fn the_minimal_config_is_one() {
    let config = parse(place::MINIMAL).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(config.floor.name, "My floor");
    assert_eq!(config.sources[0].name.as_str(), "convoso");
    assert_eq!(config.sources[0].poll, Duration::from_secs(3));
}

#[test]
fn every_key_reaches_its_setting() {
    let config = parse(
        r#"
[floor]
name = "Tampa"
timezone = "America/New_York"
day_starts = "05:30"
[[source]]
name = "dialer"
kind = "convoso"
url = "http://127.0.0.1:8080/v1/"
auth_token = "s3cret"
poll = "5s"
request = "query"
max_requests_per_minute = 30
queues = ["222", "223"]
exclude = ["9001"]
skills = ["english"]
timezone = "UTC"
[[source]]
kind = "wfm"
url = "http://[::1]:9/wfm"
session_cookie = "session=abc=="
conflicts = true
[thresholds.away.lunch]
critical = "2h"
[thresholds.away.Coaching]
warn = "10m"
critical = "20m"
[thresholds.logged_in]
warn = "1m"
critical = "1m"
[adherence]
grace = "0s"
[journal]
retention = "90d"
directory = "kept"
[kiosk]
names = "initials"
[ui]
theme = "mono"
"#,
    )
    .unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(config.floor.day_starts, NaiveTime::from_hms_opt(5, 30, 0).unwrap());
    assert_eq!(config.floor.timezone, Tz::America__New_York);
    let dialer = convoso(&config);
    assert_eq!(dialer.account.url.as_str(), "http://127.0.0.1:8080/v1");
    assert_eq!(dialer.account.encoding, Encoding::Query);
    assert_eq!(dialer.max_requests_per_minute, 30);
    assert_eq!(dialer.queues, ["222", "223"]);
    assert_eq!(dialer.timezone, Tz::UTC);
    assert!(config.sources[0].exclude.contains(&AgentId::from("9001")));
    let VendorSettings::Wfm(wfm) = &config.sources[1].vendor else { panic!("not a WFM") };
    assert!(wfm.conflicts);
    assert_eq!(wfm.timezone, Tz::America__New_York);
    let limit = |reason| config.thresholds.of(&Activity::Away(reason)).unwrap();
    assert_eq!(limit(Reason::Lunch).warn, chrono::TimeDelta::hours(1));
    assert_eq!(limit(Reason::Lunch).critical, chrono::TimeDelta::hours(2));
    assert_eq!(limit(Reason::Other("coaching".into())).warn, chrono::TimeDelta::minutes(10));
    assert!(config.thresholds.of(&Activity::LoggedIn).is_some());
    assert_eq!(config.adherence.grace, chrono::TimeDelta::zero());
    assert_eq!(config.kiosk.names, Names::Initials);
    assert_eq!(config.journal.retention, chrono::TimeDelta::days(90));
    assert!(config.journal.directory.as_ref().is_some_and(|directory| directory.ends_with("kept")));
    assert_eq!(config.theme.as_deref(), Some("mono"));
    assert!(!format!("{config:?}").contains("s3cret"));
}

/// Each bad config, and what the one line about it says.
#[test]
fn a_mistake_is_one_line_with_what_was_found_and_what_is_allowed() {
    let source = |line: &str| format!("{CONVOSO}{line}\n");
    let wfm = |line: &str| format!("{WFM}{line}\n");
    let other = |line: &str| format!("{line}\n{CONVOSO}");
    let table: Vec<(String, &str)> = vec![
        (
            other("[flor]"),
            "config.toml:1: found unknown key `flor` in the file; allowed: floor, source, thresholds, adherence, journal, kiosk, ui; hint: did you mean `floor`?",
        ),
        (
            other("[floor]\nnam = \"x\""),
            "config.toml:2: found unknown key `nam` in [floor]; allowed: name, timezone, day_starts, roster, schedule; hint: did you mean `name`?",
        ),
        (other("floor = 3"), "config.toml:1: found a number as `floor`; allowed: a table, [floor]"),
        (
            other("[floor]\nname = 3"),
            "config.toml:2: found a number as `name`; allowed: a text in quotes; hint: write it in quotes",
        ),
        (other("[floor]\nname = \"\""), "config.toml:2: found an empty `name`; allowed: a text"),
        (
            other("[floor]\ntimezone = \"America/NewYork\""),
            "config.toml:2: found `timezone = \"America/NewYork\"`; allowed: an IANA time zone, such as America/New_York; hint: did you mean `America/New_York`?",
        ),
        (
            other("[floor]\nday_starts = \"25:00\""),
            "config.toml:2: found `day_starts = \"25:00\"`; allowed: a time of day, 00:00 to 23:59",
        ),
        (
            source("poll = 15"),
            "config.toml:7: found `poll = 15`, which has no unit; allowed: a text with a unit, 1s to 10m; hint: write `poll = \"15s\"`",
        ),
        (
            source("poll = \"15\""),
            "config.toml:7: found `poll = \"15\"`; allowed: 1s to 10m; hint: write \"15s\"",
        ),
        (source("poll = \"500ms\""), "config.toml:7: found `poll = \"500ms\"`; allowed: 1s to 10m"),
        (source("poll = \"11m\""), "config.toml:7: found `poll = \"11m\"`; allowed: 1s to 10m"),
        (wfm("poll = \"4s\""), "config.toml:6: found `poll = \"4s\"`; allowed: 5s to 10m"),
        (source("pol = \"3s\""), "hint: did you mean `poll`?"),
        (
            source("tenant_id = \"x\""),
            "config.toml:7: found unknown key `tenant_id` in [[source]] `convoso`",
        ),
        (
            source("request = \"get\""),
            "config.toml:7: found `request = \"get\"`; allowed: form, query, json",
        ),
        (
            source("max_requests_per_minute = 0"),
            "config.toml:7: found `max_requests_per_minute = 0`; allowed: a whole number from 1 to 6000",
        ),
        (
            source("max_requests_per_minute = 10"),
            "config.toml:7: found `max_requests_per_minute = 10`, where `poll = \"3s\"` alone takes 20; allowed: at least 20, or a longer poll",
        ),
        (
            source("queues = [222]"),
            "config.toml:7: found a number in `queues`; allowed: texts in quotes, none of them empty",
        ),
        (
            source("exclude = \"9001\""),
            "config.toml:7: found a text as `exclude`; allowed: a list of texts, [\"…\"]",
        ),
        (source("status_map = { MANUAL = \"on_contakt\" }"), "hint: did you mean `on_contact`?"),
        (
            source("reason_map = { Comfort = \"brake\" }"),
            "config.toml:7: found `Comfort = \"brake\"` in `reason_map`; allowed: break, lunch, meeting, training, unspecified; hint: did you mean `break`?",
        ),
        (
            source("ca_file = \"/none.pem\""),
            "config.toml:7: found `ca_file = \"/none.pem\"`, which cannot be read",
        ),
        (
            source("name = \"email\""),
            "config.toml:7: found `name = \"email\"`; allowed: another name",
        ),
        (
            source("name = \"floorwatch\""),
            "config.toml:7: found `name = \"floorwatch\"`; allowed: another name; hint: the program's own alerts bear that one",
        ),
        (
            source(CONVOSO),
            "config.toml:8: found a second source `convoso`; allowed: a name of its own for each source; hint: the first is on line 2; set `name`",
        ),
        (
            wfm("conflicts = \"no\""),
            "config.toml:6: found a text as `conflicts`; allowed: true, false",
        ),
        (
            other("[thresholds.available]\nwarn = \"6m\""),
            "config.toml:2: found `warn = \"6m\"` after `critical = \"5m\"` (the default) in [thresholds.available]; allowed: warn at or before critical",
        ),
        (
            other("[thresholds.away.lunch]\nwarn = \"2m\"\ncritical = \"1m\""),
            "config.toml:2: found `warn = \"2m\"` after `critical = \"1m\"` in [thresholds.away.lunch]",
        ),
        (
            other("[thresholds.logged_in]\nwarn = \"6m\""),
            "config.toml:1: found no `critical` in [thresholds.logged_in]; allowed: `critical = \"5m\"`",
        ),
        (
            other("[thresholds.avail]\nwarn = \"1m\""),
            "config.toml:1: found unknown key `avail` in [thresholds]",
        ),
        (
            other("[thresholds.away]\nlunch = \"1m\""),
            "config.toml:2: found unknown key `lunch` in [thresholds.away]",
        ),
        (
            other("[thresholds.away.lunch]\nwarm = \"1m\""),
            "config.toml:2: found unknown key `warm` in [thresholds.away.lunch]; allowed: warn, critical; hint: did you mean `warn`?",
        ),
        (
            other("[adherence]\ngrace = \"20m\""),
            "config.toml:2: found `grace = \"20m\"` after `severe = \"15m\"` in [adherence]",
        ),
        (
            other("[journal]\nretention = \"401d\""),
            "config.toml:2: found `retention = \"401d\"`; allowed: 24h to 400d",
        ),
        (
            other("[journal]\nretention = 35"),
            "config.toml:2: found `retention = 35`, which has no unit; allowed: a text with a unit, 24h to 400d; hint: write `retention = \"35h\"` or `retention = \"35d\"`",
        ),
        (
            other("[journal]\nretention = \"20\""),
            "config.toml:2: found `retention = \"20\"`; allowed: 24h to 400d; hint: write \"20d\"",
        ),
        (
            other("[journal]\nkept = \"35d\""),
            "config.toml:2: found unknown key `kept` in [journal]; allowed: retention, directory",
        ),
        (
            other("[kiosk]\nnames = \"none\""),
            "config.toml:2: found `names = \"none\"`; allowed: full, first, initials, hidden",
        ),
        (
            other("[kiosk]\nrotate = \"1s\""),
            "config.toml:2: found `rotate = \"1s\"`; allowed: 2s to 1h",
        ),
        (
            other("[ui]\ntheme = \"nosuch\""),
            "config.toml:2: found `theme = \"nosuch\"`; allowed: dark, light, mono, or a theme file; \
             hint: there is no theme `nosuch`: use dark, light or mono, or the path of a theme file",
        ),
        (
            other("[ui]\ntheme = true"),
            "config.toml:2: found a truth value as `theme`; allowed: a text in quotes",
        ),
        (
            "".into(),
            "config.toml:1: found no [[source]]; allowed: at least one, of kind convoso, cxengage, sipio, wfm",
        ),
        (
            "[[source]]\nname = \"x\"".into(),
            "config.toml:1: found no `kind` in [[source]]; allowed: convoso, cxengage, sipio, wfm",
        ),
        (
            CONVOSO.replace("\"convoso\"", "\"convosso\""),
            "config.toml:3: found `kind = \"convosso\"`; allowed: convoso, cxengage, sipio, wfm; hint: did you mean `convoso`?",
        ),
        (
            CONVOSO.replace("https://api", "http://api"),
            "config.toml:4: found a `url` to `api.convoso.com` over http; allowed: https; http for loopback addresses only",
        ),
        (CONVOSO.replace("https://", ""), "config.toml:4: found a `url` that is no address"),
        (CONVOSO.replace("https://", "ftp://"), "config.toml:4: found a `url` with scheme `ftp`"),
        (
            CONVOSO.replace("/v1", "/v1?auth_token=s3cret"),
            "config.toml:4: found a `url` with a `?` or `#` in it",
        ),
        (
            CONVOSO.replace("https://", "https://me:s3cret@"),
            "config.toml:4: found a `url` with a user name or password in it",
        ),
        (
            CONVOSO.replace("url =", "ca_file = \"/dev/null\" #"),
            "config.toml:2: found no `url` in [[source]] `convoso`",
        ),
        (
            CONVOSO.replace("{ env = \"FLOORWATCH_TEST_UNSET\" }", "{}"),
            "config.toml:5: found neither `env` nor `file` for `auth_token`",
        ),
        (
            CONVOSO.replace("{ env", "{ file = \"x\", env"),
            "config.toml:5: found both `env` and `file` for `auth_token`; allowed: one of them",
        ),
        (CONVOSO.replace("{ env", "{ evn"), "hint: did you mean `env`?"),
        (
            CONVOSO.replace("{ env = \"FLOORWATCH_TEST_UNSET\" }", "12345"),
            "config.toml:5: found a number as `auth_token`",
        ),
        (
            CXENGAGE.replace("11111111-", ""),
            "config.toml:5: found `tenant_id = \"2222-3333-4444-555555555555\"`; allowed: a UUID",
        ),
        (
            CXENGAGE.replace("username = \"rta\"", ""),
            "config.toml:2: found no `username` in [[source]] `cxengage`",
        ),
        (
            WFM.replace("{ env = \"FLOORWATCH_TEST_UNSET\" }", "\"sk_s3cret\""),
            "config.toml:5: found a `session_cookie` that is no cookie; allowed: the whole cookie, `name=value`; hint: an API key does not open these endpoints",
        ),
        (source("poll = 3s"), "config.toml:7: found broken syntax: "),
        (source("poll = \"3s"), "config.toml:7: found broken syntax: "),
        (other("[floor"), "config.toml:1: found broken syntax: "),
        (
            other("[floor]\nname = \"a\"\nname = \"b\""),
            "config.toml:3: found broken syntax: duplicate key",
        ),
    ];
    for (text, says) in table {
        let lines = mistakes(&text);
        assert!(
            lines.iter().any(|line| line.contains(says)),
            "{says}\nnot in\n{}",
            lines.join("\n")
        );
        assert!(!lines.join("").contains("s3cret"), "{lines:?}");
        let is_about_env = says.contains("`env`");
        assert!(lines.len() == 1 || is_about_env, "{says}\nnot alone:\n{}", lines.join("\n"));
    }
}

#[test]
fn all_mistakes_are_reported_at_once_in_the_order_of_lines() {
    let text = "[floor]\nday_starts = \"x\"\n\n[[source]]\nkind = \"convoso\"\nurl = \"http://a.b\"\npoll = 3\n\n[kiosk]\nname = \"full\"\n";
    let lines = mistakes(text);
    let starts: Vec<&str> = lines.iter().map(|line| line.split(" found").next().unwrap()).collect();
    let expected =
        ["config.toml:2:", "config.toml:4:", "config.toml:6:", "config.toml:7:", "config.toml:10:"];
    assert_eq!(starts, expected, "{lines:#?}");
}

#[test]
fn a_broken_value_does_not_hide_the_other_mistakes_nor_invent_some() {
    let text = "[floor]\nday_starts = \"x\"\n[[source]]\nkind = \"convoso\"\nurl = https\nauth_token = { env = \"X\" }\ntimezone = \"UTC\"\n";
    let lines = mistakes(text);
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with("config.toml:2:") && lines[1].starts_with("config.toml:5:"));
}

#[test]
fn a_zone_that_is_none_suggests_a_place_and_never_a_fixed_offset() {
    for (written, suggested) in [
        ("EST5", Some("America/New_York")),
        ("est", Some("America/New_York")),
        ("PST/PDT", Some("America/Los_Angeles")),
        ("MST7X", Some("America/Denver")),
        ("America/NewYork", Some("America/New_York")),
        ("Eurpoe/Berlin", Some("Europe/Berlin")),
        ("Nowhere at all", None),
    ] {
        let hint = zone(written).err().and_then(|expected| expected.hint);
        let expected = suggested.map(|name| format!("did you mean `{name}`?"));
        assert_eq!(hint, expected, "{written}");
    }
}
