//! What reading and commanding a vendor share: the account, how a request is encoded and
//! authenticated, envelopes, error bodies, and how loosely typed JSON is taken apart.

mod bounds;
mod collection;
pub mod convoso;
pub mod cxengage;
mod document;
mod scalar;
pub mod sipio;
mod trouble;
pub mod wfm;

pub use crate::http::clean;
pub use bounds::{PARTS, RECORD};
pub use collection::Collection;
pub use document::decode;
pub use scalar::Scalar;
pub use trouble::{Class, Trouble};

use reqwest::Url;

/// `base` with `segments` appended to its path; never a double slash, which some gateways redirect.
fn under(base: &Url, segments: &[&str]) -> Url {
    let mut url = base.clone();
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}
