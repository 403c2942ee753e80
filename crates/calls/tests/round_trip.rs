//! Properties on generated logs: text and data say the same, and no text makes the reader fail.

use acg_calls::{APIS, Api, Arg, Args, CallView, Core, Kernel, Kind, Log, Signature};
use acg_diagnostics::{FileId, Sources};
use proptest::prelude::*;

fn file() -> FileId {
    Sources::new().add("log", "")
}

/// What a test wants in a log, before it has names.
#[derive(Clone, Debug)]
enum Wish {
    Null,
    Int(i64),
    Name(String),
    Out(String),
    Exchange(i64),
    Offset(String, u64),
    Text(String),
    Kernel(String, usize, Option<u32>, Option<u32>),
    Struct(Vec<Wish>),
    List(Vec<Wish>),
}

fn build(log: &mut Log, wish: &Wish) -> Arg {
    match wish {
        Wish::Null => Arg::Null,
        Wish::Int(value) => Arg::Int(*value),
        Wish::Name(name) => Arg::Name(log.name(name)),
        Wish::Out(name) => Arg::Out(log.name(name)),
        Wish::Exchange(value) => Arg::Exchange(*value),
        Wish::Offset(base, bytes) => Arg::Offset { base: log.name(base), bytes: *bytes },
        Wish::Text(text) => log.text_arg(text),
        Wish::Kernel(name, core, schem, ration) => {
            let name = Some(log.name(name));
            let kernel =
                Kernel { name, core: Core::ALL[*core], blocks: None, schem: *schem, ration: *ration };
            Arg::Kernel(log.kernel_id(kernel))
        }
        Wish::Struct(fields) => {
            let fields: Vec<_> = fields.iter().map(|field| build(log, field)).collect();
            log.structure(&fields)
        }
        Wish::List(items) => {
            let items: Vec<_> = items.iter().map(|item| build(log, item)).collect();
            log.list(&items)
        }
    }
}

/// Names that C has, and every other text that someone may come up with.
fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-zA-Z_][a-zA-Z0-9_.]{0,8}",
        1 => "[ -~\\n\\t\u{e9}\u{85}\u{1f600}]{0,6}",
        1 => Just("NULL".to_owned()),
        1 => "-?[0-9]{1,4}",
        1 => "0x[0-9a-f]{1,4}",
    ]
}

/// A kernel's name; blanks around it cannot be written without quotes.
fn kernel_name() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[A-Za-z_][A-Za-z0-9_]{0,12}", 1 => "[ -~\\n\u{e9}]{1,10}"]
}

fn argument(kind: Kind) -> BoxedStrategy<Wish> {
    let out = || name().prop_map(Wish::Out);
    let null = || Just(Wish::Null);
    match kind {
        Kind::In(_) | Kind::OutArray | Kind::Function => {
            prop_oneof![null(), name().prop_map(Wish::Name)].boxed()
        }
        Kind::Out(_) | Kind::OutAddress | Kind::OutValue => prop_oneof![null(), out()].boxed(),
        Kind::Exchange(_) => prop_oneof![null(), (-1i64..5).prop_map(Wish::Exchange)].boxed(),
        Kind::Int => any::<i64>().prop_map(Wish::Int).boxed(),
        Kind::Value => {
            prop_oneof![any::<i64>().prop_map(Wish::Int), name().prop_map(Wish::Name), null()].boxed()
        }
        Kind::Enum(_) | Kind::Number(_) => (-2i64..50).prop_map(Wish::Int).boxed(),
        Kind::Flags(_) => {
            prop_oneof![(0i64..256).prop_map(Wish::Int), any::<i64>().prop_map(Wish::Int)].boxed()
        }
        Kind::Address => address(),
        Kind::Addresses => {
            let list = prop::collection::vec(address(), 0..4).prop_map(Wish::List);
            prop_oneof![null(), name().prop_map(Wish::Name), list].boxed()
        }
        Kind::Text => prop_oneof![null(), any::<String>().prop_map(Wish::Text)].boxed(),
        Kind::Kernel => {
            let schem = prop::option::of(0u32..4);
            let fields = (kernel_name(), 0..Core::ALL.len(), schem, prop::option::of(any::<u32>()));
            fields.prop_map(|(name, core, schem, ration)| Wish::Kernel(name, core, schem, ration)).boxed()
        }
        Kind::Struct(fields, required) => {
            let all: Vec<_> = fields.iter().map(|field| argument(field.kind)).collect();
            (required..=fields.len(), all)
                .prop_map(|(length, mut all)| {
                    all.truncate(length);
                    Wish::Struct(all)
                })
                .boxed()
        }
        Kind::List(item) => {
            let list = prop::collection::vec(argument(*item), 0..4).prop_map(Wish::List);
            prop_oneof![null(), name().prop_map(Wish::Name), list].boxed()
        }
        Kind::Any => {
            let leaf = prop_oneof![
                null(),
                any::<i64>().prop_map(Wish::Int),
                name().prop_map(Wish::Name),
                out(),
                (name(), 0..u64::MAX / 2).prop_map(|(base, bytes)| Wish::Offset(base, bytes)),
                any::<String>().prop_map(Wish::Text),
            ];
            leaf.prop_recursive(3, 12, 4, |inner| {
                let items = prop::collection::vec(inner, 0..4);
                prop_oneof![items.clone().prop_map(Wish::List), items.prop_map(Wish::Struct)]
            })
            .boxed()
        }
    }
}

fn address() -> BoxedStrategy<Wish> {
    let offset = (name(), 0..u64::MAX / 2).prop_map(|(base, bytes)| Wish::Offset(base, bytes));
    prop_oneof![Just(Wish::Null), name().prop_map(Wish::Name), offset].boxed()
}

#[derive(Clone, Debug)]
struct Line {
    api: Api,
    args: Vec<Wish>,
    operator: String,
    launches: Vec<(Option<String>, u32)>,
    thread: u32,
    repeat: u32,
    returned: Option<i32>,
    note: Option<String>,
    comments: Vec<Option<String>>,
}

fn arguments(signature: &'static Signature) -> BoxedStrategy<Vec<Wish>> {
    if signature.api == Api::AclnnGetWorkspaceSize {
        return prop::collection::vec(argument(Kind::Any), 0..6).boxed();
    }
    signature.params.iter().map(|param| argument(param.kind)).collect::<Vec<_>>().boxed()
}

fn line() -> impl Strategy<Value = Line> {
    let text = || prop::option::of("[ -~\u{e9}]{0,12}");
    (0..APIS.len()).prop_flat_map(move |index| {
        let signature = &APIS[index];
        let launches = if signature.api == Api::Aclnn { 0..3 } else { 0..1 };
        let launch = (prop::option::of(any::<String>()), any::<u32>());
        let call = (
            arguments(signature),
            "[A-Z][A-Za-z0-9]{0,8}[a-z]",
            prop::collection::vec(launch, launches),
            prop_oneof![3 => Just(1), 1 => 1u32..],
            prop_oneof![3 => Just(1), 1 => 1u32..],
            prop::option::of(any::<i32>()),
            text(),
            prop::collection::vec(text(), 0..2),
        );
        call.prop_map(move |(args, operator, launches, thread, repeat, returned, note, comments)| Line {
            api: signature.api,
            args,
            operator,
            launches,
            thread,
            repeat,
            returned,
            note,
            comments,
        })
    })
}

fn log_of(lines: &[Line]) -> Log {
    let mut log = Log::new();
    for line in lines {
        for comment in &line.comments {
            match comment {
                Some(text) => log.comment(text),
                None => log.empty_line(),
            }
        }
        let args: Vec<_> = line.args.iter().map(|arg| build(&mut log, arg)).collect();
        let id = if line.api.is_operator() {
            let operator = log.name(&line.operator);
            let kernels: Vec<_> = line.launches.iter().map(|launch| launched(&mut log, launch)).collect();
            log.push_operator(line.api, operator, &kernels, &args)
        } else {
            log.push(line.api, &args)
        };
        log.make(id, line.thread, line.repeat);
        log.recorded_mut(id).returned = line.returned;
        if let Some(note) = &line.note {
            log.note(id, note);
        }
    }
    log
}

fn launched(log: &mut Log, (name, blocks): &(Option<String>, u32)) -> acg_calls::KernelId {
    let name = name.as_ref().map(|name| log.name(name));
    log.kernel_id(Kernel { name, core: Core::AiVec, blocks: Some(*blocks), schem: None, ration: None })
}

/// Everything that an argument says, free of positions and name numbers.
fn meaning(view: &CallView<'_>, arg: Arg) -> String {
    let text = |name| view.log.text(name);
    match arg {
        Arg::Null => "null".to_owned(),
        Arg::Int(value) => format!("int {value}"),
        Arg::Name(name) => format!("name {:?}", text(name)),
        Arg::Out(name) => format!("out {:?}", text(name)),
        Arg::Exchange(value) => format!("exchange {value}"),
        Arg::Offset { base, bytes } => format!("offset {:?} {bytes}", text(base)),
        Arg::Text(name) => format!("text {:?}", text(name)),
        Arg::Kernel(id) => format!("kernel {}", described(view, view.log.kernel(id))),
        Arg::Struct(_) => format!("struct {:?}", meanings(view, view.items(arg).unwrap())),
        Arg::List(_) => format!("list {:?}", meanings(view, view.items(arg).unwrap())),
    }
}

fn meanings(view: &CallView<'_>, args: Args<'_>) -> Vec<String> {
    args.iter().map(|arg| meaning(view, arg)).collect()
}

fn described(view: &CallView<'_>, kernel: Kernel) -> String {
    let name = kernel.name.map(|name| view.log.text(name));
    format!("{name:?} {} {:?} {:?} {:?}", kernel.core, kernel.blocks, kernel.schem, kernel.ration)
}

fn whole(log: &Log) -> Vec<String> {
    log.iter()
        .map(|view| {
            let (call, args) = (view.manner(), meanings(&view, view.args()));
            let kernels: Vec<_> = view.launches().map(|kernel| described(&view, kernel)).collect();
            let prefix =
                format!("{:?} {} {} {:?}", view.api(), call.thread, call.repeat, view.recorded().returned);
            format!("{prefix} {:?} {kernels:?} {args:?} {:?}", view.operator(), view.note())
        })
        .collect()
}

/// Texts that resemble logs, so that a fault deep in a line is found.
fn nearly_a_log() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("aclrtRecordEvent(e, s) = 0\n".to_owned()),
        Just("[t2] x3 aclrtLaunchKernel(k{aivec, schem=1}, 8, [a, b+64], 16, s)".to_owned()),
        Just("aclmdlRIAddCondTask({h, ACL_MODEL_RI_COND_TYPE_IF, 1, [&S]}, s, 0)".to_owned()),
        Just("aclnnAdd{kernel=\"A\", aivec}(w, 0, x, s)  // add".to_owned()),
        "[\\]\\[(){},&+=x\"`\\\\|/ \\n0-9a-zA-Z_\u{e9}]{0,6}",
    ];
    prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_log_survives_its_text(lines in prop::collection::vec(line(), 0..6)) {
        let log = log_of(&lines);
        let text = log.to_text();
        let reading = acg_calls::read(file(), &text);
        prop_assert_eq!(&reading.diagnostics, &[], "{}", text);
        prop_assert_eq!(whole(&reading.log), whole(&log));
        prop_assert_eq!(reading.log.to_text(), text);
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in prop_oneof![nearly_a_log(), any::<String>()]) {
        let reading = acg_calls::read(file(), &text);
        let lines = text.lines().filter(|line| !line.trim().is_empty() && !line.trim().starts_with("//")).count();
        prop_assert!(reading.diagnostics.len() + reading.log.len() <= lines.max(text.matches('\n').count() + 1));
        for problem in &reading.diagnostics {
            let (start, end) = (problem.primary.span.start as usize, problem.primary.span.end as usize);
            prop_assert!(text.get(start..end).is_some(), "{:?} in {:?}", problem, text);
            prop_assert!(!text[start..end].contains('\n'), "{:?} in {:?}", problem, text);
        }
        let again = acg_calls::read(file(), &reading.log.to_text());
        prop_assert_eq!(again.diagnostics, []);
        prop_assert_eq!(whole(&again.log), whole(&reading.log));
    }
}

#[test]
fn every_function_is_found_by_its_name() {
    for (index, signature) in APIS.iter().enumerate() {
        assert_eq!(signature.api as usize, index);
        if !signature.api.is_operator() {
            assert_eq!(Api::find(signature.name), Some(signature.api), "{}", signature.name);
        }
    }
    assert_eq!(Api::find("aclnn"), None);
    assert_eq!(Api::split_operator("aclnnInplaceAdd"), Some((Api::Aclnn, "InplaceAdd")));
    assert_eq!(Api::split_operator("aclnnAddGetWorkspaceSize"), Some((Api::AclnnGetWorkspaceSize, "Add")));
    assert_eq!(Api::split_operator("aclnnGetWorkspaceSize"), None);
    assert_eq!(Api::split_operator("aclnnadd"), None);
}

#[test]
fn a_comment_stays_on_its_line() {
    let mut log = Log::new();
    log.comment("two\r\nlines");
    let id = log.push(Api::AclFinalize, &[]);
    log.note(id, "  and\nmore  ");
    assert_eq!(log.to_text(), "// two  lines\naclFinalize()  // and more\n");
}
