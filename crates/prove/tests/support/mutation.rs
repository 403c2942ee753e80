//! Mistakes that passes could make.

use acg_ir::graph::SourceRange;
use acg_ir::module::{EventData, EventKind};
use acg_ir::{
    Entity, Event, GraphId, List, Module, Op, Operand, RareList, SliceDim, Step, Stream, Task, TaskData,
};

use super::Rng;

/// A kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mistake {
    DropWait,
    DropRecord,
    DropTask,
    SwapLines,
    MoveLine,
    WaitBeforeRecord,
    WaitForOther,
    RecordOther,
    ExchangeRecords,
    MergeEvents,
    MoveToStream,
    WaitOnOtherStream,
    ReadOther,
    WriteOther,
    ReadShifted,
    WriteShifted,
    SwapOperands,
    DropOperand,
    OverlapTemporaries,
    ShiftTemporary,
    ChangeAttribute,
    DropAttributes,
    ChangeFill,
    ChangeKernel,
    Rename,
    DropAfter,
    LeaveGroup,
    EnterGroup,
    DropBlock,
    AddCopy,
    AddKernel,
    Retype,
    WidenCopy,
}

impl Mistake {
    pub(crate) const ALL: [Self; 33] = [
        Self::DropWait,
        Self::DropRecord,
        Self::DropTask,
        Self::SwapLines,
        Self::MoveLine,
        Self::WaitBeforeRecord,
        Self::WaitForOther,
        Self::RecordOther,
        Self::ExchangeRecords,
        Self::MergeEvents,
        Self::MoveToStream,
        Self::WaitOnOtherStream,
        Self::ReadOther,
        Self::WriteOther,
        Self::ReadShifted,
        Self::WriteShifted,
        Self::SwapOperands,
        Self::DropOperand,
        Self::OverlapTemporaries,
        Self::ShiftTemporary,
        Self::ChangeAttribute,
        Self::DropAttributes,
        Self::ChangeFill,
        Self::ChangeKernel,
        Self::Rename,
        Self::DropAfter,
        Self::LeaveGroup,
        Self::EnterGroup,
        Self::DropBlock,
        Self::AddCopy,
        Self::AddKernel,
        Self::Retype,
        Self::WidenCopy,
    ];

    /// Makes the mistake somewhere in the only graph; `None` where there is no place for it.
    pub(crate) fn make(self, module: &mut Module, rng: &mut Rng) -> Option<()> {
        let mut at = Place { module, rng };
        match self {
            Self::DropWait => at.drop(|op| matches!(op, Op::Wait { .. })),
            Self::DropRecord => at.drop(|op| matches!(op, Op::Record { .. })),
            Self::DropTask => at.drop(|op| !is_sync(op)),
            Self::SwapLines => at.swap(),
            Self::MoveLine => at.move_line(|_| true),
            Self::WaitBeforeRecord => at.wait_before_record(),
            Self::WaitForOther => at.other_event(|op| matches!(op, Op::Wait { .. })),
            Self::RecordOther => at.other_event(|op| matches!(op, Op::Record { .. })),
            Self::ExchangeRecords => at.exchange_records(),
            Self::MergeEvents => at.merge_events(),
            Self::MoveToStream => at.other_stream(|op| !is_sync(op)),
            Self::WaitOnOtherStream => at.other_stream(is_sync),
            Self::ReadOther => at.operands(true, Change::Buffer),
            Self::WriteOther => at.operands(false, Change::Buffer),
            Self::ReadShifted => at.operands(true, Change::Shift),
            Self::WriteShifted => at.operands(false, Change::Shift),
            Self::SwapOperands => at.operands(true, Change::Swap),
            Self::DropOperand => at.operands(true, Change::Drop),
            Self::OverlapTemporaries => at.place_temporary(true),
            Self::ShiftTemporary => at.place_temporary(false),
            Self::ChangeAttribute => at.attribute(),
            Self::DropAttributes => {
                let task = at.task(|data| !data.attributes.is_empty())?;
                at.data(task).attributes = List::default();
                Some(())
            }
            Self::ChangeFill => {
                let task = at.task(|data| matches!(data.op, Op::Fill(_)))?;
                at.data(task).op = Op::Fill(7);
                Some(())
            }
            Self::ChangeKernel => {
                let task = at.task(|data| matches!(data.op, Op::Kernel(_)))?;
                let name = at.module.symbols.intern("another");
                at.data(task).op = Op::Kernel(name);
                Some(())
            }
            Self::Rename => {
                let task = at.task(|data| data.name.is_some())?;
                at.data(task).name = None;
                Some(())
            }
            Self::DropAfter => {
                let task = at.task(|data| !data.after.is_empty())?;
                at.data(task).after = RareList::default();
                Some(())
            }
            Self::LeaveGroup => at.cross_brace(true),
            Self::EnterGroup => at.cross_brace(false),
            Self::DropBlock => at.drop_block(),
            Self::AddCopy => at.add_copy(),
            Self::AddKernel => {
                let name = at.module.symbols.intern("new");
                let stream = at.stream();
                let data = TaskData::new(Op::Kernel(name), stream);
                at.insert(data)
            }
            Self::Retype => at.retype(),
            Self::WidenCopy => at.widen(),
        }
    }
}

fn is_sync(op: Op) -> bool {
    matches!(op, Op::Record { .. } | Op::Wait { .. })
}

#[derive(Clone, Copy)]
enum Change {
    Buffer,
    Shift,
    Swap,
    Drop,
}

struct Place<'a> {
    module: &'a mut Module,
    rng: &'a mut Rng,
}

const GRAPH: usize = 0;

impl Place<'_> {
    fn graph(&mut self) -> &mut acg_ir::Graph {
        &mut self.module.graphs[GraphId::at(GRAPH)]
    }

    fn data(&mut self, task: Task) -> &mut TaskData {
        &mut self.graph().tasks[task]
    }

    /// Some task of the program.
    fn task(&mut self, is_one: impl Fn(&TaskData) -> bool) -> Option<Task> {
        let graph = &self.module.graphs[GraphId::at(GRAPH)];
        let tasks: Vec<Task> = graph.program().filter(|&task| is_one(&graph.tasks[task])).collect();
        (!tasks.is_empty()).then(|| *self.rng.pick(&tasks))
    }

    fn position(&mut self, task: Task) -> usize {
        self.graph().steps.iter().position(|step| *step == Step::Task(task)).expect("it is in the program")
    }

    fn drop(&mut self, is_one: impl Fn(Op) -> bool) -> Option<()> {
        let task = self.task(|data| is_one(data.op))?;
        let at = self.position(task);
        self.graph().steps.remove(at);
        Some(())
    }

    fn swap(&mut self) -> Option<()> {
        let steps = &self.module.graphs[GraphId::at(GRAPH)].steps;
        let pairs: Vec<usize> = (1..steps.len())
            .filter(|&at| matches!((steps[at - 1], steps[at]), (Step::Task(_), Step::Task(_))))
            .collect();
        let at = *pairs.get(self.rng.below(pairs.len()))?;
        self.graph().steps.swap(at - 1, at);
        Some(())
    }

    fn move_line(&mut self, is_one: impl Fn(Op) -> bool) -> Option<()> {
        let task = self.task(|data| is_one(data.op))?;
        let at = self.position(task);
        let count = self.graph().steps.len();
        let to = self.rng.below(count);
        let step = self.graph().steps.remove(at);
        self.graph().steps.insert(to, step);
        Some(())
    }

    fn wait_before_record(&mut self) -> Option<()> {
        let wait = self.task(|data| matches!(data.op, Op::Wait { .. }))?;
        let Op::Wait { event, .. } = self.data(wait).op else { return None };
        let at = self.position(wait);
        let graph = self.graph();
        let record = graph.steps[..at].iter().rposition(|step| {
            matches!(*step, Step::Task(task) if matches!(graph.tasks[task].op, Op::Record { event: same, .. } if same == event))
        })?;
        let step = graph.steps.remove(at);
        graph.steps.insert(record, step);
        Some(())
    }

    fn other_event(&mut self, is_one: impl Fn(Op) -> bool) -> Option<()> {
        let task = self.task(|data| is_one(data.op))?;
        let other = Event::at(self.rng.below(self.module.events.len()));
        match &mut self.data(task).op {
            Op::Wait { event, .. } | Op::Record { event, .. } if *event != other => *event = other,
            _ => return None,
        }
        Some(())
    }

    fn exchange_records(&mut self) -> Option<()> {
        let first = self.task(|data| matches!(data.op, Op::Record { .. }))?;
        let second = self.task(|data| matches!(data.op, Op::Record { .. }))?;
        let (one, other) = (self.data(first).op, self.data(second).op);
        self.data(first).op = other;
        self.data(second).op = one;
        (one != other).then_some(())
    }

    fn merge_events(&mut self) -> Option<()> {
        let count = self.module.events.len();
        let (from, to) = (Event::at(self.rng.below(count)), Event::at(self.rng.below(count)));
        if from == to {
            return None;
        }
        let graph = self.graph();
        for task in graph.tasks.keys() {
            match &mut graph.tasks[task].op {
                Op::Wait { event, .. } | Op::Record { event, .. } if *event == from => *event = to,
                _ => {}
            }
        }
        Some(())
    }

    fn stream(&mut self) -> Option<Stream> {
        let is_auto = self.graph().is_auto();
        let count = self.module.streams.len();
        (!is_auto).then(|| Stream::at(self.rng.below(count)))
    }

    fn other_stream(&mut self, is_one: impl Fn(Op) -> bool) -> Option<()> {
        let stream = self.stream()?;
        let task = self.task(|data| is_one(data.op) && data.stream.is_some_and(|own| own != stream))?;
        self.data(task).stream = Some(stream);
        Some(())
    }

    fn operands(&mut self, inputs: bool, change: Change) -> Option<()> {
        let list = |data: &TaskData| if inputs { data.inputs } else { data.outputs };
        let task = self.task(|data| !list(data).is_empty())?;
        let mut operands = list(self.data(task)).of(&self.module.operands).to_vec();
        let at = self.rng.below(operands.len());
        match change {
            Change::Buffer => {
                let old = self.module.buffers[operands[at].buffer];
                let shape = self.module.shape(&old.ty).to_vec();
                let alike = self.module.buffers.iter().filter(|&(buffer, data)| {
                    buffer != operands[at].buffer && self.module.shape(&data.ty) == shape
                });
                let alike: Vec<_> = alike.map(|(buffer, _)| buffer).collect();
                operands[at].buffer = *alike.get(self.rng.below(alike.len()))?;
            }
            Change::Shift => operands[at].slice = Some(self.shifted(operands[at])?),
            Change::Swap => {
                let other = self.rng.below(operands.len());
                operands.swap(at, other);
            }
            Change::Drop => drop(operands.remove(at)),
        }
        let operands = List::push_to(&mut self.module.operands, operands);
        let data = self.data(task);
        if inputs {
            data.inputs = operands;
        } else {
            data.outputs = operands;
        }
        Some(())
    }

    /// The slice of an operand, one element further in some dimension.
    fn shifted(&mut self, operand: Operand) -> Option<acg_ir::Slice> {
        let mut dims = self.module.slices[operand.slice?].of(&self.module.slice_dims).to_vec();
        let by_one = self.rng.percent(50);
        for dim in &mut dims {
            if let SliceDim::Range(low, high) = dim {
                if by_one {
                    (*low, *high) = (*low + 1, *high + 1);
                } else {
                    (*low, *high) = (low.checked_sub(1)?, *high - 1);
                }
                break;
            }
        }
        let list = List::push_to(&mut self.module.slice_dims, dims);
        Some(self.module.slices.push(list))
    }

    /// Puts a placed temporary elsewhere in its pool: on another, or 32 bytes further.
    fn place_temporary(&mut self, onto: bool) -> Option<()> {
        let placed: Vec<_> = self.module.buffers.iter().filter(|(_, data)| data.view.is_some()).collect();
        let (buffer, data) = *placed.get(self.rng.below(placed.len()))?;
        let mut view = data.view?;
        let size = self.module.byte_size(&data.ty)?;
        let offset = |view: acg_ir::View| match self.module.slices[view.base.slice?]
            .of(&self.module.slice_dims)
            .first()?
        {
            SliceDim::Range(low, _) => Some(*low),
            _ => None,
        };
        let target = if onto {
            let (_, other) = *self.rng.pick(&placed);
            offset(other.view?)?
        } else {
            offset(view)? + 32 * self.rng.below(5) as u64
        };
        let dims = List::push_to(&mut self.module.slice_dims, [SliceDim::Range(target, target + size)]);
        view.base.slice = Some(self.module.slices.push(dims));
        self.module.buffers[buffer].view = Some(view);
        Some(())
    }

    fn attribute(&mut self) -> Option<()> {
        let task = self.task(|data| !data.attributes.is_empty())?;
        let mut attributes = self.data(task).attributes.of(&self.module.attributes).to_vec();
        attributes[0].value = acg_ir::Value::Duration(acg_ir::Cost(1));
        self.data(task).attributes = List::push_to(&mut self.module.attributes, attributes);
        Some(())
    }

    /// Moves the line at a brace over it: out of the block, or into it.
    fn cross_brace(&mut self, out: bool) -> Option<()> {
        let steps = &self.module.graphs[GraphId::at(GRAPH)].steps;
        let is_brace = |step: &Step| matches!(step, Step::Close);
        let pairs: Vec<usize> = (1..steps.len())
            .filter(|&at| {
                let (first, second) = (&steps[at - 1], &steps[at]);
                if out {
                    matches!(first, Step::Task(_)) && is_brace(second)
                } else {
                    is_brace(first) && matches!(second, Step::Task(_))
                }
            })
            .collect();
        let at = *pairs.get(self.rng.below(pairs.len()))?;
        self.graph().steps.swap(at - 1, at);
        Some(())
    }

    fn drop_block(&mut self) -> Option<()> {
        let steps = &mut self.module.graphs[GraphId::at(GRAPH)].steps;
        let open = steps.iter().position(|step| matches!(step, Step::Open(_)))?;
        let close = steps[open..].iter().position(|step| *step == Step::Close)? + open;
        steps.remove(close);
        steps.remove(open);
        Some(())
    }

    fn insert(&mut self, data: TaskData) -> Option<()> {
        let graph = self.graph();
        graph.push(data, SourceRange::default());
        let step = graph.steps.pop()?;
        let count = graph.steps.len() + 1;
        let at = self.rng.below(count);
        self.graph().steps.insert(at, step);
        Some(())
    }

    fn add_copy(&mut self) -> Option<()> {
        let of = self.task(|data| data.op == Op::Copy)?;
        let (mut data, stream) = (*self.data(of), self.stream());
        data.stream = stream;
        data.name = None;
        if self.rng.percent(50) {
            (data.inputs, data.outputs) = (data.outputs, data.inputs);
        }
        self.insert(data)
    }

    fn retype(&mut self) -> Option<()> {
        let count = self.module.buffers.len();
        let buffer = acg_ir::Buffer::at(self.rng.below(count));
        let size = self.module.byte_size(&self.module.buffers[buffer].ty)?;
        self.module.buffers[buffer].ty = acg_ir::TensorType::Bytes(size + 32);
        Some(())
    }

    /// Lets a copy of some rows copy one more.
    fn widen(&mut self) -> Option<()> {
        let task = self.task(|data| data.op == Op::Copy)?;
        let data = *self.data(task);
        let mut lists = [data.inputs, data.outputs];
        for list in &mut lists {
            let mut operand = *list.of(&self.module.operands).first()?;
            let mut dims = self.module.slices[operand.slice?].of(&self.module.slice_dims).to_vec();
            if let Some(SliceDim::Range(_, high)) = dims.first_mut() {
                *high += 1;
            }
            let dims = List::push_to(&mut self.module.slice_dims, dims);
            operand.slice = Some(self.module.slices.push(dims));
            *list = List::push_to(&mut self.module.operands, [operand]);
        }
        let data = self.data(task);
        [data.inputs, data.outputs] = lists;
        Some(())
    }
}

/// A further event, so that events can be confused where there is one.
pub(crate) fn add_event(module: &mut Module) {
    let name = module.symbols.intern("further");
    module.events.push(EventData { name, kind: EventKind::Ex(1) });
}
