//! "Did you mean": the known name that a misspelt one most likely stands for.

/// Names longer than this, in bytes, are nobody's typing mistake.
const LONGEST: usize = 128;

/// The candidate nearest to `name`, if it is near enough to be what was meant; the earliest of several.
///
/// Upper and lower case, and `-` and `_`, count as the same letter when nothing is nearer. The cost is bounded for
/// each candidate, however long the names are.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.is_empty() || name.len() > LONGEST {
        return None;
    }
    let wanted: Vec<char> = name.chars().collect();
    let folded: Vec<char> = wanted.iter().copied().map(fold).collect();
    // A third of the letters may be wrong; what differs more is another word.
    let mut least = wanted.len() / 3 * 2 + 2;
    let mut best = None;
    let mut rows = Rows::default();
    for candidate in candidates {
        if candidate.is_empty() || candidate.len() > LONGEST || candidate == name {
            continue;
        }
        rows.candidate.clear();
        rows.candidate.extend(candidate.chars());
        if rows.candidate.len().abs_diff(wanted.len()) * 2 >= least {
            continue;
        }
        let exact = rows.distance(&wanted);
        rows.candidate.iter_mut().for_each(|c| *c = fold(*c));
        let loose = rows.distance(&folded);
        // A difference of case alone is half a mistake.
        let distance = (2 * exact).min(2 * loose + 1);
        if distance < least {
            least = distance;
            best = Some(candidate);
        }
    }
    best
}

fn fold(c: char) -> char {
    if c == '_' { '-' } else { c.to_ascii_lowercase() }
}

/// The last three rows of the distance table, kept from candidate to candidate.
#[derive(Default)]
struct Rows {
    candidate: Vec<char>,
    before: Vec<usize>,
    above: Vec<usize>,
    row: Vec<usize>,
}

impl Rows {
    /// How many letters must be added, dropped, replaced or swapped with their neighbour to get the candidate.
    fn distance(&mut self, wanted: &[char]) -> usize {
        let Self { candidate, before, above, row } = self;
        above.clear();
        above.extend(0..=candidate.len());
        before.clone_from(above);
        for (i, &have) in wanted.iter().enumerate() {
            row.clear();
            row.push(i + 1);
            for (j, &want) in candidate.iter().enumerate() {
                let mut least = (above[j] + usize::from(have != want)).min(above[j + 1] + 1).min(row[j] + 1);
                if i > 0 && j > 0 && have == candidate[j - 1] && wanted[i - 1] == want {
                    least = least.min(before[j - 1] + 1);
                }
                row.push(least);
            }
            std::mem::swap(before, above);
            std::mem::swap(above, row);
        }
        above.last().copied().unwrap_or(0)
    }
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
