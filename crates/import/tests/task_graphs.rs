//! Task graphs become programs with the same tasks, costs and order.

mod corpus;

use std::path::{Path, PathBuf};

use acg_backend_acl::{LowerOptions, lower};
use acg_calls::Arg;
use acg_import::tasks::{Shape, generate, import_task_graph, is_task_graph, read_task_graph};
use acg_ir::{Costs, Dependences, Entity, Graph, GraphId, Item, Module, Op, Space, StreamData, Task, verify};
use acg_target::Profile;
use serde_json::Value;

fn graphs(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(folder);
    let Ok(files) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn import(bytes: &[u8]) -> Module {
    assert!(is_task_graph(bytes));
    import_task_graph(&read_task_graph(bytes).unwrap(), "stem", None).unwrap().module
}

/// For each task, the tasks that it comes after, directly or not, as bits.
fn closure(tasks: usize, edges: impl Iterator<Item = (usize, usize)>) -> Vec<Vec<u64>> {
    let mut before = vec![Vec::new(); tasks];
    edges.for_each(|(from, to)| before[to].push(from));
    let mut closure: Vec<Vec<u64>> = Vec::with_capacity(tasks);
    for before in before {
        let mut bits = vec![0; tasks.div_ceil(64)];
        for from in before {
            bits[from / 64] |= 1 << (from % 64);
            bits.iter_mut().zip(&closure[from]).for_each(|(all, more)| *all |= more);
        }
        closure.push(bits);
    }
    closure
}

fn only_graph(module: &Module) -> &Graph {
    assert_eq!(module.graphs.len(), 1);
    &module.graphs[GraphId::at(0)]
}

fn names<'v>(value: &'v Value, key: &str) -> Vec<&'v str> {
    value[key].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect()
}

/// Compares a program with the file that it was made from, which is read by other means here.
fn compare(name: &str, json: &Value, module: &Module) {
    let graph = only_graph(module);
    let tasks = json["tasks"].as_array().unwrap();
    assert_eq!(graph.tasks.len(), tasks.len(), "{name}");
    let model = Profile::find("ascend910b").unwrap().chip.model;
    let costs = Costs::new(module, &model);
    for (task, expected) in graph.tasks.iter().map(|(_, task)| task).zip(tasks) {
        let called = expected["name"].as_str().unwrap();
        let text = match task.op {
            Op::Kernel(text) => text,
            _ => task.name.unwrap(),
        };
        assert_eq!(module.text(text), called, "{name}");
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let cost = (expected["cost_us"].as_f64().unwrap() * 1000.0).round() as u64;
        assert_eq!(costs.given(task).unwrap().0, cost, "{name}: {called}");
        assert_eq!(costs.engine(task).unwrap().as_str(), expected["engine"], "{name}: {called}");
        let buffer =
            |operand: &acg_ir::Operand| json["buffers"][operand.buffer.index()]["name"].as_str().unwrap();
        let reads: Vec<_> = task.inputs.of(&module.operands).iter().map(buffer).collect();
        let writes: Vec<_> = task.outputs.of(&module.operands).iter().map(buffer).collect();
        assert_eq!(
            (reads, writes),
            (names(expected, "reads"), names(expected, "writes")),
            "{name}: {called}"
        );
    }
    let edge = |edge: &Value| (edge[0].as_u64().unwrap() as usize, edge[1].as_u64().unwrap() as usize);
    let edges = json["edges"].as_array().unwrap().iter().map(edge);
    let dependences = Dependences::of(module, graph);
    let inferred =
        dependences.dag.raw_edges().iter().map(|edge| (edge.source().index(), edge.target().index()));
    assert!(closure(tasks.len(), edges) == closure(tasks.len(), inferred), "{name}: other dependences");
}

fn check(path: &Path) {
    let name = path.file_name().unwrap().to_string_lossy();
    let bytes = std::fs::read(path).unwrap();
    let module = import(&bytes);
    compare(&name, &serde_json::from_slice(&bytes).unwrap(), &corpus::reread(&name, &module));
    assert!(
        only_graph(&module).tasks.iter().all(|(_, task)| task.after.is_empty()),
        "{name}: needs no `after`"
    );
}

#[test]
fn programs_say_what_the_files_say() {
    let files = graphs("testdata/graphs");
    assert!(files.len() >= 10, "{} files", files.len());
    for path in &files {
        check(path);
    }
}

#[test]
fn programs_say_what_the_whole_corpus_says() {
    let files = graphs("../shared/bench/graphs");
    if files.is_empty() {
        eprintln!("skipped: the shared graphs are not here");
    }
    for path in &files {
        check(path);
    }
}

/// The program on one stream, so that it has calls.
fn on_one_stream(mut module: Module) -> Module {
    let name = module.symbols.intern("the_only_stream");
    let stream = module.streams.push(StreamData {
        name,
        is_default: false,
        priority: None,
        flags: 0,
        subscribed: false,
    });
    module.items.insert(0, Item::Streams { first: stream, count: 1 });
    module.trivia.notes.clear();
    let graph = &mut module.graphs[GraphId::at(0)];
    graph.origin = Some(stream);
    for task in graph.tasks.keys() {
        graph.tasks[task].stream = Some(stream);
        graph.tasks[task].after = acg_ir::RareList::default();
    }
    module
}

/// The names of the tasks in a log, as a checker finds them: the comment, else the kernel.
fn logged(module: &Module) -> Vec<String> {
    let lowered = lower(&verify(module).unwrap(), &LowerOptions::default());
    assert_eq!(lowered.problems, []);
    let log = &lowered.log;
    let calls = log
        .iter()
        .zip(lowered.causes.iter())
        .filter(|(_, cause)| matches!(cause, acg_backend_acl::Cause::Task(..)));
    let name = |(call, _): (acg_calls::CallView<'_>, _)| match (call.recorded().note, call.arg(0)) {
        (Some(note), _) => log.text(note).to_owned(),
        (None, Some(Arg::Kernel(kernel))) => log.text(log.kernel(kernel).name.unwrap()).to_owned(),
        (None, _) => panic!("a call without a name"),
    };
    calls.map(name).collect()
}

#[test]
fn every_task_is_found_in_the_log() {
    for path in graphs("testdata/graphs") {
        let bytes = std::fs::read(&path).unwrap();
        let json: Value = serde_json::from_slice(&bytes).unwrap();
        let expected: Vec<_> =
            json["tasks"].as_array().unwrap().iter().map(|task| task["name"].as_str().unwrap()).collect();
        assert_eq!(logged(&on_one_stream(import(&bytes))), expected, "{}", path.display());
    }
}

#[test]
fn names_that_the_language_cannot_say_are_kept_as_they_are() {
    let json = r#"{"tasks": [
        {"name": "up:0/x", "kind": "copy_h2d", "reads": ["in:0"], "writes": ["a b"]},
        {"name": "void f<1>()", "reads": [], "writes": []},
        {"name": "stream", "kind": "copy_d2d", "reads": ["a b"], "writes": ["stream"]},
        {"name": "void f<1>()", "reads": ["a b"], "writes": []}],
        "buffers": [{"name": "in:0", "bytes": 8}, {"name": "a b", "bytes": 8}, {"name": "stream", "bytes": 8}],
        "edges": [[0, 1], [0, 2], [1, 2], [0, 3]]}"#;
    let module = corpus::reread("names", &import(json.as_bytes()));
    assert_eq!(logged(&on_one_stream(module)), ["up:0/x", "void f<1>()", "stream", "void f<1>()"]);
}

fn printed(json: &str) -> String {
    let imported = import_task_graph(&read_task_graph(json.as_bytes()).unwrap(), "g", None).unwrap();
    let remarks: Vec<_> = imported.remarks.iter().map(|remark| format!("{remark}\n")).collect();
    let text = acg_ir::print::print(&corpus::reread("inline", &imported.module));
    format!("{}{text}", remarks.concat())
}

#[test]
fn edges_that_nothing_implies_become_after() {
    let json = r#"{"tasks": [
        {"name": "a", "reads": [], "writes": ["x"]}, {"name": "b", "reads": ["x"], "writes": ["y"]},
        {"name": "c", "reads": [], "writes": []}, {"name": "d", "reads": ["y"], "writes": []}],
        "buffers": [{"name": "x", "bytes": 8, "io": "temp"}, {"name": "y", "bytes": 8, "io": "output"}],
        "edges": [[0, 1], [0, 2], [1, 2], [0, 3], [1, 3], [2, 3]]}"#;
    let expected = "\
// imported from a graph of 4 tasks

temp x : bytes[8]
device y : bytes[8]

graph g auto {
  kernel \"a\"() -> x
  kernel \"b\"(x) -> y as b
  kernel \"c\"() as c after b
  kernel \"d\"(y) after c
}
";
    assert_eq!(printed(json), expected);
}

#[test]
fn conflicts_that_no_edge_tells_are_told() {
    let json = r#"{"tasks": [{"id": 7, "name": "late", "reads": ["x"]}, {"id": 3, "name": "early", "writes": ["x"]}],
        "buffers": [{"name": "x", "bytes": 8}], "edges": []}"#;
    let text = printed(json);
    assert!(text.starts_with("assumed: 1 of the orders that reads and writes ask for is not among the edges, such as `early` before `late`"), "{text}");
    assert!(text.find("\"early\"") < text.find("\"late\""), "tasks run in the order of their ids: {text}");
}

#[test]
fn copies_have_the_memory_and_the_engine_that_the_file_says() {
    let json = r#"{"tasks": [
        {"name": "up", "kind": "copy_h2d", "engine": "h2d", "reads": ["in"], "writes": ["a"]},
        {"name": "cut", "kind": "copy_d2d", "engine": "sdma", "reads": ["a"], "writes": ["cache"]},
        {"name": "both", "kind": "copy_d2d", "engine": "d2h", "reads": ["a", "a"], "writes": ["b", "c"]},
        {"name": "odd", "kind": "copy_h2d", "engine": "h2d", "reads": ["in2"], "writes": ["b", "c"]},
        {"name": "look", "kind": "kernel", "engine": "vector", "cores": 4, "cost_us": 0.0004, "reads": ["in3"], "writes": []},
        {"name": "up3", "kind": "copy_h2d", "reads": ["in3"], "writes": ["a"]},
        {"name": "down", "kind": "copy_d2h", "engine": "d2h", "reads": ["cache"], "writes": ["out"]},
        {"name": "strange", "kind": "dance", "engine": "legs", "reads": [], "writes": []}],
        "buffers": [{"name": "in", "bytes": 64, "io": "input"}, {"name": "in2", "bytes": 64, "io": "input"},
        {"name": "in3", "bytes": 64, "io": "input"}, {"name": "a", "bytes": 64, "io": "temp"},
        {"name": "b", "bytes": 64, "io": "temp"}, {"name": "c", "bytes": 64, "io": "output"},
        {"name": "cache", "bytes": 16, "io": "input"}, {"name": "out", "bytes": 16, "io": "output"}]}"#;
    let text = printed(json);
    for line in [
        "host in : bytes[64] pinned",
        "device in2 : bytes[64]",
        "host in3 : bytes[64] registered",
        "temp a, b : bytes[64]",
        "host out : bytes[16] pinned",
        "  copy in -> a as up",
        "  copy a[0..16] -> cache as cut",
        "  copy_batch a -> b, a -> c as both [engine = d2h]",
        "  kernel \"odd\"(in2) -> b, c [engine = h2d]",
        "  kernel \"look\"(in3) [cost = 0ns, engine = vector, cores = 4]",
        "  copy cache -> out as down",
        "  kernel \"strange\"()",
        "assumed: 1 cost is rounded to whole nanoseconds",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert_eq!(text.lines().filter(|line| line.starts_with("assumed:")).count(), 4, "{text}");
}

#[test]
fn a_buffer_that_is_on_both_sides_is_on_the_device() {
    let json = r#"{"tasks": [
        {"name": "up", "kind": "copy_h2d", "reads": ["x"], "writes": ["y"]},
        {"name": "again", "kind": "copy_h2d", "engine": "h2d", "reads": ["y"], "writes": ["z"]}],
        "buffers": [{"name": "x", "bytes": 8}, {"name": "y", "bytes": 8}, {"name": "z", "bytes": 8}], "edges": [[0, 1]]}"#;
    let module = import(json.as_bytes());
    let spaces: Vec<_> = module.buffers.values().map(|buffer| buffer.space.is_host()).collect();
    assert_eq!(spaces, [true, false, false]);
    assert!(matches!(module.buffers.values().nth(1).unwrap().space, Space::Device));
    assert!(printed(json).contains("  copy y -> z as again [engine = h2d]\n"));
}

#[test]
fn generated_graphs_are_imported_whole() {
    for shape in Shape::ALL {
        let graph = generate(shape, 2_000, 3);
        let imported = import_task_graph(&graph, "g", None).unwrap();
        assert_eq!((imported.tasks, imported.after, imported.remarks.len()), (2_000, 0, 0));
        let json = serde_json::from_str(&graph.to_json()).unwrap();
        compare(shape.as_str(), &json, &corpus::reread(shape.as_str(), &imported.module));
    }
}

#[test]
fn kernels_and_copies_have_the_costs_of_the_model_where_the_file_has_none() {
    let json = r#"{"tasks": [
        {"name": "up", "kind": "copy_h2d", "reads": ["in"], "writes": ["a"]},
        {"name": "k", "kind": "kernel", "reads": ["a"], "writes": ["a"]}],
        "buffers": [{"name": "in", "bytes": 240000}, {"name": "a", "bytes": 240000}]}"#;
    let module = import(json.as_bytes());
    let model = Profile::find("ascend910b").unwrap().chip.model;
    let costs = Costs::new(&module, &model);
    let cost = |task| costs.cost(&only_graph(&module).tasks[Task::at(task)]).0;
    assert_eq!((cost(0), cost(1)), (15_000, 2_000 + 429));
}

#[test]
fn the_example_of_the_page_is_true() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/import.md");
    let page = std::fs::read_to_string(page).unwrap();
    let block =
        |mark: &str| page.split(&format!("```{mark}\n")).nth(1).and_then(|rest| rest.split("```").next());
    assert_eq!(printed(block("json").unwrap()), block("acg").unwrap());
    for setting in Profile::find("ascend910b").unwrap().chip.model.to_string().split(',') {
        let (key, value) = setting.split_once('=').unwrap();
        let key = format!("`{key}`");
        let mut rows = page.lines().filter(|line| line.starts_with("| `") && line.contains(&key));
        assert!(rows.any(|row| row.contains(&format!("| `{value}` |"))), "{setting}");
    }
}

/// What tells one family from another: tasks, dependences, how far half and nine tenths of them reach back at most, and the farthest,
/// levels, microseconds of work, KiB of buffers, tasks that nothing reads.
#[allow(clippy::cast_precision_loss, reason = "traits are compared to within a part in seven")]
fn traits(json: &Value) -> [f64; 9] {
    let tasks = json["tasks"].as_array().unwrap();
    let edges: Vec<[usize; 2]> = serde_json::from_value(json["edges"].clone()).unwrap();
    let mut levels = vec![1; tasks.len()];
    let mut is_read = vec![false; tasks.len()];
    let mut reach = Vec::new();
    for &[from, to] in &edges {
        is_read[from] = true;
        reach.push((to - from) as f64);
    }
    let mut forward = edges.clone();
    forward.sort_unstable();
    for [from, to] in forward {
        levels[to] = levels[to].max(levels[from] + 1);
    }
    reach.sort_unstable_by(f64::total_cmp);
    let work = tasks.iter().map(|task| task["cost_us"].as_f64().unwrap()).sum();
    let bytes: f64 =
        json["buffers"].as_array().unwrap().iter().map(|buffer| buffer["bytes"].as_f64().unwrap()).sum();
    let levels = f64::from(*levels.iter().max().unwrap());
    let unread = is_read.iter().filter(|is_read| !**is_read).count() as f64;
    let [half, most, farthest] = [reach.len() / 2, reach.len() * 9 / 10, reach.len() - 1].map(|at| reach[at]);
    [tasks.len() as f64, edges.len() as f64, half, most, farthest, levels, work, bytes / 1024.0, unread]
}

#[test]
fn generated_graphs_are_like_those_of_the_benchmark() {
    let mut compared = 0;
    for path in graphs("testdata/graphs").into_iter().chain(graphs("../shared/bench/graphs")) {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let Some(shape) =
            Shape::ALL.into_iter().find(|shape| name.starts_with(&format!("synth_{}_", shape.as_str())))
        else {
            continue;
        };
        let measured: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let tasks = measured["tasks"].as_array().unwrap().len();
        let generated = serde_json::from_str(&generate(shape, tasks as u32, 1).to_json()).unwrap();
        let (expected, found) = (traits(&measured), traits(&generated));
        for (expected, found) in expected.iter().zip(found) {
            assert!((expected - found).abs() <= 0.15 * expected, "{name}: {found} instead of {expected}");
        }
        compared += 1;
    }
    assert!(compared >= 2);
}
