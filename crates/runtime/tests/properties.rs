//! What holds for every sequence of calls, however little sense it makes.

use acg_calls::{APIS, Api, Arg, CallId, Core, Kernel, Kind, Log, Name, Param};
use acg_runtime::{LateDumps, Replay, replay, replay_without_dumps};
use acg_target::Profile;
use proptest::prelude::*;

/// How many names of each kind of handle a generated log uses.
const NAMES: u8 = 4;

/// A generated call: the function, the thread, and one number per argument that decides what stands there.
type Step = (usize, u8, Vec<u16>);

fn steps(length: usize) -> impl Strategy<Value = Vec<Step>> {
    let busy = busy_calls();
    let count = busy.len();
    let step = (0..count, 0u8..12, prop::collection::vec(any::<u16>(), 12));
    prop::collection::vec(step, 1..length)
}

/// Functions that change the state, the frequent ones several times; then every function once.
fn busy_calls() -> Vec<Api> {
    let frequent = [
        Api::CreateStream,
        Api::CreateEventExWithFlag,
        Api::RecordEvent,
        Api::StreamWaitEvent,
        Api::LaunchKernel,
        Api::RiCaptureBegin,
        Api::RiCaptureEnd,
        Api::RiCaptureTaskGrpBegin,
        Api::RiCaptureTaskGrpEnd,
        Api::RiCaptureTaskUpdateBegin,
        Api::RiCaptureTaskUpdateEnd,
        Api::RiCaptureGetInfo,
        Api::RiCondHandleCreate,
        Api::RiAddCondTask,
        Api::RiCaptureToModelRiBegin,
        Api::RiDestroy,
        Api::RiExecuteAsync,
        Api::LaunchHostFunc,
    ];
    let mut calls: Vec<Api> = std::iter::repeat_n(frequent, 40).flatten().collect();
    calls.extend(APIS.iter().map(|signature| signature.api));
    calls
}

fn log(steps: &[Step]) -> Log {
    let calls = busy_calls();
    let mut log = Log::new();
    prologue(&mut log);
    for (choice, thread, numbers) in steps {
        let api = calls[choice % calls.len()];
        let mut numbers = numbers.iter().copied().cycle();
        let args: Vec<Arg> =
            api.params().iter().map(|param| argument(&mut log, param, numbers.next().unwrap_or(0))).collect();
        let id = if api == Api::Aclnn {
            let operator = log.name("Add");
            log.push_operator(api, operator, &[], &args)
        } else {
            log.push(api, &args)
        };
        log.make(id, if *thread == 0 { 2 } else { 1 }, if *thread == 1 { 3 } else { 1 });
    }
    log
}

/// Makes what the calls then work on, and begins a capture.
fn prologue(log: &mut Log) {
    for number in 0..u16::from(NAMES) {
        let stream = Arg::Out(name(log, "Stream", number));
        log.push(Api::CreateStream, &[stream]);
        let event = Arg::Out(name(log, "Event", number));
        log.push(Api::CreateEventExWithFlag, &[event, Arg::Int(1)]);
        let notify = Arg::Out(name(log, "Notify", number));
        log.push(Api::CreateNotify, &[notify, Arg::Int(0)]);
        let buffer = Arg::Out(name(log, "buffer", number));
        let allocate = if number % 2 == 0 { Api::Malloc } else { Api::MallocHost };
        log.push(allocate, &[buffer, Arg::Int(4096), Arg::Int(0)][..allocate.params().len()]);
    }
    let stream = Arg::Name(name(log, "Stream", 0));
    log.push(Api::RiCaptureBegin, &[stream, Arg::Int(2)]);
    let (status, model) = (Arg::Out(log.name("status")), name(log, "Model", 0));
    log.push(Api::RiCaptureGetInfo, &[stream, status, Arg::Out(model)]);
    let handle = Arg::Out(name(log, "CondHandle", 0));
    log.push(Api::RiCondHandleCreate, &[Arg::Name(model), Arg::Int(0), Arg::Int(1), handle]);
}

fn name(log: &mut Log, kind: &str, number: u16) -> Name {
    log.name(&format!("{kind}{}", number % u16::from(NAMES)))
}

fn argument(log: &mut Log, param: &Param, number: u16) -> Arg {
    // Mostly what belongs there, sometimes NULL, sometimes something else altogether.
    match number % 64 {
        0 => return Arg::Null,
        1 => return Arg::Int(i64::from(number) - 300),
        2 => return Arg::Name(name(log, "x", number >> 6)),
        _ => {}
    }
    let number = number >> 6;
    match param.kind {
        Kind::In(handle) => Arg::Name(name(log, &format!("{handle:?}"), number)),
        Kind::Out(handle) => Arg::Out(name(log, &format!("{handle:?}"), number)),
        Kind::OutAddress => Arg::Out(name(log, "buffer", number)),
        Kind::Address => Arg::Name(name(log, "buffer", number)),
        Kind::OutValue => Arg::Out(name(log, "value", number)),
        Kind::Enum(kind) if !number.is_multiple_of(8) => {
            Arg::Int(kind.members[usize::from(number) % kind.members.len()].1)
        }
        Kind::Flags(_) => Arg::Int([1, 1, 1, 3, 9, 2, 32, 40][usize::from(number) % 8]),
        Kind::Number(_) if !number.is_multiple_of(4) => Arg::Int(i64::from(number % 2)),
        Kind::OutArray | Kind::Function => Arg::Name(name(log, "array", number)),
        Kind::Exchange(_) => Arg::Exchange(i64::from(number % 4)),
        Kind::Text => log.text_arg(if number.is_multiple_of(5) { "no/such.json" } else { "dump.json" }),
        Kind::Kernel => {
            let kernel = Kernel::new(log.name("k"), Core::ALL[usize::from(number) % Core::ALL.len()]);
            Arg::Kernel(log.kernel_id(kernel))
        }
        Kind::Struct(fields, _) => {
            let fields: Vec<Arg> =
                fields.iter().map(|field| argument(log, field, number.wrapping_mul(641))).collect();
            log.structure(&fields)
        }
        Kind::List(item) => {
            let item = Param { name: "item", kind: *item };
            let items: Vec<Arg> =
                (0..number % 3).map(|index| argument(log, &item, number.wrapping_mul(97) + index)).collect();
            log.list(&items)
        }
        _ => Arg::Int([0, 1, 64][usize::from(number) % 3]),
    }
}

fn profile(number: usize) -> &'static Profile {
    let all = Profile::all();
    &all[number % all.len()]
}

/// Every refusal has one finding that explains its code, and every finding points at calls of the log.
fn explained(log: &Log, replay: &Replay<'_>) -> Result<(), TestCaseError> {
    prop_assert_eq!(replay.outcomes.len(), log.len());
    let mut refusals = vec![0; log.len()];
    for finding in &replay.findings {
        let call = finding.call as usize;
        prop_assert!(call < log.len());
        prop_assert!(
            finding.labels.iter().all(|label| (label.0 as usize) < log.len() && label.0 != finding.call)
        );
        prop_assert!(
            finding.consequence_of.is_none_or(|cause| cause < finding.call || finding.returns.is_none())
        );
        if let Some(code) = finding.returns {
            refusals[call] += 1;
            prop_assert_eq!(code, replay.outcomes[call].code);
            prop_assert!(
                finding.rule.returns.contains(&code),
                "{} does not return {}",
                finding.rule.name,
                code
            );
        }
    }
    for (call, outcome) in replay.outcomes.iter().enumerate() {
        let api = log[CallId(call as u32)].api;
        prop_assert_eq!(refusals[call], i32::from(outcome.code != 0), "{} = {}", api, outcome.code);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_sequence_of_calls_breaks_the_model(steps in steps(120), number in 0usize..11) {
        let log = log(&steps);
        let replay = replay(&log, profile(number));
        prop_assert_eq!(replay.state.inconsistencies(), Vec::<String>::new());
        explained(&log, &replay)?;
        for dumped in &replay.dumps {
            let text = dumped.text(profile(number), 0);
            prop_assert!(text.starts_with("[\n") && text.ends_with(']'));
        }
    }

    #[test]
    fn a_dump_that_is_made_late_is_the_same(steps in steps(120), number in 0usize..11) {
        let (log, profile) = (log(&steps), profile(number));
        if let Some(late) = LateDumps::of(replay_without_dumps(&log, profile)) {
            let late: Vec<_> = late.iter(&log).map(|dump| (dump.path(), dump.text(profile, 0))).collect();
            let dumps = replay(&log, profile).dumps;
            let dumps: Vec<_> = dumps.iter().map(|dumped| (dumped.path, dumped.text(profile, 0))).collect();
            prop_assert_eq!(late, dumps);
        }
    }

    #[test]
    fn the_same_calls_get_the_same_answers(steps in steps(60), number in 0usize..11) {
        let log = log(&steps);
        let (first, second) = (replay(&log, profile(number)), replay(&log, profile(number)));
        prop_assert_eq!(&first.outcomes, &second.outcomes);
        prop_assert_eq!(&first.findings, &second.findings);
    }

    #[test]
    fn a_prefix_of_calls_gets_the_same_answers(steps in steps(60), number in 0usize..11) {
        let whole = log(&steps);
        let part = log(&steps[..steps.len() / 2]);
        let (whole, part) = (replay(&whole, profile(number)), replay(&part, profile(number)));
        prop_assert!(part.outcomes.iter().eq(whole.outcomes.iter().take(part.outcomes.len())));
    }
}
