//! The files that make a client ready for a simulated centre.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::centre::Centre;
use super::convoso::status;
use super::dialect::Dialect;
use super::world::duty::Scheduled;

/// The days a schedule covers, around today.
const DAYS: std::ops::RangeInclusive<i64> = -1..=2;

/// Who is who in which source.
pub fn roster(centre: &Centre) -> String {
    let world = centre.world();
    let header = ["person", "name", "team", "email", "timezone", "dialer", "cx", "wfm", "sip"];
    let zone = centre.timezone.name();
    let rows = world.people.iter().map(|person| {
        let cx = person.cx.as_ref().map(|c| c.agent_id.to_string());
        // A WFM's id may be given either way.
        let wfm = person.wfm.as_ref().map(|w| match person.index % 2 {
            0 => w.employee_id.to_string(),
            _ => w.employee_number.clone(),
        });
        [
            person.id.clone(),
            person.name.clone(),
            person.team.to_owned(),
            person.email(),
            zone.to_owned(),
            person.dialer.as_ref().map(|d| d.user_id.clone()).unwrap_or_default(),
            cx.unwrap_or_default(),
            wfm.unwrap_or_default(),
            person.sip.as_ref().map(|s| s.user_id.clone()).unwrap_or_default(),
        ]
    });
    table(header, rows)
}

/// Who should do what when, in floor time.
pub fn schedule(centre: &Centre) -> String {
    let world = centre.world();
    let now = centre.time().now;
    let zone = centre.timezone;
    let rows = world.people.iter().flat_map(|person| {
        let days = DAYS.map(move |day| now + TimeDelta::days(day));
        // When the clocks go back an hour comes twice, and wall time can say it only once.
        let mut said = NaiveDateTime::MIN;
        days.flat_map(|day| person.duty.stretches(day)).filter_map(move |stretch| {
            let wall = |at: DateTime<Utc>| at.with_timezone(&zone).naive_local();
            let (start, end) = (wall(stretch.start).max(said), wall(stretch.end));
            if end <= start {
                return None;
            }
            said = end;
            let activity = match stretch.what {
                Scheduled::Away(reason) => reason.word().unwrap_or("break"),
                Scheduled::Work | Scheduled::Off => "work",
            };
            Some([
                person.id.clone(),
                start.format("%Y-%m-%d").to_string(),
                start.format("%H:%M").to_string(),
                end.format("%H:%M").to_string(),
                activity.to_owned(),
            ])
        })
    });
    table(["person", "date", "start", "end", "activity"], rows)
}

/// A config for a directory that also holds the roster and the schedule.
/// Its floor's history goes into `journal` there, where that is given.
pub fn config(centre: &Centre, floor: &str, url: &str, journal: Option<&str>) -> String {
    let secrets = &centre.credentials;
    let text = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let status_map = match centre.dialect {
        Dialect::Mixed => format!("status_map = {{ {} = \"on_contact\" }}\n", status::MANUAL),
        _ => String::new(),
    };
    let journal = journal.map_or_else(String::new, |directory| {
        format!("\n[journal]\ndirectory = {}\n", text(directory))
    });
    format!(
        r#"# A simulated contact centre: nothing here opens anything real.
[floor]
name = {floor}
timezone = {zone}
roster = "roster.csv"
schedule = "schedule.csv"
{journal}
[[source]]
name = "dialer"
kind = "convoso"
url = "{url}/v1"
auth_token = {token}
poll = "3s"
timezone = "America/Los_Angeles"
{status_map}
[[source]]
name = "cx"
kind = "cxengage"
url = "{url}/v1"
tenant_id = {tenant}
username = {user}
password = {password}
poll = "15s"

[[source]]
name = "wfm"
kind = "wfm"
url = "{url}"
session_cookie = {cookie}
poll = "15s"

[[source]]
name = "sip"
kind = "sipio"
url = "{url}/v1"
api_key = {key}
poll = "15s"
"#,
        floor = text(floor),
        zone = text(centre.timezone.name()),
        token = text(&secrets.auth_token),
        tenant = text(&secrets.tenant_id),
        user = text(&secrets.username),
        password = text(&secrets.password),
        cookie = text(&secrets.session_cookie),
        key = text(&secrets.api_key),
    )
}

/// Writes `text` to `path` for nobody but its owner.
///
/// # Errors
/// When the file cannot be written.
pub fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    // A file that was there keeps its mode when it is opened.
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    file.write_all(text.as_bytes())
}

/// A table as CSV. Writing to memory cannot fail.
fn table<const N: usize>(header: [&str; N], rows: impl Iterator<Item = [String; N]>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let mut written = writer.write_record(header);
    for row in rows {
        written = written.and_then(|()| writer.write_record(row));
    }
    let bytes = writer.into_inner().unwrap_or_default();
    debug_assert!(written.is_ok());
    String::from_utf8(bytes).unwrap_or_default()
}
