//! The one function that changes the state.

use chrono::{DateTime, Utc};

use super::App;
use super::message::{Effect, Message};

impl App {
    /// Takes in a message and says what is to be done.
    pub fn update(&mut self, message: Message, now: DateTime<Utc>) -> Vec<Effect> {
        let _ = message; // (stub)
        self.refresh(now);
        Vec::new()
    }
}
