//! A theme file: `tone = "bold red on black"`, one line a tone.

use ratatui::style::{Color, Modifier, Style};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Tone;

const ATTRIBUTES: [(&str, Modifier); 5] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underline", Modifier::UNDERLINED),
    ("reverse", Modifier::REVERSED),
];

const WORDS: &str = "allowed are bold, dim, italic, underline, reverse, and a colour, with `on` \
    before a background: black, red, green, yellow, blue, magenta, cyan, gray, dark-gray, \
    light-red, light-green, light-yellow, light-blue, light-magenta, light-cyan, white, reset, \
    0 to 255 or #rrggbb";

/// The style of every tone, or everything that is wrong with the file.
pub(super) fn styles(text: &str) -> Result<[Style; Tone::ALL.len()], Vec<String>> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        vec![format!("line {}: {}", line(text, at), error.message())]
    })?;
    let mut problems = Vec::new();
    let mut named = [None; Tone::ALL.len()];
    let mut entries: Vec<_> = table.get_ref().iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in entries {
        let place = line(text, key.span().start);
        match tone_style(key.get_ref(), value) {
            Ok((tone, style)) => named[tone as usize] = Some(style),
            Err((tone, found)) => {
                // Not missing as well: it is there, only wrong.
                if let Some(tone) = tone {
                    named[tone as usize] = Some(Style::new());
                }
                problems.extend(found.into_iter().map(|text| format!("line {place}: {text}")));
            }
        }
    }
    let must_be_named = Tone::ALL.into_iter().filter(|tone| tone.broader().is_none());
    problems.extend(
        must_be_named
            .filter(|tone| named[*tone as usize].is_none())
            .map(|tone| format!("`{}` is missing: every theme says how it is drawn", tone.key())),
    );
    if problems.is_empty() {
        Ok(Tone::ALL.map(|tone| resolve(&named, tone)))
    } else {
        Err(problems)
    }
}

fn resolve(named: &[Option<Style>; Tone::ALL.len()], tone: Tone) -> Style {
    let mut tone = tone;
    loop {
        match (named[tone as usize], tone.broader()) {
            (Some(style), _) => return style,
            (None, Some(broader)) => tone = broader,
            (None, None) => return Style::new(),
        }
    }
}

/// A tone with its style, or what is wrong, and of which tone where that much is clear.
fn tone_style(
    key: &str,
    value: &Spanned<DeValue<'_>>,
) -> Result<(Tone, Style), (Option<Tone>, Vec<String>)> {
    let Some(tone) = Tone::ALL.into_iter().find(|tone| tone.key() == key) else {
        let allowed: Vec<_> = Tone::ALL.iter().map(|tone| tone.key()).collect();
        let text = format!("`{key}` is no tone; allowed are {}", allowed.join(", "));
        return Err((None, vec![text]));
    };
    let DeValue::String(text) = value.get_ref() else {
        let found = value.get_ref().type_str();
        let text = format!("`{key}` is a {found}, not a text such as \"bold red\"; {WORDS}");
        return Err((Some(tone), vec![text]));
    };
    let (style, problems) = style(key, text);
    if problems.is_empty() { Ok((tone, style)) } else { Err((Some(tone), problems)) }
}

fn style(key: &str, text: &str) -> (Style, Vec<String>) {
    let mut style = Style::new();
    let mut problems = Vec::new();
    let mut words = text.split_whitespace();
    while let Some(word) = words.next() {
        if let Some((_, attribute)) = ATTRIBUTES.iter().find(|(name, _)| *name == word) {
            style = style.add_modifier(*attribute);
            continue;
        }
        let background = word == "on";
        let Some(word) = (if background { words.next() } else { Some(word) }) else {
            problems.push(format!("`on` in `{key}` wants a colour behind it; {WORDS}"));
            continue;
        };
        let Ok(colour) = word.parse::<Color>() else {
            problems.push(format!("`{word}` in `{key}` is no colour and no attribute; {WORDS}"));
            continue;
        };
        let place = if background { &mut style.bg } else { &mut style.fg };
        if place.replace(colour).is_some() {
            problems.push(format!("`{word}` in `{key}` is a second colour; one is allowed"));
        }
    }
    (style, problems)
}

fn line(text: &str, at: usize) -> usize {
    text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
}
