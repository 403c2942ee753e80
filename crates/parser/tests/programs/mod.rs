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
    ] {
        line(&mut out, choices, 0, declaration);
    }
    for number in 0..=choices.below(3) {
        graph(&mut out, choices, number);
    }
    if choices.below(2) == 0 {
        out.push_str("// the end\n\n");
    }
    out
}

fn graph(out: &mut String, choices: &mut Choices, number: u32) {
    let auto = choices.below(4) == 3;
    let header = match (auto, choices.below(3)) {
        (true, 0) => format!("graph g{number} auto mode relaxed {{"),
        (true, _) => format!("graph g{number}  auto{{"),
        (false, 0) => format!("graph g{number} on main {{"),
        (false, 1) => format!("graph g{number} on main mode thread_local {{"),
        (false, _) => format!("graph g{number} on side.1 mode global {{"),
    };
    line(out, choices, 0, &header);
    let mut open = Vec::new();
    let mut names = 0;
    for _ in 0..choices.below(30) {
        let indent = open.len() + 1;
        // A line needs no stream inside of a block of one.
        let context = auto || open.iter().any(|has_stream| *has_stream);
        match choices.below(10) {
            0 if open.len() < 5 => {
                let (text, has_stream) = block(choices, auto, context, names);
                names += 1;
                line(out, choices, indent, &format!("{text} {{"));
                open.push(has_stream);
            }
            1 if open.pop().is_some() => line(out, choices, indent - 1, "}"),
            2 => {
                let (text, has_stream) = block(choices, auto, context, names);
                names += 1;
                let task = task(choices, auto, context || has_stream, &mut names, number);
                line(out, choices, indent, &format!("{text}{{ {task}}}"));
            }
            _ => {
                let task = task(choices, auto, context, &mut names, number);
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
    line(out, choices, 0, "}");
}

/// A block's header, and whether lines inside have its stream.
fn block(choices: &mut Choices, auto: bool, context: bool, number: u32) -> (String, bool) {
    match choices.below(3) {
        0 => ("relaxed".to_owned(), false),
        1 if !auto => (choices.one_of(&STREAMS).to_owned(), true),
        _ if auto => (format!("group block{number}"), true),
        _ if context && choices.below(2) == 0 => (format!("group block{number}"), true),
        _ => (format!("{}: group block{number}", choices.one_of(&STREAMS)), true),
    }
}

fn task(choices: &mut Choices, auto: bool, context: bool, names: &mut u32, graph: u32) -> String {
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
