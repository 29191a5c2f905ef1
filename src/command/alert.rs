//! One change of an alert on the wire.

use chrono::{DateTime, TimeDelta, Utc};

use super::outlet::{failed, not_sent};
use crate::http::{self, Client, Error};
use crate::model::{AlertId, AlertPatch, AlertStatus, Answer};
use crate::vendor::wfm::{Account, AlertFields, Session, UpdateAnswer, is_alert_id, read_update};
use crate::vendor::{Class, Trouble};

/// The server's clock is known from one answer only, to the second: a smaller difference is none.
const NO_DIFFERENCE: TimeDelta = TimeDelta::seconds(2);

/// What is to be done to one alert.
pub(super) struct Change<'a> {
    pub(super) id: &'a AlertId,
    /// The WFM's word for it.
    pub(super) action: &'static str,
    /// May be empty.
    pub(super) notes: &'a str,
}

/// Makes `change`: one PATCH.
pub(super) async fn send(
    account: &Account,
    change: Change<'_>,
    client: impl FnOnce() -> Result<Client, Error>,
) -> Answer {
    let Change { id, action, notes } = change;
    if !is_alert_id(id.as_str()) {
        return not_sent("no request can name this alert");
    }
    let session = match session(account) {
        Ok(session) => session,
        Err(trouble) => return not_sent(trouble),
    };
    let client = match client() {
        Ok(client) => client.hiding(session.values()),
        Err(error) => return not_sent(error),
    };
    let notes = Some(notes).filter(|notes| !notes.is_empty());
    let request = account.update(&client, &session, id.as_str(), action, notes);
    let answer = match client.exchange(request).await {
        Ok(answer) => answer,
        Err(error) => return failed(&error),
    };
    let update = read_update(&answer);
    if !matches!(update, UpdateAnswer::Unclear(_)) {
        // A redirect may also be what follows upon a success: whether the session is over, the next
        // reading finds out. A false alarm would stop all of them.
        account.session.hear(&session, &answer);
    }
    match update {
        UpdateAnswer::Changed(fields)
            if fields.id.as_deref().is_some_and(|of| of != id.as_str()) =>
        {
            Answer::NoAnswer("the answer is about another alert".to_owned())
        }
        UpdateAnswer::Changed(fields) => Answer::Changed(Box::new(patch(fields, &answer))),
        UpdateAnswer::Refused(text) => Answer::Refused(text),
        UpdateAnswer::Unclear(text) => Answer::NoAnswer(text),
    }
}

/// The session as the readings left it. One that has been refused is not tried again with a change:
/// whoever renews the cookie has it read anew by the next reading.
fn session(account: &Account) -> Result<Session, Trouble> {
    match account.session.usable() {
        Err(trouble) if trouble.class != Class::Denied => {
            account.session.open(&account.session_cookie)?;
            account.session.usable()
        }
        usable => usable,
    }
}

/// What the answer tells of the alert, in our words and our clock.
fn patch(fields: AlertFields, answer: &http::Answer) -> AlertPatch {
    let ahead = answer.date.map_or(TimeDelta::zero(), |date| date - answer.middle());
    let ahead = if ahead.abs() < NO_DIFFERENCE { TimeDelta::zero() } else { ahead };
    let ours = |at: DateTime<Utc>| at.checked_sub_signed(ahead).unwrap_or(at);
    AlertPatch {
        status: fields.status.as_deref().map(AlertStatus::of),
        acknowledged_at: fields.acknowledged_at.map(ours),
        resolved_at: fields.resolved_at.map(ours),
        notes: fields.notes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::scripted::{answer, three};

    #[test]
    fn the_servers_clock_is_taken_out_of_its_times_where_it_is_really_off() {
        for (ahead, expected) in [(601, 0), (2, 600), (-599, 1_200)] {
            let date = Some(three() + TimeDelta::seconds(ahead));
            let stamp = Some(three() + TimeDelta::seconds(600));
            let fields = AlertFields { acknowledged_at: stamp, ..AlertFields::default() };
            let patch = patch(fields, &http::Answer { date, ..answer(200, "") });
            assert_eq!(patch.acknowledged_at, Some(three() + TimeDelta::seconds(expected)));
        }
    }
}
