//! Tasks and calls.

mod host;

use acg_ir::{ArgumentForm, CacheKind, Compare, List, Mode, ReduceKind, SliceDim};
use pest::iterators::Pair;

use super::{Converted, Converter, Cursor, literal};
use crate::grammar::Rule;
use crate::syntax::{AttributeSyntax, OpSyntax, OperandSyntax, TaskSyntax, Text, ValueSyntax};

impl Converter<'_> {
    pub(super) fn task_line(&mut self, text: Text, cursor: &mut Cursor<'_>) -> Converted<TaskSyntax> {
        let stream = cursor.take(Rule::stream).map(|pair| self.span(&pair));
        let mut task = TaskSyntax::new(stream, OpSyntax::Copy, text);
        let body = self.expect(cursor)?;
        task.head = self.span(&body);
        task.op = self.body(&mut task, body)?;
        while let Some(pair) = cursor.next() {
            let rule = pair.as_rule();
            let mut inner = Cursor::new(pair.into_inner());
            match rule {
                Rule::task_name => task.name = Some(self.text(&mut inner)?),
                Rule::after => task.after = self.texts(&mut inner, Rule::name),
                _ => task.attributes = self.attributes(&mut inner)?,
            }
        }
        Ok(task)
    }

    fn body(&mut self, task: &mut TaskSyntax, pair: Pair<'_, Rule>) -> Converted<OpSyntax> {
        let rule = pair.as_rule();
        let cursor = &mut Cursor::new(pair.into_inner());
        Ok(match rule {
            Rule::operator => {
                let name = self.text(cursor)?;
                self.call(task, cursor)?;
                OpSyntax::Operator(name)
            }
            Rule::kernel => {
                let name = self.text(cursor)?;
                self.call(task, cursor)?;
                OpSyntax::Kernel(name)
            }
            Rule::copy => {
                let op = match self.expect(cursor)?.as_str() {
                    "copy_sync" => OpSyntax::CopySync,
                    "copy2d" => OpSyntax::Copy2d,
                    _ => OpSyntax::Copy,
                };
                self.transfer(task, cursor)?;
                op
            }
            Rule::copy_batch => {
                self.transfers(task, cursor)?;
                OpSyntax::CopyBatch
            }
            Rule::reduce => {
                self.transfer(task, cursor)?;
                OpSyntax::Reduce(match self.expect(cursor)?.as_str() {
                    "max" => ReduceKind::Max,
                    "min" => ReduceKind::Min,
                    _ => ReduceKind::Sum,
                })
            }
            Rule::cache => {
                let word = self.expect(cursor)?.as_str();
                let kind = CacheKind::ALL.into_iter().find(|kind| kind.as_str() == word);
                task.inputs = self.one_operand(cursor)?;
                OpSyntax::Cache(kind.unwrap_or(CacheKind::Prefetch))
            }
            Rule::fill => {
                let is_sync = self.expect(cursor)?.as_str() == "fill_sync";
                task.outputs = self.one_operand(cursor)?;
                cursor.take(Rule::equals);
                let byte = self.uint(self.text(cursor)?, 255)? as u8;
                if is_sync { OpSyntax::FillSync(byte) } else { OpSyntax::Fill(byte) }
            }
            Rule::write => {
                task.outputs = self.one_operand(cursor)?;
                cursor.take(Rule::equals);
                OpSyntax::WriteValue(self.uint(self.text(cursor)?, u64::MAX)?)
            }
            Rule::wait_value => {
                task.inputs = self.one_operand(cursor)?;
                let compare = match self.expect(cursor)?.as_str() {
                    "==" => Compare::Equal,
                    "&" => Compare::And,
                    "nor" => Compare::Nor,
                    _ => Compare::GreaterEqual,
                };
                OpSyntax::WaitValue(compare, self.uint(self.text(cursor)?, u64::MAX)?)
            }
            Rule::init | Rule::print | Rule::expect => self.host_memory(task, rule, cursor)?,
            Rule::execute | Rule::execute_sync | Rule::run_graph => self.execution(task, rule, cursor)?,
            Rule::cond | Rule::add_cond | Rule::load | Rule::ge_graph | Rule::compile | Rule::remove => {
                self.call_of_numbers(rule, cursor)?
            }
            Rule::begin_capture => {
                let into = cursor.take(Rule::into).map(|pair| self.inner_text(pair)).transpose()?;
                let mode = cursor.take(Rule::capture_mode).map(|pair| self.inner_text(pair)).transpose()?;
                let mode = mode.map_or(Mode::Global, |mode| literal::mode(mode.of(self.text)));
                OpSyntax::CaptureBegin { into, mode }
            }
            _ => self.call_of_names(rule, cursor)?,
        })
    }

    /// Calls whose arguments are names and words alone.
    fn call_of_names(&mut self, rule: Rule, cursor: &mut Cursor<'_>) -> Converted<OpSyntax> {
        let of_event = cursor.peek() == Some(Rule::of_event);
        let of_device = cursor.peek() == Some(Rule::of_device);
        let name = match cursor.next() {
            Some(pair) if of_event => self.inner_text(pair)?,
            Some(pair) => self.span(&pair),
            None => Text::default(),
        };
        Ok(match rule {
            Rule::record => OpSyntax::Record { name, external: cursor.next().is_some() },
            Rule::wait => OpSyntax::Wait { name, external: cursor.next().is_some() },
            Rule::reset => OpSyntax::Reset(name),
            Rule::callback => OpSyntax::Callback { function: name, block: cursor.next().is_some() },
            Rule::host_func => OpSyntax::HostFunc(name),
            Rule::sync if of_device => OpSyntax::SyncDevice,
            Rule::sync if of_event => OpSyntax::SyncEvent(name),
            Rule::sync => OpSyntax::SyncStream(name),
            Rule::query if of_event => OpSyntax::QueryEvent(name),
            Rule::query => OpSyntax::QueryStream(name),
            Rule::elapsed => OpSyntax::Elapsed(name, self.text(cursor)?),
            Rule::destroy => OpSyntax::Destroy(name),
            Rule::segment => OpSyntax::Segment,
            Rule::begin_update => OpSyntax::UpdateBegin(name),
            Rule::end_update => OpSyntax::UpdateEnd,
            Rule::end_capture => OpSyntax::CaptureEnd(name),
            Rule::begin_group => OpSyntax::GroupBegin,
            Rule::end_group => OpSyntax::GroupEnd(name),
            Rule::bare_call => OpSyntax::Call(name),
            Rule::capture => OpSyntax::Capture(name),
            Rule::dump => {
                let path = self.text(cursor)?;
                OpSyntax::Dump { graph: name, path, verbose: cursor.next().is_some() }
            }
            Rule::unload => OpSyntax::UnloadModel(name),
            Rule::exchange => OpSyntax::Exchange(literal::mode(name.of(self.text))),
            _ => return Err(self.fault(name, "this line is not a statement").into()),
        })
    }

    /// The arguments of an operator or kernel, up to the end of its results.
    fn call(&mut self, task: &mut TaskSyntax, cursor: &mut Cursor<'_>) -> Converted<()> {
        let (operands, forms) = (self.tree.operands.len(), self.tree.forms.len());
        let arguments = self.tree.attributes.len();
        while let Some(rule) = cursor.peek() {
            match rule {
                Rule::paren_close => break,
                Rule::tensor_list => self.tensor_list(cursor)?,
                _ => {
                    let operand = self.operand(cursor)?;
                    if cursor.take(Rule::equals).is_some() {
                        self.attribute(operand.name, cursor)?;
                    } else {
                        self.tree.operands.push(operand);
                        self.tree.forms.push(ArgumentForm::One);
                    }
                }
            }
        }
        cursor.next();
        task.inputs = List::since(&self.tree.operands, operands);
        task.input_forms = self.forms_since(forms);
        task.arguments = List::since(&self.tree.attributes, arguments);
        if cursor.take(Rule::arrow).is_none() {
            return Ok(());
        }
        let (operands, forms) = (self.tree.operands.len(), self.tree.forms.len());
        while let Some(rule) = cursor.peek() {
            if rule == Rule::tensor_list {
                self.tensor_list(cursor)?;
            } else {
                let operand = self.operand(cursor)?;
                self.tree.operands.push(operand);
                self.tree.forms.push(ArgumentForm::One);
            }
        }
        task.outputs = List::since(&self.tree.operands, operands);
        task.output_forms = self.forms_since(forms);
        Ok(())
    }

    /// The forms pushed since `start`; none at all where each is a single tensor.
    fn forms_since(&mut self, start: usize) -> List<ArgumentForm> {
        if self.tree.forms[start..].iter().all(|&form| form == ArgumentForm::One) {
            self.tree.forms.truncate(start);
        }
        List::since(&self.tree.forms, start)
    }

    fn tensor_list(&mut self, cursor: &mut Cursor<'_>) -> Converted<()> {
        let pair = self.expect(cursor)?;
        let mut inner = Cursor::new(pair.into_inner());
        let mut count = 0;
        while inner.peek().is_some_and(|rule| rule != Rule::bracket_close) {
            let operand = self.operand(&mut inner)?;
            self.tree.operands.push(operand);
            count += 1;
        }
        self.tree.forms.push(ArgumentForm::Many(count));
        Ok(())
    }

    fn transfer(&mut self, task: &mut TaskSyntax, cursor: &mut Cursor<'_>) -> Converted<()> {
        task.inputs = self.one_operand(cursor)?;
        cursor.take(Rule::arrow);
        task.outputs = self.one_operand(cursor)?;
        Ok(())
    }

    /// `a -> b, c -> d`: sources first and then targets, as a task holds them.
    fn transfers(&mut self, task: &mut TaskSyntax, cursor: &mut Cursor<'_>) -> Converted<()> {
        let start = self.tree.operands.len();
        let mut targets = Vec::new();
        while cursor.peek().is_some() {
            let source = self.operand(cursor)?;
            cursor.take(Rule::arrow);
            targets.push(self.operand(cursor)?);
            self.tree.operands.push(source);
        }
        task.inputs = List::since(&self.tree.operands, start);
        task.outputs = List::push_to(&mut self.tree.operands, targets);
        Ok(())
    }

    fn one_operand(&mut self, cursor: &mut Cursor<'_>) -> Converted<List<OperandSyntax>> {
        let operand = self.operand(cursor)?;
        Ok(List::push_to(&mut self.tree.operands, [operand]))
    }

    /// A name and its slice, if it has one.
    pub(super) fn operand(&mut self, cursor: &mut Cursor<'_>) -> Converted<OperandSyntax> {
        let name = self.text(cursor)?;
        let Some(slice) = cursor.take(Rule::slice) else {
            return Ok(OperandSyntax { name, text: name, slice: None });
        };
        let text = name.to(self.span(&slice));
        let start = self.tree.slice_dims.len();
        for pair in slice.into_inner() {
            let dim = match pair.as_rule() {
                Rule::number => SliceDim::At(self.uint(self.span(&pair), u64::MAX)?),
                Rule::all => SliceDim::All,
                Rule::range => {
                    let mut bounds = Cursor::new(pair.into_inner());
                    let low = self.uint(self.text(&mut bounds)?, u64::MAX)?;
                    SliceDim::Range(low, self.uint(self.text(&mut bounds)?, u64::MAX)?)
                }
                _ => continue,
            };
            self.tree.slice_dims.push(dim);
        }
        Ok(OperandSyntax { name, text, slice: Some(List::since(&self.tree.slice_dims, start)) })
    }

    fn attributes(&mut self, cursor: &mut Cursor<'_>) -> Converted<List<AttributeSyntax>> {
        let start = self.tree.attributes.len();
        while let Some(pair) = cursor.take(Rule::name) {
            let name = self.span(&pair);
            cursor.take(Rule::equals);
            self.attribute(name, cursor)?;
        }
        Ok(List::since(&self.tree.attributes, start))
    }

    fn attribute(&mut self, name: Text, cursor: &mut Cursor<'_>) -> Converted<()> {
        let (text, value) = self.value(cursor)?;
        self.tree.attributes.push(AttributeSyntax { name, text, value });
        Ok(())
    }

    fn value(&mut self, cursor: &mut Cursor<'_>) -> Converted<(Text, ValueSyntax)> {
        match cursor.peek() {
            Some(Rule::list) => {
                let pair = self.expect(cursor)?;
                let text = self.span(&pair);
                let start = self.tree.values.len();
                let mut inner = Cursor::new(pair.into_inner());
                while inner.peek().is_some_and(|rule| rule != Rule::bracket_close) {
                    let element = self.value(&mut inner)?;
                    self.tree.values.push(element);
                }
                Ok((text, ValueSyntax::List(List::since(&self.tree.values, start))))
            }
            Some(Rule::name) => {
                let operand = self.operand(cursor)?;
                Ok((operand.text, ValueSyntax::Name(operand)))
            }
            Some(Rule::string) => Ok((self.text(cursor)?, ValueSyntax::Quoted)),
            _ => {
                let pair = self.expect(cursor)?;
                Ok((self.span(&pair), self.number(self.span(&pair))?))
            }
        }
    }
}
