//! Host threads and locks.
//!
//! Another host thread does one thing after the other while the main thread waits for it: its calls stand in a function that the
//! thread's executor runs. So the calls are made in the order of the log, each by its thread.

use acg_calls::{Api, CallView};

use super::Emitter;
use crate::lower::Declaration;

/// The main thread is thread 1 of a log.
pub(super) const MAIN_THREAD: u32 = 1;

impl Emitter<'_> {
    /// Makes the threads and locks, which no call of the log does.
    pub(super) fn threads_and_locks(&mut self) {
        for number in 0..self.module.threads.len() as u32 {
            let name = thread_name(number + MAIN_THREAD + 1);
            self.body.format(format_args!("{name} = ThreadPoolExecutor(max_workers=1)"));
        }
        let locks = (0..self.lowered.declarations.len())
            .map(acg_ir::Entity::at)
            .filter(|&name| matches!(self.lowered.declaration(name), Some(Declaration::Lock(_))));
        let locks: Vec<acg_calls::Name> = locks.collect();
        for lock in locks {
            let lock = self.names.of_name(lock).to_owned();
            self.body.format(format_args!("{lock} = Lock()"));
        }
    }

    /// Starts or ends the function of another thread's calls; gives whether the thread can make this one.
    pub(super) fn on_thread(&mut self, call: &CallView<'_>) -> bool {
        let thread = call.manner().thread;
        if thread != self.thread {
            self.leave_thread();
            if thread != MAIN_THREAD {
                self.leave_streams(0);
                self.thread_calls += 1;
                self.body.open(format_args!("def thread_calls_{}():", self.thread_calls));
                self.thread = thread;
            }
        }
        let makes_or_ends = call.args().iter().any(|arg| arg.out().is_some())
            && !matches!(call.api(), Api::StreamQuery | Api::QueryEventStatus)
            || matches!(call.api(), Api::Free | Api::FreeHost | Api::DestroyStream | Api::DestroyEvent);
        if thread != MAIN_THREAD && makes_or_ends {
            self.unsaid(
                call.id,
                format!(
                    "what {} makes or ends on another host thread would be that thread's alone",
                    call.api()
                ),
            );
            return false;
        }
        true
    }

    /// Ends the function of another thread's calls, and lets the thread run it.
    pub(super) fn leave_thread(&mut self) {
        if self.thread == MAIN_THREAD {
            return;
        }
        self.leave_streams(0);
        self.body.dedent();
        let thread = thread_name(self.thread);
        self.body.format(format_args!("{thread}.submit(thread_calls_{}).result()", self.thread_calls));
        self.thread = MAIN_THREAD;
    }

    /// `lock l { … }`, as a `with` block.
    pub(super) fn lock(&mut self, call: &CallView<'_>) {
        self.leave_streams(0);
        if call.api() == Api::MutexLock {
            let lock = self.at(call, 0);
            self.body.open(format_args!("with {lock}:"));
        } else {
            self.body.dedent();
        }
    }
}

/// What a thread of the log is called.
fn thread_name(thread: u32) -> String {
    format!("thread_{}", thread - MAIN_THREAD)
}
