//! What the prototypes of the functions say that a walk asks at every call, looked up once.

use std::sync::LazyLock;

use acg_calls::{APIS, Api, Handle, Kind, Signature};

/// One function.
pub(super) struct Shape {
    /// Where it takes the stream it works on.
    pub(super) stream: Option<usize>,
    /// Where it takes events.
    pub(super) events: Vec<usize>,
    /// Where it gives an object back.
    pub(super) outs: Vec<(usize, Out)>,
    /// Whether some argument can lead to memory that its work touches.
    pub(super) leads_to_memory: bool,
}

/// What a function gives back.
#[derive(Clone, Copy, Debug)]
pub(super) enum Out {
    Handle(Handle),
    Address,
}

static SHAPES: LazyLock<Vec<Shape>> = LazyLock::new(|| APIS.iter().map(Shape::of).collect());

impl Shape {
    fn of(signature: &Signature) -> Self {
        let params = || signature.params.iter().enumerate();
        let out = |kind| match kind {
            Kind::Out(handle) => Some(Out::Handle(handle)),
            Kind::OutAddress => Some(Out::Address),
            _ => None,
        };
        Self {
            stream: params()
                .position(|(_, param)| param.kind == Kind::In(Handle::Stream) && param.name == "stream"),
            events: params()
                .filter(|(_, param)| param.kind == Kind::In(Handle::Event))
                .map(|(at, _)| at)
                .collect(),
            outs: params().filter_map(|(at, param)| Some((at, out(param.kind)?))).collect(),
            leads_to_memory: params().any(|(_, param)| !is_apart_from_memory(param.kind)),
        }
    }

    /// The shape of a function.
    pub(super) fn of_api(api: Api) -> &'static Self {
        &SHAPES[api as usize]
    }
}

/// Whether an argument says nothing of memory, whatever it is.
fn is_apart_from_memory(kind: Kind) -> bool {
    match kind {
        Kind::In(handle) => {
            matches!(handle, Handle::Stream | Handle::Event | Handle::Notify | Handle::CntNotify)
        }
        Kind::Int | Kind::Enum(_) | Kind::Flags(_) | Kind::Number(_) => true,
        _ => false,
    }
}
