//! Sorting by numbers that are not much larger than there is to sort, by counting.

/// For each number below `keys`, how many of `all` are no larger.
pub(crate) fn ends(keys: usize, all: impl Iterator<Item = usize>) -> Vec<u32> {
    let mut ends = vec![0u32; keys];
    all.for_each(|key| ends[key] += 1);
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    ends
}

/// The numbers below `count` in the order of their keys, which are less than `keys`; equal ones ascend.
pub(crate) fn in_order(count: usize, keys: usize, key: impl Fn(usize) -> usize) -> Vec<u32> {
    by_key(count, keys, key).1
}

/// The same, after where those of each key start.
pub(crate) fn by_key(count: usize, keys: usize, key: impl Fn(usize) -> usize) -> (Vec<u32>, Vec<u32>) {
    let mut starts = ends(keys, (0..count).map(&key));
    let mut ordered = vec![0; count];
    for item in (0..count).rev() {
        let start = &mut starts[key(item)];
        *start -= 1;
        ordered[*start as usize] = item as u32;
    }
    (starts, ordered)
}
