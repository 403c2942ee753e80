//! Regions against a bitmap of bytes, and dependences against every pair of accesses.

use acg_ir::list::List;
use acg_ir::module::{BufferData, Module, Space, TensorType, View};
use acg_ir::task::{Operand, SliceDim};
use acg_ir::{DType, Dependences, Entity, Graph, Mode, Op, Task, TaskData};
use proptest::prelude::*;

/// A module with one tensor of the given shape, and operands for random slices of it.
fn slices(shape: &[u64], picks: &[Vec<(u8, u64, u64)>]) -> (Module, Vec<Operand>) {
    let mut module = Module::new();
    let name = module.symbols.intern("x");
    let dims = List::push_to(&mut module.dims, shape.iter().copied());
    let ty = TensorType::Tensor { dtype: DType::F16, dims };
    let buffer = module.buffers.push(BufferData { name, space: Space::Device, ty, view: None });
    let operands = picks
        .iter()
        .map(|pick| {
            let dims = pick.iter().zip(shape).map(|(&(kind, a, b), &extent)| match kind {
                0 => SliceDim::All,
                1 => SliceDim::At(a % extent),
                _ => {
                    let (a, b) = (a % extent, b % extent);
                    SliceDim::Range(a.min(b), a.max(b) + 1)
                }
            });
            let dims: Vec<_> = dims.collect();
            let list = List::push_to(&mut module.slice_dims, dims);
            let slice = module.slices.push(list);
            Operand { buffer, slice: Some(slice) }
        })
        .collect();
    (module, operands)
}

/// The bytes of a slice, one by one.
fn bitmap(module: &Module, shape: &[u64], operand: Operand) -> Vec<bool> {
    let slice = operand.slice.map_or(&[][..], |slice| module.slices[slice].of(&module.slice_dims));
    let elements: u64 = shape.iter().product();
    (0..elements * 2)
        .map(|byte| {
            let mut rest = byte / 2;
            let mut inside = true;
            for (dimension, &extent) in shape.iter().enumerate().rev() {
                let index = rest % extent;
                rest /= extent;
                inside &= match slice.get(dimension) {
                    None | Some(SliceDim::All) => true,
                    Some(&SliceDim::At(at)) => index == at,
                    Some(&SliceDim::Range(low, high)) => (low..high).contains(&index),
                };
            }
            inside
        })
        .collect()
}

fn picks() -> impl Strategy<Value = Vec<(u8, u64, u64)>> {
    proptest::collection::vec((0u8..3, 0u64..8, 0u64..8), 0..4)
}

proptest! {
    #[test]
    fn extents_overlap_exactly_when_their_bytes_do(
        shape in proptest::collection::vec(1u64..5, 3),
        first in picks(),
        second in picks(),
    ) {
        let (module, operands) = slices(&shape, &[first, second]);
        let maps: Vec<_> = operands.iter().map(|&operand| bitmap(&module, &shape, operand)).collect();
        let extents: Vec<_> = operands.iter().map(|&operand| module.access(operand).unwrap().extent).collect();
        let common = maps[0].iter().zip(&maps[1]).any(|(a, b)| *a && *b);
        prop_assert_eq!(extents[0].overlaps(&extents[1]), common);
        prop_assert_eq!(extents[1].overlaps(&extents[0]), common);
        for (map, extent) in maps.iter().zip(&extents) {
            prop_assert_eq!(extent.len() as usize, map.iter().filter(|byte| **byte).count());
            prop_assert_eq!(extent.start() as usize, map.iter().position(|byte| *byte).unwrap());
            prop_assert_eq!(extent.end() as usize, map.iter().rposition(|byte| *byte).unwrap() + 1);
        }
    }

    /// A view of bytes, which is looked up at once, covers what the same tensor at the same bytes covers dimension by dimension.
    #[test]
    fn a_view_of_bytes_is_the_tensor_at_these_bytes(
        shape in proptest::collection::vec(1u64..5, 1..4),
        low in 0u64..40,
        pick in picks(),
        halves in any::<bool>(),
    ) {
        let dtype = if halves { DType::I4 } else { DType::F16 };
        let (mut module, operands) = slices(&shape, &[pick]);
        let tensor = operands[0].buffer;
        let dims = List::push_to(&mut module.dims, shape.iter().copied());
        let ty = TensorType::Tensor { dtype, dims };
        let size = module.byte_size(&ty).unwrap();
        let name = module.symbols.intern("pool");
        let bytes = TensorType::Bytes(low + size);
        let pool = module.buffers.push(BufferData { name, space: Space::Device, ty: bytes, view: None });
        let list = List::push_to(&mut module.slice_dims, [SliceDim::Range(low, low + size)]);
        let slice = Some(module.slices.push(list));
        let view = View { base: Operand { buffer: pool, slice }, reinterpreted: true };
        module.buffers[tensor].ty = ty;
        let whole = Operand { buffer: tensor, slice: None };
        let apart: Vec<_> = [whole, operands[0]].map(|operand| module.access(operand)).into();
        module.buffers[tensor].view = Some(view);
        prop_assert_eq!(module.root(tensor), pool);
        for (operand, apart) in [whole, operands[0]].into_iter().zip(apart) {
            let Ok(apart) = apart else {
                prop_assert!(module.access(operand).is_err());
                continue;
            };
            let access = module.access(operand).unwrap();
            prop_assert_eq!(access.root, pool);
            let (mut rows, mut others) = (Vec::new(), Vec::new());
            prop_assert!(access.extent.rows_into(1000, &mut rows) && apart.extent.rows_into(1000, &mut others));
            let moved: Vec<_> = others.iter().map(|&(start, end)| (start + low, end + low)).collect();
            prop_assert_eq!(rows, moved);
        }
    }

    /// Every conflicting pair is connected by a path, and every edge is a conflicting pair.
    #[test]
    fn dependences_order_all_conflicts_and_nothing_else(
        accesses in proptest::collection::vec((picks(), any::<bool>()), 1..14),
    ) {
        let shape = [3u64, 4, 2];
        let picked: Vec<_> = accesses.iter().map(|(pick, _)| pick.clone()).collect();
        let (mut module, operands) = slices(&shape, &picked);
        let name = module.symbols.intern("g");
        let mut graph = Graph::new(name, None, Mode::Global);
        for (&operand, &(_, writes)) in operands.iter().zip(&accesses) {
            let mut data = TaskData::new(Op::HostFunc(name), None);
            let list = List::push_to(&mut module.operands, [operand]);
            if writes { data.outputs = list } else { data.inputs = list }
            graph.push(data, acg_ir::graph::SourceRange::default());
        }
        let maps: Vec<_> = operands.iter().map(|&operand| bitmap(&module, &shape, operand)).collect();
        let dependences = Dependences::of(&module, &graph);
        let count = accesses.len();
        let conflict = |a: usize, b: usize| {
            (accesses[a].1 || accesses[b].1) && maps[a].iter().zip(&maps[b]).any(|(x, y)| *x && *y)
        };
        let mut reach = vec![vec![false; count]; count];
        for to in 0..count {
            for (from, _) in dependences.predecessors(Task::at(to)) {
                prop_assert!(conflict(from.index(), to), "{from} -> task{to} is no conflict");
                reach[from.index()][to] = true;
            }
            for from in 0..to {
                let through = (from..to).any(|middle| reach[from][middle] && reach[middle][to]);
                reach[from][to] |= through;
                prop_assert!(!conflict(from, to) || reach[from][to], "task{from} and task{to} are not ordered");
            }
        }
    }
}
