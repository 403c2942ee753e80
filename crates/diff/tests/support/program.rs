//! Programs on several streams, as tests make them up.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use acg_trace::Trace;

use fastrand::Rng;

/// One task; `uid` stays the same when a program is changed.
#[derive(Clone, Debug)]
pub(crate) struct Op {
    pub(crate) uid: u32,
    pub(crate) what: What,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Kernel { name: String, kind: &'static str, blocks: u32, schem: u32, info: Option<String> },
    Copy,
    Record(u32),
    Wait(u32),
}

impl Op {
    pub(crate) fn is_work(&self) -> bool {
        matches!(self.what, What::Kernel { .. } | What::Copy)
    }
}

/// Tasks by stream, the origin stream first.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) lanes: Vec<Vec<Op>>,
    pub(crate) next_uid: u32,
    pub(crate) next_event: u32,
}

/// How kernels are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Every kernel has its own name.
    Unique,
    /// A few names occur over and over, as in layers.
    Repeated,
}

impl Program {
    pub(crate) fn fresh(&mut self, what: What) -> Op {
        self.next_uid += 1;
        Op { uid: self.next_uid, what }
    }

    pub(crate) fn event(&mut self) -> u32 {
        self.next_event += 1;
        self.next_event
    }

    pub(crate) fn kernel(&mut self, rng: &mut Rng, names: Names) -> Op {
        let name = match names {
            Names::Unique => format!("kernel{}", self.next_uid + 1),
            Names::Repeated => ["MatMul", "Add", "RmsNorm", "Softmax"][rng.usize(..4)].to_owned(),
        };
        if names == Names::Repeated && rng.u32(..100) < 15 {
            return self.fresh(What::Copy);
        }
        let kind = ["KERNEL_AICORE", "KERNEL_AIVEC"][rng.usize(..2)];
        let blocks = 1 + rng.usize(..3) as u32;
        self.fresh(What::Kernel { name, kind, blocks, schem: 0, info: None })
    }

    /// A program of about `size` tasks; its streams fork, meet and join.
    pub(crate) fn random(rng: &mut Rng, size: usize, lanes: usize, names: Names) -> Self {
        let mut program = Self { lanes: vec![Vec::new()], next_uid: 0, next_event: 0 };
        let first = program.kernel(rng, names);
        program.lanes[0].push(first);
        for _ in 0..size {
            let at = rng.usize(..program.lanes.len());
            match rng.usize(..10) {
                0 if program.lanes.len() < lanes => {
                    program.lanes.push(Vec::new());
                    let new = program.lanes.len() - 1;
                    program.link(at, new);
                    let task = program.kernel(rng, names);
                    program.lanes[new].push(task);
                }
                1 if program.lanes.len() > 1 => {
                    let other = rng.usize(..program.lanes.len());
                    if other != at {
                        program.link(at, other);
                    }
                }
                _ => {
                    let task = program.kernel(rng, names);
                    program.lanes[at].push(task);
                }
            }
        }
        for side in 1..program.lanes.len() {
            program.link(side, 0);
        }
        let last = program.kernel(rng, names);
        program.lanes[0].push(last);
        program
    }

    /// Lets what comes next on `to` come after what `from` has now.
    pub(crate) fn link(&mut self, from: usize, to: usize) {
        let event = self.event();
        let record = self.fresh(What::Record(event));
        let wait = self.fresh(What::Wait(event));
        self.lanes[from].push(record);
        self.lanes[to].push(wait);
    }

    /// Every work task's uid with the uids of all work before it.
    pub(crate) fn before(&self) -> BTreeMap<u32, BTreeSet<u32>> {
        let records: BTreeMap<u32, (usize, usize)> = self
            .all()
            .filter_map(|(place, op)| match op.what {
                What::Record(event) => Some((event, place)),
                _ => None,
            })
            .collect();
        // Up to which task of each stream everything is complete; grows until nothing changes.
        let mut seen: Vec<Vec<Vec<usize>>> =
            self.lanes.iter().map(|lane| vec![vec![0; self.lanes.len()]; lane.len()]).collect();
        loop {
            let mut changed = false;
            for lane in 0..self.lanes.len() {
                for at in 0..self.lanes[lane].len() {
                    let mut clock =
                        if at == 0 { vec![0; self.lanes.len()] } else { seen[lane][at - 1].clone() };
                    clock[lane] = at;
                    if let What::Wait(event) = self.lanes[lane][at].what
                        && let Some(&(other, record)) = records.get(&event)
                    {
                        for (own, theirs) in clock.iter_mut().zip(&seen[other][record]) {
                            *own = (*own).max(*theirs);
                        }
                        clock[other] = clock[other].max(record + 1);
                    }
                    if clock != seen[lane][at] {
                        seen[lane][at] = clock;
                        changed = true;
                    }
                }
            }
            if !changed {
                break;
            }
        }
        let mut before = BTreeMap::new();
        for ((lane, at), op) in self.all().filter(|(_, op)| op.is_work()) {
            let clock = &seen[lane][at];
            let earlier = clock.iter().zip(&self.lanes).flat_map(|(&count, lane)| &lane[..count]);
            before.insert(op.uid, earlier.filter(|op| op.is_work()).map(|op| op.uid).collect());
        }
        before
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = ((usize, usize), &Op)> {
        self.lanes
            .iter()
            .enumerate()
            .flat_map(|(lane, ops)| ops.iter().enumerate().map(move |(at, op)| ((lane, at), op)))
    }

    /// The program without some tasks, with events numbered as they occur and without uids: what can be seen of it.
    pub(crate) fn shape(&self, without: &[u32]) -> Vec<Vec<What>> {
        let mut numbers = BTreeMap::new();
        let lanes = self.lanes.iter().map(|lane| lane.iter().filter(|op| !without.contains(&op.uid)));
        let mut shape: Vec<Vec<What>> = lanes.map(|lane| lane.map(|op| op.what.clone()).collect()).collect();
        for what in shape.iter_mut().flatten() {
            if let What::Record(event) | What::Wait(event) = what {
                let next = numbers.len() as u32;
                *event = *numbers.entry(*event).or_insert(next);
            }
        }
        shape
    }

    /// The uid of each record of the dump; `None` for what the runtime puts there.
    pub(crate) fn uids(&self) -> Vec<Option<u32>> {
        let sides = self.lanes[1..].iter().rev().flatten();
        let own = sides.chain(&self.lanes[0]).map(|op| Some(op.uid));
        own.chain(vec![None; self.events().len()]).collect()
    }

    fn events(&self) -> Vec<u32> {
        let used: BTreeSet<u32> = self
            .all()
            .filter_map(|(_, op)| match op.what {
                What::Record(event) => Some(event),
                _ => None,
            })
            .collect();
        used.into_iter().collect()
    }

    /// The dump of a run: `run` chooses its ids and the order of its closing resets.
    pub(crate) fn trace(&self, run: u64) -> Trace {
        let text = self.dump(run);
        let reading = acg_dump::read_any(&mut text.as_bytes()).expect("the dump can be read");
        Trace::of(reading.dumps.into_iter().next().expect("there is one"))
    }

    pub(crate) fn dump(&self, run: u64) -> String {
        let mut rng = Rng::with_seed(run);
        let pid = 100 + rng.usize(..10_000);
        let mut streams: Vec<usize> = (4..4 + self.lanes.len()).collect();
        rng.shuffle(&mut streams);
        let mut events = self.events();
        let mut ids: Vec<u64> =
            (0..=u64::from(self.next_event)).map(|id| 0x12c1_8020_0000 + 16 * id).collect();
        rng.shuffle(&mut ids);
        rng.shuffle(&mut events);
        let id = |event: &u32| ids[*event as usize];
        let mut lines = Vec::new();
        for lane in (1..self.lanes.len()).chain([0]).rev().skip(1).chain([0]) {
            let mut out = Lines { pid, stream: streams[lane], count: 0, time: 0, printed: &mut lines };
            for op in &self.lanes[lane] {
                match &op.what {
                    What::Kernel { name, kind, blocks, schem, info } => {
                        let info =
                            info.as_ref().map_or(String::new(), |info| format!(r#","ExtendInfo":"{info}""#));
                        let more = format!(r#"{info},"Numblocks":{blocks},"Schem Mode":{schem}"#);
                        out.task(name, kind, &more);
                    }
                    What::Copy => out.task("MEMCPY_ASYNC", "MEMCPY_ASYNC", ""),
                    What::Record(event) => {
                        out.task(&format!("EVENT_RECORD_{}", id(event)), "EVENT_RECORD", "");
                    }
                    What::Wait(event) => out.task(&format!("EVENT_WAIT_{}", id(event)), "EVENT_WAIT", ""),
                }
            }
            if lane == 0 {
                for event in &events {
                    out.task(&format!("EVENT_RESET_{}", id(event)), "EVENT_RESET", "");
                }
            }
        }
        format!("[\n{}\n]", lines.join(",\n"))
    }
}

struct Lines<'l> {
    pid: usize,
    stream: usize,
    count: usize,
    time: usize,
    printed: &'l mut Vec<String>,
}

impl Lines<'_> {
    fn task(&mut self, name: &str, kind: &str, more: &str) {
        let (Self { pid, stream, count, time, .. }, mut line) = (&*self, String::new());
        let (step, duration) = match kind {
            _ if kind.contains("RECORD") => (5, "4.5"),
            _ if kind.contains("WAIT") => (15, "14.5"),
            _ => (10, "9.5"),
        };
        let _ = write!(
            line,
            r#"{{"name":"{name}","pid":"{pid} aclGraph","tid":"stream{stream}","ts":{time},"dur":{duration},"ph":"X","#
        );
        let _ = write!(
            line,
            r#""args":{{"Model Id":0,"Stream Id":{stream},"Task Id":{count},"Task Type":"{kind}"{more}}}}}"#
        );
        self.printed.push(line);
        self.count += 1;
        self.time += step;
    }
}
