//! One HTTP client for every source: time limits, body limits, redaction, texts that do no harm, errors
//! that name the cause.

mod answer;
mod certificate;
mod clean;
mod client;
mod error;
mod hidden;
mod repair;
mod secret;
mod spelling;

pub use answer::{Answer, Cookie};
pub use clean::clean;
pub use client::Client;
pub use error::Error;
pub use secret::{Secret, SecretError, is_private};

#[cfg(test)]
pub(crate) mod scripted;
#[cfg(test)]
mod tests;
