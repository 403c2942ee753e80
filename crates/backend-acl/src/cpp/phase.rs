//! One function per phase, and the function that calls them.

use acg_calls::CallId;
use acg_ir::{Entity, GraphId};

use super::Emitter;
use super::prelude::Fragment;
use crate::lower::{Declaration, Phase};
use crate::repetition::{Repetition, phases, runs};
use crate::writer::Writer;

impl Emitter<'_> {
    /// Writes the functions of all phases; the members' order is the clean-up.
    pub(super) fn phases(&mut self) {
        self.suffixes();
        phases(self.lowered).for_each(|phase| self.phase(phase));
    }

    /// A graph's model is unique, and so is what its name starts with unless another graph's ends alike.
    fn suffixes(&mut self) {
        let mut taken = std::collections::BTreeSet::new();
        for graph in self.module.graphs.keys() {
            let model = self.name_of(Declaration::Model(graph)).to_owned();
            let short = model.strip_suffix("_model").unwrap_or(&model).to_owned();
            let suffix = if taken.contains(&short) { format!("{model}_{}", graph.index()) } else { short };
            taken.insert(suffix.clone());
            self.suffixes.insert(graph, suffix);
        }
    }

    fn phase(&mut self, bounds: (Phase, CallId, CallId)) {
        let phase = bounds.0;
        let name = match phase {
            Phase::Initialise => "initialise".to_owned(),
            Phase::Allocate => "allocate".to_owned(),
            Phase::Prepare(graph) => self.named("prepare", graph),
            Phase::Capture(graph) => self.named("capture", graph),
            Phase::Execute(graph) => self.named("execute", graph),
            Phase::Run => "run_program".to_owned(),
            Phase::CleanUp => return,
        };
        match phase {
            Phase::Capture(graph) => {
                let suffix = self.suffixes.get(&graph).cloned().unwrap_or_default();
                self.load_kernels(&self.module.graphs[graph].body, &suffix);
            }
            Phase::Run => {
                let module: &acg_ir::Module = self.module;
                // What it captures itself has its kernels loaded with the rest.
                let captured = module.graphs.values().map(|graph| &graph.body);
                for (number, body) in module.run.iter().chain(captured).enumerate() {
                    self.load_kernels(body, &format!("program_{number}"));
                }
            }
            _ => {}
        }
        self.function(&name);
        let executions = self.options.lower.executions;
        for run in runs(self.module, self.lowered, &self.origins, executions, bounds) {
            self.repeated(run);
        }
        self.end_function();
    }

    fn named(&self, verb: &str, graph: GraphId) -> String {
        format!("{verb}_{}", self.suffixes.get(&graph).map_or("", String::as_str))
    }

    /// Starts a function of the program that `run` calls.
    pub(super) fn function(&mut self, name: &str) {
        self.shown = None;
        self.captures = 0;
        self.body.format(format_args!("void {name}()"));
        self.body.open(format_args!("{{"));
        self.calls.push(name.to_owned());
    }

    pub(super) fn end_function(&mut self) {
        self.body.close("}");
        self.body.line("");
    }

    /// The calls of one run, in a loop where there are several.
    fn repeated(&mut self, repetition: Repetition) {
        let (times, (start, end)) = (repetition.times, repetition.run());
        if times > 1 {
            self.body.open(format_args!("for (uint64_t run = 0; run < {times}; ++run) {{"));
        }
        self.statements(start, end);
        if times > 1 {
            self.body.close("}");
        }
    }

    fn statements(&mut self, start: CallId, end: CallId) {
        (start.0..end.0).for_each(|id| self.statement(CallId(id)));
        self.on_thread(1);
    }

    /// `run`: every phase in order.
    pub(super) fn run(&self, out: &mut Writer) {
        out.line("    void run()");
        out.line("    {");
        for call in &self.calls {
            out.format(format_args!("        {call}();"));
        }
        out.line("    }");
    }

    /// Shows the source line of a call, unless the last comment does.
    pub(super) fn show_line(&mut self, id: CallId) -> Option<u32> {
        let range = self.origins.line(id)?;
        let number = self.source.number(range)?;
        if self.shown != Some(number) {
            self.shown = Some(number);
            self.body.comment(&format!("{}:{number}: {}", self.source.name, self.source.line(number)));
        }
        Some(number)
    }

    pub(super) fn needs(&mut self, fragment: Fragment) {
        self.fragments.add(fragment);
    }
}
