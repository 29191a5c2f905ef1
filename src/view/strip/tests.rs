use super::*;

const ZONE: Tz = chrono_tz::America::New_York;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn filled(since: &str, until: &str, with: char) -> Filled<char> {
    Filled { since: at(since), until: at(until), with }
}

/// Where the last cell ends.
fn end(axis: &Axis) -> DateTime<Utc> {
    axis.start_of(axis.cells)
}

/// The cells as text; a point where nothing is known.
fn row(axis: &Axis, stretches: &[Filled<char>]) -> String {
    axis.fill(stretches).into_iter().map(|cell| cell.unwrap_or('.')).collect()
}

/// 08:00 to 10:00 in New York, in cells of ten minutes.
fn morning() -> Axis {
    Axis::over(at("2026-03-02T13:20:00Z"), at("2026-03-02T14:31:00Z"), ZONE, 12)
}

#[test]
fn an_axis_goes_from_whole_hour_to_whole_hour_of_the_floor() {
    let axis = morning();
    assert_eq!((axis.from, end(&axis)), (at("2026-03-02T13:00:00Z"), at("2026-03-02T15:00:00Z")));
    assert_eq!(axis.cells, 12);
    let india = Axis::over(
        at("2026-03-02T13:20:00Z"),
        at("2026-03-02T13:31:00Z"),
        chrono_tz::Asia::Kolkata,
        60,
    );
    assert_eq!((india.from, end(&india)), (at("2026-03-02T12:30:00Z"), at("2026-03-02T14:30:00Z")));
    let exact = Axis::over(at("2026-03-02T13:00:00Z"), at("2026-03-02T14:00:00Z"), ZONE, 60);
    assert_eq!((exact.cells, end(&exact)), (60, at("2026-03-02T14:00:00Z")));
}

#[test]
fn an_axis_takes_as_many_cells_as_fit_and_an_hour_is_a_whole_number_of_them() {
    let from = at("2026-03-02T05:00:00Z");
    for hours in 1..=30 {
        for room in [30, 60, 64, 100, 184] {
            let axis = Axis::over(from, from + TimeDelta::hours(hours), ZONE, room);
            assert!(axis.cells <= room && axis.cells * 2 > room / 2, "{hours} h: {axis:?}");
            assert_eq!(3600 % axis.step.num_seconds(), 0, "{axis:?}");
            assert_eq!(end(&axis), from + TimeDelta::hours(hours), "{axis:?}");
        }
    }
}

#[test]
fn an_axis_of_nothing_is_an_hour_long() {
    let now = at("2026-03-02T14:00:00Z");
    let axis = Axis::over(now, now, ZONE, 60);
    assert_eq!((axis.cells, row(&axis, &[])), (60, ".".repeat(60)));
}

#[test]
fn a_cell_shows_what_fills_most_of_it() {
    let row = row(
        &morning(),
        &[
            filled("2026-03-02T13:00:00Z", "2026-03-02T13:14:00Z", 'A'),
            filled("2026-03-02T13:14:00Z", "2026-03-02T13:36:00Z", 'C'),
            filled("2026-03-02T13:36:00Z", "2026-03-02T14:40:00Z", 'A'),
        ],
    );
    assert_eq!(row, "ACCCAAAAAA..");
}

#[test]
fn short_stretches_of_one_thing_count_together() {
    let stretches = [
        filled("2026-03-02T13:00:00Z", "2026-03-02T13:03:00Z", 'C'),
        filled("2026-03-02T13:03:00Z", "2026-03-02T13:07:00Z", 'W'),
        filled("2026-03-02T13:07:00Z", "2026-03-02T13:10:00Z", 'C'),
        filled("2026-03-02T13:10:00Z", "2026-03-02T13:20:00Z", 'B'),
    ];
    assert!(row(&morning(), &stretches).starts_with("CB"));
}

#[test]
fn a_gap_is_nobodys_guess_unless_less_than_half_of_the_cell_is_missing() {
    let stretches = [
        filled("2026-03-02T13:06:00Z", "2026-03-02T13:10:00Z", 'A'),
        filled("2026-03-02T13:14:00Z", "2026-03-02T13:20:00Z", 'A'),
        filled("2026-03-02T13:50:00Z", "2026-03-02T14:00:00Z", 'A'),
    ];
    assert_eq!(row(&morning(), &stretches), ".A...A......");
}

#[test]
fn the_cell_that_is_still_running_is_shown_as_far_as_it_has_run() {
    let running = [filled("2026-03-02T13:00:00Z", "2026-03-02T13:31:00Z", 'A')];
    assert_eq!(row(&morning(), &running), "AAAA........");
    let on_the_edge = [filled("2026-03-02T13:00:00Z", "2026-03-02T13:30:00Z", 'A')];
    assert_eq!(row(&morning(), &on_the_edge), "AAA.........");
}

#[test]
fn what_lies_outside_of_the_axis_is_left_out() {
    let stretches = [
        filled("2026-03-02T09:00:00Z", "2026-03-02T13:10:00Z", 'A'),
        filled("2026-03-02T14:50:00Z", "2026-03-02T19:00:00Z", 'C'),
    ];
    assert_eq!(row(&morning(), &stretches), "A..........C");
    let axis = morning();
    assert_eq!(axis.cell_of(at("2026-03-02T12:59:59Z")), None);
    assert_eq!(axis.cell_of(at("2026-03-02T13:00:00Z")), Some(0));
    assert_eq!(axis.cell_of(at("2026-03-02T14:59:59Z")), Some(11));
    assert_eq!(axis.cell_of(at("2026-03-02T15:00:00Z")), None);
}

#[test]
fn the_hours_stand_over_their_cells_and_never_touch() {
    let hours = |axis: &Axis| axis.hours(ZONE);
    let of = |cell: usize, hour: &str| (cell, hour.to_owned());
    assert_eq!(hours(&morning()), [of(0, "08"), of(6, "09")]);
    let from = at("2026-03-02T05:00:00Z");
    let day = Axis::over(from, from + TimeDelta::hours(24), ZONE, 64);
    assert_eq!(hours(&day)[..3], [of(0, "00"), of(4, "02"), of(8, "04")]);
}

#[test]
fn on_the_day_the_clocks_change_an_hour_is_missing_or_shown_twice() {
    let hours = |from: &str| {
        let axis = Axis::over(at(from), at(from) + TimeDelta::hours(4), ZONE, 24);
        axis.hours(ZONE).into_iter().map(|(_, hour)| hour).collect::<Vec<_>>()
    };
    assert_eq!(hours("2026-03-08T05:00:00Z"), ["00", "01", "03", "04"]);
    assert_eq!(hours("2026-11-01T04:00:00Z"), ["00", "01", "01", "02"]);
}
