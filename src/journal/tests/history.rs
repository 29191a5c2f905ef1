//! The floor's history: what is kept comes back, also after a crash, and from two programs at once.

use std::collections::BTreeMap;

use super::*;
use crate::model::{
    Activity, AdherencePct, Alert, AlertKey, AlertKind, AlertStatus, Bucket, CallCount, Doubt,
    Evidence, KnownAlert, Layer, PersonId, Reason, ScheduleState, Scheduled, Shift, Span, Spell,
    TimetableEntry, VendorKpi,
};

pub(super) fn at(seconds: i64) -> DateTime<Utc> {
    now() + TimeDelta::seconds(seconds)
}

pub(super) fn jane() -> AgentKey {
    AgentKey::new("dialer".into(), "7".into())
}

pub(super) fn spell(since: i64, until: Option<i64>, activity: Activity) -> Spell {
    Spell {
        since: at(since),
        until: until.map(at),
        activity,
        evidence: Evidence::Observed,
        raw: "READY".into(),
        doubt: None,
    }
}

pub(super) fn keeps(layer: Layer, spell: Spell) -> Entry {
    Entry::Spell { agent: jane(), layer, spell }
}

pub(super) fn watched(since: i64, until: Option<i64>, activity: Activity) -> Entry {
    keeps(Layer::Watched, spell(since, until, activity))
}

pub(super) fn read_until(seconds: i64) -> Entry {
    Entry::ReadUntil { source: "dialer".into(), layer: Layer::Watched, at: at(seconds) }
}

pub(super) fn calls(
    campaign: Option<&str>,
    queue: &str,
    day: &str,
    seconds: i64,
    counts: [u64; 3],
) -> CallCount {
    CallCount {
        key: QueueKey {
            source: "dialer".into(),
            campaign_id: campaign.map(str::to_owned),
            queue_id: queue.into(),
        },
        queue: format!("Queue {queue}"),
        campaign: None,
        day: day.parse().unwrap(),
        at: at(seconds),
        calls: Some(counts[0]),
        answered: Some(counts[1]),
        dropped: Some(counts[2]),
        dialable_leads: None,
    }
}

pub(super) fn alert(source: &str, id: &str, status: AlertStatus, seconds: i64) -> KnownAlert {
    // Of our own, one of a kind stands for a person.
    let agent = if source == SourceName::OWN { id } else { "7" };
    KnownAlert {
        key: AlertKey { source: source.into(), id: id.into() },
        alert: Alert {
            id: id.into(),
            agent: agent.into(),
            name: Some("Jane Smith".into()),
            kind: AlertKind::Other("late_lunch".into()),
            message: "late".into(),
            status,
            created_at: Some(at(-60)),
            acknowledged_at: None,
            resolved_at: None,
            notes: Some("seen".into()),
        },
        as_of: at(seconds),
        listed: true,
    }
}

pub(super) fn open(path: &Path) -> Journal {
    Journal::open(path, now()).unwrap()
}

pub(super) async fn kept(path: &Path, entries: Vec<Entry>) -> Journal {
    let journal = open(path);
    journal.handle().keep(entries).await.unwrap();
    journal
}

pub(super) async fn hour(journal: &Journal) -> Archive {
    journal.handle().archive(at(0), at(3600)).await.unwrap()
}

pub(super) fn told(archive: &Archive) -> Vec<(Layer, i64, Option<i64>, Activity)> {
    let seconds = |instant: DateTime<Utc>| (instant - now()).num_seconds();
    let tell = |(_, layer, spell): &(AgentKey, Layer, Spell)| {
        (*layer, seconds(spell.since), spell.until.map(seconds), spell.activity.clone())
    };
    archive.spells.iter().map(tell).collect()
}

#[tokio::test]
async fn every_activity_and_everything_said_of_it_comes_back() {
    let (_dir, path) = place();
    let activities = [
        Activity::Offline,
        Activity::Unreachable,
        Activity::LoggedIn,
        Activity::Available,
        Activity::Ringing,
        Activity::OnContact,
        Activity::OwnCall,
        Activity::WrapUp,
        Activity::Away(Reason::Break),
        Activity::Away(Reason::Other("break".into())),
        Activity::Away(Reason::Unspecified),
        Activity::Unknown,
    ];
    let spells: Vec<_> = (0..)
        .zip(&activities)
        .map(|(minute, activity)| Spell {
            evidence: Evidence::Derived,
            raw: format!("WORD \"{minute}\"").as_str().into(),
            doubt: (minute % 2 == 0).then_some(Doubt::NoLogout),
            ..spell(minute * 60, Some(minute * 60 + 60), activity.clone())
        })
        .collect();
    let entries = spells.iter().map(|spell| keeps(Layer::Recorded, spell.clone())).collect();
    let journal = kept(&path, entries).await;
    journal.close();
    let archive = hour(&open(&path)).await;
    let back: Vec<_> = archive.spells.into_iter().map(|(_, _, spell)| spell).collect();
    assert_eq!(back, spells);
}

#[tokio::test]
async fn names_places_schedules_plans_sums_and_alerts_come_back() {
    let (_dir, path) = place();
    let key = |queue: &str| calls(None, queue, "2026-03-01", 0, [0; 3]).key;
    let seat = |queues: &[&str], since, until: Option<i64>| Span {
        since: at(since),
        until: until.map(at),
        value: queues.iter().map(|queue| QueueKey { campaign_id: None, ..key(queue) }).collect(),
    };
    let shift = Shift { start: "09:00:00".parse().unwrap(), end: "17:30:00".parse().unwrap() };
    let schedule = Span {
        since: at(0),
        until: None,
        value: ScheduleState {
            scheduled: Some(Scheduled::Away(Reason::Lunch)),
            adherent: Some(false),
            shift: Some(shift),
        },
    };
    let kpi = VendorKpi {
        since: at(-3600),
        as_of: at(0),
        spent: BTreeMap::from([
            (Bucket::OnContact, TimeDelta::milliseconds(1_234)),
            (Bucket::Other("coaching".into()), TimeDelta::seconds(5)),
        ]),
        logged_in: Some(TimeDelta::hours(1)),
        occupancy_pct: Some(35.0),
        utilization_pct: None,
        adherence: AdherencePct::Unreadable("?".into()),
    };
    let newer = VendorKpi { as_of: at(60), ..kpi.clone() };
    let sums = |kpi: &VendorKpi| Entry::Sums { agent: jane(), kpi: Box::new(kpi.clone()) };
    let own = alert("floorwatch", "a", AlertStatus::Acknowledged, 10);
    let journal = kept(
        &path,
        vec![
            Entry::Name { agent: jane(), name: "Jane".into() },
            Entry::Name { agent: jane(), name: "Jane Smith".into() },
            Entry::Alias { agent: jane(), alias: "EMP007".into() },
            Entry::Place { agent: jane(), span: seat(&["222"], 0, Some(60)) },
            Entry::Place { agent: jane(), span: seat(&["223", "224", "225"], 60, None) },
            Entry::Schedule { agent: jane(), span: schedule.clone() },
            sums(&kpi),
            sums(&newer),
            Entry::Alert(Box::new(own.clone())),
            read_until(120),
        ],
    )
    .await;
    let archive = hour(&journal).await;
    assert_eq!(archive.names, [(jane(), "Jane Smith".to_owned())]);
    assert_eq!(archive.aliases, [(jane(), "EMP007".into())]);
    let places: Vec<_> = archive.places.into_iter().map(|(_, span)| span).collect();
    assert_eq!(places, [seat(&["222"], 0, Some(60)), seat(&["223", "224", "225"], 60, Some(120))]);
    let ended = Span { until: Some(at(120)), ..schedule };
    assert_eq!(archive.schedules, [(jane(), ended)]);
    assert_eq!(archive.sums, [(jane(), newer.clone())]);
    let sums =
        async |from, until| journal.handle().archive(at(from), at(until)).await.unwrap().sums;
    assert_eq!(sums(1_800, 3_600).await, [(jane(), newer)], "read before, on the same day");
    assert_eq!(sums(29 * 3_600, 30 * 3_600).await, [], "of a day before");
    assert_eq!(archive.alerts, [own]);
    assert_eq!(archive.read_until, [("dialer".into(), Layer::Watched, at(120))]);
}

#[tokio::test]
async fn what_the_schedule_file_wanted_is_replaced_for_the_time_that_is_told_anew() {
    let (_dir, path) = place();
    let entry = |since: i64, until: i64, scheduled: Scheduled| TimetableEntry {
        scheduled,
        since: Some(at(since)),
        until: Some(at(until)),
    };
    let plan = |from, until, entries| Entry::Plan {
        person: PersonId::from("jane"),
        from: at(from),
        until: at(until),
        entries,
    };
    let journal = kept(
        &path,
        vec![
            plan(0, 1000, vec![entry(100, 900, Scheduled::Available)]),
            plan(500, 600, vec![entry(500, 550, Scheduled::Away(Reason::Break))]),
            plan(700, 2000, vec![entry(700, 900, Scheduled::Available)]),
        ],
    )
    .await;
    let plans: Vec<_> = hour(&journal).await.plans.into_iter().map(|(_, entry)| entry).collect();
    let expected = [
        entry(0, 100, Scheduled::Off),
        entry(100, 500, Scheduled::Available),
        entry(500, 550, Scheduled::Away(Reason::Break)),
        entry(550, 600, Scheduled::Off),
        entry(600, 900, Scheduled::Available),
        entry(900, 2000, Scheduled::Off),
    ];
    assert_eq!(plans, expected);
}

#[tokio::test]
async fn what_begins_at_the_same_instant_replaces_and_what_never_was_is_gone() {
    let (_dir, path) = place();
    let never = Entry::NoSpell { agent: jane(), layer: Layer::Watched, since: at(20) };
    let journal = kept(
        &path,
        vec![
            watched(0, None, Activity::Available),
            keeps(Layer::Recorded, spell(0, None, Activity::LoggedIn)),
            watched(0, Some(10), Activity::Available),
            watched(10, Some(20), Activity::Ringing),
            watched(20, Some(30), Activity::OnContact),
            watched(10, Some(20), Activity::OnContact),
            never,
        ],
    )
    .await;
    let expected = [
        (Layer::Recorded, 0, None, Activity::LoggedIn),
        (Layer::Watched, 0, Some(10), Activity::Available),
        (Layer::Watched, 10, Some(20), Activity::OnContact),
    ];
    assert_eq!(told(&hour(&journal).await), expected);
}

#[tokio::test]
async fn a_stretch_has_what_had_begun_before_it_and_nothing_that_was_over() {
    let (_dir, path) = place();
    let entries = vec![
        watched(-900, Some(-600), Activity::Ringing),
        watched(-600, None, Activity::Available),
        watched(4000, None, Activity::WrapUp),
        keeps(Layer::Recorded, spell(-900, Some(-100), Activity::LoggedIn)),
        keeps(Layer::Recorded, spell(-100, None, Activity::Offline)),
        read_until(5000),
    ];
    let journal = kept(&path, entries).await;
    let expected = [
        (Layer::Watched, -600, Some(4000), Activity::Available),
        (Layer::Recorded, -100, None, Activity::Offline),
    ];
    assert_eq!(told(&hour(&journal).await), expected);
    let later = journal.handle().archive(at(4500), at(9000)).await.unwrap();
    let expected = [
        (Layer::Recorded, -100, None, Activity::Offline),
        (Layer::Watched, 4000, Some(5000), Activity::WrapUp),
    ];
    assert_eq!(told(&later), expected);
    let after_all = journal.handle().archive(at(5000), at(9000)).await.unwrap();
    assert_eq!(told(&after_all), [(Layer::Recorded, -100, None, Activity::Offline)]);
}

#[tokio::test]
async fn what_goes_on_ends_where_its_run_last_read_and_not_where_a_later_one_did() {
    let (_dir, path) = place();
    let first =
        kept(&path, vec![read_until(0), watched(0, None, Activity::Available), read_until(100)])
            .await;
    drop(first);
    let second = kept(&path, vec![read_until(500), read_until(900)]).await;
    let expected = [(Layer::Watched, 0, Some(100), Activity::Available)];
    assert_eq!(told(&hour(&second).await), expected);
}

#[tokio::test]
async fn what_went_on_all_the_while_is_known_of_each_run_whatever_the_jitter_of_its_beginning() {
    for (first, second) in [(-600, -599), (-599, -600), (-600, -600)] {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("j.sqlite3");
        let runs = [(first, 40), (second, 90)];
        for (since, read) in runs {
            let from = read - 30;
            let entries =
                vec![read_until(from), watched(since, None, Activity::WrapUp), read_until(read)];
            kept(&path, entries).await.close();
        }
        let journal = open(&path);
        let archive = journal.handle().archive(at(0), at(200)).await.unwrap();
        let ends: Vec<_> = told(&archive).iter().map(|(_, _, until, _)| *until).collect();
        assert_eq!(ends.iter().max(), Some(&Some(90)), "{first} {second}: {archive:?}");
        journal.close();
    }
}

#[tokio::test]
async fn two_programs_on_one_journal_do_not_disturb_each_other() {
    let (_dir, path) = place();
    let (one, two) = (open(&path), open(&path));
    let begun = || vec![read_until(0), watched(0, None, Activity::Available)];
    one.handle().keep(begun()).await.unwrap();
    two.handle().keep(begun()).await.unwrap();
    let write = |journal: &Journal, numbers: std::ops::Range<i64>| {
        let handle = journal.handle();
        tokio::spawn(async move {
            for number in numbers {
                let agent = AgentKey::new("dialer".into(), format!("x{number}").as_str().into());
                let spell = spell(number, Some(number + 1), Activity::OnContact);
                let entry = Entry::Spell { agent, layer: Layer::Watched, spell };
                handle.keep(vec![entry]).await.unwrap();
            }
        })
    };
    let (a, b) = (write(&one, 0..60), write(&two, 40..100));
    a.await.unwrap();
    b.await.unwrap();
    two.handle().keep(vec![read_until(100)]).await.unwrap();
    drop(two);
    // The row is the second program's, which ended; the first would have kept a change.
    one.handle().keep(vec![read_until(300)]).await.unwrap();
    let archive = hour(&one).await;
    let jane: Vec<_> = archive.spells.iter().filter(|(key, _, _)| *key == jane()).collect();
    assert_eq!(jane.len(), 1);
    assert_eq!(jane[0].2.until, Some(at(300)));
    assert_eq!(archive.spells.len(), 101);
}

#[tokio::test]
async fn a_batch_that_was_cut_off_is_not_there_and_everything_before_it_is() {
    let (dir, path) = place();
    let journal = kept(&path, vec![read_until(0), watched(0, None, Activity::Available)]).await;
    journal.handle().keep(vec![read_until(50)]).await.unwrap();
    let size = std::fs::metadata(aside::with(&path, "-wal")).unwrap().len();
    let many = (60..500).map(|second| watched(second, Some(second + 1), Activity::Ringing));
    journal.handle().keep(many.collect::<Vec<_>>()).await.unwrap();
    // What a power cut leaves: the file, and its log up to somewhere within the last batch.
    let copy = dir.path().join("copy.sqlite");
    std::fs::copy(&path, &copy).unwrap();
    let log = std::fs::read(aside::with(&path, "-wal")).unwrap();
    let cut = (usize::try_from(size).unwrap() + log.len()) / 2;
    std::fs::write(aside::with(&copy, "-wal"), &log[..cut]).unwrap();
    let expected = [(Layer::Watched, 0, Some(50), Activity::Available)];
    assert_eq!(told(&hour(&open(&copy)).await), expected);
    assert_eq!(told(&hour(&journal).await).len(), 441);
}

#[tokio::test]
async fn what_cannot_be_written_for_want_of_room_is_said_so_and_can_be_kept_later() {
    let (_dir, path) = place();
    let journal = open(&path);
    let handle = journal.handle();
    let limit = |pages: i64| {
        handle.ask(move |page| {
            let used: i64 =
                page.connection.pragma_query_value(None, "page_count", |row| row.get(0))?;
            let most = if pages > 0 { used + pages } else { 1 << 30 };
            page.connection.pragma_update_and_check(None, "max_page_count", most, |_| Ok(()))
        })
    };
    limit(1).await.unwrap();
    let many: Vec<_> = (0..3_000).map(|second| watched(second, None, Activity::Ringing)).collect();
    let full = handle.keep(many.clone()).await.unwrap_err();
    assert_eq!((&full, full.in_short().as_str()), (&JournalError::Full(path.clone()), "disk full"));
    assert_eq!(told(&hour(&journal).await), []);
    limit(0).await.unwrap();
    handle.keep(many).await.unwrap();
    assert_eq!(told(&hour(&journal).await).len(), 3_000);
}

#[tokio::test]
async fn a_campaigns_day_is_the_newest_of_each_of_its_queues() {
    let (_dir, path) = place();
    let counts = [
        calls(Some("111"), "222", "2026-03-01", 10, [50, 45, 2]),
        calls(Some("111"), "222", "2026-03-01", 20, [60, 50, 3]),
        calls(Some("111"), "222", "2026-03-01", 5, [40, 30, 1]),
        calls(Some("111"), "223", "2026-03-01", 10, [7, 5, 1]),
        calls(Some("111"), "222", "2026-03-02", 90_000, [1, 1, 0]),
        calls(None, "222", "2026-03-01", 10, [60, 50, 3]),
        CallCount { dropped: None, ..calls(Some("112"), "224", "2026-03-01", 10, [9, 9, 0]) },
        CallCount { calls: None, ..calls(Some("113"), "225", "2026-03-01", 10, [0, 8, 1]) },
    ];
    let journal = kept(&path, counts.map(Entry::Calls).into()).await;
    let day = |campaign: &str, day: &str, answered, dropped, calls| CampaignDay {
        source: "dialer".into(),
        campaign_id: campaign.into(),
        day: day.parse().unwrap(),
        answered,
        dropped,
        calls,
    };
    let expected = [
        day("111", "2026-03-01", 55, 4, Some(67)),
        day("111", "2026-03-02", 1, 0, Some(1)),
        day("113", "2026-03-01", 8, 1, None),
    ];
    assert_eq!(journal.handle().campaign_days().await.unwrap(), expected);
}

#[tokio::test]
async fn alerts_come_back_as_they_stand() {
    use AlertStatus::{Acknowledged, Active, Resolved};
    let (_dir, path) = place();
    let gone = KnownAlert { listed: false, ..alert("wfm", "unlisted", Active, 10) };
    let alerts = [
        alert("floorwatch", "long open", Acknowledged, -90_000),
        alert("floorwatch", "over", Active, -90_000),
        alert("floorwatch", "over", Resolved, -80_000),
        alert("floorwatch", "just over", Active, -10),
        alert("floorwatch", "just over", Resolved, 20),
        alert("floorwatch", "just over", Acknowledged, 5),
        alert("wfm", "open", Active, 30),
        alert("wfm", "seen", Acknowledged, 30),
        gone,
    ];
    let entries: Vec<_> = alerts.iter().map(|a| Entry::Alert(Box::new(a.clone()))).collect();
    let journal = kept(&path, entries).await;
    let expected = [alerts[0].clone(), alerts[4].clone(), alerts[6].clone()];
    assert_eq!(hour(&journal).await.alerts, expected);
}

#[tokio::test]
async fn an_intent_is_written_while_history_is_kept() {
    let (_dir, path) = place();
    let journal = open(&path);
    let handle = journal.handle();
    let many: Vec<_> = (0..1_000).map(|second| watched(second, None, Activity::Ringing)).collect();
    let (kept, intent) = tokio::join!(handle.keep(many), handle.record_intent(attempt("7"), now()));
    assert_eq!((kept, intent), (Ok(()), Ok(AttemptId(1))));
}
