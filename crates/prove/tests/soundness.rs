//! Mistakes in what passes make are noticed wherever brute force says that they matter, and hardly anywhere else.

mod support;

use std::collections::BTreeMap;

use acg_ir::{Entity, GraphId, List, Module, Operand, Step};
use acg_passes::{Context, PASSES, Pass as _, ScheduleStreams};
use acg_prove::Complaint;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use support::mutation::{Mistake, add_event};
use support::oracle::Facts;
use support::program::{Form, program};
use support::{Rng, options, parse, programs, verdict};

/// Passes that do nothing to `auto` graphs, and most on graphs without races.
const TAKE_EXPLICIT: [&str; 5] =
    ["minimize-syncs", "plan-memory", "reuse-events", "split-long-streams", "stab-syncs"];

/// How often a mistake mattered, and did not.
#[derive(Default)]
struct Tally {
    noticed: BTreeMap<Mistake, usize>,
    harmless: usize,
    /// Mistakes that do no harm, because the bytes seen happen to be equal, and that the proof refuses all the same.
    careful: usize,
    /// How often a copy of what a copy made went with it.
    chains: usize,
}

impl Tally {
    fn with(mut self, other: Self) -> Self {
        for (mistake, times) in other.noticed {
            *self.noticed.entry(mistake).or_default() += times;
        }
        self.harmless += other.harmless;
        self.careful += other.careful;
        self.chains += other.chains;
        self
    }
}

/// Whether two copies are gone of which one took what the other made.
fn is_chain(before: &Module, after: &Module) -> bool {
    let (was, is) = (&before.graphs[GraphId::at(0)], &after.graphs[GraphId::at(0)]);
    let gone = was.program().filter(|&task| !is.steps.contains(&Step::Task(task)));
    let ends: Vec<_> = gone
        .filter_map(|task| {
            let first = |list: List<Operand>| list.of(&before.operands).first().map(|operand| operand.buffer);
            Some((first(was.tasks[task].inputs)?, first(was.tasks[task].outputs)?))
        })
        .collect();
    ends.iter().any(|&(source, _)| ends.iter().any(|&(_, target)| source == target))
}

/// A result of a pass.
struct Subject<'a> {
    before: &'a Module,
    facts: &'a Facts,
    result: &'a Module,
    name: &'static str,
    reorders: bool,
}

/// Compares the verdict on a result with one mistake in it to brute force.
fn judge(subject: &Subject<'_>, rng: &mut Rng, tally: &mut Tally) {
    let Subject { before, facts, result, name, reorders } = *subject;
    for mistake in Mistake::ALL {
        let mut wrong = result.clone();
        add_event(&mut wrong);
        if mistake.make(&mut wrong, rng).is_none() || acg_ir::verify(&wrong).is_err() {
            continue;
        }
        let harm = facts.differ(&Facts::of(&wrong, Some(facts)), reorders);
        let told = verdict(before, &wrong, reorders);
        let print = acg_ir::print::print;
        match (&harm, &told) {
            (Some(_), Err(_)) => *tally.noticed.entry(mistake).or_default() += 1,
            (None, Ok(())) => tally.harmless += 1,
            (Some(harm), Ok(())) => panic!(
                "{} with {mistake:?}: {harm} is not noticed\n--- before\n{}--- after\n{}",
                name,
                print(before),
                print(&wrong)
            ),
            // Equal bytes can have two names: moved while undefined, or seen at another place of a pattern.
            (None, Err(complaints)) if only_values(complaints) => tally.careful += 1,
            (None, Err(complaints)) => panic!(
                "{} with {mistake:?}: {complaints:?} is no harm\n--- before\n{}--- after\n{}",
                name,
                print(before),
                print(&wrong)
            ),
        }
    }
}

/// Whether the complaints are about values alone.
fn only_values(complaints: &[Complaint]) -> bool {
    complaints.iter().all(|complaint| matches!(complaint, Complaint::Left(..) | Complaint::Sees(..)))
}

fn attack(seed: u64) -> Tally {
    let mut tally = Tally::default();
    let options = options();
    let streams = (!seed.is_multiple_of(2)).then(|| 2 + seed as usize % 3);
    let text = program(seed, Form { tasks: 5 + seed as usize % 18, streams, filled: true });
    let mut rng = Rng::new(seed);
    for &pass in PASSES {
        let mut before = parse(&text);
        if TAKE_EXPLICIT.contains(&pass.name()) {
            ScheduleStreams.run(&mut before, &mut Context::new(&options));
        }
        let mut result = before.clone();
        let changed = pass.run(&mut result, &mut Context::new(&options));
        let reorders = changed && pass.reorders();
        let facts = Facts::of(&before, None);
        let right = facts.differ(&Facts::of(&result, Some(&facts)), reorders);
        assert_eq!(right, None, "{} is wrong on seed {seed}: {text}", pass.name());
        tally.chains += usize::from(pass.name() == "forward-copies" && is_chain(&before, &result));
        let subject =
            Subject { before: &before, facts: &facts, result: &result, name: pass.name(), reorders };
        judge(&subject, &mut rng, &mut tally);
    }
    tally
}

#[test]
fn mistakes_that_matter_are_noticed() {
    let tally = programs(32).into_par_iter().map(attack).reduce(Tally::default, Tally::with);
    assert!(tally.harmless > 100);
    assert!(tally.chains > 0, "no chain of copies was forwarded");
    assert!(tally.careful * 500 < tally.harmless, "{} of {}", tally.careful, tally.harmless);
    for mistake in Mistake::ALL {
        assert!(tally.noticed.contains_key(&mistake), "{mistake:?} never mattered");
    }
}
