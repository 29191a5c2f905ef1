//! A list whose items are decoded one by one, so that one bad record costs itself and not the list.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// The items of a list, not yet decoded. PHP services send a list as an array or as an object keyed
/// by anything, and an empty one of either kind as `[]`; null and scalars are empty too.
#[derive(Debug, Default)]
pub struct Collection<'a>(pub Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Collection<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Items;
        impl<'de> Visitor<'de> for Items {
            type Value = Collection<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_unit<E>(self) -> Result<Self::Value, E> {
                Ok(Collection::default())
            }
            /// PHP's word for "nothing there".
            fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<Self::Value, E> {
                match value {
                    false => Ok(Collection::default()),
                    true => Err(E::custom("`true` where a list belongs")),
                }
            }
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Self::Value, E> {
                match text.trim() {
                    "" => Ok(Collection::default()),
                    _ => Err(E::custom("a text where a list belongs")),
                }
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = seq.next_element()? {
                    items.push(item);
                }
                Ok(Collection(items))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut items = Vec::new();
                while let Some((_, item)) = map.next_entry::<serde::de::IgnoredAny, _>()? {
                    items.push(item);
                }
                Ok(Collection(items))
            }
        }
        deserializer.deserialize_any(Items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(json: &str) -> Vec<String> {
        let list: Collection<'_> = serde_json::from_str(json).unwrap();
        list.0.iter().map(|item| item.get().to_owned()).collect()
    }

    #[test]
    fn arrays_and_maps_are_lists() {
        assert_eq!(items(r#"[{"a":1}, "bad"]"#), [r#"{"a":1}"#, r#""bad""#]);
        assert_eq!(items(r#"{"7":{"a":1}}"#), [r#"{"a":1}"#]);
        assert!(items("[]").is_empty() && items("null").is_empty() && items(r#""""#).is_empty());
    }
}
