//! Tries both answers where propagation leaves a choice.

use super::Verdict;
use super::propagate::{Edge, Link, Windows};

/// Where choices are made.
#[derive(Clone, Copy, Debug)]
pub(super) enum Focus {
    /// Wherever it fails most.
    Everywhere,
    /// As near to `task` as there are choices with less than `room`; what else is open is not looked at.
    Near { task: u32, room: i64 },
}

/// Whether a schedule within the windows is possible, looked for with at most `nodes` choices and until `windows.steps` is `most`; leaves the windows as they were.
pub(super) fn decide(windows: &mut Windows, nodes: u64, most: u64, focus: Focus) -> Verdict {
    // The choices made: where the trail was, and the edge whose other answer is still to be tried.
    let mut choices: Vec<(usize, u32, bool)> = Vec::new();
    let base = windows.mark();
    for _ in 0..nodes {
        if windows.steps >= most {
            break;
        }
        windows.steps += windows.edges.len() as u64 / 16;
        let Some(edge) = next_choice(windows, focus) else {
            let ends = (0..windows.len()).map(|task| windows.earliest[task as usize] + windows.cost(task));
            let makespan = ends.max().unwrap_or(0) as u64;
            windows.back_to(base);
            return Verdict::Possible(makespan);
        };
        choices.push((windows.mark(), edge, true));
        if windows.decide(edge, Link::Tight) {
            continue;
        }
        loop {
            let Some((mark, edge, untried)) = choices.pop() else { return Verdict::Refuted };
            windows.back_to(mark);
            if untried {
                choices.push((mark, edge, false));
                if windows.decide(edge, Link::Loose) {
                    break;
                }
            }
        }
    }
    windows.back_to(base);
    Verdict::Unknown
}

/// The open edge that hurts most if it is loose. `None` where the earliest times are a schedule with every open edge loose.
fn next_choice(windows: &Windows, focus: Focus) -> Option<u32> {
    let open = windows.edges.iter().enumerate().filter(|&(index, _)| windows.link[index] == Link::Open);
    let binding = open.filter_map(|(index, edge)| {
        let Edge { from, to, wait } = *edge;
        let away = windows.earliest[from as usize] + windows.cost(from) + wait;
        let room = windows.latest[to as usize] - away;
        let key = match focus {
            // Between tasks that failed most, with the least room.
            Focus::Everywhere => {
                let failures = windows.failures[from as usize] + windows.failures[to as usize];
                (room + 1) * 1024 / (i64::from(failures) + 1)
            }
            Focus::Near { task, room: most } if room < most => i64::from(to.abs_diff(task)),
            Focus::Near { .. } => return None,
        };
        (away > windows.earliest[to as usize]).then_some((key, index as u32))
    });
    binding.min().map(|(_, index)| index)
}
