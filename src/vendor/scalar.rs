//! A value that should be a number, a text or a truth, and may be any of them: these services send
//! `42`, `"42"`, `"1,234"`, `""`, `"-"`, `"0"` and `null` for the same field.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::clean;

/// The longest id that is one, in bytes.
const LONGEST_ID: usize = 256;

/// One loosely typed value. Decoding it never fails on well-formed JSON, so that a field of the
/// wrong type costs that field and not its record.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum Scalar<'a> {
    /// Null, or not there.
    #[default]
    Null,
    /// A truth.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number beyond the other's range.
    Large(u64),
    /// Any other number.
    Float(f64),
    /// A text.
    Text(Cow<'a, str>),
    /// An array or an object, where neither belongs.
    Nested,
}

impl Scalar<'_> {
    /// An id, trimmed; none for null and for the words that these services send instead of it:
    /// `""`, `"0"`, `"-"`.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        let text = match self {
            Self::Int(n) => n.to_string(),
            Self::Large(n) => n.to_string(),
            Self::Float(x) if x.fract() == 0.0 && x.abs() < 1e15 => format!("{x:.0}"),
            Self::Text(text) => text.trim().to_owned(),
            _ => return None,
        };
        let is_id = !matches!(text.as_str(), "" | "0" | "-" | "null") && text.len() <= LONGEST_ID;
        is_id.then_some(text)
    }

    /// A text to show, cleaned; none when nothing is left of it, or only a dash.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        let text = match self {
            Self::Text(text) => clean(text),
            Self::Int(n) => n.to_string(),
            Self::Large(n) => n.to_string(),
            // Written out, five bytes of it would be three hundred.
            Self::Float(x) if *x != 0.0 && !(1e-6..1e15).contains(&x.abs()) => format!("{x:e}"),
            Self::Float(x) => x.to_string(),
            Self::Bool(b) => b.to_string(),
            Self::Null | Self::Nested => return None,
        };
        (!matches!(text.as_str(), "" | "-")).then_some(text)
    }

    /// How many: never negative, rounded.
    #[must_use]
    pub fn count(&self) -> Option<u64> {
        match self {
            Self::Int(n) => u64::try_from(*n).ok(),
            Self::Large(n) => Some(*n),
            _ => {
                let x = self.number()?.round();
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "the range has been looked at"
                )]
                (0.0..1e15).contains(&x).then_some(x as u64)
            }
        }
    }

    /// A number, finite.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "beyond 2^53 no field here is exact anyway")]
        let x = match self {
            Self::Int(n) => *n as f64,
            Self::Large(n) => *n as f64,
            Self::Float(x) => *x,
            Self::Text(text) => {
                text.trim().replace([',', '\u{a0}', ' '], "").parse::<f64>().ok()?
            }
            Self::Null | Self::Bool(_) | Self::Nested => return None,
        };
        x.is_finite().then_some(x)
    }

    /// A whole number, of either sign: an error code.
    #[must_use]
    pub fn code(&self) -> Option<i64> {
        match self {
            Self::Int(n) => Some(*n),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// Yes or no.
    #[must_use]
    pub fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(b) => Some(*b),
            Self::Int(n) => Some(*n != 0),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "1" | "yes" => Some(true),
                "false" | "0" | "no" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    /// The text as it came, where it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Scalar<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Scalar::Null)
            }
            fn visit_bool<E>(self, b: bool) -> Result<Self::Value, E> {
                Ok(Scalar::Bool(b))
            }
            fn visit_i64<E>(self, n: i64) -> Result<Self::Value, E> {
                Ok(Scalar::Int(n))
            }
            fn visit_u64<E>(self, n: u64) -> Result<Self::Value, E> {
                Ok(i64::try_from(n).map_or(Scalar::Large(n), Scalar::Int))
            }
            fn visit_f64<E>(self, x: f64) -> Result<Self::Value, E> {
                Ok(Scalar::Float(x))
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Scalar::Text(Cow::Owned(text.to_owned())))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                while seq.next_element::<IgnoredAny>()?.is_some() {}
                Ok(Scalar::Nested)
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(Scalar::Nested)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(json: &str) -> Scalar<'_> {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn a_count_comes_in_many_clothes() {
        for json in ["1234", "1234.0", r#""1234""#, r#"" 1,234 ""#, r#""1234.0""#] {
            assert_eq!(of(json).count(), Some(1234), "{json}");
        }
        for json in ["null", r#""""#, r#""-""#, "-3", "[]", "{}", "true", r#""many""#, "1e300"] {
            assert_eq!(of(json).count(), None, "{json}");
        }
    }

    #[test]
    fn sentinels_are_no_ids() {
        for json in ["null", r#""""#, r#""0""#, "0", r#""-""#, r#"" ""#, "[]"] {
            assert_eq!(of(json).id(), None, "{json}");
        }
        assert_eq!(of("12345").id().as_deref(), Some("12345"));
        assert_eq!(of("12345.0").id().as_deref(), Some("12345"));
        assert_eq!(of("18446744073709551615").id().as_deref(), Some("18446744073709551615"));
        assert_eq!(of(r#"" 007 ""#).id().as_deref(), Some("007"));
    }

    #[test]
    fn a_value_is_never_much_longer_than_it_was_sent() {
        for json in ["1e300", "-1e300", "1e-300", "5e-324"] {
            assert!(of(json).text().unwrap().len() < 10, "{json}");
        }
        assert_eq!(of("0.5").text().as_deref(), Some("0.5"));
        assert_eq!(of(&format!("\"{}\"", "x".repeat(257))).id(), None);
    }

    #[test]
    fn codes_and_truths_may_be_text() {
        assert_eq!(of(r#""6012""#).code(), Some(6012));
        assert_eq!(of("6012").code(), Some(6012));
        assert_eq!(of(r#""false""#).truth(), Some(false));
        assert_eq!(of("0").truth(), Some(false));
        assert_eq!(of(r#""maybe""#).truth(), None);
    }

    proptest! {
        #[test]
        fn any_text_is_taken_without_failing(text in ".*") {
            let json = serde_json::to_string(&text).unwrap();
            let scalar = of(&json);
            let _ = (scalar.id(), scalar.text(), scalar.count(), scalar.number(), scalar.truth());
            prop_assert_eq!(scalar.as_str(), Some(text.as_str()));
        }
    }
}
