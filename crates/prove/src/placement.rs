//! The proof of a pass that did nothing but give temporaries places in larger ones.
//!
//! Tasks, streams and waits are what they were. What tasks see is so too where every two temporaries that share bytes are in use one after the
//! other: all accesses to one are complete before any access to the other starts, and that one is written before it is read.
//!
//! **Invariant:** yes is a proof; no says nothing, and what the module means has to be measured.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use acg_ir::dependence::{reads, writes};
use acg_ir::{Buffer, Entity, Graph, Module, Operand, Space};
use rustc_hash::FxHashMap;

use crate::meaning::{GraphMeaning, Meaning};
use crate::order::{Order, index};

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
    /// The first task in program order that touches it.
    first: u32,
    /// Of each stream the last access, a list in `Places::accesses`.
    accesses: u32,
    /// Temporaries that used its bytes before it, a list in `Places::earlier`.
    earlier: u32,
    /// Whether another uses bytes of it by now.
    is_over: bool,
}

/// The bytes of new temporaries and who uses them.
struct Places<'m> {
    module: &'m Module,
    /// How many buffers there were before.
    known: usize,
    uses: Vec<Use>,
    /// Of each new temporary, its bytes by their first: where they end, and who used them last.
    users: FxHashMap<Buffer, BTreeMap<u64, (u64, u32)>>,
    accesses: Vec<(u32, u32)>,
    earlier: Vec<(u32, u32)>,
    touched: u64,
    steps: u64,
}

impl<'m> Places<'m> {
    fn new(module: &'m Module, known: usize) -> Self {
        let unused = Use { graph: NONE, first: NONE, accesses: NONE, earlier: NONE, is_over: false };
        Self {
            module,
            known,
            uses: vec![unused; known],
            users: FxHashMap::default(),
            accesses: Vec::new(),
            earlier: Vec::new(),
            touched: 0,
            steps: 0,
        }
    }

    /// Goes through a graph in program order, in which all waits go forward; whether everything stays apart.
    fn follow(&mut self, number: u32, graph: &Graph, meaning: &GraphMeaning) -> bool {
        // What was not ordered or not written before can see other bytes now.
        let is_plain = meaning.unordered.is_empty() && meaning.partial.is_empty() && meaning.lines.is_none();
        let order = meaning.order.as_ref().filter(|_| is_plain);
        for task in graph.program() {
            let data = &graph.tasks[task];
            let module = self.module;
            let touched = reads(module, data).chain(writes(module, data).iter().copied());
            for operand in touched {
                let Some(temporary) = self.temporary(operand.buffer) else { continue };
                if !order.is_some_and(|order| self.touch(temporary, number, index(task) as u32, order)) {
                    return false;
                }
            }
        }
        true
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

    /// Lets `task` touch a temporary; whether nothing else can be in its bytes then.
    fn touch(&mut self, temporary: Buffer, graph: u32, task: u32, order: &Order) -> bool {
        self.touched += 1;
        let used = self.uses[temporary.index()];
        let is_apart = if used.graph == NONE {
            let start = Use { graph, first: task, ..used };
            self.uses[temporary.index()] = start;
            self.enter(temporary, task, order)
        } else {
            // What comes after its first use comes after all that the first use comes after.
            let is_later = used.first == task || order.before(used.first, task);
            used.graph == graph && !used.is_over && (is_later || self.comes_after_earlier(used, task, order))
        };
        self.note(temporary, task, order);
        is_apart && self.steps <= self.touched * MOST_STEPS.0 + MOST_STEPS.1
    }

    /// Gives the bytes of a temporary to it; whether those that had them are done when `task` starts.
    fn enter(&mut self, temporary: Buffer, task: u32, order: &Order) -> bool {
        let Ok(access) = self.module.access(Operand { buffer: temporary, slice: None }) else { return false };
        let (start, end) = (access.extent.start(), access.extent.end());
        if start >= end {
            return true;
        }
        let user = temporary.index() as u32;
        let mut map = std::mem::take(self.users.entry(access.root).or_default());
        let mut is_apart = true;
        let mut is_in = false;
        while let Some((&from, segment)) = map.range_mut(..end).next_back() {
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
            is_apart &= self.is_done(other, task, order);
            self.uses[other as usize].is_over = true;
            let earlier = &mut self.uses[user as usize].earlier;
            self.earlier.push((other, *earlier));
            *earlier = self.earlier.len() as u32 - 1;
            if from <= start {
                break;
            }
        }
        if !is_in {
            map.insert(start, (end, user));
        }
        self.users.insert(access.root, map);
        is_apart
    }

    /// Whether all who had bytes of a temporary before are done when `task` starts.
    fn comes_after_earlier(&mut self, used: Use, task: u32, order: &Order) -> bool {
        let mut at = used.earlier;
        while let Some(&(other, next)) = self.earlier.get(at as usize) {
            if !self.is_done(other, task, order) {
                return false;
            }
            at = next;
        }
        true
    }

    /// Whether all accesses to a temporary so far are complete when `task` starts.
    fn is_done(&mut self, temporary: u32, task: u32, order: &Order) -> bool {
        let mut at = self.uses[temporary as usize].accesses;
        while let Some(&(access, next)) = self.accesses.get(at as usize) {
            self.steps += 1;
            if !order.before(access, task) {
                return false;
            }
            at = next;
        }
        true
    }

    /// Notes an access: what comes after it comes after those before it on its stream.
    fn note(&mut self, temporary: Buffer, task: u32, order: &Order) {
        let head = &mut self.uses[temporary.index()].accesses;
        let stream = order.stream(task);
        let mut at = *head;
        while let Some((access, next)) = self.accesses.get_mut(at as usize) {
            self.steps += 1;
            if order.stream(*access) == stream {
                *access = task;
                return;
            }
            at = *next;
        }
        self.accesses.push((task, *head));
        *head = self.accesses.len() as u32 - 1;
    }
}
