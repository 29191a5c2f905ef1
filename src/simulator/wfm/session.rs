//! The WFM's session cookie: every few answers renew it, and the one before runs out.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;

use crate::simulator::world::chance;

/// How often a renewed cookie is offered to somebody who keeps sending the one before, until that
/// one begins to run out.
const OFFERS: u32 = 4;

/// How the WFM renews its session cookie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionRules {
    /// Every so many answers there is a new cookie; 0 for never.
    pub renew_every: u64,
    /// How long a cookie is still good after its successor was used, or offered a few times in vain.
    pub old_valid_for: TimeDelta,
}

impl Default for SessionRules {
    /// A client that keeps what it is given is never thrown out, not even when an answer was lost
    /// and it slept: a cookie whose successor it never received does not run out by itself.
    fn default() -> Self {
        Self { renew_every: 4, old_valid_for: TimeDelta::minutes(10) }
    }
}

/// The session, in all its cookies that are not forgotten.
#[derive(Debug)]
pub struct Session {
    rules: SessionRules,
    seed: u64,
    /// `name=value`, oldest first.
    cookies: VecDeque<Cookie>,
    answers: u64,
    /// How many cookies there were after the first one.
    pub renewed: u64,
    /// How many requests had none that was good.
    pub refused: u64,
}

#[derive(Debug)]
struct Cookie {
    pair: String,
    until: Option<DateTime<Utc>>,
    /// How often its successor was offered.
    offers: u32,
}

/// A request that has a session.
#[derive(Debug, PartialEq, Eq)]
pub struct Pass {
    /// The cookie to set, `name=value`.
    pub set: Option<String>,
}

impl Session {
    /// The session that `first` opens.
    #[must_use]
    pub fn new(first: &str, rules: SessionRules, seed: u64) -> Self {
        let first = Cookie { pair: first.to_owned(), until: None, offers: 0 };
        let cookies = VecDeque::from([first]);
        Self { rules, seed, cookies, answers: 0, renewed: 0, refused: 0 }
    }

    /// Lets a request with one of `cookies` in, or not.
    pub fn admit<'a>(
        &mut self,
        mut cookies: impl Iterator<Item = &'a str>,
        now: DateTime<Utc>,
    ) -> Option<Pass> {
        self.cookies.retain(|c| c.until.is_none_or(|until| now < until));
        let newest = self.cookies.len() - 1;
        let place =
            cookies.find_map(|sent| self.cookies.iter().position(|known| known.pair == sent));
        let Some(place) = place else {
            self.refused += 1;
            return None;
        };
        let until = now + self.rules.old_valid_for;
        if place < newest {
            let old = &mut self.cookies[place];
            old.offers += 1;
            if old.offers >= OFFERS {
                old.until.get_or_insert(until);
            }
            return Some(Pass { set: self.cookies.back().map(|c| c.pair.clone()) });
        }
        for old in self.cookies.iter_mut().take(newest) {
            old.until.get_or_insert(until);
        }
        self.answers += 1;
        let due = self.rules.renew_every > 0 && self.answers.is_multiple_of(self.rules.renew_every);
        Some(Pass { set: due.then(|| self.renew()) })
    }

    fn renew(&mut self) -> String {
        self.renewed += 1;
        let mut rng = Rng::with_seed(chance::mix(self.seed, self.renewed));
        let value: String = (0..48).map(|_| rng.alphanumeric()).collect();
        let name = self.cookies[0].pair.split('=').next().unwrap_or_default();
        let pair = format!("{name}={value}");
        if let Some(old) = self.cookies.back_mut() {
            old.offers += 1;
        }
        self.cookies.push_back(Cookie { pair: pair.clone(), until: None, offers: 0 });
        pair
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_772_380_800 + seconds, 0).unwrap()
    }

    fn session() -> Session {
        let rules = SessionRules { renew_every: 3, old_valid_for: TimeDelta::seconds(60) };
        Session::new("a=first", rules, 7)
    }

    #[test]
    fn who_keeps_the_renewed_cookie_lives_on() {
        let mut session = session();
        let mut cookie = "a=first".to_owned();
        for second in (0..20_000).step_by(15) {
            let pass = session.admit([&*cookie].into_iter(), at(second)).unwrap();
            cookie = pass.set.unwrap_or(cookie);
        }
        assert!(session.renewed > 400);
        assert!(session.cookies.len() < 4, "what has run out is forgotten");
    }

    #[test]
    fn who_does_not_is_thrown_out() {
        let mut session = session();
        let out =
            (0..).step_by(15).find(|s| session.admit(["a=first"].into_iter(), at(*s)).is_none());
        assert_eq!(out, Some(75 + 60), "offered from 30 s on, for the fourth time at 75 s");
        assert_eq!(session.refused, 1);
    }

    #[test]
    fn who_never_received_the_new_cookie_may_sleep() {
        let mut session = session();
        for second in 0..3 {
            session.admit(["a=first"].into_iter(), at(second)).unwrap();
        }
        let pass = session.admit(["a=first"].into_iter(), at(90_000)).unwrap();
        let renewed = pass.set.unwrap();
        session.admit(["x=1", &*renewed].into_iter(), at(90_001)).unwrap();
        assert!(session.admit(["a=first"].into_iter(), at(90_060)).is_some());
        assert!(session.admit(["a=first"].into_iter(), at(90_061)).is_none());
    }
}
