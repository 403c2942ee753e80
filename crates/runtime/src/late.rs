//! Dumps that are made when they are written, from the state after the last call.
//!
//! A dump shows a graph as it is when it is printed, and its records take more memory than all that the state knows of it. Most
//! programs print a graph, execute it and clean up; what they print can be read off the state as well when they are over.
//!
//! **Invariant:** between the print of a graph and the end no call was made but those that [`leaves_tasks_alone`] lists; they
//! append tasks at most.

use std::io;

use acg_calls::{Api, CallId, Log};
use acg_dump::{Dump, Format, Printer};
use acg_entity::Arena;
use acg_target::Profile;

use crate::dump;
use crate::replay::Replay;
use crate::state::{InnerId, ModelId, State};

/// The bit that asks for kernel arguments in a dump.
pub(crate) const VERBOSE: i64 = 1;

/// How many records are made before they are printed: what they show is looked up faster if nothing is done between.
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
}

/// One of [`LateDumps`].
pub struct LateDump<'d> {
    state: &'d State,
    log: &'d Log,
    printed: &'d Printed,
}

impl LateDumps {
    /// Keeps what the dumps of a replay without dumps are made of; `None` where a graph may have changed after it was printed, so that
    /// its dump takes another [`replay`](crate::replay()).
    pub fn of(replay: Replay<'_>) -> Option<Self> {
        // What no dump shows is given back.
        let state = State { buffers: Arena::new(), ..replay.state };
        Some(Self { state, printed: replay.printed? })
    }

    /// The dumps in order; `log` is the one that was replayed.
    pub fn iter<'d>(&'d self, log: &'d Log) -> impl Iterator<Item = LateDump<'d>> {
        self.printed.iter().map(move |printed| LateDump { state: &self.state, log, printed })
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
        let number = self.state.models[self.printed.model].driver_id;
        let mut printer = Printer::new(number, Format::of(profile), pid, is_verbose, out);
        let mut run = Dump::new(number);
        for &(inner, tasks) in &self.printed.streams {
            printer.begin_stream(dump::stream_id(self.state, inner));
            let mut tasks = self.state.tasks_of(inner).take(tasks as usize).peekable();
            while tasks.peek().is_some() {
                run.records.clear();
                run.words.clear();
                for (id, task) in tasks.by_ref().take(RUN) {
                    let record = dump::record(self.state, self.log, id, task, &mut run);
                    run.records.push(record);
                }
                printer.records(&run.records, &run)?;
            }
        }
        printer.finish()
    }
}
