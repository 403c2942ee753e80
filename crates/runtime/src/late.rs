//! Dumps that are made when they are written, from the state after the last call.
//!
//! A dump shows a graph as it is when it is printed, and its records take more memory than all that the state knows of it. Most
//! programs print a graph, execute it and clean up; what they print can be read off the state as well when they are over.
//!
//! **Invariant:** between the print of a graph and the end no call was made but those that [`leaves_tasks_alone`] lists; they
//! append tasks at most.

use std::hint::black_box;
use std::io;
use std::sync::OnceLock;

use acg_calls::{Api, CallId, Log};
use acg_dump::{Dump, Format, Printer};
use acg_entity::{Arena, Rows};
use acg_target::Profile;

use crate::dump;
use crate::replay::Replay;
use crate::state::{InnerId, ModelId, State, TaskId, Work};

/// The bit that asks for kernel arguments in a dump.
pub(crate) const VERBOSE: i64 = 1;

/// How many tasks are looked up before any of them is printed: those of a stream lie far apart, and the next one is not to be waited for
/// only after this one is done.
const RUN: usize = 64;

/// A graph that was printed.
#[derive(Clone, Debug)]
pub(crate) struct Printed {
    call: u32,
    model: ModelId,
    /// Its hidden streams in printed order, and how many tasks each had.
    streams: Vec<(InnerId, u32)>,
}

impl Printed {
    pub(crate) fn new(state: &State, call: u32, model: ModelId) -> Self {
        let inners = state.models[model].inners.iter().rev();
        Self { call, model, streams: inners.map(|&inner| (inner, state.inners[inner].tasks)).collect() }
    }
}

/// Whether a call changes nothing of the tasks that are stored, and no event or launch that they name.
pub(crate) fn leaves_tasks_alone(api: Api) -> bool {
    matches!(
        api,
        Api::RiDebugJsonPrint
            | Api::RiExecuteAsync
            | Api::RiExecute
            | Api::RiDestroy
            | Api::SynchronizeStream
            | Api::SynchronizeStreamWithTimeout
            | Api::SynchronizeDevice
            | Api::SynchronizeDeviceWithTimeout
            | Api::DestroyStream
            | Api::DestroyEvent
            | Api::DestroyNotify
            | Api::Free
            | Api::FreeHost
            | Api::CFree
            | Api::HostUnregister
            | Api::ResetDevice
            | Api::AclFinalize
    )
}

/// What is left of a replay to make its dumps of.
#[derive(Debug)]
pub struct LateDumps {
    state: State,
    printed: Vec<Printed>,
    /// The tasks of each hidden stream in their order, once a dump is written.
    tasks: OnceLock<Rows<InnerId, TaskId>>,
}

/// One of [`LateDumps`].
pub struct LateDump<'d> {
    dumps: &'d LateDumps,
    log: &'d Log,
    printed: &'d Printed,
}

impl LateDumps {
    /// Keeps what the dumps of a replay without dumps are made of; `None` where a graph may have changed after it was printed, so that
    /// its dump takes another [`replay`](crate::replay()).
    pub fn of(replay: Replay<'_>) -> Option<Self> {
        // What no dump shows is given back.
        let state = State { buffers: Arena::new(), ..replay.state };
        Some(Self { state, printed: replay.printed?, tasks: OnceLock::new() })
    }

    /// The dumps in order; `log` is the one that was replayed.
    pub fn iter<'d>(&'d self, log: &'d Log) -> impl Iterator<Item = LateDump<'d>> {
        self.printed.iter().map(move |printed| LateDump { dumps: self, log, printed })
    }

    /// The first `count` tasks of a hidden stream.
    fn tasks(&self, inner: InnerId, count: u32) -> &[TaskId] {
        let tasks = &self.state.tasks;
        let all = self.tasks.get_or_init(|| {
            Rows::of(self.state.inners.len(), tasks.iter().map(|(id, task)| (task.inner, id)))
        });
        all[inner].get(..count as usize).unwrap_or(&all[inner])
    }
}

impl<'d> LateDump<'d> {
    /// The path that it was given.
    pub fn path(&self) -> &'d str {
        self.log.view(CallId(self.printed.call)).text(1).unwrap_or_default()
    }

    /// The text of the file, as [`LateDump::write`] writes it.
    pub fn text(&self, profile: &Profile, pid: u32) -> String {
        let mut out = Vec::new();
        // Writing to a vector cannot fail, and texts are UTF-8.
        let _ = self.write(profile, pid, &mut out);
        String::from_utf8(out).unwrap_or_default()
    }

    /// Writes it as process `pid` of a machine with `profile` would, stream by stream.
    ///
    /// # Errors
    ///
    /// Where `out` cannot be written to.
    pub fn write(&self, profile: &Profile, pid: u32, out: &mut dyn io::Write) -> io::Result<()> {
        let is_verbose = self.log.view(CallId(self.printed.call)).int(2).unwrap_or(0) & VERBOSE != 0;
        let state = &self.dumps.state;
        let number = state.models[self.printed.model].driver_id;
        let mut printer = Printer::new(number, Format::of(profile), pid, is_verbose, out);
        let words = if is_verbose { vec![0; dump::MOST_WORDS] } else { Vec::new() };
        let mut part = Dump { words, ..Dump::new(number) };
        for &(inner, count) in &self.printed.streams {
            printer.begin_stream(dump::stream_id(state, inner));
            for run in self.dumps.tasks(inner, count).chunks(RUN) {
                fetch(state, self.log, run);
                part.records.clear();
                part.records.extend(run.iter().map(|&id| dump::record(state, self.log, id)));
                printer.records(&part.records, &part)?;
            }
        }
        printer.finish()
    }
}

/// Fetches what the records of some tasks show.
fn fetch(state: &State, log: &Log, run: &[TaskId]) {
    let shown = |&id: &TaskId| match state.tasks[id].work {
        Work::Kernel(launch) => {
            let name = state.launches.kernel(launch).name;
            name.and_then(|name| log.text(name).bytes().next()).unwrap_or(0)
        }
        Work::Record(event) | Work::Wait(event) | Work::Reset(event) => {
            u8::from(state.captured[event].is_recorded)
        }
        _ => 0,
    };
    black_box(run.iter().map(shown).fold(0, |sum, shown| sum ^ shown));
}
