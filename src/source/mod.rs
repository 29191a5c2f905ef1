//! The read side: one folder per vendor, and `poller`, which gives each source its own task.

mod convoso;
mod cxengage;
#[cfg(test)]
mod fixture;
mod poller;
mod reason;
mod records;
mod settings;
mod sipio;
mod wfm;

pub use poller::{Handle, spawn};
pub use settings::{
    ConvosoSettings, CxEngageSettings, Filter, Settings, SipIoSettings, VendorSettings, WfmSettings,
};
