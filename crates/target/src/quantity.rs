//! Durations and bandwidths as people write them: `1.5us`, `24GB/s`.

use std::fmt;

const TIMES: [(&str, u64); 4] = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];
const RATES: [(&str, u64); 2] = [("GB/s", 1), ("TB/s", 1_000)];

/// A duration in whole nanoseconds.
pub(crate) fn duration(text: &str) -> Option<u64> {
    quantity(text, &TIMES)
}

/// A bandwidth in whole GB/s, at least 1.
pub(crate) fn bandwidth(text: &str) -> Option<u64> {
    quantity(text, &RATES).filter(|&rate| rate > 0)
}

/// A decimal number with a unit, as a whole number of the smallest unit.
fn quantity(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(split);
    let &(_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || decimals.is_empty() || decimals.len() > 9 {
        return None;
    }
    let scale = 10u64.pow(decimals.len() as u32);
    let fraction = u128::from(decimals.parse::<u64>().ok()?) * u128::from(factor);
    let scale = u128::from(scale);
    let whole = u128::from(whole.parse::<u64>().ok()?) * u128::from(factor);
    fraction.is_multiple_of(scale).then(|| u64::try_from(whole + fraction / scale).ok())?
}

/// Writes a duration in microseconds.
pub(crate) fn write_duration(f: &mut fmt::Formatter<'_>, nanoseconds: u64) -> fmt::Result {
    let (whole, rest) = (nanoseconds / 1_000, nanoseconds % 1_000);
    write!(f, "{whole}")?;
    if rest > 0 {
        write!(f, ".{}", format!("{rest:03}").trim_end_matches('0'))?;
    }
    write!(f, "us")
}

/// Writes a bandwidth.
pub(crate) fn write_bandwidth(f: &mut fmt::Formatter<'_>, rate: u64) -> fmt::Result {
    write!(f, "{rate}GB/s")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_exact_or_refused() {
        assert_eq!(duration("1.5us"), Some(1500));
        assert_eq!(duration("2 ms"), Some(2_000_000));
        assert_eq!(duration("18446744073709551615ns"), Some(u64::MAX));
        assert_eq!(bandwidth("1.12TB/s"), Some(1120));
        for text in [
            "",
            "us",
            "1",
            "1.us",
            ".5us",
            "1.0000000001s",
            "1.2.3us",
            "-1us",
            "1e3us",
            "18446744073709551615s",
            "1hour",
        ] {
            assert_eq!(duration(text), None, "{text}");
        }
        assert_eq!(bandwidth("0GB/s"), None);
        assert_eq!(bandwidth("0.5GB/s"), None);
    }
}
