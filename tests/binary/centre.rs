//! The simulated contact centre, with a config for it in a directory of its own.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use floorwatch::simulator::{self, Fault, Options, Running, Target, Truth};
use tempfile::TempDir;

/// How long a command may wait for its sources at most, where all of them have to be read to the end.
/// It goes on as soon as they are, and how long that takes is up to the machine.
pub const PATIENCE: &str = "5m";

/// A running contact centre and a place for one program's files. Both end with it.
pub struct Centre {
    pub running: Running,
    pub home: TempDir,
    // Dropped last: the centre's tasks live in it.
    _runtime: tokio::runtime::Runtime,
}

impl Centre {
    pub fn start(options: Options) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let running = runtime.block_on(simulator::start(options)).unwrap();
        let home = tempfile::tempdir().unwrap();
        running.write(home.path()).unwrap();
        Self { running, home, _runtime: runtime }
    }

    /// A floor of 15.
    pub fn usual() -> Self {
        Self::start(Options { agents: 15, ..Options::default() })
    }

    /// A floor of 40, on which a call begins every few seconds.
    pub fn large() -> Self {
        Self::start(Options { agents: 40, ..Options::default() })
    }

    pub fn truth(&self) -> Truth {
        self.running.truth()
    }

    pub fn fault(&self, target: Target, fault: Fault) {
        self.running.faults().set(target, fault);
    }

    pub fn config(&self) -> PathBuf {
        self.home.path().join("config.toml")
    }

    /// Changes the config.
    pub fn edit_config(&self, edit: impl FnOnce(String) -> String) {
        let text = fs::read_to_string(self.config()).unwrap();
        fs::write(self.config(), edit(text)).unwrap();
    }

    /// Lets the program ask as often as it likes: a vendor's limit is not what is tried.
    pub fn without_limit(&self) {
        let faster = "poll = \"3s\"\nmax_requests_per_minute = 600";
        self.edit_config(|text| text.replace("poll = \"3s\"", faster));
    }

    /// The arguments that make the program use this centre.
    pub fn args(&self, args: &[&str]) -> Vec<String> {
        let config = ["--config".to_owned(), self.config().display().to_string()];
        args.iter().map(|arg| (*arg).to_owned()).chain(config).collect()
    }

    /// The program's environment: nothing of this machine's but the path.
    pub fn env(&self) -> Vec<(String, String)> {
        let home = self.home.path().display().to_string();
        [
            ("HOME", home.as_str()),
            ("XDG_STATE_HOME", &format!("{home}/state")),
            ("LOGNAME", "sam"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into()
    }

    /// Runs the program without a screen, to its end.
    pub fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_floorwatch"))
            .args(self.args(args))
            .env_clear()
            .envs(self.env())
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    /// Somebody who sits in Convoso only, at `activity`; waits until there is one, since the floor
    /// lives.
    pub fn somebody(&self, activity: &str) -> simulator::PersonTruth {
        let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
        while std::time::Instant::now() < end {
            let people = self.truth().people;
            let now = chrono::Utc::now();
            // The screen finds people by their names, and two may share one.
            let names: Vec<_> = people.iter().map(|p| p.name.clone()).collect();
            let is_alone = |name: &String| names.iter().filter(|other| *other == name).count() == 1;
            let fits = |p: &simulator::PersonTruth| {
                p.activity == activity
                    && is_alone(&p.name)
                    && p.cxengage.is_none()
                    && p.sip.is_none()
                    && p.convoso.as_ref().is_some_and(|seat| seat.logged_in)
                    && (activity != "on_contact" || (now - p.since).num_seconds() < 12)
            };
            // No call is over within 20 s; the others stay as they are for long.
            let fitting = people.into_iter().filter(fits);
            let chosen = match activity {
                "on_contact" => fitting.max_by_key(|person| person.since),
                _ => fitting.min_by_key(|person| person.since),
            };
            if let Some(person) = chosen {
                return person;
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        panic!("nobody is {activity}");
    }
}

/// Standard output as text.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Standard error as text.
pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
