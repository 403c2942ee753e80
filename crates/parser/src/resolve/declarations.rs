//! Declarations: target, buffers, views, streams, events, notifies.

use acg_ir::flag::{EVENT_DEVICE_USE_ONLY, EVENT_EXTERNAL, EVENT_FLAGS, EVENT_SYNC, STREAM_FLAGS};
use acg_ir::region::MAX_RANK;
use acg_ir::{
    BufferData, Entity, EventData, EventKind, HostMemory, Item, List, NotifyData, RegionError, Space,
    StreamData, Symbol, TargetSpec, TensorType, View,
};

use super::names::Meaning;
use super::{Resolved, Resolver};
use crate::check::{
    invalid_flag, invalid_type, malformed_literal, misplaced_statement, nesting_too_deep,
    region_out_of_bounds, size_mismatch, strided_region, wrong_kind_of_name,
};
use crate::convert::unquote;
use crate::syntax::{Kind, OperandSyntax, SpaceWord, Statement, Text, Tree, TypeSyntax, dtype};

impl Resolver<'_> {
    /// A declaration; its names are poisoned where it is wrong.
    pub(super) fn declaration(&mut self, tree: &Tree, statement: &Statement) -> Resolved<()> {
        let names: &[Text] = match &statement.kind {
            Kind::Buffers { names, .. } | Kind::Streams { names, .. } | Kind::Events { names, .. } => {
                names.of(&tree.names)
            }
            Kind::Notifies(names) | Kind::Handles(names) | Kind::HostNames(_, names) => names.of(&tree.names),
            Kind::View { name, .. } | Kind::Model { name, .. } => std::slice::from_ref(name),
            _ => &[],
        };
        let inside = self.misplaced(statement.text);
        let declared = match &statement.kind {
            Kind::Target { profile, cann, hdk } => self.target(statement.text, *profile, *cann, *hdk),
            Kind::Buffers { space, ty, memory, .. } => {
                self.buffers(tree, statement.text, *space, names, *ty, *memory)
            }
            Kind::View { space, name, base, ty } => self.view(tree, *space, *name, *base, *ty),
            Kind::Streams { is_default, priority, flags, subscribed, .. } => {
                let flags = flags.of(&tree.names);
                self.streams(names, flags, |name, flags| StreamData {
                    name,
                    is_default: *is_default,
                    priority: *priority,
                    flags,
                    subscribed: *subscribed,
                })
            }
            Kind::Events { flags, .. } => self.events(names, flags.of(&tree.names)),
            Kind::HostNames(noun, _) => self.host_names(*noun, names),
            Kind::Handles(_) => self.handles(names),
            Kind::Model { name, path } => self.model(*name, *path),
            _ => self.notifies(names),
        };
        if declared.is_err() {
            for &name in names {
                self.poison(name);
            }
        }
        inside.and(declared)
    }

    /// Declarations stand outside of graphs; one that does not still declares, so that its uses are no mistakes.
    fn misplaced(&self, text: Text) -> Resolved<()> {
        let Some(graph) = self.blocks.first() else { return Ok(()) };
        let word = self.source(text).split([' ', '\t']).next().unwrap_or("");
        Err(misplaced_statement::declaration_inside(self.span(text), word, self.span(graph.text)).into())
    }

    fn target(&mut self, text: Text, profile: Text, cann: Option<Text>, hdk: Option<Text>) -> Resolved<()> {
        if self.module.target.is_some() {
            return Err(
                misplaced_statement::second_target(self.span(text), self.span(self.asides.target)).into()
            );
        }
        let profile = self.module.symbols.intern(self.source(profile));
        let cann = cann.map(|text| self.quoted(text)).transpose()?;
        let hdk = hdk.map(|text| self.quoted(text)).transpose()?;
        self.module.target = Some(TargetSpec { profile, cann, hdk });
        self.module.items.push(Item::Target);
        self.asides.target = text;
        Ok(())
    }

    /// The symbol of a quoted text.
    pub(super) fn quoted(&mut self, text: Text) -> Resolved<Symbol> {
        match unquote(self.source(text)) {
            Ok(unquoted) => Ok(self.module.symbols.intern(&unquoted)),
            Err(escape) => Err(malformed_literal::escape(self.span(text), escape).into()),
        }
    }

    fn buffers(
        &mut self,
        tree: &Tree,
        text: Text,
        space: SpaceWord,
        names: &[Text],
        ty: TypeSyntax,
        memory: Option<HostMemory>,
    ) -> Resolved<()> {
        let space = match (space, memory) {
            (SpaceWord::Host, memory) => {
                self.declares_host = true;
                Space::Host(memory.unwrap_or(HostMemory::Pinned))
            }
            (_, Some(_)) => {
                let word = self.source(text).rsplit([' ', '\t']).next().unwrap_or("");
                let at = Text { start: text.end - word.len() as u32, end: text.end };
                return Err(
                    invalid_flag::conflict(self.span(at), word, "says how host memory is allocated").into()
                );
            }
            (SpaceWord::Device, None) => Space::Device,
            (SpaceWord::Temp, None) => Space::Temp,
        };
        let ty = self.tensor_type(tree, ty)?;
        self.free_names(names)?;
        let first = acg_ir::Buffer::at(self.module.buffers.len());
        for &name in names {
            let symbol = self.free_name(name)?;
            let buffer = self.module.buffers.push(BufferData { name: symbol, space, ty, view: None });
            self.declare(symbol, Meaning::Buffer(buffer), name);
        }
        self.module.items.push(Item::Buffers { first, count: names.len() as u32 });
        Ok(())
    }

    /// Checks all names of a line before any is declared, so that a line declares all or nothing; one name is checked when it is declared.
    pub(super) fn free_names(&mut self, names: &[Text]) -> Resolved<()> {
        if let [_] = names {
            return Ok(());
        }
        for (at, &name) in names.iter().enumerate() {
            self.free_name(name)?;
            // Long lists are checked against each other when they are declared.
            if let Some(first) =
                names[..at.min(64)].iter().find(|first| self.source(**first) == self.source(name))
            {
                let diagnostic = crate::check::duplicate_name::diagnostic(
                    self.span(name),
                    self.source(name),
                    self.span(*first),
                );
                return Err(diagnostic.into());
            }
        }
        Ok(())
    }

    /// A type that a buffer can have.
    fn tensor_type(&mut self, tree: &Tree, ty: TypeSyntax) -> Resolved<TensorType> {
        let extents = ty.extents.of(&tree.extents);
        let text = self.source(ty.text);
        let impossible = |why: &str| invalid_type::impossible(ty.text.span(self.file), text, why);
        if extents.contains(&0) {
            return Err(impossible("an extent is at least 1").into());
        }
        let word = self.source(ty.dtype);
        if word == "bytes" {
            return match extents {
                [size] if *size <= u64::MAX / 8 => Ok(TensorType::Bytes(*size)),
                [_] => Err(impossible("it is larger than 2^64 bits").into()),
                _ => Err(impossible("`bytes` has one size, as in `bytes[4KiB]`").into()),
            };
        }
        let Some(dtype) = dtype(word) else {
            return Err(invalid_type::unknown(self.span(ty.dtype), word).into());
        };
        if extents.len() > MAX_RANK {
            return Err(impossible(&format!("a tensor has at most {MAX_RANK} dimensions")).into());
        }
        let bits = extents.iter().try_fold(u64::from(dtype.bits()), |bits, &extent| bits.checked_mul(extent));
        if bits.is_none() {
            return Err(impossible("it is larger than 2^64 bits").into());
        }
        let dims = List::push_to(&mut self.module.dims, extents.iter().copied());
        Ok(TensorType::Tensor { dtype, dims })
    }

    fn view(
        &mut self,
        tree: &Tree,
        word: SpaceWord,
        name: Text,
        base: OperandSyntax,
        ty: Option<TypeSyntax>,
    ) -> Resolved<()> {
        let operand = self.operand(tree, base)?;
        let data = self.module.buffers[operand.buffer];
        let right = match data.space {
            Space::Host(_) => SpaceWord::Host,
            Space::Device | Space::Cond(_) => SpaceWord::Device,
            Space::Temp => SpaceWord::Temp,
        };
        if word != right {
            let declared = self.span(self.declaration_of(data.name));
            let (shown, base) = (self.source(name), self.source(base.name));
            let span = self.span(name);
            return Err(wrong_kind_of_name::view_space(
                span,
                shown,
                word.as_str(),
                base,
                right.as_str(),
                declared,
            )
            .into());
        }
        let depth = self.view_depths.get(&operand.buffer).copied().unwrap_or(0) + 1;
        if depth > nesting_too_deep::MOST_VIEWS {
            return Err(nesting_too_deep::view(self.span(name), self.source(name)).into());
        }
        let shown = match ty {
            Some(ty) => self.reinterpreted(tree, base, operand, ty)?,
            None => self.operand_type(operand),
        };
        let symbol = self.free_name(name)?;
        let view = Some(View { base: operand, reinterpreted: ty.is_some() });
        let buffer =
            self.module.buffers.push(BufferData { name: symbol, space: data.space, ty: shown, view });
        self.view_depths.insert(buffer, depth);
        self.declare(symbol, Meaning::Buffer(buffer), name);
        self.module.items.push(Item::View(buffer));
        Ok(())
    }

    /// The type after `as`, which must show exactly the bytes of the base.
    fn reinterpreted(
        &mut self,
        tree: &Tree,
        base: OperandSyntax,
        operand: acg_ir::Operand,
        ty: TypeSyntax,
    ) -> Resolved<TensorType> {
        let shown = self.tensor_type(tree, ty)?;
        let extent = self.extent(base, operand)?;
        if !extent.is_contiguous() {
            let help = "copy it to a contiguous buffer first";
            let what = "a view as another type";
            return Err(
                strided_region::diagnostic(self.span(base.text), self.source(base.text), what, help).into()
            );
        }
        let bytes = self.module.byte_size(&shown).unwrap_or(u64::MAX);
        if bytes != extent.len() {
            let (ty_text, base_text) = (self.source(ty.text), self.source(base.text));
            return Err(
                size_mismatch::view(self.span(ty.text), ty_text, bytes, base_text, extent.len()).into()
            );
        }
        Ok(shown)
    }

    /// What is wrong with a slice.
    pub(super) fn region_fault(
        &self,
        operand: OperandSyntax,
        buffer: acg_ir::Buffer,
        error: RegionError,
    ) -> super::Stop {
        let data = &self.module.buffers[buffer];
        let ty = acg_ir::print::tensor_type(&self.module, &data.ty);
        let declared = self.span(self.declaration_of(data.name));
        let text = self.source(operand.text);
        region_out_of_bounds::diagnostic(self.span(operand.text), text, &ty, declared, error).into()
    }

    fn streams(
        &mut self,
        names: &[Text],
        flags: &[Text],
        data: impl Fn(Symbol, u32) -> StreamData,
    ) -> Resolved<()> {
        let words = STREAM_FLAGS.iter().map(|&(word, _)| word).collect::<Vec<_>>();
        let mut bits = 0;
        for &flag in flags {
            bits |= self.flag_bits(flag, STREAM_FLAGS).ok_or_else(|| {
                invalid_flag::unknown(self.span(flag), self.source(flag), "a stream", &words)
            })?;
        }
        self.free_names(names)?;
        let first = acg_ir::Stream::at(self.module.streams.len());
        for &name in names {
            let symbol = self.free_name(name)?;
            let stream = self.module.streams.push(data(symbol, bits));
            self.declare(symbol, Meaning::Stream(stream), name);
        }
        self.module.items.push(Item::Streams { first, count: names.len() as u32 });
        Ok(())
    }

    /// The bits that a word of `table` or a number stands for.
    fn flag_bits(&self, flag: Text, table: &'static [(&'static str, u32)]) -> Option<u32> {
        let text = self.source(flag);
        let known = table.iter().find(|&&(word, _)| word == text).map(|&(_, bit)| bit);
        known.or_else(|| match text.strip_prefix("0x") {
            Some(digits) => u32::from_str_radix(digits, 16).ok(),
            None => text.parse().ok(),
        })
    }

    fn events(&mut self, names: &[Text], flags: &[Text]) -> Resolved<()> {
        let kind = self.event_kind(flags)?;
        self.free_names(names)?;
        let first = acg_ir::Event::at(self.module.events.len());
        for &name in names {
            let symbol = self.free_name(name)?;
            let event = self.module.events.push(EventData { name: symbol, kind });
            self.declare(symbol, Meaning::Event(event), name);
        }
        self.module.items.push(Item::Events { first, count: names.len() as u32 });
        Ok(())
    }

    /// How an event with these flags is created: `ex` and `legacy` choose the call, and flags that only the older call takes imply it.
    fn event_kind(&self, flags: &[Text]) -> Resolved<EventKind> {
        let mut bits = None;
        let mut call: Option<Text> = None;
        for &flag in flags {
            let text = self.source(flag);
            if matches!(text, "ex" | "legacy") {
                if let Some(first) = call.replace(flag) {
                    let why = format!("and `{}` each name a call", self.source(first));
                    return Err(invalid_flag::conflict(self.span(flag), text, &why).into());
                }
                continue;
            }
            let bit = self.flag_bits(flag, EVENT_FLAGS).ok_or_else(|| {
                let words: Vec<&str> =
                    EVENT_FLAGS.iter().map(|&(word, _)| word).chain(["legacy", "ex"]).collect();
                invalid_flag::unknown(self.span(flag), text, "an event", &words)
            })?;
            bits = Some(bits.unwrap_or(0) | bit);
        }
        Ok(match (call.map(|call| self.source(call)), bits) {
            (None, None) => EventKind::Ex(EVENT_SYNC),
            (Some("legacy"), None) => EventKind::Legacy,
            (Some("legacy"), Some(bits)) => EventKind::WithFlag(bits),
            (None, Some(bits)) if bits & (EVENT_EXTERNAL | EVENT_DEVICE_USE_ONLY) != 0 => {
                EventKind::WithFlag(bits)
            }
            (_, bits) => EventKind::Ex(bits.unwrap_or(0)),
        })
    }

    fn notifies(&mut self, names: &[Text]) -> Resolved<()> {
        self.free_names(names)?;
        let first = acg_ir::Notify::at(self.module.notifies.len());
        for &name in names {
            let symbol = self.free_name(name)?;
            let notify = self.module.notifies.push(NotifyData { name: symbol });
            self.declare(symbol, Meaning::Notify(notify), name);
        }
        self.module.items.push(Item::Notifies { first, count: names.len() as u32 });
        Ok(())
    }
}
