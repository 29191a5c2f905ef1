//! The snapshot as one JSON document.

use std::io::{self, BufWriter, Write};

use serde::Serialize;

use super::Snapshot;

/// Writes `snapshot` as indented JSON with a newline behind it.
///
/// # Errors
/// When `out` cannot be written to.
pub fn write_json(snapshot: &Snapshot, out: &mut dyn Write) -> io::Result<()> {
    write_pretty(snapshot, out)
}

pub(super) fn write_pretty(document: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    let mut out = BufWriter::new(out);
    serde_json::to_writer_pretty(&mut out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}
