//! Puts the schedules of segments together.

use crate::Dag;
use crate::list::{Placement, Streams};
use crate::segments::{Segment, Segments};

use super::segment::Solved;

/// The schedule of the whole graph: parts one after the other, where a part's stream of the entry is the one the cut is on.
pub(super) fn stitch(dag: &Dag, segments: &Segments, solved: &[Solved], streams: Streams) -> Placement {
    let mut whole = Placement { stream_of: vec![0; dag.len()], start: vec![0; dag.len()], makespan: 0 };
    let mut parts = segments.parts.iter().peekable();
    let mut now = 0;
    let mut stream = 0;
    if let Some(part) = parts.next_if(|part| part.entry.is_none()) {
        (now, stream) = append(&mut whole, part, &solved[part.shape], streams, now, stream);
    }
    for &cut in &segments.cuts {
        whole.stream_of[cut as usize] = stream;
        whole.start[cut as usize] = now;
        now += dag.cost(cut);
        if let Some(part) = parts.next_if(|part| part.entry == Some(cut)) {
            (now, stream) = append(&mut whole, part, &solved[part.shape], streams, now, stream);
        }
    }
    whole.makespan = now;
    whole
}

/// Appends `part` at `now`; gives when it has ended, and the stream of its exit.
fn append(
    whole: &mut Placement,
    part: &Segment,
    solved: &Solved,
    streams: Streams,
    now: u64,
    stream: u32,
) -> (u64, u32) {
    let placed = &solved.placement;
    let first = usize::from(part.entry.is_some());
    // Exchanges two streams, so that the entry stays where it is.
    let home = if first == 1 { placed.stream_of[0] } else { stream };
    let renamed = |on: u32| match on {
        on if on == home => stream,
        on if on == stream => home,
        on => on,
    };
    debug_assert!(placed.stream_of.iter().all(|&on| on < streams.count));
    for (index, &task) in part.tasks.iter().enumerate() {
        whole.stream_of[task as usize] = renamed(placed.stream_of[first + index]);
        whole.start[task as usize] = now + placed.start[first + index];
    }
    let exit = if part.exit.is_some() { placed.stream_of.last().copied().unwrap_or(home) } else { home };
    (now + placed.makespan, renamed(exit))
}
