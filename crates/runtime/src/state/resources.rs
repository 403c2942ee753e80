//! Driver ids: which pool each kind of object draws from, and what happens when it is empty.

use super::IdPool;
use crate::target::Target;

/// A pool is empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortage {
    /// No hardware event.
    Event,
    /// No stream.
    Stream,
    /// No notify.
    Notify,
    /// No graph.
    Model,
}

impl Shortage {
    /// The code that reports it.
    pub const fn code(self) -> i32 {
        match self {
            Self::Event => 207_007,
            Self::Stream => 207_008,
            Self::Notify => 207_009,
            Self::Model => 207_010,
        }
    }

    /// What there is none of.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Stream => "stream",
            Self::Notify => "notify",
            Self::Model => "model",
        }
    }
}

/// All pools of one device.
#[derive(Clone, Debug)]
pub struct Pools {
    /// Streams, hidden ones included.
    pub streams: IdPool,
    /// Graphs.
    pub models: IdPool,
    /// Hardware events; on chips that make them of notifies, notifies too.
    pub events: IdPool,
    notifies: IdPool,
    /// Count notifies.
    pub count_notifies: IdPool,
    words: IdPool,
    shares_notifies: bool,
    next_address: u64,
}

/// The first word of the pool that memory events are cut from.
const FIRST_WORD: u64 = 0x12c1_8020_0000;
/// The first address of device memory.
const FIRST_ADDRESS: u64 = 0x12c0_4000_0000;
/// Graphs there can be; neither source nor documents name a number.
const MODELS: u32 = u32::MAX;
/// Distance that keeps allocations apart.
const ALIGNMENT: u64 = 512;

impl Pools {
    /// Full pools for a machine.
    pub(crate) fn new(target: &Target) -> Self {
        Self {
            streams: IdPool::new(target.streams),
            models: IdPool::new(MODELS),
            events: IdPool::new(target.events),
            notifies: IdPool::new(target.notifies),
            count_notifies: IdPool::new(target.notifies),
            words: IdPool::new(u32::MAX),
            shares_notifies: target.is_david,
            next_address: FIRST_ADDRESS,
        }
    }

    /// Takes a stream id.
    pub(crate) fn take_stream(&mut self) -> Result<u32, Shortage> {
        self.streams.take().ok_or(Shortage::Stream)
    }

    /// Takes a graph id.
    pub(crate) fn take_model(&mut self) -> Result<u32, Shortage> {
        self.models.take().ok_or(Shortage::Model)
    }

    /// Takes a hardware event.
    pub(crate) fn take_event(&mut self) -> Result<u32, Shortage> {
        self.events.take().ok_or(Shortage::Event)
    }

    /// How many hardware events are free.
    pub(crate) fn free_events(&self) -> u32 {
        self.events.limit().saturating_sub(self.events.taken())
    }

    /// Takes a notify.
    pub(crate) fn take_notify(&mut self) -> Result<u32, Shortage> {
        let pool = if self.shares_notifies { &mut self.events } else { &mut self.notifies };
        pool.take().ok_or(Shortage::Notify)
    }

    /// Takes what a blocking callback reports by: an event, on 950 a notify.
    pub(crate) fn take_callback_signal(&mut self) -> Result<u32, Shortage> {
        if self.shares_notifies { self.take_notify() } else { self.take_event() }
    }

    /// Gives it back; on 950 events and notifies are one pool.
    pub(crate) fn give_callback_signal(&mut self, id: u32) {
        self.events.give(id);
    }

    /// Takes a count notify.
    pub(crate) fn take_count_notify(&mut self) -> Result<u32, Shortage> {
        self.count_notifies.take().ok_or(Shortage::Notify)
    }

    /// Gives a notify back.
    pub(crate) fn give_notify(&mut self, id: u32) {
        let pool = if self.shares_notifies { &mut self.events } else { &mut self.notifies };
        pool.give(id);
    }

    /// Takes a word of device memory for a memory event; there are always more.
    pub(crate) fn take_word(&mut self) -> u64 {
        FIRST_WORD + u64::from(self.words.take().unwrap_or(u32::MAX))
    }

    /// Gives a word back.
    pub(crate) fn give_word(&mut self, address: u64) {
        if let Ok(word) = u32::try_from(address.saturating_sub(FIRST_WORD)) {
            self.words.give(word);
        }
    }

    /// Takes `size` bytes of device address space.
    pub(crate) fn take_addresses(&mut self, size: u64) -> u64 {
        let address = self.next_address;
        let rounded = size.max(1).saturating_add(ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        self.next_address = address.saturating_add(rounded);
        address
    }
}
