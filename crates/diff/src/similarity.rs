//! How alike streams are: by the share of features, what they run and where they are linked, that they have in common.
//!
//! What many streams have, such as the kernels of every layer, tells none of them apart and does not count.

use rustc_hash::FxHashMap;

use crate::hash::mix;

/// A feature that more streams than this have on one side tells nothing.
const MOST_OWNERS: usize = 8;
/// The least share of common features, in thousandths, for two streams to stand for each other.
const LEAST_SHARE: u64 = 300;

/// The features of a stream that runs tasks of these names and has these links.
///
/// A feature that occurs several times counts each time.
pub(crate) fn features(names: impl Iterator<Item = u64>, links: &[u64]) -> Vec<u64> {
    let mut times: FxHashMap<u64, u64> = FxHashMap::default();
    let mut features = Vec::new();
    let mut add = |feature: u64| {
        let time = times.entry(feature).or_default();
        *time += 1;
        features.push(mix([feature, *time]));
    };
    let mut before = 0;
    for name in names {
        add(name);
        add(mix([before, name]));
        before = name;
    }
    for &link in links {
        add(mix([link, 3]));
    }
    features
}

/// Pairs of streams, by position, that are more alike than either is to any other; in order.
///
/// With `all_at_once`, also those of which the likelier partners are taken.
pub(crate) fn best_pairs(old: &[Vec<u64>], new: &[Vec<u64>], all_at_once: bool) -> Vec<(u32, u32)> {
    let (old_owned, new_owned) = (owned(old), owned(new));
    let (mut old_rest, mut new_rest) = (&old_owned[..], &new_owned[..]);
    // How many features that tell something each stream has, and each two have in common.
    let (mut old_telling, mut new_telling) = (vec![0u64; old.len()], vec![0u64; new.len()]);
    let mut common: FxHashMap<(u32, u32), u64> = FxHashMap::default();
    while let Some(feature) =
        [old_rest.first(), new_rest.first()].into_iter().flatten().map(|own| own.0).min()
    {
        let (a_owners, b_owners) = (take(&mut old_rest, feature), take(&mut new_rest, feature));
        if a_owners.len() > MOST_OWNERS || b_owners.len() > MOST_OWNERS {
            continue;
        }
        for &(_, b) in b_owners {
            new_telling[b as usize] += 1;
        }
        for &(_, a) in a_owners {
            old_telling[a as usize] += 1;
            for &(_, b) in b_owners {
                *common.entry((a, b)).or_default() += 1;
            }
        }
    }
    let scored = common.into_iter().filter_map(|((a, b), count)| {
        let all = old_telling[a as usize] + new_telling[b as usize];
        let share = count * 2000 / all.max(1);
        (share >= LEAST_SHARE).then_some((std::cmp::Reverse(share), a.abs_diff(b), a, b))
    });
    let mut scored: Vec<_> = scored.collect();
    scored.sort_unstable();
    let (mut old_seen, mut new_seen) = (vec![false; old.len()], vec![false; new.len()]);
    let mut pairs = Vec::new();
    for (_, _, a, b) in scored {
        let (first, second) = (&mut old_seen[a as usize], &mut new_seen[b as usize]);
        let is_open = !*first && !*second;
        if is_open {
            pairs.push((a, b));
        }
        // What has a better partner, even one that is taken, waits for the next round.
        if is_open || !all_at_once {
            *first = true;
            *second = true;
        }
    }
    pairs.sort_unstable();
    pairs
}

/// Every feature with the stream that has it, by feature.
fn owned(streams: &[Vec<u64>]) -> Vec<(u64, u32)> {
    let streams = streams.iter().enumerate();
    let mut owned: Vec<(u64, u32)> = streams
        .flat_map(|(at, features)| features.iter().map(move |&feature| (feature, at as u32)))
        .collect();
    owned.sort_unstable();
    owned
}

/// Takes the owners of `feature` off the front of what is left.
fn take<'o>(rest: &mut &'o [(u64, u32)], feature: u64) -> &'o [(u64, u32)] {
    let count = rest.iter().take_while(|own| own.0 == feature).count();
    let (owners, behind) = rest.split_at(count);
    *rest = behind;
    owners
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(names: &[u64]) -> Vec<u64> {
        features(names.iter().copied(), &[])
    }

    #[test]
    fn the_likest_streams_are_paired_whatever_their_order() {
        let old = [stream(&[1, 2, 3, 4, 5]), stream(&[6, 7, 8, 9])];
        let new = [stream(&[6, 7, 8, 10]), stream(&[1, 2, 4, 5]), stream(&[11, 12])];
        assert_eq!(best_pairs(&old, &new, false), [(0, 1), (1, 0)]);
    }

    #[test]
    fn what_all_streams_have_does_not_make_them_unlike() {
        let layer: Vec<u64> = (1..40).collect();
        let streams: Vec<Vec<u64>> =
            (0..20).map(|own| stream(&[layer.as_slice(), &[1000 + own]].concat())).collect();
        let mut turned = streams.clone();
        turned.reverse();
        let pairs: Vec<(u32, u32)> = (0..20).map(|at| (at, 19 - at)).collect();
        assert_eq!(best_pairs(&streams, &turned, false), pairs);
    }

    #[test]
    fn unlike_streams_are_not_paired() {
        assert!(best_pairs(&[stream(&[1, 2, 3, 4])], &[stream(&[4, 5, 6, 7])], true).is_empty());
        assert!(best_pairs(&[], &[stream(&[1])], true).is_empty());
    }
}
