//! What others may not read, and a config that cannot be read at all.

use super::*;

#[test]
fn a_secret_in_plain_text_wants_a_private_file() {
    let text = CONVOSO.replace("{ env = \"FLOORWATCH_TEST_UNSET\" }", "\"s3cret\"");
    assert!(Config::parse(&text, Path::new(""), true).is_ok());
    let problems = Config::parse(&text, Path::new("/etc"), false).unwrap_err().to_string();
    assert_eq!(
        problems,
        "/etc/config.toml:5: found `auth_token` in plain text in a file that others can read; allowed: `auth_token = { env = \"CONVOSO_AUTH_TOKEN\" }`, `auth_token = { file = \"…\" }`, or a text where the config is private (0600); hint: chmod 600 /etc/config.toml"
    );
}

#[test]
fn a_secret_file_is_relative_to_the_config() {
    let text = CONVOSO.replace("env = \"FLOORWATCH_TEST_UNSET\"", "file = \"token\"");
    let config = Config::parse(&text, Path::new("/etc/fw"), false).unwrap();
    let Secret::File(path) = &convoso(&config).account.auth_token else { panic!("not a file") };
    assert_eq!(path, Path::new("/etc/fw/token"));
}

#[test]
fn a_secret_file_that_others_can_read_is_a_mistake_like_a_plain_secret() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let token = dir.path().join("token");
    std::fs::write(&token, "t0ken").unwrap();
    let text = CONVOSO.replace("env = \"FLOORWATCH_TEST_UNSET\"", "file = \"token\"");
    for (mode, fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
        std::fs::set_permissions(&token, PermissionsExt::from_mode(mode)).unwrap();
        match Config::parse(&text, dir.path(), true) {
            Ok(_) => assert!(fine, "{mode:o}"),
            Err(problems) => {
                let said = problems.to_string();
                assert!(!fine && said.contains("which others can read"), "{said}");
                assert!(said.contains("token` for `auth_token`"), "{said}");
                assert!(said.contains("chmod 600") && !said.contains("t0ken"), "{said}");
            }
        }
    }
}

#[test]
fn the_file_itself_decides_whether_it_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("config.toml");
    std::fs::write(&path, CONVOSO.replace("{ env = \"FLOORWATCH_TEST_UNSET\" }", "\"x\"")).unwrap();
    for (mode, fine) in [(0o600, true), (0o400, true), (0o640, false), (0o604, false)] {
        std::fs::set_permissions(&path, PermissionsExt::from_mode(mode)).unwrap();
        assert_eq!(Config::load(Some(&path)).is_ok(), fine, "{mode:o}");
    }
}

#[test]
fn a_config_that_is_not_there_or_no_text_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("none.toml");
    let error = Config::load(Some(&path)).unwrap_err().to_string();
    assert!(error.contains("none.toml` cannot be read: No such file"), "{error}");
    std::fs::write(&path, b"\xff\xfe").unwrap();
    let error = Config::load(Some(&path)).unwrap_err().to_string();
    assert!(error.contains("UTF-8"), "{error}");
}
