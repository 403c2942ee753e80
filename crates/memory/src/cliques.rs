//! Finds heavy sets of buffers that all conflict, to prune the search by.
//!
//! Under intervals these are the loads at each time, all of them; in a general order there are too many, and each buffer grows
//! one greedily, taking the largest buffer that conflicts with all so far.

use crate::intervals::{Intervals, loads};
use crate::rows::{Rows, contains, first, insert};

/// How many memberships are kept: what one step of the search costs grows with it.
const MOST_MEMBERSHIPS: usize = 24_000;

/// The sets of buffers in use at once; where they are too many, the heaviest of each stretch of time.
pub(crate) fn at_each_time(intervals: &Intervals, sizes: &[u64]) -> Vec<Vec<u32>> {
    let (ranges, sections) = intervals.sections();
    let loads = loads(&ranges, sections, sizes);
    let memberships: usize = ranges.iter().map(|&(from, to)| (to - from) as usize).sum();
    let stretch = memberships.div_ceil(MOST_MEMBERSHIPS).max(1);
    let heaviest =
        |from: usize| (from..(from + stretch).min(sections)).max_by_key(|&section| (loads[section], section));
    let kept: Vec<usize> = (0..sections).step_by(stretch).filter_map(heaviest).collect();
    let mut sets = vec![Vec::new(); kept.len()];
    for (buffer, &(from, to)) in ranges.iter().enumerate() {
        let first = kept.partition_point(|&section| section < from as usize);
        for (set, _) in
            sets[first..].iter_mut().zip(kept[first..].iter().take_while(|&&section| section < to as usize))
        {
            set.push(buffer as u32);
        }
    }
    sets
}

/// One set for each buffer as its seed, without repetition, and `known`; the heaviest where there are too many.
pub(crate) fn grown(rows: &Rows, sizes: &[u64], known: Vec<u32>) -> Vec<Vec<u32>> {
    let mut by_size: Vec<u32> = (0..sizes.len() as u32).collect();
    by_size.sort_unstable_by_key(|&buffer| (std::cmp::Reverse(sizes[buffer as usize]), buffer));
    let ranked = rows.part(&by_size);
    let mut sets: Vec<Vec<u32>> = Vec::new();
    let mut covered = vec![0; rows.words()];
    for seed in 0..sizes.len() {
        // A buffer that is already in a set adds another one only while there are few.
        if sets.len() > 256 && contains(&covered, seed) {
            continue;
        }
        let mut candidates = ranked.row(seed).to_vec();
        let mut set = vec![seed as u32];
        while let Some(next) = first(&candidates) {
            set.push(next as u32);
            candidates.iter_mut().zip(ranked.row(next)).for_each(|(word, row)| *word &= row);
        }
        for member in &mut set {
            insert(&mut covered, *member as usize);
            *member = by_size[*member as usize];
        }
        set.sort_unstable();
        sets.push(set);
    }
    if !known.is_empty() {
        sets.push(known);
    }
    heaviest(sets, sizes)
}

fn heaviest(mut sets: Vec<Vec<u32>>, sizes: &[u64]) -> Vec<Vec<u32>> {
    let load = |set: &Vec<u32>| set.iter().map(|&buffer| sizes[buffer as usize]).sum::<u64>();
    if sets.iter().map(Vec::len).sum::<usize>() <= MOST_MEMBERSHIPS {
        sets.sort_unstable();
        sets.dedup();
        return sets;
    }
    let mut ranked: Vec<(u64, Vec<u32>)> = sets.into_iter().map(|set| (load(&set), set)).collect();
    ranked.sort_unstable_by(|a, b| b.cmp(a));
    ranked.dedup();
    let mut left = MOST_MEMBERSHIPS;
    ranked.retain(|(_, set)| {
        let keep = set.len() <= left;
        left -= if keep { set.len() } else { 0 };
        keep
    });
    ranked.into_iter().map(|(_, set)| set).collect()
}
