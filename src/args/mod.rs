//! The command line: commands, flags, and what clap makes of them (help, completions, man page).

mod moment;
mod span;

use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args as ClapArgs, CommandFactory, Parser, Subcommand, ValueEnum};

pub use clap_complete::Shell;
pub use moment::{Moment, MomentError, Said};
pub use span::{Span, SpanError};

/// A contact-centre supervisor's terminal: the live floor on one screen.
///
/// Without a command it opens the dashboard.
#[derive(Debug, Clone, Parser)]
#[command(name = "floorwatch", version, max_term_width = 100)]
pub struct Args {
    /// The flags that every command takes.
    #[command(flatten)]
    pub common: Common,
    /// The command; none for the dashboard.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The flags that every command takes.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Common options")]
pub struct Common {
    /// The config file [default: $FLOORWATCH_CONFIG, else $XDG_CONFIG_HOME/floorwatch/config.toml]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Look only: no command can be sent
    #[arg(long, global = true)]
    pub read_only: bool,
    /// For a wall: rotate the screens, take no action keys
    #[arg(long, global = true)]
    pub kiosk: bool,
    /// A theme by name (dark, light, mono) or a theme file
    #[arg(long, value_name = "NAME|FILE", global = true)]
    pub theme: Option<String>,
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Color::Auto, global = true)]
    pub color: Color,
    /// Only ASCII on the screen [default: where the locale's charset is not UTF-8]
    #[arg(long, global = true, conflicts_with = "utf8")]
    pub ascii: bool,
    /// UTF-8 on the screen, whatever the locale says
    #[arg(long, global = true)]
    pub utf8: bool,
    /// Write the log to this file too
    #[arg(long, value_name = "FILE", global = true)]
    pub log_file: Option<PathBuf>,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// As many as the terminal has; none where `NO_COLOR` is set.
    #[default]
    Auto,
    /// Colour, whatever the environment says.
    Always,
    /// None.
    Never,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Open the dashboard on a simulated floor; needs no account and no config
    Demo(Demo),
    /// Run the simulated contact centre alone and print its URL
    Simulate(Simulate),
    /// Read every source, print the floor and end
    Snapshot(Snapshot),
    /// Print everybody's figures over a stretch of time, from the journal alone
    Report(Report),
    /// Say of each source whether it can be reached and read, with a hint for each failure
    Check,
    /// Print a starting roster.csv: the roster's people, then whom the sources list besides
    Roster(Roster),
    /// Log one agent out, kept in the journal and verified by readings
    Logout(Logout),
    /// Print shell completions
    Completions {
        /// The shell
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Print the man page
    Man,
}

/// `floorwatch demo`
#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct Demo {
    /// How many agents work on the simulated floor
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub agents: u32,
    /// The same seed gives the same floor
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

/// `floorwatch simulate`
#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct Simulate {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0")]
    pub listen: SocketAddr,
    /// How many agents work on the simulated floor
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub agents: u32,
    /// The same seed gives the same floor
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// In which shapes it answers as Convoso
    #[arg(long, value_enum, default_value_t = Dialect::Documented)]
    pub dialect: Dialect,
    /// Leave a ready config.toml, roster.csv and schedule.csv in this directory
    #[arg(long, value_name = "DIR")]
    pub write: Option<PathBuf>,
}

/// In which shapes the simulator answers as Convoso.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Dialect {
    /// As the vendor's document shows.
    #[default]
    Documented,
    /// As the service itself is known to answer.
    Service,
    /// Now like the one, now like the other.
    Mixed,
}

/// `floorwatch snapshot`
#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct Snapshot {
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
    /// How long to wait for the sources at most
    #[arg(long, value_name = "TIME", default_value = "30s")]
    pub wait: Span,
    /// With what each source knows of each agent's last 24 hours (JSON only)
    #[arg(long)]
    pub timeline: bool,
}

/// `floorwatch report`
#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct Report {
    /// From when: RFC 3339, HH:MM of today or YYYY-MM-DD in floor time [default: the day's start]
    #[arg(long, value_name = "TIME")]
    pub since: Option<Moment>,
    /// Until when, as --since [default: now]
    #[arg(long, value_name = "TIME")]
    pub until: Option<Moment>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Json)]
    pub format: Format,
}

/// How a headless command prints.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// One JSON document.
    #[default]
    Json,
    /// One row for each of them, for a spreadsheet.
    Csv,
    /// Aligned text, for people.
    Table,
}

/// `floorwatch roster`
#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct Roster {
    /// Write it to this file, which must not exist yet, instead of printing it
    #[arg(long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// How long to wait for the sources at most
    #[arg(long, value_name = "TIME", default_value = "60s")]
    pub wait: Span,
}

/// `floorwatch logout`
#[derive(Debug, Clone, PartialEq, Eq, ClapArgs)]
pub struct Logout {
    /// The source's name, as the config gives it
    #[arg(long, value_name = "NAME")]
    pub source: String,
    /// The agent's id at that source
    #[arg(long, value_name = "ID")]
    pub agent: String,
    /// Why; kept in the journal
    #[arg(long, value_name = "TEXT")]
    pub reason: String,
    /// Do not ask
    #[arg(long)]
    pub yes: bool,
    /// Also when the agent is busy: it may cut the call off
    #[arg(long)]
    pub on_call: bool,
}

/// Writes the completions for `shell`.
pub fn completions(shell: Shell, out: &mut dyn Write) {
    clap_complete::generate(shell, &mut Args::command(), "floorwatch", &mut IgnoreClosed(out));
}

/// Writes the man page.
///
/// # Errors
/// When `out` cannot be written to.
pub fn man(out: &mut dyn Write) -> io::Result<()> {
    clap_mangen::Man::new(Args::command()).render(&mut { out })
}

/// A pipe whose reader has gone (`| head`) takes everything: the generator would panic otherwise.
struct IgnoreClosed<'a>(&'a mut dyn Write);

impl Write for IgnoreClosed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(bytes.len()),
            done => done,
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            done => done,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Args, clap::Error> {
        Args::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_definition_is_sound() {
        Args::command().debug_assert();
    }

    #[test]
    fn ascii_and_utf8_are_one_or_the_other() {
        assert!(parse("floorwatch --utf8").unwrap().common.utf8);
        assert!(parse("floorwatch --utf8 --ascii").is_err());
    }

    #[test]
    fn without_a_command_it_is_the_dashboard() {
        let args = parse("floorwatch --config a.toml --kiosk --read-only --ascii").unwrap();
        assert!(args.command.is_none());
        assert_eq!(args.common.config, Some(PathBuf::from("a.toml")));
        assert!(args.common.kiosk && args.common.read_only && args.common.ascii);
        assert_eq!(args.common.color, Color::Auto);
    }

    #[test]
    fn common_flags_stand_before_or_behind_the_command() {
        for line in ["floorwatch --color never check", "floorwatch check --color never"] {
            let args = parse(line).unwrap();
            assert_eq!(args.common.color, Color::Never, "{line}");
            assert!(matches!(args.command, Some(Command::Check)), "{line}");
        }
    }

    #[test]
    fn a_logout_names_source_agent_and_reason() {
        let line = "floorwatch logout --source dialer --agent 7 --reason left --yes --on-call";
        let Some(Command::Logout(logout)) = parse(line).unwrap().command else {
            panic!("not a logout")
        };
        assert_eq!(
            (logout.source.as_str(), logout.agent.as_str(), logout.reason.as_str()),
            ("dialer", "7", "left")
        );
        assert!(logout.yes && logout.on_call);
        assert!(parse("floorwatch logout --source dialer --agent 7").is_err());
    }

    #[test]
    fn a_roster_goes_to_standard_output_or_into_a_file() {
        let output = |line| match parse(line).unwrap().command {
            Some(Command::Roster(roster)) => roster.output,
            other => panic!("not a roster: {other:?}"),
        };
        assert_eq!(output("floorwatch roster"), None);
        assert_eq!(output("floorwatch roster --output r.csv"), Some(PathBuf::from("r.csv")));
    }

    #[test]
    fn a_report_takes_its_window_in_three_ways() {
        let window = |line| match parse(line).unwrap().command {
            Some(Command::Report(report)) => (report.since, report.until),
            other => panic!("not a report: {other:?}"),
        };
        assert_eq!(window("floorwatch report"), (None, None));
        let (since, until) = window("floorwatch report --since 08:30 --until 2026-03-01T10:00:00Z");
        assert!(matches!(since.unwrap().said(), Said::Clock(_)));
        assert!(matches!(until.unwrap().said(), Said::Instant(_)));
    }

    #[test]
    fn bad_arguments_end_with_2_and_say_why() {
        for (line, says) in [
            ("floorwatch snapshot --wait 30", "`30` has no unit"),
            ("floorwatch snapshot --format xml", "json"),
            ("floorwatch roster --wait long", "--wait"),
            ("floorwatch report --since soon", "`soon` is not a time (hint: "),
            ("floorwatch report --until 24:00", "--until"),
            ("floorwatch report --format xml", "table"),
            ("floorwatch demo --agents 0", "1..=100000"),
            ("floorwatch simulate --dialect slang", "documented"),
            ("floorwatch simulate --listen here", "here"),
            ("floorwatch --color sometimes", "auto"),
            ("floorwatch dance", "dance"),
        ] {
            let error = parse(line).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
            assert!(error.to_string().contains(says), "{line}: {error}");
        }
    }

    #[test]
    fn completions_and_man_page_name_the_commands() {
        let mut out = Vec::new();
        completions(Shell::Bash, &mut out);
        let completions = String::from_utf8(out).unwrap();
        assert!(completions.contains("snapshot") && completions.contains("roster"));
        let mut out = Vec::new();
        man(&mut out).unwrap();
        assert!(String::from_utf8(out).unwrap().contains("logout"));
    }
}
