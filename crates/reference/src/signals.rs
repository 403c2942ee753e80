//! What streams give each other while they run: events, external events, notifies, values.

use acg_ir::{Compare, Event, Notify, Op, Place, TaskData};
use rustc_hash::FxHashMap;

use crate::executor::{Engine, Readiness};
use crate::fault::Site;
use crate::program::is_external;

/// A record of an event on a stream, by number.
pub(crate) type Ticket = u32;

/// The state of one signal.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Signal {
    /// Whether it has been given and not taken back.
    pub(crate) given: bool,
    /// Who gave it last.
    pub(crate) by: Option<Place>,
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Signals {
    /// Whether each record has run, and where.
    tickets: Vec<(bool, Option<Place>)>,
    /// The latest record of each event, in the order of calls.
    latest: FxHashMap<Event, Ticket>,
    pub(crate) external: FxHashMap<Event, Signal>,
    pub(crate) notifies: FxHashMap<Notify, Signal>,
    /// Who wrote each waited-for word last, by its number in the program.
    pub(crate) written: FxHashMap<u32, Place>,
}

impl Signals {
    /// A record is called.
    pub(crate) fn issue(&mut self, event: Event) -> Ticket {
        let ticket = self.tickets.len() as Ticket;
        self.tickets.push((false, None));
        self.latest.insert(event, ticket);
        ticket
    }

    /// The record that a wait or a synchronisation called now is for.
    pub(crate) fn latest(&self, event: Event) -> Option<Ticket> {
        self.latest.get(&event).copied()
    }

    /// A record runs.
    pub(crate) fn redeem(&mut self, ticket: Ticket, place: Option<Place>) {
        if let Some(entry) = self.tickets.get_mut(ticket as usize) {
            *entry = (true, place);
        }
    }

    /// Whether a record has run.
    pub(crate) fn is_redeemed(&self, ticket: Ticket) -> bool {
        self.tickets.get(ticket as usize).is_none_or(|entry| entry.0)
    }

    /// Where a record ran.
    pub(crate) fn place(&self, ticket: Ticket) -> Option<Place> {
        self.tickets.get(ticket as usize).and_then(|entry| entry.1)
    }
}

/// Whether a wait for a value is over (`aclrtValueWait`).
pub(crate) fn is_met(compare: Compare, word: u64, value: u64) -> bool {
    match compare {
        Compare::GreaterEqual => word >= value,
        Compare::Equal => word == value,
        Compare::And => word & value != 0,
        Compare::Nor => !(word | value) != 0,
    }
}

impl Engine<'_> {
    /// Whether a task waits for something that is not known before it runs.
    pub(crate) fn readiness(&self, site: Site) -> Readiness {
        let module = self.program.module;
        let is_given = match self.program.task(site).map(|data| (data.op, data)) {
            Some((Op::Wait { event, external }, _)) if is_external(module, event, external) => {
                self.signals.external.get(&event).is_some_and(|signal| signal.given)
            }
            Some((Op::WaitNotify(notify), _)) => {
                self.signals.notifies.get(&notify).is_some_and(|signal| signal.given)
            }
            Some((Op::WaitValue(compare, value), data)) => {
                data.inputs.of(&module.operands).iter().all(|&operand| {
                    let word = module.access(operand).ok().and_then(|access| self.memory.word(&access).ok());
                    word.is_some_and(|word| is_met(compare, word, value))
                })
            }
            _ => true,
        };
        if is_given { Readiness::Ready } else { Readiness::Signal }
    }

    /// What comes before a task because it waited.
    pub(crate) fn take_signals(&mut self, lane: u32, data: &TaskData) {
        let module = self.program.module;
        match data.op {
            Op::Wait { event, external } if is_external(module, event, external) => {
                let by = self.signals.external.get(&event).and_then(|signal| signal.by);
                self.races.wait(lane, by);
            }
            Op::WaitNotify(notify) => {
                let by = self.signals.notifies.get_mut(&notify).and_then(|signal| {
                    signal.given = false;
                    signal.by
                });
                self.races.wait(lane, by);
            }
            Op::WaitValue(..) => {
                for &operand in data.inputs.of(&module.operands) {
                    let word = module.access(operand).ok().and_then(|word| self.program.words.find(&word));
                    let by = word.and_then(|word| self.signals.written.get(&word).copied());
                    self.races.wait(lane, by);
                }
            }
            _ => {}
        }
    }

    /// What a task gives to those that wait.
    pub(crate) fn give_signals(&mut self, data: &TaskData, place: Option<Place>) {
        let module = self.program.module;
        let given = Signal { given: true, by: place };
        match data.op {
            Op::Record { event, external } if is_external(module, event, external) => {
                self.signals.external.insert(event, given);
                self.signalled = true;
            }
            Op::Reset(event) => {
                self.signals.external.remove(&event);
            }
            Op::RecordNotify(notify) => {
                self.signals.notifies.insert(notify, given);
                self.signalled = true;
            }
            _ => {}
        }
        if self.program.words.is_empty() {
            return;
        }
        for &operand in data.outputs.of(&module.operands) {
            let Ok(access) = module.access(operand) else { continue };
            for word in self.program.words.touched(&access) {
                self.signalled = true;
                if let Some(place) = place {
                    self.signals.written.insert(word, place);
                }
            }
        }
    }
}
