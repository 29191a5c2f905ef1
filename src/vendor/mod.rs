//! What reading and commanding a vendor share: the account, how a request is encoded and
//! authenticated, envelopes, error bodies.

pub mod convoso;
pub mod cxengage;
pub mod wfm;
