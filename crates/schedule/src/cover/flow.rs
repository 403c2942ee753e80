//! Links between tasks as a flow: the most links at each number of direct ones.
//!
//! Every task sends one unit and takes one; a unit that arrives links two tasks into one chain. A *direct* unit takes one
//! dependence; a *transit* unit walks over any number of them, so that no closure is needed. Direct links cost -1 and all else
//! nothing. Starting from the most direct links, units are added along the cheapest way (primal-dual, one price after the
//! other): after price 0 the flow has the most links among those with the most direct ones, at the end it has the most direct
//! links among those with the most links.
//!
//! A task has four sides: it *sends*, its units *leave*, units *enter*, and it *takes*.
//!
//! **Invariant:** with `price` of the sides, no arc with room costs less than nothing.

use super::matching::Matching;
use super::{Cover, NONE};
use crate::Dag;

pub(super) struct Flow<'a> {
    dag: &'a Dag,
    tasks: u32,
    successor_start: Vec<u32>,
    /// For each predecessor, by task, the number of the dependence.
    incoming: Vec<u32>,
    incoming_start: Vec<u32>,
    next: Vec<u32>,
    previous: Vec<u32>,
    leaves: Vec<bool>,
    takes: Vec<bool>,
    through: Vec<u32>,
    over: Vec<u32>,
    price: Vec<i32>,
    sink_price: i32,
    distance: Vec<u32>,
    buckets: Vec<Vec<u32>>,
    arcs: Vec<u32>,
    seen: Vec<bool>,
    path: Vec<u32>,
}

/// A way from a side.
enum Arc {
    Open { to: u32, cost: i32 },
    Full,
}

const SENDS: u32 = 0;
const LEAVES: u32 = 1;
const ENTERS: u32 = 2;
const TAKES: u32 = 3;

impl<'a> Flow<'a> {
    pub(super) fn new(dag: &'a Dag, matching: &Matching) -> Self {
        let tasks = dag.len();
        let mut successor_start = Vec::with_capacity(tasks + 1);
        let mut incoming_start = Vec::with_capacity(tasks + 1);
        let (mut first_out, mut first_in) = (0, 0);
        for task in 0..tasks as u32 {
            successor_start.push(first_out);
            incoming_start.push(first_in);
            first_out += dag.successors(task).len() as u32;
            first_in += dag.predecessors(task).len() as u32;
        }
        successor_start.push(first_out);
        incoming_start.push(first_in);
        let mut incoming = vec![0; first_in as usize];
        let mut fill = incoming_start.clone();
        for (edge, (_, to)) in dag.edges().enumerate() {
            let at = &mut fill[to as usize];
            incoming[*at as usize] = edge as u32;
            *at += 1;
        }
        let mut price = vec![0; 4 * tasks];
        price[TAKES as usize * tasks..].fill(-1);
        Self {
            dag,
            tasks: tasks as u32,
            successor_start,
            incoming,
            incoming_start,
            next: matching.next.clone(),
            previous: matching.previous.clone(),
            leaves: vec![false; tasks],
            takes: vec![false; tasks],
            through: vec![0; tasks],
            over: vec![0; dag.edge_count()],
            price,
            sink_price: -1,
            distance: vec![NONE; 4 * tasks],
            buckets: Vec::new(),
            arcs: vec![0; 4 * tasks],
            seen: vec![false; 4 * tasks],
            path: Vec::new(),
        }
    }

    /// Raises the price of a further link to the next at which there is one; gives it, or `None` where there is none at any.
    pub(super) fn raise_price(&mut self) -> Option<i32> {
        let raised = self.find_distances()?;
        for (price, &distance) in self.price.iter_mut().zip(&self.distance) {
            *price += distance.min(raised).cast_signed();
        }
        self.sink_price += raised.cast_signed();
        Some(self.sink_price)
    }

    /// Adds links at the present price until there are no more.
    pub(super) fn fill(&mut self) {
        loop {
            self.seen.fill(false);
            self.arcs.fill(0);
            let mut added = false;
            for task in 0..self.tasks {
                if self.is_unsent(task) {
                    added |= self.augment(task);
                }
            }
            if !added {
                return;
            }
        }
    }

    fn is_unsent(&self, task: u32) -> bool {
        self.next[task as usize] == NONE && !self.leaves[task as usize]
    }

    fn is_untaken(&self, task: u32) -> bool {
        self.previous[task as usize] == NONE && !self.takes[task as usize]
    }

    /// Arc `arc` of `side`; `None` behind the last.
    #[inline]
    fn arc(&self, side: u32, arc: u32) -> Option<Arc> {
        let count = self.tasks;
        let (kind, task) = (side / count, side % count);
        let at = task as usize;
        let room =
            |room: bool, to: u32, cost: i32| Some(if room { Arc::Open { to, cost } } else { Arc::Full });
        match (kind, arc) {
            (SENDS, 0) => room(!self.leaves[at], LEAVES * count + task, 0),
            (SENDS, _) => {
                let to = *self.dag.successors(task).get(arc as usize - 1)?;
                room(self.next[at] != to, TAKES * count + to, -1)
            }
            (LEAVES, 0) => room(self.leaves[at], task, 0),
            (LEAVES, 1) => room(self.through[at] > 0, ENTERS * count + task, 0),
            (LEAVES, _) => {
                let to = *self.dag.successors(task).get(arc as usize - 2)?;
                room(true, ENTERS * count + to, 0)
            }
            (ENTERS, 0) => room(!self.takes[at], TAKES * count + task, 0),
            (ENTERS, 1) => room(true, LEAVES * count + task, 0),
            (ENTERS, _) => {
                let from = *self.dag.predecessors(task).get(arc as usize - 2)?;
                room(self.over[self.incoming_edge(task, arc - 2)] > 0, LEAVES * count + from, 0)
            }
            (_, 0) => room(self.takes[at], ENTERS * count + task, 0),
            (_, 1) => room(self.previous[at] != NONE, self.previous[at], 1),
            _ => None,
        }
    }

    fn incoming_edge(&self, task: u32, at: u32) -> usize {
        self.incoming[(self.incoming_start[task as usize] + at) as usize] as usize
    }

    /// The least cost, after prices, of a way from each side that can send; gives that to one that can take.
    fn find_distances(&mut self) -> Option<u32> {
        self.distance.fill(NONE);
        let mut buckets = std::mem::take(&mut self.buckets);
        buckets.clear();
        buckets.push((0..self.tasks).filter(|&task| self.is_unsent(task)).collect());
        for &side in &buckets[0] {
            self.distance[side as usize] = 0;
        }
        let (mut nearest, mut now) = (None::<u32>, 0);
        while now < buckets.len() && nearest.is_none_or(|nearest| (now as u32) < nearest) {
            while let Some(side) = buckets[now].pop() {
                if self.distance[side as usize] != now as u32 {
                    continue;
                }
                if let Some(task) = side.checked_sub(TAKES * self.tasks)
                    && self.is_untaken(task)
                {
                    let total = now as u32 + (self.price[side as usize] - self.sink_price).cast_unsigned();
                    nearest = Some(nearest.map_or(total, |nearest| nearest.min(total)));
                }
                let mut arc = 0;
                while let Some(reached) = self.arc(side, arc) {
                    arc += 1;
                    let Arc::Open { to: next, cost } = reached else { continue };
                    let cost = cost + self.price[side as usize] - self.price[next as usize];
                    let distance = now as u32 + cost.cast_unsigned();
                    if distance < self.distance[next as usize] {
                        self.distance[next as usize] = distance;
                        if buckets.len() <= distance as usize {
                            buckets.resize(distance as usize + 1, Vec::new());
                        }
                        buckets[distance as usize].push(next);
                    }
                }
            }
            now += 1;
        }
        self.buckets = buckets;
        nearest
    }

    /// Sends a unit from `task` by arcs that cost nothing after prices.
    fn augment(&mut self, task: u32) -> bool {
        let mut path = std::mem::take(&mut self.path);
        path.clear();
        path.push(task);
        self.seen[task as usize] = true;
        let mut found = false;
        while let Some(&side) = path.last() {
            if side >= TAKES * self.tasks
                && self.is_untaken(side - TAKES * self.tasks)
                && self.price[side as usize] == self.sink_price
            {
                self.push_along(&path);
                // What leads on can lead on again; what was left behind leads nowhere.
                for &side in &path {
                    self.seen[side as usize] = false;
                }
                found = true;
                break;
            }
            let next = self.next_open(side);
            if let Some(next) = next {
                self.seen[next as usize] = true;
                path.push(next);
            } else {
                path.pop();
            }
        }
        self.path = path;
        found
    }

    /// Moves on to the next arc of `side` that costs nothing and leads to a side not seen.
    fn next_open(&mut self, side: u32) -> Option<u32> {
        while let Some(reached) = self.arc(side, self.arcs[side as usize]) {
            if let Arc::Open { to: next, cost } = reached
                && !self.seen[next as usize]
                && cost + self.price[side as usize] == self.price[next as usize]
            {
                return Some(next);
            }
            self.arcs[side as usize] += 1;
        }
        None
    }

    fn push_along(&mut self, path: &[u32]) {
        let count = self.tasks;
        let steps = || path.windows(2).map(|pair| (pair[0], pair[1]));
        // Old partners are given up before new ones are taken.
        for (from, to) in steps().filter(|&(from, to)| from >= TAKES * count && to < count) {
            self.next[to as usize] = NONE;
            self.previous[(from - TAKES * count) as usize] = NONE;
        }
        for (from, to) in steps() {
            let (kind, at) = (from / count, (from % count) as usize);
            let (to_kind, to_at) = (to / count, (to % count) as usize);
            match (kind, to_kind) {
                (SENDS, LEAVES) => self.leaves[at] = true,
                (SENDS, _) => {
                    self.next[at] = to_at as u32;
                    self.previous[to_at] = at as u32;
                }
                (LEAVES, SENDS) => self.leaves[at] = false,
                (LEAVES, _) if at == to_at => self.through[at] -= 1,
                (LEAVES, _) => {
                    let edge = self.edge(at as u32, to_at as u32);
                    self.over[edge] += 1;
                }
                (ENTERS, TAKES) => self.takes[at] = true,
                (ENTERS, _) if at == to_at => self.through[at] += 1,
                (ENTERS, _) => {
                    let edge = self.edge(to_at as u32, at as u32);
                    self.over[edge] -= 1;
                }
                (_, ENTERS) => self.takes[at] = false,
                _ => {}
            }
        }
    }

    fn edge(&self, from: u32, to: u32) -> usize {
        let at = self.dag.successors(from).binary_search(&to).unwrap_or_default();
        self.successor_start[from as usize] as usize + at
    }

    /// Tasks of which no two are ordered, as many as there are chains; only after the last price.
    pub(super) fn antichain(&mut self) -> Vec<u32> {
        self.find_distances();
        let count = self.tasks as usize;
        let reached = |side: usize| self.distance[side] != NONE;
        (0..self.tasks)
            .filter(|&task| reached(task as usize) && !reached(TAKES as usize * count + task as usize))
            .collect()
    }

    /// The chains that the units link.
    pub(super) fn cover(&self) -> Cover {
        let mut over = self.over.clone();
        let mut takes = self.takes.clone();
        let mut next = self.next.clone();
        // Ways only lead on, and whatever goes on from a task has entered it or is its own, so that no way ends too early.
        for task in 0..self.tasks {
            if !self.leaves[task as usize] {
                continue;
            }
            let mut at = task;
            while let Some(place) = (0..self.dag.successors(at).len())
                .find(|place| over[self.successor_start[at as usize] as usize + place] > 0)
            {
                over[self.successor_start[at as usize] as usize + place] -= 1;
                at = self.dag.successors(at)[place];
                if std::mem::take(&mut takes[at as usize]) {
                    next[task as usize] = at;
                    break;
                }
            }
        }
        Cover { next }
    }
}
