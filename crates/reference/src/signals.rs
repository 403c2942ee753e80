//! What streams give each other while they run: events, external events, notifies, values.

use acg_ir::{Compare, Event, Notify, Place};
use rustc_hash::FxHashMap;

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
    /// Who wrote each waited-for word last, by its place in the program's list.
    pub(crate) written: FxHashMap<usize, Place>,
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
