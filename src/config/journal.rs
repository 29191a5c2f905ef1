//! `[journal]`: where the floor's history is kept, and for how long.

use std::path::PathBuf;
use std::time::Duration;

use chrono::TimeDelta;

use super::limits::delta;
use super::section::Section;

/// Where the floor's history is kept, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalPlace {
    /// The directory; none where it is the user's own for such files.
    pub directory: Option<PathBuf>,
    /// For how long.
    pub retention: TimeDelta,
}

impl Default for JournalPlace {
    /// A drop rate is judged over thirty days, and nobody looks at the last one on its last evening.
    fn default() -> Self {
        Self { directory: None, retention: TimeDelta::days(35) }
    }
}

pub(super) fn place(root: &Section<'_>) -> JournalPlace {
    const DAY: Duration = Duration::from_secs(24 * 3600);
    let default = JournalPlace::default();
    let Some(section) = root.table("journal", "[journal]".to_owned()) else { return default };
    let retention = section.duration("retention", DAY..=400 * DAY);
    let directory = section.text("directory").map(|at| section.sheet.base.join(at.value));
    section.finish();
    JournalPlace {
        directory,
        retention: retention.map_or(default.retention, |retention| delta(retention.value)),
    }
}
