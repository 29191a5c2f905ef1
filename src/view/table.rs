//! A list with columns: the least important columns give way where the screen is narrow.

use super::text::{Line, fit};
use crate::theme::{Symbols, Tone};

/// One column on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its title, with a mark where the list is sorted by it.
    pub title: String,
    /// The columns of the screen it takes.
    pub width: usize,
    /// Whether it is set flush right.
    pub flush_right: bool,
}

/// One row on the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// One line a column, no wider than it. Where there are fewer lines than columns, the last takes
    /// the room of those that are left.
    pub cells: Vec<Line>,
    /// Whether it is the selected one.
    pub selected: bool,
}

/// The visible part of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// The columns that fit.
    pub columns: Vec<Column>,
    /// The rows that are visible.
    pub rows: Vec<Row>,
}

/// The space between two columns.
pub const GAP: usize = 1;

/// What a column needs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spec<Id> {
    /// Which.
    pub id: Id,
    /// Its title.
    pub title: &'static str,
    /// The least width at which it is shown.
    pub min: usize,
    /// The width beyond which it gains nothing.
    pub ideal: usize,
    /// Whether it is set flush right.
    pub flush_right: bool,
    /// Its rank: 0 is the last to give way.
    pub rank: u8,
}

/// The columns that fit into `width`, in the order of `specs`: by rank as many as fit at their
/// least width, and what is left over is shared out evenly up to the ideal widths.
pub(super) fn choose<Id: Copy>(specs: &[Spec<Id>], width: usize) -> Vec<(Id, Column)> {
    let mut by_rank: Vec<usize> = (0..specs.len()).collect();
    by_rank.sort_by_key(|index| specs[*index].rank);
    let mut left = width + GAP;
    let mut widths = vec![None; specs.len()];
    for index in by_rank {
        let Some(rest) = left.checked_sub(specs[index].min + GAP) else { break };
        left = rest;
        widths[index] = Some(specs[index].min);
    }
    loop {
        let before = left;
        for (width, spec) in widths.iter_mut().zip(specs) {
            if let Some(width) = width
                && *width < spec.ideal
                && left > 0
            {
                *width += 1;
                left -= 1;
            }
        }
        if left == before {
            break;
        }
    }
    let chosen = specs.iter().zip(widths);
    chosen
        .filter_map(|(spec, width)| {
            let title = spec.title.to_owned();
            Some((spec.id, Column { title, width: width?, flush_right: spec.flush_right }))
        })
        .collect()
}

/// A cell of one meaning, cut to its column.
pub(super) fn cell(text: &str, tone: Tone, column: &Column, symbols: Symbols) -> Line {
    Line::of(fit(text, column.width, symbols), tone)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPECS: [Spec<char>; 3] = [
        Spec { id: 'n', title: "Name", min: 4, ideal: 10, flush_right: false, rank: 0 },
        Spec { id: 'q', title: "Queue", min: 5, ideal: 5, flush_right: false, rank: 2 },
        Spec { id: 't', title: "Time", min: 3, ideal: 5, flush_right: true, rank: 1 },
    ];

    fn widths(width: usize) -> Vec<(char, usize)> {
        choose(&SPECS, width).into_iter().map(|(id, column)| (id, column.width)).collect()
    }

    #[test]
    fn the_least_important_column_gives_way_first() {
        assert_eq!(widths(14), [('n', 4), ('q', 5), ('t', 3)]);
        assert_eq!(widths(13), [('n', 7), ('t', 5)]);
        assert_eq!(widths(4), [('n', 4)]);
        assert_eq!(widths(3), []);
    }

    #[test]
    fn what_is_left_over_is_shared_up_to_the_ideal() {
        assert_eq!(widths(17), [('n', 6), ('q', 5), ('t', 4)]);
        assert_eq!(widths(200), [('n', 10), ('q', 5), ('t', 5)]);
    }

    #[test]
    fn the_columns_never_take_more_than_there_is() {
        for width in 0..60 {
            let columns = widths(width);
            let taken: usize = columns.iter().map(|(_, width)| width + GAP).sum();
            assert!(taken <= width + GAP, "{width}: {columns:?}");
        }
    }
}
