//! The browser session that opens the WFM: its cookies, as its answers renew them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::{expired, open};
use crate::http::{Answer, Cookie, Secret};
use crate::vendor::{Class, Trouble};

/// The session of one account, shared by everything that uses it. Clones are the same session.
#[derive(Clone, Default)]
pub struct SharedSession(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    opened: Option<Opened>,
    /// How often a session was begun.
    begun: u64,
}

struct Opened {
    /// The cookie as it was read, to see whether it has been replaced.
    cookie: SecretString,
    session: Session,
    /// The cookies that are tried when these have been refused: as they were read, or as they were
    /// renewed last. Nobody knows which of them a server remembers that was out of order.
    spare: Session,
    /// Refusals in a row.
    refusals: u32,
}

/// So many refusals in a row say that the session is over; one may be an odd answer.
const OVER_AFTER: u32 = 2;

impl Opened {
    fn is_over(&self) -> bool {
        self.refusals >= OVER_AFTER
    }
}

impl SharedSession {
    /// Reads the cookie anew; where it is another one, or the session was over, it begins anew. What
    /// begins with a cookie that was refused before is over with its first refusal.
    ///
    /// # Errors
    /// When the cookie cannot be read or is none.
    pub fn open(&self, secret: &Secret) -> Result<(), Trouble> {
        let denied = |text: String| Trouble::new(Class::Denied, text);
        let cookie = secret.read().map_err(|e| Trouble::new(Class::NotSet, e.to_string()))?;
        let session = Session::new(&cookie);
        if session.is_empty() {
            let text = "the session cookie is not of the form `name=value` (hint: copy it whole)";
            return Err(denied(text.to_owned()));
        }
        let State { opened, begun } = &mut *self.lock();
        match opened {
            Some(known) if known.cookie.expose_secret() == cookie.expose_secret() => {
                if known.is_over() {
                    *begun += 1;
                    std::mem::swap(&mut known.session, &mut known.spare);
                    known.session.number = *begun;
                    known.refusals = OVER_AFTER - 1;
                }
            }
            _ => {
                *begun += 1;
                let session = Session { number: *begun, ..session };
                *opened = Some(Opened { cookie, spare: session.clone(), session, refusals: 0 });
            }
        }
        Ok(())
    }

    /// The session as it is now, for one request.
    ///
    /// # Errors
    /// When it has not been opened yet, or is over: two requests have then shown what all others would.
    pub fn usable(&self) -> Result<Session, Trouble> {
        match &self.lock().opened {
            None => Err(Trouble::new(Class::Transient, "no session has been opened yet")),
            Some(opened) if opened.is_over() => Err(expired("another request was refused")),
            Some(opened) => Ok(opened.session.clone()),
        }
    }

    /// Takes in what `answer`, to a request that `sent` this session, says of it: its cookies
    /// renewed, by a refusal too, or that it has expired. An answer to an earlier session says nothing of the present.
    pub fn hear(&self, sent: &Session, answer: &Answer) {
        let mut state = self.lock();
        let Some(opened) = state.opened.as_mut().filter(|o| o.session.number == sent.number) else {
            return;
        };
        match open(answer) {
            Err(trouble) if trouble.class == Class::Denied => opened.refusals += 1,
            Ok(_) => {
                opened.refusals = 0;
                opened.session.renew(&answer.cookies);
            }
            Err(_) => opened.session.renew(&answer.cookies),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for SharedSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSession")
    }
}

/// A browser session: the cookies as they are now. The server renews them in its answers.
#[derive(Clone)]
pub struct Session {
    cookies: Vec<(String, SecretString)>,
    /// Which of the sessions begun one after another it is.
    number: u64,
}

impl Session {
    /// The session that `cookie` (`name=value`, or several with `; ` between) holds.
    #[must_use]
    pub fn new(cookie: &SecretString) -> Self {
        let cookies = cookie
            .expose_secret()
            .split(';')
            .filter_map(|pair| pair.trim().split_once('='))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().into()))
            .collect();
        Self { cookies, number: 0 }
    }

    /// Whether there is no cookie in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.header().is_none()
    }

    /// The values of its cookies.
    #[must_use]
    pub fn values(&self) -> Vec<SecretString> {
        self.cookies.iter().map(|(_, value)| value.clone()).collect()
    }

    /// Takes over renewed values of its own cookies; others are none of its business. A token that
    /// outgrows one cookie is set in pieces, `name.0`, `name.1` …, while the whole one is emptied, and
    /// the other way round: what has the same stem is the same cookie.
    pub fn renew(&mut self, set: &[Cookie]) {
        let mut stems: Vec<String> =
            self.cookies.iter().map(|(name, _)| stem(name).to_owned()).collect();
        stems.sort();
        stems.dedup();
        for stem in stems {
            self.renew_stem(&stem, set);
        }
    }

    fn renew_stem(&mut self, of: &str, set: &[Cookie]) {
        let Some(at) = self.cookies.iter().position(|(name, _)| stem(name) == of) else { return };
        let (own, mut others): (Vec<_>, Vec<_>) =
            self.cookies.iter().cloned().partition(|(name, _)| stem(name) == of);
        let mut renewed = own;
        for cookie in set.iter().filter(|cookie| stem(&cookie.name) == of) {
            renewed.retain(|(name, _)| *name != cookie.name);
            if !cookie.value.expose_secret().is_empty() {
                // The whole and its pieces are never valid together.
                let is_whole = cookie.name == of;
                renewed.retain(|(name, _)| (name == of) == is_whole);
                renewed.push((cookie.name.clone(), cookie.value.clone()));
            }
        }
        // All emptied means that the session is over, which the next answer will say.
        if !renewed.is_empty() {
            renewed.sort_by_key(|(name, _)| piece(name).map(|(_, number)| number));
            others.splice(at..at, renewed);
            self.cookies = others;
        }
    }

    /// None when there is no cookie, or it holds what no header can.
    pub(super) fn header(&self) -> Option<HeaderValue> {
        let pairs: Vec<String> =
            self.cookies.iter().map(|(n, v)| format!("{n}={}", v.expose_secret())).collect();
        let mut value = HeaderValue::from_str(&pairs.join("; ")).ok()?;
        value.set_sensitive(true);
        (!pairs.is_empty()).then_some(value)
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session")
    }
}

/// Stem and number of a piece's name.
fn piece(name: &str) -> Option<(&str, u32)> {
    let (stem, number) = name.rsplit_once('.')?;
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (is_number && !stem.is_empty()).then_some((stem, number.parse().ok()?))
}

/// What the whole cookie and its pieces have in common.
fn stem(name: &str) -> &str {
    piece(name).map_or(name, |(stem, _)| stem)
}
