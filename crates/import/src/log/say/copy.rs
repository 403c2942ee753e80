//! Copies, fills, reductions and operations on the cache.

use acg_calls::{Api, Arg, CallView};
use acg_ir::{CacheKind, DType, Op, Operand, ReduceKind, TaskData};

use super::Said;
use crate::log::LogImport;
use crate::remark::RemarkKind;

/// `ACL_MEMCPY_DEFAULT` and the two kinds of copies within devices.
const DERIVED: [i64; 3] = [4, 6, 7];

impl<'l> LogImport<'l> {
    /// `aclrtMemcpyAsync` and `aclrtMemcpy`.
    pub(super) fn copy(&mut self, call: &CallView<'l>) -> Said {
        let [room, count] = [call.int(1), call.int(3)].map(Option::unwrap_or_default);
        if room < count {
            return Err(format!("it copies {count} bytes to where {room} fit"));
        }
        let to = self.region(call.address(0), count)?;
        let from = self.region(call.address(2), count)?;
        self.check_direction(call, 4, from, to)?;
        let (op, stream) = match call.api() {
            Api::Memcpy => (Op::CopySync, None),
            _ => (Op::Copy, Some(self.stream_at(call, 5))),
        };
        Ok(self.draft.transfer(op, stream, from, to))
    }

    /// The language takes the direction of a copy from where its memory is.
    fn check_direction(
        &mut self,
        call: &CallView<'l>,
        position: usize,
        from: Operand,
        to: Operand,
    ) -> Result<(), String> {
        let buffers = &self.draft.module.buffers;
        let (from, to) = (buffers[from.buffer].space.is_host(), buffers[to.buffer].space.is_host());
        let is = match (from, to) {
            (true, true) => 0,
            (true, false) => 1,
            (false, true) => 2,
            (false, false) => 3,
        };
        match call.int(position) {
            Some(said) if said == is => Ok(()),
            Some(said) if DERIVED.contains(&said) => {
                self.remark(RemarkKind::Assumed, call, "the direction of the copy is where its memory is");
                Ok(())
            }
            _ => Err("it says another direction than where its memory is".to_owned()),
        }
    }

    /// `aclrtMemcpy2dAsync`.
    pub(super) fn copy_rows(&mut self, call: &CallView<'l>) -> Said {
        let size =
            |position| call.int(position).and_then(|size| u64::try_from(size).ok()).filter(|&size| size > 0);
        let sizes = (size(1), size(3), size(4), size(5));
        let (Some(to_pitch), Some(from_pitch), Some(width), Some(height)) = sizes else {
            return Err("it is about no bytes".to_owned());
        };
        if width > to_pitch || width > from_pitch {
            return Err("its rows overlap".to_owned());
        }
        let to = self.rows(call.address(0), [width, height, to_pitch])?;
        let from = self.rows(call.address(2), [width, height, from_pitch])?;
        self.check_direction(call, 6, from, to)?;
        let stream = Some(self.stream_at(call, 7));
        Ok(self.draft.transfer(Op::Copy2d, stream, from, to))
    }

    /// `aclrtMemcpyBatchAsync`.
    pub(super) fn copy_batch(&mut self, call: &CallView<'l>) -> Said {
        let lists = (call.list(0), call.list(2), call.list(3));
        let (Some(to), Some(from), Some(sizes)) = lists else {
            return Err("the log does not list its copies".to_owned());
        };
        if to.len() != from.len() || to.len() != sizes.len() || to.is_empty() {
            return Err("its lists are not equally long".to_owned());
        }
        let mut operands = (Vec::with_capacity(to.len()), Vec::with_capacity(to.len()));
        for ((to, from), size) in to.iter().zip(from).zip(sizes) {
            let size = size.int().unwrap_or_default();
            operands.0.push(self.region(from.address(), size)?);
            operands.1.push(self.region(to.address(), size)?);
        }
        let stream = Some(self.stream_at(call, 9));
        Ok(TaskData {
            inputs: self.draft.operands(&operands.0),
            outputs: self.draft.operands(&operands.1),
            ..TaskData::new(Op::CopyBatch, stream)
        })
    }

    /// `aclrtMemsetAsync` and `aclrtMemset`.
    pub(super) fn fill(&mut self, call: &CallView<'l>) -> Said {
        let [room, byte, count] = [call.int(1), call.int(2), call.int(3)].map(Option::unwrap_or_default);
        if room < count {
            return Err(format!("it fills {count} bytes where {room} fit"));
        }
        let byte = u8::try_from(byte).map_err(|_| format!("{byte} is no byte"))?;
        let region = self.region(call.address(0), count)?;
        let (op, stream) = match call.api() {
            Api::Memset => (Op::FillSync(byte), None),
            _ => (Op::Fill(byte), Some(self.stream_at(call, 4))),
        };
        Ok(TaskData { outputs: self.draft.operands(&[region]), ..TaskData::new(op, stream) })
    }

    /// `aclrtCmoAsync`.
    pub(super) fn cache(&mut self, call: &CallView<'l>) -> Said {
        let kind = call.int(2).and_then(|kind| usize::try_from(kind).ok());
        let kind = kind.and_then(|kind| CacheKind::ALL.get(kind)).copied();
        let kind = kind.ok_or("the language has no such operation on the cache")?;
        let region = self.region(call.address(0), call.int(1).unwrap_or_default())?;
        if self.draft.module.buffers[region.buffer].space.is_host() {
            return Err("it is about host memory".to_owned());
        }
        let stream = Some(self.stream_at(call, 3));
        Ok(TaskData { inputs: self.draft.operands(&[region]), ..TaskData::new(Op::Cache(kind), stream) })
    }

    /// `aclrtReduceAsync`, whose count is in bytes.
    pub(super) fn reduce(&mut self, call: &CallView<'l>) -> Said {
        let kind = match call.int(3) {
            Some(10) => ReduceKind::Sum,
            Some(11) => ReduceKind::Max,
            Some(12) => ReduceKind::Min,
            _ => return Err("the language has no such reduction".to_owned()),
        };
        let dtype = dtype(call.arg(4)).ok_or("the language has no such element type")?;
        let count = call.int(2).unwrap_or_default();
        let to = self.typed(call.address(0), count, dtype)?;
        let from = self.typed(call.address(1), count, dtype)?;
        let stream = Some(self.stream_at(call, 5));
        Ok(self.draft.transfer(Op::Reduce(kind), stream, from, to))
    }
}

/// The element type that a number of `aclDataType` stands for.
pub(super) fn dtype(arg: Option<Arg>) -> Option<DType> {
    let number = arg?.int()?;
    DType::all().find(|dtype| i64::from(dtype.acl_number()) == number)
}
