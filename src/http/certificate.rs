//! Why a server's certificate is not accepted, and what helps.

use chrono::{DateTime, Utc};
use rustls::CertificateError;
use rustls::pki_types::UnixTime;

use super::clean;

/// Names of a certificate that are told; a large one has hundreds.
const NAMES: usize = 3;

/// What is wrong with a certificate, as the end of a sentence about it.
pub(super) fn lack(error: &CertificateError) -> String {
    use CertificateError as E;
    match error {
        E::UnknownIssuer => {
            "is signed by an authority that this machine does not know (hint: `ca_file` names a PEM \
             file with that authority's certificate)"
                .to_owned()
        }
        E::ExpiredContext { not_after, .. } => format!(
            "expired on {} (hint: the server needs a new one, or this machine's clock is wrong)",
            day(*not_after)
        ),
        E::Expired => "has expired (hint: the server needs a new one, or this machine's clock is \
                       wrong)"
            .to_owned(),
        E::NotValidYetContext { not_before, .. } => {
            format!("is valid from {} on only (hint: is this machine's clock right?)", day(*not_before))
        }
        E::NotValidYet => "is not valid yet (hint: is this machine's clock right?)".to_owned(),
        E::NotValidForNameContext { presented, .. } if !presented.is_empty() => {
            let more = if presented.len() > NAMES { ", …" } else { "" };
            let names: Vec<_> = presented.iter().take(NAMES).map(|name| clean(name)).collect();
            let names = names.join(", ");
            format!("is for another name: {names}{more} (hint: check the host in `url`)")
        }
        E::NotValidForName | E::NotValidForNameContext { .. } => {
            "is for another name (hint: check the host in `url`)".to_owned()
        }
        E::Revoked => "has been revoked (hint: the server needs a new one)".to_owned(),
        other => format!(
            "is not accepted: {} (hint: `ca_file` names a PEM file with further authorities)",
            clean(&other.to_string())
        ),
    }
}

fn day(time: UnixTime) -> String {
    let time =
        i64::try_from(time.as_secs()).ok().and_then(|s| DateTime::<Utc>::from_timestamp(s, 0));
    time.map_or_else(|| "an unknown day".to_owned(), |time| time.date_naive().to_string())
}
