//! What the README shows is what the program has.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;

use floorwatch::config::Config;
use floorwatch::keymap::{Keymap, Mode, shown};

fn readme() -> String {
    std::fs::read_to_string("README.md").unwrap()
}

/// The key table as the README shows it, from the keymap.
fn key_table() -> String {
    let keymap = Keymap::embedded().unwrap();
    let listed = keymap.bindings().iter().filter(|b| matches!(b.mode, Mode::Floor | Mode::Always));
    let rows = listed.map(|binding| {
        let keys: Vec<_> = binding.keys.iter().map(|key| format!("`{}`", shown(key))).collect();
        format!("| {} | {} |\n", keys.join(" "), binding.does)
    });
    format!("| key | does |\n|---|---|\n{}", rows.collect::<String>())
}

#[test]
fn the_readmes_key_table_is_the_keymaps() {
    let table = key_table();
    assert!(readme().contains(&table), "the README's table should be:\n{table}");
}

#[test]
fn the_readmes_config_works() {
    let readme = readme();
    let config = readme.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let config = Config::parse(config, Path::new("."), false).unwrap();
    let names: Vec<_> = config.sources.iter().map(|source| source.name.as_str()).collect();
    assert_eq!(names, ["dialer", "cx", "pbx", "wfm"]);
    assert!(config.notices.is_empty(), "{:?}", config.notices);
}
