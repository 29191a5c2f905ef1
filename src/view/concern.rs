//! What an alert is about and whom it concerns, in words.

use super::scene::Scene;
use crate::model::{AlertKind, KnownAlert};

/// A kind of alert in words.
pub(super) fn kind_of(kind: &AlertKind) -> String {
    kind.word().replace('_', " ")
}

/// Whom an alert concerns, as far as this screen may show it.
pub(super) fn person(scene: &Scene<'_>, known: &KnownAlert) -> String {
    match scene.floor.person_of_alert(known) {
        Some(person) => scene.name_of(person),
        None => {
            let name = known.alert.name.as_deref();
            name.and_then(|name| scene.stranger(name))
                .unwrap_or_else(|| scene.symbols.dash().to_owned())
        }
    }
}
