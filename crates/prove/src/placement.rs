//! The proof of a pass that did nothing but give temporaries places in larger ones.
//!
//! Tasks, streams and waits are what they were. What tasks see is so too where every two temporaries that share bytes are in use one after the
//! other: all accesses to one are complete before any access to the other starts, and that one is written before it is read.
//!
//! **Invariant:** yes is a proof; no says nothing, and what the module means has to be measured.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use acg_ir::dependence::{reads, writes};
use acg_ir::{Buffer, Entity, Graph, Module, Operand, Space, Task, TaskData};

use crate::ahead::{RUN, fetch};
use crate::meaning::{GraphMeaning, Meaning};
use crate::order::{Order, Spot};

const NONE: u32 = u32::MAX;

/// After so many comparisons for each access, and so many besides, the answer is no.
const MOST_STEPS: (u64, u64) = (64, 1 << 16);

/// Whether `module` means what it meant before, where nothing is different but that temporaries have become views of new ones.
///
/// It has to be known that nothing else is different; where temporaries lie is looked at here.
pub fn are_apart(before: &Meaning, module: &Module) -> bool {
    let known = before.buffers();
    if before.graphs.len() != module.graphs.len() || !are_sound(before, module, known) {
        return false;
    }
    let mut places = Places::new(module, known);
    let mut graphs = (0..).zip(module.graphs.values().zip(&before.graphs));
    graphs.all(|(number, (graph, meaning))| places.follow(number, graph, meaning))
}

/// Whether all that has moved are temporaries whose contents nothing can look at afterwards, each to bytes of its own size in a new temporary.
fn are_sound(before: &Meaning, module: &Module, known: usize) -> bool {
    module.buffers.iter().all(|(buffer, data)| {
        let is_new = buffer.index() >= known;
        let base = data.view.map(|view| view.base.buffer.index());
        match base.filter(|&base| base >= known) {
            _ if is_new => data.space == Space::Temp && base.is_none(),
            None => true,
            Some(_) => {
                let size = module.byte_size(&data.ty);
                let access = module.access(Operand { buffer, slice: None }).ok();
                let is_whole = access
                    .is_some_and(|access| access.extent.is_contiguous() && Some(access.extent.len()) == size);
                data.space == Space::Temp && !before.counts(buffer) && is_whole
            }
        }
    })
}

/// What a temporary was used for so far.
#[derive(Clone, Copy)]
struct Use {
    /// The graph that uses it; [`NONE`] for none yet.
    graph: u32,
    /// The stream of the first task in program order that touches it, and its place there.
    first: (u32, u32),
    /// The place of the last task on that stream that touches it.
    last: u32,
    /// The last access of each other stream, a list in `Places::accesses`.
    others: u32,
    /// Temporaries that used its bytes before it, a list in `Places::earlier`.
    earlier: u32,
    /// Whether another uses bytes of it by now.
    is_over: bool,
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
    /// How many buffers there were before.
    known: usize,
    uses: Vec<Use>,
    /// Of each new temporary, its bytes by their first: where they end, and who used them last.
    users: Vec<BTreeMap<u64, (u64, u32)>>,
    accesses: Vec<Last>,
    earlier: Vec<(u32, u32)>,
    touched: u64,
    steps: u64,
}

impl<'m> Places<'m> {
    fn new(module: &'m Module, known: usize) -> Self {
        let unused =
            Use { graph: NONE, first: (NONE, 0), last: 0, others: NONE, earlier: NONE, is_over: false };
        Self {
            module,
            known,
            uses: vec![unused; known],
            users: vec![BTreeMap::new(); module.buffers.len().saturating_sub(known)],
            accesses: Vec::with_capacity(known),
            earlier: Vec::with_capacity(known),
            touched: 0,
            steps: 0,
        }
    }

    /// Goes through a graph in program order, in which all waits go forward; whether everything stays apart.
    fn follow(&mut self, number: u32, graph: &Graph, meaning: &GraphMeaning) -> bool {
        // What was not ordered or not written before can see other bytes now.
        let is_plain = meaning.unordered.is_empty() && meaning.partial.is_empty() && meaning.lines.is_none();
        let order = meaning.survey.order.as_ref().filter(|_| is_plain);
        graph.tasks.len() >= meaning.survey.tasks.len()
            && meaning.survey.program.chunks(RUN).all(|run| {
                let uses = &self.uses;
                fetch(self.module, graph, run, |buffer| {
                    uses.get(buffer.index()).is_some_and(|used| used.is_over)
                });
                run.iter()
                    .all(|&task| self.task((task, &graph.tasks[Task::at(task as usize)]), number, order))
            })
    }

    /// Goes on with a task of the graph with a number.
    fn task(&mut self, (task, data): (u32, &TaskData), graph: u32, order: Option<&Order>) -> bool {
        let spot = order.map(|order| (order, order.spot(task))).filter(|(_, spot)| spot.is_on_stream());
        let mut touched = reads(self.module, data).chain(writes(self.module, data).iter().copied());
        touched.all(|operand| {
            let Some(temporary) = self.temporary(operand.buffer) else { return true };
            spot.is_some_and(|(order, spot)| self.touch(temporary, graph, spot, order))
        })
    }

    /// The temporary with a new place that a buffer is, or is a view of.
    fn temporary(&self, mut buffer: Buffer) -> Option<Buffer> {
        loop {
            let base = self.module.buffers[buffer].view?.base.buffer;
            if base.index() >= self.known {
                return Some(buffer);
            }
            buffer = base;
        }
    }

    /// Lets a task touch a temporary; whether nothing else can be in its bytes then.
    fn touch(&mut self, temporary: Buffer, graph: u32, task: Spot, order: &Order) -> bool {
        self.touched += 1;
        let used = &mut self.uses[temporary.index()];
        let is_apart = if used.graph == NONE {
            (used.graph, used.first) = (graph, (task.stream, task.place));
            self.enter(temporary) && self.comes_after_earlier(temporary, task, order)
        } else {
            // What comes after its first use comes after all that the first use comes after.
            let (stream, place) = used.first;
            let is_later =
                (stream, place) == (task.stream, task.place) || order.is_complete(stream, place, task);
            used.graph == graph
                && !used.is_over
                && (is_later || self.comes_after_earlier(temporary, task, order))
        };
        self.note(temporary, task);
        is_apart && self.steps <= self.touched * MOST_STEPS.0 + MOST_STEPS.1
    }

    /// Gives the bytes of a temporary to it, and notes those that had them; whether they are known.
    fn enter(&mut self, temporary: Buffer) -> bool {
        let Ok(access) = self.module.access(Operand { buffer: temporary, slice: None }) else { return false };
        let pool = access.root.index().checked_sub(self.known);
        let Some(map) = pool.and_then(|pool| self.users.get_mut(pool)) else { return false };
        let (start, end) = (access.extent.start(), access.extent.end());
        let user = temporary.index() as u32;
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
            self.uses[other as usize].is_over = true;
            self.earlier.push((other, list));
            list = self.earlier.len() as u32 - 1;
            if from <= start {
                break;
            }
        }
        if !is_in {
            map.insert(start, (end, user));
        }
        self.uses[user as usize].earlier = list;
        true
    }

    /// Whether all who had bytes of a temporary before are done when `task` starts.
    fn comes_after_earlier(&mut self, temporary: Buffer, task: Spot, order: &Order) -> bool {
        let mut at = self.uses[temporary.index()].earlier;
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
    fn note(&mut self, temporary: Buffer, task: Spot) {
        let used = &mut self.uses[temporary.index()];
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
