//! Reads the JSON of a task graph, record by record into flat arrays.
//!
//! Fields that are not known are skipped, and those that can be done without may be missing or `null`.

mod record;
mod value;

use std::fmt;

use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::graph::TaskGraph;
use super::problem::{Problem, Problems, TaskGraphError};
use record::{BufferRecords, EdgeRecords, Records, TaskRecords};
use value::TextSeed;

/// Whether `bytes` begin like a task graph: an object that has `tasks`, `buffers` or `edges`.
pub fn is_task_graph(bytes: &[u8]) -> bool {
    let mut found = false;
    let mut reader = serde_json::Deserializer::from_slice(without_mark(bytes));
    // Ends with an error as soon as a key tells.
    let _ = reader.deserialize_map(Sniff(&mut found));
    found
}

struct Sniff<'f>(&'f mut bool);

impl<'de> Visitor<'de> for Sniff<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<GraphField>()? {
            if matches!(key, GraphField::Tasks | GraphField::Buffers | GraphField::Edges) {
                *self.0 = true;
                return Err(A::Error::custom("told"));
            }
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Reads a task graph.
///
/// # Errors
///
/// The place in the text that is no JSON or has a value of another type, or every value that cannot be.
pub fn read_task_graph(bytes: &[u8]) -> Result<TaskGraph, TaskGraphError> {
    let mut reader = Reader::default();
    let mut json = serde_json::Deserializer::from_slice(without_mark(bytes));
    let read = json.deserialize_map(GraphVisitor(&mut reader)).and_then(|()| json.end());
    if let Err(error) = read {
        return Err(TaskGraphError::Unreadable(unreadable(&error, &reader.at)));
    }
    for (is_there, what) in [(reader.has_tasks, "tasks"), (reader.has_buffers, "buffers")] {
        if !is_there {
            reader.problems.add(|| Problem {
                place: "the graph".to_owned(),
                cause: format!("it has no `{what}`"),
                remedy: format!("give an array `{what}`, empty where there are none"),
            });
        }
    }
    reader.problems.result()?;
    Ok(reader.graph)
}

fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes)
}

fn unreadable(error: &serde_json::Error, at: &Place) -> Problem {
    let place = format!("line {}, column {}, in {at}", error.line(), error.column());
    let cause = error.to_string();
    let cause = cause.rsplit_once(" at line ").map_or(cause.as_str(), |(cause, _)| cause);
    let remedy = match error.classify() {
        serde_json::error::Category::Eof => "the file is cut short: write it again",
        serde_json::error::Category::Data => "give it as docs/import.md describes the format",
        _ => "correct the JSON; NaN and Infinity are no JSON numbers",
    };
    Problem { place, cause: cause.to_owned(), remedy: remedy.to_owned() }
}

/// Where reading is.
#[derive(Clone, Copy, Debug, Default)]
struct Place {
    array: Option<&'static str>,
    index: usize,
    field: Option<&'static str>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.array {
            None => write!(f, "the graph")?,
            Some(array) => write!(f, "{array}[{}]", self.index)?,
        }
        match self.field {
            None => Ok(()),
            Some(field) => write!(f, ", `{field}`"),
        }
    }
}

#[derive(Default)]
struct Reader {
    graph: TaskGraph,
    problems: Problems,
    at: Place,
    has_tasks: bool,
    has_buffers: bool,
}

impl Reader {
    fn problem(&mut self, cause: &str, remedy: &str) {
        let at = self.at;
        self.problems.add(|| Problem {
            place: at.to_string(),
            cause: cause.to_owned(),
            remedy: remedy.to_owned(),
        });
    }

    /// A cost in nanoseconds; one that cannot be is a problem.
    fn cost(&mut self, microseconds: f64) -> Option<u64> {
        let nanoseconds = microseconds * 1000.0;
        let whole = nanoseconds.round();
        // The largest number below is 2^64, which does not fit any more.
        #[allow(clippy::cast_precision_loss)]
        if !(whole >= 0.0 && whole < u64::MAX as f64) {
            let cause = format!("a task cannot run for {microseconds} us");
            self.problem(&cause, "give microseconds from 0 on");
            return None;
        }
        // A thousandth of a nanosecond is what binary fractions are off by.
        self.graph.rounded += u32::from((nanoseconds - whole).abs() > 1e-3);
        // Neither sign nor fraction is left.
        #[allow(clippy::cast_sign_loss)]
        Some(whole as u64)
    }

    fn cores(&mut self, cores: u64) -> Option<u32> {
        let fitting = u32::try_from(cores).ok().filter(|&cores| cores > 0);
        if fitting.is_none() {
            let cause = format!("no kernel occupies {cores} cores");
            self.problem(&cause, "give a number from 1, or leave it out");
        }
        fitting
    }
}

#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum GraphField {
    Name,
    Source,
    Tasks,
    Buffers,
    Edges,
    #[serde(other)]
    Other,
}

struct GraphVisitor<'r>(&'r mut Reader);

impl<'de> Visitor<'de> for GraphVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with `tasks`, `buffers` and `edges`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        while let Some(field) = map.next_key::<GraphField>()? {
            match field {
                GraphField::Name => {
                    reader.at.field = Some("name");
                    reader.graph.name = map.next_value_seed(TextSeed(&mut reader.graph))?;
                }
                GraphField::Source => {
                    reader.at.field = Some("source");
                    reader.graph.source = map.next_value_seed(TextSeed(&mut reader.graph))?;
                }
                GraphField::Tasks => {
                    reader.has_tasks = true;
                    map.next_value_seed(Records::<TaskRecords>::new(reader))?;
                }
                GraphField::Buffers => {
                    reader.has_buffers = true;
                    map.next_value_seed(Records::<BufferRecords>::new(reader))?;
                }
                GraphField::Edges => {
                    reader.graph.edges.get_or_insert_default();
                    map.next_value_seed(Records::<EdgeRecords>::new(reader))?;
                }
                GraphField::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            reader.at = Place::default();
        }
        Ok(())
    }
}
