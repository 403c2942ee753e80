//! Programs out of seeds, what is done to them, and what they mean by brute force.

#![allow(dead_code, reason = "each test uses a part")]

pub(crate) mod host_oracle;
pub(crate) mod host_program;
pub(crate) mod mutation;
pub(crate) mod oracle;
pub(crate) mod program;

use acg_diagnostics::{FileId, Severity};
use acg_ir::{Costs, Engine, GraphId, Module};
use acg_passes::{Context, Options, Pass, Queue};
use acg_prove::{Complaint, Machine, Meaning, Resource, compare};
use acg_target::{DeviceModel, Profile};
use std::time::Duration;

/// Numbers out of a seed, the same everywhere.
pub(crate) struct Rng(u64);

impl Rng {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut x = self.0;
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^ (x >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// True so many times of a hundred.
    pub(crate) fn percent(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

/// The module that a text says, which must be free of mistakes.
pub(crate) fn parse(text: &str) -> Module {
    let mut sources = acg_diagnostics::Sources::new();
    let file: FileId = sources.add("test.acg".to_owned(), text.to_owned());
    let parsed = acg_parser::parse(file, text);
    let errors: Vec<_> =
        parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    assert!(acg_ir::verify(&parsed.module).is_ok());
    parsed.module
}

/// The seeds of programs to try: `few`, or as many as `ACG_PROOF_PROGRAMS` says.
pub(crate) fn programs(few: u64) -> std::ops::Range<u64> {
    0..std::env::var("ACG_PROOF_PROGRAMS").ok().and_then(|text| text.parse().ok()).unwrap_or(few)
}

/// What passes are told in tests.
pub(crate) fn options() -> Options {
    let chip = Profile::find("ascend910b").expect("the profile exists").chip;
    // Searches are as quick as they are told; whatever they find has to be proved.
    let mut options = Options::new(chip.model, chip.limits.events);
    options.time_limit = Some(Duration::from_millis(2));
    options.queue = Queue { usable: 12, wait: 1, group: 8 };
    options
}

/// Runs a pass and proves it; says whether it changed anything.
pub(crate) fn proved(pass: &dyn Pass, module: &mut Module) -> Result<bool, String> {
    let options = options();
    let before = module.clone();
    let mut context = Context::new(&options);
    let changed = pass.run(module, &mut context);
    if !changed {
        return Ok(false);
    }
    let told = |what: String| {
        let print = acg_ir::print::print;
        format!("{}: {what}\n--- before\n{}--- after\n{}", pass.name(), print(&before), print(module))
    };
    if let Err(violations) = acg_ir::verify(module) {
        return Err(told(format!("{violations:?}")));
    }
    for (&id, &claimed) in &context.makespans {
        let replayed = makespan(module, id, &options.model);
        if replayed != claimed {
            return Err(told(format!("ends after {replayed} ns, not after {claimed} ns")));
        }
    }
    match verdict(&before, module, pass.reorders()) {
        Ok(()) => Ok(true),
        Err(complaints) => {
            let words: Vec<String> = complaints.iter().map(|complaint| complaint.describe(module)).collect();
            Err(told(words.join("\n")))
        }
    }
}

/// What the proof says of `after`.
pub(crate) fn verdict(before: &Module, after: &Module, reorders: bool) -> Result<(), Vec<Complaint>> {
    let before = Meaning::of(before);
    compare(&before, &Meaning::of_result(after, &before), reorders)
}

/// When the last task of an explicit graph ends, by an independent replay.
fn makespan(module: &Module, id: GraphId, model: &DeviceModel) -> u64 {
    let graph = &module.graphs[id];
    let costs = Costs::new(module, model);
    acg_prove::makespan(module, graph, Machine { slots: model.slots, latency: model.sync }, |task| {
        let data = &graph.tasks[task];
        let resource = match costs.engine(data) {
            Some(Engine::HostToDevice) => Resource::Engine(0),
            Some(Engine::DeviceToHost) => Resource::Engine(1),
            Some(Engine::DeviceToDevice) => Resource::Engine(2),
            _ => Resource::Slot,
        };
        Some((costs.cost(data).0, resource))
    })
}
