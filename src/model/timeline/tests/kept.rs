//! What has to be kept of what readings show and a log says.

use super::*;

/// The kept things in short: since when, until when, what; a spell that never was without a word.
fn short(told: &Told) -> Vec<(i64, Option<i64>, String)> {
    let seconds = |instant: DateTime<Utc>| (instant - at(0)).num_seconds();
    let of = |kept: &Kept| match kept {
        Kept::Put(s) => (seconds(s.since), s.until.map(seconds), s.activity.word().to_owned()),
        Kept::Gone(since) => (seconds(*since), None, String::new()),
    };
    told.kept.iter().map(of).collect()
}

fn expect_kept(kept: &[(i64, Option<i64>, &str)]) -> Vec<(i64, Option<i64>, String)> {
    kept.iter().map(|(since, until, what)| (*since, *until, (*what).to_owned())).collect()
}

#[test]
fn a_spell_is_kept_when_it_begins_and_when_it_ends_and_not_in_between() {
    let mut timeline = Timeline::default();
    let begun = watch(&mut timeline, 3, Some(1), &Activity::Available);
    assert_eq!(short(&begun), expect_kept(&[(1, None, "available")]));
    assert_eq!(begun.from, Some(at(1)));
    assert_eq!(watch(&mut timeline, 6, Some(2), &Activity::Available), Told::default());
    let next = watch(&mut timeline, 12, Some(10), &Activity::OnContact);
    let kept = [(1, Some(10), "available"), (10, None, "on_contact")];
    assert_eq!((short(&next), next.from), (expect_kept(&kept), Some(at(10))));
}

#[test]
fn what_turns_out_to_have_had_no_length_is_replaced_or_never_was() {
    let mut replaced = Timeline::default();
    watch(&mut replaced, 5, Some(5), &Activity::Available);
    let told = watch(&mut replaced, 8, Some(4), &Activity::OnContact);
    assert_eq!(short(&told), expect_kept(&[(5, None, "on_contact")]), "it began with it");
    let mut gone = Timeline::default();
    watch(&mut gone, 5, None, &Activity::Available);
    let told = watch(&mut gone, 60, None, &Activity::OnContact);
    assert_eq!(short(&told), expect_kept(&[(5, None, ""), (60, None, "on_contact")]));
    assert_eq!(told.from, Some(at(5)));
}

#[test]
fn whom_the_readings_no_longer_show_is_closed_once_and_opened_again() {
    let mut timeline = Timeline::default();
    assert_eq!(timeline.no_longer_seen(), Told::default(), "nobody was seen yet");
    watch(&mut timeline, 3, Some(1), &Activity::Available);
    let closed = timeline.no_longer_seen();
    assert_eq!(short(&closed), expect_kept(&[(1, Some(3), "available")]));
    assert_eq!((closed.from, timeline.no_longer_seen()), (Some(at(3)), Told::default()));
    let again = watch(&mut timeline, 9, Some(1), &Activity::Available);
    assert_eq!(short(&again), expect_kept(&[(1, None, "available")]));
    assert_eq!(again.from, Some(at(3)), "what was unknown since then is known");
    timeline.no_longer_seen();
    let other = watch(&mut timeline, 15, Some(12), &Activity::OnContact);
    let kept = [(1, Some(12), "available"), (12, None, "on_contact")];
    assert_eq!((short(&other), other.from), (expect_kept(&kept), Some(at(9))));
}

#[test]
fn a_long_silence_that_the_state_says_it_lasted_through_is_told_from_its_beginning() {
    let mut timeline = Timeline::default();
    watch(&mut timeline, 3, Some(1), &Activity::Available);
    let told = watch(&mut timeline, 500, Some(1), &Activity::Available);
    assert_eq!((told.kept.len(), told.from), (0, Some(at(3))));
    let told = watch(&mut timeline, 900, Some(880), &Activity::OnContact);
    assert_eq!(told.from, Some(at(500)), "and so is one that stays unknown");
}

#[test]
fn that_the_source_says_itself_what_was_inferred_is_news_and_the_reverse_is_not() {
    let mut timeline = Timeline::default();
    let mut see = |as_of: i64, evidence| {
        let activity = &Activity::Offline;
        let raw = "gone";
        let seen =
            Seen { since: Some(at(1)), as_of: at(as_of), activity, evidence, raw, earlier: &[] };
        timeline.watch(seen, PATIENCE)
    };
    see(3, Evidence::Inferred);
    let news = see(6, Evidence::Observed);
    assert_eq!((short(&news).len(), news.from), (1, Some(at(1))));
    assert_eq!(see(9, Evidence::Inferred), Told::default());
}

#[test]
fn what_a_source_tells_of_the_time_between_two_readings_lies_between_them() {
    let mut timeline = Timeline::default();
    watch(&mut timeline, 15, Some(0), &Activity::Available);
    let earlier = [
        spell(12, Some(18), Activity::Available),
        spell(18, Some(26), Activity::OnContact),
        spell(26, Some(28), Activity::WrapUp),
    ];
    let seen = Seen {
        since: Some(at(28)),
        as_of: at(30),
        activity: &Activity::Available,
        evidence: Evidence::Inferred,
        raw: "available",
        earlier: &earlier,
    };
    let laid = timeline.watch(seen, PATIENCE);
    let known =
        [(0, 18, "available"), (18, 26, "on_contact"), (26, 28, "wrap_up"), (28, 30, "available")];
    assert_eq!(told(&timeline), expect(&known));
    let kept = read_back(std::iter::once(laid), 30);
    assert_eq!(kept.iter().map(|s| s.since).collect::<Vec<_>>(), [0, 18, 26, 28].map(at));
}

#[test]
fn a_clock_set_back_undoes_what_was_kept_of_later() {
    let mut timeline = Timeline::default();
    watch(&mut timeline, 10, Some(0), &Activity::Available);
    watch(&mut timeline, 800, Some(790), &BREAK);
    let told = watch(&mut timeline, 14, Some(0), &Activity::Available);
    assert_eq!(short(&told), expect_kept(&[(790, None, ""), (0, None, "available")]));
    assert_eq!(told.from, Some(at(10)));
}

#[test]
fn of_a_log_that_is_read_again_only_what_differs_is_kept() {
    let events = [(100, Activity::Available), (200, BREAK), (300, Activity::Available)];
    let mut timeline = log(0, 400, &events);
    let again = |events: &[(i64, Activity)]| -> Vec<Spell> {
        events.iter().map(|(since, activity)| spell(*since, None, activity.clone())).collect()
    };
    assert_eq!(timeline.record(at(0), at(450), again(&events)), Told::default());
    let moved = [(100, Activity::Available), (210, BREAK), (300, Activity::Offline)];
    let told = timeline.record(at(0), at(450), again(&moved));
    let kept = [(210, None, "away"), (300, None, "offline"), (200, None, "")];
    assert_eq!(short(&told), expect_kept(&kept));
    assert_eq!(told.from, Some(at(200) - TOLERANCE), "a watched pause may have that reason");
    let ended = vec![spell(300, Some(440), Activity::Offline)];
    let told = timeline.record(at(300), at(450), ended);
    assert_eq!(short(&told), expect_kept(&[(300, Some(440), "offline")]));
    assert_eq!(told.from, Some(at(440) - TOLERANCE), "only its end is another");
}
