//! Which graph of one file stands for which of another.
//!
//! The clear cases come first: one name, then one fingerprint. What is left is paired in order if there are as many on both sides, for
//! then each was changed; if not, some were added or removed, and those are paired that are most alike.

use std::hash::Hash;

use acg_trace::Fingerprint;
use rustc_hash::FxHashMap;

use crate::graph::Graph;
use crate::parts::Parts;
use crate::side::Prepared;
use crate::similarity;

/// Pairs the graphs of two files, as far as there are as many.
pub(crate) fn partners<'g>(old: &'g [Graph], new: &'g [Graph], ignored: Parts) -> Partners<'g> {
    let mut open = Open { old: numbered(old), new: numbered(new), pairs: Vec::new() };
    if old.len() > 1 || new.len() > 1 {
        open.same(|graph| graph.name.clone());
        open.same(|graph| Some(Fingerprint::of(&graph.trace).hash));
        if open.old.len() != open.new.len() {
            open.alike(ignored);
        }
    }
    let in_order = (0..open.old.len().min(open.new.len())).map(|at| (at, at)).collect();
    open.take(in_order);
    open.pairs.sort_unstable_by_key(|pair| (pair.0.0, pair.1.0));
    let graphs = |numbered: Vec<Numbered<'g>>| numbered.into_iter().map(|(_, graph)| graph).collect();
    Partners {
        pairs: open.pairs.into_iter().map(|((_, old), (_, new))| (old, new)).collect(),
        only_old: graphs(open.old),
        only_new: graphs(open.new),
    }
}

/// Which graphs stand for each other, in the order of the first file, and which for none.
pub(crate) struct Partners<'g> {
    pub(crate) pairs: Vec<(&'g Graph, &'g Graph)>,
    pub(crate) only_old: Vec<&'g Graph>,
    pub(crate) only_new: Vec<&'g Graph>,
}

/// A graph and its position.
type Numbered<'g> = (usize, &'g Graph);

fn numbered(graphs: &[Graph]) -> Vec<Numbered<'_>> {
    graphs.iter().enumerate().collect()
}

/// The graphs that are not paired yet, in order, and the pairs.
struct Open<'g> {
    old: Vec<Numbered<'g>>,
    new: Vec<Numbered<'g>>,
    pairs: Vec<(Numbered<'g>, Numbered<'g>)>,
}

impl Open<'_> {
    /// Pairs graphs that share what `key` tells of them; several in order, if there are as many on both sides.
    fn same<K: Eq + Hash>(&mut self, key: impl Fn(&Graph) -> Option<K>) {
        let mut families: FxHashMap<K, [Vec<usize>; 2]> = FxHashMap::default();
        for (side, graphs) in [&self.old, &self.new].into_iter().enumerate() {
            for (at, (_, graph)) in graphs.iter().enumerate() {
                if let Some(key) = key(graph) {
                    families.entry(key).or_default()[side].push(at);
                }
            }
        }
        let even = families.into_values().filter(|[old, new]| old.len() == new.len());
        self.take(even.flat_map(|[old, new]| old.into_iter().zip(new)).collect());
    }

    /// Pairs graphs that do nearly the same.
    fn alike(&mut self, ignored: Parts) {
        let features = |graphs: &[Numbered<'_>]| -> Vec<Vec<u64>> {
            let sides = graphs.iter().map(|(_, graph)| Prepared::of(&graph.trace, ignored));
            sides
                .map(|side| similarity::features(side.all_items().iter().map(|&task| side.exact(task)), &[]))
                .collect()
        };
        let found = similarity::best_pairs(&features(&self.old), &features(&self.new), true);
        self.take(found.into_iter().map(|(old, new)| (old as usize, new as usize)).collect());
    }

    /// Takes open graphs, by their positions among those, as pairs.
    fn take(&mut self, pairs: Vec<(usize, usize)>) {
        let (mut old_taken, mut new_taken) = (vec![false; self.old.len()], vec![false; self.new.len()]);
        for (old, new) in pairs {
            self.pairs.push((self.old[old], self.new[new]));
            (old_taken[old], new_taken[new]) = (true, true);
        }
        let mut taken = old_taken.into_iter();
        self.old.retain(|_| taken.next() != Some(true));
        let mut taken = new_taken.into_iter();
        self.new.retain(|_| taken.next() != Some(true));
    }
}
