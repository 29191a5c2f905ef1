//! All five systems with one world behind them: each person is one row, with the past, the reasons
//! and the figures that are really so.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::simulator::{Dialect, HistoryTruth, Options, PersonTruth, SpellTruth};
use serde_json::Value;

use super::centre::Centre;
use super::picture::{Picture, around, instant, presence};

/// The roster's columns that are sources.
const SOURCES: [&str; 4] = ["dialer", "cx", "wfm", "sip"];

/// Everything of one centre, once: to read it takes longer than to compare it.
fn everything_is_right(dialect: Dialect, skew: i64) {
    let skew = TimeDelta::seconds(skew);
    let options = Options { agents: 60, dialect, skew, ..Options::default() };
    let centre = Centre::start(options);
    centre.without_limit();
    let picture = Picture::take(&centre);
    assert_eq!(picture.status, Some(0), "{}", picture.complaints);
    each_line_of_the_roster_is_one_agent(&centre, &picture);
    reasons_are_the_true_ones(&centre, &picture);
    the_past_is_the_true_one(&centre, &picture);
    figures_are_those_that_were_served(&centre, &picture);
    alerts_are_the_active_ones(&centre, &picture);
}

fn each_line_of_the_roster_is_one_agent(centre: &Centre, picture: &Picture) {
    let text = centre.running.roster_csv();
    let lines: Vec<BTreeMap<String, String>> =
        csv::Reader::from_reader(text.as_bytes()).deserialize().map(Result::unwrap).collect();
    let agents = picture.agents();
    let listed = picture.json["agents"].as_array().unwrap().len();
    assert_eq!((listed, agents.len()), (lines.len(), lines.len()), "nobody is doubled or lost");
    assert_eq!(picture.json["totals"]["people"], lines.len());
    for line in &lines {
        let agent = agents[line["person"].as_str()];
        assert_eq!(agent["name"], line["name"].as_str());
        let ids = SOURCES.iter().filter(|source| !line[**source].is_empty());
        let ids: BTreeMap<_, _> = ids.map(|source| (*source, line[*source].as_str())).collect();
        assert_eq!(agent["ids"], serde_json::to_value(&ids).unwrap(), "{agent:#}");
        let said = agent["presences"].as_array().unwrap().len();
        let sources: BTreeMap<_, _> = ids.keys().map(|s| (*s, presence(agent, s))).collect();
        assert_eq!(said, sources.values().flatten().count(), "one each: {agent:#}");
        // A dialer and CxEngage forget who has left; the others list everybody.
        for source in ["wfm", "sip"].iter().filter(|source| ids.contains_key(**source)) {
            assert!(sources[source].is_some(), "{source} was not joined: {agent:#}");
        }
    }
}

fn reasons_are_the_true_ones(centre: &Centre, picture: &Picture) {
    let mut alone = 0;
    for person in &centre.truth().people {
        let agent = picture.agents()[person.person.as_str()];
        let Some(said) = presence(agent, "dialer") else { continue };
        let at = |truth: &floorwatch::simulator::Truth| truth.person(&person.person).cloned();
        let then: Vec<_> =
            around(&centre.running, instant(&said["as_of"])).iter().filter_map(at).collect();
        // Who paused while the program was reading may not be in the log that it read before.
        let paused = |p: &PersonTruth| p.activity == "away" && p.since < picture.started;
        let known = then.iter().all(paused)
            && then.iter().all(|p| !p.convoso.as_ref().unwrap().unknown_status);
        if said["activity"] != "away" || !known {
            continue;
        }
        assert_eq!(reason(said), then[0].reason, "{agent:#}\n{person:#?}");
        if person.cxengage.is_none() && person.sip.is_none() {
            assert_eq!(agent["reason"], said["reason"], "{agent:#}");
            alone += usize::from(then[0].reason.is_some());
        }
    }
    assert!(alone > 0, "nobody who sits in the dialer only paused for a reason");
}

/// Why, in the truth's words: a reason that is none of ours is told as the vendor writes it.
fn reason(said: &Value) -> Option<String> {
    let reason = said["reason"].as_str().map(str::to_lowercase);
    reason.filter(|reason| reason != "unspecified")
}

/// A stretch of the past as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Stretch {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    activity: String,
    reason: Option<String>,
}

/// What is told of `said`'s past until `end`, as stretches; parts of one are put together.
fn told(said: &Value, end: DateTime<Utc>, least: TimeDelta) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    for spell in said["timeline"].as_array().unwrap() {
        let since = instant(&spell["since"]);
        if since >= end {
            break;
        }
        let until = instant(&spell["until"]);
        let activity = spell["activity"].as_str().unwrap().to_owned();
        let reason = reason(spell);
        if since == until || until - since < least {
            continue; // within one second, or too short to be compared
        }
        match stretches.last_mut() {
            Some(last)
                if last.activity == activity
                    && last.reason == reason
                    && since - last.until <= least =>
            {
                last.until = until;
            }
            _ => stretches.push(Stretch { since, until, activity, reason }),
        }
    }
    stretches
}

/// `truth` from `from` until `end`; the first one held at `from`. What begins and ends within one
/// second has no length in a log that counts seconds, and what stands around it is one stretch.
fn expected(
    truth: &[SpellTruth],
    from: DateTime<Utc>,
    end: DateTime<Utc>,
    least: TimeDelta,
) -> Vec<&SpellTruth> {
    let held = truth.partition_point(|spell| spell.since <= from).saturating_sub(1);
    let mut lasting: Vec<&SpellTruth> = Vec::new();
    for (at, spell) in truth.iter().enumerate().skip(held) {
        let next = truth.get(at + 1);
        let is_moment = next.is_some_and(|next| {
            next.since.timestamp() == spell.since.timestamp() || next.since - spell.since < least
        });
        let goes_on = lasting
            .last()
            .is_some_and(|last| last.activity == spell.activity && last.reason == spell.reason);
        if spell.since < end && !is_moment && !goes_on {
            lasting.push(spell);
        }
    }
    lasting
}

/// As [`compared`]; where something too short for the seconds of a log stands in between, what is left
/// without it.
fn is_so(
    said: &Value,
    truth: &[SpellTruth],
    end: DateTime<Utc>,
    tolerance: TimeDelta,
) -> Result<usize, String> {
    compared(said, truth, end, tolerance, TimeDelta::zero())
        .or_else(|_| compared(said, truth, end, tolerance, TimeDelta::seconds(3)))
}

/// Whether what is told of the past until `end` is what was so, each beginning within `tolerance`,
/// and without a gap; how many stretches were compared.
fn compared(
    said: &Value,
    truth: &[SpellTruth],
    end: DateTime<Utc>,
    tolerance: TimeDelta,
    least: TimeDelta,
) -> Result<usize, String> {
    let told = told(said, end, least);
    let Some(first) = told.first() else { return Ok(0) };
    // Signing in takes two seconds: within the tolerance the next stretch may begin already.
    let next = told.get(1).map(|next| next.since - TimeDelta::seconds(1));
    let begun = (first.since + tolerance).min(next.unwrap_or(end)).max(first.since);
    let expected = expected(truth, begun, end, least);
    if told.len() != expected.len() {
        return Err(format!("{} are told of {}", told.len(), expected.len()));
    }
    for (at, (told, so)) in told.iter().zip(&expected).enumerate() {
        let same = told.activity == so.activity && told.reason == so.reason;
        // Of what held when the log begins only the rest is told. Seconds are cut off, in the log
        // and by the program, and the server's clock is known to half of one.
        let late = told.since - so.since;
        let begins =
            -TimeDelta::seconds(2) <= late && late <= tolerance || at == 0 && late > tolerance;
        if !same || !begins {
            return Err(format!("{told:?} is told of {so:?}"));
        }
    }
    match told.windows(2).find(|pair| (pair[1].since - pair[0].until).abs() > least * 2) {
        Some(gap) => Err(format!("there is a gap: {gap:?}")),
        None => Ok(told.len()),
    }
}

/// When `person` began what is going on now: from then on the readings tell, and more than a log.
fn watched_from(person: &PersonTruth, started: DateTime<Utc>) -> DateTime<Utc> {
    person.since.min(started) - TimeDelta::seconds(3)
}

/// The last instant until `end` about which nothing begins: there, what is told and what was so may
/// lie on either side of it.
fn clear_of(truth: &[SpellTruth], end: DateTime<Utc>) -> DateTime<Utc> {
    let margin = TimeDelta::seconds(3);
    truth.iter().rev().fold(end, |end, spell| {
        if (spell.since - end).abs() <= margin { spell.since - margin } else { end }
    })
}

/// Somebody of whom nothing new is said stays in their last state: their past has no gap and reaches
/// up to `as_of`.
fn goes_on_until(said: &Value, as_of: DateTime<Utc>) {
    let spells = said["timeline"].as_array().unwrap();
    let gap = spells.windows(2).find(|pair| pair[0]["until"] != pair[1]["since"]);
    assert!(gap.is_none(), "{gap:?}");
    assert!(spells.last().is_some_and(|last| instant(&last["until"]) >= as_of), "{said:#}");
}

fn the_past_is_the_true_one(centre: &Centre, picture: &Picture) {
    let then = centre.running.truth_at(picture.started);
    let mut compared = [0, 0];
    for HistoryTruth { person: id, convoso, cxengage, .. } in centre.running.history() {
        let agent = picture.agents()[id.as_str()];
        let person = then.person(&id).unwrap();
        if let (Some(said), Some(truth)) = (presence(agent, "dialer"), convoso) {
            goes_on_until(said, instant(&said["as_of"]));
            let end = clear_of(&truth, watched_from(person, picture.started));
            let begun = told(said, end, TimeDelta::zero()).first().map(|first| first.since);
            let first = truth.first().filter(|first| first.since < end).map(|first| first.since);
            let is_whole = begun
                .zip(first)
                .is_none_or(|(begun, first)| (begun - first).abs() <= TimeDelta::seconds(2));
            assert!(is_whole && begun.is_some() == first.is_some(), "{begun:?} {first:?} {said:#}");
            let result = is_so(said, &truth, end, TimeDelta::seconds(1));
            compared[0] += result.unwrap_or_else(|why| panic!("{why}\n{said:#}\n{truth:#?}"));
        }
        // What is wrong with some there is told by nobody.
        let mishap = person.mishap.as_deref().is_some_and(|mishap| mishap.starts_with("cx_"));
        if let (Some(said), Some(truth), false) = (presence(agent, "cx"), cxengage, mishap) {
            let now = person.cxengage.as_ref().unwrap();
            let end = clear_of(&truth, now.since.min(picture.started) - TimeDelta::seconds(3));
            let result = is_so(said, &truth, end, TimeDelta::seconds(2));
            compared[1] += result.unwrap_or_else(|why| panic!("{why}\n{said:#}\n{truth:#?}"));
        }
    }
    assert!(compared.iter().all(|count| *count > 100), "only {compared:?} stretches were compared");
}

/// The vendor's words for its buckets, and ours.
const BUCKETS: [(&str, &str); 9] = [
    ("extcall", "external_call"),
    ("incall", "on_contact"),
    ("offline", "offline"),
    ("unreachable", "unreachable"),
    ("ring", "ringing"),
    ("paused", "away"),
    ("wrapup", "wrap_up"),
    ("ready", "available"),
    ("idle", "logged_in"),
];

fn ms(of: &Value, word: &str) -> i64 {
    of[word].as_i64().unwrap_or(0)
}

fn figures_are_those_that_were_served(centre: &Centre, picture: &Picture) {
    let mut alone = 0;
    for person in centre.truth().people.iter().filter(|person| person.sip.is_some()) {
        let agent = picture.agents()[person.person.as_str()];
        let said = presence(agent, "sip").unwrap();
        let (vendor, ours) = (&said["kpi"]["vendor"], &said["kpi"]["ours"]);
        served_unchanged(centre, person, vendor);
        recomputed(vendor, ours);
        if person.convoso.is_none() && person.cxengage.is_none() {
            alone += 1;
            let kpi = &agent["kpi"];
            let before = instant(&kpi["since"]) - instant(&vendor["since"]);
            if before > TimeDelta::hours(12) {
                continue; // a new day has begun since it was served
            }
            // The day is what was served, less what was before it began, and what has gone on since.
            // Each is told in whole seconds, cut off.
            let second = TimeDelta::seconds(1);
            let before = (before.max(TimeDelta::zero()) + second).num_milliseconds();
            let since = instant(&picture.json["taken_at"]) - instant(&vendor["as_of"]) + second;
            let since = since.num_milliseconds();
            let allowed = -before - 100..=since + 100;
            for word in ["available", "wrap_up", "away", "ringing", "offline"] {
                let more = ms(&kpi["ms"], word) - ms(&vendor["ms"], word);
                assert!(allowed.contains(&more), "{word}: {more} of {allowed:?}: {agent:#}");
            }
            let (handled, available) = handled(kpi);
            let wholes = [handled + available, kpi["logged_in_ms"].as_i64().unwrap_or(0)];
            for (field, whole) in ["occupancy_pct", "utilization_pct"].into_iter().zip(wholes) {
                let pct = |of: &Value| of[field].as_f64();
                let apart = pct(kpi).zip(pct(ours)).map(|(a, b)| (a - b).abs());
                // Soon after the day began a few seconds more are a lot.
                #[expect(clippy::cast_precision_loss, reason = "a day has few milliseconds")]
                let allowed = 0.5 + 100.0 * since as f64 / whole as f64;
                assert!(apart.is_none_or(|apart| apart < allowed), "{agent:#}");
                assert!(pct(ours).is_none() || pct(kpi).is_some(), "{agent:#}");
            }
            if agent["adherence"].is_null() {
                assert_eq!(kpi["adherence_pct"], vendor["adherence_pct"]);
            }
        }
    }
    assert!(alone > 0, "nobody sits in sip.io alone");
}

fn served_unchanged(centre: &Centre, person: &PersonTruth, vendor: &Value) {
    let at = |value: &Value| {
        let truth = centre.running.truth_at(instant(value));
        truth.person(&person.person).unwrap().sip.clone().unwrap().ms
    };
    let (before, after) = (at(&vendor["since"]), at(&vendor["as_of"]));
    for (word, our_word) in BUCKETS {
        let spent =
            |of: &BTreeMap<String, u64>| i64::try_from(of.get(word).copied().unwrap_or(0)).unwrap();
        // Both ends of the window are told in whole seconds.
        let right = spent(&after) - spent(&before);
        assert!(
            (ms(&vendor["ms"], our_word) - right).abs() < 3_000,
            "{word}: {vendor:#} {person:#?}"
        );
    }
    // Its percentages follow from its times as its own document has them: whole, cut off.
    let (handled, available) = handled(vendor);
    let cut = |whole: i64| (100 * handled).checked_div(whole).unwrap_or(0);
    assert_eq!(
        vendor["occupancy_pct"].as_f64().unwrap(),
        f64::from(i32::try_from(cut(handled + available)).unwrap())
    );
    let logged_in = vendor["logged_in_ms"].as_i64().unwrap();
    assert_eq!(
        vendor["utilization_pct"].as_f64().unwrap(),
        f64::from(i32::try_from(cut(logged_in)).unwrap())
    );
    let adherence = &vendor["adherence_pct"];
    match person.sip.as_ref().unwrap().adherence.as_str() {
        "measured" => assert!(adherence.is_number() || adherence.is_null(), "{vendor:#}"),
        "bypass" => assert_eq!(adherence, "bypass"),
        _ => assert!(adherence.is_null(), "{vendor:#}"),
    }
}

fn handled(vendor: &Value) -> (i64, i64) {
    let of = |word| ms(&vendor["ms"], word);
    (of("on_contact") + of("wrap_up"), of("available"))
}

fn recomputed(vendor: &Value, ours: &Value) {
    let (handled, available) = handled(vendor);
    let logged_in: i64 = BUCKETS.iter().map(|(_, word)| ms(&vendor["ms"], word)).sum::<i64>()
        - ms(&vendor["ms"], "offline");
    assert_eq!(ours["logged_in_ms"], logged_in);
    for (field, whole) in [("occupancy_pct", handled + available), ("utilization_pct", logged_in)] {
        if whole == 0 {
            assert!(ours[field].is_null(), "{ours}");
            continue;
        }
        #[expect(clippy::cast_precision_loss, reason = "a day has few milliseconds")]
        let right = 100.0 * handled as f64 / whole as f64;
        assert!(
            (ours[field].as_f64().unwrap() - right).abs() <= 0.005_01,
            "{field}: {ours} {right}"
        );
    }
}

fn alerts_are_the_active_ones(centre: &Centre, picture: &Picture) {
    let all = picture.json["alerts"].as_array().unwrap();
    let (own, listed): (Vec<_>, Vec<_>) = all.iter().partition(|a| a["source"] == "floorwatch");
    // Our own are what the rules find of the same person.
    for alert in own {
        let mut agents = picture.json["agents"].as_array().unwrap().iter();
        let agent = agents.find(|agent| agent["person"] == alert["person"]).unwrap();
        let flags = agent["flags"].as_array().unwrap();
        assert!(flags.iter().any(|flag| flag["kind"] == alert["type"]), "{alert:#} {agent:#}");
    }
    let side = &picture.source("wfm")["sides"][0];
    let then = around(&centre.running, instant(&side["as_of"]));
    let active = |truth: &floorwatch::simulator::Truth| {
        let active = truth.alerts.iter().filter(|alert| alert.status == "active");
        active.map(|alert| (alert.id.clone(), alert.clone())).collect::<BTreeMap<_, _>>()
    };
    let ids: Vec<_> = listed.iter().map(|alert| alert["id"].as_str().unwrap()).collect();
    let same = then
        .iter()
        .map(active)
        .find(|active| active.len() == ids.len() && ids.iter().all(|id| active.contains_key(*id)));
    let same = same.unwrap_or_else(|| panic!("{listed:#?}\n{:#?}", active(&then[2])));
    assert!(!same.is_empty());
    for said in listed {
        let so = &same[said["id"].as_str().unwrap()];
        assert_eq!(
            (&said["type"], &said["person"]),
            (&so.kind.as_str().into(), &so.person.as_str().into())
        );
        assert_eq!((&said["source"], &said["status"]), (&"wfm".into(), &"active".into()));
        assert!(
            (instant(&said["created_at"]) - so.created_at).abs() <= TimeDelta::seconds(2),
            "{said}"
        );
    }
}

#[test]
fn the_documents_shapes_give_the_truth_of_all_five() {
    everything_is_right(Dialect::Documented, 0);
}

#[test]
fn the_services_dialect_gives_the_truth_of_all_five() {
    everything_is_right(Dialect::Service, 0);
}

#[test]
fn a_mixture_of_both_gives_the_truth_of_all_five() {
    everything_is_right(Dialect::Mixed, 0);
}

#[test]
fn servers_whose_clock_is_90_s_ahead_give_the_same_past() {
    everything_is_right(Dialect::Service, 90);
}

#[test]
fn servers_whose_clock_is_90_s_behind_give_the_same_past() {
    everything_is_right(Dialect::Documented, -90);
}
