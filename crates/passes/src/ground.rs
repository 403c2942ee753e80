//! What passes go through the graphs of a module with, one after the other.
//!
//! A graph touches little of what a module declares. So what takes a look at all of a module is gathered once and kept true while graphs
//! change, and tables by buffer, stream or event are wiped from graph to graph and not made anew.

use acg_ir::{Buffer, Event, Inference, Module, Slate, Stream};

use crate::declare::Supply;
use crate::own_events::Mentions;

/// See the module.
pub(crate) struct Ground {
    /// Finds what depends on what in a graph.
    pub(crate) inference: Inference,
    /// How often events are mentioned.
    pub(crate) mentions: Mentions,
    /// The number of each stream of a graph.
    pub(crate) streams: Slate<Stream, u32>,
    /// What is complete when an event of a graph fires, as a range of a list.
    pub(crate) fired: Slate<Event, (u32, u32)>,
    /// The number of each temporary of a graph.
    pub(crate) temporaries: Slate<Buffer, u32>,
    supply: Option<Supply>,
}

impl Ground {
    /// For the graphs of `module`.
    pub(crate) fn of(module: &Module) -> Self {
        Self {
            inference: Inference::new(module),
            mentions: Mentions::of(module),
            streams: Slate::new(),
            fired: Slate::new(),
            temporaries: Slate::new(),
            supply: None,
        }
    }

    /// What gives graphs streams and events; the module gets them at the [end](Ground::finish).
    pub(crate) fn supply(&mut self, module: &Module) -> &mut Supply {
        self.supply.get_or_insert_with(|| Supply::of(module))
    }

    /// Declares what graphs were given, and takes away the events that they do without.
    pub(crate) fn finish(self, module: &mut crate::Subject<'_>) {
        if let Some(supply) = self.supply {
            supply.finish(module.change());
        }
    }
}
