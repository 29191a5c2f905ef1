//! `floorwatch`: arguments, then the config, then the dashboard or a command without a screen.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use floorwatch::args::{self, Args, Command};
use floorwatch::clock::Clock;
use floorwatch::config::Config;
use floorwatch::headless::{self, Exit, Failure};
use floorwatch::run;

fn main() -> ExitCode {
    let args = Args::parse();
    match start(&args) {
        Ok(code) => code,
        Err(failure) => {
            let _ = writeln!(std::io::stderr().lock(), "floorwatch: {failure}");
            ExitCode::from(failure.exit() as u8)
        }
    }
}

fn start(args: &Args) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout();
    match &args.command {
        Some(Command::Completions { shell }) => {
            args::completions(*shell, &mut out);
            return Ok(ExitCode::SUCCESS);
        }
        Some(Command::Man) => {
            args::man(&mut out)?;
            return Ok(ExitCode::SUCCESS);
        }
        _ => {}
    }
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().map_err(|error| {
        Failure::NotDone(format!("cannot start: {error} (hint: see `ulimit -n` and `ulimit -u`)"))
    })?;
    let ended = runtime.block_on(command(args));
    // A source that hangs must not keep the program from ending.
    runtime.shutdown_background();
    ended
}

/// Everything goes by a clock that nobody can set; only the dashboard, which runs for days, looks at the
/// machine's again.
async fn command(args: &Args) -> Result<ExitCode, Failure> {
    let clock = Clock::steady();
    let config = || Config::load(args.common.config.as_deref());
    if !matches!(&args.command, None | Some(Command::Demo(_))) {
        run::log_to(args.common.log_file.as_deref(), run::Audience::Nobody)?;
    }
    let exit = match &args.command {
        None => return run::dashboard(config()?, &args.common).await,
        Some(Command::Demo(demo)) => return run::demo(demo, &args.common).await,
        Some(Command::Simulate(options)) => headless::simulate(options, clock).await?,
        Some(Command::Snapshot(options)) => headless::snapshot(&config()?, options, clock).await?,
        Some(Command::Report(options)) => headless::report(&config()?, options, clock).await?,
        Some(Command::Check) => headless::check(&config()?, clock).await?,
        Some(Command::Roster(options)) => headless::roster(&config()?, options, clock).await?,
        Some(Command::Logout(options)) => {
            headless::logout(&config()?, options, &args.common, clock).await?
        }
        Some(Command::Completions { .. } | Command::Man) => Exit::Well,
    };
    Ok(ExitCode::from(exit as u8))
}
