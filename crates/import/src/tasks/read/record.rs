//! Tasks, buffers and edges.

use std::fmt;
use std::marker::PhantomData;

use acg_ir::List;
use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::value::{AccessSeed, TextSeed};
use super::{Place, Reader};
use crate::tasks::graph::{BufferRecord, TaskRecord};

/// A kind of record.
pub(super) trait Kind {
    /// The array that holds them.
    const ARRAY: &'static str;

    /// Reads one.
    fn read<'de, D: Deserializer<'de>>(reader: &mut Reader, deserializer: D) -> Result<(), D::Error>;
}

/// An array of records.
pub(super) struct Records<'r, K>(&'r mut Reader, PhantomData<K>);

impl<'r, K> Records<'r, K> {
    pub(super) fn new(reader: &'r mut Reader) -> Self {
        Self(reader, PhantomData)
    }
}

impl<'de, K: Kind> DeserializeSeed<'de> for Records<'_, K> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        self.0.at = Place { array: None, index: 0, field: Some(K::ARRAY) };
        deserializer.deserialize_seq(self)
    }
}

impl<'de, K: Kind> Visitor<'de> for Records<'_, K> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut records: A) -> Result<(), A::Error> {
        let mut index = 0;
        self.0.at = Place { array: Some(K::ARRAY), index, field: None };
        while records.next_element_seed(One::<K>(self.0, PhantomData))?.is_some() {
            index += 1;
            self.0.at = Place { array: Some(K::ARRAY), index, field: None };
        }
        Ok(())
    }
}

struct One<'r, K>(&'r mut Reader, PhantomData<K>);

impl<'de, K: Kind> DeserializeSeed<'de> for One<'_, K> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        K::read(self.0, deserializer)
    }
}

/// `tasks`.
pub(super) struct TaskRecords;

impl Kind for TaskRecords {
    const ARRAY: &'static str = "tasks";

    fn read<'de, D: Deserializer<'de>>(reader: &mut Reader, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(TaskVisitor(reader))
    }
}

#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum TaskField {
    Id,
    Name,
    Kind,
    CostUs,
    Cores,
    Engine,
    Reads,
    Writes,
    #[serde(other)]
    Other,
}

struct TaskVisitor<'r>(&'r mut Reader);

impl<'de> Visitor<'de> for TaskVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a task, `{\"id\": 0, \"name\": …}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        let (mut id, mut name, mut kind, mut engine) = (None, None, None, None);
        let (mut cost, mut cores) = (None, None);
        let (mut reads, mut writes) = (List::default(), List::default());
        while let Some(field) = map.next_key::<TaskField>()? {
            match field {
                TaskField::Id => {
                    reader.at.field = Some("id");
                    id = map.next_value::<Option<u64>>()?;
                }
                TaskField::Name => {
                    reader.at.field = Some("name");
                    name = map.next_value_seed(TextSeed(&mut reader.graph))?;
                }
                TaskField::Kind => {
                    reader.at.field = Some("kind");
                    kind = map.next_value_seed(TextSeed(&mut reader.graph))?;
                }
                TaskField::Engine => {
                    reader.at.field = Some("engine");
                    engine = map.next_value_seed(TextSeed(&mut reader.graph))?;
                }
                TaskField::CostUs => {
                    reader.at.field = Some("cost_us");
                    cost = map.next_value::<Option<f64>>()?.and_then(|cost| reader.cost(cost));
                }
                TaskField::Cores => {
                    reader.at.field = Some("cores");
                    cores = map.next_value::<Option<u64>>()?.and_then(|cores| reader.cores(cores));
                }
                TaskField::Reads => {
                    reader.at.field = Some("reads");
                    reads = map.next_value_seed(AccessSeed(&mut reader.graph))?;
                }
                TaskField::Writes => {
                    reader.at.field = Some("writes");
                    writes = map.next_value_seed(AccessSeed(&mut reader.graph))?;
                }
                TaskField::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            reader.at.field = None;
        }
        let name = name.unwrap_or_else(|| {
            reader.problem("the task has no `name`", "name it; schedules are checked by names");
            reader.graph.texts.intern("")
        });
        let id = id.unwrap_or(reader.graph.tasks.len() as u64);
        reader.graph.tasks.push(TaskRecord { id, name, kind, cost, cores, engine, reads, writes });
        Ok(())
    }
}

/// `buffers`.
pub(super) struct BufferRecords;

impl Kind for BufferRecords {
    const ARRAY: &'static str = "buffers";

    fn read<'de, D: Deserializer<'de>>(reader: &mut Reader, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(BufferVisitor(reader))
    }
}

#[derive(serde::Deserialize)]
#[serde(field_identifier, rename_all = "snake_case")]
enum BufferField {
    Name,
    Bytes,
    Io,
    #[serde(other)]
    Other,
}

struct BufferVisitor<'r>(&'r mut Reader);

impl<'de> Visitor<'de> for BufferVisitor<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a buffer, `{\"name\": …, \"bytes\": 4096}`")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let reader = self.0;
        let (mut name, mut bytes, mut io) = (None, None, None);
        while let Some(field) = map.next_key::<BufferField>()? {
            match field {
                BufferField::Name => {
                    reader.at.field = Some("name");
                    name = map.next_value_seed(TextSeed(&mut reader.graph))?;
                }
                BufferField::Bytes => {
                    reader.at.field = Some("bytes");
                    bytes = map.next_value::<Option<u64>>()?;
                }
                BufferField::Io => {
                    reader.at.field = Some("io");
                    io = map.next_value_seed(TextSeed(&mut reader.graph))?;
                }
                BufferField::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
            reader.at.field = None;
        }
        let name = name.unwrap_or_else(|| {
            reader.problem("the buffer has no `name`", "name it; tasks refer to buffers by name");
            reader.graph.texts.intern("")
        });
        let bytes = reader.bytes(bytes);
        reader.graph.buffers.push(BufferRecord { name, bytes, io });
        Ok(())
    }
}

/// The language counts the bits of a buffer in 64 bits.
const MOST_BYTES: u64 = (1 << 61) - 1;

impl Reader {
    /// The size of a buffer; one that cannot be is a problem.
    fn bytes(&mut self, bytes: Option<u64>) -> u64 {
        let cause = match bytes {
            Some(bytes @ 1..=MOST_BYTES) => return bytes,
            None => "the buffer has no `bytes`".to_owned(),
            Some(bytes) => format!("a buffer of {bytes} bytes cannot be"),
        };
        self.problem(&cause, "give its size in bytes, from 1 to 2^61 - 1");
        1
    }
}

/// `edges`.
pub(super) struct EdgeRecords;

impl Kind for EdgeRecords {
    const ARRAY: &'static str = "edges";

    fn read<'de, D: Deserializer<'de>>(reader: &mut Reader, deserializer: D) -> Result<(), D::Error> {
        let edge = <(u64, u64) as serde::Deserialize>::deserialize(deserializer)?;
        reader.graph.edges.get_or_insert_default().push(edge);
        Ok(())
    }
}
