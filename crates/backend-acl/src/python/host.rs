//! What host programs do beside captures: `init`, `print` and `expect` of the host's own memory, and offline models.

use acg_calls::{Api, Arg, CallId, CallView, Handle, Kind};
use acg_ir::{Op, Operand, Value};

use super::{Emitter, Fragment, quoted};

impl Emitter<'_> {
    /// One operand of an `init`, `print` or `expect` line, each of which is one `memcpy` of the log.
    pub(super) fn host_memory(&mut self, call: &CallView<'_>, line: u32) {
        let Some(data) = self.task(call.id) else { return };
        let operands = match data.op {
            Op::Init => data.outputs,
            _ => data.inputs,
        };
        let place = self.place_in_line(call.id);
        let Some(&operand) = operands.of(&self.module.operands).get(place) else { return };
        let Some(tensor) = self.tensor(operand) else {
            self.unsaid(call.id, "torch has no elements of the type that this buffer has");
            return;
        };
        let values: Vec<Value> = self.module.arguments(data).iter().map(|argument| argument.value).collect();
        match data.op {
            Op::Init => self.initial(&tensor, operand, values.get(place).copied()),
            Op::Print => {
                self.needs(Fragment::Show);
                let name = quoted(&acg_ir::print::operand(self.module, operand));
                self.body.format(format_args!("show({name}, {tensor})"));
            }
            _ => {
                self.needs(Fragment::Expect);
                let literal = |value: Option<&Value>| value.map(|&value| self.literal(value));
                let wanted = literal(values.first()).unwrap_or_else(|| "0".to_owned());
                let within = literal(values.get(1)).unwrap_or_else(|| "0".to_owned());
                let name = quoted(&acg_ir::print::operand(self.module, operand));
                self.body.format(format_args!("expect({name}, {tensor}, {wanted}, {within}, {line})"));
            }
        }
    }

    /// The execution of an offline model.
    pub(super) fn execute_model(&mut self, call: &CallView<'_>, line: u32) {
        let Some(data) = self.task(call.id) else { return };
        self.needs(Fragment::Dataset);
        let datasets = [data.inputs, data.outputs].map(|operands| {
            let memory = operands.of(&self.module.operands).iter().map(|&operand| {
                let size = self.module.access(operand).map_or(0, |access| access.extent.len());
                format!("({}, {size})", self.operand_address(operand))
            });
            format!("dataset({})", memory.collect::<Vec<_>>().join(", "))
        });
        let (model, api) = (self.at(call, 0), call.api());
        let [inputs, outputs] = datasets;
        let expression = if api == Api::MdlExecuteAsync {
            let stream = self.argument(call.arg(3).unwrap_or(Arg::Null), Kind::In(Handle::Stream));
            format!("acl.mdl.execute_async({model}, {inputs}, {outputs}, {stream})")
        } else {
            format!("acl.mdl.execute({model}, {inputs}, {outputs})")
        };
        self.check(&expression, api.as_str(), line);
    }

    fn initial(&mut self, tensor: &str, operand: Operand, value: Option<Value>) {
        let literal = value.map_or_else(|| "0".to_owned(), |value| self.literal(value));
        match (value, super::tensor::torch_dtype(self.dtype(operand))) {
            (Some(Value::List(_)), Some(dtype)) => self.body.format(format_args!(
                "{tensor}.copy_(torch.tensor({literal}, dtype={dtype}).reshape({tensor}.shape))"
            )),
            _ => self.body.format(format_args!("{tensor}.fill_({literal})")),
        }
    }

    /// How many calls of the same line stand right before a call.
    fn place_in_line(&self, id: CallId) -> usize {
        let count = self.task(id).map_or(1, |data| (data.inputs.len() + data.outputs.len()).max(1));
        self.lowered.causes.same_before(id) % count
    }
}
