//! What an answer says of the present state itself. The document of the KPIs has no such field; the
//! vendor's list of addresses calls the same one "live agent state".

use super::buckets::known;
use super::wire::Row;
use crate::model::Bucket;

/// What live fields say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Live {
    /// What the agent does.
    Does(Bucket),
    /// What the agent wants to do: `status` without a word on what it does. A call may come first.
    Wants(Bucket),
}

/// What the live fields of `row` say, and in which words; none where it has none that we know.
///
/// The vendor knows three things of an agent: what it wants, what it does, and whether its phone can
/// be reached. Of several that hold at once it counts the first of: on a call, offline, unreachable,
/// ringing, paused, after a call, ready.
pub(super) fn live(row: &Row<'_>) -> Option<(Live, String)> {
    let [bucket, status, state] = [&row.bucket, &row.status, &row.state].map(|word| word.text());
    if let Some((bucket, word)) = bucket.and_then(|word| Some((known(&word)?, word))) {
        return Some((Live::Does(bucket), word));
    }
    let folded = |word: &Option<String>| word.as_deref().unwrap_or("").to_lowercase();
    let does = state_bucket(&folded(&state));
    let wants = status_bucket(&folded(&status));
    let unreachable = row.reachable.truth() == Some(false);
    let is = |bucket: &Bucket| does.as_ref() == Some(bucket) || wants.as_ref() == Some(bucket);
    let first = [Bucket::ExternalCall, Bucket::OnContact, Bucket::Offline];
    let found = match first.into_iter().find(is) {
        Some(first) => Live::Does(first),
        None if unreachable => Live::Does(Bucket::Unreachable),
        None => match (does, wants) {
            // Waiting is what everybody does who does nothing else.
            (Some(Bucket::Available), wants) if folded(&state) == "waiting" => Live::Does(wants?),
            (Some(Bucket::WrapUp), Some(Bucket::Away)) => Live::Does(Bucket::Away),
            (Some(does), _) => Live::Does(does),
            (None, Some(wants)) if known(&folded(&status)).is_some() => Live::Does(wants),
            (None, wants) => Live::Wants(wants?),
        },
    };
    let unreachable = unreachable.then(|| "unreachable".to_owned());
    let words: Vec<String> = [status, state, unreachable].into_iter().flatten().collect();
    Some((found, words.join("/")))
}

fn state_bucket(word: &str) -> Option<Bucket> {
    match word {
        "in_call" => Some(Bucket::OnContact),
        "offering" => Some(Bucket::Ringing),
        "wrap_up" => Some(Bucket::WrapUp),
        "waiting" => Some(Bucket::Available),
        other => known(other),
    }
}

fn status_bucket(word: &str) -> Option<Bucket> {
    match word {
        "available" => Some(Bucket::Available),
        "on_break" => Some(Bucket::Away),
        other => known(other),
    }
}
