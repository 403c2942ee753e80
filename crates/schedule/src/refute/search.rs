//! Tries both answers where propagation leaves a choice.

use super::Verdict;
use super::propagate::{Edge, Link, Windows};

/// Whether a schedule within the windows is possible, looked for with at most `nodes` choices; leaves the windows as they were.
pub(super) fn decide(windows: &mut Windows, nodes: u64) -> Verdict {
    // The choices made: where the trail was, and the edge whose other answer is still to be tried.
    let mut choices: Vec<(usize, u32, bool)> = Vec::new();
    let base = windows.mark();
    for _ in 0..nodes {
        let Some(edge) = next_choice(windows) else {
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

/// The open edge that hurts most if it is loose: between tasks that failed most, with the least room. `None` where the earliest
/// times are a schedule with every open edge loose.
fn next_choice(windows: &Windows) -> Option<u32> {
    let open = windows.edges.iter().enumerate().filter(|&(index, _)| windows.link[index] == Link::Open);
    let binding = open.filter_map(|(index, edge)| {
        let Edge { from, to, wait } = *edge;
        let away = windows.earliest[from as usize] + windows.cost(from) + wait;
        (away > windows.earliest[to as usize]).then(|| {
            let room = (windows.latest[to as usize] - away) as f64 + 1.0;
            let failures = f64::from(windows.failures[from as usize] + windows.failures[to as usize]) + 1.0;
            (room / failures, index as u32)
        })
    });
    binding.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1))).map(|(_, index)| index)
}
