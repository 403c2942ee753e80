//! Declarations: target, buffers, views, streams, events, notifies, and what the host program has.

use acg_ir::{HostMemory, List};
use pest::iterators::Pair;

use super::block::host_noun;
use super::{Converted, Converter, Cursor};
use crate::grammar::Rule;
use crate::syntax::{Kind, SpaceWord, Text, TypeSyntax};

impl Converter<'_> {
    pub(super) fn declaration(&mut self, text: Text, rule: Rule, cursor: &mut Cursor<'_>) -> Converted<Kind> {
        match rule {
            Rule::target => self.target(cursor),
            Rule::buffers => self.buffers(cursor),
            Rule::streams => self.streams(false, cursor),
            Rule::default_stream => {
                cursor.take(Rule::stream_word);
                self.streams(true, cursor)
            }
            Rule::events => {
                let names = self.texts(cursor, Rule::name);
                Ok(Kind::Events { names, flags: self.texts(cursor, Rule::flag) })
            }
            Rule::host_names => {
                let noun = host_noun(&self.expect(cursor)?);
                Ok(Kind::HostNames(noun, self.texts(cursor, Rule::name)))
            }
            Rule::model => {
                let name = self.text(cursor)?;
                cursor.take(Rule::equals);
                cursor.take(Rule::om_word);
                Ok(Kind::Model { name, path: self.text(cursor)? })
            }
            Rule::handles => Ok(Kind::Handles(self.texts(cursor, Rule::name))),
            Rule::notifies => Ok(Kind::Notifies(self.texts(cursor, Rule::name))),
            _ => Err(Box::new(self.fault(text, "this line is not a statement"))),
        }
    }

    fn target(&mut self, cursor: &mut Cursor<'_>) -> Converted<Kind> {
        let profile = self.text(cursor)?;
        let cann = cursor.take(Rule::cann).map(|pair| self.inner_text(pair)).transpose()?;
        let hdk = cursor.take(Rule::hdk).map(|pair| self.inner_text(pair)).transpose()?;
        Ok(Kind::Target { profile, cann, hdk })
    }

    fn buffers(&mut self, cursor: &mut Cursor<'_>) -> Converted<Kind> {
        let space = match self.expect(cursor)?.as_str() {
            "host" => SpaceWord::Host,
            "temp" => SpaceWord::Temp,
            _ => SpaceWord::Device,
        };
        let names = self.texts(cursor, Rule::name);
        if cursor.take(Rule::equals).is_some() {
            let name = names.of(&self.tree.names).first().copied().unwrap_or_default();
            let base = self.operand(cursor)?;
            let ty = match cursor.take(Rule::view_type) {
                Some(pair) => Some(self.tensor_type(&mut Cursor::new(pair.into_inner()))?),
                None => None,
            };
            return Ok(Kind::View { space, name, base, ty });
        }
        cursor.take(Rule::colon);
        let ty = self.tensor_type(cursor)?;
        let memory = cursor.take(Rule::memory).map(|pair| memory(&pair));
        Ok(Kind::Buffers { space, names, ty, memory })
    }

    fn tensor_type(&mut self, cursor: &mut Cursor<'_>) -> Converted<TypeSyntax> {
        let pair = self.expect(cursor)?;
        let text = self.span(&pair);
        let mut inner = Cursor::new(pair.into_inner());
        let dtype = self.text(&mut inner)?;
        let start = self.tree.extents.len();
        while let Some(pair) = inner.take(Rule::number) {
            let size = self.size(self.span(&pair))?;
            self.tree.extents.push(size);
        }
        let extents = self.tree.extents.split_off(start);
        Ok(TypeSyntax { text, dtype, extents: List::push_to(&mut self.tree.extents, extents) })
    }

    fn streams(&mut self, is_default: bool, cursor: &mut Cursor<'_>) -> Converted<Kind> {
        let names = self.texts(cursor, Rule::name);
        let (mut priority, mut flags, mut subscribed) = (None, None, false);
        while let Some(pair) = cursor.next() {
            let text = self.span(&pair);
            let repeated = match pair.as_rule() {
                Rule::priority => {
                    let number = self.inner_text(pair)?;
                    priority.replace(self.uint(number, u64::from(u32::MAX))? as u32).is_some()
                }
                Rule::stream_flags => {
                    flags.replace(self.texts(&mut Cursor::new(pair.into_inner()), Rule::flag)).is_some()
                }
                _ => std::mem::replace(&mut subscribed, true),
            };
            if repeated {
                return Err(self
                    .fault(text, "this property is given twice")
                    .help("delete one of them")
                    .into());
            }
        }
        Ok(Kind::Streams { names, is_default, priority, flags: flags.unwrap_or_default(), subscribed })
    }
}

fn memory(pair: &Pair<'_, Rule>) -> HostMemory {
    match pair.as_str() {
        "registered" => HostMemory::Registered,
        "pageable" => HostMemory::Pageable,
        _ => HostMemory::Pinned,
    }
}
