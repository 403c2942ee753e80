//! What the bodies of a module are made of, counted before any of them is gone through in detail.

use acg_ir::{Module, Op, Slate, Stream};

use crate::private::Private;

/// What is known of the lines of a module.
pub(crate) struct Outline {
    /// Which events are private.
    pub(crate) private: Private,
    /// The bodies, as the module has them.
    pub(crate) bodies: Vec<BodyOutline>,
}

/// What is known of the lines of one body.
#[derive(Default)]
pub(crate) struct BodyOutline {
    /// The streams that lines stand on, in the order in which tasks that do so are stored.
    pub(crate) streams: Vec<Stream>,
    pub(crate) waits: usize,
    /// Whether the host makes some of its calls at once.
    pub(crate) has_calls: bool,
}

impl Outline {
    pub(crate) fn of(module: &Module) -> Self {
        let mut mentions = Private::mentions(module);
        let mut known: Slate<Stream, ()> = Slate::new();
        let mut bodies = Vec::new();
        for (number, (id, body)) in module.bodies().enumerate() {
            let mut outline = BodyOutline::default();
            for (_, data) in body.stored() {
                mentions.add(number, id, data.op);
                outline.waits += usize::from(matches!(data.op, Op::Wait { .. } | Op::WaitNotify(_)));
                outline.has_calls |= !data.op.takes_stream();
                if let Some(stream) = data.stream {
                    known.or_set(stream, || outline.streams.push(stream));
                }
            }
            known.wipe();
            bodies.push(outline);
        }
        Self { private: mentions.private(), bodies }
    }
}
