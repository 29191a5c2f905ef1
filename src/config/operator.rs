//! Who sits here, for the journal.

/// Who sits here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The login name, else the user's number.
    pub login: String,
    /// The machine's name.
    pub host: String,
}

impl Operator {
    /// The operator of this process.
    #[must_use]
    pub fn here() -> Self {
        let named = |name: &str| std::env::var(name).ok().filter(|login| !login.is_empty());
        let number = || format!("uid {}", rustix::process::getuid().as_raw());
        Self {
            login: named("LOGNAME").or_else(|| named("USER")).unwrap_or_else(number),
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        }
    }
}
