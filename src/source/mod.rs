//! The read side: one folder per vendor, and `poller`, which gives each source its own task.

mod settings;

pub use settings::{
    ConvosoSettings, CxEngageSettings, Filter, Settings, VendorSettings, WfmSettings,
};
