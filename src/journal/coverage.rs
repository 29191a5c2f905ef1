//! Up to when what a run saw go on is confirmed.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::model::Layer;

/// Up to when each run's open rows are confirmed, source by source.
///
/// Two programs may watch one floor at once. A row belongs to whichever kept it last, which may be
/// the one that ends first; but the other would have kept the change, had there been one. So what
/// one run saw go on is confirmed for as long as runs overlapped without a break.
pub(super) struct Coverage(HashMap<i64, HashMap<String, i64>>);

impl Coverage {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let sql = "SELECT run, source, since, until FROM reads WHERE layer = ?1
                   ORDER BY source, since";
        let mut statement = connection.prepare_cached(sql)?;
        let rows = statement.query_map([Layer::Watched.word()], |row| {
            Ok(Stretch {
                run: row.get(0)?,
                source: row.get(1)?,
                since: row.get(2)?,
                until: row.get(3)?,
            })
        })?;
        let mut ends: HashMap<i64, HashMap<String, i64>> = HashMap::new();
        let mut together: Vec<Stretch> = Vec::new();
        for stretch in rows {
            let stretch = stretch?;
            let goes_on = together
                .iter()
                .any(|other| other.source == stretch.source && other.until > stretch.since);
            if !goes_on {
                conclude(&mut ends, std::mem::take(&mut together));
            }
            together.push(stretch);
        }
        conclude(&mut ends, together);
        Ok(Self(ends))
    }

    /// Up to when what `run` saw of `source` go on is confirmed; none where nothing is.
    pub(super) fn of(&self, run: i64, source: &str) -> Option<i64> {
        self.0.get(&run)?.get(source).copied()
    }
}

struct Stretch {
    run: i64,
    source: String,
    since: i64,
    until: i64,
}

fn conclude(ends: &mut HashMap<i64, HashMap<String, i64>>, together: Vec<Stretch>) {
    let Some(end) = together.iter().map(|stretch| stretch.until).max() else { return };
    for stretch in together {
        ends.entry(stretch.run).or_default().insert(stretch.source, end);
    }
}
