//! The input of Graphviz: a cluster a stream, with a cluster in it for each task group.

use std::fmt::{self, Write};

use acg_trace::Trace;

use crate::Graph;
use crate::attributes;
use crate::fold::Items;
use crate::frames::{Frame, frames};
use crate::label::{Label, Shape};
use crate::legible::legible;
use crate::picture::lane_name;

/// The edges of one statement; Graphviz's parser runs out of memory at some thousands.
const CHAIN: usize = 500;

/// The graphs of one file, as one digraph.
pub(crate) fn write(title: &str, graphs: &[Graph<'_>]) -> String {
    let mut out = String::new();
    // Writing to a string cannot fail.
    let _ = all(&mut out, title, graphs);
    out
}

fn all(out: &mut String, title: &str, graphs: &[Graph<'_>]) -> fmt::Result {
    writeln!(out, "digraph {} {{", Quoted(title))?;
    out.push_str("  rankdir=LR\n  newrank=true\n  graph [fontname=\"sans-serif\", fontsize=12, style=rounded, color=\"#9aa3ad\"]\n");
    out.push_str(
        "  node [shape=box, style=\"filled,rounded\", fontname=\"monospace\", fontsize=10, height=0.3]\n",
    );
    out.push_str("  edge [color=\"#9aa3ad\", arrowsize=0.6]\n");
    for (index, graph) in graphs.iter().enumerate() {
        if graphs.len() > 1 {
            writeln!(out, "  subgraph cluster_g{index} {{\n    label={}", Quoted(graph.name))?;
        }
        one(out, index, graph)?;
        if graphs.len() > 1 {
            out.push_str("  }\n");
        }
    }
    out.push_str("}\n");
    Ok(())
}

fn one(out: &mut String, index: usize, graph: &Graph<'_>) -> fmt::Result {
    let trace = graph.trace;
    let items = Items::folded(trace);
    let mut frames = frames(trace, &items, graph.group_sizes).into_iter().peekable();
    for (number, lane) in trace.lanes.keys().enumerate() {
        let role = if lane == trace.origin() { "origin, " } else { "" };
        let label = format!("{role}stream {}", lane_name(trace, lane));
        writeln!(out, "    subgraph cluster_g{index}l{number} {{\n      label={}", Quoted(&label))?;
        let mut open: Option<Frame> = None;
        for item in items.of_lane(lane) {
            if let Some(frame) = frames.next_if(|frame| frame.first == item) {
                writeln!(
                    out,
                    "      subgraph cluster_g{index}t{} {{\n      label={}\n      color=\"#7a55c0\"{}",
                    frame.number,
                    Quoted(&frame.title()),
                    if frame.is_exact { "" } else { "\n      style=\"rounded,dashed\"" }
                )?;
                open = Some(frame);
            }
            node(out, index, trace, &items, item)?;
            if open.take_if(|frame| frame.last == item).is_some() {
                out.push_str("      }\n");
            }
        }
        out.push_str("    }\n");
    }
    edges(out, index, trace, &items)
}

fn node(out: &mut String, graph: usize, trace: &Trace, items: &Items, item: usize) -> fmt::Result {
    let data = &items.all[item];
    let label = Label::of(trace, data);
    let colours = label.class.colours();
    let mut tip = attributes::item_name(trace, data);
    for (name, value) in attributes::of_item(trace, data) {
        write!(tip, "\n{name}: {value}")?;
    }
    let shape = if label.shape == Shape::Pill { ", shape=ellipse, style=filled" } else { "" };
    let text = if label.detail.is_empty() { label.text } else { format!("{}\n{}", label.text, label.detail) };
    writeln!(
        out,
        "      g{graph}n{item} [label={}, tooltip={}, color=\"{}\", fillcolor=\"{}\"{shape}]",
        Quoted(&text),
        Quoted(&tip),
        colours.strong[0],
        colours.soft[0]
    )
}

fn edges(out: &mut String, graph: usize, trace: &Trace, items: &Items) -> fmt::Result {
    for lane in trace.lanes.keys() {
        let range = items.of_lane(lane);
        for first in range.clone().step_by(CHAIN) {
            let chain: Vec<String> =
                (first..range.end).take(CHAIN + 1).map(|item| format!("g{graph}n{item}")).collect();
            if chain.len() > 1 {
                writeln!(out, "    {} [weight=10]", chain.join(" -> "))?;
            }
        }
    }
    for record in trace.tasks.keys() {
        for &wait in trace.links.waits_of(record) {
            let (from, to) = (items.of_task(record), items.of_task(wait));
            writeln!(out, "    g{graph}n{from} -> g{graph}n{to} [color=\"#1b2129\", penwidth=1.4]")?;
        }
    }
    Ok(())
}

/// A string of Graphviz; line ends within it are those of labels.
struct Quoted<'t>(&'t str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for (index, line) in self.0.split('\n').enumerate() {
            if index > 0 {
                f.write_str("\\n")?;
            }
            for character in legible(line).chars() {
                // Entities are known in strings too.
                match character {
                    '"' => f.write_str("\\\"")?,
                    '\\' => f.write_str("\\\\")?,
                    '&' => f.write_str("&amp;")?,
                    other => f.write_char(other)?,
                }
            }
        }
        f.write_char('"')
    }
}
