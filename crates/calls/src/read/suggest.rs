//! "Did you mean": the known word nearest to an unknown one.

/// The word of `words` nearest to `unknown`, if one is near enough to be what was meant.
pub(super) fn nearest<'w>(unknown: &str, words: impl Iterator<Item = &'w str>) -> Option<&'w str> {
    // Longer texts are no misspelt names, and comparing them would cost.
    if unknown.len() > 80 {
        return None;
    }
    let allowed = unknown.chars().count() / 3;
    words
        .filter(|word| word.len().abs_diff(unknown.len()) <= allowed.max(4))
        .map(|word| (distance(unknown, word), word))
        .filter(|&(distance, _)| distance <= allowed)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, word)| word)
}

/// How many letters must change; a difference in upper and lower case alone is the smallest.
fn distance(left: &str, right: &str) -> usize {
    if left.eq_ignore_ascii_case(right) {
        return 0;
    }
    strsim::damerau_levenshtein(left, right)
}
