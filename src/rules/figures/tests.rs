use chrono::NaiveTime;
use chrono_tz::{America::New_York, Tz};

use super::*;
use crate::model::{
    Activity, ActivityKind, AgentKey, Archive, Body, Bucket, Change, Coverage, Duty, Entry,
    Evidence, Feed, FloorIdentity, Observation, Reading, Reason, Roster, RosterPerson,
    ScheduleState, Scheduled, Timetable, TimetableEntry, wall_instant,
};

mod known;
mod sums;

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-03-02T{text}Z").parse().unwrap()
}

fn minutes(minutes: i64) -> TimeDelta {
    TimeDelta::minutes(minutes)
}

fn spell(since: &str, until: &str, activity: Activity) -> Fused {
    let (since, until) = (at(since), at(until));
    let (evidence, logged) = (Evidence::Observed, None);
    Fused { since, until, activity, logged, evidence, source: None, place: None }
}

fn entry(since: &str, until: &str, scheduled: Scheduled) -> TimetableEntry {
    TimetableEntry { scheduled, since: Some(at(since)), until: Some(at(until)) }
}

fn figures(spells: &[Fused], plan: &[TimetableEntry], since: &str, until: &str) -> Figures {
    let (since, until) = (at(since), at(until));
    let sums = told(&gapless(spells, since, until), &Plan::of(plan));
    Figures::of(since, until, &sums.of_bound(true))
}

/// `spells` from `since` until `until`; what none of them tells is unknown.
fn gapless(spells: &[Fused], since: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Fused> {
    let unknown =
        |since, until| Fused { since, until, ..spell("00:00:00", "00:00:00", Activity::Unknown) };
    let mut all = Vec::new();
    let mut told = since;
    for spell in spells {
        all.push(unknown(told, spell.since));
        all.push(spell.clone());
        told = spell.until;
    }
    all.push(unknown(told, until));
    all.retain(|spell| spell.since < spell.until);
    all
}

fn percent(share: Option<Share>) -> Option<f64> {
    share.map(Share::pct)
}

/// The adherence without how much of it is known.
fn adherence(figures: &Figures) -> AdherencePct {
    match &figures.adherence {
        DayAdherence::Share(share) => AdherencePct::Percent(share.pct()),
        DayAdherence::NoSchedule => AdherencePct::NoSchedule,
        DayAdherence::Bypass => AdherencePct::Bypass,
        DayAdherence::Unreadable(word) => AdherencePct::Unreadable(word.clone()),
    }
}

#[test]
fn a_window_is_divided_among_the_activities_and_what_nobody_tells_is_unknown() {
    let spells = [
        spell("08:00:00", "08:10:00", Activity::Available),
        spell("08:10:00", "08:25:00", Activity::OnContact),
        spell("08:25:00", "08:30:00", Activity::WrapUp),
        spell("08:40:00", "08:50:00", Activity::Away(Reason::Break)),
    ];
    let found = figures(&spells, &[], "08:00:00", "09:00:00");
    assert_eq!(found.times.of(ActivityKind::Unknown), minutes(20));
    assert_eq!(found.times.all(), minutes(60));
    assert_eq!((found.handle, found.logged_in), (minutes(20), minutes(40)));
    assert_eq!(
        (percent(found.occupancy), percent(found.utilization)),
        (Some(100.0 * 20.0 / 30.0), Some(50.0))
    );
    assert_eq!((adherence(&found), percent(found.conformance)), (AdherencePct::NoSchedule, None));
}

#[test]
fn hours_that_a_log_without_calls_tells_of_count_beside_the_schedule_only() {
    let logged = |since, until, logged| Fused {
        logged: Some(logged),
        ..spell(since, until, Activity::Unknown)
    };
    let spells = [
        logged("08:00:00", "08:20:00", ActivityKind::Available),
        logged("08:20:00", "08:30:00", ActivityKind::Away),
        logged("08:30:00", "08:40:00", ActivityKind::LoggedIn),
        spell("08:40:00", "09:00:00", Activity::Offline),
    ];
    let plan = [
        entry("08:00:00", "08:25:00", Scheduled::Available),
        entry("08:25:00", "08:30:00", Scheduled::Away(Reason::Break)),
        entry("08:30:00", "08:50:00", Scheduled::Available),
    ];
    let found = figures(&spells, &plan, "08:00:00", "09:00:00");
    assert_eq!(found.times.of(ActivityKind::Unknown), minutes(40));
    assert_eq!((found.logged_in, percent(found.occupancy)), (TimeDelta::zero(), None));
    assert_eq!(adherence(&found), AdherencePct::Percent(50.0), "20 + 5 of 50");
    assert_eq!(percent(found.conformance), Some(100.0 * 20.0 / 45.0));
}

#[test]
fn a_call_on_the_own_phone_is_on_contact_and_logged_in_but_no_work() {
    let spells = [
        spell("08:00:00", "08:10:00", Activity::OwnCall),
        spell("08:10:00", "08:20:00", Activity::OnContact),
    ];
    let plan = [entry("08:00:00", "08:20:00", Scheduled::Available)];
    let found = figures(&spells, &plan, "08:00:00", "08:20:00");
    assert_eq!(found.times.of(ActivityKind::OnContact), minutes(20));
    assert_eq!((found.handle, found.logged_in), (minutes(10), minutes(20)));
    assert_eq!((percent(found.occupancy), percent(found.utilization)), (Some(100.0), Some(50.0)));
    assert_eq!(adherence(&found), AdherencePct::Percent(50.0));
    assert_eq!(percent(found.conformance), Some(50.0));
}

#[test]
fn an_instant_counts_as_the_millisecond_in_which_it_lies_so_that_the_parts_are_the_whole() {
    let cut = at("08:00:10") + TimeDelta::microseconds(1_700);
    let mut spells = vec![
        spell("08:00:00", "08:00:10", Activity::Available),
        spell("08:00:10", "08:00:20", Activity::Ringing),
    ];
    (spells[0].until, spells[1].since) = (cut, cut);
    let times = told(&spells, &Plan::default()).times;
    assert_eq!(times.of(ActivityKind::Available), TimeDelta::milliseconds(10_001));
    assert_eq!(times.of(ActivityKind::Ringing), TimeDelta::milliseconds(9_999));
    assert_eq!(times.of(ActivityKind::Unknown), TimeDelta::zero());
}

/// Both sides of adherence and of conformance in minutes, of the hour from 8 to 9; off at its ends.
fn attendance(activity: Activity, scheduled: Scheduled) -> [i64; 4] {
    let plan = [
        entry("08:00:00", "08:10:00", Scheduled::Off),
        entry("08:10:00", "08:40:00", scheduled),
        entry("08:40:00", "09:00:00", Scheduled::Off),
    ];
    let found = told(&[spell("08:00:00", "09:00:00", activity)], &Plan::of(&plan)).attendance;
    [found.scheduled, found.kept, found.worked, found.due].map(|time| time.num_minutes())
}

#[test]
fn scheduled_work_is_kept_by_working_and_a_scheduled_absence_by_being_away_whatever_the_reason() {
    let lunch = || Scheduled::Away(Reason::Lunch);
    for work in [Activity::Available, Activity::Ringing, Activity::OnContact, Activity::WrapUp] {
        assert_eq!(attendance(work.clone(), Scheduled::Available), [30, 30, 60, 30], "{work:?}");
        assert_eq!(attendance(work, lunch()), [30, 0, 60, 0]);
    }
    let away = Activity::Away(Reason::Break);
    assert_eq!(attendance(away.clone(), Scheduled::Available), [30, 0, 0, 30]);
    assert_eq!(attendance(away, lunch()), [30, 30, 0, 0]);
    for idle in [Activity::Offline, Activity::Unreachable, Activity::LoggedIn, Activity::OwnCall] {
        assert_eq!(attendance(idle.clone(), Scheduled::Available), [30, 0, 0, 30], "{idle:?}");
        // Whom somebody calls in their break is their own business.
        let kept = if idle == Activity::OwnCall { 30 } else { 0 };
        assert_eq!(attendance(idle, lunch()), [30, kept, 0, 0]);
    }
}

#[test]
fn time_off_unknown_words_and_unknown_activities_are_left_out_of_both_sides() {
    assert_eq!(attendance(Activity::Available, Scheduled::Off), [0, 0, 60, 0]);
    assert_eq!(attendance(Activity::Available, Scheduled::Unknown("x".into())), [0, 0, 30, 0]);
    assert_eq!(attendance(Activity::Unknown, Scheduled::Available), [0, 0, 0, 0]);
}

#[test]
fn work_of_a_time_whose_schedule_nobody_knows_is_compared_with_nothing() {
    let spells = [spell("08:00:00", "09:00:00", Activity::Available)];
    let plan = [entry("08:50:00", "09:00:00", Scheduled::Available)];
    let found = figures(&spells, &plan, "08:00:00", "09:00:00");
    assert_eq!(percent(found.conformance), Some(100.0));
}

#[test]
fn the_last_instant_before_an_entry_is_not_its_time_and_its_first_is() {
    let plan = [
        entry("07:50:00", "08:00:00", Scheduled::Off),
        entry("08:00:00", "08:10:00", Scheduled::Available),
        entry("08:10:00", "08:15:00", Scheduled::Away(Reason::Break)),
        entry("08:20:00", "08:30:00", Scheduled::Available),
    ];
    let spells = [
        spell("07:50:00", "08:10:00", Activity::Available),
        spell("08:10:00", "08:20:00", Activity::Away(Reason::Break)),
        spell("08:20:00", "08:30:00", Activity::OnContact),
    ];
    let found = figures(&spells, &plan, "07:50:00", "08:30:00");
    assert_eq!(adherence(&found), AdherencePct::Percent(100.0));
    let sides = found.attendance;
    assert_eq!((sides.scheduled, sides.worked, sides.due), (minutes(25), minutes(30), minutes(20)));
    assert_eq!(percent(found.conformance), Some(150.0), "ten minutes too early are worked too");
}

#[test]
fn together_the_sides_are_summed_and_who_has_no_schedule_or_need_not_follow_it_enters_no_average() {
    let work = [entry("08:00:00", "09:00:00", Scheduled::Available)];
    let half = [
        spell("08:00:00", "08:30:00", Activity::Available),
        spell("08:30:00", "09:00:00", Activity::Away(Reason::Break)),
    ];
    let bound = figures(&half, &work, "08:00:00", "09:00:00");
    let always = [spell("08:00:00", "09:00:00", Activity::OnContact)];
    let free = figures(&always, &[], "08:00:00", "09:00:00");
    let exempt = Figures {
        attendance: Attendance::default(),
        adherence: DayAdherence::Bypass,
        ..figures(&always, &work, "08:00:00", "09:00:00")
    };
    // Nor does the work of somebody who is off make up for what others did not work.
    let off = [entry("08:00:00", "09:00:00", Scheduled::Off)];
    let overtime = figures(&always, &off, "08:00:00", "09:00:00");
    let with_overtime = Figures::together([&bound, &overtime]).unwrap();
    assert_eq!(percent(with_overtime.conformance), Some(50.0));
    let found = Figures::together([&free, &bound, &exempt]).unwrap();
    assert_eq!(adherence(&found), AdherencePct::Percent(50.0));
    assert_eq!(percent(found.conformance), Some(50.0));
    assert_eq!((found.times.all(), found.handle), (minutes(180), minutes(120)));
    assert_eq!(Figures::together([]), None);
    let none = Figures::together([&free, &exempt]).unwrap();
    assert_eq!((adherence(&none), percent(none.conformance)), (AdherencePct::NoSchedule, None));
}

fn vendor(since: &str, as_of: &str, adherence: AdherencePct) -> VendorKpi {
    let ms = TimeDelta::milliseconds;
    VendorKpi {
        since: at(since),
        as_of: at(as_of),
        spent: [
            (Bucket::Available, ms(5_400_000)),
            (Bucket::OnContact, ms(2_700_000)),
            (Bucket::WrapUp, ms(300_000)),
            (Bucket::Away, ms(600_000)),
        ]
        .into(),
        logged_in: None,
        occupancy_pct: None,
        utilization_pct: None,
        adherence,
    }
}

/// A floor in `zone` with a dialer, sip.io and a WFM, on which Jane has an id everywhere but in
/// `without`.
fn floor(zone: Tz, without: &[&str]) -> Floor {
    let identity =
        FloorIdentity { name: "Tampa".to_owned(), timezone: zone, day_starts: NaiveTime::MIN };
    floor_of(identity, without)
}

fn floor_of(identity: FloorIdentity, without: &[&str]) -> Floor {
    let ids = ["dialer", "sip", "wfm"].into_iter().filter(|source| !without.contains(source));
    let jane = RosterPerson {
        id: "jane".into(),
        name: "Jane Smith".to_owned(),
        team: None,
        email: None,
        timezone: None,
        ids: ids.map(|source| (source.into(), "1".into())).collect(),
    };
    let feeds =
        [("dialer", SourceKind::Convoso), ("sip", SourceKind::SipIo), ("wfm", SourceKind::Wfm)]
            .map(|(name, kind)| Feed::new(name.into(), kind, TimeDelta::seconds(15)));
    Floor::new(identity, Roster::new(vec![jane]), feeds.into(), Vec::new())
}

fn read(
    floor: &mut Floor,
    source: &str,
    as_of: DateTime<Utc>,
    observation: Observation,
) -> Vec<Change> {
    let body = Body::Agents {
        observations: vec![observation],
        coverage: Coverage::Part,
        summary: None,
        histories: Vec::new(),
    };
    let reading = Reading { source: source.into(), taken_at: as_of, as_of, skipped: 0, body };
    floor.apply(reading, as_of)
}

fn since(since: DateTime<Utc>, activity: Activity) -> Observation {
    Observation { since: Some(since), ..Observation::of("1", activity, "state") }
}

fn today(floor: &Floor, now: DateTime<Utc>) -> Figures {
    figures_over(floor, &floor.people()[0], floor.day_start(now), now, now)
}

#[test]
fn what_began_before_the_window_counts_from_its_edge_and_what_goes_on_until_now() {
    let mut floor = floor(chrono_tz::UTC, &["sip"]);
    read(&mut floor, "dialer", at("08:00:00"), since(at("06:30:00"), Activity::OnContact));
    let (jane, now) = (&floor.people()[0], at("08:00:10"));
    let found = figures_over(&floor, jane, at("07:00:00"), now, now);
    assert_eq!(found.times.of(ActivityKind::OnContact), now - at("07:00:00"));
    assert_eq!(found.times.all(), now - at("07:00:00"));
    let later = figures_over(&floor, jane, at("07:00:00"), at("09:00:00"), at("08:30:00"));
    assert_eq!(later.until, at("08:30:00"), "what is to come is no part of it");
    assert_eq!(later.times.of(ActivityKind::OnContact), minutes(60), "as far as it was confirmed");
    assert_eq!(later.times.of(ActivityKind::Unknown), minutes(30));
}

#[test]
fn a_day_on_which_clocks_change_is_as_long_as_it_is() {
    for (start, last, hours) in [
        ("2026-03-08T05:00:00Z", "2026-03-09T03:59:59Z", 23),
        ("2026-11-01T04:00:00Z", "2026-11-02T04:59:59Z", 25),
    ] {
        let (start, now) = (start.parse().unwrap(), last.parse::<DateTime<Utc>>().unwrap());
        let mut floor = floor(New_York, &["sip"]);
        read(&mut floor, "dialer", now, since(start - minutes(90), Activity::Available));
        let found = today(&floor, now);
        assert_eq!(found.since, start);
        let length = TimeDelta::hours(hours) - TimeDelta::seconds(1);
        assert_eq!(found.times.of(ActivityKind::Available), length, "{start}");
        let next = today(&floor, now + TimeDelta::seconds(1));
        assert_eq!((next.times.all(), percent(next.occupancy)), (TimeDelta::zero(), None));
    }
}

#[test]
fn of_whom_nobody_says_anything_all_time_is_unknown_and_nothing_else_is_claimed() {
    let found = today(&floor(chrono_tz::UTC, &[]), at("01:00:00"));
    assert_eq!(found.times.of(ActivityKind::Unknown), minutes(60));
    assert_eq!((percent(found.occupancy), percent(found.utilization)), (None, None));
    assert_eq!(adherence(&found), AdherencePct::NoSchedule);
}

#[test]
fn a_telephony_systems_own_adherence_stands_without_a_schedule_of_ours_and_only_for_its_window() {
    let percent = |pct| AdherencePct::Percent(pct);
    for (said, found, in_part) in [
        (percent(92.0), percent(92.0), AdherencePct::NoSchedule),
        (AdherencePct::Bypass, AdherencePct::Bypass, AdherencePct::Bypass),
        (AdherencePct::NoSchedule, AdherencePct::NoSchedule, AdherencePct::NoSchedule),
    ] {
        let mut floor = floor(chrono_tz::UTC, &["dialer"]);
        let kpi = Some(Box::new(vendor("00:00:01", "08:00:00", said)));
        let observation = Observation { kpi, ..since(at("07:59:00"), Activity::Available) };
        read(&mut floor, "sip", at("08:00:00"), observation);
        assert_eq!(adherence(&today(&floor, at("08:00:05"))), found);
        let jane = &floor.people()[0];
        let part = figures_over(&floor, jane, at("07:00:00"), at("08:00:05"), at("08:00:05"));
        assert_eq!(
            adherence(&part),
            in_part,
            "a share is of the whole day, an exemption of the person"
        );
        let early = figures_over(&floor, jane, at("00:00:00"), at("07:00:00"), at("08:00:05"));
        assert_eq!(
            adherence(&early),
            in_part,
            "what was sampled after the window is no part of it"
        );
        let tomorrow = at("00:00:10") + TimeDelta::days(1);
        assert_eq!(adherence(&today(&floor, tomorrow)), AdherencePct::NoSchedule);
    }
}

#[test]
fn an_exemption_that_an_earlier_run_read_holds_for_every_part_of_its_day_and_for_no_other() {
    let key = AgentKey::new("sip".into(), "1".into());
    let work = Duty {
        person: "jane".into(),
        date: "2026-03-02".parse().unwrap(),
        start: "00:00:00".parse().unwrap(),
        end: "00:00:00".parse().unwrap(),
        scheduled: Scheduled::Available,
    };
    for (days_ago, found) in [(0, AdherencePct::Bypass), (1, AdherencePct::Percent(100.0))] {
        let days = TimeDelta::days(days_ago);
        let told = vendor("00:00:00", "03:00:00", AdherencePct::Bypass);
        let told = VendorKpi { since: told.since - days, as_of: told.as_of - days, ..told };
        let sums = vec![(key.clone(), told)];
        let timetable = Timetable::new(chrono_tz::UTC, [work.clone()]);
        let mut floor = floor(chrono_tz::UTC, &[]).with_timetable(Some(timetable));
        floor.restore(Archive { sums, ..Archive::default() }, at("12:00:00") - days);
        read(&mut floor, "dialer", at("11:00:00"), since(at("09:00:00"), Activity::Available));
        let jane = &floor.people()[0];
        let part = figures_over(&floor, jane, at("10:00:00"), at("11:00:00"), at("12:00:00"));
        assert_eq!(adherence(&part), found);
        assert_eq!(percent(part.conformance).is_none(), found == AdherencePct::Bypass);
    }
}

#[test]
fn a_word_of_a_schedule_that_we_do_not_know_is_none_and_a_telephony_systems_share_stands() {
    for (scheduled, found) in [
        (Scheduled::Unknown("siesta".to_owned()), AdherencePct::Percent(92.0)),
        (Scheduled::Off, AdherencePct::NoSchedule),
        (Scheduled::Available, AdherencePct::Percent(100.0)),
    ] {
        let mut floor = floor(chrono_tz::UTC, &["dialer"]);
        let kpi = vendor("00:00:00", "08:00:00", AdherencePct::Percent(92.0));
        let observation =
            Observation { kpi: Some(Box::new(kpi)), ..since(at("07:59:00"), Activity::Available) };
        let state = ScheduleState { scheduled: Some(scheduled), adherent: None, shift: None };
        let wfm =
            Observation { schedule: Some(state), ..since(at("07:59:00"), Activity::Available) };
        read(&mut floor, "wfm", at("08:00:00"), wfm);
        read(&mut floor, "sip", at("08:00:00"), observation.clone());
        read(&mut floor, "sip", at("08:00:10"), observation);
        assert_eq!(adherence(&today(&floor, at("08:00:10"))), found);
    }
}

#[test]
fn what_a_telephony_system_last_said_of_adherence_stands_for_its_own_window_after_the_readings() {
    let kpi = |until, adherence| vendor("00:00:00", until, adherence);
    let mut watched = floor(chrono_tz::UTC, &[]);
    let mut kept = Vec::new();
    for (until, pct) in [("08:00:00", 90.0), ("08:00:15", 90.0), ("08:00:30", 92.0)] {
        let kpi = Some(Box::new(kpi(until, AdherencePct::Percent(pct))));
        let seen = Observation { kpi, ..since(at("07:59:00"), Activity::Available) };
        for change in read(&mut watched, "sip", at(until), seen) {
            if let Change::Keep(entry) = change
                && let Entry::Adherence { agent, said } = *entry
            {
                kept.push((agent, said));
            }
        }
    }
    let said: Vec<_> = kept.iter().map(|(_, said)| (said.as_of, said.adherence.clone())).collect();
    let said_at = |as_of, pct| (at(as_of), AdherencePct::Percent(pct));
    assert_eq!(said, [said_at("08:00:00", 90.0), said_at("08:00:30", 92.0)], "as it changes");
    assert_eq!(adherence(&today(&watched, at("08:01:00"))), AdherencePct::Percent(92.0));
    let mut reported = floor(chrono_tz::UTC, &[]);
    let archive = Archive { adherence: kept.clone(), ..Archive::default() };
    reported.restore(archive, at("09:00:00"));
    reported.admit(&kept[0].0, None);
    let jane = &reported.people()[0];
    let over = |since, until| {
        adherence(&figures_over(&reported, jane, at(since), at(until), at("09:00:00")))
    };
    assert_eq!(over("00:00:00", "08:01:00"), AdherencePct::Percent(92.0), "as it was shown");
    assert_eq!(over("00:00:00", "09:00:00"), AdherencePct::Percent(92.0));
    assert_eq!(over("07:00:00", "09:00:00"), AdherencePct::NoSchedule, "a part of its window");
    assert_eq!(over("00:00:00", "08:00:10"), AdherencePct::NoSchedule, "before it was said");
}

/// The clocks of New York go forward in the night of the first, back in that of the third.
#[test]
fn a_night_shift_is_divided_where_the_floors_day_begins_and_is_as_long_as_the_night_is() {
    for (date, day_starts, before, after) in [
        ("2026-03-07", "00:00", 2, 5),
        ("2026-03-14", "00:00", 2, 6),
        ("2026-10-31", "00:00", 2, 7),
        ("2026-03-07", "05:00", 6, 1),
        ("2026-03-14", "05:00", 7, 1),
        ("2026-10-31", "05:00", 8, 1),
        // The hour at which this floor's day begins is skipped, and comes twice.
        ("2026-03-07", "02:30", 4, 3),
        ("2026-10-31", "01:00", 3, 6),
        ("2026-03-07", "22:00", 0, 7),
        ("2026-10-31", "06:00", 9, 0),
    ] {
        let clock = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").unwrap();
        let (person, date) = ("jane".into(), date.parse().unwrap());
        let (start, end, scheduled) = (clock("22:00"), clock("06:00"), Scheduled::Available);
        let night = Duty { person, date, start, end, scheduled };
        let (begins, ends) = night.wall();
        let [begins, ends] = [begins, ends].map(|wall| wall_instant(New_York, wall));
        let identity = FloorIdentity {
            name: "Tampa".to_owned(),
            timezone: New_York,
            day_starts: clock(day_starts),
        };
        let mut floor =
            floor_of(identity, &["sip"]).with_timetable(Some(Timetable::new(New_York, [night])));
        read(&mut floor, "dialer", ends, since(begins, Activity::Available));
        let edge = floor.day_start(ends);
        let (jane, hours) = (&floor.people()[0], TimeDelta::hours);
        let past = figures_over(&floor, jane, begins, edge.max(begins), ends);
        let day = figures_over(&floor, jane, edge, ends, ends);
        let due = [past.attendance.due, day.attendance.due];
        assert_eq!(due, [hours(before), hours(after)], "{date}, days begin at {day_starts}");
        for figures in [past, day] {
            assert_eq!(figures.times.all(), figures.until - figures.since);
            let all_of_it = (figures.attendance.due > TimeDelta::zero()).then_some(100.0);
            assert_eq!(percent(figures.conformance), all_of_it);
        }
    }
}
