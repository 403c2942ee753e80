//! Random programs without races, from a seed: copies of all kinds, fills, reductions, operators and kernels on overlapping parts of
//! shared buffers and on temporaries.

use std::fmt::Write;

use acg_ir::{Dependences, Entity};

/// Choices that follow from a seed (splitmix64).
pub(crate) struct Choices(u64);

impl Choices {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end.max(1) as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

const HOSTS: usize = 3;
const DEVICES: usize = 4;
const TEMPS: usize = 4;
/// Host buffers, and device buffers, that only copies from the one to the other touch, and readers of the latter.
const WEIGHTS: usize = 3;
/// Elements of every buffer.
const LENGTH: usize = 16;

/// One generated program.
pub(crate) struct Generated {
    /// The lines of the graph, without streams.
    lines: Vec<String>,
    choices: Choices,
    /// Temporaries that have been written whole.
    written: [bool; TEMPS],
    /// Those that were before the line that is made.
    readable: [bool; TEMPS],
    /// What copies have filled that are the same on every execution, unless the host program has something against it.
    weights: Vec<String>,
}

/// A part of a buffer.
struct Part {
    text: String,
    length: usize,
}

impl Generated {
    pub(crate) fn new(seed: u64) -> Self {
        let mut generated = Self {
            lines: Vec::new(),
            choices: Choices::new(seed),
            written: [false; TEMPS],
            readable: [false; TEMPS],
            weights: Vec::new(),
        };
        for _ in 0..4 + generated.choices.below(16) {
            let line = generated.known_line();
            generated.lines.push(line);
        }
        generated
    }

    /// A line of which it is known what it gives: no result lies over a part of what the line reads.
    fn known_line(&mut self) -> String {
        loop {
            let before = (self.written, self.readable, self.weights.clone());
            let line = self.line();
            if is_known(&line) {
                return line;
            }
            (self.written, self.readable, self.weights) = before;
        }
    }

    fn part(&mut self, name: String, length: usize) -> Part {
        if length == LENGTH {
            return Part { text: name, length };
        }
        let start = self.choices.below(LENGTH - length + 1);
        Part { text: format!("{name}[{start}..{}]", start + length), length }
    }

    fn length(&mut self) -> usize {
        [LENGTH, LENGTH, LENGTH, 8, 4][self.choices.below(5)]
    }

    /// A device buffer or temporary that may be read.
    fn source(&mut self, length: usize) -> Part {
        let temps: Vec<usize> = (0..TEMPS).filter(|&temp| self.readable[temp]).collect();
        if !self.weights.is_empty() && self.choices.chance(25) {
            let number = self.choices.below(self.weights.len());
            return self.part(self.weights[number].clone(), length);
        }
        let chosen = self.choices.below(DEVICES + temps.len());
        let name =
            chosen.checked_sub(DEVICES).map_or(format!("d{chosen}"), |temp| format!("t{}", temps[temp]));
        self.part(name, length)
    }

    /// A device buffer or temporary that is written.
    fn target(&mut self, length: usize) -> Part {
        let temp = self.choices.below(TEMPS);
        if self.choices.chance(50) && (self.written[temp] || length == LENGTH) {
            self.written[temp] = true;
            return self.part(format!("t{temp}"), length);
        }
        let name = format!("d{}", self.choices.below(DEVICES));
        self.part(name, length)
    }

    fn host(&mut self, length: usize) -> Part {
        let name = format!("h{}", self.choices.below(HOSTS));
        self.part(name, length)
    }

    fn copy(&mut self) -> String {
        let length = self.length();
        let (from, to) = match self.choices.below(4) {
            0 => (self.host(length), self.target(length)),
            1 => {
                let from = self.source(length);
                (from, self.host(length))
            }
            _ => {
                let from = self.source(length);
                (from, self.target(length))
            }
        };
        assert_eq!(from.length, to.length);
        format!("{} -> {}", from.text, to.text)
    }

    /// A copy that may be the same on every execution: from a host buffer, or from what such a copy has filled.
    fn weight(&mut self) -> String {
        let number = self.weights.len();
        let target = format!("{}{number}", ["w", "tw"][self.choices.below(2)]);
        let line = match self.choices.below(6) {
            0 => format!("fill {target} = {}", self.choices.below(64)),
            1 if number > 0 => format!("copy {} -> {target}", self.weights[number - 1]),
            2 => {
                format!("copy_batch hw{number}[0..8] -> {target}[8..16], hw{number}[8..16] -> {target}[0..8]")
            }
            _ => format!("copy hw{number} -> {target}"),
        };
        self.weights.push(target);
        line
    }

    fn line(&mut self) -> String {
        if self.weights.len() < WEIGHTS && self.choices.chance(15) {
            return self.weight();
        }
        // A task reads before it writes.
        self.readable = self.written;
        let length = self.length();
        let kind = self.choices.below(12);
        if kind == 8 {
            return format!("copy_batch {}, {}", self.copy(), self.copy());
        }
        if matches!(kind, 0..=3) {
            return format!("copy {}", self.copy());
        }
        if kind == 4 {
            let target = self.target(length);
            return format!("fill {} = {}", target.text, self.choices.below(64));
        }
        // Sources first: what is written here cannot be read here before.
        let (a, b) = (self.source(length), self.source(length));
        let alpha = ["0.5", "1", "1.1", "2"][self.choices.below(4)];
        if kind == 5 {
            return format!("aclnnInplaceAdd({0}, {1}, alpha = {alpha}) -> {0}", a.text, b.text);
        }
        let target = self.target(length);
        match kind {
            6 => format!("aclnnAdd({}, {}, alpha = {alpha}) -> {}", a.text, b.text, target.text),
            7 => format!("aclnnMuls({}, other = {alpha}) -> {}", a.text, target.text),
            9 => format!("aclnnMaximum({}, {}) -> {}", a.text, b.text, target.text),
            10 if target.text.starts_with('d') => format!("reduce {} -> {} sum", a.text, target.text),
            _ => format!("kernel \"K{}\"({}, {}) -> {}", self.choices.below(3), a.text, b.text, target.text),
        }
    }

    fn declarations() -> String {
        let names = |letter: &str, count: usize| {
            (0..count).map(|number| format!("{letter}{number}")).collect::<Vec<_>>().join(", ")
        };
        format!(
            "host {}, {} : f32[{LENGTH}] pinned\ndevice {}, {} : f32[{LENGTH}]\ntemp {}, {} : f32[{LENGTH}]\nstream main, s1, s2\n",
            names("h", HOSTS),
            names("hw", WEIGHTS),
            names("d", DEVICES),
            names("w", WEIGHTS),
            names("t", TEMPS),
            names("tw", WEIGHTS)
        )
    }

    /// The host program: one execution, or several in a row; some say that what they copy is the same every time, others change it.
    fn host_program(&mut self, seed: u64) -> String {
        match seed % 6 {
            0 => String::new(),
            1 => "run {\n  main: execute g\n  sync main\n}\n".to_owned(),
            2 => "run {\n  repeat 2 { main: execute g }\n  sync main\n}\n".to_owned(),
            _ => {
                let (before, after) = (self.host_lines(), self.host_lines());
                let inside = if self.choices.chance(60) { String::new() } else { self.host_lines() };
                format!(
                    "run {{\n{before}  repeat 3 {{\n    main: execute g\n    sync main\n{inside}  }}\n{after}  main: execute g\n  sync main\n}}\n"
                )
            }
        }
    }

    /// Lines of the host program, after each of which all is complete.
    fn host_lines(&mut self) -> String {
        let mut lines = String::new();
        for _ in 0..self.choices.below(3) {
            let (number, value) = (self.choices.below(WEIGHTS), self.choices.below(9));
            let line = match self.choices.below(7) {
                0 => format!("init hw{number} = {value}.5"),
                1 => format!("init hw{number}[4..12] = {value}.25"),
                2 => format!("copy_sync h0 -> w{number}"),
                3 => format!("copy_sync w{number} -> h1"),
                4 => format!("main: fill d{number} = {value}"),
                5 => format!("main: copy w{number} -> d3"),
                _ => format!("main: kernel \"K0\"(d0) -> w{number}"),
            };
            writeln!(lines, "    {line}\n    sync main").expect("text grows");
        }
        lines
    }

    /// With an `auto` graph.
    pub(crate) fn auto(&mut self, seed: u64) -> String {
        let body = format!("  {}\n", self.lines.join("\n  "));
        format!("{}graph g auto {{\n{body}}}\n{}", Self::declarations(), self.host_program(seed))
    }

    /// With streams, and an event for every dependence between two of them.
    pub(crate) fn explicit(&mut self, seed: u64) -> String {
        let module =
            super::read(&format!("{}graph g auto {{\n{}\n}}\n", Self::declarations(), self.lines.join("\n")));
        let graph = module.graphs.values().next().expect("there is one graph");
        let dependences = Dependences::of(&module, graph);
        let streams: Vec<usize> = self.lines.iter().map(|_| self.choices.below(3)).collect();
        let (mut body, mut events) =
            (String::new(), vec!["fork".to_owned(), "join1".to_owned(), "join2".to_owned()]);
        body.push_str("  main: record fork\n  s1: wait fork\n  s2: wait fork\n");
        let name = |stream: usize| ["main", "s1", "s2"][stream];
        for (number, line) in self.lines.iter().enumerate() {
            let task = acg_ir::Task::at(number);
            for (earlier, _) in dependences.predecessors(task) {
                if streams[earlier.index()] != streams[number] {
                    // The record stands behind the task that it is of.
                    writeln!(body, "  {}: wait e{}", name(streams[number]), earlier.index())
                        .expect("text grows");
                }
            }
            writeln!(body, "  {}: {line}", name(streams[number])).expect("text grows");
            let follows = |later: usize| {
                streams[later] != streams[number]
                    && dependences.predecessors(acg_ir::Task::at(later)).any(|(earlier, _)| earlier == task)
            };
            if (number + 1..self.lines.len()).any(follows) {
                writeln!(body, "  {}: record e{number}", name(streams[number])).expect("text grows");
                events.push(format!("e{number}"));
            }
        }
        body.push_str("  s1: record join1\n  s2: record join2\n  main: wait join1\n  main: wait join2\n");
        format!(
            "{}event {}\ngraph g on main mode global {{\n{body}}}\n{}",
            Self::declarations(),
            events.join(", "),
            self.host_program(seed)
        )
    }
}

/// A buffer's name and the elements of it that an operand takes.
fn elements(operand: &str) -> (&str, std::ops::Range<usize>) {
    let Some((name, range)) = operand.split_once('[') else { return (operand, 0..LENGTH) };
    let (start, end) = range.trim_end_matches(']').split_once("..").expect("a range");
    (name, start.parse().expect("a number")..end.parse().expect("a number"))
}

fn is_known(line: &str) -> bool {
    if line.starts_with("kernel") || line.starts_with("fill") {
        return true;
    }
    let is_operand = |word: &&str| word.starts_with(['d', 'h', 't', 'w']);
    let (mut sources, mut targets) = (Vec::new(), Vec::new());
    let parts: Vec<&str> =
        if line.starts_with("copy_batch") { line.split(", ").collect() } else { vec![line] };
    for (number, part) in parts.into_iter().enumerate() {
        let (from, to) = part.split_once(" -> ").expect("an arrow");
        let words = from.split([' ', ',', '(', ')']).filter(is_operand).map(|word| (number, elements(word)));
        sources.extend(words);
        targets.push((number, elements(to.split(' ').next().unwrap_or(to))));
    }
    let meet = |one: &(&str, std::ops::Range<usize>), other: &(&str, std::ops::Range<usize>)| {
        one.0 == other.0 && one.1.start < other.1.end && other.1.start < one.1.end
    };
    targets.iter().enumerate().all(|(place, (number, target))| {
        sources.iter().all(|(other, source)| !meet(target, source) || (number == other && target == source))
            && targets[place + 1..].iter().all(|(_, later)| !meet(target, later))
    })
}
