//! Layers: strided writes of many rows, laid over the cells that they span instead of cutting them into rows.
//!
//! A layer's digest names what it holds and the layers beneath that it touches, as a sum: layers that do not touch each other may be laid in
//! any order. A layer that covers another hides it.

use acg_ir::Extent;

use crate::cells::{Cell, Cells, NIL};
use crate::conflicts::Conflicts;
use crate::digest::Digest;
use crate::value::{Run, digest};

/// One strided write.
#[derive(Clone, Debug)]
struct Layer {
    task: u32,
    extent: u32,
    /// 0 for a write of what was there already.
    digest: u64,
    /// What it holds, whatever is beneath.
    key: u64,
    runs: Vec<Run>,
}

/// A layer in a list of a cell.
#[derive(Clone, Copy, Debug)]
struct Link {
    layer: u32,
    rest: u32,
}

/// All layers of a memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    all: Vec<Layer>,
    links: Vec<Link>,
    extents: Vec<Extent>,
    /// The list that was extended last, and what it became: neighbouring cells mostly share theirs.
    last: Option<(u32, u32, u32)>,
}

impl Layers {
    /// The number of an extent; one after the other the same has one number.
    pub(crate) fn extent(&mut self, extent: &Extent) -> u32 {
        if self.extents.last() != Some(extent) {
            self.extents.push(extent.clone());
        }
        self.extents.len() as u32 - 1
    }

    /// Whether the extent with a number, if there is one, has bytes of `extent`.
    pub(crate) fn touches(&self, number: u32, extent: &Extent) -> bool {
        self.extents.get(number as usize).is_none_or(|other| other.overlaps(extent))
    }

    fn list(&self, list: u32) -> impl Iterator<Item = u32> {
        std::iter::successors(self.links.get(list as usize), |link| self.links.get(link.rest as usize))
            .map(|link| link.layer)
    }

    fn overlapping(&self, list: u32, extent: &Extent) -> impl Iterator<Item = u32> {
        self.list(list).filter(|&layer| self.touches(self.all[layer as usize].extent, extent))
    }

    /// Calls `found` with the task and the extent of each layer in a list.
    pub(crate) fn each(&self, list: u32, mut found: impl FnMut(u32, u32)) {
        self.list(list).for_each(|layer| {
            let layer = &self.all[layer as usize];
            found(layer.task, layer.extent);
        });
    }

    /// Meets the layers of a list that have bytes of `extent`; whether all of them are complete.
    pub(crate) fn meet(&self, list: u32, extent: &Extent, conflicts: &mut Conflicts<'_>) -> bool {
        let mut is_ordered = true;
        for layer in self.overlapping(list, extent) {
            is_ordered &= conflicts.meet(self.all[layer as usize].task);
        }
        is_ordered
    }

    /// A number for the layers of a list that have bytes of `extent`, and how they lie to it; 0 where there are none.
    pub(crate) fn over(&self, list: u32, extent: &Extent) -> u64 {
        self.sum(self.overlapping(list, extent), extent)
    }

    /// The layers of a list that have bytes of `extent`, the latest first, by what they hold and how they lie to it.
    pub(crate) fn stack(&self, list: u32, extent: &Extent) -> Vec<u64> {
        let layers = self.overlapping(list, extent).map(|layer| &self.all[layer as usize]);
        let key = |layer: &Layer| {
            let mut digest = Digest::new(18);
            digest.push(layer.key);
            digest.push(extent.start().wrapping_sub(self.extents[layer.extent as usize].start()));
            digest.get()
        };
        layers.filter(|layer| layer.digest != 0).map(key).collect()
    }

    fn sum(&self, layers: impl Iterator<Item = u32>, extent: &Extent) -> u64 {
        layers.map(|layer| &self.all[layer as usize]).filter(|layer| layer.digest != 0).fold(
            0u64,
            |sum, layer| {
                let mut digest = Digest::new(7);
                digest.push(layer.digest);
                digest.push(extent.start().wrapping_sub(self.extents[layer.extent as usize].start()));
                sum.wrapping_add(digest.get())
            },
        )
    }

    /// What `extent` holds where one layer is just that extent and nothing has been written over it since.
    pub(crate) fn whole(&self, cells: &Cells, extent: &Extent) -> Option<&[Run]> {
        if self.all.is_empty() {
            return None;
        }
        let mut whole: Option<u32> = None;
        let mut is_whole = true;
        cells.all(|at, cell| {
            let within = at < extent.end() && cell.end > extent.start();
            if within && extent.bytes_before(cell.end) > extent.bytes_before(at) {
                let mut over = self.overlapping(cell.layers, extent);
                let top = over.find(|&layer| self.all[layer as usize].digest != 0);
                is_whole &= top.is_some() && (whole.is_none() || whole == top);
                whole = top;
            }
        });
        let layer = &self.all[whole.filter(|_| is_whole)? as usize];
        (self.extents[layer.extent as usize] == *extent).then_some(&layer.runs)
    }

    /// A new layer that holds `runs`, over those of `lists`; no runs for what was there already.
    pub(crate) fn push(&mut self, task: u32, extent: &Extent, runs: &[Run], lists: &[u32]) -> u32 {
        let (mut hash, mut key) = (0, 0);
        if !runs.is_empty() {
            let mut beneath: Vec<u32> = lists
                .iter()
                .flat_map(|&list| self.overlapping(list, extent))
                .filter(|&layer| !extent.contains(&self.extents[self.all[layer as usize].extent as usize]))
                .collect();
            beneath.sort_unstable();
            beneath.dedup();
            let mut parts = Digest::new(8);
            parts.push(digest(runs));
            parts.push(shape(extent));
            key = parts.get();
            parts.push(self.sum(beneath.into_iter(), extent));
            hash = parts.get().max(1);
        }
        let extent = self.extent(extent);
        self.all.push(Layer { task, extent, digest: hash, key, runs: runs.to_vec() });
        self.last = None;
        self.all.len() as u32 - 1
    }

    /// Lays a layer over a cell; gives the tasks of the layers that it hides.
    pub(crate) fn lay(&mut self, layer: u32, cell: &mut Cell) -> Vec<u32> {
        let old = cell.layers;
        if let Some((_, _, new)) = self.last.filter(|&(of, list, _)| of == layer && list == old) {
            cell.layers = new;
            return self.hidden(layer, old).map(|hidden| self.all[hidden as usize].task).collect();
        }
        let hidden: Vec<u32> = self.hidden(layer, old).collect();
        let kept: Vec<u32> = self.list(old).filter(|layer| !hidden.contains(layer)).collect();
        let mut list = old;
        if !hidden.is_empty() {
            list = NIL;
            for layer in kept.into_iter().rev() {
                list = self.link(layer, list);
            }
        }
        cell.layers = self.link(layer, list);
        self.last = Some((layer, old, cell.layers));
        hidden.into_iter().map(|hidden| self.all[hidden as usize].task).collect()
    }

    /// The layers of a list that are covered by another; a write of what was there already covers nothing.
    fn hidden(&self, layer: u32, list: u32) -> impl Iterator<Item = u32> {
        let top = &self.all[layer as usize];
        let extent = &self.extents[top.extent as usize];
        let covers = move |other: &u32| {
            let other = &self.all[*other as usize];
            let is_same = extent.contains(&self.extents[other.extent as usize]);
            is_same && (top.digest != 0 || other.digest == 0)
        };
        self.list(list).filter(covers)
    }

    fn link(&mut self, layer: u32, rest: u32) -> u32 {
        self.links.push(Link { layer, rest });
        self.links.len() as u32 - 1
    }
}

/// A number for the form of an extent, wherever it starts.
pub(crate) fn shape(extent: &Extent) -> u64 {
    let mut digest = Digest::new(9);
    extent.form(|number| digest.push(number));
    digest.get()
}
