//! The table in `src/lib.rs` is the architecture; this test holds the code to it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// What each module may name, read from the table in the crate's documentation.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string("src/lib.rs").unwrap();
    let rows = text.lines().filter_map(|line| line.strip_prefix("//! | `"));
    rows.map(|row| {
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let module = cells[0].trim_matches('`').to_owned();
        let may_name = cells[2].split(',').map(|name| name.trim().to_owned());
        (module, may_name.filter(|name| name != "–").collect())
    })
    .collect()
}

fn rust_files(dir: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|ext| ext == "rs"))
        .collect()
}

/// The module that a file belongs to: the first name below `src`.
fn module_of(path: &Path) -> String {
    let first = path.strip_prefix("src").unwrap().components().next().unwrap();
    first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
}

/// The modules that the production code of `text` names: `crate::a::…` and `crate::{a, b::c}`.
fn named(text: &str) -> BTreeSet<String> {
    let production = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let code: String = production
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n");
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut start = true;
            let mut name = String::new();
            for letter in group.chars() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.insert(std::mem::take(&mut name));
                        start = true;
                    }
                    c if depth == 0 && start && (c.is_alphanumeric() || c == '_') => name.push(c),
                    ':' if depth == 0 => start = false,
                    _ => {}
                }
            }
            names.insert(name);
        } else {
            names.insert(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect());
        }
    }
    names.remove("");
    names
}

#[test]
fn every_module_names_only_what_the_table_allows() {
    let table = table();
    let mut wrong = Vec::new();
    for path in rust_files(Path::new("src")) {
        let module = module_of(&path);
        if module == "lib" || path.file_name().is_some_and(|name| name == "tests.rs") {
            continue;
        }
        let Some(allowed) = table.get(&module).or(table.get("run").filter(|_| module == "main"))
        else {
            wrong.push(format!("{} is in no row of the table", path.display()));
            continue;
        };
        for name in named(&fs::read_to_string(&path).unwrap()) {
            let free = allowed.contains("everything") || allowed.contains(&name) || name == module;
            if table.contains_key(&name) && !free {
                wrong.push(format!("{} names `{name}`", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "the table in src/lib.rs does not allow:\n{}", wrong.join("\n"));
}

#[test]
fn the_table_has_a_row_for_every_module_and_no_circle() {
    let table = table();
    let lib = fs::read_to_string("src/lib.rs").unwrap();
    let modules: BTreeSet<_> =
        lib.lines().filter_map(|l| l.strip_prefix("pub mod ")?.strip_suffix(';')).collect();
    let rows: BTreeSet<_> = table.keys().map(String::as_str).collect();
    assert_eq!(modules, rows);
    // A module may be built once everything it names is built; what can never be built is in a circle.
    let mut built = BTreeSet::new();
    loop {
        let ready: Vec<_> = table
            .iter()
            .filter(|(module, names)| {
                !built.contains(*module) && names.iter().all(|n| built.contains(n))
            })
            .map(|(module, _)| module.clone())
            .collect();
        if ready.is_empty() {
            break;
        }
        built.extend(ready);
    }
    let stuck: Vec<_> = table
        .iter()
        .filter(|(module, names)| !built.contains(*module) && !names.contains("everything"))
        .map(|(module, _)| module)
        .collect();
    assert!(stuck.is_empty(), "in a circle, or naming what does not exist: {stuck:?}");
}

#[test]
fn colours_are_named_by_the_theme_only() {
    let outside = rust_files(Path::new("src")).into_iter().filter(|path| {
        let module = module_of(path);
        module != "theme" && module != "terminal"
    });
    let wrong: Vec<_> = outside
        .filter(|path| {
            let text = fs::read_to_string(path).unwrap();
            let draws = text.contains("ratatui") || text.contains("crossterm");
            draws && (text.contains("Color::") || text.contains("style::Color"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn no_file_is_longer_than_500_lines() {
    let long: Vec<_> = rust_files(Path::new("src"))
        .into_iter()
        .filter(|path| path.file_name().is_none_or(|name| name != "tests.rs"))
        .filter(|path| fs::read_to_string(path).unwrap().lines().count() > 500)
        .collect();
    assert!(long.is_empty(), "{long:?}");
}
