//! The proof of a pass that did nothing but give temporaries places in larger ones.
//!
//! Tasks, streams and waits are what they were. What tasks see is so too where every two temporaries that share bytes are in use one after the
//! other: all accesses to one are complete before any access to the other starts, and that one is written before it is read.
//!
//! **Invariant:** yes is a proof; no says nothing, and what the module means has to be measured.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use acg_ir::dependence::{each_read, writes};
use acg_ir::{Buffer, Entity, Graph, Module, Operand, Space, Task, TaskData, TensorType, View};

use crate::ahead::{RUN, fetch};
use crate::meaning::{GraphMeaning, Meaning};
use crate::order::{Order, Spot};

const NONE: u32 = u32::MAX;

/// After so many comparisons for each access, and so many besides, the answer is no.
const MOST_STEPS: (u64, u64) = (64, 1 << 16);

/// Whether `module` means what it meant before, where nothing is different but that temporaries have become views of new ones.
///
/// It has to be known that nothing else is different, and that all buffers have bytes; where temporaries lie is looked at here.
pub fn are_apart(before: &Meaning, module: &Module) -> bool {
    let places = Places::new(before, module).filter(|_| before.graphs.len() == module.graphs.len());
    places.is_some_and(|mut places| {
        let mut graphs = (0..).zip(module.graphs.values().zip(&before.graphs));
        graphs.all(|(number, (graph, meaning))| places.follow(number, graph, meaning))
    })
}

/// In place of the number of its use: a buffer lies where it did.
const STAYS: u32 = u32::MAX;
/// It is a view of another that was there before.
const VIEW: u32 = u32::MAX - 1;
/// It has a new place, and nothing has used it so far.
const UNUSED: u32 = u32::MAX - 2;

/// What a temporary was used for so far.
#[derive(Clone, Copy)]
struct Use {
    /// The graph that uses it; [`NONE`] where another temporary has used bytes of it since.
    graph: u32,
    /// The stream of the first task in program order that touches it, and its place there.
    first: (u32, u32),
    /// The place of the last task on that stream that touches it.
    last: u32,
    /// The last access of each other stream, a list in `Places::accesses`.
    others: u32,
    /// Temporaries that used its bytes before it, a list in `Places::earlier`.
    earlier: u32,
}

/// The new temporary that a buffer lies in, and its bytes there; nothing where it stays.
#[derive(Clone, Copy, Default)]
struct Place {
    pool: u32,
    start: u64,
    end: u64,
}

/// The place of a buffer, if it is all of its bytes, one after the other, in a new temporary, and is looked at as what it was.
fn place(module: &Module, buffer: Buffer, view: View, known: usize) -> Option<Place> {
    let ty = &module.buffers[buffer].ty;
    let access = module.access(Operand { buffer, slice: None }).ok()?;
    let is_bytes = |ty: &TensorType| matches!(ty, TensorType::Bytes(_));
    let is_same = view.reinterpreted || (is_bytes(ty) && is_bytes(&module.buffers[view.base.buffer].ty));
    let is_whole = access.extent.is_contiguous() && Some(access.extent.len()) == module.byte_size(ty);
    let pool = access.root.index().checked_sub(known)? as u32;
    let (start, end) = (access.extent.start(), access.extent.end());
    (is_same && is_whole).then_some(Place { pool, start, end })
}

/// The last access of a stream to a temporary.
struct Last {
    stream: u32,
    place: u32,
    rest: u32,
}

/// The bytes of new temporaries and who uses them.
struct Places<'m> {
    module: &'m Module,
    /// Of each buffer that was there before, the number of its use, if it has one.
    numbers: Vec<u32>,
    at: Vec<Place>,
    /// In the order of first use: what is in use together lies together.
    uses: Vec<Use>,
    /// Of each new temporary, its bytes by their first: where they end, and who used them last.
    users: Vec<BTreeMap<u64, (u64, u32)>>,
    accesses: Vec<Last>,
    earlier: Vec<(u32, u32)>,
    touched: u64,
    steps: u64,
}

impl<'m> Places<'m> {
    /// Nothing used so far; `None` where anything has moved but temporaries whose contents nothing can look at afterwards, each to bytes of its
    /// own size in a new temporary.
    fn new(before: &Meaning, module: &'m Module) -> Option<Self> {
        let known = before.buffers();
        let new = module.buffers.len().saturating_sub(known);
        let mut places = Self {
            module,
            numbers: Vec::with_capacity(known),
            at: Vec::with_capacity(known),
            uses: Vec::with_capacity(known),
            users: vec![BTreeMap::new(); new],
            accesses: Vec::with_capacity(2 * known),
            // One may lie where several did.
            earlier: Vec::with_capacity(2 * known),
            touched: 0,
            steps: 0,
        };
        for (buffer, data) in module.buffers.iter() {
            if buffer.index() >= known {
                if data.space != Space::Temp || data.view.is_some() {
                    return None;
                }
                continue;
            }
            let (number, place) = match data.view {
                None => (STAYS, Place::default()),
                Some(view) if view.base.buffer.index() < known => (VIEW, Place::default()),
                Some(_) if data.space != Space::Temp || before.counts(buffer) => return None,
                Some(view) => (UNUSED, place(module, buffer, view, known)?),
            };
            places.numbers.push(number);
            places.at.push(place);
        }
        Some(places)
    }

    /// Goes through a graph in program order, in which all waits go forward; whether everything stays apart.
    fn follow(&mut self, number: u32, graph: &Graph, meaning: &GraphMeaning) -> bool {
        // What was not ordered or not written before can see other bytes now.
        let is_plain = meaning.unordered.is_empty() && meaning.partial.is_empty() && meaning.lines.is_none();
        let order = meaning.survey.order.as_ref().filter(|_| is_plain);
        graph.tasks.len() >= meaning.survey.tasks.len()
            && meaning.survey.program.chunks(RUN).all(|run| {
                let is_unused = |buffer: Buffer| self.numbers.get(buffer.index()) == Some(&UNUSED);
                let is_placed = |buffer: Buffer| is_unused(buffer) && self.at[buffer.index()].end > 0;
                fetch(self.module, graph, run, is_unused, is_placed);
                run.iter()
                    .all(|&task| self.task((task, &graph.tasks[Task::at(task as usize)]), number, order))
            })
    }

    /// Goes on with a task of the graph with a number.
    fn task(&mut self, (task, data): (u32, &TaskData), graph: u32, order: Option<&Order>) -> bool {
        let spot = order.map(|order| (order, order.spot(task))).filter(|(_, spot)| spot.is_on_stream());
        let module = self.module;
        let mut is_apart = true;
        let mut touch = |operand: Operand| {
            if let Some(temporary) = self.temporary(operand.buffer) {
                is_apart &= spot.is_some_and(|(order, spot)| self.touch(temporary, graph, spot, order));
            }
        };
        each_read(module, data, &mut touch);
        writes(module, data).iter().copied().for_each(touch);
        is_apart
    }

    /// The temporary with a new place that a buffer is, or is a view of.
    fn temporary(&self, mut buffer: Buffer) -> Option<Buffer> {
        while *self.numbers.get(buffer.index())? == VIEW {
            buffer = self.module.buffers[buffer].view?.base.buffer;
        }
        Some(buffer).filter(|buffer| self.numbers[buffer.index()] != STAYS)
    }

    /// Lets a task touch a temporary; whether nothing else can be in its bytes then.
    fn touch(&mut self, temporary: Buffer, graph: u32, task: Spot, order: &Order) -> bool {
        self.touched += 1;
        let mut number = self.numbers[temporary.index()];
        let is_apart = if number == UNUSED {
            number = self.uses.len() as u32;
            self.numbers[temporary.index()] = number;
            let earlier = self.enter(number, self.at[temporary.index()]);
            let first = (task.stream, task.place);
            self.uses.push(Use { graph, first, last: task.place, others: NONE, earlier });
            self.comes_after_earlier(number, task, order)
        } else {
            // What comes after its first use comes after all that the first use comes after.
            let used = &self.uses[number as usize];
            let (stream, place) = used.first;
            let is_later =
                (stream, place) == (task.stream, task.place) || order.is_complete(stream, place, task);
            used.graph == graph && (is_later || self.comes_after_earlier(number, task, order))
        };
        self.note(number, task);
        is_apart && self.steps <= self.touched * MOST_STEPS.0 + MOST_STEPS.1
    }

    /// Gives the bytes of a place to a temporary that is used for the first time; lists those that had them.
    fn enter(&mut self, user: u32, Place { pool, start, end }: Place) -> u32 {
        let map = &mut self.users[pool as usize];
        let mut list = NONE;
        let mut is_in = start >= end;
        while let Some((&from, segment)) = map.range_mut(..end).next_back().filter(|_| start < end) {
            let (to, other) = *segment;
            if to <= start {
                break;
            }
            match from.cmp(&start) {
                Ordering::Less => segment.0 = start,
                Ordering::Equal => (*segment, is_in) = ((end, user), true),
                Ordering::Greater => _ = map.remove(&from),
            }
            if to > end {
                map.insert(end, (to, other));
            }
            self.uses[other as usize].graph = NONE;
            self.earlier.push((other, list));
            list = self.earlier.len() as u32 - 1;
            if from <= start {
                break;
            }
        }
        if !is_in {
            map.insert(start, (end, user));
        }
        list
    }

    /// Whether all who had bytes of a temporary before are done when `task` starts.
    fn comes_after_earlier(&mut self, temporary: u32, task: Spot, order: &Order) -> bool {
        let mut at = self.uses[temporary as usize].earlier;
        while let Some(&(other, next)) = self.earlier.get(at as usize) {
            if !self.is_done(other, task, order) {
                return false;
            }
            at = next;
        }
        true
    }

    /// Whether all accesses to a temporary so far are complete when `task` starts.
    fn is_done(&mut self, temporary: u32, task: Spot, order: &Order) -> bool {
        let used = &self.uses[temporary as usize];
        self.steps += 1;
        if !order.is_complete(used.first.0, used.last, task) {
            return false;
        }
        let mut at = used.others;
        while let Some(last) = self.accesses.get(at as usize) {
            self.steps += 1;
            if !order.is_complete(last.stream, last.place, task) {
                return false;
            }
            at = last.rest;
        }
        true
    }

    /// Notes an access: what comes after it comes after those before it on its stream.
    fn note(&mut self, temporary: u32, task: Spot) {
        let used = &mut self.uses[temporary as usize];
        if used.first.0 == task.stream {
            used.last = task.place;
            return;
        }
        let mut at = used.others;
        while let Some(last) = self.accesses.get_mut(at as usize) {
            self.steps += 1;
            if last.stream == task.stream {
                last.place = task.place;
                return;
            }
            at = last.rest;
        }
        self.accesses.push(Last { stream: task.stream, place: task.place, rest: used.others });
        used.others = self.accesses.len() as u32 - 1;
    }
}
