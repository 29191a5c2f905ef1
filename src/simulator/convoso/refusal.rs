//! How Convoso says no.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::row::NoSuch;
use crate::simulator::dialect::Dialect;
use crate::simulator::fault::json;

/// Why it says no.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// A wrong or missing token.
    Token,
    /// A filter names something that does not exist, or logout names no user.
    NoSuch(NoSuch),
    /// Logout of somebody who is not logged in.
    NotLoggedIn,
}

impl Refusal {
    /// The response.
    pub fn response(self, dialect: Dialect) -> Response {
        let status = match (self, dialect) {
            (Self::Token, Dialect::Service) => StatusCode::UNAUTHORIZED,
            _ => StatusCode::OK,
        };
        json(status, &self.body(dialect))
    }

    fn body(self, dialect: Dialect) -> Value {
        let text = match self {
            Self::Token => {
                return json!({"success": false, "error": "Invalid authentication token"});
            }
            Self::NoSuch(NoSuch::Campaign) => "Campaign not found",
            Self::NoSuch(NoSuch::Queue) => "Queue not found",
            Self::NoSuch(NoSuch::User) => "User not found",
            Self::NotLoggedIn => "User is not logged in",
        };
        match dialect {
            Dialect::Documented => json!({"success": false, "code": self.code(), "error": text}),
            Dialect::Service => {
                json!({"success": false, "code": self.code(), "text": self.service_text()})
            }
            Dialect::Mixed => {
                json!({"success": "false", "code": self.code().to_string(), "message": text})
            }
        }
    }

    fn code(self) -> u32 {
        match self {
            Self::Token => 4001,
            Self::NoSuch(NoSuch::User) => 6006,
            Self::NoSuch(NoSuch::Campaign) => 6026,
            Self::NoSuch(NoSuch::Queue) => 6041,
            Self::NotLoggedIn => 6012,
        }
    }

    fn service_text(self) -> &'static str {
        match self {
            Self::Token => "Invalid authentication token",
            Self::NoSuch(NoSuch::User) => "No such User",
            Self::NoSuch(NoSuch::Campaign) => "Invalid campaign ID",
            Self::NoSuch(NoSuch::Queue) => "Invalid queue ID",
            // The service's own words for this code differ from the document's.
            Self::NotLoggedIn => "Required fields are missing",
        }
    }
}
