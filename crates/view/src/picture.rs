//! The picture: where everything stands, in pixels, free of the format it is written in.

use acg_entity::Entity;
use acg_trace::{LaneId, Trace};

use crate::class::Class;
use crate::fold::Items;
use crate::frames::{self, Frame};
use crate::label::{Label, Shape};
use crate::place::{Spacing, starts};
use crate::route::{self, Arrow, Spot, TURN, Way};
use crate::rows::rows;
use crate::{Graph, Options};

/// The width of the column with the names of streams.
pub(crate) const MARGIN: u32 = 128;
/// Between boxes on a lane.
const GAP: u32 = 20;
/// Between a record and its wait.
const ARROW: u32 = 30;
/// What a row, the space above it where something is written there, and a track take.
const ROW: u32 = 34;
const CAPTION: u32 = 18;
/// How far the frame of a task group reaches below its row; arrows keep that clear.
const FOOT: u32 = 5;
const CHANNEL: u32 = 18;
const TRACK: u32 = 7;
/// What the heading of a graph takes.
const HEADING: u32 = 40;
/// No page is wider: what is further to the right stands there.
const MOST_WIDTH: u64 = 1 << 30;

/// All graphs of a file, under each other.
pub(crate) struct Picture<'t> {
    pub(crate) title: String,
    pub(crate) sections: Vec<Section<'t>>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// One graph.
pub(crate) struct Section<'t> {
    pub(crate) graph: Graph<'t>,
    pub(crate) summary: String,
    /// Its upper edge.
    pub(crate) top: u32,
    pub(crate) rows: Vec<Row>,
    pub(crate) items: Items,
    pub(crate) labels: Vec<Label>,
    /// The left edge and the width of each item.
    pub(crate) spans: Vec<(u32, u32)>,
    /// The row of each lane.
    pub(crate) lane_rows: Vec<u32>,
    pub(crate) arrows: Vec<Arrow>,
    pub(crate) frames: Vec<Frame>,
}

/// One row.
pub(crate) struct Row {
    pub(crate) lanes: Vec<LaneId>,
    /// The height of its middle.
    pub(crate) middle: u32,
    /// Where the channel below begins.
    pub(crate) channel: u32,
}

impl<'t> Picture<'t> {
    /// Lays out `graphs`.
    pub(crate) fn of(title: &str, graphs: &[Graph<'t>], options: Options) -> Self {
        let mut picture = Self {
            title: crate::legible::legible(title).into_owned(),
            sections: Vec::with_capacity(graphs.len()),
            width: 0,
            height: 0,
        };
        for &graph in graphs {
            let (section, width, bottom) = Section::of(graph, options, picture.height);
            picture.sections.push(section);
            picture.width = picture.width.max(width);
            picture.height = bottom;
        }
        picture
    }

    /// The classes that occur.
    pub(crate) fn classes(&self) -> Vec<Class> {
        let occurs = |class: &Class| {
            self.sections.iter().flat_map(|section| &section.labels).any(|label| label.class == *class)
        };
        Class::ALL.into_iter().filter(occurs).collect()
    }
}

impl<'t> Section<'t> {
    /// The section that begins at `top`, its width and its lower edge.
    fn of(graph: Graph<'t>, options: Options, top: u32) -> (Self, u32, u32) {
        let trace = graph.trace;
        let items = Items::folded(trace);
        let labels: Vec<Label> = items.all.iter().map(|item| Label::of(trace, item)).collect();
        let widths: Vec<u64> = labels.iter().map(|label| u64::from(label.width())).collect();
        let spacing = Spacing { lengths: &widths, gap: u64::from(GAP), arrow: u64::from(ARROW) };
        let starts = starts(trace, &items, &spacing);
        let span = |item: usize| (starts[item].min(MOST_WIDTH) as u32 + MARGIN, widths[item] as u32);
        let spans: Vec<(u32, u32)> = (0..starts.len()).map(span).collect();
        let lane_rows = rows(trace, options.pack, |lane| {
            let range = items.of_lane(lane);
            let last = range.clone().last()?;
            Some((starts[range.start], starts[last] + widths[last] + u64::from(GAP)))
        });
        let count = lane_rows.iter().max().map_or(0, |&row| row as usize + 1);
        let spot = |item: usize| Spot {
            row: lane_rows[items.all[item].lane.index()],
            left: spans[item].0,
            right: spans[item].0 + spans[item].1,
        };
        let (arrows, tracks) = route::arrows(trace, &items, spot, count);
        let rows = place_rows(trace, &lane_rows, &tracks, top + HEADING);
        let bottom = rows.last().map_or(top + HEADING, |row| row.channel + CHANNEL);
        let bottom = bottom + tracks.last().copied().unwrap_or(0) * TRACK;
        let width = spans.iter().map(|&(left, width)| left + width).max().unwrap_or(0);
        let frames = frames::frames(trace, &items, graph.group_sizes);
        let summary = summary(trace);
        let section = Self { graph, summary, top, rows, items, labels, spans, lane_rows, arrows, frames };
        (section, width + GAP, bottom)
    }

    /// The middle of an item's row.
    pub(crate) fn middle(&self, item: usize) -> u32 {
        self.rows[self.lane_rows[self.items.all[item].lane.index()] as usize].middle
    }

    /// How tall an item is drawn.
    pub(crate) fn height(&self, item: usize) -> u32 {
        match self.labels[item].shape {
            Shape::Box => ROW,
            Shape::Pill => 22,
        }
    }

    /// Whether an item waits for what nothing in the graph records.
    pub(crate) fn is_lost(&self, item: usize) -> bool {
        let task = self.items.all[item].task(self.graph.trace);
        self.graph.trace.links.unrecorded_waits().binary_search(&task).is_ok()
    }

    /// Where an arrow turns; it goes along and across in turns.
    pub(crate) fn points(&self, arrow: &Arrow) -> Vec<(u32, u32)> {
        let (from, to) = (self.spans[arrow.from], self.spans[arrow.to]);
        let start = (from.0 + from.1, self.middle(arrow.from));
        let end = (to.0, self.middle(arrow.to));
        let mut points = vec![start];
        match arrow.way {
            Way::Straight => {}
            Way::Turn => {
                let turn = start.0 + TURN;
                points.extend([(turn, start.1), (turn, end.1)]);
            }
            Way::Channel { row, track } => {
                let height = self.track(row, track);
                let (left, right) = (start.0 + TURN, end.0.saturating_sub(TURN));
                points.extend([(left, start.1), (left, height), (right, height), (right, end.1)]);
            }
        }
        points.push(end);
        points
    }

    /// The height of a track.
    pub(crate) fn track(&self, row: u32, track: u32) -> u32 {
        self.rows[row as usize].channel + TRACK + track * TRACK
    }

    /// Where a frame stands: left, upper edge, width and height.
    pub(crate) fn frame(&self, frame: &Frame) -> (u32, u32, u32, u32) {
        let left = self.spans[frame.first].0 - 6;
        let right = self.spans[frame.last].0 + self.spans[frame.last].1 + 6;
        (left, self.middle(frame.first) - ROW / 2 - CAPTION, right - left, ROW + CAPTION + FOOT)
    }

    /// The name of a row: what its stream is to the capture, and the stream's id.
    pub(crate) fn row_names(&self, row: usize) -> (String, String) {
        let trace = self.graph.trace;
        let lanes = &self.rows[row].lanes;
        let ids: Vec<String> = lanes.iter().map(|&lane| lane_name(trace, lane)).collect();
        let role = if row == 0 { "origin" } else { "side" };
        let word = if lanes.len() > 1 { "streams" } else { "stream" };
        (role.to_owned(), format!("{word} {}", ids.join(", ")))
    }

    /// What is written above the beginnings of lanes that share a row: the text, its left edge and its row's middle.
    pub(crate) fn captions(&self) -> Vec<(String, u32, u32)> {
        let shared = self.rows.iter().filter(|row| row.lanes.len() > 1);
        let captions = shared.flat_map(|row| row.lanes.iter().map(move |&lane| (row, lane)));
        captions
            .filter_map(|(row, lane)| {
                let first = self.items.of_lane(lane).next()?;
                let name = format!("stream {}", lane_name(self.graph.trace, lane));
                Some((name, self.spans[first].0, row.middle))
            })
            .collect()
    }

    /// The line on which a lane's boxes stand: where it begins and ends, and its height.
    pub(crate) fn wires(&self) -> impl Iterator<Item = (u32, u32, u32)> + use<'_, 't> {
        self.graph.trace.lanes.keys().filter_map(|lane| {
            let range = self.items.of_lane(lane);
            let last = range.clone().last()?;
            let (left, width) = self.spans[last];
            Some((self.spans[range.start].0, left + width, self.middle(last)))
        })
    }
}

/// The ids of a lane's streams, each continued by the next.
pub(crate) fn lane_name(trace: &Trace, lane: LaneId) -> String {
    let streams = &trace.lanes[lane].streams;
    let id = |&stream: &acg_trace::StreamId| trace.streams[stream].id.to_string();
    match &streams[..] {
        [] => "?".to_owned(),
        [first, middle @ .., last] if middle.len() > 1 => format!("{} ▸ … ▸ {}", id(first), id(last)),
        all => all.iter().map(id).collect::<Vec<_>>().join(" ▸ "),
    }
}

fn place_rows(trace: &Trace, lane_rows: &[u32], tracks: &[u32], top: u32) -> Vec<Row> {
    let has_frame = frames::of_row(trace, lane_rows, tracks.len());
    let mut rows: Vec<Row> =
        tracks.iter().map(|_| Row { lanes: Vec::new(), middle: 0, channel: 0 }).collect();
    for (lane, &row) in trace.lanes.keys().zip(lane_rows) {
        rows[row as usize].lanes.push(lane);
    }
    let mut y = top;
    for (index, row) in rows.iter_mut().enumerate() {
        if has_frame[index] || row.lanes.len() > 1 {
            y += CAPTION;
        }
        row.middle = y + ROW / 2;
        row.channel = y + ROW + if has_frame[index] { FOOT } else { 0 };
        y = row.channel + CHANNEL + tracks[index] * TRACK;
    }
    rows
}

/// What a graph amounts to, in a line.
fn summary(trace: &Trace) -> String {
    let lanes = trace.lanes.values().filter(|lane| !lane.tasks.is_empty()).count();
    let mut streams = counted(lanes, "stream");
    if trace.streams.len() > trace.lanes.len() {
        streams = format!("{streams} ({} with continuations)", trace.streams.len());
    }
    let mut parts = vec![counted(trace.tasks.len(), "task"), streams];
    let mut more = |count: usize, thing: &str, end: &str| {
        if count > 0 {
            parts.push(counted(count, thing) + end);
        }
    };
    more(trace.links.len(), "wait", "");
    more(trace.groups.len(), "task group", "");
    more(trace.links.unrecorded_waits().len(), "wait", " for what is not in the graph");
    more(trace.links.circles().len(), "circle", " of waits: it never runs to its end");
    parts.join(" · ")
}

/// A number of things, in words.
pub(crate) fn counted(count: usize, thing: &str) -> String {
    if count == 1 { format!("1 {thing}") } else { format!("{count} {thing}s") }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use proptest::prelude::*;

    use super::*;
    use crate::route::Way;

    /// A dump in which each stream runs kernels, records, waits and placeholders as `steps` say.
    fn trace(streams: &[Vec<(u8, u8)>]) -> Trace {
        let mut text = String::from("[\n");
        for (number, steps) in streams.iter().enumerate().rev() {
            for (task, &(kind, event)) in steps.iter().enumerate() {
                let name = match kind {
                    0 => format!("EVENT_RECORD_{event}"),
                    1 => format!("EVENT_WAIT_{event}"),
                    2 => "NOP".to_owned(),
                    3 => "HOSTFUNC_CALLBACK".to_owned(),
                    _ => format!("kernel_with_a_name_{event}"),
                };
                let task_type = match kind {
                    0 => "EVENT_RECORD",
                    1 => "EVENT_WAIT",
                    2 => "NOP",
                    3 => "HOSTFUNC_CALLBACK",
                    _ => "KERNEL_AIVEC",
                };
                let _ = writeln!(
                    text,
                    r#"{{"name":"{name}","pid":"1 aclGraph","tid":"stream{number}","ts":0,"dur":9.5,"ph":"X","args":{{"Model Id":0,"Stream Id":{number},"Task Id":{task},"Task Type":"{task_type}"}}}},"#
                );
            }
        }
        let text = text.trim_end().trim_end_matches(',').to_owned() + "\n]";
        let reading = acg_dump::read_any(&mut text.as_bytes()).expect("the dump can be read");
        Trace::of(reading.dumps.into_iter().next().expect("there is a dump"))
    }

    fn streams() -> impl Strategy<Value = Vec<Vec<(u8, u8)>>> {
        prop::collection::vec(prop::collection::vec((0u8..8, 0u8..6), 0..14), 1..7)
    }

    proptest! {
        #[test]
        fn boxes_of_a_row_are_apart(streams in streams(), pack: bool) {
            let trace = trace(&streams);
            let graph = Graph { name: "", trace: &trace, group_sizes: None };
            let picture = Picture::of("", &[graph], Options { pack });
            let section = &picture.sections[0];
            let mut boxes: Vec<(u32, u32, u32)> =
                (0..section.spans.len()).map(|item| (section.middle(item), section.spans[item].0, section.spans[item].1)).collect();
            boxes.sort_unstable();
            for pair in boxes.windows(2) {
                prop_assert!(pair[0].0 < pair[1].0 || pair[0].1 + pair[0].2 + GAP <= pair[1].1, "{pair:?}");
            }
            for (left, middle, width) in boxes.iter().map(|&(middle, left, width)| (left, middle, width)) {
                prop_assert!(left >= MARGIN && left + width < picture.width && middle < picture.height);
            }
            let tasks: usize = section.items.all.iter().map(|item| item.count as usize).sum();
            prop_assert_eq!(tasks, trace.tasks.len());
        }

        #[test]
        fn arrows_point_to_the_right_and_keep_apart(streams in streams(), pack: bool) {
            let trace = trace(&streams);
            let graph = Graph { name: "", trace: &trace, group_sizes: None };
            let picture = Picture::of("", &[graph], Options { pack });
            let section = &picture.sections[0];
            prop_assert_eq!(section.arrows.len(), trace.links.len());
            let mut tracks = Vec::new();
            for arrow in &section.arrows {
                let points = section.points(arrow);
                prop_assert!(!arrow.is_circular || !trace.links.circles().is_empty());
                for pair in points.windows(2) {
                    let is_straight = pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1;
                    prop_assert!(is_straight && (arrow.is_circular || pair[0].0 <= pair[1].0), "{points:?}");
                }
                if let Way::Channel { row, track } = arrow.way {
                    let height = section.track(row, track);
                    prop_assert!(section.rows.get(row as usize + 1).is_none_or(|next| height < next.middle - ROW / 2));
                    let (one, other) = (points[1].0, points[4].0);
                    tracks.push((height, one.min(other), one.max(other), arrow.from));
                }
            }
            for (index, a) in tracks.iter().enumerate() {
                for b in &tracks[index + 1..] {
                    prop_assert!(a.0 != b.0 || a.3 == b.3 || a.2 < b.1 || b.2 < a.1, "{a:?} {b:?}");
                }
            }
        }
    }
}
