use chrono::{DateTime, TimeDelta, Utc};

use crate::http::scripted::three;
use crate::model::WayBack;
use crate::source::cxengage::window::{Progress, Window};

fn at(seconds: i64) -> DateTime<Utc> {
    three() + TimeDelta::seconds(seconds)
}

fn window(start: i64, end: i64) -> Window {
    Window { start: at(start), end: at(end) }
}

/// Reads forwards at `now`, seconds from [`three`].
fn forward(progress: &mut Progress, now: i64) -> Window {
    let window = progress.forward(at(now));
    progress.went_forward(window);
    window
}

/// Reads everything that is missed; the windows, newest first.
fn read_back(progress: &mut Progress) -> Vec<Window> {
    std::iter::from_fn(|| {
        let window = progress.backward(at(0)).filter(|_| !progress.is_at_leisure(at(0)))?;
        progress.went_backward(window);
        Some(window)
    })
    .collect()
}

#[test]
fn the_newest_seconds_are_left_alone_and_the_last_ones_read_again() {
    let mut progress = Progress::default();
    assert_eq!(forward(&mut progress, 0), window(-619, -20));
    assert_eq!(forward(&mut progress, 15), window(-110, -5));
    assert_eq!(forward(&mut progress, 30), window(-95, 10));
}

#[test]
fn parts_of_a_second_are_not_asked_for() {
    let progress = Progress::default();
    let now = three() + TimeDelta::milliseconds(700);
    assert_eq!(progress.forward(now).end, at(-20));
}

#[test]
fn every_minute_the_widest_window_is_read_for_what_came_late() {
    let mut progress = Progress::default();
    let widths: Vec<i64> = (0..9)
        .map(|poll| {
            let window = forward(&mut progress, poll * 15);
            (window.end - window.start).num_seconds()
        })
        .collect();
    assert_eq!(widths, [599, 105, 105, 105, 599, 105, 105, 105, 599]);
}

#[test]
fn a_start_reads_a_shift_backwards_without_a_hole() {
    let mut progress = Progress::default();
    let mut newer = forward(&mut progress, 0);
    let way = progress.way_back().unwrap();
    assert_eq!(way.done, 1);
    let windows = read_back(&mut progress);
    assert_eq!(windows.len() + 1, way.of as usize);
    for window in &windows {
        assert!(window.end > newer.start && window.end - window.start <= TimeDelta::seconds(599));
        newer = *window;
    }
    assert_eq!(newer.start, at(-20 - 12 * 3600));
    assert_eq!(progress.way_back(), Some(WayBack { done: way.of, of: way.of }));
}

#[test]
fn an_outage_is_caught_up_with_newest_first_and_no_farther_than_the_vendor_remembers() {
    let mut progress = Progress::default();
    forward(&mut progress, 0);
    progress.end_way_back();
    assert!(progress.way_back().unwrap().is_complete());
    let newest = forward(&mut progress, 3600);
    assert_eq!(newest, window(3580 - 599, 3580));
    assert_eq!(progress.unread_from(), Some(at(-20)));
    let windows = read_back(&mut progress);
    assert!(windows[0].end > newest.start);
    assert_eq!(windows.last().unwrap().start, at(-20 - 90));
    assert_eq!(progress.unread_from(), None);

    let late = 100 * 3600;
    forward(&mut progress, late);
    let windows = read_back(&mut progress);
    assert_eq!(windows.last().unwrap().start, at(late - 20 - 72 * 3600 + 900));
    assert!((430..=440).contains(&windows.len()), "{}", windows.len());
}

#[test]
fn a_window_that_failed_is_doubtful_until_it_has_been_read_and_asked_for_again_ever_more_slowly() {
    let mut progress = Progress::default();
    forward(&mut progress, 0);
    progress.end_way_back();
    forward(&mut progress, 3600);
    let window = progress.backward(at(3600)).unwrap();
    let mut now = 3600;
    let mut waits = Vec::new();
    for _ in 0..12 {
        assert!(progress.backward(at(now)) == Some(window), "{waits:?}");
        progress.failed(window, at(now), "HTTP 503");
        let wait = (progress.again_at().unwrap() - at(now)).num_seconds();
        waits.push(wait);
        assert_ne!(progress.backward(at(now + wait - 1)), Some(window));
        now += wait;
    }
    assert_eq!(waits[..4], [5, 10, 20, 40]);
    assert!(waits.iter().all(|wait| *wait <= 600) && waits[11] == 600, "{waits:?}");
    assert_eq!(progress.missed().len(), 1);
    assert!(progress.missed()[0].start > window.start && progress.missed()[0].end < window.end);
    let doubtful = progress.unread_from().unwrap();
    assert!(doubtful >= window.start && doubtful < window.end);
    progress.went_backward(window);
    assert!(progress.missed().is_empty());
    assert_eq!(progress.again_at(), None);
    assert!(progress.unread_from().unwrap() < doubtful, "what is older has yet to be read");
}

#[test]
fn what_is_missed_says_why_each_by_itself() {
    let mut progress = Progress::default();
    forward(&mut progress, 0);
    let newer = progress.backward(at(0)).unwrap();
    for now in [0, 5, 15] {
        progress.failed(newer, at(now), "HTTP 403");
    }
    let older = progress.backward(at(15)).unwrap();
    assert!(older.end < newer.end);
    progress.failed(older, at(15), "HTTP 503");
    let why: Vec<_> = progress.unread().map(|(_, why)| why).collect();
    assert_eq!(why, ["HTTP 503", "HTTP 403"]);
    progress.went_backward(older);
    let why: Vec<_> = progress.unread().map(|(_, why)| why).collect();
    assert_eq!(why, ["HTTP 403"]);
}

#[test]
fn a_window_that_fails_again_and_again_holds_up_nothing_older_and_no_window_is_forgotten() {
    let mut progress = Progress::default();
    let newest = forward(&mut progress, 0);
    let bad = progress.backward(at(0)).unwrap();
    let mut windows = Vec::new();
    for now in 0..3600 {
        while let Some(window) = progress.backward(at(now)) {
            if window == bad {
                progress.failed(window, at(now), "HTTP 503");
            } else {
                windows.push(window);
                progress.went_backward(window);
            }
        }
    }
    assert!(progress.way_back().unwrap().is_complete(), "nobody waits for it any more");
    assert_eq!(progress.missed().len(), 1);
    assert!(progress.unread_from().is_some());
    let late = progress.again_at().unwrap();
    assert_eq!(progress.backward(late), Some(bad));
    progress.went_backward(bad);
    assert!(progress.missed().is_empty() && progress.backward(late).is_none());
    windows.insert(0, bad);
    let mut newer = newest;
    for window in windows {
        assert!(window.end > newer.start, "no hole between {window:?} and {newer:?}");
        newer = window;
    }
    assert_eq!(newer.start, at(-20 - 12 * 3600));
}

#[test]
fn once_enough_is_known_what_an_outage_left_still_goes_before_the_rest_of_the_past() {
    let mut progress = Progress::default();
    forward(&mut progress, 0);
    forward(&mut progress, 3600);
    progress.end_way_back();
    assert!(!progress.is_on_way_back());
    assert_eq!(read_back(&mut progress).last().unwrap().start, at(-110));
    assert!(progress.way_back().unwrap().is_complete());
    assert_eq!(progress.backward(at(3600)).unwrap().end, at(-619 + 4), "the rest of the shift");
}

#[test]
fn a_server_whose_clock_is_set_back_is_still_read() {
    let mut progress = Progress::default();
    forward(&mut progress, 0);
    let window = forward(&mut progress, -50);
    assert_eq!((window.start, window.end), (at(-70 - 90), at(-70)));
}
