//! Gives the terminal back where the program itself cannot: a failed allocation, the kernel in want of
//! memory or a `kill -9` end a process without a word.
//!
//! The warden is a shell that is told whose the screen is, and otherwise waits. When the program ends, so
//! does the pipe between the two; if the screen was the program's then, the warden leaves it. Without a
//! shell or `stty` there is no warden, and nothing else changes.

use std::process::{Child, Command, Stdio};

/// `$1` is how the terminal was found, `$2` what leaves the screen. A shell that sets the terminal for itself
/// as soon as it has it again is given the time for that, and then left alone. Whatever stops or ends the program must not stop the warden.
const SCRIPT: &str = r#"
trap '' HUP INT QUIT TERM TSTP TTIN TTOU
while read -r whose; do
    last=$whose
    [ "$last" = ours ] && raw=$(stty -g <&1)
done
[ "$last" = ours ] || exit 0
printf %s "$2"
sleep 0.2
[ "$(stty -g <&1)" = "$raw" ] && stty "$1" <&1
"#;

/// The process that stands by. It ends with this one.
#[derive(Debug)]
pub(super) struct Warden {
    child: Child,
}

impl Warden {
    /// Posts a warden over the terminal as it is now, who leaves the screen by writing `leave`; none where that
    /// cannot be done.
    pub(super) fn post(leave: Vec<u8>) -> Option<Self> {
        let mut stty = Command::new("stty");
        let found = stty.arg("-g").stdin(Stdio::inherit()).stderr(Stdio::null()).output().ok()?;
        let found = found.status.success().then(|| String::from_utf8(found.stdout))?.ok()?;
        let leave = String::from_utf8(leave).ok()?;
        let child = Command::new("sh")
            .args(["-c", SCRIPT, "floorwatch-warden", found.trim(), &leave])
            // It keeps no file system busy.
            .current_dir("/")
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        Some(Self { child: child.ok()? })
    }

    /// The screen is the program's: to be left when it ends.
    pub(super) fn is_ours(&self) {
        self.tell(b"ours\n");
    }

    /// The screen has been left.
    pub(super) fn is_theirs(&self) {
        self.tell(b"theirs\n");
    }

    /// One that is not there any more need not hear.
    fn tell(&self, word: &[u8]) {
        if let Some(ear) = &self.child.stdin {
            let _ = rustix::io::write(ear, word);
        }
    }
}
