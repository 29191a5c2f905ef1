//! One HTTP client for every source: time limits, body limits, redaction, errors that name the cause.

mod answer;
mod client;
mod error;
mod secret;

pub use answer::{Answer, Cookie};
pub use client::Client;
pub use error::Error;
pub use secret::{Secret, SecretError};

#[cfg(test)]
pub(crate) mod scripted;
#[cfg(test)]
mod tests;
