//! Narrows windows task by task: supposes that a task starts in the first part of its window, and where that fails, cuts it off.
//!
//! Going with the dependences, each task's earliest start becomes nearly what its predecessors need by themselves, so that what
//! a network pays in every block adds up along it, instead of being found again in every block by search.

use super::Verdict;
use super::propagate::Windows;
use super::search::{Focus, decide};

/// Choices for one supposition.
const NODES: u64 = 24;

/// Narrows all windows until `windows.steps` is `most`; `false` where one becomes empty, so that the deadline is refuted.
pub(super) fn shave(windows: &mut Windows, latency: u64, grid: u64, most: u64) -> bool {
    let steps = [latency, latency / 4 / grid * grid];
    for _ in 0..2 {
        let before = windows.mark();
        for task in 0..windows.len() {
            for step in steps.into_iter().filter(|&step| step > 0) {
                while windows.steps < most
                    && fails_early(windows, task, (step as i64, grid as i64, latency as i64), most)
                {
                    let time = windows.earliest[task as usize] + step as i64;
                    if !windows.suppose_from(task, time) {
                        return false;
                    }
                }
            }
        }
        for task in (0..windows.len()).rev() {
            for step in steps.into_iter().filter(|&step| step > 0) {
                while windows.steps < most
                    && fails_late(windows, task, (step as i64, grid as i64, latency as i64), most)
                {
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
fn fails_early(windows: &mut Windows, task: u32, (step, grid, latency): (i64, i64, i64), most: u64) -> bool {
    let mark = windows.mark();
    let by = windows.earliest[task as usize] + step - grid;
    let possible =
        windows.suppose_by(task, by) && is_possible(windows, Focus::Near { task, room: latency }, most);
    windows.back_to(mark);
    !possible
}

/// Whether `task` cannot start within `step` up to its latest start.
fn fails_late(windows: &mut Windows, task: u32, (step, grid, latency): (i64, i64, i64), most: u64) -> bool {
    let mark = windows.mark();
    let from = windows.latest[task as usize] - step + grid;
    let possible =
        windows.suppose_from(task, from) && is_possible(windows, Focus::Near { task, room: latency }, most);
    windows.back_to(mark);
    !possible
}

fn is_possible(windows: &mut Windows, focus: Focus, most: u64) -> bool {
    decide(windows, NODES, most, focus) != Verdict::Refuted
}
