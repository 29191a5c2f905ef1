//! Where a vendor's API is, and the credential that opens it.

use std::fs::File;
use std::net::IpAddr;

use reqwest::Url;
use toml::de::DeValue;

use super::problem::Expected;
use super::section::{At, Section};
use crate::http::{Secret, is_private};

/// The address of a vendor's API.
pub(super) fn url(section: &Section<'_>, example: &str) -> Option<Url> {
    if !section.has("url") {
        section.missing("url", Expected::new(format!("`url = {example:?}`")));
    }
    let At { value: text, line } = section.text("url")?;
    // What is wrong with a URL may be a credential inside it, so it is not shown.
    let wrong = |found: &str, expected: Expected| {
        section.problem(line, format!("a `url` {found}"), expected);
        None
    };
    let allowed = || Expected::new(format!("a plain address, such as {example:?}"));
    let Ok(mut url) = Url::parse(text) else {
        return wrong("that is no address", allowed().hint("begin with https://"));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return wrong("with a user name or password in it", allowed());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return wrong("with a `?` or `#` in it", allowed());
    }
    match (url.scheme(), is_loopback(&url)) {
        ("https", _) | ("http", true) => {}
        ("http", false) => {
            let expected = Expected::new("https; http for loopback addresses only");
            return wrong(&format!("to `{}` over http", url.host_str().unwrap_or("")), expected);
        }
        (scheme, _) => return wrong(&format!("with scheme `{scheme}`"), allowed()),
    }
    let trimmed = url.path().trim_end_matches('/').to_owned();
    url.set_path(&trimmed);
    Some(url)
}

fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or("").trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// A credential: where it comes from, or itself where nobody else can read the config.
pub(super) fn secret(
    section: &Section<'_>,
    key: &'static str,
    variable: &str,
) -> Option<At<Secret>> {
    let allowed = || {
        Expected::new(format!(
            "`{key} = {{ env = \"{variable}\" }}`, `{key} = {{ file = \"…\" }}`, or a text where the config is private (0600)"
        ))
    };
    let Some(At { value, line }) = section.value(key) else {
        section.missing(key, allowed());
        return None;
    };
    let wrong = |found: String, expected: Expected| {
        section.problem(line, found, expected);
        None
    };
    let found = match value {
        DeValue::String(text) if text.trim().is_empty() => {
            return wrong(format!("an empty `{key}`"), allowed());
        }
        DeValue::String(_) if !section.sheet.private => {
            let hint = format!("chmod 600 {}", section.sheet.file.display());
            let found = format!("`{key}` in plain text in a file that others can read");
            return wrong(found, allowed().hint(hint));
        }
        DeValue::String(text) => Some(Secret::Plain(text.trim().into())),
        DeValue::Table(_) => named_secret(section, key, &allowed),
        other => return wrong(format!("{} as `{key}`", super::section::kind_of(other)), allowed()),
    };
    found.map(|value| At { value, line })
}

/// `{ env = "…" }` or `{ file = "…" }`, exactly one of them.
fn named_secret(
    section: &Section<'_>,
    key: &'static str,
    allowed: &dyn Fn() -> Expected,
) -> Option<Secret> {
    let table = section.table(key, format!("`{key}` of {}", section.name))?;
    let env = table.text("env");
    let file = table.text("file");
    let secret = match (env, file, table.has("env"), table.has("file")) {
        (.., true, true) => {
            let found = format!("both `env` and `file` for `{key}`");
            table.problem(table.line, found, Expected::new("one of them"));
            None
        }
        (Some(name), ..) => Some(Secret::Env(name.value.to_owned())),
        (_, Some(file), ..) => {
            let path = section.sheet.base.join(file.value);
            // One that is not there may be by the time it is read.
            let is_open = File::open(&path).and_then(|file| is_private(&file)).is_ok_and(|is| !is);
            if is_open {
                let found = format!("`{}` for `{key}`, which others can read", path.display());
                let expected = Expected::new("a file that only its owner can read")
                    .hint(format!("chmod 600 {}", path.display()));
                table.problem(file.line, found, expected);
            }
            Some(Secret::File(path))
        }
        (_, _, false, false) => {
            table.problem(table.line, format!("neither `env` nor `file` for `{key}`"), allowed());
            None
        }
        _ => None, // of a wrong type, which is reported already
    };
    table.finish();
    secret
}
