//! Making temporaries views of buffers that hold many of them.

use acg_ir::graph::SourceRange;
use acg_ir::module::{BufferData, Item, Space, TensorType, View};
use acg_ir::{Arena, Buffer, Entity, List, Module, Operand, SliceDim};

use crate::declare::FreeNames;

/// A buffer for temporaries.
pub(crate) struct Pool {
    /// What it is named after.
    pub(crate) base: String,
    /// Its size.
    pub(crate) bytes: u64,
    /// The temporaries, each in one pool at most, with their offsets in bytes.
    pub(crate) placed: Vec<(Buffer, u64)>,
}

/// Makes temporaries views of new buffers, one for each of `pools`, and gives those.
pub(crate) fn lay(module: &mut Module, pools: &[Pool]) -> Vec<Buffer> {
    let mut names = FreeNames::new(module);
    let mut buffers = Vec::with_capacity(pools.len());
    let mut pool_of: Arena<Buffer, Option<Buffer>> = Arena::filled(module.buffers.len(), None);
    // Large lists are not to be moved as they grow.
    let placed: usize = pools.iter().map(|pool| pool.placed.len()).sum();
    module.slices.reserve(placed);
    module.slice_dims.reserve(placed);
    for pool in pools {
        let name = names.plain(module, &pool.base);
        let ty = TensorType::Bytes(pool.bytes);
        let buffer = module.buffers.push(BufferData { name, space: Space::Temp, ty, view: None });
        for &(placed, offset) in &pool.placed {
            let data = module.buffers[placed];
            let size = module.byte_size(&data.ty).unwrap_or(0);
            let slice = List::push_to(&mut module.slice_dims, [SliceDim::Range(offset, offset + size)]);
            let base = Operand { buffer, slice: Some(module.slices.push(slice)) };
            let reinterpreted = !matches!(data.ty, TensorType::Bytes(_));
            module.buffers[placed].view = Some(View { base, reinterpreted });
            pool_of[placed] = Some(buffer);
        }
        buffers.push(buffer);
    }
    redeclare(module, &pool_of, placed + pools.len());
    buffers
}

/// Declares each pool where the first of its temporaries stood, and views in place of temporaries: so many of both.
fn redeclare(module: &mut Module, pool_of: &Arena<Buffer, Option<Buffer>>, new: usize) {
    let items = std::mem::take(&mut module.items);
    let spans = std::mem::take(&mut module.item_spans);
    module.items.reserve(items.len() + new);
    module.item_spans.reserve(items.len() + new);
    let mut is_declared: Arena<Buffer, bool> = Arena::filled(module.buffers.len(), false);
    for (item, span) in items.into_iter().zip(spans) {
        let Item::Buffers { first, count } = item else {
            module.items.push(item);
            module.item_spans.push(span);
            continue;
        };
        let range = first.index()..first.index() + count as usize;
        let mut push = |item, span| {
            module.items.push(item);
            module.item_spans.push(span);
        };
        let mut run: Option<(Buffer, u32)> = None;
        for buffer in range.map(Buffer::at) {
            let Some(pool) = pool_of[buffer] else {
                run = Some(run.map_or((buffer, 1), |(first, count)| (first, count + 1)));
                continue;
            };
            if let Some((first, count)) = run.take() {
                push(Item::Buffers { first, count }, span);
            }
            if !std::mem::replace(&mut is_declared[pool], true) {
                push(Item::Buffers { first: pool, count: 1 }, SourceRange::default());
            }
            push(Item::View(buffer), span);
        }
        if let Some((first, count)) = run {
            push(Item::Buffers { first, count }, span);
        }
    }
}
