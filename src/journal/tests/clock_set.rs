//! The clock is set while the floor is watched: what was kept before is told by the new clock.

use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::history::{alert, at, jane, open};
use super::*;
use crate::model::{
    Activity, AdherencePct, AlertStatus, Body, Change, Coverage, Evidence, Feed, Floor,
    FloorIdentity, KnownAlert, Layer, Observation, Outcome, Reading, Reason, Report, Roster,
    SourceKind, VendorKpi, Work,
};

const POLL: i64 = 60;

/// A kiosk without a clock chip, which starts three days behind, and one that was two hours ahead.
const STEPS: [TimeDelta; 3] = [TimeDelta::days(3), TimeDelta::hours(-2), TimeDelta::seconds(20)];

/// A program that watches the floor and keeps it.
struct Program {
    floor: Floor,
    journal: Journal,
    /// By how much its clock has been set.
    ahead: TimeDelta,
}

impl Program {
    fn begin(path: &Path) -> Self {
        let identity = FloorIdentity {
            name: "Tampa".to_owned(),
            timezone: chrono_tz::UTC,
            day_starts: NaiveTime::MIN,
        };
        let poll = TimeDelta::seconds(POLL);
        let feeds = vec![Feed::new("dialer".into(), SourceKind::Convoso, poll)];
        let floor = Floor::new(identity, Roster::default(), feeds, Vec::new());
        Self { floor, journal: open(path), ahead: TimeDelta::zero() }
    }

    /// What the clock shows at a second of the steady one.
    fn now(&self, second: i64) -> DateTime<Utc> {
        at(second) + self.ahead
    }

    /// Hears at `second` of the steady clock what Jane does and since when.
    async fn hear(&mut self, second: i64, activity: Activity, since: i64) {
        let kpi = VendorKpi {
            since: at(-3_600),
            as_of: at(second),
            spent: BTreeMap::new(),
            logged_in: None,
            occupancy_pct: None,
            utilization_pct: None,
            adherence: AdherencePct::Bypass,
        };
        let seen = Observation {
            since: Some(at(since)),
            kpi: Some(Box::new(kpi)),
            work: Work { queue_id: Some("222".into()), ..Work::default() },
            ..Observation::of("7", activity, "RAW")
        };
        let body = Body::Agents {
            observations: vec![seen],
            coverage: Coverage::Whole { declared: None },
            summary: None,
            histories: Vec::new(),
        };
        let source = jane().source;
        let read = at(second);
        let report = Report {
            source: source.clone(),
            at: read,
            outcome: Outcome::Read(Reading {
                source,
                taken_at: read,
                as_of: read,
                skipped: 0,
                body,
            }),
            clock_offset: None,
            took: TimeDelta::zero(),
            next_at: None,
            way_back: None,
            unread: Vec::new(),
        };
        let changes = self.floor.report(report.moved(self.ahead), self.now(second));
        let kept = changes.into_iter().filter_map(|change| match change {
            Change::Keep(entry) => Some(*entry),
            _ => None,
        });
        self.keep(kept.collect()).await;
    }

    /// One of our own alerts stands so at `second` of the steady clock.
    async fn finds(&mut self, id: &str, status: AlertStatus, second: i64) {
        let known = self.stands(id, status, second);
        self.floor.raise(known.clone());
        self.keep(vec![Entry::Alert(Box::new(known))]).await;
    }

    /// The same, by the present clock.
    fn stands(&self, id: &str, status: AlertStatus, second: i64) -> KnownAlert {
        let mut known = alert("floorwatch", id, status, second);
        known.alert = known.alert.moved(self.ahead);
        known.as_of += self.ahead;
        known
    }

    async fn is_set(&mut self, second: i64, by: TimeDelta) {
        let kept = self.floor.move_by(by, self.now(second));
        self.ahead += by;
        self.keep(kept).await;
    }

    async fn keep(&self, entries: Vec<Entry>) {
        self.journal.handle().keep(entries).await.unwrap();
    }
}

/// One or two programs watch Jane from noon; the clock of their machine is set by `by` after an hour.
async fn two_hours(path: &Path, programs: usize, by: TimeDelta) -> Vec<Program> {
    let mut all: Vec<_> = (0..programs).map(|_| Program::begin(path)).collect();
    for second in (0..=7_200).step_by(usize::try_from(POLL).unwrap()) {
        let (activity, since) = match second {
            ..1_800 => (Activity::Available, 0),
            1_800..5_400 => (Activity::Away(Reason::Lunch), 1_800),
            _ => (Activity::Available, 5_400),
        };
        for program in &mut all {
            program.hear(second, activity.clone(), since).await;
            match second {
                1_980 => program.finds("x", AlertStatus::Active, second).await,
                2_100 => program.finds("x", AlertStatus::Acknowledged, second).await,
                3_540 => program.finds("z", AlertStatus::Active, second).await,
                3_660 => program.finds("z", AlertStatus::Resolved, second).await,
                _ => {}
            }
        }
        if second == 3_600 {
            for program in &mut all {
                program.is_set(second, by).await;
            }
        }
    }
    all
}

#[tokio::test]
async fn a_step_of_the_clock_is_no_time_in_which_anybody_did_anything() {
    for (by, programs) in STEPS.into_iter().flat_map(|by| [(by, 1), (by, 2)]) {
        let (_dir, path) = place();
        let all = two_hours(&path, programs, by).await;
        let (from, until) = (at(0) - TimeDelta::days(9), at(0) + TimeDelta::days(9));
        let archive = all[0].journal.handle().archive(from, until).await.unwrap();
        let second = |instant: DateTime<Utc>| (instant - by - now()).num_seconds();
        let told: Vec<_> = archive
            .spells
            .iter()
            .map(|(_, layer, s)| (*layer, second(s.since), s.until.map(second), &s.activity))
            .collect();
        let expected = [
            (Layer::Watched, 0, Some(1_800), &Activity::Available),
            (Layer::Watched, 1_800, Some(5_400), &Activity::Away(Reason::Lunch)),
            (Layer::Watched, 5_400, Some(7_200), &Activity::Available),
        ];
        assert_eq!(told, expected, "{by}, {programs}");
        assert!(archive.spells.iter().all(|(_, _, s)| s.evidence == Evidence::Observed));
        let span =
            |(_, span): &(_, crate::model::Span<_>)| (second(span.since), span.until.map(second));
        let places: Vec<_> = archive.places.iter().map(span).collect();
        assert_eq!(places, [(0, Some(7_200))], "{by}, {programs}");
        let sums: Vec<_> = archive.sums.iter().map(|(_, kpi)| second(kpi.since)).collect();
        assert_eq!(sums, [-3_600], "{by}, {programs}");
        let said: Vec<_> = archive.adherence.iter().map(|(_, said)| second(said.since)).collect();
        assert_eq!(said, [-3_600], "{by}, {programs}");
        let read: Vec<_> = archive.read_until.iter().map(|(.., at)| second(*at)).collect();
        assert_eq!(read, [7_200], "{by}, {programs}");
    }
}

#[tokio::test]
async fn after_a_step_of_the_clock_alerts_stand_as_they_were_dealt_with() {
    for (by, programs) in STEPS.into_iter().flat_map(|by| [(by, 1), (by, 2)]) {
        let (_dir, path) = place();
        let all = two_hours(&path, programs, by).await;
        let first = &all[0];
        let seen = first.stands("x", AlertStatus::Acknowledged, 2_100);
        let standing = first.journal.handle().own_alerts().await.unwrap();
        assert_eq!(standing, std::slice::from_ref(&seen), "{by}, {programs}");
        let over = first.stands("z", AlertStatus::Resolved, 3_660);
        let until = first.now(7_200);
        let archive =
            first.journal.handle().archive(until - TimeDelta::hours(48), until).await.unwrap();
        assert_eq!(archive.alerts, [seen, over], "{by}, {programs}");
    }
}

#[tokio::test]
async fn of_a_small_step_no_spell_comes_and_none_goes() {
    for seconds in [-3, 3] {
        let (_dir, path) = place();
        let all = two_hours(&path, 1, TimeDelta::seconds(seconds)).await;
        let archive = all[0].journal.handle().archive(at(-60), at(9_000)).await.unwrap();
        let told: Vec<_> = archive
            .spells
            .iter()
            .map(|(.., s)| ((s.since - now()).num_seconds(), &s.activity))
            .collect();
        let expected = [
            (0, &Activity::Available),
            (1_800 + seconds, &Activity::Away(Reason::Lunch)),
            (5_400 + seconds, &Activity::Available),
        ];
        assert_eq!(told, expected);
    }
}
