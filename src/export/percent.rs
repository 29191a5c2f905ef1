//! Shares of counts.

/// `part` of `whole` in percent, to two decimals, halves rounded up; none of nothing.
///
/// Rounded as whole numbers: the nearest binary fraction of a half may lie below it.
pub(super) fn percent(part: u64, whole: u64) -> Option<f64> {
    if whole == 0 {
        return None;
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let hundredths = (part * 20_000 + whole) / (whole * 2);
    let hundredths = u32::try_from(hundredths).ok()?;
    Some(f64::from(hundredths) / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_has_two_decimals_and_rounds_halves_up() {
        assert_eq!(percent(20, 470), Some(4.26));
        assert_eq!(percent(1, 800), Some(0.13)); // 0.125
        assert_eq!(percent(1, 3), Some(33.33));
        assert_eq!(percent(3, 3), Some(100.0));
        assert_eq!(percent(0, 5), Some(0.0));
    }

    #[test]
    fn of_nothing_there_is_no_rate() {
        assert_eq!(percent(0, 0), None);
    }
}
