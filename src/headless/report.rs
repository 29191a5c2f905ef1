//! `floorwatch report`: everybody's figures over a stretch of time, from the journal alone.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::kept::{Kept, go_on, kept};
use super::window::{Window, window};
use super::{Exit, Failure, print};
use crate::args;
use crate::clock::Clock;
use crate::config::Config;
use crate::export::{
    Report, ReportAgent, ReportQueue, ReportTeam, write_report_csv, write_report_json,
    write_report_table,
};
use crate::journal::path_for;
use crate::model::{Floor, ONE_CHANGE, Person};
use crate::rules::{Figures, figures_over, queues_over};

/// Prints the figures of the stretch of time that `options` ask for.
///
/// # Errors
/// When the arguments make no stretch of time, there is no journal or it cannot be read, or standard
/// output cannot be written.
pub async fn report(
    config: &Config,
    options: &args::Report,
    clock: Clock,
) -> Result<Exit, Failure> {
    let now = clock.now();
    let window = window(options, &config.floor, now)?;
    let name = &config.floor.name;
    let not_done = |error: &dyn std::fmt::Display| Failure::NotDone(format!("no report: {error}"));
    let floor = config.floor(Vec::new());
    let silence = longest_silence(&floor);
    let (from, until) = (window.since - silence, window.until + silence);
    let kept = kept(config, from, until).await.map_err(|error| not_done(&error))?;
    let Some(kept) = kept else {
        let directory = config.journal.directory.as_deref();
        let path = path_for(directory, name).map_err(|error| not_done(&error))?;
        return Err(Failure::NotDone(format!(
            "no report: there is no journal `{}` (hint: the dashboard, `floorwatch` with this config, \
             keeps one for as long as it runs)",
            path.display(),
        )));
    };
    let report = told(&remembering(floor, kept, window, now), window, now);
    let mut text = Vec::new();
    match options.format {
        args::Format::Json => write_report_json(&report, &mut text)?,
        args::Format::Csv => write_report_csv(&report, &mut text)?,
        args::Format::Table => write_report_table(&report, &mut text)?,
    }
    print(&text)?;
    Ok(Exit::Well)
}

/// The longest silence that the readings on both sides of it may tell of: what is known of an instant
/// must not depend on whether they lie in the window, or two windows that meet would not add up.
fn longest_silence(floor: &Floor) -> TimeDelta {
    let silences = floor.feeds().iter().map(|feed| feed.patience() + feed.kind.documented_lag());
    silences.max().unwrap_or_default() + ONE_CHANGE
}

/// `floor` as its journal has it at `now`, for looking back at `window`.
fn remembering(mut floor: Floor, kept: Kept, window: Window, now: DateTime<Utc>) -> Floor {
    floor.remember_queues(kept.queues);
    let mut archive = kept.archive;
    go_on(&mut archive, floor.feeds(), now);
    // What was counted on a day before ours is of use only as seen on that day.
    floor.restore(archive, window.until - TimeDelta::milliseconds(1));
    for (agent, name) in floor.remembered() {
        floor.admit(&agent, name.as_deref());
    }
    floor
}

/// What is known at `now` of everybody's time in `window`. The roster's people come first, in its order,
/// then by name whom a source knew then.
fn told(floor: &Floor, window: Window, now: DateTime<Utc>) -> Report {
    let Window { since, until } = window;
    let mut people: Vec<(&Person, Figures)> = floor
        .people()
        .iter()
        .map(|person| (person, figures_over(floor, person, since, until, now)))
        .filter(|(person, figures)| {
            person.in_roster || figures.times.known() >= TimeDelta::seconds(1)
        })
        .collect();
    people.sort_by_key(|(person, _)| {
        let name = (!person.in_roster).then(|| (person.name.clone(), person.id.clone()));
        (!person.in_roster, name)
    });
    let mut teams: BTreeMap<&str, Vec<&Figures>> = BTreeMap::new();
    for (person, figures) in &people {
        if let Some(team) = &person.team {
            teams.entry(team).or_default().push(figures);
        }
    }
    let teams = teams.into_iter();
    let teams = teams.filter_map(|(team, of)| Some((team, Figures::together(of)?)));
    let known = floor.queues();
    let mut queues: Vec<_> = queues_over(floor, since, until, now)
        .iter()
        .map(|(key, figures)| {
            ReportQueue::of(key, known.iter().find(|queue| queue.key == *key), figures)
        })
        .collect();
    queues.sort_by(|a, b| a.name.cmp(&b.name));
    Report {
        agents: people.iter().map(|(person, of)| ReportAgent::of(person, of)).collect(),
        teams: teams.map(|(team, figures)| ReportTeam::of(team, &figures)).collect(),
        queues,
        ..Report::of(floor.identity(), since, until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Activity, Body, Coverage, Feed, FloorIdentity, Observation, Reading, Roster, RosterPerson,
        SourceKind, Work,
    };

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn rostered(id: &str, team: Option<&str>) -> RosterPerson {
        RosterPerson {
            id: id.into(),
            name: format!("{id} of the roster"),
            team: team.map(str::to_owned),
            email: None,
            timezone: None,
            ids: [("dialer".into(), id.into())].into(),
        }
    }

    fn observed(id: &str, activity: Activity) -> Observation {
        let work = Work {
            campaign_id: Some("111".into()),
            queue_id: Some("222".into()),
            queue: Some("Main Queue".into()),
            ..Work::default()
        };
        Observation {
            name: Some(format!("Name of {id}")),
            work,
            ..Observation::of(id, activity, "raw")
        }
    }

    /// A floor read from 0 s to 60 s, every 10 s: `jane` on contact from 40 s on, `anna` on contact
    /// throughout, `joe` never seen.
    fn floor() -> Floor {
        let identity = FloorIdentity {
            name: "Tampa".to_owned(),
            timezone: chrono_tz::Tz::UTC,
            day_starts: chrono::NaiveTime::MIN,
        };
        let roster =
            Roster::new(vec![rostered("joe", Some("Blue")), rostered("jane", Some("Blue"))]);
        let feed = Feed::new("dialer".into(), SourceKind::Convoso, TimeDelta::seconds(10));
        let mut floor = Floor::new(identity, roster, vec![feed], Vec::new());
        for seconds in (0..=60).step_by(10) {
            let jane = if seconds < 40 { Activity::Available } else { Activity::OnContact };
            let observations = vec![
                observed("zoe", Activity::OnContact),
                observed("jane", jane),
                observed("anna", Activity::OnContact),
            ];
            let body = Body::Agents {
                observations,
                coverage: Coverage::Part,
                summary: None,
                histories: Vec::new(),
            };
            let (taken_at, as_of) = (at(seconds), at(seconds));
            let reading = Reading { source: "dialer".into(), taken_at, as_of, skipped: 0, body };
            floor.apply(reading, at(seconds));
        }
        floor
    }

    fn report(since: i64, until: i64) -> serde_json::Value {
        let window = Window { since: at(since), until: at(until) };
        serde_json::to_value(told(&floor(), window, at(60))).unwrap()
    }

    #[test]
    fn the_roster_comes_first_then_by_name_whom_somebody_knew() {
        let report = report(0, 60);
        let people: Vec<_> =
            report["agents"].as_array().unwrap().iter().map(|a| &a["person"]).collect();
        assert_eq!(people, ["joe", "jane", "dialer:anna", "dialer:zoe"]);
        let (joe, jane) = (&report["agents"][0]["kpi"], &report["agents"][1]["kpi"]);
        assert_eq!(
            (&joe["ms"]["unknown"], &joe["logged_in_ms"]),
            (&60_000.into(), &serde_json::Value::Null)
        );
        assert_eq!(
            (&jane["ms"]["available"], &jane["ms"]["on_contact"]),
            (&40_000.into(), &20_000.into())
        );
        assert_eq!((&jane["occupancy_pct"], &jane["handle_ms"]), (&33.33.into(), &20_000.into()));
    }

    #[test]
    fn a_team_is_its_people_together_and_a_queue_whoever_sat_in_it() {
        let report = report(0, 60);
        assert_eq!(report["teams"].as_array().unwrap().len(), 1);
        let (team, queue) = (&report["teams"][0], &report["queues"][0]);
        assert_eq!(team["team"], "Blue");
        assert_eq!(team["kpi"]["ms"]["unknown"], 60_000, "joe's");
        assert_eq!(team["kpi"]["occupancy_pct"], 33.33);
        assert_eq!(queue["name"], "Main Queue");
        assert_eq!((&queue["campaign_id"], &queue["queue_id"]), (&"111".into(), &"222".into()));
        assert_eq!(queue["kpi"]["ms"]["on_contact"], 140_000);
        assert_eq!(queue["kpi"]["ms"]["available"], 40_000);
    }

    #[test]
    fn the_times_of_everybody_sum_up_to_the_window() {
        for (since, until) in [(0, 60), (-30, 45), (15, 16)] {
            let report = report(since, until);
            for agent in report["agents"].as_array().unwrap() {
                let ms = agent["kpi"]["ms"].as_object().unwrap().values();
                let sum: i64 = ms.map(|ms| ms.as_i64().unwrap()).sum();
                assert_eq!(sum, (until - since) * 1000, "{agent}");
            }
        }
    }

    #[test]
    fn whom_nobody_knew_in_the_window_is_in_it_by_the_roster_only() {
        let report = report(-60, 0);
        let people: Vec<_> =
            report["agents"].as_array().unwrap().iter().map(|a| &a["person"]).collect();
        assert_eq!(people, ["joe", "jane"]);
        assert_eq!(report["queues"], serde_json::json!([]));
    }
}
