//! Programs for property tests: every form of the language, written the way a list of random numbers says.

use std::fmt::Write;

/// Names whose spelling differs in kind: plain, with points, beginning with a keyword, in another script.
const STREAMS: [&str; 4] = ["main", "side", "side.1", "копия"];
const EVENTS: [&str; 5] = ["forked", "joined", "sync", "record", "完成"];

/// A source of choices; once it is used up, every choice is the first one.
pub(crate) struct Choices {
    numbers: Vec<u32>,
    at: usize,
}

impl Choices {
    pub(crate) fn new(numbers: Vec<u32>) -> Self {
        Self { numbers, at: 0 }
    }

    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        let number = self.numbers.get(self.at).copied().unwrap_or(0);
        self.at += 1;
        number % limit
    }

    fn one_of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len() as u32) as usize]
    }

    fn is_used_up(&self) -> bool {
        self.at >= self.numbers.len()
    }
}

/// A correct program.
pub(crate) fn program(choices: &mut Choices) -> String {
    let mut out = String::new();
    if choices.below(3) == 0 {
        out.push_str("// acg: allow(ACG094)\n\n\n");
    }
    line(&mut out, choices, 0, "target ascend910b cann \"9.1\" hdk \"25.5\"");
    for declaration in [
        "host in_h , out_h:f32[4,2]",
        "host page : bytes[ 4KiB ] pageable",
        "host reg : f32[4, 2] registered",
        "device a, b, query : f32[4, 2]",
        "device half : f16[16]",
        "device wide : bf16[2, 3, 4, 5]",
        "temp t : bytes[4096]",
        "temp t2 : bytes[70000000]",
        "device flags : u64[4]",
        "device scalar : f32[]",
        "device top = a[0..2]",
        "device row=top[ 1 ]",
        "device bits = a as u8[32]",
        "stream main, side, side.1",
        "stream копия priority 0x3 flags fast_launch huge 0x40 subscribe",
        "default stream zero",
        "event forked,joined",
        "event sync time_line sync",
        "event record legacy",
        "event 完成 progress",
        "event odd ex 0",
        "event out1 external",
        "event out2 ex external ipc",
        "event out3 legacy 0x4 time_line",
        "event out4 device_use_only external",
        "notify n, n2",
        "thread one,two",
        "lock guard",
        "context other , another",
        "model resnet=om \"resnet\\\"50.om\"",
    ] {
        line(&mut out, choices, 0, declaration);
    }
    let graphs = choices.below(3);
    let mut segments = Vec::new();
    for number in 0..=graphs {
        segments.push(graph(&mut out, choices, number));
    }
    if choices.below(3) > 0 {
        run(&mut out, choices, &segments);
    }
    if choices.below(2) == 0 {
        out.push_str("// the end\n\n");
    }
    out
}

/// A graph; gives the number of models that it is captured into.
fn graph(out: &mut String, choices: &mut Choices, number: u32) -> u32 {
    let auto = choices.below(4) == 3;
    let header = match (auto, choices.below(3)) {
        (true, 0) => format!("graph g{number} auto mode relaxed {{"),
        (true, _) => format!("graph g{number}  auto{{"),
        (false, 0) => format!("graph g{number} on main {{"),
        (false, 1) => format!("graph g{number} on main mode thread_local {{"),
        (false, _) => format!("graph g{number} on side.1 mode global {{"),
    };
    line(out, choices, 0, &header);
    let mut body =
        Body { owner: if auto { Owner::Auto } else { Owner::Graph }, number, names: 0, segments: 1 };
    if !auto {
        line(out, choices, 1, &format!("cond c{number} default -1"));
        line(out, choices, 1, &format!("cond d{number} flag 0x5 [cost = 1us]"));
        line(out, choices, 1, &format!("main: add_cond switch d{number} 3"));
        line(out, choices, 1, &format!("main: group first{number} {{}}"));
    }
    body.lines(out, choices);
    line(out, choices, 0, "}");
    body.segments
}

/// The host program; graphs with several models are executed in parts.
fn run(out: &mut String, choices: &mut Choices, segments: &[u32]) {
    line(out, choices, 0, "run{");
    if let Some(number) = segments.iter().position(|&count| count > 1) {
        line(out, choices, 1, &format!("main: execute g{number}.{}", segments[number]));
    }
    line(out, choices, 1, "ge session ge1 {");
    for text in [
        "graph 0 = air \"a.air\"",
        "graph 0x1=air \"b\" clone",
        "compile 1",
        "main: load 0",
        "main{ run 0( a,b )->query }",
        "run_sync 1() -> a, b [cost = 1us]",
        "remove 0",
    ] {
        line(out, choices, 2, text);
    }
    line(out, choices, 1, "}");
    Body { owner: Owner::Run, number: segments.len() as u32, names: 0, segments: 1 }.lines(out, choices);
    line(out, choices, 0, "}");
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    Auto,
    Graph,
    Run,
}

struct Body {
    owner: Owner,
    number: u32,
    names: u32,
    segments: u32,
}

/// A block that is open.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// Whether lines in it need no stream.
    Lines(bool),
    If,
    Switch,
}

impl Body {
    fn lines(&mut self, out: &mut String, choices: &mut Choices) {
        let mut open: Vec<Open> = Vec::new();
        for _ in 0..choices.below(30) {
            let indent = open.len() + 1;
            if open.last() == Some(&Open::Switch) {
                let case = choices.one_of(&["case on side {", "case on side mode relaxed{"]);
                line(out, choices, indent, case);
                open.push(Open::Lines(true));
                continue;
            }
            // A line needs no stream inside of a block of one.
            let context = self.owner == Owner::Auto
                || open.iter().any(|block| matches!(block, Open::Lines(true) | Open::If));
            match choices.below(12) {
                0 if open.len() < 5 => {
                    let (text, has_stream) = self.block(choices, context);
                    line(out, choices, indent, &format!("{text} {{"));
                    open.push(Open::Lines(has_stream));
                }
                1 if !open.is_empty() => {
                    if open.pop() == Some(Open::If) && choices.below(2) == 0 {
                        line(out, choices, indent - 1, "}else on side.1 {");
                        open.push(Open::If);
                    } else {
                        line(out, choices, indent - 1, "}");
                    }
                }
                2 => {
                    let (text, has_stream) = self.block(choices, context);
                    let task = self.task(choices, context || has_stream);
                    line(out, choices, indent, &format!("{text}{{ {task}}}"));
                }
                3 if self.owner == Owner::Graph && open.len() < 5 => {
                    let cond = self.number;
                    match choices.below(5) {
                        0 => {
                            line(out, choices, indent, &format!("main:switch c{cond}{{"));
                            open.push(Open::Switch);
                        }
                        1 => {
                            line(
                                out,
                                choices,
                                indent,
                                &format!("main: if c{cond} on side {{ write c{cond} = 1}}"),
                            );
                        }
                        2 if open.is_empty() => {
                            line(out, choices, indent, "segment");
                            self.segments += 1;
                        }
                        kind => {
                            let word = if kind == 3 { "if" } else { "while" };
                            let header = format!("main: {word} c{cond} on side mode thread_local {{");
                            line(out, choices, indent, &header);
                            open.push(Open::If);
                        }
                    }
                }
                _ => {
                    let task = self.task(choices, context);
                    line(out, choices, indent, &task);
                }
            }
            if choices.is_used_up() {
                break;
            }
        }
        for indent in (0..open.len()).rev() {
            line(out, choices, indent + 1, "}");
        }
    }

    /// A block's header, and whether lines inside have its stream.
    fn block(&mut self, choices: &mut Choices, context: bool) -> (String, bool) {
        self.names += 1;
        let number = self.names;
        match choices.below(5) {
            0 => ("relaxed".to_owned(), false),
            _ if self.owner == Owner::Auto => (format!("group block{number}"), true),
            1 => (choices.one_of(&STREAMS).to_owned(), true),
            2 => {
                let blocks = ["thread two", "lock  guard", "context other", "repeat 8", "repeat 0x10"];
                (choices.one_of(&blocks).to_owned(), false)
            }
            3 if self.owner == Owner::Graph => (format!("side: update g{0}.first{0}", self.number), true),
            _ if context && choices.below(2) == 0 => (format!("group block{number}"), true),
            _ => (format!("{}: group block{number}", choices.one_of(&STREAMS)), true),
        }
    }

    fn task(&mut self, choices: &mut Choices, context: bool) -> String {
        let auto = self.owner == Owner::Auto;
        let graph = self.number;
        let names = &mut self.names;
        if self.owner == Owner::Run && choices.below(3) == 0 {
            let host = [
                "init in_h = 1.50 , page=0",
                "init in_h[0] = [1, -2.5]",
                "print in_h,page[0..4]",
                "expect in_h=8.8 within 1e-5",
                "expect in_h[0, 1] = true",
                "load resnet",
                "main: begin_update null",
                "main: end_update",
                "dump g0 \"x.json\"",
                "dump  g0 \"y\\n.json\" verbose",
                "unload resnet",
                "execute_sync resnet(a,b)->query",
                "main: execute resnet() -> a",
            ];
            return choices.one_of(&host).to_owned();
        }
        let mut out = String::new();
        let event = choices.one_of(&EVENTS);
        let execute = format!("execute g{}", graph.saturating_sub(1));
        let host_calls = [
            "copy_sync in_h -> a",
            "fill_sync page = 255",
            "sync main",
            "sync device",
            "query side",
            "destroy half",
            "elapsed forked joined",
            "sync event joined [timeout = -1]",
            "query event sync",
            "exchange relaxed",
            "destroy n",
        ];
        let tasks = [
            "copy in_h -> a",
            "copy a[0..2]->b[ 2..4 ]",
            "copy2d a[.., 0] -> b[.., 1]",
            "copy_batch a -> b, in_h -> query",
            "fill b[1, ..] = 0x10",
            "reduce a -> b max",
            "aclnnAdd(a, b, alpha=1.10) -> query",
            "aclnnAdd( a,b ) -> query [kernel = \"Add_\\\"x\\\\\", core = aivec, blocks = 8, cost = 12.50us]",
            "aclnnAdd(a, top[0, ..]) -> a [workspace = 8192, schem = batch, ration = 2]",
            "kernel \"My→Kernel\"(a, reg, n = -4, p = inf, w = [1, 2], d = f16, s = \"x\", f = true) -> b, query [binary = \"a\\tb\"]",
            "kernel \"none\"()",
            "kernel \"list\"([a, b], query, [ ]) -> [half]",
            "reset out1",
            "record n",
            "wait n2 [timeout = 10]",
            "write flags[1]=0xff",
            "wait_value flags[2] >= 1",
            "wait_value flags[0] nor 18446744073709551615",
            "callback done block",
            "callback done",
            "host_func done",
            "record out1 external",
            "wait out1 external",
            "aclnnInplaceAdd(a, b, alpha = 1) -> a",
            "copy scalar -> scalar [cost = 3ms]",
            "copy a -> t[0..32]",
        ];
        if choices.below(4) == 0 {
            out.push_str(choices.one_of(&host_calls));
        } else {
            if !auto && (!context || choices.below(3) == 0) {
                let _ = write!(out, "{}{}", choices.one_of(&STREAMS), choices.one_of(&[": ", ":", " : "]));
            }
            match choices.below(4) {
                0 => {
                    let _ = write!(out, "{} {event}", choices.one_of(&["record", "wait"]));
                }
                1 if graph > 0 => out.push_str(&execute),
                _ => out.push_str(choices.one_of(&tasks)),
            }
            if choices.below(6) == 0 && !out.ends_with(']') {
                *names += 1;
                let _ = write!(out, " as task{names}");
            }
        }
        out
    }
}

/// One line with comments and blanks as they come.
fn line(out: &mut String, choices: &mut Choices, indent: usize, text: &str) {
    match choices.below(12) {
        0 => out.push_str("\n\n \t\n"),
        1 => out.push_str("//no blank before\n"),
        2 => out.push_str("   // a comment \n\n// another\r\n"),
        3 => out.push_str("// acg: allow(some-rule, ACG050)\n"),
        _ => {}
    }
    let blanks = choices.below(3) as usize;
    out.push_str(&" ".repeat(if blanks == 0 { indent * 2 } else { blanks - 1 }));
    out.push_str(text);
    out.push_str(choices.one_of(&["", "", "", "", " ", "\t", "// why", "   //", " // acg: allow(x)  "]));
    out.push_str(choices.one_of(&["\n", "\n", "\n", "\r\n"]));
}
