//! Races: what executed tasks touched, and what was ordered before what.
//!
//! The detector is that of the hazard rules; here it sees the execution itself, so branches, loops and updates are what they
//! turned out to be.

use acg_entity::Arena;
use acg_hazards::race::{Detector, Race, Touching};
use acg_ir::{Extent, Module, Place};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::fault::{Line, RacePair, Site};
use crate::program::{Program, Root, Touch};

/// Tasks after which no more races are looked for, to bound memory.
const MOST_TASKS: usize = 1 << 22;

/// Clock entries after which no more races are looked for: 256 MB.
const MOST_ENTRIES: usize = 1 << 26;

acg_entity::entity! {
    /// A root that some executed task touched.
    Memory, "memory"
}

/// Watches an execution.
pub(crate) struct Races<'p> {
    program: &'p Program<'p>,
    detector: Option<Detector<'p, Memory>>,
    /// The line of each executed task.
    sites: Vec<Site>,
    touching: Vec<Touching<'p, Memory>>,
    numbers: FxHashMap<Root, Memory>,
    roots: Arena<Memory, Root>,
    found: Vec<Race<Memory>>,
}

impl<'p> Races<'p> {
    /// A watch over `lanes` lanes, or none at all.
    pub(crate) fn new(program: &'p Program<'p>, lanes: usize, watches: bool) -> Self {
        let detector = watches.then(|| Detector::new(lanes));
        Self {
            program,
            detector,
            sites: Vec::new(),
            touching: Vec::new(),
            numbers: FxHashMap::default(),
            roots: Arena::new(),
            found: Vec::new(),
        }
    }

    /// Lets everything on `lane` from now on come after `earlier`.
    pub(crate) fn wait(&mut self, lane: u32, earlier: Option<Place>) {
        if let (Some(detector), Some(earlier)) = (&mut self.detector, earlier) {
            detector.wait(lane, earlier);
        }
    }

    /// A task runs on `lane`: it touches what the task at `site` touches, and `more`.
    pub(crate) fn step(&mut self, lane: u32, site: Site, more: &[Touch]) -> Option<Place> {
        let detector = self.detector.as_mut()?;
        if self.sites.len() >= MOST_TASKS || detector.entries() > MOST_ENTRIES {
            self.detector = None;
            return None;
        }
        let task = self.sites.len() as u32;
        self.sites.push(site);
        self.touching.clear();
        let touches = self.program.touches(site.body);
        let own = match (touches, site.line) {
            (Some(touches), Line::Task(own)) => touches.task(own),
            _ => &[],
        };
        for touch in own.iter().chain(more) {
            let strided = touches.and_then(|touches| touches.extent(touch));
            let Touch { root, start, end, writes, .. } = *touch;
            let root = *self.numbers.entry(root).or_insert_with(|| self.roots.push(root));
            self.touching.push(Touching { task, root, start, end, strided, writes });
        }
        Some(detector.task(lane, &self.touching, &mut self.found))
    }

    /// The races, each pair of lines once, in the order in which they came up.
    pub(crate) fn pairs(self) -> Vec<RacePair> {
        let mut pairs: Vec<RacePair> = Vec::new();
        let mut known: FxHashSet<(Site, Site)> = FxHashSet::default();
        let site = |task: u32| self.sites.get(task as usize).copied();
        for race in &self.found {
            let (Some(first), Some(second)) = (site(race.first), site(race.second)) else { continue };
            if known.insert((first, second)) {
                let about = about(self.program.module, self.roots[race.root], race);
                pairs.push(RacePair { first, second, conflict: race.conflict, about });
            }
        }
        pairs
    }
}

fn about(module: &Module, root: Root, race: &Race<Memory>) -> String {
    match root {
        Root::Buffer(buffer) => {
            let name = module.text(module.buffers[buffer].name);
            let both = |of: fn(&Extent) -> u64, choose: fn(u64, u64) -> u64| {
                choose(of(&race.first_bytes), of(&race.second_bytes))
            };
            let (start, end) = (both(Extent::start, u64::max), both(Extent::end, u64::min));
            format!("bytes {start}..{end} of `{name}`")
        }
        Root::Group(graph, group) => {
            let graph = module.text(module.graphs[graph].name);
            format!("the kernels of task group `{graph}.{}`", module.text(group))
        }
    }
}
