//! Signals, and the watchdog that ends the process when nothing else does.

use std::io;
use std::time::Duration;

use rustix::process::{Signal as Number, getpid, kill_process};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::Terminal;

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// To end. The watchdog is running: whoever has not ended within a second is ended.
    Stop(StopSignal),
    /// To go on after having been suspended: the screen is ours again and must be painted whole.
    Resumed,
}

/// A signal that ends the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopSignal {
    /// The terminal's other end is gone.
    Hangup,
    /// Ctrl-C of a terminal that is not raw, or `kill -INT`.
    Interrupt,
    /// `kill`.
    Terminate,
}

impl StopSignal {
    /// The exit status of a process that it ended: 128 and the signal's number.
    #[must_use]
    pub fn exit_status(self) -> u8 {
        128 + match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }
}

/// Listens to signals in a task of its own. Each goes to the receiver; a stop signal also starts the
/// watchdog, and suspending and resuming are dealt with here, since the drawing thread may be stuck.
///
/// # Errors
/// When signals cannot be listened to.
pub fn signals(terminal: Option<Terminal>) -> io::Result<Receiver<Signal>> {
    let (heard, receiver) = channel(8);
    let mut hangup = signal(SignalKind::hangup())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut suspend = signal(SignalKind::from_raw(Number::TSTP.as_raw()))?;
    let mut resume = signal(SignalKind::from_raw(Number::CONT.as_raw()))?;
    tokio::spawn(async move {
        loop {
            tokio::select! {
                Some(()) = hangup.recv() => stop(StopSignal::Hangup, terminal.as_ref(), &heard),
                Some(()) = interrupt.recv() => stop(StopSignal::Interrupt, terminal.as_ref(), &heard),
                Some(()) = terminate.recv() => stop(StopSignal::Terminate, terminal.as_ref(), &heard),
                Some(()) = suspend.recv() => pause(terminal.as_ref()),
                Some(()) = resume.recv() => go_on(terminal.as_ref(), &heard),
                else => break,
            }
        }
    });
    Ok(receiver)
}

/// Gives the screen back and stops, as the signal's default would have done.
fn pause(terminal: Option<&Terminal>) {
    if let Some(terminal) = terminal {
        terminal.suspend();
    }
    // Going on again arrives as a signal too, so nothing is done here after this.
    let _ = kill_process(getpid(), Number::STOP);
}

/// Whoever had the terminal in the meantime may have set it otherwise, also where it was taken away
/// by a stop that could not be heard.
///
/// In a thread: the terminal may not be reading, and the next signal must be heard all the same.
fn go_on(terminal: Option<&Terminal>, heard: &Sender<Signal>) {
    let (terminal, heard) = (terminal.cloned(), heard.clone());
    let resume = move || {
        if let Some(Err(error)) = terminal.map(|terminal| terminal.reenter()) {
            tracing::warn!("{error}");
        }
        let _ = heard.try_send(Signal::Resumed);
    };
    if let Err(error) = std::thread::Builder::new().name("resume".to_owned()).spawn(resume) {
        tracing::warn!("the screen could not be taken over again: {error}");
    }
}

fn stop(signal: StopSignal, terminal: Option<&Terminal>, heard: &Sender<Signal>) {
    // A receiver that is full or gone is of no use to wait for: the watchdog ends the process.
    let _ = heard.try_send(Signal::Stop(signal));
    let terminal = terminal.cloned();
    let watch = move || watchdog(signal, terminal.as_ref());
    if std::thread::Builder::new().name("watchdog".to_owned()).spawn(watch).is_err() {
        tracing::warn!("the watchdog could not be started");
    }
}

/// How long the rest has to end by itself.
const FIRST: Duration = Duration::from_millis(300);

/// How long it has after a stuck writer was set free. With what restoring may take, all of it stays
/// within a second.
const SECOND: Duration = Duration::from_millis(350);

fn watchdog(signal: StopSignal, terminal: Option<&Terminal>) {
    std::thread::sleep(FIRST);
    if let Some(terminal) = terminal {
        terminal.unblock();
    }
    std::thread::sleep(SECOND);
    if let Some(terminal) = terminal {
        terminal.restore();
    }
    exit(signal.exit_status());
}

#[expect(clippy::disallowed_methods, reason = "the rest of the program has had its time to end")]
fn exit(status: u8) {
    std::process::exit(i32::from(status));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_status_is_128_and_the_signals_number() {
        let statuses = [StopSignal::Hangup, StopSignal::Interrupt, StopSignal::Terminate]
            .map(StopSignal::exit_status);
        assert_eq!(statuses, [129, 130, 143]);
    }
}
