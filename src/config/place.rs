//! Where the config is looked for, and what is said when there is none.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The variable that names the config.
const VARIABLE: &str = "FLOORWATCH_CONFIG";

/// The config to read: the one named on the command line, else the one `$FLOORWATCH_CONFIG` names,
/// else the user's own if it is there. On failure, where the user's own would be.
pub(super) fn find(
    named: Option<&Path>,
    environment: &dyn Fn(&str) -> Option<OsString>,
) -> Result<PathBuf, Option<PathBuf>> {
    let set = |name| environment(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = named.map(Path::to_owned).or_else(|| set(VARIABLE)) {
        return Ok(path);
    }
    // A relative $XDG_CONFIG_HOME is to be ignored, says the standard that defines it.
    let home = set("XDG_CONFIG_HOME")
        .filter(|path| path.is_absolute())
        .or_else(|| set("HOME").map(|home| home.join(".config")));
    let own = home.map(|home| home.join("floorwatch").join("config.toml"));
    match own {
        Some(path) if path.exists() => Ok(path),
        own => Err(own),
    }
}

/// What to do without a config.
pub(super) fn nothing_found(own: Option<&Path>) -> String {
    let own = own.map_or_else(
        || "$XDG_CONFIG_HOME/floorwatch/config.toml".to_owned(),
        |path| path.display().to_string(),
    );
    format!(
        "no config: neither --config nor ${VARIABLE} names one, and there is none at {own}

To look around without one:      floorwatch demo
To get a ready one to try:       floorwatch simulate --write DIR
                                 floorwatch --config DIR/config.toml
To begin with your own floor, put this at {own}:

{MINIMAL}"
    )
}

/// The least that a config can be.
pub(super) const MINIMAL: &str = r#"[floor]
name = "My floor"

[[source]]
kind = "convoso"
url = "https://api.convoso.com/v1"
auth_token = { env = "CONVOSO_AUTH_TOKEN" }
timezone = "America/Los_Angeles"
"#;

#[cfg(test)]
mod tests {
    use super::*;

    fn environment<'a>(
        set: &'a [(&'a str, &'a str)],
    ) -> impl Fn(&str) -> Option<OsString> + use<'a> {
        move |name| set.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
    }

    #[test]
    fn the_command_line_goes_before_the_environment_and_that_before_the_users_own() {
        let home = tempfile::tempdir().unwrap();
        let own = home.path().join("floorwatch").join("config.toml");
        std::fs::create_dir_all(own.parent().unwrap()).unwrap();
        std::fs::write(&own, "").unwrap();
        let xdg = home.path().to_str().unwrap();
        let set = [("FLOORWATCH_CONFIG", "/b.toml"), ("XDG_CONFIG_HOME", xdg)];
        let both = environment(&set);
        assert_eq!(find(Some(Path::new("/a.toml")), &both), Ok("/a.toml".into()));
        assert_eq!(find(None, &both), Ok("/b.toml".into()));
        let unset = [("FLOORWATCH_CONFIG", ""), ("XDG_CONFIG_HOME", xdg)];
        assert_eq!(find(None, &environment(&unset)), Ok(own));
    }

    #[test]
    fn without_one_it_says_where_it_looked_and_what_to_do() {
        let none = find(None, &environment(&[("HOME", "/nobody")])).unwrap_err();
        assert_eq!(none, Some("/nobody/.config/floorwatch/config.toml".into()));
        let text = nothing_found(none.as_deref());
        for says in
            ["floorwatch demo", "floorwatch simulate --write DIR", "/nobody/.config", MINIMAL]
        {
            assert!(text.contains(says), "{says} is not in {text}");
        }
    }
}
