//! Texts, interned as they are read.

use std::fmt;

use acg_entity::Texts;
use acg_ir::List;
use serde::de::{DeserializeSeed, Deserializer, Error, SeqAccess, Visitor};

use crate::tasks::graph::{TaskGraph, Text};

/// A text, `None` for `null`; a number stands for its digits.
pub(super) struct TextSeed<'g>(pub(super) &'g mut TaskGraph);

struct TextVisitor<'t>(&'t mut Texts<Text>);

impl<'de> DeserializeSeed<'de> for TextSeed<'_> {
    type Value = Option<Text>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<Text>, D::Error> {
        deserializer.deserialize_any(TextVisitor(&mut self.0.texts))
    }
}

impl Visitor<'_> for TextVisitor<'_> {
    type Value = Option<Text>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Option<Text>, E> {
        Ok(Some(self.0.intern(text)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Option<Text>, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Option<Text>, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_unit<E: Error>(self) -> Result<Option<Text>, E> {
        Ok(None)
    }
}

/// An array of texts, which is added to the accesses; `null` is an empty one.
pub(super) struct AccessSeed<'g>(pub(super) &'g mut TaskGraph);

impl<'de> DeserializeSeed<'de> for AccessSeed<'_> {
    type Value = List<Text>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<List<Text>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for AccessSeed<'_> {
    type Value = List<Text>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of names of buffers")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<List<Text>, A::Error> {
        let start = self.0.accesses.len();
        while let Some(name) = names.next_element_seed(TextSeed(self.0))? {
            let name =
                name.ok_or_else(|| A::Error::custom("invalid type: null, expected the name of a buffer"))?;
            self.0.accesses.push(name);
        }
        Ok(List::since(&self.0.accesses, start))
    }

    fn visit_unit<E: Error>(self) -> Result<List<Text>, E> {
        Ok(List::default())
    }
}
