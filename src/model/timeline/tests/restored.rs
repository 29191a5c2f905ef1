//! What earlier runs and other programs kept, beside what this one learns.

use super::*;

fn restored(spells: Vec<Spell>) -> Timeline {
    let mut timeline = Timeline::default();
    timeline.restore_watched(spells, PATIENCE);
    timeline
}

#[test]
fn after_a_crash_a_state_that_began_before_it_is_one_spell_without_a_gap() {
    for since in [38, 40, 42] {
        let mut timeline = restored(vec![
            spell(0, Some(40), Activity::OnContact),
            spell(40, Some(60), Activity::Available),
        ]);
        let told_ = watch(&mut timeline, 500, Some(since), &Activity::Available);
        assert!(told_.from.is_some_and(|from| from <= at(60)), "nobody knew since then");
        let pieces = timeline.past(None).pieces(at(100), at(DAY));
        assert_eq!(pieces.len(), 1);
        let piece = &pieces[0];
        assert_eq!((piece.since, piece.until), (at(since.min(40)), at(500)));
    }
}

#[test]
fn what_happened_while_no_program_ran_is_unknown() {
    let mut timeline = restored(vec![spell(0, Some(60), Activity::Available)]);
    watch(&mut timeline, 500, Some(490), &Activity::OnContact);
    assert_eq!(told(&timeline), expect(&[(0, 60, "available"), (490, 500, "on_contact")]));
    let mut soon = restored(vec![spell(0, Some(60), Activity::Available)]);
    watch(&mut soon, 70, None, &Activity::OnContact);
    watch(&mut soon, 73, None, &Activity::OnContact);
    let known = [(0, 70, "available"), (70, 73, "on_contact")];
    assert_eq!(told(&soon), expect(&known), "a silence that is no gap while it runs is none here");
}

#[test]
fn what_is_only_concluded_after_a_silence_tells_nothing_of_the_silence() {
    let concluded = |since, until, activity| Spell {
        evidence: Evidence::Inferred,
        ..spell(since, Some(until), activity)
    };
    for (after, known) in [
        (Activity::WrapUp, expect(&[(0, 60, "on_contact"), (70, 90, "wrap_up")])),
        (Activity::OnContact, expect(&[(0, 70, "on_contact"), (70, 90, "on_contact")])),
    ] {
        let spells = vec![concluded(0, 60, Activity::OnContact), concluded(70, 80, after.clone())];
        let mut timeline = restored(spells);
        let seen = Seen {
            since: Some(at(70)),
            as_of: at(90),
            activity: &after,
            evidence: Evidence::Inferred,
            raw: after.word(),
            earlier: &[],
        };
        timeline.watch(seen, PATIENCE);
        let told = told(&timeline);
        assert_eq!(told, known, "{after:?}");
    }
}

#[test]
fn two_programs_that_watched_one_source_tell_one_past() {
    let first = [
        spell(0, Some(100), Activity::Available),
        spell(100, Some(160), Activity::OnContact),
        spell(160, Some(200), Activity::WrapUp),
    ];
    let second = [
        spell(1, Some(98), Activity::Available),
        spell(98, Some(161), Activity::OnContact),
        spell(161, Some(230), Activity::WrapUp),
    ];
    let both = restored(first.iter().chain(&second).cloned().collect());
    let known = [(0, 98, "available"), (98, 160, "on_contact"), (160, 230, "wrap_up")];
    assert_eq!(told(&both), expect(&known));
}

#[test]
fn what_one_program_missed_the_other_tells() {
    let long = spell(0, Some(500), Activity::Available);
    let call = spell(200, Some(230), Activity::OnContact);
    let timeline = restored(vec![long, call]);
    let known = [(0, 200, "available"), (200, 230, "on_contact"), (230, 500, "available")];
    assert_eq!(told(&timeline), expect(&known));
    let pieces = timeline.past(None).pieces(at(300), at(DAY));
    assert_eq!(pieces.first().map(|piece| piece.since), Some(at(230)));
}

#[test]
fn what_one_program_leaves_open_another_tells() {
    let known = |since, until, activity| spell(since, Some(until), activity);
    // The first one was killed at 140, before it had concluded what went on then; the second one had
    // begun at 100, and saw the call from 120 on.
    let first = [known(50, 140, Activity::Ringing), left_open(140, 200)];
    let second = [
        left_open(100, 120),
        known(120, 180, Activity::OnContact),
        known(180, 185, Activity::WrapUp),
        left_open(185, 210),
    ];
    let told = [
        (50, 120, "ringing".to_owned()),
        (120, 180, "on_contact".to_owned()),
        (180, 185, "wrap_up".to_owned()),
        (185, 210, "unknown".to_owned()),
    ];
    for spells in [[&first[..], &second], [&second[..], &first]] {
        assert_eq!(told_between(&restored(spells.concat()), 0, 300), told);
    }
    // What the source itself shows as unknown is no less a statement than any other.
    let strange = spell(60, Some(80), Activity::Unknown);
    let timeline = restored(vec![known(50, 100, Activity::Available), strange]);
    let told = told_between(&timeline, 0, 300);
    assert_eq!(told[1], (60, 80, "unknown".to_owned()), "{told:?}");
}

#[test]
fn the_present_run_tells_of_what_it_saw_and_the_earlier_one_of_the_rest() {
    let mut timeline = Timeline::default();
    watch(&mut timeline, 100, Some(90), &Activity::OnContact);
    watch(&mut timeline, 110, Some(105), &Activity::WrapUp);
    let from = timeline
        .restore_watched(vec![spell(0, Some(70), BREAK), spell(70, Some(89), PAUSED)], PATIENCE)
        .from;
    assert_eq!(from, Some(at(0)));
    let known =
        [(0, 70, "break"), (70, 90, "unspecified"), (90, 105, "on_contact"), (105, 110, "wrap_up")];
    assert_eq!(told(&timeline), expect(&known));
    assert!(timeline.past(None).is_watched(at(30)) && !timeline.past(None).is_watched(at(200)));
}

#[test]
fn a_restored_log_holds_where_this_run_has_not_read_it() {
    let kept = vec![
        spell(100, None, Activity::LoggedIn),
        spell(150, None, Activity::Available),
        spell(200, None, BREAK),
    ];
    let mut timeline = log(140, 180, &[(160, Activity::OnContact)]);
    let told_ = timeline.restore_log(kept.clone());
    assert_eq!(told_.kept, [Kept::Gone(at(150))], "the log has it no longer");
    let mut early = Timeline::default();
    early.restore_log(kept);
    let events = vec![spell(160, None, Activity::OnContact)];
    assert_eq!(early.record(at(140), at(180), events).kept.len(), 2, "it is told the same");
    for timeline in [&timeline, &early] {
        let spells = timeline.past(Some(at(250))).spells(at(0), at(DAY));
        let known: Vec<_> = spells.iter().map(|s| (s.since, s.until.unwrap())).collect();
        assert_eq!(known, [(100, 160), (160, 200), (200, 250)].map(|(a, b)| (at(a), at(b))));
    }
}

/// Time of which the readings could not tell what was done.
fn left_open(since: i64, until: i64) -> Spell {
    let evidence = Evidence::Inferred;
    Spell { evidence, raw: "incall or ring".into(), ..spell(since, Some(until), Activity::Unknown) }
}

#[test]
fn the_reason_of_a_pause_that_began_before_an_earlier_runs_last_word_ended_is_told_in_every_window()
{
    let mut timeline = log(0, DAY, &[(93, BREAK), (123, Activity::Offline)]);
    timeline.restore_watched(vec![spell(4, Some(104), Activity::Offline)], PATIENCE);
    watch(&mut timeline, 133, Some(103), &PAUSED);
    for from in [103, 110, 123] {
        let told = timeline.past(None).spells(at(from), at(133));
        let told: Vec<_> = told.into_iter().map(|spell| spell.activity).collect();
        assert_eq!(told, [BREAK], "from {from}");
    }
}

/// Spells as several programs may have kept them, overlapping in any way.
fn kept_spells() -> impl Strategy<Value = Vec<Spell>> {
    let activity = prop::option::weighted(0.8, activity());
    prop::collection::vec((0..DAY, 1i64..200, activity), 0..12).prop_map(|spells| {
        let spell = |(since, long, activity): (i64, i64, Option<Activity>)| match activity {
            Some(activity) => spell(since, Some(since + long), activity),
            None => left_open(since, since + long),
        };
        spells.into_iter().map(spell).collect()
    })
}

/// Readings that may also go back in time, and of which some do not list the agent.
fn unsteady_readings() -> impl Strategy<Value = Vec<(i64, Option<i64>, Option<Activity>)>> {
    let step = (-8i64..40, prop::option::of(0i64..60), prop::option::weighted(0.8, activity()));
    prop::collection::vec(step, 1..40).prop_map(|steps| {
        let mut now = 100;
        let reading = |(after, before, activity): (i64, Option<i64>, Option<Activity>)| {
            now += after;
            (now, before.map(|before| now - before), activity)
        };
        steps.into_iter().map(reading).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_timeline_comes_of_any_order_of_restoring_and_watching(
        readings in readings(),
        kept in prop::collection::vec(kept_spells(), 1..4),
        logged in kept_spells(),
        events in events(),
        when in prop::collection::vec(0usize..40, 5),
    ) {
        let mut timelines = Vec::new();
        for shift in [0, 1, 2] {
            let mut timeline = Timeline::default();
            for step in 0..40 {
                for (index, spells) in kept.iter().enumerate() {
                    if when[(index + shift) % 5] == step {
                        timeline.restore_watched(spells.clone(), PATIENCE);
                    }
                }
                if when[(3 + shift) % 5] == step {
                    timeline.restore_log(logged.clone());
                }
                if when[(4 + shift) % 5] == step {
                    let within = events.iter().filter(|(since, _)| (200..700).contains(since));
                    let spells = within.map(|(s, activity)| spell(*s, None, activity.clone()));
                    timeline.record(at(200), at(700), spells.collect());
                }
                if let Some((as_of, since, activity)) = readings.get(step) {
                    watch(&mut timeline, *as_of, *since, activity);
                }
            }
            timelines.push(timeline);
        }
        prop_assert_eq!(&timelines[0], &timelines[1]);
        prop_assert_eq!(&timelines[0], &timelines[2]);
        let spells = timelines[0].past(None).spells(at(0), at(2 * DAY));
        prop_assert!(is_proper(&spells, 0, 2 * DAY), "{spells:?}");
    }

    #[test]
    fn what_was_kept_tells_the_same_past_after_a_crash(readings in unsteady_readings()) {
        let mut timeline = Timeline::default();
        let mut all = Vec::new();
        let mut read_until = 0;
        for (as_of, since, activity) in &readings {
            all.push(match activity {
                Some(activity) => watch(&mut timeline, *as_of, *since, activity),
                None => timeline.no_longer_seen(),
            });
            read_until = *as_of;
        }
        let back = restored(read_back(all.into_iter(), read_until));
        // A crash right after a reading that did not list the agent, and nothing was open.
        prop_assert_eq!(times(&back), times(&timeline));
    }

    #[test]
    fn an_instant_is_told_the_same_in_every_window(
        kept in kept_spells(),
        readings in readings(),
        events in events(),
        from in 0..DAY,
    ) {
        let mut timeline = log(0, DAY, &events);
        timeline.restore_watched(kept, PATIENCE);
        for (as_of, since, activity) in &readings {
            watch(&mut timeline, *as_of, *since, activity);
        }
        let whole = timeline.past(None).spells(at(0), at(DAY));
        let part = timeline.past(None).spells(at(from), at(DAY));
        let what = |spells: &[Spell], second: i64| {
            spells
                .iter()
                .find(|s| s.since <= at(second) && at(second) < s.until.unwrap())
                .map(|s| s.activity.clone())
        };
        for second in from..DAY {
            prop_assert_eq!(what(&whole, second), what(&part, second), "second {}", second);
        }
    }
}

/// Time by activity.
fn times(timeline: &Timeline) -> std::collections::BTreeMap<String, TimeDelta> {
    let mut times = std::collections::BTreeMap::new();
    for (since, until, what) in told_between(timeline, -200, 3 * DAY) {
        *times.entry(what).or_insert_with(TimeDelta::zero) += TimeDelta::seconds(until - since);
    }
    times
}
