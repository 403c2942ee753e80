//! A graph gone through once for all that its lines say without looking at bytes: what each task is, what it comes after, where it stands.

use acg_ir::task::Value as Argument;
use acg_ir::{Graph, Module, Op, Step, Symbol, Task, TaskData};
use rustc_hash::FxHashMap;

use crate::block::{self, Blocks};
use crate::identity::is_known;
use crate::order::{Order, Orders, index};
use crate::outline::BodyOutline;
use crate::private::Private;
use crate::reuse::Reuse;
use crate::tasks::{Role, Tasks};
use crate::timeline::Captures;

/// What the lines of a graph say.
#[derive(Debug)]
pub(crate) struct Survey {
    pub(crate) tasks: Tasks,
    /// Tasks that do more than order, in program order.
    pub(crate) program: Vec<u32>,
    /// Streams and waits; `None` for an `auto` graph.
    pub(crate) order: Option<Order>,
    /// Pairs that `after` orders, the earlier first, sorted.
    pub(crate) required: Vec<(u32, u32)>,
    /// Waits and later records of the same event that may come first, sorted.
    pub(crate) reused: Vec<(u32, u32)>,
    /// The names of all task groups and how many `relaxed` blocks there are.
    pub(crate) blocks: (Vec<u64>, usize),
    /// Whether every line runs once, in the order of the lines; of others program order says little.
    pub(crate) is_straight: bool,
    /// Whether its capture holds everything that stands on a stream.
    pub(crate) holds_all: bool,
}

/// Makes surveys of one graph after the other.
#[derive(Default)]
pub(crate) struct Surveyor {
    orders: Orders,
    captures: Captures,
    reuse: Reuse,
    named: FxHashMap<Symbol, u32>,
}

impl Surveyor {
    /// What `graph` says; `asks_waits` where anybody asks what is complete before a wait.
    pub(crate) fn survey(
        &mut self,
        module: &Module,
        graph: &Graph,
        outline: &BodyOutline,
        private: &Private,
        asks_waits: bool,
    ) -> Survey {
        let mut survey = Survey {
            tasks: Tasks::absent(graph.tasks.len()),
            program: Vec::with_capacity(graph.tasks.len()),
            order: (!graph.is_auto()).then(|| self.orders.begin(graph, outline)),
            required: Vec::new(),
            reused: Vec::new(),
            blocks: (Vec::new(), 0),
            is_straight: true,
            holds_all: true,
        };
        let mut blocks = Blocks::new(graph);
        self.captures.begin(graph);
        self.reuse.begin(outline.waits);
        for step in graph.runs().flatten() {
            let task = match *step {
                Step::Task(task) => task,
                Step::Open(scope) => {
                    survey.is_straight &= block::is_straight(scope);
                    blocks.open(scope);
                    continue;
                }
                Step::Close => {
                    blocks.close();
                    continue;
                }
            };
            let (data, number) = (&graph.tasks[task], index(task) as u32);
            let role = role(data, private);
            let is_sync = role == Role::Sync;
            survey.tasks.enter(number, role, blocks.place(task, !is_sync));
            if !is_sync {
                survey.tasks.call(number, data.name);
                survey.program.push(number);
                survey.is_straight &= is_known(data.op);
            }
            survey.holds_all &= self.captures.holds(module, data);
            if let Some(order) = &mut survey.order {
                self.orders.step(order, module, (task, data), is_sync && !asks_waits);
                if is_sync {
                    self.reuse.step((number, data.op), order, private, &mut survey.reused);
                }
            }
            self.after(module, (task, data), &mut survey.required);
        }
        self.captures.end();
        self.orders.end();
        self.reuse.end();
        self.named.clear();
        survey.tasks.reserve(survey.program.iter().max().map_or(0, |&last| last as usize + 1));
        survey.required.sort_unstable();
        survey.reused.sort_unstable();
        survey.blocks = blocks.summary();
        survey
    }

    /// Notes what `after` orders before a task.
    fn after(&mut self, module: &Module, (task, data): (Task, &TaskData), required: &mut Vec<(u32, u32)>) {
        let number = index(task) as u32;
        if !data.after.is_empty() {
            let names = module.after(data).iter().filter_map(|after| match after {
                Argument::Word(name) => self.named.get(name),
                _ => None,
            });
            required.extend(names.map(|&earlier| (earlier, number)));
        }
        if let Some(name) = data.name {
            self.named.insert(name, number);
        }
    }
}

fn role(data: &TaskData, private: &Private) -> Role {
    match data.op {
        Op::Record { event, external: false } | Op::Wait { event, external: false } if private.has(event) => {
            Role::Sync
        }
        Op::Operator(_) | Op::Kernel(_) if data.outputs.is_empty() => Role::Silent,
        op => role_of(op),
    }
}

/// What a task is that has results, and that orders nothing.
pub(crate) fn role_of(op: Op) -> Role {
    match op {
        Op::Copy | Op::Copy2d | Op::CopyBatch => Role::Copy,
        Op::Fill(_) | Op::Reduce(_) | Op::Operator(_) | Op::Kernel(_) => Role::Work,
        _ => Role::Effect,
    }
}
