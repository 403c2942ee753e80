//! What is written on boxes, and how large that makes them.

use std::borrow::Cow;

use acg_dump::Suffix;
use acg_trace::{Core, Kind, Part, TaskId, Trace};

use crate::class::Class;
use crate::fold::{Fold, Item};
use crate::legible::{cells, clip, legible};

/// The longest text on a box, in cells of a fixed-width font.
const MOST_CELLS: usize = 22;

/// What a box looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// Something that works.
    Box,
    /// Something that orders, or does nothing.
    Pill,
}

/// What is written on an item.
#[derive(Clone, Debug)]
pub(crate) struct Label {
    pub(crate) shape: Shape,
    pub(crate) class: Class,
    /// The first line.
    pub(crate) text: String,
    /// The second line, of boxes only; may be empty.
    pub(crate) detail: String,
}

impl Label {
    /// What is written on `item`.
    pub(crate) fn of(trace: &Trace, item: &Item) -> Self {
        let task = item.task(trace);
        let data = &trace.tasks[task];
        let class = Class::of(data.kind, data.part);
        let text = match item.fold {
            Fold::Nops | Fold::GroupHead(_) if item.count > 1 => format!("{} × nop", item.count),
            Fold::ClosingResets => format!("{} × reset", item.count),
            _ => single(trace, task).into_owned(),
        };
        let shape = if data.kind.is_work() { Shape::Box } else { Shape::Pill };
        let detail = if shape == Shape::Box { detail(trace, task) } else { String::new() };
        Self { shape, class, text: clip(&text, MOST_CELLS).into_owned(), detail }
    }

    /// How many pixels wide the item is drawn; characters are 6.7 wide at most, those of the second line 5.8.
    pub(crate) fn width(&self) -> u32 {
        let text = cells(&self.text) as u32;
        let width = match self.shape {
            Shape::Box => (text * 67).max(cells(&self.detail) as u32 * 58) / 10 + 22,
            Shape::Pill => text * 62 / 10 + 16,
        };
        width.max(28).next_multiple_of(4)
    }
}

/// What a task by itself is called in a picture.
fn single(trace: &Trace, task: TaskId) -> Cow<'_, str> {
    let data = &trace.tasks[task];
    let suffix = trace.record(task).suffix;
    if data.part == Part::EndRecord {
        return "end".into();
    }
    match data.kind {
        Kind::Kernel(_) => kernel(trace, task),
        Kind::EventRecord => signal("rec", suffix),
        Kind::EventWait | Kind::NotifyWait | Kind::ValueWait => signal("wait", suffix),
        Kind::EventReset | Kind::NotifyReset => signal("reset", suffix),
        Kind::NotifyRecord => signal("notify", suffix),
        Kind::ValueWrite => signal("write", suffix),
        Kind::ExternalRecord => "ext rec".into(),
        Kind::ExternalWait => "ext wait".into(),
        Kind::StreamActive => match trace.record(task).active_stream.filter(|&stream| stream >= 0) {
            Some(stream) => format!("▸ {stream}").into(),
            None => "▸".into(),
        },
        Kind::Jump | Kind::EndGraph | Kind::Communication | Kind::Other | Kind::Conditional => {
            legible(trace.name(task))
        }
        Kind::Copy | Kind::Fill | Kind::Reduce | Kind::HostFunction | Kind::Nop => data.kind.as_str().into(),
    }
}

fn kernel(trace: &Trace, task: TaskId) -> Cow<'_, str> {
    let name = trace.name(task);
    if name.is_empty() {
        return "(no name)".into();
    }
    let stem = acg_trace::stem(name);
    Cow::Owned(legible(&stem).into_owned())
}

/// A word with the id of a signal; of an address the end, which is what tells addresses apart.
fn signal(word: &'static str, suffix: Suffix) -> Cow<'static, str> {
    match suffix {
        Suffix::None => word.into(),
        Suffix::Event(id) | Suffix::Notify(id) | Suffix::EventCount(id, _) => format!("{word} {id}").into(),
        Suffix::Address(address) if address < 100_000 => format!("{word} {address}").into(),
        Suffix::Address(address) => format!("{word} …{:04}", address % 10_000).into(),
    }
}

/// The second line: the cores and blocks of a kernel.
fn detail(trace: &Trace, task: TaskId) -> String {
    let word = match trace.tasks[task].kind {
        Kind::Kernel(Core::Cube) => "cube",
        Kind::Kernel(Core::Vector) => "vector",
        Kind::Kernel(Core::MixCube) => "mix, cube",
        Kind::Kernel(Core::MixVector) => "mix, vector",
        Kind::Kernel(Core::Cpu) => "CPU",
        Kind::Kernel(Core::Fused) => "fused",
        _ => "",
    };
    match trace.record(task).blocks {
        Some(1) => format!("{word} · 1 block"),
        Some(blocks) => format!("{word} · {blocks} blocks"),
        None => word.to_owned(),
    }
}
