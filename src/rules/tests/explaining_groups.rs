//! What the figures of several people together are made of, and why alerts are one line.

use super::*;
use crate::model::{
    AdherenceSummary, Alert, AlertKey, AlertKind, AlertStatus, Failure, FailureKind, KnownAlert,
    Outcome, Report,
};
use crate::rules::explain::{Group, fold, group};

/// What several people of one source do, in one reading.
fn lists(floor: &mut Floor, source: &str, now: i64, observations: Vec<Observation>) {
    // What a WFM counts itself: itself alone knows how.
    let count = AdherenceSummary { total: 3, adherent: 2, percentage: None };
    let body = Body::Agents {
        observations,
        coverage: Coverage::Part,
        summary: (source == "wfm").then_some(count),
        histories: Vec::new(),
    };
    let (source, taken_at) = (source.into(), at(now));
    floor.apply(Reading { source, taken_at, as_of: taken_at, skipped: 0, body }, at(now));
}

fn fails(floor: &mut Floor, source: &str, now: i64) {
    let failure = Failure { kind: FailureKind::Transient, text: "no route".to_owned() };
    let outcome = Outcome::Failed(failure);
    let report = Report {
        source: source.into(),
        at: at(now),
        outcome,
        clock_offset: None,
        took: TimeDelta::zero(),
        next_at: None,
        way_back: None,
        unread: Vec::new(),
    };
    floor.report(report, at(now));
}

fn who(agent: &str, of: Observation) -> Observation {
    Observation { agent: agent.into(), ..of }
}

fn explained(floor: &Floor, team: Option<&str>, now: i64) -> Vec<Explanation> {
    let (limits, now) = (Limits::default(), at(now));
    let mut muster = Muster::default();
    for person in floor.people() {
        let headline = floor.headline(person, now);
        let adherence = adherence(floor, person, &headline, now);
        let found = findings_beside(floor, person, &headline, adherence.as_ref(), &limits, now);
        let is_lost = lost(floor, person, &headline, now).is_some();
        muster.add(&headline, &found, adherence.as_ref(), is_lost);
    }
    let day = floor.day_start(now);
    let each: Vec<_> =
        floor.people().iter().map(|person| figures_over(floor, person, day, now, now)).collect();
    let figures = Figures::together(&each);
    group(floor, &Group { team, muster: &muster, figures: figures.as_ref() }, &limits, now)
}

fn about<'a>(all: &'a [Explanation], what: &str) -> &'a Explanation {
    let found = all.iter().find(|explanation| explanation.what.starts_with(what));
    found.unwrap_or_else(|| panic!("nothing about {what}: {all:#?}"))
}

fn values<'a>(explanation: &'a Explanation, name: &str) -> Vec<Option<&'a str>> {
    let named = explanation.inputs.iter().filter(|input| input.name == name);
    named.map(|input| input.value.as_deref()).collect()
}

/// Three at the dialer, and four whom the WFM alone knows beside Jane, who is there too.
fn busy() -> Floor {
    let mut floor = floor();
    lists(
        &mut floor,
        "dialer",
        0,
        vec![
            who("1", doing(Activity::Available, -400)),
            who("2", doing(Activity::OnContact, -600)),
            who("3", doing(Activity::WrapUp, -90)),
        ],
    );
    lists(
        &mut floor,
        "wfm",
        0,
        vec![
            who("1", scheduled(Scheduled::Available, true, -400)),
            who("7", scheduled(Scheduled::Away(Reason::Lunch), false, -1)),
            who("8", scheduled(Scheduled::Off, true, -400)),
            who("9", scheduled(Scheduled::Off, false, -400)),
        ],
    );
    floor
}

#[test]
fn who_counts_is_summed_up_by_what_they_do() {
    let all = explained(&busy(), None, 1);
    let counted = about(&all, "Who counts: 6, ");
    let sum = &counted.arithmetic[0];
    assert!(sum.ends_with(" = 6 people"), "{sum}");
    assert_eq!(values(counted, "on contact"), [Some("1")]);
    assert!(about(&explained(&busy(), Some("Blue"), 1), "Who").rule.contains("in the team"));
}

#[test]
fn the_head_count_leaves_out_who_is_off_and_stands_beside_the_wfms_own() {
    let all = explained(&busy(), None, 1);
    let heads = about(&all, "Adherent now: 1 of 2 (50 %)");
    assert_eq!(
        heads.arithmetic,
        [
            "wfm counts by its own rules whom this login may see",
            "1 adherent + 1 out = 2 of whom it can be said",
            "100 x 1 / 2 = 50 %",
            "out counts from its first moment: a grace delays only the alarm",
            "not counted: 2 scheduled off, 0 exempt, 2 without a schedule",
        ]
    );
    assert_eq!(values(heads, "its own count"), [Some("2 of 3")]);
    let theirs = heads.inputs.iter().find(|input| input.name == "its own count").unwrap();
    assert_eq!(theirs.age, Some(TimeDelta::seconds(1)));
    let team = explained(&busy(), Some("Blue"), 1);
    assert!(values(about(&team, "Adherent now"), "its own count").is_empty());
}

#[test]
fn whoever_has_flags_counts_once_and_every_key_that_governs_them_is_named() {
    let all = explained(&busy(), None, 1);
    let attention = about(&all, "Attention: 3 !!, 2 !");
    assert_eq!(values(attention, "critical"), [Some("3 over threshold")]);
    assert_eq!(values(attention, "warn"), [Some("2 over threshold")]);
    let keys = &attention.config;
    let wrap_up = r#"thresholds.wrap_up: warn = "1m", critical = "5m""#;
    for key in [wrap_up, r#"adherence.grace = "2m""#, r#"adherence.severe = "15m""#] {
        assert!(keys.iter().any(|found| found == key), "{keys:#?}");
    }
}

#[test]
fn the_times_add_up_to_everybodys_window_and_make_the_shares() {
    let mut floor = floor();
    let both = |first, second| vec![who("1", first), who("2", second)];
    for now in 0..=40 {
        let (talks, waits) = (doing(Activity::OnContact, 0), doing(Activity::Available, 0));
        lists(&mut floor, "dialer", now, both(talks, waits));
    }
    let all = explained(&floor, None, 40);
    let day = about(&all, "Day, all systems: 00:00:00 to 16:00:40, 0:01:20 of it known");
    let sum = "0:00:40 + 0:00:40 + 32:00:00 = 32:01:20: 2 people, 16:00:40 each";
    assert_eq!(day.arithmetic[0], sum);
    let occupancy = about(&all, "Occupancy: ~50 %");
    let line = "100 x (0:00:40 + 0:00:00) / (0:00:40 + 0:00:00 + 0:00:40) = 50 %";
    assert_eq!(occupancy.arithmetic[0], line);
}

#[test]
fn figures_whose_sources_are_silent_are_unknown_or_say_so() {
    let mut floor = busy();
    fails(&mut floor, "dialer", 2);
    fails(&mut floor, "wfm", 2);
    let all = explained(&floor, None, 3);
    let heads = about(&all, "Adherent now: cannot be said");
    assert_eq!(values(heads, "schedule"), [Some("stale: no route")]);
    assert_eq!(values(heads, "adherent"), [None]);
    let line = "wfm gives no data since 16:00:00: whom a schedule file judges meanwhile are no share of all";
    assert_eq!(heads.arithmetic[0], line);
    for figure in ["Day", "Logged in", "Handle", "Occupancy", "Utilization", "Adherence:", "Conf"] {
        let found = about(&all, figure);
        let last = found.arithmetic.last().unwrap();
        assert!(last.starts_with("dialer gives no data since 16:00:00; cx has"), "{found:#?}");
    }
    let sources = about(&all, "Sources: 0 of 4 live");
    assert_eq!(values(sources, "reading")[0], Some("stale: no route"));
}

#[test]
fn before_any_source_has_spoken_nothing_is_claimed() {
    let floor = floor();
    let mut muster = Muster::default();
    muster.totals = floor.totals(at(0));
    let none = figures_over(&floor, &floor.people()[0], at(-3600), at(0), at(0));
    let of_all = Group { team: None, muster: &muster, figures: Some(&none) };
    let all = group(&floor, &of_all, &Limits::default(), at(0));
    let what: Vec<_> = all.iter().map(|explanation| explanation.what.as_str()).collect();
    assert_eq!(
        what,
        [
            "Who counts: 1, logged in unknown",
            "Adherent now: cannot be said",
            "Attention: unknown",
            "Day, all systems: unknown",
            "Sources: 0 of 4 live",
        ]
    );
    for (what, name) in [("Adherent", "adherent"), ("Adherent", "out"), ("Attention", "critical")] {
        assert_eq!(values(about(&all, what), name), [None], "{name}");
    }
}

#[test]
fn a_fold_says_what_its_alerts_have_in_common_and_how_close_they_are() {
    let late = |id: &str, raised: i64| KnownAlert {
        key: AlertKey { source: "wfm".into(), id: id.into() },
        alert: Alert {
            id: id.into(),
            agent: id.into(),
            name: None,
            kind: AlertKind::LateStart,
            message: "late".to_owned(),
            status: AlertStatus::Active,
            created_at: Some(at(raised)),
            acknowledged_at: None,
            resolved_at: None,
            notes: None,
        },
        as_of: at(0),
        listed: true,
    };
    let alerts = [late("b", -30), late("a", -210)];
    let members: Vec<_> = alerts.iter().collect();
    let found = fold(&floor(), &members, at(6)).unwrap();
    assert_eq!(found.what, "Fold: 2 alerts, late start");
    assert!(found.rule.contains("within 5 minutes of the first"), "{found:#?}");
    assert_eq!(found.inputs[0].age, Some(TimeDelta::seconds(6)));
    assert_eq!(found.arithmetic, ["last 15:59:30 - first 15:56:30 = 0:03:00 <= 0:05:00"]);
    assert_eq!(fold(&floor(), &[], at(6)), None);
}

#[test]
fn what_a_live_source_lacks_is_explained() {
    let mut floor = floor();
    let list = |names: std::ops::Range<u32>| {
        let named = |n: u32| Observation {
            name: Some("Zo\u{fffd}".to_owned()),
            ..who(&n.to_string(), doing(Activity::Available, -400))
        };
        names.map(named).collect()
    };
    let whole = |floor: &mut Floor, now: i64, observations: Vec<Observation>| {
        let coverage = Coverage::Whole { declared: Some(30) };
        let body = Body::Agents { observations, coverage, summary: None, histories: Vec::new() };
        let taken_at = at(now);
        let source = "dialer".into();
        floor.apply(Reading { source, taken_at, as_of: taken_at, skipped: 1, body }, taken_at);
    };
    whole(&mut floor, 0, list(0..30));
    whole(&mut floor, 3, list(0..4));
    let all = explained(&floor, None, 3);
    let value = values(about(&all, "Sources:"), "reading")[0].unwrap();
    assert_eq!(
        value,
        "live, 1 records not understood, 4 hold what is no text; the last list is doubtful: it lists \
         only 4 of 30 agents; who is missing is held as stale"
    );
}
