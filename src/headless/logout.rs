//! `floorwatch logout`: one logout, journalled and verified by readings.

use std::io::{self, BufRead, IsTerminal, Write as _};
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::session::{Session, has_given_up};
use super::{Exit, Failure, print, tell};
use crate::args;
use crate::clock::Clock;
use crate::command::{
    Authority, Dispatcher, Order, Progress, WATCH_FOR, Watch, is_offline, sighting,
};
use crate::config::{Config, Operator};
use crate::journal::{Journal, path_for};
use crate::model::{
    AgentKey, Answer, Attempt, Deed, Floor, Person, SourceKind, SourceName, Verdict,
};
use crate::rules::{Confirmation, assess, describe};

/// How long the readings may take that show what would be interrupted.
const LOOK_AT_MOST: Duration = Duration::from_secs(20);

/// Logs one agent out, if what the readings show allows it.
///
/// # Errors
/// When the arguments do not fit the config, the agent may not be logged out, or the journal cannot
/// be written: then nothing was sent.
pub async fn logout(
    config: &Config,
    options: &args::Logout,
    common: &args::Common,
    clock: Clock,
) -> Result<Exit, Failure> {
    let authority = Authority::grant(common.read_only, common.kiosk).ok_or_else(|| {
        Failure::Usage("`--read-only` and `--kiosk` cannot log anybody out".to_owned())
    })?;
    let wanted = wanted(config, options)?;
    let journal = open_journal(config, &clock)?;
    let mut session = Session::open(config, clock.clone());
    let name = look(&mut session, &wanted, options.on_call).await?;
    let Some(name) = name else {
        print(format!("{wanted} is not logged in: nothing was sent\n").as_bytes())?;
        return Ok(Exit::Well);
    };
    if !options.yes {
        ask(&name, &wanted)?;
        // The answer took its time: what counts is what the readings show now.
        session.watch(Duration::from_secs(6), fresh_after(clock.now(), &wanted.source)).await;
        if look(&mut session, &wanted, options.on_call).await?.is_none() {
            print(format!("{wanted} has logged out meanwhile: nothing was sent\n").as_bytes())?;
            return Ok(Exit::Well);
        }
    }
    let person = session.floor.person_of(&wanted).ok_or_else(|| unlisted(&wanted))?;
    let now = session.now();
    let Operator { login, host } = Operator::here();
    let attempt = Attempt {
        deed: Deed::LogOut,
        target: wanted.clone(),
        name,
        operator: login,
        host,
        reason: options.reason.trim().to_owned(),
        state_before: describe(&session.floor, person, &wanted, now).join("; "),
        asked_at: now,
    };
    let verdict = send_and_verify(&mut session, config, authority, attempt, &journal).await?;
    journal.close();
    let detail = verdict.detail().map_or_else(String::new, |detail| format!(": {detail}"));
    print(format!("{wanted}: {}{detail}\n", verdict.word()).as_bytes())?;
    Ok(if verdict == Verdict::Gone { Exit::Well } else { Exit::NotDone })
}

/// The agent that the arguments name.
fn wanted(config: &Config, options: &args::Logout) -> Result<AgentKey, Failure> {
    let convoso: Vec<_> = config
        .sources
        .iter()
        .filter(|settings| settings.kind() == SourceKind::Convoso)
        .map(|settings| settings.name.as_str())
        .collect();
    if !convoso.contains(&options.source.as_str()) {
        return Err(Failure::Usage(format!(
            "`--source {}` cannot log anybody out: only Convoso can (hint: one of {})",
            options.source,
            if convoso.is_empty() { "none in this config".to_owned() } else { convoso.join(", ") },
        )));
    }
    if options.agent.trim().is_empty() {
        return Err(Failure::Usage("`--agent` is empty (hint: the agent's user id)".to_owned()));
    }
    Ok(AgentKey::new(options.source.as_str().into(), options.agent.trim().into()))
}

fn open_journal(config: &Config, clock: &Clock) -> Result<Journal, Failure> {
    let journal = path_for(config.journal.directory.as_deref(), &config.floor.name)
        .and_then(|path| Journal::open(&path, clock.now()))
        .map_err(|error| Failure::NotDone(format!("nothing was sent: {error}")))?;
    if let Some(replacement) = journal.handle().replacements().borrow().as_ref() {
        let _ = writeln!(std::io::stderr().lock(), "floorwatch: {replacement}");
    }
    Ok(journal)
}

/// Whether `source` has been read since `then`.
fn fresh_after(
    then: DateTime<Utc>,
    source: &SourceName,
) -> impl FnMut(&Floor, DateTime<Utc>) -> bool {
    let source = source.clone();
    move |floor, _| floor.feed(&source).is_some_and(|feed| feed.as_of.is_some_and(|at| at > then))
}

/// Looks at the agent: the name of one who may be logged out, none of one who is not logged in.
async fn look(
    session: &mut Session,
    wanted: &AgentKey,
    on_call: bool,
) -> Result<Option<String>, Failure> {
    let known = |floor: &Floor, now| {
        floor.feeds().iter().all(|feed| feed.readings > 0 || has_given_up(feed, now))
    };
    session.watch(LOOK_AT_MOST, known).await;
    let (floor, now) = (&session.floor, session.now());
    let is_listed = |person: &&Person| {
        person.presence(&wanted.source).is_some_and(|presence| !presence.is_not_listed())
    };
    let Some(person) = floor.person_of(wanted).filter(is_listed) else {
        let feed = floor.feed(&wanted.source);
        return Err(match feed.and_then(|feed| feed.failure.as_ref()) {
            Some(failure) => Failure::NotDone(format!(
                "nothing was sent: source `{}` cannot be read: {}",
                wanted.source, failure.text
            )),
            None => unlisted(wanted),
        });
    };
    if is_offline(floor, person, wanted, now) {
        return Ok(None);
    }
    let Confirmation::Typed(doubts) = assess(floor, person, wanted, now) else {
        return Ok(Some(person.name.clone()));
    };
    if on_call {
        return Ok(Some(person.name.clone()));
    }
    let doubts = doubts.join("; ");
    Err(Failure::NotDone(format!(
        "{} was not logged out: {doubts} (hint: `--on-call` does it all the same and may cut a call)",
        person.name
    )))
}

fn unlisted(wanted: &AgentKey) -> Failure {
    Failure::NotDone(format!(
        "nothing was sent: {} does not list agent {}",
        wanted.source, wanted.agent
    ))
}

/// Asks on the terminal.
fn ask(name: &str, wanted: &AgentKey) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::Usage(
            "nobody can be asked: standard input is no terminal (hint: --yes)".to_owned(),
        ));
    }
    tell(&format!("log out {name} ({wanted})? type yes and Enter"));
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    if matches!(answer.trim(), "y" | "yes") {
        Ok(())
    } else {
        Err(Failure::NotDone("nobody was logged out".to_owned()))
    }
}

async fn send_and_verify(
    session: &mut Session,
    config: &Config,
    authority: Authority,
    attempt: Attempt,
    journal: &Journal,
) -> Result<Verdict, Failure> {
    let journal_handle = Some(journal.handle());
    let dispatcher = Dispatcher::new(config.sender(), journal_handle, session.clock.clone());
    let wanted = attempt.target.clone();
    let order = Order::new(&authority, attempt);
    let (mut id, mut watch, mut refused) = (None, None, None);
    let take = |progress| match progress {
        Progress::Journalled(given) => id = Some(given),
        Progress::Sent(at) => watch = Some(Watch::new(at)),
        Progress::NotJournalled(why) => refused = Some(Verdict::NotSent(why)),
        Progress::Answered(Answer::Refused(why)) => refused = Some(Verdict::Refused(why)),
        Progress::Answered(_) => {}
    };
    dispatcher.carry_out(order, take).await;
    let verdict = match (refused, watch) {
        (Some(verdict), _) => verdict,
        (None, None) => Verdict::NotSent("the request was never made".to_owned()),
        (None, Some(mut watch)) => {
            tell(&format!("sent; the readings are watched for {} s", WATCH_FOR.num_seconds()));
            verify(session, &wanted, &mut watch).await
        }
    };
    if let Some(id) = id {
        let done = journal.handle().record_outcome(id, verdict.clone(), session.now()).await;
        done.map_err(|error| Failure::NotDone(format!("{}; but {error}", verdict.word())))?;
    }
    Ok(verdict)
}

/// Watches the readings until they have decided.
async fn verify(session: &mut Session, wanted: &AgentKey, watch: &mut Watch) -> Verdict {
    let mut verdict = None;
    let at_most = WATCH_FOR.to_std().unwrap_or_default() + Duration::from_secs(2);
    session
        .watch(at_most, |floor, now| {
            if let Some((seen, as_of)) = sighting(floor, wanted, now) {
                watch.see(seen, as_of);
            }
            verdict = watch.verdict(now);
            verdict.is_some()
        })
        .await;
    verdict.unwrap_or_else(|| Verdict::Unknown("the clock stood still".to_owned()))
}
