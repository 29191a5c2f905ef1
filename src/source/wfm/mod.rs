//! A WFM: what each agent is scheduled to do and whether they do it, and the alerts it raises.

mod alert;
mod alerts;
mod desk;
mod look_ups;
mod reader;
mod states;
mod wire;

pub(super) use alerts::AlertList;
pub(super) use desk::Desk;
pub(super) use look_ups::LookUps;
pub(super) use reader::Reader;

#[cfg(test)]
mod tests;
