//! Large graphs out of a seed, to measure with: the four families of the benchmark (`bench/peers-speed.md`), with the reach, density, costs
//! and sizes that were counted in its `synth_*` graphs. A test compares the two.
//!
//! **Invariant:** the same shape, size and seed give the same graph on every machine; nothing is computed with fractions.

use acg_ir::List;

use super::graph::{BufferRecord, TaskGraph, TaskRecord, Text};

/// A family of graphs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// Layers of a twentieth of the tasks, and of 64 at most; tasks read the layer before, mostly near their own place in it, and one in
    /// eight another of the eight layers before.
    Layered,
    /// The same in eight layers.
    Wide,
    /// 32 chains; a quarter of the tasks reads another chain as well.
    Chains,
    /// Each task reads up to three of the 4096 before it: after Erdős and Rényi.
    Er,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Layered, Self::Wide, Self::Chains, Self::Er];

    /// Its name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Layered => "layered",
            Self::Wide => "wide",
            Self::Chains => "chains",
            Self::Er => "er",
        }
    }

    /// How many tasks stand side by side in a graph of `tasks`.
    fn width(self, tasks: u32) -> u32 {
        match self {
            Self::Layered => (tasks / 20).clamp(1, 64),
            Self::Wide => tasks.div_ceil(8).max(1),
            Self::Chains => 32,
            Self::Er => 1,
        }
    }
}

/// A graph of `tasks` kernels, each of which writes a buffer of its own and reads some of those before.
pub fn generate(shape: Shape, tasks: u32, seed: u64) -> TaskGraph {
    let mut graph = TaskGraph::default();
    graph.name = Some(graph.texts.intern(&format!("{}_{tasks}_s{seed}", shape.as_str())));
    let [kernel, any, output, temp] =
        ["kernel", "any", "output", "temp"].map(|text| graph.texts.intern(text));
    let mut random = Random(seed);
    let mut buffers: Vec<Text> = Vec::with_capacity(tasks as usize);
    let mut is_read = vec![false; tasks as usize];
    let mut edges = Vec::new();
    let mut before = Vec::new();
    for task in 0..tasks {
        let [name, buffer] = ["k", "b"].map(|letter| graph.texts.intern(&format!("{letter}{task}")));
        buffers.push(buffer);
        predecessors(shape, task, shape.width(tasks), &mut random, &mut before);
        edges.extend(before.iter().map(|&from| (u64::from(from), u64::from(task))));
        for &from in &before {
            is_read[from as usize] = true;
        }
        let reads = List::push_to(&mut graph.accesses, before.iter().map(|&from| buffers[from as usize]));
        let writes = List::push_to(&mut graph.accesses, [buffer]);
        let cost = Some(random.cost());
        graph.tasks.push(TaskRecord {
            id: u64::from(task),
            name,
            kind: Some(kernel),
            cost,
            cores: Some(1),
            engine: Some(any),
            reads,
            writes,
        });
        graph.buffers.push(BufferRecord { name: buffer, bytes: 1024 << random.below(12), io: Some(output) });
    }
    for (buffer, _) in graph.buffers.iter_mut().zip(is_read).filter(|(_, is_read)| *is_read) {
        buffer.io = Some(temp);
    }
    graph.edges = Some(edges);
    graph
}

/// The tasks that `task` depends on, ascending.
fn predecessors(shape: Shape, task: u32, width: u32, random: &mut Random, before: &mut Vec<u32>) {
    before.clear();
    match shape {
        Shape::Chains | Shape::Layered | Shape::Wide if task < width => {}
        Shape::Chains => {
            before.push(task - width);
            if random.below(4) == 0 {
                before.extend(task.checked_sub(width + 1 + random.below(width)));
            }
        }
        // Of the tries, a few hit the same task.
        Shape::Er => {
            let tries = [0, 1, 1, 1, 2, 2, 3, 3][random.below(8) as usize];
            before.extend((0..tries.min(task)).map(|_| task - 1 - random.below(task.min(4096))));
        }
        Shape::Layered | Shape::Wide => {
            let (layer, place) = (task / width, task % width);
            let first = (layer - 1) * width;
            before.push(first + (place + 2 * width + random.below(5) - 2) % width);
            let others = [0, 0, 0, 0, 0, 1, 1, 2][random.below(8) as usize];
            before.extend((0..others).map(|_| first + random.below(width)));
            if random.below(8) == 0 {
                let far = layer.checked_sub(2 + random.below(7));
                before.extend(far.map(|far| far * width + random.below(width)));
            }
        }
    }
    before.sort_unstable();
    before.dedup();
}

/// Random numbers by Steele, Lea and Flood's `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`, which is at least 1.
    fn below(&mut self, limit: u32) -> u32 {
        (((self.next() >> 32) * u64::from(limit)) >> 32) as u32
    }

    /// 2 us and 0 to 90 us more, few of them long: the fourth power of an even distribution. In nanoseconds.
    fn cost(&mut self) -> u64 {
        let square = |part: u64| (part * part) >> 32;
        2_000 + ((square(square(self.next() >> 32)) * 90_000) >> 32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn graphs_have_the_size_and_density_of_their_family() {
        for shape in Shape::ALL {
            let graph = generate(shape, 5_000, 1);
            let edges = graph.edges.as_deref().unwrap();
            assert_eq!((graph.tasks.len(), graph.buffers.len()), (5_000, 5_000));
            assert!((5_500..9_000).contains(&edges.len()), "{shape:?}: {}", edges.len());
            assert!(edges.iter().all(|(from, to)| from < to));
            let mean = graph.tasks.iter().filter_map(|task| task.cost).sum::<u64>() / 5_000;
            assert!((19_000..21_000).contains(&mean), "{mean}");
        }
    }

    #[test]
    fn the_seed_decides_all() {
        let json = |seed| generate(Shape::Layered, 100, seed).to_json();
        assert_eq!(json(1), json(1));
        assert_ne!(json(1), json(2));
        assert_eq!(generate(Shape::Er, 0, 1).tasks.len(), 0);
    }

    #[test]
    fn a_generated_graph_is_read_again() {
        for shape in Shape::ALL {
            let json = generate(shape, 300, 7).to_json();
            assert_eq!(super::super::read_task_graph(json.as_bytes()).unwrap().to_json(), json);
        }
    }
}
