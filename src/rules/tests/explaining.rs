//! Every explanation: the rule, the numbers that went in, the arithmetic, the key that governs it.

use std::collections::BTreeMap;

use super::*;
use crate::model::{
    AdherencePct, Alert, AlertKey, AlertKind, AlertStatus, Bucket, CampaignDay, KnownAlert, Queue,
    QueueKey, Tally, VendorKpi,
};

const PAUSED: Activity = Activity::Away(Reason::Unspecified);
const LUNCH: Activity = Activity::Away(Reason::Lunch);

fn explained(floor: &Floor, now: i64) -> Vec<Explanation> {
    let person = &floor.people()[0];
    let headline = floor.headline(person, at(now));
    let limits = Limits::default();
    let found = findings(floor, person, &headline, &limits, at(now));
    explain::person(floor, person, &headline, &found, None, &limits, at(now))
}

fn about<'a>(all: &'a [Explanation], what: &str) -> &'a Explanation {
    let found = all.iter().find(|explanation| explanation.what.starts_with(what));
    found.unwrap_or_else(|| panic!("nothing about {what}: {all:#?}"))
}

fn input<'a>(explanation: &'a Explanation, name: &str) -> &'a Input {
    let found = explanation.inputs.iter().find(|input| input.name == name);
    found.unwrap_or_else(|| panic!("no {name}: {explanation:#?}"))
}

#[test]
fn the_first_lines_answer_what_is_red_by_which_limit_since_when_and_what_is_scheduled() {
    let mut floor = floor();
    says(&mut floor, "dialer", 1_000, doing(PAUSED, 0));
    says(&mut floor, "wfm", 1_000, scheduled(Scheduled::Available, false, 0));
    let all = explained(&floor, 1_000);
    let first = &all[0];
    assert!(first.what.starts_with("!! ") && first.what.contains("16:40"), "{first:#?}");
    assert_eq!(input(first, "in this state").value.as_deref(), Some("since 16:00:00"));
    assert_eq!(input(first, "in this state").source, Some("dialer".into()));
    assert!(input(first, "past its limit").value.is_some(), "{first:#?}");
    let planned = input(first, "scheduled");
    assert_eq!(
        (planned.value.as_deref(), planned.source.clone()),
        (Some("work"), Some("wfm".into()))
    );
    assert!(first.arithmetic.iter().any(|line| line.starts_with("also !")), "{first:#?}");
    says(&mut floor, "dialer", 1_010, doing(Activity::Available, 1_005));
    says(&mut floor, "wfm", 1_010, scheduled(Scheduled::Available, true, 1_005));
    let well = explained(&floor, 1_010);
    assert_eq!(well[0].what, "Nothing wants attention: available");
    assert!(well[0].arithmetic.is_empty());
}

#[test]
fn the_state_says_who_won_by_which_rule_and_when_its_colour_turns() {
    let mut floor = floor();
    says(&mut floor, "dialer", 60, doing(Activity::OnContact, 0));
    says(&mut floor, "cx", 55, doing(Activity::Available, 10));
    says(&mut floor, "wfm", 60, doing(LUNCH, 0));
    let all = explained(&floor, 60);
    let state = about(&all, "State: on contact for 1:00");
    let statements: Vec<_> = state
        .inputs
        .iter()
        .map(|input| {
            let source = input.source.as_ref().map(ToString::to_string);
            (source.unwrap_or_default(), input.value.clone().unwrap(), input.age)
        })
        .collect();
    let says = |text: &str| format!("{text}, observed");
    assert_eq!(statements[0].0, "dialer");
    assert_eq!(statements[0].1, says("on contact (\"RAW\") since 16:00:00"));
    assert_eq!(statements[1].1, says("available (\"RAW\") since 16:00:10"));
    assert_eq!(statements[1].2, Some(TimeDelta::seconds(5)));
    assert_eq!(
        state.arithmetic,
        [
            "dialer won: on contact is busier than what cx says",
            "cx gives way: available is less busy than on contact",
            "wfm does not count: a WFM never gives the state of whom a phone system knows",
            "now 16:01:00 - 16:00:00, by dialer = 1:00 in this state",
            "warn at 5:00: will be reached at 16:05:00, in 4:00",
            "critical at 15:00: will be reached at 16:15:00, in 14:00",
        ]
    );
    assert_eq!(
        state.config,
        [r#"thresholds.on_contact.warn = "5m""#, r#"thresholds.on_contact.critical = "15m""#]
    );
}

#[test]
fn each_way_to_lose_is_named() {
    let mut floor = floor();
    says(&mut floor, "cx", 50, doing(Activity::OnContact, 0));
    says(&mut floor, "dialer", 60, doing(Activity::WrapUp, 55));
    let late = explained(&floor, 60);
    let line = "cx is merely late: it describes 16:00:50, and what dialer says began at 16:00:55";
    assert!(late[1].arithmetic.iter().any(|found| found == line), "{:#?}", late[1]);
    says(&mut floor, "cx", 70, doing(Activity::Available, 60));
    says(&mut floor, "dialer", 72, doing(Activity::WrapUp, 55));
    let no_word = explained(&floor, 72);
    let line = "cx gives way: it has no word for wrap-up, which dialer says";
    assert!(no_word[1].arithmetic.iter().any(|found| found == line), "{:#?}", no_word[1]);
    says(&mut floor, "cx", 80, doing(LUNCH, 60));
    says(&mut floor, "dialer", 82, doing(Activity::Offline, 81));
    let left = explained(&floor, 82);
    let line = "cx gives way: it has no word for the logout that dialer saw at 16:01:21";
    assert!(left[1].arithmetic.iter().any(|found| found == line), "{:#?}", left[1]);
    assert_eq!(left[1].config, [""; 0], "no threshold governs offline");
}

#[test]
fn a_reason_that_another_gives_and_a_stale_state_that_stands_still_are_said() {
    let mut floor = floor();
    says(&mut floor, "dialer", 100, doing(PAUSED, 0));
    says(&mut floor, "wfm", 100, doing(LUNCH, 0));
    let all = explained(&floor, 100);
    let line = "the reason is by wfm: dialer gives none";
    assert!(all[1].arithmetic.iter().any(|found| found == line), "{:#?}", all[1]);
    assert_eq!(all[1].config[0], r#"thresholds.away.lunch.warn = "1h""#);
    let later = explained(&floor, 400);
    let stands = "last confirmed 16:01:40 - 16:00:00, by dialer = 1:40, and standing still";
    assert!(later[1].arithmetic.iter().any(|found| found == stands), "{:#?}", later[1]);
    let nobody = explain::person(
        &floor_of(vec![]),
        &floor.people()[0],
        &floor_of(vec![]).headline(
            &crate::model::Person { presences: vec![], ..floor.people()[0].clone() },
            at(0),
        ),
        &[],
        None,
        &Limits::default(),
        at(0),
    );
    let line = "no source says anything of this person: unknown";
    assert_eq!(nobody[1].arithmetic[0], line);
    assert_eq!(
        about(&nobody, "Day, all systems").arithmetic,
        ["nothing is known of this person's day yet"]
    );
}

#[test]
fn a_floors_own_reason_is_a_key_that_the_config_takes() {
    let mut floor = floor();
    let own = Reason::Other("Comfort break".to_owned());
    says(&mut floor, "dialer", 0, doing(Activity::Away(own.clone()), -30));
    let person = &floor.people()[0];
    let headline = floor.headline(person, at(0));
    let mut limits = Limits::default();
    let limit = Limit { warn: TimeDelta::seconds(90), critical: TimeDelta::minutes(10) };
    limits.thresholds.set_away(&own, limit);
    let all = explain::person(&floor, person, &headline, &[], None, &limits, at(0));
    assert_eq!(all[1].config[0], r#"thresholds.away."comfort break".warn = "90s""#);
}

#[test]
fn every_flag_has_its_rule_its_inputs_and_its_arithmetic() {
    let mut floor = floor();
    says(&mut floor, "dialer", 7 * 3600, doing(Activity::OnContact, 0));
    says(&mut floor, "cx", 7 * 3600 - 5, doing(LUNCH, 60));
    let all = explained(&floor, 7 * 3600);
    let long = about(&all, "Flag: over threshold (critical)");
    assert_eq!(long.arithmetic, ["7:00:00 >= 15:00 (critical)", "7:00:00 >= 5:00 (warn)"]);
    let forgotten = about(&all, "Flag: forgotten (critical)");
    assert_eq!(forgotten.arithmetic, ["7:00:00 >= 6:00:00"]);
    assert_eq!(input(forgotten, "state").value.as_deref(), Some("on contact since 16:00:00"));
    let conflict = about(&all, "Flag: conflict (warn)");
    assert_eq!(
        conflict.arithmetic,
        ["now 23:00:00 - 16:01:00 (the later of the two beginnings) = 6:59:00 > 0:35"]
    );
    assert_eq!(conflict.inputs.len(), 4, "what each says, and how far each may lag");
}

#[test]
fn a_deviation_is_measured_against_the_grace_and_the_severe_limit() {
    let mut floor = floor();
    says(&mut floor, "dialer", 200, doing(PAUSED, 0));
    says(&mut floor, "wfm", 200, scheduled(Scheduled::Available, false, 0));
    let all = explained(&floor, 200);
    let out =
        all.iter().find(|e| e.config.first().is_some_and(|k| k.starts_with("adherence"))).unwrap();
    assert!(out.what.starts_with("Flag: "), "{out:#?}");
    assert_eq!(out.config, [r#"adherence.grace = "2m""#, r#"adherence.severe = "15m""#]);
    assert_eq!(input(out, "scheduled now").value.as_deref(), Some("work"));
    assert!(
        out.arithmetic.iter().any(|line| line.starts_with("grace 2:00: reached at")),
        "{out:#?}"
    );
    let severe = "severe 15:00: will be reached at";
    assert!(out.arithmetic.iter().any(|line| line.starts_with(severe)), "{out:#?}");
    says(&mut floor, "dialer", 210, doing(Activity::Available, 201));
    says(&mut floor, "wfm", 210, scheduled(Scheduled::Available, true, 201));
    let fine = explained(&floor, 210);
    assert_eq!(about(&fine, "Schedule").what, "Schedule: adherent");
}

fn vendor(occupancy: f64) -> VendorKpi {
    let minutes = TimeDelta::minutes;
    VendorKpi {
        since: at(-3600 * 16),
        as_of: at(0),
        spent: BTreeMap::from([
            (Bucket::Available, minutes(90)),
            (Bucket::OnContact, minutes(45)),
            (Bucket::WrapUp, minutes(5)),
            (Bucket::Away, minutes(10)),
        ]),
        logged_in: Some(minutes(150)),
        occupancy_pct: Some(occupancy),
        utilization_pct: Some(33.0),
        adherence: AdherencePct::Percent(92.0),
    }
}

#[test]
fn the_documents_sample_says_why_the_vendor_printed_35_where_we_have_36() {
    let mut floor = floor();
    let kpi = Some(Box::new(vendor(35.0)));
    says(&mut floor, "sip", 0, Observation { kpi, ..doing(Activity::Available, -60) });
    let all = explained(&floor, 0);
    let occupancy = about(&all, "Occupancy by sip");
    assert_eq!(
        occupancy.arithmetic,
        [
            "100 x (0:45:00 + 0:05:00) / (0:45:00 + 0:05:00 + 1:30:00) = 35.71 %, rounded half up 36 %",
            "sip prints 35 %",
            "35.71 % is 36 % rounded half up; the vendor cut the fraction off",
        ]
    );
    let utilization = about(&all, "Utilization by sip");
    let line = "100 x (0:45:00 + 0:05:00) / 2:30:00 = 33.33 %, rounded half up 33 %";
    assert_eq!(utilization.arithmetic[0], line);
}

#[test]
fn every_figure_of_the_day_shows_the_real_times_and_why_the_rest_is_unknown() {
    // The day began 16 hours before second 0; the first word is at second 0.
    let mut floor = floor();
    says(&mut floor, "dialer", 0, doing(Activity::OnContact, 0));
    for now in 1..=47 {
        says(&mut floor, "dialer", now, doing(Activity::OnContact, 0));
    }
    says(&mut floor, "dialer", 48, doing(Activity::WrapUp, 48));
    says(&mut floor, "dialer", 50, doing(Activity::WrapUp, 48));
    says(&mut floor, "dialer", 51, doing(Activity::Available, 51));
    says(&mut floor, "dialer", 60, doing(Activity::Available, 51));
    let person = &floor.people()[0];
    let since = floor.day_start(at(60));
    let figures = figures_over(&floor, person, since, at(60), at(60));
    let headline = floor.headline(person, at(60));
    let limits = Limits::default();
    let all = explain::person(&floor, person, &headline, &[], Some(&figures), &limits, at(60));
    let day = about(&all, "Day, all systems");
    let first =
        "unknown 16:00:00: before the first reading or log entry of the day (until 16:00:00)";
    assert!(day.arithmetic.iter().any(|line| line == first), "{day:#?}");
    let sum = "0:00:09 + 0:00:48 + 0:00:03 + 16:00:00 = 16:01:00, the window";
    assert_eq!(day.arithmetic[0], sum);
    assert_eq!(input(day, "by its word").value.as_deref(), Some("0:01:00"));
    let occupancy = about(&all, "Occupancy");
    assert_eq!(occupancy.what, "Occupancy: ~85 %");
    let known = "known of 0:01:00 of 16:01:00 logged in, or not known to be off: 0.1 %, less than 80 %, \
                 so it is marked ~";
    let line = "100 x (0:00:48 + 0:00:03) / (0:00:48 + 0:00:03 + 0:00:09) = 85 %";
    assert_eq!(occupancy.arithmetic, [line, known]);
    let utilization = about(&all, "Utilization: ~85 %");
    assert_eq!(utilization.arithmetic, ["100 x (0:00:48 + 0:00:03) / 0:01:00 = 85 %", known]);
    let logged_in = about(&all, "Logged in");
    let line = "16:01:00 - 0:00:00 offline - 16:00:00 unknown = 0:01:00";
    assert_eq!(logged_in.arithmetic, [line]);
    let adherence = about(&all, "Adherence");
    assert_eq!(adherence.what, "Adherence: no value");
    let conformance = about(&all, "Conformance");
    let line = "100 x 0:01:00 / 0:00:00: there is nothing to divide by, so there is no value";
    assert_eq!(conformance.arithmetic, [line]);
}

fn queue(answered: Option<u64>, dropped: Option<u64>) -> Queue {
    Queue {
        key: QueueKey {
            source: "dialer".into(),
            campaign_id: Some("111".to_owned()),
            queue_id: "222".to_owned(),
        },
        name: "Main Queue".to_owned(),
        campaign: Some("Sales".to_owned()),
        agents: Tally::default(),
        stale: Tally::default(),
        calls_today: Some(500),
        answered,
        dropped,
        dialable_leads: None,
        counted_at: Some(at(-4)),
        failures: 0,
        error: None,
        refused: false,
        next_at: None,
    }
}

#[test]
fn a_drop_rate_is_given_by_its_three_denominators_with_the_headroom() {
    let all = explain::queue(&floor(), &queue(Some(450), Some(20)), &[], None, at(0));
    let rate = about(&all, "Drop rate");
    assert_eq!(
        rate.arithmetic,
        [
            "dropped / answered = 100 x 20 / 450 = 4.44 %",
            "dropped / (answered + dropped) = 100 x 20 / (450 + 20 = 470) = 4.26 %",
            "dropped / total = 100 x 20 / 500 = 4.00 %",
        ]
    );
    assert_eq!(input(rate, "answered").age, Some(TimeDelta::seconds(4)));
    let left = about(&all, "To 3 %");
    assert_eq!(left.arithmetic, ["20 / 0.03 - 470, rounded up: 197 answers needed without a drop"]);
    // A half is rounded up, as the list and the exports do.
    let half = explain::queue(&floor(), &queue(Some(799), Some(1)), &[], None, at(0));
    let line = "dropped / (answered + dropped) = 100 x 1 / (799 + 1 = 800) = 0.13 %";
    assert_eq!(about(&half, "Drop rate").arithmetic[1], line);
    let limit = explain::queue(&floor(), &queue(Some(97), Some(3)), &[], None, at(0));
    let line = "(0.03 x 100 - 3) / 0.97, rounded down: 0 drops left";
    assert_eq!(about(&limit, "To 3 %").arithmetic, [line]);
    let quiet = explain::queue(&floor(), &queue(Some(0), Some(0)), &[], None, at(0));
    assert_eq!(
        about(&quiet, "Drop rate").arithmetic[..2],
        [
            "dropped / answered = 0 / 0: nothing to divide by",
            "dropped / (answered + dropped) = 0 / (0 + 0 = 0): nothing to divide by",
        ]
    );
    let uncounted = explain::queue(&floor(), &queue(None, None), &[], None, at(0));
    assert_eq!(
        about(&uncounted, "Drop rate").arithmetic,
        ["nobody has counted its calls: unknown"]
    );
    assert_eq!(input(about(&uncounted, "Drop rate"), "answered").value, None);
}

#[test]
fn a_campaigns_windows_follow_each_other_and_claim_to_be_no_evidence() {
    let day = |text: &str, answered, dropped| CampaignDay {
        source: "dialer".into(),
        campaign_id: "111".to_owned(),
        day: text.parse().unwrap(),
        answered,
        dropped,
        calls: None,
    };
    let other = CampaignDay { campaign_id: "9".to_owned(), ..day("2026-01-02", 9, 9) };
    let days =
        [day("2026-01-20", 100, 1), day("2026-01-21", 100, 4), day("2026-02-20", 50, 0), other];
    let all = explain::queue(&floor(), &queue(Some(1), Some(0)), &days, None, at(0));
    let windows = about(&all, "30 days of Sales");
    assert!(windows.what.ends_with("indicator, not compliance evidence"));
    assert_eq!(
        windows.arithmetic,
        [
            "2026-01-20 to 2026-02-18, 2 of 30 days recorded: 200 answered, 5 dropped; \
             100 x 5 / 205 = 2.44 %",
            "2026-02-19 to 2026-03-20, 1 of 30 days recorded: 50 answered, 0 dropped; \
             100 x 0 / 50 = 0.00 %",
        ]
    );
    let none = explain::queue(&floor(), &queue(Some(1), Some(0)), &[], None, at(0));
    assert_eq!(about(&none, "30 days").arithmetic, ["no day of it has been recorded: unknown"]);
}

fn alert(source: &str, kind: AlertKind) -> KnownAlert {
    let alert = Alert {
        id: "a1".into(),
        agent: "1".into(),
        name: None,
        kind,
        message: "Agent logged in 15 minutes late".to_owned(),
        status: AlertStatus::Active,
        created_at: Some(at(-90)),
        acknowledged_at: None,
        resolved_at: None,
        notes: None,
    };
    let key = AlertKey { source: source.into(), id: "a1".into() };
    KnownAlert { key, alert, as_of: at(-6), listed: true }
}

#[test]
fn of_a_wfms_alert_nothing_more_is_known_than_its_sentence() {
    let known = alert("wfm", AlertKind::LateStart);
    let all = explain::alert(&floor(), &known, &Limits::default(), at(0));
    let [found] = &all[..] else { panic!("{all:#?}") };
    assert!(found.rule.contains("says no more than this sentence"), "{found:#?}");
    let sentence = input(found, "its sentence");
    assert_eq!(sentence.value.as_deref(), Some("\"Agent logged in 15 minutes late\""));
    assert_eq!(sentence.age, Some(TimeDelta::seconds(6)));
    assert_eq!(found.arithmetic, ["now 16:00:00 - 15:58:30 = raised 1:30 ago"]);
    assert!(found.config.is_empty());
}

#[test]
fn our_own_alert_has_its_rule_and_the_keys_that_govern_it() {
    let known = alert("floorwatch", AlertKind::LateStart);
    let all = explain::alert(&floor(), &known, &Limits::default(), at(0));
    assert!(all[0].rule.starts_with("Late start: the shift has begun"), "{all:#?}");
    assert_eq!(all[0].config, [r#"adherence.grace = "2m""#, r#"adherence.severe = "15m""#]);
}
