//! What a small program means, by brute force: byte by byte, and pair by pair.
//!
//! Shares with the proof only what a line says it reads and writes. Knows programs of one graph whose tasks copy, fill, reduce and launch.

use std::collections::{BTreeMap, BTreeSet};

use acg_ir::dependence::{reads, writes};
use acg_ir::{Buffer, Entity, Graph, GraphId, Module, Op, Scope, Space, Step, Task};

/// An element of a module, by buffer and number.
type Byte = (usize, u64);

/// What one task is.
#[allow(clippy::struct_excessive_bools, reason = "they are independent facts")]
struct Known {
    /// The line without its stream and operands, and where it stands.
    says: String,
    reads: Vec<Byte>,
    writes: Vec<Byte>,
    /// Which result's byte is also a byte that it reads, or of another result, by their places among them.
    shared: BTreeSet<(usize, usize, bool)>,
    /// What is in the bytes that it reads; `None` where nothing is.
    sees: Vec<Option<u64>>,
    /// A bit for each element of all buffers.
    read: Vec<u64>,
    written: Vec<u64>,
    is_copy: bool,
    is_sync: bool,
    stays: bool,
    is_host: bool,
    stream: Option<usize>,
    name: Option<String>,
}

/// What one graph means.
pub(crate) struct Facts {
    tasks: Vec<Option<Known>>,
    /// By task: which are complete before it.
    before: Vec<Vec<bool>>,
    left: Vec<(usize, Vec<Option<u64>>)>,
    host: Vec<usize>,
    left_by_host: Vec<Vec<Option<u64>>>,
    blocks: Vec<String>,
    after: Vec<(usize, usize)>,
    reused: Vec<(usize, usize)>,
    declared: Vec<String>,
    is_auto: bool,
}

/// Whether buffer contents count after the graph.
fn counts(module: &Module, buffer: Buffer) -> bool {
    let graph = &module.graphs[GraphId::at(0)];
    let by_host = graph.program().filter(|&task| !graph.tasks[task].op.takes_stream()).any(|task| {
        let data = &graph.tasks[task];
        let mut all = reads(module, data).chain(writes(module, data).iter().copied());
        all.any(|operand| module.access(operand).is_ok_and(|access| access.root == buffer))
    });
    module.buffers[buffer].space != Space::Temp || by_host
}

fn bytes(module: &Module, operand: acg_ir::Operand) -> Vec<Byte> {
    let Ok(access) = module.access(operand) else { return Vec::new() };
    let mut rows = Vec::new();
    assert!(access.extent.rows_into(1 << 20, &mut rows));
    // Everything is of four bytes an element, but for buffers of a mistaken type.
    rows.into_iter()
        .flat_map(|(start, end)| (start / 4..end.div_ceil(4)).map(move |at| (access.root.index(), at)))
        .collect()
}

fn bits(module: &Module, operands: impl Iterator<Item = acg_ir::Operand>) -> Vec<u64> {
    let mut starts = vec![0u64];
    for data in module.buffers.values() {
        let size = module.byte_size(&data.ty).expect("it fits").div_ceil(4);
        starts.push(starts.last().expect("there is one") + size);
    }
    let mut bits = vec![0u64; starts.last().expect("there is one").div_ceil(64) as usize];
    for (buffer, element) in operands.flat_map(|operand| bytes(module, operand)) {
        let at = starts[buffer] + element;
        if let Some(word) = bits.get_mut((at / 64) as usize) {
            *word |= 1 << (at % 64);
        }
    }
    bits
}

/// Whether any operand is in the buffer of a result.
fn share(module: &Module, data: &acg_ir::TaskData) -> bool {
    let root = |operand| module.access(operand).map_or(usize::MAX, |access| access.root.index());
    let read: Vec<usize> = reads(module, data).map(root).collect();
    let written: Vec<usize> = writes(module, data).iter().map(|&operand| root(operand)).collect();
    written.iter().any(|root| read.contains(root))
        || (1..written.len()).any(|at| written[..at].contains(&written[at]))
}

/// Where the results of a task lie over what it reads, or over each other.
fn shared(module: &Module, data: &acg_ir::TaskData) -> BTreeSet<(usize, usize, bool)> {
    let read: Vec<Byte> = reads(module, data).flat_map(|operand| bytes(module, operand)).collect();
    let written: Vec<Byte> =
        writes(module, data).iter().flat_map(|&operand| bytes(module, operand)).collect();
    let mut at: BTreeMap<Byte, Vec<(usize, bool)>> = BTreeMap::new();
    for (list, is_result) in [(&read, false), (&written, true)] {
        for (place, byte) in list.iter().enumerate() {
            at.entry(*byte).or_default().push((place, is_result));
        }
    }
    let mut shared = BTreeSet::new();
    for (place, byte) in written.iter().enumerate() {
        let others = at[byte].iter().filter(|&&(other, is_result)| !is_result || other > place);
        shared.extend(others.map(|&(other, is_result)| (place, other, is_result)));
    }
    shared
}

fn hash(parts: &[u64]) -> u64 {
    parts.iter().fold(0xcbf2_9ce4_8422_2325, |sum, &part| {
        (sum ^ part).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29).wrapping_add(part)
    })
}

impl Facts {
    /// The facts of the only graph; `counted` says of which buffers contents count, as they did first.
    pub(crate) fn of(module: &Module, counted: Option<&Self>) -> Self {
        let graph = &module.graphs[GraphId::at(0)];
        let sizes: Vec<u64> = module
            .buffers
            .values()
            .map(|data| module.byte_size(&data.ty).expect("it fits").div_ceil(4))
            .collect();
        let left_before =
            |buffer: Buffer| counted.map(|facts| facts.left.iter().any(|(at, _)| *at == buffer.index()));
        let count: Vec<bool> = module
            .buffers
            .keys()
            .map(|buffer| {
                let is_old = counted.is_some_and(|facts| buffer.index() < facts.declared.len());
                if is_old { left_before(buffer).expect("there is one") } else { counts(module, buffer) }
            })
            .collect();
        let fresh = || -> Vec<Vec<Option<u64>>> {
            let of = |at: usize, size: u64| {
                (0..size).map(|byte| count[at].then(|| hash(&[1, at as u64, byte]))).collect()
            };
            sizes.iter().enumerate().map(|(at, &size)| of(at, size)).collect()
        };
        let mut facts = Self {
            tasks: (0..graph.tasks.len()).map(|_| None).collect(),
            before: closure(module, graph),
            left: Vec::new(),
            host: Vec::new(),
            left_by_host: Vec::new(),
            blocks: Vec::new(),
            after: after(module, graph),
            reused: Vec::new(),
            declared: module.buffers.values().map(|data| format!("{:?} {:?}", data.space, data.ty)).collect(),
            is_auto: graph.is_auto(),
        };
        facts.places(module, graph);
        let mut memory = fresh();
        for task in graph.program().filter(|&task| !graph.tasks[task].op.takes_stream()) {
            facts.host.push(task.index());
            facts.run(module, graph, task, &mut memory);
        }
        facts.left_by_host = std::mem::replace(&mut memory, fresh());
        for task in graph.program().filter(|&task| graph.tasks[task].op.takes_stream()) {
            facts.run(module, graph, task, &mut memory);
        }
        for (buffer, data) in module.buffers.iter() {
            if count[buffer.index()] && data.view.is_none() {
                facts.left.push((buffer.index(), std::mem::take(&mut memory[buffer.index()])));
            }
        }
        facts.reuse(graph);
        facts
    }

    /// Where tasks stand in blocks, in words.
    fn places(&mut self, module: &Module, graph: &Graph) {
        let mut open: Vec<(String, usize)> = Vec::new();
        let mut scopes: Vec<Scope> = Vec::new();
        for step in &graph.steps {
            match *step {
                Step::Open(scope) => scopes.push(scope),
                Step::Close => drop(scopes.pop()),
                Step::Task(_) => {}
            }
            match *step {
                Step::Open(Scope::Group(group)) => {
                    let name = module.text(graph.groups[group].name).to_owned();
                    self.blocks.push(name.clone());
                    open.push((name, 0));
                }
                Step::Open(_) => {
                    self.blocks.push("relaxed".to_owned());
                    open.push(("relaxed".to_owned(), 0));
                }
                Step::Close => drop(open.pop()),
                Step::Task(task) => {
                    let data = &graph.tasks[task];
                    let is_sync = matches!(data.op, Op::Record { .. } | Op::Wait { .. });
                    let place =
                        open.iter().map(|(name, at)| format!("{name}@{at}")).collect::<Vec<_>>().join(" ");
                    let is_off = |step: &Scope| match *step {
                        Scope::Group(group) => {
                            data.op.takes_stream() && graph.groups[group].stream != data.stream
                        }
                        _ => false,
                    };
                    let place = if scopes.iter().any(is_off) { format!("{place}@off") } else { place };
                    for (_, at) in &mut open {
                        *at += usize::from(!is_sync);
                    }
                    let is_copy = matches!(data.op, Op::Copy | Op::Copy2d | Op::CopyBatch);
                    let attributes = |list: acg_ir::List<acg_ir::Attribute>| {
                        let shown = list.of(&module.attributes).iter();
                        shown
                            .map(|one| format!("{} {:?}", module.text(one.name), one.value))
                            .collect::<Vec<_>>()
                            .join(";")
                    };
                    let kind = if is_copy { "copy".to_owned() } else { format!("{:?}", data.op) };
                    let types = |list: acg_ir::List<acg_ir::Operand>| {
                        let of = |operand: &acg_ir::Operand| {
                            let mut shape = Vec::new();
                            module.operand_shape(*operand, &mut shape).expect("it has one");
                            let ty = module.buffers[operand.buffer].ty;
                            format!("{} {shape:?}", matches!(ty, acg_ir::TensorType::Tensor { .. }))
                        };
                        list.of(&module.operands).iter().map(of).collect::<Vec<_>>().join(", ")
                    };
                    let types = if is_copy {
                        String::new()
                    } else {
                        format!("({}) -> {}", types(data.inputs), types(data.outputs))
                    };
                    let (arguments, attributes) =
                        (attributes(module.rare_lists.list(data.arguments)), attributes(data.attributes));
                    let says = format!("{place}{kind} {types} {arguments}{attributes}");
                    let name = data.name.map(|name| module.text(name).to_owned());
                    self.tasks[task.index()] = Some(Known {
                        says: if is_sync { place } else { says },
                        name,
                        reads: reads(module, data).flat_map(|operand| bytes(module, operand)).collect(),
                        writes: writes(module, data)
                            .iter()
                            .flat_map(|&operand| bytes(module, operand))
                            .collect(),
                        shared: if share(module, data) { shared(module, data) } else { BTreeSet::new() },
                        sees: Vec::new(),
                        read: bits(module, reads(module, data)),
                        written: bits(module, writes(module, data).iter().copied()),
                        is_copy,
                        is_sync,
                        stays: !is_sync
                            && (data.outputs.is_empty() || !data.op.takes_stream() || !open.is_empty()),
                        is_host: !data.op.takes_stream(),
                        stream: data.stream.map(Entity::index),
                    });
                }
            }
        }
        self.blocks.sort();
    }

    fn run(&mut self, module: &Module, graph: &Graph, task: Task, memory: &mut [Vec<Option<u64>>]) {
        let known = self.tasks[task.index()].as_mut().expect("it is in the program");
        // A buffer of a mistaken type may reach out of what it is part of.
        let seen = |&(buffer, byte): &Byte| memory[buffer].get(byte as usize).copied().flatten();
        known.sees = known.reads.iter().map(seen).collect();
        let mut place = 0;
        for (output, &operand) in writes(module, &graph.tasks[task]).iter().enumerate() {
            for (number, (buffer, byte)) in bytes(module, operand).into_iter().enumerate() {
                let value = match graph.tasks[task].op {
                    Op::Fill(value) | Op::FillSync(value) => Some(hash(&[2, value.into()])),
                    _ if known.is_copy => known.sees[place],
                    _ => Some(hash(&[3, task.index() as u64, output as u64, number as u64])),
                };
                if let Some(held) = memory[buffer].get_mut(byte as usize) {
                    *held = value;
                }
                place += 1;
            }
        }
    }

    fn reuse(&mut self, graph: &Graph) {
        let program: Vec<Task> = graph.program().collect();
        for (at, &task) in program.iter().enumerate() {
            let Op::Record { event, .. } = graph.tasks[task].op else { continue };
            for &next in &program[at + 1..] {
                match graph.tasks[next].op {
                    Op::Record { event: other, .. } if other == event => break,
                    Op::Wait { event: other, .. } if other == event => {
                        let records = program.iter().skip_while(|&&later| later != next).skip(1);
                        let mut records = records.filter(
                            |&&later| matches!(graph.tasks[later].op, Op::Record { event: other, .. } if other == event),
                        );
                        if let Some(&again) = records.next()
                            && !self.before[again.index()][next.index()]
                        {
                            self.reused.push((next.index(), again.index()));
                        }
                    }
                    _ => {}
                }
            }
        }
    }

    fn conflict(&self, first: usize, second: usize) -> bool {
        let (Some(first), Some(second)) = (&self.tasks[first], &self.tasks[second]) else { return false };
        let meet =
            |some: &[u64], others: &[u64]| some.iter().zip(others).any(|(some, others)| some & others != 0);
        meet(&first.written, &second.read)
            || meet(&first.written, &second.written)
            || meet(&first.read, &second.written)
    }

    fn ordered(&self, first: usize, second: usize) -> bool {
        self.before[second][first] || self.before[first][second]
    }

    /// Why `after` does not mean the same; `None` where it does.
    pub(crate) fn differ(&self, after: &Self, reorders: bool) -> Option<String> {
        let none = |facts: &Self, at: usize| facts.tasks.get(at).is_none_or(Option::is_none);
        for at in 0..after.tasks.len().max(self.tasks.len()) {
            let (was, is) = (!none(self, at), !none(after, at));
            let (old, new) =
                (self.tasks.get(at).and_then(Option::as_ref), after.tasks.get(at).and_then(Option::as_ref));
            match (old, new) {
                (None, Some(new)) if !new.is_sync => return Some(format!("{at} is new")),
                (None, Some(new)) if new.says.contains('@') => {
                    return Some(format!("{at} is new in a block"));
                }
                (Some(old), None) if old.stays => return Some(format!("{at} is gone")),
                (Some(old), Some(new)) if old.is_sync && (new.says.is_empty() || old.says == new.says) => {}
                (Some(old), Some(new)) if old.says != new.says => return Some(format!("{at} changed")),
                (Some(old), Some(new)) if old.name.is_some() && old.name != new.name => {
                    return Some(format!("{at} has another name"));
                }
                (Some(old), Some(new)) if old.is_copy != new.is_copy => return Some(format!("{at} changed")),
                (Some(old), Some(new)) if !new.shared.is_subset(&old.shared) => {
                    return Some(format!("{at} writes over its operands"));
                }
                (Some(old), Some(new)) if !old.is_copy => {
                    let same = old.sees.len() == new.sees.len()
                        && old.sees.iter().zip(&new.sees).all(|(old, new)| old.is_none() || old == new);
                    if !same {
                        return Some(format!("{at} sees other values"));
                    }
                }
                _ => debug_assert_eq!((was, is), (old.is_some(), new.is_some())),
            }
        }
        for (buffer, old) in &self.left {
            let Some((_, new)) = after.left.iter().find(|(other, _)| other == buffer) else {
                return Some(format!("buffer {buffer} is elsewhere"));
            };
            if !old.iter().zip(new).all(|(old, new)| old.is_none() || old == new) {
                return Some(format!("buffer {buffer} holds other values"));
            }
        }
        let of_host = |facts: &Self, at: usize| facts.left_by_host[at].clone();
        if self.host != after.host || self.left.iter().any(|&(at, _)| of_host(self, at) != of_host(after, at))
        {
            return Some("the host does other things".to_owned());
        }
        if self.blocks != after.blocks {
            return Some("there are other blocks".to_owned());
        }
        if self.declared[..] != after.declared[..self.declared.len()] {
            return Some("something is declared otherwise".to_owned());
        }
        self.differ_in_order(after, reorders)
    }

    fn differ_in_order(&self, after: &Self, reorders: bool) -> Option<String> {
        for &(first, second) in &self.after {
            let there = |at: usize| after.tasks.get(at).is_some_and(Option::is_some);
            let holds = !there(second)
                || there(first)
                    && if after.is_auto {
                        after.after.contains(&(first, second))
                    } else {
                        let is_host = |at: usize| self.tasks[at].as_ref().is_some_and(|task| task.is_host);
                        is_host(first) || is_host(second) || after.before[second][first]
                    };
            if !holds {
                return Some(format!("{second} need not come after {first}"));
            }
        }
        if after.is_auto {
            return None;
        }
        let open = |pair: &&(usize, usize)| {
            let known = pair.0 < self.tasks.len() && pair.1 < self.tasks.len();
            let was = known && self.tasks[pair.0].is_some() && self.tasks[pair.1].is_some();
            !(was && !self.is_auto && !self.before[pair.1][pair.0])
        };
        if let Some((wait, record)) = after.reused.iter().find(open) {
            return Some(format!("{wait} may be open at {record}"));
        }
        let moved = |&at: &usize| match (&self.tasks[at], after.tasks.get(at)) {
            (Some(old), Some(Some(new))) => !old.is_sync && old.stream != new.stream,
            _ => false,
        };
        if !reorders
            && !self.is_auto
            && let Some(at) = (0..self.tasks.len()).find(moved)
        {
            return Some(format!("{at} is on another stream"));
        }
        let touch_the_same = self.tasks.iter().zip(&after.tasks).all(|pair| match pair {
            (Some(old), Some(new)) => old.reads == new.reads && old.writes == new.writes,
            _ => true,
        });
        for second in 0..after.tasks.len() {
            for first in 0..after.tasks.len() {
                let (Some(one), Some(other)) = (&after.tasks[first], &after.tasks[second]) else { continue };
                if first == second || one.is_host || other.is_host || one.is_sync || other.is_sync {
                    continue;
                }
                if first < second && after.conflict(first, second) && !after.ordered(first, second) {
                    let known = second < self.tasks.len() && !self.is_auto && !reorders;
                    if !(known && touch_the_same && !self.ordered(first, second)) {
                        return Some(format!("{first} and {second} race"));
                    }
                }
                let was = !self.is_auto && second < self.tasks.len() && first < self.tasks.len();
                let kept = was && self.tasks[first].is_some() && self.tasks[second].is_some();
                if kept && !reorders && self.before[second][first] && !after.before[second][first] {
                    return Some(format!("{second} need not come after {first} any more"));
                }
            }
        }
        None
    }
}

/// Which tasks are complete before which, by walking all edges.
fn closure(module: &Module, graph: &Graph) -> Vec<Vec<bool>> {
    let count = graph.tasks.len();
    let mut before = vec![vec![false; count]; count];
    let program: Vec<Task> = graph.program().collect();
    for (at, &task) in program.iter().enumerate() {
        let data = &graph.tasks[task];
        let Some(stream) = data.stream else { continue };
        let on_stream = program[..at].iter().rev().find(|&&other| graph.tasks[other].stream == Some(stream));
        let record = match data.op {
            Op::Wait { event, .. } => program[..at].iter().rev().find(|&&other| {
                let is_record =
                    matches!(graph.tasks[other].op, Op::Record { event: same, .. } if same == event);
                is_record && matches!(module.events[event].kind, acg_ir::EventKind::Ex(1))
            }),
            _ => None,
        };
        let mut row = vec![false; count];
        for &earlier in on_stream.into_iter().chain(record) {
            row[earlier.index()] = true;
            for (other, &known) in before[earlier.index()].iter().enumerate() {
                row[other] |= known;
            }
        }
        before[task.index()] = row;
    }
    before
}

fn after(module: &Module, graph: &Graph) -> Vec<(usize, usize)> {
    let program: Vec<Task> = graph.program().collect();
    let mut pairs = Vec::new();
    for (at, &task) in program.iter().enumerate() {
        for value in module.after(&graph.tasks[task]) {
            let named = program[..at].iter().rev().find(|&&other| {
                matches!(value, acg_ir::Value::Word(name) if graph.tasks[other].name == Some(*name))
            });
            pairs.extend(named.map(|earlier| (earlier.index(), task.index())));
        }
    }
    pairs
}
