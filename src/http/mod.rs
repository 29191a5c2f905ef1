//! One HTTP client for every source: time limits, body limits, redaction, errors that name the cause.

mod secret;

pub use secret::{Secret, SecretError};
