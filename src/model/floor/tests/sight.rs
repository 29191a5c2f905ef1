//! Lists of whom a login may see: a WFM's and sip.io's.

use super::*;

const EVERYBODY: [&str; 5] = ["1", "2", "3", "4", "5"];

/// A reading of the WFM that lists `agents` as available since second 0.
fn sees(floor: &mut Floor, as_of: i64, agents: &[&str]) {
    let seen = agents.iter().map(|agent| says(agent, Activity::Available, 0)).collect();
    floor.apply(reading("wfm", as_of, Coverage::Visible, seen), at(as_of));
}

fn evidence(floor: &Floor, agent: &str, now: i64) -> Evidence {
    floor.evidence(presence(floor, "wfm", agent), at(now))
}

/// Why the WFM's list is in doubt at `now`, if it is.
fn doubt(floor: &Floor, now: i64) -> Option<HoldReason> {
    let hold = floor.feed(&"wfm".into()).unwrap().hold;
    hold.filter(|hold| hold.is_active(at(now))).map(|hold| hold.reason)
}

#[test]
fn who_is_no_longer_listed_is_no_longer_vouched_for_and_never_believed_gone() {
    let mut floor = floor();
    sees(&mut floor, 15, &EVERYBODY);
    for as_of in (30..4000).step_by(15) {
        sees(&mut floor, as_of, &EVERYBODY[1..]);
        let missing = presence(&floor, "wfm", "1");
        assert_eq!(missing.activity, Activity::Available, "the last that was known");
        assert_eq!(evidence(&floor, "1", as_of), Evidence::Stale, "at {as_of}");
        assert!(!missing.has_vanished());
        assert_eq!(evidence(&floor, "2", as_of), Evidence::Observed);
        assert_eq!(doubt(&floor, as_of), None, "one is no floor");
    }
    sees(&mut floor, 4000, &EVERYBODY);
    assert_eq!(evidence(&floor, "1", 4000), Evidence::Observed);
}

#[test]
fn a_list_that_lost_everybody_is_in_doubt_for_as_long_as_it_is_empty() {
    for everybody in [&EVERYBODY[..], &EVERYBODY[..1]] {
        let mut floor = floor();
        sees(&mut floor, 15, everybody);
        for as_of in (30..7200).step_by(15) {
            sees(&mut floor, as_of, &[]);
            let of = everybody.len() as u64;
            assert_eq!(doubt(&floor, as_of), Some(HoldReason::Emptied { of }), "at {as_of}");
            for agent in everybody {
                assert_eq!(presence(&floor, "wfm", agent).activity, Activity::Available);
                assert_eq!(evidence(&floor, agent, as_of), Evidence::Stale);
            }
            assert_eq!(floor.feed(&"wfm".into()).unwrap().status(at(as_of)), FeedStatus::Live);
        }
        sees(&mut floor, 7200, everybody);
        assert_eq!(doubt(&floor, 7200), None, "the doubt is over");
        assert_eq!(evidence(&floor, "1", 7200), Evidence::Observed);
    }
}

#[test]
fn a_list_that_lost_most_at_once_is_in_doubt_for_a_minute() {
    let mut floor = floor();
    sees(&mut floor, 15, &EVERYBODY);
    for as_of in (30..300).step_by(15) {
        sees(&mut floor, as_of, &EVERYBODY[3..]);
        let expected = HoldReason::MassVanish { missing: 3, of: 5 };
        assert_eq!(doubt(&floor, as_of), Some(expected).filter(|_| as_of < 90), "at {as_of}");
        assert_eq!(evidence(&floor, "1", as_of), Evidence::Stale, "also when that is over");
        assert_eq!(evidence(&floor, "4", as_of), Evidence::Observed);
    }
}

#[test]
fn a_list_that_never_had_anybody_or_only_whom_it_called_off_is_in_no_doubt() {
    let mut floor = floor();
    sees(&mut floor, 15, &[]);
    assert_eq!(doubt(&floor, 15), None);
    let off = EVERYBODY.map(|agent| says(agent, Activity::Offline, 0)).into();
    floor.apply(reading("wfm", 30, Coverage::Visible, off), at(30));
    sees(&mut floor, 45, &[]);
    assert_eq!(doubt(&floor, 45), None, "a telephony system forgets yesterday's at midnight");
    assert_eq!(evidence(&floor, "1", 45), Evidence::Stale);
}
