//! "Did you mean": the known name that a misspelt one most likely stands for.

/// Names longer than this, in bytes, are nobody's typing mistake.
const LONGEST: usize = 128;

/// The candidate nearest to `name`, if it is near enough to be what was meant; the earliest of several.
///
/// A letter that is added, dropped, replaced or swapped with its neighbour is a mistake; case, and `-` for `_`, are
/// half a one. A third of the letters may be wrong. The cost is bounded for each candidate, however long the names.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.len() > LONGEST {
        return None;
    }
    let letters = name.chars().count();
    let folded = fold(name);
    // Both count halves of mistakes; what is not below the first is another word.
    let mut limit = letters / 3 * 2 + 2;
    let mut best = None;
    for candidate in candidates {
        let is_too_far =
            candidate.len() > LONGEST || candidate.chars().count().abs_diff(letters) * 2 >= limit;
        if is_too_far || candidate == name {
            continue;
        }
        let exact = 2 * strsim::osa_distance(name, candidate);
        let loose = 2 * strsim::osa_distance(&folded, &fold(candidate)) + 1;
        if exact.min(loose) < limit {
            limit = exact.min(loose);
            best = Some(candidate);
        }
    }
    best
}

/// `name` without what is half a mistake.
fn fold(name: &str) -> String {
    name.to_ascii_lowercase().replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn finds_the_usual_mistakes() {
        let names = ["stream", "event", "sync-captured-stream", "unjoined-stream", "ACG025"];
        for (typed, meant) in [
            ("steram", "stream"),
            ("strem", "stream"),
            ("events", "event"),
            ("unjoined_stream", "unjoined-stream"),
            ("Unjoined-Stream", "unjoined-stream"),
            ("acg025", "ACG025"),
            ("ACG25", "ACG025"),
        ] {
            assert_eq!(closest(typed, names), Some(meant), "{typed}");
        }
    }

    #[test]
    fn offers_nothing_far_away() {
        assert_eq!(closest("kernel", ["stream", "event"]), None);
        assert_eq!(closest("a", ["b", "c"]), None);
        assert_eq!(closest("", ["b"]), None);
        assert_eq!(closest("stream", []), None);
    }

    #[test]
    fn prefers_the_nearer_and_then_the_earlier() {
        assert_eq!(closest("side1", ["side2", "side"]), Some("side2"));
        assert_eq!(closest("evnt", ["Event", "event"]), Some("event"));
    }

    #[test]
    fn is_quick_on_huge_names() {
        let huge = "x".repeat(10_000_000);
        assert_eq!(closest(&huge, ["x"]), None);
        assert_eq!(closest("stream", [huge.as_str(), "streams"]), Some("streams"));
    }
}
