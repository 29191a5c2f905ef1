//! Everything a key can ask for. The variant's name in `snake_case` is its name in the keymap.

use serde::Deserialize;

/// Everything a key can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Leave the program.
    Quit,
    /// Show or hide the keys.
    Help,
    /// Show the agents.
    Agents,
    /// Show the queues.
    Queues,
    /// Show the adherence.
    Adherence,
    /// Show the WFMs' alerts.
    Alerts,
    /// Show the program's log.
    Log,
    /// Show the next page.
    NextPage,
    /// Show the previous page.
    PreviousPage,
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// A screenful up.
    PageUp,
    /// A screenful down.
    PageDown,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// Search by typing.
    Search,
    /// Choose what is listed.
    Filter,
    /// Sort by the next column.
    Sort,
    /// Reverse the order.
    Reverse,
    /// Open the selected row; confirm a text.
    Open,
    /// Close what is open; clear what narrows the list.
    Back,
    /// Move to the next field of a prompt.
    NextField,
    /// Log the selected agent out.
    Logout,
    /// Confirm a prompt.
    Yes,
    /// Refuse a prompt.
    No,
    /// Mark the selected alert, or take the mark away.
    Mark,
    /// Acknowledge the marked alerts, else the selected one.
    Acknowledge,
    /// Resolve the marked alerts, else the selected one.
    Resolve,
    /// Say why the selected row, or what is open, is shown as it is.
    Explain,
    /// Say what the figures of the floor, or of the team that is listed, are made of.
    ExplainFloor,
    /// List only the vanished and the forgotten, or everybody again.
    Lost,
    /// Show or hide the agent's browser and network address.
    Connection,
    /// Hold the picture, or let it go on.
    Freeze,
    /// Read every source now, with the secrets read anew.
    ReadNow,
    /// Use the next theme.
    NextTheme,
    /// Paint the whole screen again.
    Redraw,
    /// Stop until the shell says to go on.
    Suspend,
}
