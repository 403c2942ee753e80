//! The IR: one module holds what a `.acg` file says, as arenas with typed indices.
//!
//! | what | where |
//! |---|---|
//! | entities and arenas | [`acg_entity`] |
//! | names | [`symbols`] |
//! | buffers, streams, events, notifies, targets | [`module`] |
//! | program order: what a graph and the host program have in common | [`body`] |
//! | graphs | [`graph`] |
//! | tasks: what each line does | [`task`] |
//! | regions: which bytes an operand covers | [`region`] |
//! | accesses that later ones conflict with, by byte | [`visible`] |
//! | names, reserved words | [`name`] |
//! | flags of streams and events, attributes of tasks, by word | [`flag`], [`task_attribute`] |
//! | the module as text | [`print`] |
//! | which operand stands for which C parameter | [`binding`] |
//! | what depends on what: conflicts on bytes | [`dependence`] |
//! | how long tasks run, and on what | [`cost`] |
//! | vector clocks over lanes | [`clock`] |
//! | what is ordered before what: streams and events | [`happens_before`] |
//! | invariants, and the type that says they hold | [`verify`] |
//!
//! **Invariant:** an entity refers only to entities that were made before it.
//! **Invariant:** program order ([`body::Step`]) is kept apart from what depends on what.

pub mod anchors;
pub mod binding;
pub mod body;
pub mod clock;
pub mod cost;
pub mod dependence;
pub mod flag;
pub mod graph;
pub mod happens_before;
pub mod list;
pub mod module;
pub mod name;
pub mod print;
pub mod region;
pub mod rows;
pub mod symbols;
pub mod task;
pub mod task_attribute;
pub mod verify;
pub mod visible;

pub use acg_entity::{Arena, Entity, Slate};
pub use acg_operators::DType;
pub use anchors::Anchors;
pub use body::{
    Body, BodyId, Branch, BranchData, Conditional, ConditionalData, ConditionalKind, Group, GroupData, Scope,
    Step, Update, UpdateData,
};
pub use clock::{Clocks, Place};
pub use cost::{Costs, Engine};
pub use dependence::{Dependence, Dependences, Inference};
pub use graph::{Graph, Mode};
pub use happens_before::Order;
pub use list::{List, RareList, RareLists};
pub use module::{
    Buffer, BufferData, Cond, CondData, Context, Declared, Event, EventData, EventKind, GraphId, Handle,
    HostMemory, Item, Lock, Module, Notify, NotifyData, OmModel, OmModelData, Session, Space, Stream,
    StreamData, TargetSpec, TensorType, Thread, View,
};
pub use region::{Access, Extent, RegionError};
pub use rows::Rows;
pub use symbols::{Symbol, Symbols};
pub use task::{
    ArgumentForm, Attribute, CacheKind, Compare, Cost, DestroyTarget, GeGraph, Op, Operand, QueryTarget,
    ReduceKind, Slice, SliceDim, SyncTarget, Task, TaskData, Value,
};
pub use verify::{Verified, Violation, still_verified, verify, verify_places};
pub use visible::{Conflict, Visible};
