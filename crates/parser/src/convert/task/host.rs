//! Calls of the host program: its own memory, executions, offline models, GE sessions; and handles of conditional tasks.

use acg_ir::List;

use super::super::block::conditional_kind;
use super::super::{Converted, Converter, Cursor};
use crate::grammar::Rule;
use crate::syntax::{OpSyntax, TaskSyntax, ValueSyntax};

impl Converter<'_> {
    /// `init a = 0.0, b = 1.0`, `print a, b`, `expect a = 1.1 within 0.001`.
    pub(super) fn host_memory(
        &mut self,
        task: &mut TaskSyntax,
        rule: Rule,
        cursor: &mut Cursor<'_>,
    ) -> Converted<OpSyntax> {
        let (operands, values) = (self.tree.operands.len(), self.tree.attributes.len());
        while cursor.peek().is_some_and(|next| next != Rule::within) {
            let operand = self.operand(cursor)?;
            self.tree.operands.push(operand);
            if cursor.take(Rule::equals).is_some() {
                self.attribute(operand.text, cursor)?;
            }
        }
        if let Some(within) = cursor.next() {
            let name = self.span(&within);
            self.attribute(name, &mut Cursor::new(within.into_inner()))?;
        }
        let operands = List::since(&self.tree.operands, operands);
        task.arguments = List::since(&self.tree.attributes, values);
        Ok(match rule {
            Rule::init => {
                task.outputs = operands;
                OpSyntax::Init
            }
            Rule::expect => {
                task.inputs = operands;
                OpSyntax::Expect
            }
            _ => {
                task.inputs = operands;
                OpSyntax::Print
            }
        })
    }

    /// `execute g`, `execute m(a) -> b`, `execute_sync m(a) -> b`, `run 0(a) -> b`, `run_sync 0(a) -> b`.
    pub(super) fn execution(
        &mut self,
        task: &mut TaskSyntax,
        rule: Rule,
        cursor: &mut Cursor<'_>,
    ) -> Converted<OpSyntax> {
        if rule == Rule::run_graph {
            let is_sync = self.expect(cursor)?.as_str() == "run_sync";
            let number = self.small(cursor)?;
            self.call(task, cursor)?;
            return Ok(if is_sync { OpSyntax::GeRunSync(number) } else { OpSyntax::GeRun(number) });
        }
        let name = self.text(cursor)?;
        if cursor.peek().is_none() {
            return Ok(OpSyntax::Execute(name));
        }
        self.call(task, cursor)?;
        Ok(if rule == Rule::execute {
            OpSyntax::ExecuteModel(name)
        } else {
            OpSyntax::ExecuteModelSync(name)
        })
    }

    /// Calls that name things by number, or give one.
    pub(super) fn call_of_numbers(&mut self, rule: Rule, cursor: &mut Cursor<'_>) -> Converted<OpSyntax> {
        if matches!((rule, cursor.peek()), (Rule::load, Some(Rule::name))) {
            return Ok(OpSyntax::LoadModel(self.text(cursor)?));
        }
        if rule == Rule::cond {
            let name = self.text(cursor)?;
            let default = cursor.take(Rule::default_word).is_some();
            let default = default.then(|| self.integer(cursor)).transpose()?;
            let flag = cursor.take(Rule::flag_word).is_some();
            let flag = flag.then(|| self.small(cursor)).transpose()?;
            return Ok(OpSyntax::Cond { name, default, flag });
        }
        if rule == Rule::add_cond {
            let kind = conditional_kind(&self.expect(cursor)?);
            let name = self.text(cursor)?;
            let models = self.texts(cursor, Rule::name);
            let branches = match models.len() {
                0 => self.small(cursor)?,
                count => u32::try_from(count).unwrap_or(u32::MAX),
            };
            return Ok(OpSyntax::AddCond { kind, name, branches, models });
        }
        let number = self.small(cursor)?;
        Ok(match rule {
            Rule::ge_graph => {
                cursor.take(Rule::equals);
                cursor.take(Rule::air);
                let path = self.text(cursor)?;
                OpSyntax::GeAdd { number, path, clone: cursor.next().is_some() }
            }
            Rule::compile => OpSyntax::GeCompile(number),
            Rule::remove => OpSyntax::GeRemove(number),
            _ => OpSyntax::GeLoad(number),
        })
    }

    /// A number of 32 bits, such as that of a graph in a GE session.
    fn small(&self, cursor: &mut Cursor<'_>) -> Converted<u32> {
        Ok(self.uint(self.text(cursor)?, u64::from(u32::MAX))? as u32)
    }

    fn integer(&self, cursor: &mut Cursor<'_>) -> Converted<i64> {
        let pair = self.expect(cursor)?;
        match self.number(self.span(&pair))? {
            ValueSyntax::Int(value) => Ok(value),
            _ => Err(self.malformed(self.span(&pair), "only a whole number may stand here")),
        }
    }
}
