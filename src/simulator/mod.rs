//! The simulated contact centre.

pub mod world;
