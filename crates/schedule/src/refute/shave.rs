//! Narrows windows task by task: supposes that a task starts in the first part of its window, and where that fails, cuts it off.
//!
//! Going with the dependences, each task's earliest start becomes nearly what its predecessors need by themselves, so that what
//! a network pays in every block adds up along it, instead of being found again in every block by search.

use super::Verdict;
use super::propagate::Windows;
use super::search::decide;

/// Choices for one supposition.
const NODES: u64 = 12;

/// Narrows all windows; `false` where one becomes empty, so that the deadline is refuted.
pub(super) fn shave(windows: &mut Windows, latency: u64, grid: u64, nodes: u64) -> bool {
    let steps = [latency, latency / 4 / grid * grid];
    let mut left = nodes * 4;
    for _ in 0..2 {
        let before = windows.mark();
        for task in 0..windows.len() {
            for step in steps.into_iter().filter(|&step| step > 0) {
                while left > 0 && fails_early(windows, task, step as i64, grid as i64, &mut left) {
                    let time = windows.earliest[task as usize] + step as i64;
                    if !windows.suppose_from(task, time) {
                        return false;
                    }
                }
            }
        }
        for task in (0..windows.len()).rev() {
            for step in steps.into_iter().filter(|&step| step > 0) {
                while left > 0 && fails_late(windows, task, step as i64, grid as i64, &mut left) {
                    let time = windows.latest[task as usize] - step as i64;
                    if !windows.suppose_by(task, time) {
                        return false;
                    }
                }
            }
        }
        if windows.mark() == before {
            break;
        }
    }
    true
}

/// Whether `task` cannot start within `step` from its earliest start.
fn fails_early(windows: &mut Windows, task: u32, step: i64, grid: i64, left: &mut u64) -> bool {
    let mark = windows.mark();
    let by = windows.earliest[task as usize] + step - grid;
    let possible = windows.suppose_by(task, by) && is_possible(windows, left);
    windows.back_to(mark);
    !possible
}

/// Whether `task` cannot start within `step` up to its latest start.
fn fails_late(windows: &mut Windows, task: u32, step: i64, grid: i64, left: &mut u64) -> bool {
    let mark = windows.mark();
    let from = windows.latest[task as usize] - step + grid;
    let possible = windows.suppose_from(task, from) && is_possible(windows, left);
    windows.back_to(mark);
    !possible
}

fn is_possible(windows: &mut Windows, left: &mut u64) -> bool {
    *left = left.saturating_sub(NODES);
    decide(windows, NODES) != Verdict::Refuted
}
