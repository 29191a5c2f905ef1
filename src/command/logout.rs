//! One logout on the wire.

use super::outlet::{failed, not_sent};
use crate::http::{Client, Error};
use crate::model::{Answer, Attempt};
use crate::vendor::convoso::{Account, LogoutAnswer, read_logout};

/// Logs out the target of `attempt`: one POST.
pub(super) async fn send(
    account: &Account,
    attempt: &Attempt,
    client: impl FnOnce() -> Result<Client, Error>,
) -> Answer {
    let token = match account.auth_token.read() {
        Ok(token) => token,
        Err(error) => return not_sent(error),
    };
    let client = match client() {
        Ok(client) => client.hiding([token.clone()]),
        Err(error) => return not_sent(error),
    };
    let request = account.logout(&client, &token, attempt.target.agent.as_str());
    match client.exchange(request).await {
        Ok(answer) => match read_logout(&answer) {
            LogoutAnswer::Done => Answer::Accepted,
            LogoutAnswer::NotLoggedIn(text) => Answer::NotLoggedIn(text),
            LogoutAnswer::Refused(text) => Answer::Refused(text),
            LogoutAnswer::Unclear(text) => Answer::NoAnswer(text),
        },
        Err(error) => failed(&error),
    }
}
