//! A flowchart that Markdown renderers draw. They stop at 500 edges and 50000 characters unless they are told otherwise.

use std::fmt::{self, Write};

use acg_trace::Trace;

use crate::Graph;
use crate::class::Class;
use crate::fold::Items;
use crate::frames::frames;
use crate::label::{Label, Shape};
use crate::legible::legible;
use crate::picture::lane_name;

/// `maxEdges` and `maxTextSize` of Mermaid.
const MOST_EDGES: usize = 500;
const MOST_CHARACTERS: usize = 50_000;

/// The graphs of one file, as one flowchart; `remarks` is told what renderers will refuse.
pub(crate) fn write(title: &str, graphs: &[Graph<'_>], remarks: &mut Vec<String>) -> String {
    let mut writer =
        Writer { out: String::new(), edges: 0, classes: [const { Vec::new() }; Class::ALL.len()] };
    // Writing to a string cannot fail.
    let _ = writer.all(title, graphs);
    if writer.edges > MOST_EDGES {
        remarks.push(format!(
            "Mermaid draws {MOST_EDGES} edges unless `maxEdges` is raised; this graph has {}",
            writer.edges
        ));
    }
    let characters = writer.out.encode_utf16().count();
    if characters > MOST_CHARACTERS {
        remarks.push(format!(
            "Mermaid reads {MOST_CHARACTERS} characters unless `maxTextSize` is raised; this graph has {characters}"
        ));
    }
    writer.out
}

struct Writer {
    out: String,
    edges: usize,
    /// The nodes of each class.
    classes: [Vec<String>; Class::ALL.len()],
}

impl Writer {
    fn all(&mut self, title: &str, graphs: &[Graph<'_>]) -> fmt::Result {
        // Three dashes would end the title's block; a quoted string is one line.
        writeln!(self.out, "---\ntitle: {}\n---\nflowchart LR", yaml(title))?;
        for (index, graph) in graphs.iter().enumerate() {
            if graphs.len() > 1 {
                writeln!(self.out, "subgraph g{index}[\"{}\"]", Text(graph.name))?;
            }
            self.graph(index, graph)?;
            if graphs.len() > 1 {
                writeln!(self.out, "end")?;
            }
        }
        self.styles()
    }

    fn graph(&mut self, index: usize, graph: &Graph<'_>) -> fmt::Result {
        let trace = graph.trace;
        let items = Items::folded(trace);
        let mut frames = frames(trace, &items, graph.group_sizes).into_iter().peekable();
        for (number, lane) in trace.lanes.keys().enumerate() {
            let role = if lane == trace.origin() { "origin, " } else { "" };
            let name = lane_name(trace, lane);
            writeln!(self.out, "  subgraph g{index}l{number}[\"{}stream {}\"]", role, Text(&name))?;
            let mut open = None;
            for item in items.of_lane(lane) {
                if let Some(frame) = frames.next_if(|frame| frame.first == item) {
                    writeln!(self.out, "  subgraph g{index}t{}[\"{}\"]", frame.number, frame.title())?;
                    open = Some(frame);
                }
                self.node(index, trace, &items, item)?;
                if open.take_if(|frame| frame.last == item).is_some() {
                    writeln!(self.out, "  end")?;
                }
            }
            writeln!(self.out, "  end")?;
        }
        self.links(index, trace, &items)
    }

    fn node(&mut self, graph: usize, trace: &Trace, items: &Items, item: usize) -> fmt::Result {
        let label = Label::of(trace, &items.all[item]);
        self.classes[label.class as usize].push(format!("g{graph}n{item}"));
        let (open, close) = if label.shape == Shape::Pill { ("([", "])") } else { ("[", "]") };
        writeln!(self.out, "    g{graph}n{item}{open}\"{}\"{close}", Text(&label.text))
    }

    fn links(&mut self, graph: usize, trace: &Trace, items: &Items) -> fmt::Result {
        for lane in trace.lanes.keys() {
            for item in items.of_lane(lane).skip(1) {
                self.edges += 1;
                writeln!(self.out, "  g{graph}n{} --> g{graph}n{item}", item - 1)?;
            }
        }
        for record in trace.tasks.keys() {
            for &wait in trace.links.waits_of(record) {
                self.edges += 1;
                let (from, to) = (items.of_task(record), items.of_task(wait));
                writeln!(self.out, "  g{graph}n{from} ==> g{graph}n{to}")?;
            }
        }
        Ok(())
    }

    fn styles(&mut self) -> fmt::Result {
        for class in Class::ALL {
            let nodes = &self.classes[class as usize];
            if nodes.is_empty() {
                continue;
            }
            let colours = class.colours();
            let (strong, soft) = (colours.strong[0], colours.soft[0]);
            let number = class as u8;
            writeln!(self.out, "  classDef c{number} fill:{soft},stroke:{strong},color:#1b2129")?;
            writeln!(self.out, "  class {} c{number}", nodes.join(","))?;
        }
        Ok(())
    }
}

/// A title as a quoted string of YAML, which JSON's strings are.
fn yaml(title: &str) -> String {
    serde_json::Value::from(legible(title)).to_string()
}

/// Text in a quoted label: everything that Mermaid, Markdown or HTML give a meaning is written as its number.
struct Text<'t>(&'t str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in legible(self.0).chars() {
            if character.is_alphanumeric() || " .,:_-…×▸+/()".contains(character) {
                f.write_char(character)?;
            } else {
                write!(f, "#{};", character as u32)?;
            }
        }
        Ok(())
    }
}
