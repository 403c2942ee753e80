//! Programs of `auto` and of explicit graphs.

use std::fmt::Write as _;

use super::Rng;

/// Buffers of one type each: name, rows, columns.
const SHAPES: [(&str, usize, usize); 2] = [("", 6, 4), ("w", 260, 3)];

/// How a program is made.
#[derive(Clone, Copy)]
pub(crate) struct Form {
    pub tasks: usize,
    /// Streams of an explicit graph; `None` for an `auto` graph.
    pub streams: Option<usize>,
    /// Whether large temporaries are filled first.
    pub filled: bool,
}

struct Writer<'r> {
    rng: &'r mut Rng,
    text: String,
    named: Vec<String>,
    form: Form,
    events: usize,
    recorded: Vec<usize>,
    groups: usize,
}

/// The text of a program out of `seed`.
pub(crate) fn program(seed: u64, form: Form) -> String {
    let mut rng = Rng::new(seed);
    let mut text = String::new();
    for (mark, rows, columns) in SHAPES {
        let _ = writeln!(text, "host h{mark} : f32[{rows}, {columns}] pinned");
        let _ = writeln!(text, "device d{mark}0, d{mark}1 : f32[{rows}, {columns}]");
        let _ = writeln!(text, "temp t{mark}0, t{mark}1, t{mark}2, t{mark}3 : f32[{rows}, {columns}]");
    }
    let events = 5;
    if let Some(streams) = form.streams {
        let names: Vec<String> = (0..streams).map(|stream| format!("s{stream}")).collect();
        let _ = writeln!(text, "stream {}", names.join(", "));
        let names: Vec<String> = (0..events).map(|event| format!("e{event}")).collect();
        let _ = writeln!(text, "event {}", names.join(", "));
        text.push_str("graph g on s0 {\n");
    } else {
        text.push_str("graph g auto {\n");
    }
    let mut writer =
        Writer { rng: &mut rng, text, named: Vec::new(), form, events, recorded: Vec::new(), groups: 0 };
    if let Some(streams) = form.streams {
        // All streams join at once.
        writer.text.push_str("  s0: record e0\n");
        for stream in 1..streams {
            let _ = writeln!(writer.text, "  s{stream}: wait e0");
        }
        writer.recorded.push(0);
    }
    if form.filled {
        for number in 0..4 {
            let stream = writer.stream();
            let _ = writeln!(writer.text, "  {stream}fill tw{number} = {}", number + 3);
        }
    }
    for _ in 0..form.tasks {
        writer.line();
    }
    writer.text.push_str("}\n");
    writer.text
}

impl Writer<'_> {
    fn line(&mut self) {
        let kind = self.rng.below(100);
        if self.form.streams.is_some() && kind < 35 {
            return self.sync();
        }
        if kind >= 97 {
            let host = ["h", "hw"][self.rng.below(2)];
            let buffer = format!("{}{}", ["d", "t"][self.rng.below(2)], &host[1..]);
            let _ = writeln!(
                self.text,
                "  relaxed {{\n    copy_sync {host} -> {buffer}{}\n  }}",
                self.rng.below(2)
            );
            return;
        }
        if kind >= 94 {
            self.groups += 1;
            let stream = self.stream();
            let _ = writeln!(self.text, "  {stream}group g{} {{", self.groups);
            for _ in 0..=self.rng.below(2) {
                let kernel = self.kernel();
                let _ = writeln!(self.text, "    {kernel}");
            }
            self.text.push_str("  }\n");
            return;
        }
        if (88..94).contains(&kind) {
            return self.adjoining();
        }
        if (84..88).contains(&kind) {
            return self.chain();
        }
        let mut task = match self.rng.below(10) {
            0..=3 => self.copy(),
            4 => format!("fill {} = {}", self.whole().0, self.rng.below(2)),
            5 => {
                let (mark, source) = self.rows();
                let target = self.like(mark, &source);
                format!("reduce {source} -> {target} sum")
            }
            _ => self.kernel(),
        };
        if self.rng.percent(15) {
            let name = format!("n{}", self.named.len());
            let _ = write!(task, " as {name}");
            self.named.push(name);
        }
        if self.form.streams.is_none() && !self.named.is_empty() && self.rng.percent(10) {
            let own = task.rsplit(" as ").next().unwrap_or("").to_owned();
            let name = self.rng.pick(&self.named).clone();
            if name != own {
                let _ = write!(task, " after {name}");
            }
        }
        let stream = self.stream();
        let cost = self.cost();
        let _ = writeln!(self.text, "  {stream}{task}{cost}");
    }

    fn cost(&mut self) -> String {
        if self.rng.percent(40) { format!(" [cost = {}us]", 1 + self.rng.below(30)) } else { String::new() }
    }

    fn stream(&mut self) -> String {
        self.form.streams.map_or(String::new(), |streams| format!("s{}: ", self.rng.below(streams)))
    }

    fn sync(&mut self) {
        let stream = self.stream();
        if self.rng.percent(45) {
            let event = self.rng.below(self.events);
            self.recorded.push(event);
            let _ = writeln!(self.text, "  {stream}record e{event}");
        } else {
            let event = *self.rng.pick(&self.recorded);
            let _ = writeln!(self.text, "  {stream}wait e{event}");
        }
    }

    /// A whole buffer of the device, and its shape.
    fn whole(&mut self) -> (String, usize) {
        let shape = usize::from(self.rng.percent(25));
        let mark = SHAPES[shape].0;
        let name = if self.rng.percent(35) {
            format!("d{mark}{}", self.rng.below(2))
        } else {
            format!("t{mark}{}", self.rng.below(4))
        };
        (name, shape)
    }

    /// Rows of a buffer, which are one range of bytes.
    fn rows(&mut self) -> (usize, String) {
        let (name, shape) = self.whole();
        if self.rng.percent(55) {
            return (shape, name);
        }
        let rows = SHAPES[shape].1;
        let half = rows / 2;
        let start = *self.rng.pick(&[0, half, 1]);
        (shape, format!("{name}[{start}..{}]", start + half))
    }

    /// As many rows of some buffer as `other` has.
    fn like(&mut self, shape: usize, other: &str) -> String {
        loop {
            let (mine, name) = self.rows();
            if mine == shape && name.contains('[') == other.contains('[') && name != other {
                return name;
            }
        }
    }

    fn copy(&mut self) -> String {
        if self.rng.percent(25) {
            return self.columns();
        }
        let (shape, source) = self.rows();
        let target = self.like(shape, &source);
        // Ranges of one buffer that overlap cannot be copied onto each other.
        let root = |name: &str| name.split('[').next().unwrap_or("").to_owned();
        if root(&source) == root(&target) {
            return self.copy();
        }
        if self.rng.percent(15) && !source.contains('[') {
            let host = SHAPES[shape].0;
            return if self.rng.percent(50) {
                format!("copy h{host} -> {target}")
            } else {
                format!("copy {source} -> h{host}")
            };
        }
        format!("copy {source} -> {target}")
    }

    /// Copies of rows one after the other, mostly of adjoining ones.
    fn adjoining(&mut self) {
        let stream = self.stream();
        let (source, target) = (self.rng.below(4), self.rng.below(2));
        let mut row = 0;
        for _ in 0..2 + self.rng.below(2) {
            let end = row + 1 + self.rng.below(2);
            let from = if self.rng.percent(10) { (source + 1) % 4 } else { source };
            let shift = usize::from(self.rng.percent(10) && row > 0);
            let name = if self.rng.percent(10) {
                self.named.push(format!("n{}", self.named.len()));
                format!(" as {}", self.named[self.named.len() - 1])
            } else {
                String::new()
            };
            let cost = if self.rng.percent(10) { " [cost = 2us]" } else { "" };
            let (low, high) = (row - shift, end - shift);
            let _ = writeln!(
                self.text,
                "  {stream}copy t{from}[{low}..{high}] -> d{target}[{row}..{end}]{name}{cost}"
            );
            if self.rng.percent(15) {
                let kernel = self.kernel();
                let _ = writeln!(self.text, "  {stream}{kernel}");
            }
            row = end;
        }
    }

    /// Copies of copies, with readers of some of them.
    fn chain(&mut self) {
        let mut source = format!("d{}", self.rng.below(2));
        let first = self.rng.below(4);
        for step in 0..2 + self.rng.below(3) {
            let target = format!("t{}", (first + step) % 4);
            let (stream, cost) = (self.stream(), self.cost());
            let _ = writeln!(self.text, "  {stream}copy {source} -> {target}{cost}");
            if self.rng.percent(40) {
                let stream = self.stream();
                let result = format!("{}{}", ["d", "t"][self.rng.below(2)], self.rng.below(2));
                let _ = writeln!(self.text, "  {stream}kernel \"K{}\"({target}) -> {result}", step % 3);
            }
            source = target;
        }
        let (stream, other) = (self.stream(), self.operand());
        let result = format!("d{}", self.rng.below(2));
        let _ = writeln!(self.text, "  {stream}kernel \"K1\"({source}, {other}) -> {result}");
    }

    fn columns(&mut self) -> String {
        loop {
            let ((source, shape), (target, other)) = (self.whole(), self.whole());
            if shape == other && source != target {
                let (from, to) = (self.rng.below(2), self.rng.below(2));
                return format!(
                    "copy2d {source}[.., {from}..{}] -> {target}[.., {to}..{}]",
                    from + 1,
                    to + 1
                );
            }
        }
    }

    fn operand(&mut self) -> String {
        if self.rng.percent(20) {
            let (name, shape) = self.whole();
            let column = self.rng.below(SHAPES[shape].2);
            return format!("{name}[.., {column}..{}]", column + 1);
        }
        self.rows().1
    }

    fn kernel(&mut self) -> String {
        let inputs: Vec<String> = (0..self.rng.below(3)).map(|_| self.operand()).collect();
        let outputs: Vec<String> =
            (0..self.rng.below(12).min(1) + self.rng.below(8) / 7).map(|_| self.operand()).collect();
        let outputs = if outputs.is_empty() { String::new() } else { format!(" -> {}", outputs.join(", ")) };
        let inputs = inputs.join(", ");
        format!("kernel \"K{}\"({inputs}){outputs}", self.rng.below(3))
    }
}
