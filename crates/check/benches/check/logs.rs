//! Generated logs of the kinds that programs make.

use std::fmt::Write as _;

/// The name of a kind, and what makes a log of it of about so many calls.
type Kind = (&'static str, fn(usize) -> String);

/// All kinds.
pub(crate) const KINDS: [Kind; 8] = [
    ("kernels", kernels),
    ("copies", copies),
    ("distinct", distinct),
    ("streams", streams),
    ("operators", operators),
    ("random", random),
    ("executions", executions),
    ("models", models),
];

const BUFFER: usize = 1 << 30;

/// Kernels with hidden operands on two streams, ordered now and then.
fn kernels(calls: usize) -> String {
    captured(2, |text| {
        for round in 0..calls / 10 {
            join(text, round, 0, 1);
            for at in 0..8 {
                let _ = writeln!(
                    text,
                    "aclrtLaunchKernel(k{}{{aicore}}, 8, args, 16, s{}) = 0",
                    round % 100,
                    at % 2
                );
            }
        }
    })
}

/// Copies and fills on two streams that come back to the same ranges, with a fork in every round.
fn copies(calls: usize) -> String {
    captured(2, |text| {
        for round in 0..calls / 5 {
            let at = round % 1000 * 64;
            join(text, round, 0, 1);
            copy(text, at, 64, 0);
            let _ = writeln!(text, "aclrtLaunchKernel(k{round}{{aicore}}, 8, args, 16, s0) = 0");
            fill(text, at + 1_000_000, 64, 1);
        }
    })
}

/// Copies and fills on two streams, each on a range of its own.
fn distinct(calls: usize) -> String {
    captured(2, |text| {
        for round in 0..calls / 4 {
            join(text, round, 0, 1);
            copy(text, round * 128, 64, 0);
            fill(text, round * 128 + 64, 64, 1);
        }
    })
}

/// Sixteen streams that are forked and joined in every round.
fn streams(calls: usize) -> String {
    const STREAMS: usize = 16;
    captured(STREAMS, |text| {
        for round in 0..calls / (5 * (STREAMS - 1)) {
            for stream in 1..STREAMS {
                join(text, stream, 0, stream);
                fill(text, (round % 500 * STREAMS + stream) * 4096, 4096, stream);
            }
            for stream in 1..STREAMS {
                join(text, stream, stream, 0);
            }
        }
    })
}

/// Operators in two phases, each on what the one before it wrote.
fn operators(calls: usize) -> String {
    captured(2, |text| {
        for round in 0..calls / 6 {
            join(text, round, 0, 1);
            for (stream, buffer) in [(0, "d"), (1, "e")] {
                let (from, to) = (round % 64 * 4096, (round + 1) % 64 * 4096);
                let _ = writeln!(
                    text,
                    "aclnnAddGetWorkspaceSize({buffer}+{from}, {buffer}+{from}, 1, {buffer}+{to}, &w, &x{stream}) = 0\n\
                     aclnnAdd(NULL, 0, x{stream}, s{stream}) = 0"
                );
            }
        }
    })
}

/// Copies and fills anywhere, on four streams, not all of them ordered.
fn random(calls: usize) -> String {
    let mut seed = 1_usize;
    let mut below = |bound: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % bound
    };
    captured(4, |text| {
        for round in 0..calls / 4 {
            let (from, to) = (below(4), below(4));
            join(text, round, from, to);
            copy(text, below(BUFFER / 2), 1 + below(10_000), from);
            fill(text, below(BUFFER / 2), 1 + below(10_000), to);
        }
    })
}

/// Many small graphs, each executed between eager copies on another stream and destroyed when it has run.
fn executions(calls: usize) -> String {
    let mut text = opening(2);
    for round in 0..calls / 11 {
        let at = round % 1000 * 256;
        copy(&mut text, at, 64, 1);
        text.push_str("aclrtSynchronizeStream(s1) = 0\n");
        text.push_str("aclmdlRICaptureBegin(s0, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL) = 0\n");
        for part in 0..4 {
            fill(&mut text, at + part * 64, 64, 0);
        }
        let _ = writeln!(text, "aclmdlRICaptureEnd(s0, &g{round}) = 0");
        let _ = writeln!(text, "aclmdlRIExecuteAsync(g{round}, s0) = 0");
        let _ = writeln!(text, "aclrtSynchronizeStream(s0) = 0\naclmdlRIDestroy(g{round}) = 0");
    }
    text
}

/// Makes the streams, events and memory, and captures what `work` writes on the first stream, the others joined to it.
fn captured(streams: usize, work: impl FnOnce(&mut String)) -> String {
    let mut text = opening(streams);
    text.push_str("aclmdlRICaptureBegin(s0, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL) = 0\n");
    for stream in 1..streams {
        join(&mut text, stream, 0, stream);
    }
    work(&mut text);
    for stream in 1..streams {
        join(&mut text, stream, stream, 0);
    }
    text.push_str("aclmdlRICaptureEnd(s0, &graph) = 0\naclmdlRIDestroy(graph) = 0\n");
    text
}

fn opening(streams: usize) -> String {
    let mut text = format!(
        "aclrtMalloc(&d, {BUFFER}, ACL_MEM_MALLOC_HUGE_FIRST) = 0\naclrtMalloc(&e, {BUFFER}, ACL_MEM_MALLOC_HUGE_FIRST) = 0\n\
         aclrtMallocHost(&h, {BUFFER}) = 0\n"
    );
    for stream in 0..streams {
        let _ = writeln!(text, "aclrtCreateStream(&s{stream}) = 0");
    }
    for event in 0..EVENTS {
        let _ = writeln!(text, "aclrtCreateEventExWithFlag(&e{event}, ACL_EVENT_SYNC) = 0");
    }
    text
}

const EVENTS: usize = 16;

/// Lets stream `to` wait for `from`.
fn join(text: &mut String, round: usize, from: usize, to: usize) {
    let event = round % EVENTS;
    let _ =
        writeln!(text, "aclrtRecordEvent(e{event}, s{from}) = 0\naclrtStreamWaitEvent(s{to}, e{event}) = 0");
}

fn copy(text: &mut String, at: usize, bytes: usize, stream: usize) {
    let _ = writeln!(
        text,
        "aclrtMemcpyAsync(d+{at}, {bytes}, h+{at}, {bytes}, ACL_MEMCPY_HOST_TO_DEVICE, s{stream}) = 0"
    );
}

fn fill(text: &mut String, at: usize, bytes: usize, stream: usize) {
    let _ = writeln!(text, "aclrtMemsetAsync(d+{at}, {bytes}, 0, {bytes}, s{stream}) = 0");
}

/// Models by the thousand, about as many as a device has room for: executed one after the other on one stream with a copy to memory of
/// theirs behind each, as separate models and calls between them are, and nothing waited for before the last.
fn models(calls: usize) -> String {
    const MODELS: usize = 1000;
    let mut text = opening(1);
    let copy = |text: &mut String| {
        text.push_str("aclrtMemcpyAsync(d, 4096, e, 4096, ACL_MEMCPY_DEVICE_TO_DEVICE, s0) = 0\n");
    };
    for round in 0..calls / (6 * MODELS) {
        for model in 0..MODELS {
            text.push_str("aclmdlRICaptureBegin(s0, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL) = 0\n");
            copy(&mut text);
            let _ = writeln!(text, "aclmdlRICaptureEnd(s0, &m{round}_{model}) = 0");
        }
        for model in 0..MODELS {
            let _ = writeln!(text, "aclmdlRIExecuteAsync(m{round}_{model}, s0) = 0");
            copy(&mut text);
        }
        text.push_str("aclrtSynchronizeStream(s0) = 0\n");
        for model in 0..MODELS {
            let _ = writeln!(text, "aclmdlRIDestroy(m{round}_{model}) = 0");
        }
    }
    text
}
