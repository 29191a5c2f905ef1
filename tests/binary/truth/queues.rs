//! The page of queues, taken apart and held against the truth: who sits in each, and its calls.

use chrono::{DateTime, TimeDelta, Utc};
use floorwatch::simulator::{QueueTruth, Target};

use super::case::Kind;
use super::chronicle::{Moment, Standing};
use super::frame::{Count, Source, count, sources};
use super::judge::{Judge, Wrong};

/// From an answer to the screen, with the seconds that are cut off on the way.
const SHOWN_WITHIN: TimeDelta = TimeDelta::seconds(4);

/// What a column counts.
#[derive(Clone, Copy)]
enum Counted {
    /// Who sits there and is logged in, or in a state.
    Agents(Option<&'static str>),
    Calls(fn(&QueueTruth) -> u64),
}

/// The columns with counts.
const FIGURES: [(&str, Counted); 9] = [
    ("Agents", Counted::Agents(None)),
    ("Avail", Counted::Agents(Some("available"))),
    ("Call", Counted::Agents(Some("on_contact"))),
    ("Ring", Counted::Agents(Some("ringing"))),
    ("Wrap", Counted::Agents(Some("wrap_up"))),
    ("Away", Counted::Agents(Some("away"))),
    ("Calls", Counted::Calls(|queue| queue.calls_today)),
    ("Answd", Counted::Calls(|queue| queue.answered)),
    ("Drop", Counted::Calls(|queue| queue.dropped)),
];

/// One screen of the page.
#[derive(Debug)]
pub struct QueuesFrame {
    at: DateTime<Utc>,
    text: String,
    /// How old the list of who sits where is, by the screen's own word.
    age: TimeDelta,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    name: String,
    figures: Vec<Option<Count>>,
    /// How many seconds old its counts of calls are by the row's own word; none where that is marked.
    age: Option<i64>,
}

impl QueuesFrame {
    /// The page of queues, if that is what `screen` shows.
    pub fn read(screen: &vt100::Screen, at: DateTime<Utc>) -> Option<Self> {
        let text = screen.contents();
        let titles =
            text.lines().position(|line| line.contains("Answd") && line.contains("Rate"))?;
        let line = text.lines().nth(titles)?;
        let end = |title: &str| {
            let start = line.find(&format!(" {title}"))? + 1;
            Some(line[..start].chars().count() + title.len())
        };
        let ends: Option<Vec<usize>> = FIGURES.iter().map(|(title, _)| end(title)).collect();
        let ends = ends?;
        let row = |line: &str| {
            let signs: Vec<char> = line.chars().collect();
            let name: String = signs.iter().skip(2).take(27).collect();
            // Each stands flush right below its title.
            let figure = |end: &usize| {
                let before = signs.get(..*end)?;
                let word: Vec<_> = before.iter().rev().take_while(|sign| **sign != ' ').collect();
                count(&word.into_iter().rev().collect::<String>())
            };
            let figures = ends.iter().map(figure).collect();
            let age = line.split_whitespace().last();
            let age = age.and_then(|age| age.strip_suffix('s')).and_then(|age| age.parse().ok());
            let name = name.trim().to_owned();
            (!name.is_empty()).then_some(Row { name, figures, age })
        };
        let rows = text.lines().skip(titles + 1).map_while(row).collect();
        let header: Vec<_> = text.lines().take_while(|line| !line.contains("1 Agents")).collect();
        let age = match sources(&header).get("dialer") {
            Some(Source::Live(age)) => *age,
            _ => TimeDelta::zero(),
        };
        Some(Self { at, age, rows, text })
    }
}

/// Holds every screen of the page against the truth.
pub fn judge(judge: &mut Judge<'_>) {
    let run = judge.run;
    for frame in &run.queues {
        for row in &frame.rows {
            for (place, figure) in row.figures.iter().enumerate() {
                let Some(count) = figure.filter(|count| !count.is_marked) else { continue };
                let wrong = wrong(judge, frame, row, place, count);
                judge.wrong.extend(wrong);
            }
        }
    }
}

fn wrong(
    judge: &Judge<'_>,
    frame: &QueuesFrame,
    row: &Row,
    place: usize,
    count: Count,
) -> Option<Wrong> {
    let ((title, counted), name) = (FIGURES[place], &row.name);
    let delay = match counted {
        // They are asked for queue by queue, in turn, and each says how old it is.
        Counted::Calls(_) => TimeDelta::seconds(row.age?) + SHOWN_WITHIN,
        Counted::Agents(_) if judge.kind(Target::Convoso, frame.at) == Some(Kind::Slow) => {
            SHOWN_WITHIN * 3
        }
        Counted::Agents(_) => SHOWN_WITHIN + frame.age,
    };
    let then = judge.chronicle.within(frame.at - delay, frame.at);
    let mut queues =
        then.iter().flat_map(|moment| &moment.queues).filter(|queue| queue.name == *name);
    let (least, most) = match counted {
        Counted::Calls(count) => {
            let counts: Vec<u64> = queues.map(count).collect();
            (*counts.iter().min()?, *counts.iter().max()?)
        }
        Counted::Agents(state) => agents(then, &queues.next()?.queue_id, state),
    };
    let number = u64::try_from(count.sure).unwrap();
    (!(least..=most).contains(&number)).then(|| Wrong {
        what: "a figure of a queue",
        at: frame.at,
        said: format!("{name}: {title} {number}"),
        so: format!("{least} to {most}"),
        screen: frame.text.clone(),
    })
}

/// How many sat in `queue` in `state`, or logged in, all the while at least, and at one time or another at
/// most: between two looks one may have ended and another not yet begun.
fn agents(then: &[Moment], queue: &str, state: Option<&str>) -> (u64, u64) {
    let is_counted = |standing: &Standing| {
        let said = standing.dialer.as_ref().filter(|_| standing.queue.as_deref() == Some(queue));
        said.is_some_and(|said| match state {
            Some(state) => said.activity == state,
            None => said.activity != "offline",
        })
    };
    let people = 0..then.first().map_or(0, |moment| moment.people.len());
    let of_each = |place: usize| then.iter().map(move |moment| is_counted(&moment.people[place]));
    let all = people.clone().filter(|place| of_each(*place).all(|is| is)).count();
    let any = people.filter(|place| of_each(*place).any(|is| is)).count();
    (all as u64, any as u64)
}
