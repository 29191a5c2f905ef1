//! Which part of a list is on the screen.

use std::ops::Range;

/// The rows on a screen of `height` rows: the selected one in the middle once the list is longer
/// than the screen, except near its ends.
#[must_use]
pub fn around(selected: Option<usize>, len: usize, height: usize) -> Range<usize> {
    from(selected.unwrap_or(0).saturating_sub(height / 2), len, height)
}

/// The rows on a screen of `height` rows from `first` on, or the last ones where fewer are left.
#[must_use]
pub fn from(first: usize, len: usize, height: usize) -> Range<usize> {
    let first = first.min(len.saturating_sub(height));
    first..len.min(first.saturating_add(height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_list_is_shown_whole() {
        assert_eq!(around(Some(2), 3, 10), 0..3);
        assert_eq!(around(None, 0, 10), 0..0);
    }

    #[test]
    fn the_selected_row_is_always_on_the_screen_and_the_screen_is_full() {
        for len in 1..40 {
            for height in 1..20 {
                for selected in 0..len {
                    let shown = around(Some(selected), len, height);
                    assert!(shown.contains(&selected), "{selected} of {len} in {height}");
                    assert_eq!(shown.len(), len.min(height));
                }
            }
        }
    }

    #[test]
    fn in_a_long_list_the_selected_row_is_in_the_middle() {
        assert_eq!(around(Some(50), 100, 11), 45..56);
        assert_eq!(around(Some(1), 100, 11), 0..11);
        assert_eq!(around(Some(99), 100, 11), 89..100);
    }

    #[test]
    fn no_height_shows_nothing_and_scrolling_stops_at_the_end() {
        assert_eq!(around(Some(3), 10, 0), 3..3);
        assert_eq!(from(usize::MAX, 10, 4), 6..10);
    }
}
