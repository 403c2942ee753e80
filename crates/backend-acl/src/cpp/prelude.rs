//! The parts of a program that never change, each included where something needs it.

/// A part, in the order in which parts stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Fragment {
    Outcome,
    Runtime,
    Handle,
    Stream,
    Event,
    Notify,
    Model,
    DeviceMemory,
    PinnedMemory,
    PageableMemory,
    RegisteredMemory,
    At,
    ReportThread,
    Capture,
    ExchangeMode,
    Binary,
    Operands,
    Context,
    Lock,
    LoadedModel,
    GraphEngine,
    HostThread,
    Half,
    Elements,
}

impl Fragment {
    pub(super) const ALL: [Self; 24] = [
        Self::Outcome,
        Self::Runtime,
        Self::Handle,
        Self::Stream,
        Self::Event,
        Self::Notify,
        Self::Model,
        Self::DeviceMemory,
        Self::PinnedMemory,
        Self::PageableMemory,
        Self::RegisteredMemory,
        Self::At,
        Self::ReportThread,
        Self::Capture,
        Self::ExchangeMode,
        Self::Binary,
        Self::Operands,
        Self::Context,
        Self::Lock,
        Self::LoadedModel,
        Self::GraphEngine,
        Self::HostThread,
        Self::Half,
        Self::Elements,
    ];

    /// Its text.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Self::Outcome => include_str!("prelude/outcome.hpp"),
            Self::Runtime => include_str!("prelude/runtime.hpp"),
            Self::Handle => include_str!("prelude/handle.hpp"),
            Self::Stream => include_str!("prelude/stream.hpp"),
            Self::Event => include_str!("prelude/event.hpp"),
            Self::Notify => include_str!("prelude/notify.hpp"),
            Self::Model => include_str!("prelude/model.hpp"),
            Self::DeviceMemory => include_str!("prelude/device_memory.hpp"),
            Self::PinnedMemory => include_str!("prelude/pinned_memory.hpp"),
            Self::PageableMemory => include_str!("prelude/pageable_memory.hpp"),
            Self::RegisteredMemory => include_str!("prelude/registered_memory.hpp"),
            Self::At => include_str!("prelude/at.hpp"),
            Self::ReportThread => include_str!("prelude/report_thread.hpp"),
            Self::Capture => include_str!("prelude/capture.hpp"),
            Self::ExchangeMode => include_str!("prelude/exchange_mode.hpp"),
            Self::Binary => include_str!("prelude/binary.hpp"),
            Self::Operands => include_str!("prelude/operands.hpp"),
            Self::Context => include_str!("prelude/context.hpp"),
            Self::Lock => "",
            Self::LoadedModel => include_str!("prelude/loaded_model.hpp"),
            Self::GraphEngine => include_str!("prelude/graph_engine.hpp"),
            Self::HostThread => include_str!("prelude/host_thread.hpp"),
            Self::Half => include_str!("prelude/half.hpp"),
            Self::Elements => include_str!("prelude/elements.hpp"),
        }
    }

    /// The standard headers that it needs.
    pub(super) const fn headers(self) -> &'static [&'static str] {
        match self {
            Self::Outcome => &["cstdint", "cstdio", "cstdlib", "exception"],
            Self::At | Self::RegisteredMemory => &["cstddef"],
            Self::ReportThread => &["atomic", "thread"],
            Self::Operands => &["initializer_list", "limits", "utility", "vector"],
            Self::Lock => &["mutex"],
            Self::LoadedModel => &["initializer_list", "utility", "vector"],
            Self::GraphEngine => &["cstddef", "initializer_list", "map", "memory", "vector"],
            Self::HostThread => {
                &["condition_variable", "exception", "functional", "mutex", "thread", "utility"]
            }
            Self::Half => &["cstdint", "cstring"],
            Self::Elements => &[
                "algorithm",
                "cmath",
                "cstddef",
                "cstdio",
                "cstdlib",
                "initializer_list",
                "string",
                "type_traits",
                "vector",
            ],
            _ => &[],
        }
    }

    /// The parts that it builds on.
    const fn needs(self) -> &'static [Self] {
        match self {
            Self::Stream
            | Self::Event
            | Self::Notify
            | Self::Model
            | Self::DeviceMemory
            | Self::PinnedMemory
            | Self::PageableMemory
            | Self::Context
            | Self::Binary => &[Self::Handle],
            Self::RegisteredMemory => &[Self::PageableMemory],
            Self::Capture => &[Self::Model],
            Self::Operands => &[Self::DeviceMemory],
            _ => &[],
        }
    }
}

/// The parts that a program needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fragments(u32);

impl Default for Fragments {
    /// What every program needs.
    fn default() -> Self {
        let mut fragments = Self(0);
        fragments.add(Fragment::Outcome);
        fragments.add(Fragment::Runtime);
        fragments
    }
}

impl Fragments {
    /// Adds a part and what it builds on.
    pub(super) fn add(&mut self, fragment: Fragment) {
        self.0 |= 1 << fragment as u8;
        for &needed in fragment.needs() {
            self.add(needed);
        }
    }

    pub(super) fn contains(self, fragment: Fragment) -> bool {
        self.0 & (1 << fragment as u8) != 0
    }
}
