//! A WFM's adherence states: what each agent is scheduled to do and whether they do it.

mod reader;
mod states;
mod wire;

pub(super) use reader::Reader;

#[cfg(test)]
mod tests;
