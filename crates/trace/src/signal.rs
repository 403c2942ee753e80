//! Signals: the events, notifies and device words that tasks record, wait for and reset.

use acg_dump::{OwnedDump, Suffix};
use acg_entity::Arena;
use rustc_hash::FxHashMap;

use crate::kind::Kind;
use crate::model::TaskId;

acg_entity::entity! {
    /// An event, a notify or a device word.
    SignalId, "signal"
}

/// What identifies a signal within a dump.
///
/// An event of another device is waited for as a value at the event's address, so all addresses are one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Signal {
    /// A hardware event, by its id.
    Event(u32),
    /// A notify, by its id.
    Notify(u32),
    /// A memory event or a value, by its device address.
    Address(u64),
}

/// How often a signal is used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Uses {
    pub(crate) signal: Signal,
    pub(crate) records: u32,
    pub(crate) waits: u32,
    pub(crate) resets: u32,
}

/// Which signal each task uses.
#[derive(Debug)]
pub(crate) struct Signals {
    pub(crate) of_task: Vec<Option<SignalId>>,
    pub(crate) uses: Arena<SignalId, Uses>,
}

impl Signals {
    /// The signals of the tasks of `dump`, which are of `kinds`.
    pub(crate) fn of(dump: &OwnedDump, kinds: &[Kind]) -> Self {
        let mut index: FxHashMap<Signal, SignalId> = FxHashMap::default();
        let mut uses: Arena<SignalId, Uses> = Arena::default();
        let of_task = kinds.iter().zip(&dump.records).map(|(&kind, record)| {
            let signal = signal(kind, record.suffix)?;
            let id = *index
                .entry(signal)
                .or_insert_with(|| uses.push(Uses { signal, records: 0, waits: 0, resets: 0 }));
            uses[id].records += u32::from(kind.is_record());
            uses[id].waits += u32::from(kind.is_wait());
            uses[id].resets += u32::from(kind == Kind::EventReset);
            Some(id)
        });
        Self { of_task: of_task.collect(), uses }
    }

    /// The signal that a task uses.
    pub(crate) fn of_task(&self, task: TaskId) -> Option<SignalId> {
        use acg_entity::Entity;
        self.of_task.get(task.index()).copied().flatten()
    }
}

/// The signal that a task of `kind` with this suffix uses.
pub(crate) fn signal(kind: Kind, suffix: Suffix) -> Option<Signal> {
    let uses_one = kind.is_record() || kind.is_wait() || matches!(kind, Kind::EventReset | Kind::NotifyReset);
    match suffix {
        _ if !uses_one => None,
        Suffix::None => None,
        Suffix::Event(id) | Suffix::EventCount(id, _) => Some(Signal::Event(id)),
        Suffix::Notify(id) => Some(Signal::Notify(id)),
        Suffix::Address(address) => Some(Signal::Address(address)),
    }
}
