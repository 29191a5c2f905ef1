//! The counts of a screen held against its rows: what is in doubt is in no count without a mark.

use chrono::TimeDelta;

use super::chronicle::Standing;
use super::frame::{Count, Frame, Row};
use super::judge::Judge;

/// How far the WFM's word on adherence may reach back: it is read every five seconds here, and one answer
/// may come late.
const JUDGED_WITHIN: TimeDelta = TimeDelta::seconds(18);

/// The words for whom it can be said.
const SAID: [&str; 3] = ["ok", "OUT", "held"];

pub fn judge(judge: &mut Judge<'_>, frame: &Frame) {
    let sure = || frame.rows.iter().filter(|row| row.is_sure());
    let doubtful = || frame.rows.iter().filter(|row| !row.is_sure());
    for row in &frame.rows {
        if !frame.badges.contains_key(&row.activity) {
            let so = format!("{} is {}", row.name, row.activity);
            judge.add("a badge is missing", frame, row.activity.clone(), so);
        }
    }
    for (activity, count) in &frame.badges {
        // Of the unknown nothing is claimed.
        if activity != "unknown" {
            let is_it = |row: &&Row| row.activity == *activity;
            let right = (sure().filter(is_it).count(), doubtful().filter(is_it).count());
            compare(judge, frame, "a badge", activity, *count, right);
        }
    }
    for (marks, count) in &frame.attention {
        let is_it = |row: &&Row| row.severity == *marks;
        let right = (sure().filter(is_it).count(), doubtful().filter(is_it).count());
        compare(judge, frame, "a count of flags", marks, *count, right);
    }
    if let Some((adherent, of)) = frame.adherent {
        head_count(judge, frame, adherent, of);
    }
}

/// Who does what is scheduled is the WFM's own word while it is live, whatever is known of their states.
fn head_count(judge: &mut Judge<'_>, frame: &Frame, adherent: usize, of: usize) {
    let then = judge.chronicle.within(frame.at - JUDGED_WITHIN, frame.at);
    let people = 0..then.first().map_or(0, |moment| moment.people.len());
    let of_each = |place: usize| then.iter().map(move |moment| &moment.people[place]);
    let is_adherent = |then: &Standing| then.adherent && then.scheduled != "off";
    let most = people.clone().filter(|place| of_each(*place).any(is_adherent)).count();
    let surely = |place: &usize| of_each(*place).all(|then| is_adherent(then) && then.in_wfm);
    let unsaid = frame.rows.iter().filter(|row| !SAID.contains(&row.adherence.as_str())).count();
    let least = people.clone().filter(surely).count().saturating_sub(unsaid);
    let is_due = |place: &usize| of_each(*place).any(|then| then.scheduled != "off");
    let due = people.filter(is_due).count();
    if !(least..=most).contains(&adherent) || of > due {
        let so = format!("{least} to {most} of {due} at most");
        judge.add("a sum of adherent people", frame, format!("{adherent}/{of}"), so);
    }
}

fn compare(
    judge: &mut Judge<'_>,
    frame: &Frame,
    what: &'static str,
    of: &str,
    count: Count,
    (sure, doubtful): (usize, usize),
) {
    // Whoever is in doubt may be left out.
    let is_right = count.sure == sure && [0, doubtful].contains(&count.doubtful);
    if !is_right {
        let so = format!("{sure} rows without a mark say so, {doubtful} with one");
        judge.add(what, frame, format!("{of} {count:?}"), so);
    }
}
