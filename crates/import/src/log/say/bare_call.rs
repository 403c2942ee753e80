//! Calls that the language has no form of its own for stand as the log writes them, with the names of the program.

use acg_calls::{Api, Arg, CallView, Name};
use acg_ir::name::{is_name, is_reserved, words};
use acg_ir::{Op, Operand, Stream, TaskData};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::log::LogImport;
use crate::log::captures::{Asked, Place};
use crate::log::objects::Object;

/// What the names of a call are in the program.
#[derive(Default)]
struct Spelling<'l> {
    names: FxHashMap<&'l str, String>,
    /// Models of captures, with a stream of each.
    captured: Vec<(Name, Stream)>,
}

impl<'l> LogImport<'l> {
    /// Writes the call as it is, or gives the reason why it cannot be written.
    pub(super) fn bare_call(&mut self, call: &CallView<'l>, place: Place) -> Result<(), String> {
        let mut spelling = Spelling::default();
        for arg in call.args() {
            self.spell(arg, place, &mut spelling)?;
        }
        let text = call.to_string();
        if !is_plain(&text) {
            return Err("a line cannot hold it".to_owned());
        }
        let (mut line, mut from) = (String::with_capacity(text.len()), 0);
        let (mut buffers, mut seen) = (Vec::new(), FxHashSet::default());
        for (at, word) in words(&text) {
            let Some(name) = spelling.names.get(word) else { continue };
            line.push_str(&text[from..at]);
            line.push_str(name);
            from = at + word.len();
        }
        line.push_str(&text[from..]);
        for (_, word) in words(&line) {
            buffers.extend(self.draft.buffer_named(word).filter(|&buffer| seen.insert(buffer)));
        }
        for (name, stream) in spelling.captured {
            self.ask_for_model(name, stream);
        }
        let operands: Vec<Operand> =
            buffers.into_iter().map(|buffer| Operand { buffer, slice: None }).collect();
        let inputs = self.draft.operands(&operands);
        self.all_may_change();
        let op = Op::Call(self.draft.symbol(&line));
        self.add(call, place, TaskData { inputs, ..TaskData::new(op, None) });
        Ok(())
    }

    /// Finds out how the names of an argument are spelt in the program.
    fn spell(&mut self, arg: Arg, place: Place, spelling: &mut Spelling<'l>) -> Result<(), String> {
        let name = match arg {
            Arg::Name(name) | Arg::Out(name) | Arg::Offset { base: name, .. } => name,
            Arg::Struct(items) | Arg::List(items) => {
                let log = self.log;
                return log.args(items).iter().try_for_each(|item| self.spell(item, place, spelling));
            }
            _ => return Ok(()),
        };
        let text = self.log.text(name);
        if !is_name(text) && !is_reserved(text) {
            return Err(format!("`{text}` is no name of the language"));
        }
        let spelt = match self.objects.find(name) {
            Some(Object::Captured(_, stream)) => {
                spelling.captured.push((name, stream));
                Some(self.variable(name))
            }
            None => Some(self.variable(name)),
            Some(object) => self.spelt(object, place),
        };
        let spelt = spelt.ok_or_else(|| format!("nothing of the program is called like its `{text}`"))?;
        spelling.names.insert(text, spelt);
        Ok(())
    }

    /// What a variable is called that only such calls use; nothing else has the name.
    fn variable(&mut self, name: Name) -> String {
        let text = self.log.text(name);
        let symbol = *self.variables.entry(name).or_insert_with(|| self.draft.name(text));
        self.draft.module.text(symbol).to_owned()
    }

    /// What an object is called in a place.
    fn spelt(&self, object: Object, place: Place) -> Option<String> {
        let module = &self.draft.module;
        let symbol = match object {
            Object::Stream(stream) => module.streams[stream].name,
            Object::Event(event) => module.events[event].name,
            Object::Notify(notify) => module.notifies[notify].name,
            Object::Buffer(buffer) => module.buffers[buffer].name,
            Object::Handle(handle) => module.handles[handle].name,
            Object::Graph(graph) => self.draft.graph_name(graph),
            Object::Group(body, group) => {
                let name = self.draft.group_name(body, group);
                return match body {
                    _ if body == place.body => {
                        (!self.draft.is_taken(name)).then(|| module.text(name).to_owned())
                    }
                    acg_ir::BodyId::Graph(graph) => {
                        Some(format!("{}.{}", module.text(self.draft.graph_name(graph)), module.text(name)))
                    }
                    acg_ir::BodyId::Run => None,
                };
            }
            Object::Captured(..) | Object::Branch(..) | Object::Cond(_) => return None,
        };
        Some(module.text(symbol).to_owned())
    }

    /// The model of a capture has no name in the program before it is asked for.
    fn ask_for_model(&mut self, name: Name, stream: Stream) {
        let Some(Asked { place, at, thread }) = self.asked_models.remove(&name) else { return };
        let name = self.variable(name);
        let status = self.status.get_or_insert_with(|| self.draft.name("status"));
        let module = &self.draft.module;
        let (stream, status) = (module.text(module.streams[stream].name), module.text(*status));
        let text = format!("{}({stream}, &{status}, &{name})", Api::RiCaptureGetInfo);
        let op = Op::Call(self.draft.symbol(&text));
        let line = crate::draft::Line::Task(TaskData::new(op, None));
        self.draft.write_before(place.sheet, at, line, thread);
    }
}

/// Whether a line can hold a call: it has its parentheses and no comment, outside of texts in quotes.
fn is_plain(call: &str) -> bool {
    let (mut quoted, mut escaped) = (false, false);
    let mut open = 0;
    let mut before = ' ';
    for character in call.chars() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' => open += 1,
            '\n' | '\r' => return false,
            '/' if before == '/' => return false,
            _ => {}
        }
        before = character;
    }
    open == 1 && call.ends_with(')')
}
