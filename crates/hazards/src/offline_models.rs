//! Offline models that threads and contexts share: which locks are held where they are executed, and in which contexts they are used.
//!
//! A log shows one interleaving of its threads. What is judged here holds in all of them: the locks that a thread holds and the
//! context that it has set follow from its own calls.

use acg_calls::{Api, CallView, Log, Name};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::report::Report;
use crate::rules;

/// A lock that is held, and which of its lockings that is.
type Held = (Name, u32);

/// What a thread has set.
#[derive(Clone, Debug, Default)]
struct Thread {
    context: Option<Name>,
    locks: Vec<Held>,
    /// Where it wrote memory last, by the name of the allocation, and the locks that it held there.
    writes: FxHashMap<Name, (u32, Vec<Held>)>,
}

/// A loaded model.
#[derive(Clone, Debug)]
struct Model {
    loaded: u32,
    context: Option<Name>,
    /// The latest execution by each thread.
    executions: FxHashMap<u32, u32>,
    /// The locks that all executions so far held; none before the first.
    common: Option<FxHashSet<Name>>,
    is_reported: bool,
}

struct Walk<'r, 'l> {
    log: &'l Log,
    report: &'r mut Report,
    threads: FxHashMap<u32, Thread>,
    models: FxHashMap<Name, Model>,
    /// What the log calls the device's own context.
    own_context: Option<Name>,
    /// Executions whose input was refreshed under another locking; mistakes if another thread executes the model too.
    split: FxHashMap<Name, Vec<(u32, u32)>>,
}

/// Follows the offline models of a log.
pub(crate) fn check(log: &Log, report: &mut Report) {
    if !log.iter().any(|view| view.api() == Api::MdlLoadFromFile) {
        return;
    }
    let mut walk = Walk {
        log,
        report,
        threads: FxHashMap::default(),
        models: FxHashMap::default(),
        own_context: None,
        split: FxHashMap::default(),
    };
    for view in log.iter() {
        walk.call(&view);
    }
    walk.finish();
}

impl Walk<'_, '_> {
    fn call(&mut self, view: &CallView<'_>) {
        let call = view.id.0;
        let thread = self.threads.entry(view.call.thread).or_default();
        match view.api() {
            // The context of a thread that has set none has a name once it is asked for.
            Api::GetCurrentContext if thread.context.is_none() => self.own_context = view.out(0),
            Api::SetCurrentContext => {
                thread.context = view.name(0).filter(|&name| Some(name) != self.own_context);
            }
            Api::CreateContext => thread.context = view.out(0),
            Api::MutexLock => thread.locks.extend(view.name(0).map(|lock| (lock, call))),
            Api::MutexUnlock => {
                if let Some(at) = thread.locks.iter().rposition(|held| Some(held.0) == view.name(0)) {
                    thread.locks.remove(at);
                }
            }
            Api::Memcpy | Api::MemcpyAsync | Api::Memset | Api::MemsetAsync | Api::CMemcpy | Api::CMemset => {
                if let Some(address) = view.address(0) {
                    let locks = thread.locks.clone();
                    thread.writes.insert(address.base, (call, locks));
                }
            }
            Api::MdlLoadFromFile => {
                if let Some(name) = view.out(1) {
                    let model = Model {
                        loaded: call,
                        context: thread.context,
                        executions: FxHashMap::default(),
                        common: None,
                        is_reported: false,
                    };
                    self.models.insert(name, model);
                }
            }
            Api::MdlExecute | Api::MdlExecuteAsync => self.executed(view),
            Api::MdlUnload => self.in_context(view),
            _ => {}
        }
    }

    fn in_context(&mut self, view: &CallView<'_>) {
        let context = self.threads.get(&view.call.thread).and_then(|thread| thread.context);
        let Some(name) = view.name(0) else { return };
        let Some(model) = self.models.get(&name).filter(|model| model.context != context) else { return };
        let (function, text) = (view.api().as_str(), self.log.text(name));
        let finding = rules::mdl_context_differs::finding(view.id.0, function, text, model.loaded);
        self.report.add(None, finding);
    }

    fn executed(&mut self, view: &CallView<'_>) {
        self.in_context(view);
        let (call, own) = (view.id.0, view.call.thread);
        let Some(thread) = self.threads.get(&own) else { return };
        let Some(name) = view.name(0) else { return };
        let Some(model) = self.models.get_mut(&name) else { return };
        let held: FxHashSet<Name> = thread.locks.iter().map(|held| held.0).collect();
        let common = match model.common.take() {
            Some(common) => common.intersection(&held).copied().collect(),
            None => held,
        };
        let other =
            model.executions.iter().filter(|&(&thread, _)| thread != own).map(|(_, &call)| call).max();
        if let Some(other) = other.filter(|_| common.is_empty() && !model.is_reported) {
            model.is_reported = true;
            let text = self.log.text(name);
            self.report.add(None, rules::mdl_shared_without_lock::no_lock(call, text, other));
        }
        model.common = Some(common);
        model.executions.insert(own, call);
        let inputs = view.list(1).unwrap_or(&[]).iter().filter_map(|input| input.address());
        let refreshed = inputs.filter_map(|input| thread.writes.get(&input.base));
        let refreshed = refreshed.filter(|(_, locks)| !thread.locks.iter().any(|held| locks.contains(held)));
        if let Some(&(write, _)) = refreshed.max_by_key(|write| write.0) {
            self.split.entry(name).or_default().push((call, write));
        }
    }

    /// Sections that are split are mistakes where several threads execute the model and lock.
    fn finish(self) {
        let mut found: Vec<(u32, u32, Name)> = Vec::new();
        for (&name, model) in &self.models {
            if model.executions.len() > 1 && !model.is_reported {
                let split = self.split.get(&name).map_or(&[][..], Vec::as_slice);
                found.extend(split.iter().map(|&(call, write)| (call, write, name)));
            }
        }
        found.sort_unstable_by_key(|found| found.0);
        for (call, write, name) in found {
            let finding = rules::mdl_shared_without_lock::split(call, self.log.text(name), write);
            self.report.add(None, finding);
        }
    }
}
