//! Windows of start times under a deadline, and which dependences are tight.

use std::collections::VecDeque;

use crate::Dag;
use crate::list::Streams;
use crate::waits::Waits;

/// Whether a task starts before the event of one it depends on could arrive from another stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Link {
    Open,
    Tight,
    Loose,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: u32,
    pub(super) to: u32,
    /// What a loose one waits after the end of `from`.
    pub(super) wait: i64,
}

#[derive(Clone, Copy, Debug)]
enum Change {
    Earliest(u32, i64),
    Latest(u32, i64),
    Link(u32),
}

/// The windows, with a trail to go back.
#[derive(Debug)]
pub(super) struct Windows {
    cost: Vec<i64>,
    pub(super) edges: Vec<Edge>,
    out_start: Vec<u32>,
    in_start: Vec<u32>,
    in_edges: Vec<u32>,
    pub(super) earliest: Vec<i64>,
    pub(super) latest: Vec<i64>,
    pub(super) link: Vec<Link>,
    trail: Vec<Change>,
    queue: VecDeque<u32>,
    queued: Vec<bool>,
    grid: i64,
    /// What is known for every deadline so far: earliest starts, and how long the rest takes from a start on.
    heads: Vec<i64>,
    tails: Vec<i64>,
    /// Tasks propagated and edges looked through so far, roughly: what a search may cost is counted in these.
    pub(super) steps: u64,
    /// How often each task's window became empty.
    pub(super) failures: Vec<u32>,
}

impl Windows {
    pub(super) fn new(dag: &Dag, streams: Streams) -> Self {
        let tasks = dag.len() as u32;
        let waits = Waits::new(dag, streams);
        let edges: Vec<Edge> =
            dag.edges().map(|(from, to)| Edge { from, to, wait: waits.of(from, to) as i64 }).collect();
        let mut out_start = vec![0];
        let mut in_start = vec![0];
        for task in 0..tasks {
            out_start.push(out_start[task as usize] + dag.successors(task).len() as u32);
            in_start.push(in_start[task as usize] + dag.predecessors(task).len() as u32);
        }
        let mut in_edges = vec![0; edges.len()];
        let mut fill = in_start.clone();
        for (index, edge) in edges.iter().enumerate() {
            in_edges[fill[edge.to as usize] as usize] = index as u32;
            fill[edge.to as usize] += 1;
        }
        Self {
            cost: dag.costs().iter().map(|&cost| cost as i64).collect(),
            link: vec![Link::Open; edges.len()],
            edges,
            out_start,
            in_start,
            in_edges,
            earliest: vec![0; tasks as usize],
            latest: vec![0; tasks as usize],
            trail: Vec::new(),
            queue: VecDeque::new(),
            queued: vec![false; tasks as usize],
            grid: 1,
            heads: vec![0; tasks as usize],
            tails: dag.costs().iter().map(|&cost| cost as i64).collect(),
            steps: 0,
            failures: vec![0; tasks as usize],
        }
    }

    /// Opens all windows up to `deadline` and propagates; `false` where none is possible.
    pub(super) fn start(&mut self, deadline: u64, grid: u64) -> bool {
        self.grid = grid as i64;
        self.trail.clear();
        self.link.fill(Link::Open);
        self.earliest.copy_from_slice(&self.heads);
        for (latest, tail) in self.latest.iter_mut().zip(&self.tails) {
            *latest = deadline as i64 - tail;
        }
        self.queued.fill(true);
        self.queue.clear();
        self.queue.extend(0..self.cost.len() as u32);
        let open = (0..self.cost.len()).all(|task| self.earliest[task] <= self.latest[task]);
        self.propagate_if(open)
    }

    /// Keeps the windows under `deadline`: what a later deadline does not allow, an earlier one does not either.
    pub(super) fn keep(&mut self, deadline: u64) {
        self.heads.copy_from_slice(&self.earliest);
        for (tail, latest) in self.tails.iter_mut().zip(&self.latest) {
            *tail = deadline as i64 - latest;
        }
    }

    /// Supposes that `task` starts by `time`.
    pub(super) fn suppose_by(&mut self, task: u32, time: i64) -> bool {
        let open = self.lower(task, time);
        self.propagate_if(open)
    }

    /// Supposes that `task` starts no earlier than `time`.
    pub(super) fn suppose_from(&mut self, task: u32, time: i64) -> bool {
        let open = self.raise(task, time);
        self.propagate_if(open)
    }

    pub(super) fn len(&self) -> u32 {
        self.cost.len() as u32
    }

    pub(super) fn mark(&self) -> usize {
        self.trail.len()
    }

    pub(super) fn back_to(&mut self, mark: usize) {
        for change in self.trail.drain(mark..).rev() {
            match change {
                Change::Earliest(task, time) => self.earliest[task as usize] = time,
                Change::Latest(task, time) => self.latest[task as usize] = time,
                Change::Link(edge) => self.link[edge as usize] = Link::Open,
            }
        }
    }

    /// Decides an open edge and propagates.
    pub(super) fn decide(&mut self, edge: u32, link: Link) -> bool {
        self.set_link(edge, link);
        self.propagate()
    }

    pub(super) fn cost(&self, task: u32) -> i64 {
        self.cost[task as usize]
    }

    /// The earliest end of a task.
    fn ends(&self, task: u32) -> i64 {
        self.earliest[task as usize] + self.cost[task as usize]
    }

    fn set_link(&mut self, edge: u32, link: Link) {
        self.link[edge as usize] = link;
        self.trail.push(Change::Link(edge));
        let Edge { from, to, .. } = self.edges[edge as usize];
        self.touch(from);
        self.touch(to);
    }

    fn touch(&mut self, task: u32) {
        if !self.queued[task as usize] {
            self.queued[task as usize] = true;
            self.queue.push_back(task);
        }
    }

    fn raise(&mut self, task: u32, time: i64) -> bool {
        let earliest = &mut self.earliest[task as usize];
        if time > *earliest {
            self.trail.push(Change::Earliest(task, *earliest));
            *earliest = time;
            self.spread(task);
        }
        self.is_open(task)
    }

    fn lower(&mut self, task: u32, time: i64) -> bool {
        let latest = &mut self.latest[task as usize];
        if time < *latest {
            self.trail.push(Change::Latest(task, *latest));
            *latest = time;
            self.spread(task);
        }
        self.is_open(task)
    }

    fn is_open(&mut self, task: u32) -> bool {
        let open = self.earliest[task as usize] <= self.latest[task as usize];
        if !open {
            self.failures[task as usize] += 1;
        }
        open
    }

    /// Two tasks cannot both be tight.
    fn fails(&mut self, task: u32) -> bool {
        self.failures[task as usize] += 1;
        false
    }

    fn spread(&mut self, task: u32) {
        self.touch(task);
        for at in self.in_start[task as usize]..self.in_start[task as usize + 1] {
            self.touch(self.edges[self.in_edges[at as usize] as usize].from);
        }
        for edge in self.out_start[task as usize]..self.out_start[task as usize + 1] {
            self.touch(self.edges[edge as usize].to);
        }
    }

    fn propagate_if(&mut self, open: bool) -> bool {
        if !open {
            self.forget_queue();
        }
        open && self.propagate()
    }

    fn forget_queue(&mut self) {
        for task in self.queue.drain(..) {
            self.queued[task as usize] = false;
        }
    }

    fn propagate(&mut self) -> bool {
        while let Some(task) = self.queue.pop_front() {
            self.queued[task as usize] = false;
            self.steps += 1;
            if !(self.propagate_in(task) && self.propagate_out(task)) {
                self.forget_queue();
                return false;
            }
        }
        true
    }

    /// What the tasks before `task` say of its start.
    fn propagate_in(&mut self, task: u32) -> bool {
        let range = self.in_start[task as usize]..self.in_start[task as usize + 1];
        let mut start = self.earliest[task as usize];
        let (mut last, mut second, mut tight) = (i64::MIN, i64::MIN, None);
        for at in range.clone() {
            let index = self.in_edges[at as usize];
            let Edge { from, wait, .. } = self.edges[index as usize];
            let end = self.ends(from);
            start = start.max(end);
            let away = end + wait;
            match self.link[index as usize] {
                Link::Loose => start = start.max(away),
                Link::Tight if tight.replace(index).is_some() => return self.fails(task),
                Link::Tight => {}
                Link::Open if away > last => (last, second) = (away, last),
                Link::Open => second = second.max(away),
            }
        }
        // All but one of the open ones wait.
        if !self.raise(task, start.max(if tight.is_some() { last } else { second })) {
            return false;
        }
        for at in range {
            let index = self.in_edges[at as usize];
            if self.link[index as usize] == Link::Open {
                let Edge { from, wait, .. } = self.edges[index as usize];
                let can_be_tight =
                    self.earliest[task as usize] < self.latest[from as usize] + self.cost(from) + wait;
                let can_be_loose = self.ends(from) + wait <= self.latest[task as usize];
                if tight.is_some() || !can_be_tight {
                    self.set_link(index, Link::Loose);
                } else if !can_be_loose {
                    tight = Some(index);
                    self.set_link(index, Link::Tight);
                }
            }
        }
        tight.is_none_or(|index| {
            let Edge { from, wait, .. } = self.edges[index as usize];
            let end = self.earliest[task as usize] - wait + self.grid;
            self.raise(from, end - self.cost(from))
        })
    }

    /// What the tasks after `task` say of its start.
    fn propagate_out(&mut self, task: u32) -> bool {
        let range = self.out_start[task as usize]..self.out_start[task as usize + 1];
        let mut end = i64::MAX;
        let (mut first, mut second, mut tight) = (i64::MAX, i64::MAX, None);
        for index in range.clone() {
            let Edge { to, wait, .. } = self.edges[index as usize];
            let start = self.latest[to as usize];
            end = end.min(start);
            let away = start - wait;
            match self.link[index as usize] {
                Link::Loose => end = end.min(away),
                Link::Tight if tight.replace(index).is_some() => return self.fails(task),
                Link::Tight => {}
                Link::Open if away < first => (first, second) = (away, first),
                Link::Open => second = second.min(away),
            }
        }
        let end = end.min(if tight.is_some() { first } else { second });
        if end < i64::MAX && !self.lower(task, end - self.cost(task)) {
            return false;
        }
        for index in range {
            if self.link[index as usize] == Link::Open {
                let Edge { to, wait, .. } = self.edges[index as usize];
                let latest_end = self.latest[task as usize] + self.cost(task);
                let can_be_tight = self.earliest[to as usize] < latest_end + wait;
                let can_be_loose = self.ends(task) + wait <= self.latest[to as usize];
                if tight.is_some() || !can_be_tight {
                    self.set_link(index, Link::Loose);
                } else if !can_be_loose {
                    tight = Some(index);
                    self.set_link(index, Link::Tight);
                }
            }
        }
        tight.is_none_or(|index| {
            let Edge { to, wait, .. } = self.edges[index as usize];
            let start = self.latest[task as usize] + self.cost(task) + wait - self.grid;
            self.lower(to, start)
        })
    }
}
