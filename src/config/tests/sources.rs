//! What each kind of source takes, and several of a kind.

use std::collections::HashSet;

use super::*;
use crate::model::Side;
use crate::source::SipIoSettings;

fn sipio(config: &Config, at: usize) -> &SipIoSettings {
    match &config.sources[at].vendor {
        VendorSettings::SipIo(settings) => settings,
        other => panic!("not sip.io: {other:?}"),
    }
}

/// The one line about what is wrong with `text`.
fn mistake(text: &str) -> String {
    let lines = mistakes(text);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines[0].clone()
}

#[test]
fn a_sipio_account_needs_an_address_and_a_key() {
    let config = parse(SIPIO).unwrap_or_else(|problems| panic!("{problems}"));
    let source = &config.sources[0];
    assert_eq!((source.name.as_str(), source.kind()), ("sipio", SourceKind::SipIo));
    assert_eq!(source.poll, Duration::from_secs(15));
    let settings = sipio(&config, 0);
    assert_eq!(settings.account.url.as_str(), "https://api.sip.io/v1");
    assert!(
        matches!(&settings.account.api_key, Secret::Env(name) if name == "FLOORWATCH_TEST_UNSET")
    );
    assert!(source.sides().is_empty());
    assert!(config.notices.iter().all(|notice| !notice.contains("sipio")), "{:?}", config.notices);
}

#[test]
fn a_sipio_account_counts_its_day_as_the_floor_does() {
    let floor = "[floor]\ntimezone = \"Asia/Kolkata\"\nday_starts = \"05:30\"\n";
    let config = parse(&format!("{floor}{SIPIO}poll = \"5s\"\nexclude = [\"1\"]\n")).unwrap();
    let settings = sipio(&config, 0);
    assert_eq!(settings.timezone, Tz::Asia__Kolkata);
    assert_eq!(settings.day_starts, NaiveTime::from_hms_opt(5, 30, 0).unwrap());
    assert_eq!(config.sources[0].poll, Duration::from_secs(5));
    assert!(config.sources[0].exclude.contains(&AgentId::from("1")));
}

#[test]
fn mistakes_about_a_sipio_account_are_named() {
    let with = |line: &str| format!("{SIPIO}{line}\n");
    let key = "{ env = \"FLOORWATCH_TEST_UNSET\" }";
    for (text, says) in [
        (
            SIPIO.replace("https", "http"),
            "config.toml:4: found a `url` to `api.sip.io` over http; allowed: https; http for loopback addresses only",
        ),
        (
            SIPIO.replace("url =", "ca_file = \"/dev/null\" #"),
            "config.toml:2: found no `url` in [[source]] `sipio`",
        ),
        (
            SIPIO.replace("api_key =", "ca_file = \"/dev/null\" #"),
            "config.toml:2: found no `api_key` in [[source]] `sipio`; allowed: `api_key = { env = \"SIPIO_API_KEY\" }`",
        ),
        (SIPIO.replace(key, "\"\""), "config.toml:5: found an empty `api_key`"),
        (SIPIO.replace(key, "7"), "config.toml:5: found a number as `api_key`"),
        (SIPIO.replace(key, "{}"), "config.toml:5: found neither `env` nor `file` for `api_key`"),
        (with("poll = \"4s\""), "config.toml:6: found `poll = \"4s\"`; allowed: 5s to 10m"),
        (with("poll = \"11m\""), "config.toml:6: found `poll = \"11m\"`; allowed: 5s to 10m"),
        (with("pol = \"15s\""), "config.toml:6: found unknown key `pol` in [[source]] `sipio`"),
        (with("auth_token = \"x\""), "unknown key `auth_token` in [[source]] `sipio`"),
        (with("history_poll = \"1m\""), "unknown key `history_poll` in [[source]] `sipio`"),
        (
            SIPIO.replace("\"sipio\"", "\"sip.io\""),
            "found `kind = \"sip.io\"`; allowed: convoso, cxengage, sipio, wfm; hint: did you mean `sipio`?",
        ),
    ] {
        let line = mistake(&text);
        assert!(line.contains(says), "{says}\nnot in\n{line}");
    }
    let local = SIPIO.replace("https://api.sip.io", "http://127.0.0.1:8080");
    assert_eq!(sipio(&parse(&local).unwrap(), 0).account.url.as_str(), "http://127.0.0.1:8080/v1");
}

#[test]
fn an_api_key_is_kept_secret() {
    let plain = SIPIO.replace("{ env = \"FLOORWATCH_TEST_UNSET\" }", "\"sk_s3cret\"");
    let config = parse(&plain).unwrap();
    assert!(matches!(sipio(&config, 0).account.api_key, Secret::Plain(_)));
    assert!(!format!("{config:?}").contains("s3cret"));
    let public = Config::parse(&plain, Path::new(""), false).unwrap_err().to_string();
    assert!(public.contains("`api_key` in plain text in a file that others can read"), "{public}");
    assert!(!public.contains("s3cret"), "{public}");
    let file = SIPIO.replace("env = \"FLOORWATCH_TEST_UNSET\"", "file = \"key\"");
    let config = Config::parse(&file, Path::new("/etc/floor"), false).unwrap();
    let Secret::File(path) = &sipio(&config, 0).account.api_key else { panic!("not a file") };
    assert_eq!(path, Path::new("/etc/floor/key"));
}

#[test]
fn the_history_is_read_unless_it_is_off_or_there_is_no_room_for_it() {
    let minute = Some(Duration::from_secs(60));
    for (lines, poll, notices) in [
        ("", minute, 0),
        ("history_poll = \"off\"", None, 0),
        ("history_poll = \"10s\"", Some(Duration::from_secs(10)), 0),
        ("max_requests_per_minute = 24\nhistory_poll = \"10s\"", minute, 0),
        ("history_poll = \"1h\"", Some(Duration::from_secs(3600)), 0),
        ("max_requests_per_minute = 24", minute, 0),
        ("max_requests_per_minute = 23", None, 1),
        ("max_requests_per_minute = 23\nhistory_poll = \"off\"", None, 0),
    ] {
        let config = parse(&format!("{CONVOSO}{lines}\n")).unwrap();
        assert_eq!(convoso(&config).history_poll, poll, "{lines}");
        let about = config.notices.iter().filter(|notice| notice.contains("no history is read"));
        assert_eq!(about.count(), notices, "{:?}", config.notices);
        let sides = config.sources[0].sides();
        assert_eq!(sides, Vec::from_iter(poll.map(|poll| (Side::History, poll))));
    }
    for (line, says) in [
        ("history_poll = \"9s\"", "found `history_poll = \"9s\"`; allowed: 10s to 1h, or \"off\""),
        ("history_poll = \"61m\"", "allowed: 10s to 1h, or \"off\""),
        ("history_poll = \"of\"", "found `history_poll = \"of\"`; allowed: 10s to 1h, or \"off\""),
        ("history_poll = false", "found a truth value as `history_poll`"),
        ("history_poll = 60", "allowed: a text with a unit, 10s to 1h, or \"off\""),
    ] {
        let line = mistake(&format!("{CONVOSO}{line}\n"));
        assert!(line.contains(says), "{says}\nnot in\n{line}");
    }
}

/// `source`, called `name`.
fn called(source: &str, name: &str) -> String {
    format!("{source}name = \"{name}\"\n")
}

#[test]
fn there_may_be_several_of_a_kind_under_different_names() {
    let names = ["east", "west", "a", "b", "c", "phones", "old phones", "wfm 1", "wfm 2"];
    let kinds = [CONVOSO, CONVOSO, CXENGAGE, CXENGAGE, CXENGAGE, SIPIO, SIPIO, WFM, WFM];
    let sections: Vec<String> =
        kinds.iter().zip(names).map(|(source, name)| called(source, name)).collect();
    let dir = tempfile::tempdir().unwrap();
    let roster =
        format!("person,{}\njane,1,1,c-1,,c-3,7,8,E1,E1\nbob,2,,,c-2,,,,,\n", names.join(","));
    std::fs::write(dir.path().join("roster.csv"), roster).unwrap();
    let floor = "[floor]\ntimezone = \"UTC\"\nroster = \"roster.csv\"\n";
    let config = Config::parse(&format!("{floor}{}", sections.concat()), dir.path(), true);
    let config = config.unwrap_or_else(|problems| panic!("{problems}"));
    let found: Vec<&str> = config.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(found, names);
    let jane = &config.roster.people()[0];
    let ids: HashSet<(&str, &str)> =
        jane.ids.iter().map(|(source, id)| (source.as_str(), id.as_str())).collect();
    let expected = [
        ("east", "1"),
        ("west", "1"),
        ("a", "c-1"),
        ("c", "c-3"),
        ("phones", "7"),
        ("old phones", "8"),
        ("wfm 1", "E1"),
        ("wfm 2", "E1"),
    ];
    assert_eq!(ids, HashSet::from(expected), "the same id at two sources is two ids");
    let awaited = |at: usize| match &config.sources[at].vendor {
        VendorSettings::CxEngage(tenant) => tenant.expected.clone(),
        other => panic!("not cxengage: {other:?}"),
    };
    let expected =
        [vec![AgentId::from("c-1")], vec![AgentId::from("c-2")], vec![AgentId::from("c-3")]];
    assert_eq!([awaited(2), awaited(3), awaited(4)], expected, "each tenant waits for its own");
    assert_eq!(config.floor(Vec::new()).feeds().len(), names.len());
}

#[test]
fn several_of_a_kind_need_names_that_differ() {
    for (text, says) in [
        (format!("{SIPIO}{SIPIO}"), "found a second source `sipio`; allowed: a name of its own"),
        (
            format!("{}{}{}", CXENGAGE, called(CXENGAGE, "b"), called(CXENGAGE, "b")),
            "found a second source `b`; allowed: a name of its own",
        ),
        (format!("{WFM}{}", called(SIPIO, "wfm")), "found a second source `wfm`"),
    ] {
        let line = mistake(&text);
        assert!(line.contains(says), "{says}\nnot in\n{line}");
    }
    assert_eq!(parse(&format!("{SIPIO}{}", called(SIPIO, "sipio 2"))).unwrap().sources.len(), 2);
}

#[test]
fn each_wfm_has_a_session_of_its_own_which_its_tasks_share() {
    let of = |config: &Config, at: usize| match &config.sources[at].vendor {
        VendorSettings::Wfm(wfm) => wfm.account.clone(),
        other => panic!("not a WFM: {other:?}"),
    };
    let config = parse(&format!("{WFM}{}", called(WFM, "second"))).unwrap();
    let cookie = Secret::Plain("session=abc".into());
    of(&config, 0).session.open(&cookie).unwrap();
    assert!(of(&config, 0).session.usable().is_ok());
    assert!(of(&config, 1).session.usable().is_err());
}
