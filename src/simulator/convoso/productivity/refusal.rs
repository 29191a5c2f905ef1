//! How this search says no. The codes are its own: elsewhere the same ones mean something else.

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;

use crate::simulator::dialect::Dialect;
use crate::simulator::fault::json;

/// What is wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Not a date.
    Date,
    /// The first day is after the last one.
    Order,
    /// No such campaign.
    Campaign,
    /// A page that is too long, or none.
    Limit,
    /// A page too far from the beginning, or none.
    Offset,
}

impl Refusal {
    /// The response. The document's has no code in it.
    pub fn response(self, dialect: Dialect) -> Response {
        let (code, text) = self.documented();
        let body = match dialect {
            Dialect::Documented => json!({"success": false, "error": text}),
            Dialect::Service => {
                let (code, text) = self.service();
                json!({"success": false, "code": code, "text": text})
            }
            Dialect::Mixed => {
                json!({"success": "false", "code": code.to_string(), "message": text})
            }
        };
        json(StatusCode::OK, &body)
    }

    fn documented(self) -> (u32, &'static str) {
        match self {
            Self::Date => (6031, "Invalid date format. Use YYYY-MM-DD"),
            Self::Order => (6032, "Start date must be before end date"),
            Self::Campaign => (6033, "Campaign not found"),
            Self::Limit => (6034, "Limit cannot exceed 1000"),
            Self::Offset => (7231, "An error occurred while processing your search"),
        }
    }

    fn service(self) -> (u32, &'static str) {
        match self {
            Self::Limit => (7258, "Invalid limit value"),
            Self::Offset => (7231, "Invalid offset value"),
            Self::Campaign => (6026, "Invalid campaign ID"),
            Self::Date | Self::Order => self.documented(),
        }
    }
}
