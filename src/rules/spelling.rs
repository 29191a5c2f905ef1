//! One spelling for what people and systems write in many ways, for finding and comparing only: what is
//! shown keeps the spelling that it came with.

use std::borrow::Cow;

use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_normalizer::properties::CanonicalCombiningClassMapBorrowed;

/// `text` in lower case, its letters without their marks and in their usual width, Hangul by its parts.
/// However a letter was composed, it is spelled the same.
#[must_use]
pub fn plain(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => Cow::Owned(text.to_ascii_lowercase()),
            false => Cow::Borrowed(text),
        };
    }
    let parts = DecomposingNormalizerBorrowed::new_nfkd();
    let mut spelled = String::with_capacity(text.len());
    for letter in parts.normalize_iter(text.chars()).filter(|c| !is_mark(*c)) {
        for lower in letter.to_lowercase().filter(|c| !is_mark(*c)) {
            match base(lower).or_else(|| leading(lower)) {
                Some(plain) => spelled.push_str(plain),
                None => spelled.push(lower),
            }
        }
    }
    Cow::Owned(spelled)
}

/// `text` in ASCII, as near to how it reads as that can be.
#[must_use]
pub fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let spelled = deunicode::deunicode_with_tofu_cow(text, "?");
    // Behind a letter that is written as a word stands a blank, also where nothing follows.
    match spelled.ends_with(' ') && !text.ends_with(char::is_whitespace) {
        true => Cow::Owned(spelled.trim_end().to_owned()),
        false => spelled,
    }
}

/// Whether `letter` only marks the one before it, or cannot be seen at all. The signs of Indic vowels and
/// the marks that make another letter of a Kana are no such marks: without them it is another name.
fn is_mark(letter: char) -> bool {
    // Strokes through a letter, the points of Hebrew and Arabic, and what stands over, under or beside any
    // letter; the classes in between are vowels.
    let class = CanonicalCombiningClassMapBorrowed::new().get_u8(letter);
    let is_accent = matches!(class, 1 | 10..=36 | 200..);
    let is_enclosing = matches!(letter, '\u{488}'..='\u{489}' | '\u{20dd}'..='\u{20e4}');
    let is_unseen = matches!(
        letter,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{e0100}'..='\u{e01ef}'
    );
    is_accent || is_enclosing || is_unseen
}

/// What people type for a letter that has no mark which could be taken off.
fn base(letter: char) -> Option<&'static str> {
    Some(match letter {
        'đ' | 'ð' | 'ɖ' => "d",
        'ł' | 'ƚ' => "l",
        'ø' => "o",
        'ı' | 'ɨ' => "i",
        'ħ' => "h",
        'ŧ' => "t",
        'ŋ' => "n",
        'ə' => "e",
        'ƒ' => "f",
        'ĸ' => "k",
        'ƀ' => "b",
        'ʉ' => "u",
        'ς' => "σ",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        '‘' | '’' | 'ʼ' | 'ʻ' | '´' | '′' => "'",
        '“' | '”' => "\"",
        '‐'..='―' | '−' => "-",
        _ => return None,
    })
}

/// The consonants that end a Hangul syllable as those that begin one: until a syllable is whole nobody can
/// tell which they are, and keys type the same for both.
fn leading(letter: char) -> Option<&'static str> {
    const FINALS: [&str; 27] = [
        "ᄀ", "ᄁ", "ᄀᄉ", "ᄂ", "ᄂᄌ", "ᄂᄒ", "ᄃ", "ᄅ", "ᄅᄀ", "ᄅᄆ", "ᄅᄇ", "ᄅᄉ",
        "ᄅᄐ", "ᄅᄑ", "ᄅᄒ", "ᄆ", "ᄇ", "ᄇᄉ", "ᄉ", "ᄊ", "ᄋ", "ᄌ", "ᄎ", "ᄏ", "ᄐ", "ᄑ",
        "ᄒ",
    ];
    let place = usize::try_from(u32::from(letter).checked_sub(0x11a8)?).ok()?;
    FINALS.get(place).copied()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn however_a_letter_is_composed_it_is_spelled_the_same() {
        for (written, plainly) in [
            ("Zoë", "zoe"),
            ("Zoe\u{308}", "zoe"),
            ("İpek", "ipek"),
            ("I\u{307}pek", "ipek"),
            ("Işık", "isik"),
            ("Đặng", "dang"),
            ("Nguyễn", "nguyen"),
            ("Nguye\u{302}\u{303}n", "nguyen"),
            ("Łukasz Żółć", "lukasz zolc"),
            ("Søren Ærø", "soren aero"),
            ("Strauß STRAUẞ", "strauss strauss"),
            ("Œuvray", "oeuvray"),
            ("Þórður Guðrún", "thordur gudrun"),
            ("Ħal Ŋgũgĩ", "hal ngugi"),
            ("O’Brien", "o'brien"),
            ("Ｊｏｓｅ", "jose"),
            ("Ζωή Μάριος", "ζωη μαριοσ"),
            ("Алексе\u{301}й", "алексеи"),
            ("1\u{fe0f}\u{20e3} Cap", "1 cap"),
            ("Jane\u{200d}\u{ad} Doe", "jane doe"),
        ] {
            assert_eq!(plain(written), plainly, "{written}");
        }
    }

    #[test]
    fn hangul_typed_by_its_parts_is_the_syllable() {
        let name = plain("김민준").into_owned();
        for typed in [
            "김민준",
            "\u{1100}\u{1175}\u{11b7}\u{1106}\u{1175}\u{11ab}\u{110c}\u{116e}\u{11ab}",
            "ㄱㅣㅁㅁㅣㄴㅈㅜㄴ",
        ] {
            assert_eq!(plain(typed), name, "{typed}");
        }
        for begun in ["ㄱ", "기", "김ㅁ", "김미"] {
            assert!(name.starts_with(&*plain(begun)), "{begun}");
        }
        for typed in ["ㄴㅓㄳ", "ㄴㅓㄱㅅ"] {
            assert_eq!(plain(typed), plain("넋"), "{typed}");
        }
    }

    #[test]
    fn what_makes_it_another_letter_is_no_mark() {
        for (one, other) in
            [("か", "が"), ("राम", "रमा"), ("कु", "क"), ("Nunes", "Nunez"), ("李", "里")]
        {
            assert_ne!(plain(one), plain(other));
        }
    }

    #[test]
    fn in_ascii_a_name_reads_as_near_as_can_be() {
        for (name, written) in [
            ("Jane", "Jane"),
            ("José Núñez", "Jose Nunez"),
            ("Strauß", "Strauss"),
            ("Đặng", "Dang"),
            ("Иван", "Ivan"),
            ("佐藤", "Zuo Teng"),
            ("\u{378}", "?"),
        ] {
            assert_eq!(ascii(name), written);
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_stays_as_it_is_and_ascii_is_ascii(text in "\\PC{0,12}") {
            let once = plain(&text).into_owned();
            prop_assert_eq!(&*plain(&once), &*once);
            prop_assert!(ascii(&text).is_ascii());
        }
    }
}
