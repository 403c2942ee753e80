//! Changes of programs, and what a difference must say about each.

use super::program::{Names, Op, Program, What};
use fastrand::Rng;

/// What was done, by uids.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Done {
    pub(crate) removed: Vec<u32>,
    pub(crate) added: Vec<u32>,
    pub(crate) moved: Vec<u32>,
    pub(crate) changed: Vec<(u32, &'static str)>,
    /// Records and waits, likewise.
    pub(crate) syncs_removed: Vec<u32>,
    pub(crate) syncs_added: Vec<u32>,
    pub(crate) syncs_moved: Vec<u32>,
    /// Two neighbours that changed places: either can be told to have moved.
    pub(crate) swapped: Option<(u32, u32)>,
    pub(crate) streams: usize,
}

type Mutation = fn(&mut Program, &mut Rng, Names) -> Option<Done>;

/// Every change by its name.
pub(crate) const ALL: &[(&str, Mutation)] = &[
    ("drop a wait", drop_wait),
    ("drop a dependency", drop_dependency),
    ("add a dependency", add_dependency),
    ("swap two kernels", swap),
    ("move a task to another stream", move_across),
    ("change blocks", change_blocks),
    ("change schem mode", change_schem),
    ("tag a kernel", tag),
    ("add a copy", add_copy),
    ("drop a task", drop_task),
    ("rename a kernel", rename),
    ("move a wait on its stream", move_wait),
    ("add a stream", add_stream),
    ("drop a stream", drop_stream),
];

type Place = (usize, usize);

fn places(program: &Program, wanted: impl Fn(&Op) -> bool) -> Vec<Place> {
    program.all().filter(|(_, op)| wanted(op)).map(|(place, _)| place).collect()
}

fn is_wait(op: &Op) -> bool {
    matches!(op.what, What::Wait(_))
}

fn is_kernel(op: &Op) -> bool {
    matches!(op.what, What::Kernel { .. })
}

fn take(program: &mut Program, (lane, at): Place) -> Op {
    program.lanes[lane].remove(at)
}

fn drop_wait(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    let place = *rng.choice(&places(program, is_wait))?;
    Some(Done { syncs_removed: vec![take(program, place).uid], ..Done::default() })
}

fn drop_dependency(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    let place = *rng.choice(&places(program, is_wait))?;
    let wait = take(program, place);
    let What::Wait(event) = wait.what else { return None };
    let record = *places(program, |op| op.what == What::Record(event)).first()?;
    let record = take(program, record);
    Some(Done { syncs_removed: vec![wait.uid, record.uid], ..Done::default() })
}

fn add_dependency(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    // After all joins everything is ordered already; at the start of the origin stream nothing can go wrong.
    let (from, to) = (rng.usize(..program.lanes.len()), rng.usize(..program.lanes.len()));
    if from == to {
        return None;
    }
    let event = program.event();
    let (record, wait) = (program.fresh(What::Record(event)), program.fresh(What::Wait(event)));
    let at = (within(&program.lanes[from], rng)?, within(&program.lanes[to], rng)?);
    let uids = vec![record.uid, wait.uid];
    program.lanes[from].insert(at.0, record);
    program.lanes[to].insert(at.1, wait);
    is_runnable(program).then_some(Done { syncs_added: uids, ..Done::default() })
}

/// A place between two operations of a stream, if it has as many: others may have been dropped before.
fn within(lane: &[Op], rng: &mut Rng) -> Option<usize> {
    (lane.len() > 1).then(|| rng.usize(1..lane.len()))
}

/// Whether no streams wait for each other in a circle.
fn is_runnable(program: &Program) -> bool {
    let mut next = vec![0; program.lanes.len()];
    let mut recorded = std::collections::BTreeSet::new();
    let known: Vec<u32> = program
        .all()
        .filter_map(|(_, op)| if let What::Record(event) = op.what { Some(event) } else { None })
        .collect();
    loop {
        let mut went = false;
        for (lane, ops) in program.lanes.iter().enumerate() {
            while let Some(op) = ops.get(next[lane]) {
                match op.what {
                    What::Wait(event) if known.contains(&event) && !recorded.contains(&event) => break,
                    What::Record(event) => _ = recorded.insert(event),
                    _ => {}
                }
                next[lane] += 1;
                went = true;
            }
        }
        if !went {
            return next.iter().zip(&program.lanes).all(|(&next, lane)| next == lane.len());
        }
    }
}

fn swap(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    let pairs: Vec<Place> = places(program, is_kernel)
        .into_iter()
        .filter(|&(lane, at)| {
            let ops = &program.lanes[lane];
            ops.get(at + 1).is_some_and(|next| is_kernel(next) && next.what != ops[at].what)
        })
        .collect();
    let &(lane, at) = rng.choice(&pairs)?;
    program.lanes[lane].swap(at, at + 1);
    let uids = (program.lanes[lane][at + 1].uid, program.lanes[lane][at].uid);
    Some(Done { swapped: Some(uids), ..Done::default() })
}

fn move_across(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    if program.lanes.len() < 2 {
        return None;
    }
    let place = *rng.choice(&places(program, Op::is_work))?;
    let to = rng.usize(..program.lanes.len());
    // A stream without work would be another change.
    if to == place.0 || program.lanes[place.0].iter().filter(|op| op.is_work()).count() < 3 {
        return None;
    }
    let at = within(&program.lanes[to], rng)?;
    let task = take(program, place);
    let uid = task.uid;
    program.lanes[to].insert(at, task);
    Some(Done { moved: vec![uid], ..Done::default() })
}

fn change(
    program: &mut Program,
    rng: &mut Rng,
    attribute: &'static str,
    change: impl Fn(&mut What),
) -> Option<Done> {
    let (lane, at) = *rng.choice(&places(program, is_kernel))?;
    let op = &mut program.lanes[lane][at];
    change(&mut op.what);
    Some(Done { changed: vec![(op.uid, attribute)], ..Done::default() })
}

fn change_blocks(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    change(program, rng, "Numblocks", |what| {
        if let What::Kernel { blocks, .. } = what {
            *blocks += 40;
        }
    })
}

fn change_schem(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    change(program, rng, "Schem Mode", |what| {
        if let What::Kernel { schem, .. } = what {
            *schem = 1 - *schem;
        }
    })
}

fn tag(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    change(program, rng, "ExtendInfo", |what| {
        if let What::Kernel { info, .. } = what {
            *info = Some("layer 7".to_owned());
        }
    })
}

fn rename(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    change(program, rng, "name", |what| {
        if let What::Kernel { name, .. } = what {
            *name = format!("fused_{name}");
        }
    })
}

fn add_copy(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    let lane = rng.usize(..program.lanes.len());
    let at = within(&program.lanes[lane], rng)?;
    let copy = program.fresh(What::Copy);
    let uid = copy.uid;
    program.lanes[lane].insert(at, copy);
    Some(Done { added: vec![uid], ..Done::default() })
}

fn drop_task(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    let place = *rng.choice(&places(program, Op::is_work))?;
    if program.lanes[place.0].iter().filter(|op| op.is_work()).count() < 3 {
        return None;
    }
    Some(Done { removed: vec![take(program, place).uid], ..Done::default() })
}

fn move_wait(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    // Behind the next task, if that is work; the first wait of a side stream stays, for the stream begins with it.
    let movable: Vec<Place> = places(program, is_wait)
        .into_iter()
        .filter(|&(lane, at)| at > 0 && program.lanes[lane].get(at + 1).is_some_and(Op::is_work))
        .collect();
    let &(lane, at) = rng.choice(&movable)?;
    let uid = program.lanes[lane][at].uid;
    program.lanes[lane].swap(at, at + 1);
    Some(Done { syncs_moved: vec![uid], ..Done::default() })
}

fn add_stream(program: &mut Program, rng: &mut Rng, names: Names) -> Option<Done> {
    let forks: Vec<usize> = (1..program.lanes[0].len() - 1).collect();
    let at = *rng.choice(&forks)?;
    let (fork, join) = (program.event(), program.event());
    let (forked, drawn) = (program.fresh(What::Record(fork)), program.fresh(What::Wait(fork)));
    let (joined, met) = (program.fresh(What::Record(join)), program.fresh(What::Wait(join)));
    let work = vec![program.kernel(rng, Names::Unique), program.kernel(rng, names)];
    let done = Done {
        added: work.iter().map(|op| op.uid).collect(),
        syncs_added: vec![forked.uid, drawn.uid, joined.uid, met.uid],
        streams: 1,
        ..Done::default()
    };
    let end = program.lanes[0].len() - 1;
    program.lanes[0].insert(end, met);
    program.lanes[0].insert(at, forked);
    program.lanes.push([drawn].into_iter().chain(work).chain([joined]).collect());
    Some(done)
}

fn drop_stream(program: &mut Program, rng: &mut Rng, _: Names) -> Option<Done> {
    // One that only forks from and joins other streams, so that nothing else changes.
    let lane = 1 + rng.usize(..program.lanes.len().checked_sub(1).filter(|&sides| sides > 0)?);
    let events: Vec<u32> = program.lanes[lane]
        .iter()
        .filter_map(|op| match op.what {
            What::Record(event) | What::Wait(event) => Some(event),
            _ => None,
        })
        .collect();
    let mut done = Done { streams: 1, ..Done::default() };
    for op in program.lanes.remove(lane) {
        if op.is_work() { done.removed.push(op.uid) } else { done.syncs_removed.push(op.uid) }
    }
    for ops in &mut program.lanes {
        ops.retain(|op| {
            let is_gone =
                matches!(op.what, What::Record(event) | What::Wait(event) if events.contains(&event));
            if is_gone {
                done.syncs_removed.push(op.uid);
            }
            !is_gone
        });
    }
    // A stream that lost its fork is not drawn in any more; that is another change.
    let is_sound = program.lanes.iter().skip(1).all(|lane| lane.first().is_some_and(is_wait));
    is_sound.then_some(done)
}
