//! What may be judged without going through the rules is judged by them all the same.

use proptest::prelude::*;

use super::*;

const KINDS: [SourceKind; 4] =
    [SourceKind::Convoso, SourceKind::CxEngage, SourceKind::SipIo, SourceKind::Wfm];

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
}

fn activity() -> impl Strategy<Value = Activity> {
    prop_oneof![
        Just(Activity::Offline),
        Just(Activity::Available),
        Just(Activity::OnContact),
        Just(Activity::Away(Reason::Unspecified)),
        Just(Activity::Away(Reason::Lunch)),
        Just(Activity::Unknown),
    ]
}

fn evidence() -> impl Strategy<Value = Evidence> {
    prop::sample::select(vec![
        Evidence::Observed,
        Evidence::Derived,
        Evidence::Inferred,
        Evidence::Stale,
    ])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whom_nobody_can_contradict_is_right_by_the_rules_too(
        said in prop::collection::vec(
            (0usize..4, activity(), 0i64..60, 0i64..60, evidence(), evidence()),
            0..4,
        ),
    ) {
        let names = ["a", "b", "c"].map(SourceName::from);
        let statements: Vec<_> = names
            .iter()
            .zip(&said)
            .map(|(source, (kind, activity, since, as_of, origin, evidence))| Statement {
                source,
                kind: KINDS[*kind],
                activity,
                since: Some(at(*since)),
                as_of: at(*as_of),
                origin: *origin,
                evidence: *evidence,
                logged_reason: None,
                is_not_listed: false,
                is_disbelieved: false,
                may_conflict: true,
            })
            .collect();
        let whose = |statement: Statement<'_>| statement.source.clone();
        let by_rules = judge(&statements).winner.map(whose);
        prop_assert_eq!(verdict(&statements).map(|(_, by)| whose(by)), by_rules);
    }
}
