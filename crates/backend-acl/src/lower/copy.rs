//! Copies, fills and reductions.

use acg_calls::{Api, Arg};
use acg_ir::{Access, CacheKind, Op, Operand, ReduceKind, Space, TensorType};

use super::memory::Rows;
use super::task::Line;
use super::{Lowerer, Problem, int};

/// The value of `aclrtMemcpyKind` for a copy between two spaces.
fn direction(source: Space, destination: Space) -> Arg {
    Arg::Int(match (source.is_host(), destination.is_host()) {
        (true, true) => 0,
        (true, false) => 1,
        (false, true) => 2,
        (false, false) => 3,
    })
}

impl Lowerer<'_> {
    /// `copy`, `copy_sync`, `copy2d`; strided bytes take the two-dimensional call whatever the word.
    pub(super) fn copy(&mut self, line: Line<'_>) {
        let Some((source, destination)) = self.pair(line) else { return };
        let contiguous = source.extent.is_contiguous() && destination.extent.is_contiguous();
        if contiguous && line.data.op != Op::Copy2d {
            return self.copy_range(line, &source, &destination);
        }
        let Some(rows) = Rows::of(&source.extent, &destination.extent) else {
            return self.problem(Problem::NotRows(line.body, line.task));
        };
        let rows = if contiguous { rows.cut(self.row_width(line)) } else { rows };
        let kind = direction(self.space(&source), self.space(&destination));
        let args = [
            self.address_of(&destination),
            int(rows.destination_pitch),
            self.address_of(&source),
            int(rows.source_pitch),
            int(rows.width),
            int(rows.height),
            kind,
            line.stream,
        ];
        let call = match line.data.op {
            Op::CopySync => self.call(Api::Memcpy2d, &args[..7]),
            _ => self.call(Api::Memcpy2dAsync, &args),
        };
        self.named(call, line);
    }

    fn copy_range(&mut self, line: Line<'_>, source: &Access, destination: &Access) {
        let args = [
            self.address_of(destination),
            int(destination.extent.len()),
            self.address_of(source),
            int(source.extent.len()),
            direction(self.space(source), self.space(destination)),
            line.stream,
        ];
        let call = match line.data.op {
            Op::CopySync => self.call(Api::Memcpy, &args[..5]),
            _ => self.call(Api::MemcpyAsync, &args),
        };
        self.named(call, line);
    }

    /// The bytes of a row of the source's tensor, when it is a matrix.
    fn row_width(&self, line: Line<'_>) -> u64 {
        let Some(&source) = line.data.inputs.of(&self.module.operands).first() else { return 0 };
        let mut shape = Vec::new();
        match (self.module.operand_shape(source, &mut shape), self.module.buffers[source.buffer].ty) {
            (Ok(()), TensorType::Tensor { dtype, .. }) if shape.len() == 2 => {
                dtype.bytes(shape[1]).unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// The one source and the one destination of a task.
    fn pair(&self, line: Line<'_>) -> Option<(Access, Access)> {
        let source = *line.data.inputs.of(&self.module.operands).first()?;
        let destination = *line.data.outputs.of(&self.module.operands).first()?;
        Some((self.access(source)?, self.access(destination)?))
    }

    /// `copy_batch`: consecutive copies of one direction share an attribute.
    pub(super) fn copy_batch(&mut self, line: Line<'_>) {
        let sources = self.accesses(line.data.inputs.of(&self.module.operands));
        let destinations = self.accesses(line.data.outputs.of(&self.module.operands));
        if sources.iter().chain(&destinations).any(|access| !access.extent.is_contiguous()) {
            return self.problem(Problem::NotRows(line.body, line.task));
        }
        let mut attributes = Vec::new();
        let mut starts = Vec::new();
        let mut last = None;
        for (at, (source, destination)) in sources.iter().zip(&destinations).enumerate() {
            let sides = (self.space(destination).is_host(), self.space(source).is_host());
            if last.replace(sides) != Some(sides) {
                let log = self.log();
                let sides = [location(sides.0), location(sides.1)].map(|side| log.structure(&side));
                attributes.push(log.structure(&sides));
                starts.push(int(at as u64));
            }
        }
        let [copies, runs] = [sources.len(), starts.len()].map(|count| int(count as u64));
        let addresses = |of: &[Access]| of.iter().map(|access| self.address_of(access)).collect::<Vec<_>>();
        let sizes = |of: &[Access]| of.iter().map(|access| int(access.extent.len())).collect::<Vec<_>>();
        let lists = [
            addresses(&destinations),
            sizes(&destinations),
            addresses(&sources),
            sizes(&sources),
            attributes,
            starts,
        ];
        let [to, to_sizes, from, from_sizes, attributes, starts] = lists.map(|list| self.log().list(&list));
        let fail_index = self.value_name("fail_index");
        let args = [
            to,
            to_sizes,
            from,
            from_sizes,
            copies,
            attributes,
            starts,
            runs,
            Arg::Out(fail_index),
            line.stream,
        ];
        let call = self.call(Api::MemcpyBatchAsync, &args);
        self.named(call, line);
    }

    fn accesses(&self, operands: &[Operand]) -> Vec<Access> {
        operands.iter().filter_map(|&operand| self.access(operand)).collect()
    }

    /// `fill`, `fill_sync`.
    pub(super) fn fill(&mut self, line: Line<'_>, byte: u8) {
        let Some(access) =
            line.data.outputs.of(&self.module.operands).first().and_then(|&to| self.access(to))
        else {
            return;
        };
        if !access.extent.is_contiguous() {
            return self.problem(Problem::NotRows(line.body, line.task));
        }
        let size = int(access.extent.len());
        let args = [self.address_of(&access), size, Arg::Int(byte.into()), size, line.stream];
        let call = match line.data.op {
            Op::FillSync(_) => self.call(Api::Memset, &args[..4]),
            _ => self.call(Api::MemsetAsync, &args),
        };
        self.named(call, line);
    }

    /// `cache prefetch b`.
    pub(super) fn cache(&mut self, line: Line<'_>, kind: CacheKind) {
        let region = line.data.inputs.of(&self.module.operands).first();
        let Some(access) = region.and_then(|&region| self.access(region)) else { return };
        if !access.extent.is_contiguous() {
            return self.problem(Problem::NotRows(line.body, line.task));
        }
        let kind = match kind {
            CacheKind::Prefetch => 0,
            CacheKind::Writeback => 1,
            CacheKind::Invalidate => 2,
            CacheKind::Flush => 3,
        };
        let size = int(access.extent.len());
        let args = [self.address_of(&access), size, Arg::Int(kind), line.stream];
        let call = self.call(Api::CmoAsync, &args);
        self.named(call, line);
    }

    /// `reduce a -> b sum`; the count is in bytes.
    pub(super) fn reduce(&mut self, line: Line<'_>, kind: ReduceKind) {
        let Some((source, destination)) = self.pair(line) else { return };
        if !source.extent.is_contiguous() || !destination.extent.is_contiguous() {
            return self.problem(Problem::NotRows(line.body, line.task));
        }
        let kind = match kind {
            ReduceKind::Sum => 10,
            ReduceKind::Max => 11,
            ReduceKind::Min => 12,
        };
        let data_type =
            line.data.inputs.of(&self.module.operands).first().map_or(0, |&from| self.data_type(from));
        let (to, from) = (self.address_of(&destination), self.address_of(&source));
        let size = int(source.extent.len());
        let args = [to, from, size, Arg::Int(kind), Arg::Int(data_type), line.stream, Arg::Null];
        let call = self.call(Api::ReduceAsync, &args);
        self.named(call, line);
    }
}

/// `aclrtMemLocation`: the device's number and `aclrtMemLocationType`.
fn location(is_host: bool) -> [Arg; 2] {
    [Arg::Int(0), Arg::Int(i64::from(!is_host))]
}
