//! Rows of a vector clock: of each lane, how many of its tasks are complete.
//!
//! With few lanes a row is one number after the other. With many, rows are trees of chunks that they share wherever they say the same: one
//! wait tells a lane little that is new, and lanes times waits would be more memory than there is.
//!
//! **Invariant:** what a row says never depends on its form.

/// With more lanes than this, rows are trees.
const MOST_FLAT: usize = 64;

/// How many numbers are made room for at most before they are needed: 256 MB, of which only what is used is ever written to.
const MOST_RESERVED: usize = 1 << 26;

/// How many numbers a chunk has.
const CHUNK: usize = 16;
const BITS: u32 = CHUNK.trailing_zeros();

/// Rows of a fixed number of lanes; row 0 is there from the beginning and is all zero.
#[derive(Clone, Debug)]
pub struct Rows {
    width: usize,
    form: Form,
}

#[derive(Clone, Debug)]
enum Form {
    Flat(Flat),
    Tree(Tree),
}

/// One row after the other.
#[derive(Clone, Debug)]
struct Flat {
    numbers: Vec<u32>,
    /// Rows that were given back.
    free: Vec<u32>,
}

impl Rows {
    /// Rows of `width` lanes.
    pub fn new(width: usize) -> Self {
        Self::of_form(width, width <= MOST_FLAT)
    }

    fn of_form(width: usize, is_flat: bool) -> Self {
        let flat = || Form::Flat(Flat { numbers: vec![0; width], free: Vec::new() });
        Self { width, form: if is_flat { flat() } else { Form::Tree(Tree::new(width)) } }
    }

    /// Makes room for as many more rows that say something new, so far as that is little memory: large tables are not to be moved as they grow.
    pub fn reserve(&mut self, rows: usize) {
        if let Form::Flat(flat) = &mut self.form {
            flat.numbers.reserve(rows.saturating_mul(self.width).min(MOST_RESERVED));
        }
    }

    /// What a row says of a lane.
    pub fn at(&self, row: u32, lane: u32) -> u32 {
        match &self.form {
            Form::Flat(flat) => flat.numbers[row as usize * self.width + lane as usize],
            Form::Tree(tree) => tree.at(row, lane),
        }
    }

    /// A row that says what `row` says and that nobody else has.
    pub fn copy(&mut self, row: u32) -> u32 {
        let Form::Flat(Flat { numbers, free }) = &mut self.form else { return row };
        let start = row as usize * self.width;
        if let Some(copy) = free.pop() {
            numbers.copy_within(start..start + self.width, copy as usize * self.width);
            return copy;
        }
        let copy = numbers.len().checked_div(self.width).unwrap_or(0);
        numbers.extend_from_within(start..start + self.width);
        copy as u32
    }

    /// Gives back a [copy](Self::copy) that nobody asks about any more; those that share what they say stay where they are.
    pub fn give_back(&mut self, row: u32) {
        if let Form::Flat(flat) = &mut self.form {
            flat.free.push(row);
        }
    }

    /// Lets `own`, a [copy](Self::copy), say of every lane at least what `other` says, and of `lane` that `count` are complete; gives the row
    /// that says so, in place of `own`.
    pub fn join(&mut self, own: u32, other: u32, lane: u32, count: u32) -> u32 {
        let numbers = match &mut self.form {
            Form::Flat(flat) => &mut flat.numbers,
            Form::Tree(tree) => {
                let joined = tree.join(own, other, tree.levels);
                return tree.set(joined, lane, count, tree.levels);
            }
        };
        let range = |row: u32| row as usize * self.width..(row as usize + 1) * self.width;
        // A row and itself say the same.
        if let Ok([mine, others]) = numbers.get_disjoint_mut([range(own), range(other)]) {
            mine.iter_mut().zip(others).for_each(|(mine, other)| *mine = (*mine).max(*other));
        }
        numbers[range(own)][lane as usize] = count;
        own
    }

    /// Calls `found` with every lane of which `row` says more than `than`, ascending, and what it says.
    pub fn each_more(&self, row: u32, than: u32, mut found: impl FnMut(u32, u32)) {
        match &self.form {
            _ if row == than => {}
            Form::Flat(flat) => {
                let of = |row: u32| &flat.numbers[row as usize * self.width..][..self.width];
                let both = of(row).iter().zip(of(than)).enumerate();
                both.filter(|(_, (more, less))| more > less)
                    .for_each(|(lane, (&count, _))| found(lane as u32, count));
            }
            Form::Tree(tree) => tree.each_more(row, than, 0, tree.levels, &mut found),
        }
    }

    /// How many numbers are kept, the measure of the memory that the rows take.
    pub fn entries(&self) -> usize {
        match &self.form {
            Form::Flat(flat) => flat.numbers.len(),
            Form::Tree(tree) => tree.chunks.len() * CHUNK,
        }
    }
}

/// Rows as trees of chunks; a row is the number of its topmost chunk. Chunk 0 is all zero, as a leaf and above, where it leads to itself.
#[derive(Clone, Debug)]
struct Tree {
    chunks: Vec<[u32; CHUNK]>,
    /// How many levels of chunks are above the leaves.
    levels: u32,
}

impl Tree {
    fn new(width: usize) -> Self {
        let mut levels = 0;
        while width.div_ceil(CHUNK) > 1 << (BITS * levels) {
            levels += 1;
        }
        Self { chunks: vec![[0; CHUNK]], levels }
    }

    fn at(&self, row: u32, lane: u32) -> u32 {
        let chunk =
            (1..=self.levels).rev().fold(row, |chunk, level| self.chunks[chunk as usize][place(lane, level)]);
        self.chunks[chunk as usize][place(lane, 0)]
    }

    fn push(&mut self, chunk: [u32; CHUNK]) -> u32 {
        self.chunks.push(chunk);
        self.chunks.len() as u32 - 1
    }

    /// The larger of each two numbers, in chunks with `level` levels below.
    fn join(&mut self, own: u32, other: u32, level: u32) -> u32 {
        if own == other || other == 0 {
            return own;
        }
        if own == 0 {
            return other;
        }
        let (mine, others) = (self.chunks[own as usize], self.chunks[other as usize]);
        let mut joined = mine;
        for (mine, &other) in joined.iter_mut().zip(&others) {
            *mine = if level == 0 { other.max(*mine) } else { self.join(*mine, other, level - 1) };
        }
        match joined {
            _ if joined == mine => own,
            _ if joined == others => other,
            _ => self.push(joined),
        }
    }

    fn set(&mut self, chunk: u32, lane: u32, count: u32, level: u32) -> u32 {
        let mut new = self.chunks[chunk as usize];
        let at = place(lane, level);
        new[at] = if level == 0 { count } else { self.set(new[at], lane, count, level - 1) };
        if new == self.chunks[chunk as usize] { chunk } else { self.push(new) }
    }

    fn each_more(&self, row: u32, than: u32, first: u32, level: u32, found: &mut impl FnMut(u32, u32)) {
        if row == than {
            return;
        }
        let both = self.chunks[row as usize].iter().zip(&self.chunks[than as usize]);
        for (at, (&more, &less)) in (0..).zip(both) {
            let lane = first + (at << (BITS * level));
            if level > 0 {
                self.each_more(more, less, lane, level - 1, found);
            } else if more > less {
                found(lane, more);
            }
        }
    }
}

/// Where a chunk with `level` levels below has what leads to a lane.
fn place(lane: u32, level: u32) -> usize {
    (lane >> (BITS * level)) as usize % CHUNK
}

#[cfg(test)]
mod tests {
    use super::Rows;
    use proptest::prelude::*;

    proptest! {
        /// A lane's row after joining others' is the same in both forms.
        #[test]
        fn trees_say_what_flat_rows_say(
            width in 1u32..600,
            joins in prop::collection::vec((any::<u32>(), any::<u32>(), any::<u32>()), 1..80),
        ) {
            let mut forms = [true, false].map(|is_flat| Rows::of_form(width as usize, is_flat));
            let mut made = vec![[0u32; 2]];
            for (own, other, lane) in joins {
                let (own, other, lane) = (own as usize % made.len(), other as usize % made.len(), lane % width);
                let rows = [0, 1].map(|form| {
                    let rows = &mut forms[form];
                    let count = rows.at(made[own][form], lane).max(rows.at(made[other][form], lane)) + 1;
                    let copy = rows.copy(made[own][form]);
                    rows.join(copy, made[other][form], lane, count)
                });
                made.push(rows);
                let said = [0, 1].map(|form| (0..width).map(|lane| forms[form].at(rows[form], lane)).collect::<Vec<_>>());
                prop_assert_eq!(&said[0], &said[1]);
                let more = [0, 1].map(|form| {
                    let mut more = Vec::new();
                    forms[form].each_more(rows[form], made[other][form], |lane, count| more.push((lane, count)));
                    more
                });
                prop_assert_eq!(&more[0], &more[1]);
            }
        }
    }

    #[test]
    fn a_chain_of_many_lanes_takes_little() {
        let lanes = 100_000;
        let mut rows = Rows::new(lanes as usize);
        let last = (1..lanes).fold(0, |row, lane| rows.join(0, row, lane - 1, 1));
        assert!((0..lanes - 1).all(|lane| rows.at(last, lane) == 1), "each lane has seen all before it");
        assert!(rows.entries() < 200 * lanes as usize, "{} entries", rows.entries());
    }
}
