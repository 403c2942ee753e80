//! Call logs as tests make them up: captures of everything that leaves a trace in a dump.

use std::fmt::Write as _;

use fastrand::Rng;

/// How kernels are called: plainly, as compilers call them, as collectives are, and with what the runtime does not escape.
const KERNELS: [&str; 8] = [
    "MatMul",
    "Add_e3e2549baf4795bf56c3_high_performance_1",
    "aiv_all_reduce",
    "MoeDispatchV2",
    "RmsNorm",
    "te_softmax_0123456789abcdef01",
    "Combine",
    "Cast",
];
const CORES: [&str; 6] = ["aicore", "aivec", "aicube", "mix_aic", "mix_aiv", "aicpu"];

/// A log that captures a random graph and prints it to `modelRI.json`.
///
/// `seed` decides what is captured; `run` decides what any run is free to choose: which ids and addresses were taken before.
pub(crate) fn log(seed: u64, run: u64, size: usize) -> String {
    let mut writer = Writer::new(Rng::with_seed(seed));
    writer.taken_before(run);
    writer.declare();
    writer.line("aclmdlRICaptureBegin(main, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)");
    for _ in 0..size {
        writer.step();
    }
    writer.end();
    writer.text
}

struct Writer {
    rng: Rng,
    text: String,
    /// Streams in the capture, the origin stream first.
    streams: Vec<String>,
    events: usize,
    notifies: usize,
    verbose: bool,
    executed: bool,
}

impl Writer {
    fn new(rng: Rng) -> Self {
        Self {
            rng,
            text: String::new(),
            streams: Vec::new(),
            events: 0,
            notifies: 0,
            verbose: false,
            executed: false,
        }
    }

    fn line(&mut self, call: &str) {
        self.text.push_str(call);
        self.text.push('\n');
    }

    /// Objects that shift what ids and addresses the graph's own get.
    fn taken_before(&mut self, run: u64) {
        let mut rng = Rng::with_seed(run);
        for at in 0..rng.usize(..5) * run.min(1) as usize {
            self.line(&format!("aclrtCreateStream(&taken_s{at})"));
            self.line(&format!("aclrtCreateNotify(&taken_n{at}, 0)"));
            self.line(&format!("aclrtCreateEventExWithFlag(&taken_e{at}, ACL_EVENT_SYNC)"));
            self.line(&format!("aclrtMalloc(&taken_d{at}, {}, ACL_MEM_MALLOC_HUGE_FIRST)", 4096 << at));
            self.line(&format!(
                "aclmdlRICaptureBegin(taken_s{at}, ACL_MODEL_RI_CAPTURE_MODE_GLOBAL)\n\
                 aclrtLaunchKernel(Taken{{aivec}}, 1, args, 8, taken_s{at})\n\
                 aclmdlRICaptureEnd(taken_s{at}, &taken_m{at})"
            ));
        }
    }

    fn declare(&mut self) {
        (self.verbose, self.executed) = (self.rng.u32(..100) < 20, self.rng.u32(..100) < 15);
        for memory in ["from", "to", "flag", "other_flag"] {
            self.line(&format!("aclrtMalloc(&{memory}, 4096, ACL_MEM_MALLOC_HUGE_FIRST)"));
        }
        self.line("aclrtMallocHost(&pinned, 4096)");
        self.line("aclrtCreateStream(&main)");
        self.line("aclrtCreateEventWithFlag(&outer, ACL_EVENT_EXTERNAL)");
        if self.rng.u32(..100) < 40 {
            self.line("aclrtSetStreamAttribute(main, 4, 1)");
        }
        if self.rng.u32(..100) < 30 {
            self.line("aclrtSubscribeReport(thread, main)");
        }
        self.streams.push("main".to_owned());
    }

    fn event(&mut self) -> String {
        self.events += 1;
        let name = format!("e{}", self.events);
        // Creating events is no task, so it may stand anywhere.
        self.line(&format!("aclrtCreateEventExWithFlag(&{name}, ACL_EVENT_SYNC)"));
        name
    }

    fn link(&mut self, from: &str, to: &str) {
        let event = self.event();
        self.line(&format!("aclrtRecordEvent({event}, {from})"));
        self.line(&format!("aclrtStreamWaitEvent({to}, {event})"));
    }

    fn stream(&mut self) -> String {
        let at = self.rng.usize(..self.streams.len());
        self.streams[at].clone()
    }

    fn step(&mut self) {
        let stream = self.stream();
        match self.rng.usize(..40) {
            0..=2 if self.streams.len() < 6 => {
                let side = format!("side{}", self.streams.len());
                self.line(&format!("aclrtCreateStream(&{side})"));
                self.link(&stream, &side);
                self.streams.push(side);
            }
            3..=5 => {
                let other = self.stream();
                if other != stream {
                    self.link(&stream, &other);
                }
            }
            6 => self.twice(&stream),
            7 => self.group(&stream),
            8 => self.notify(&stream),
            9 => self.line(&format!("aclrtLaunchHostFunc({stream}, function, NULL)")),
            10 => self.line("aclrtLaunchCallback(function, NULL, ACL_CALLBACK_NO_BLOCK, main)"),
            11 => self.line(&format!("aclrtValueWrite(flag, 3, 0, {stream})")),
            12 => self.line(&format!("aclrtValueWait(other_flag, 3, 0, {stream})")),
            13 => self.line(&format!("aclrtRecordEventWithFlag(outer, {stream}, ACL_EVENT_RECORD_EXTERNAL)")),
            14 => self
                .line(&format!("aclrtStreamWaitEventWithFlag({stream}, outer, 0, ACL_EVENT_WAIT_EXTERNAL)")),
            15 => self.line(&format!("aclrtResetEvent(outer, {stream})")),
            16 => self.line(&format!("aclrtMemsetAsync(to, 64, 0, 64, {stream})")),
            17 if self.rng.u32(..100) < 10 => {
                self.line(&format!("aclrtCmoAsync(from, 64, ACL_RT_CMO_TYPE_PREFETCH, {stream})"));
            }
            18 => self.line("aclrtCacheLastTaskExtendInfo(\"layer\\\\0 \\\"a\\\"\\n\", 12)"),
            19 if self.rng.u32(..100) < 8 => self.full_stream(&stream),
            20..=25 => self.copy(&stream),
            _ => self.kernel(&stream, 1),
        }
    }

    fn kernel(&mut self, stream: &str, times: u32) {
        let (name, core) =
            (self.rng.choice(&KERNELS).copied().unwrap(), self.rng.choice(&CORES).copied().unwrap());
        let (blocks, bytes) =
            (self.rng.usize(..48) + 1, self.rng.choice(&[0, 8, 16, 24, 36, 64]).copied().unwrap());
        let schem = if self.rng.u32(..100) < 30 { ", schem=1" } else { "" };
        let times = if times > 1 { format!("x{times} ") } else { String::new() };
        self.line(&format!(
            "{times}aclrtLaunchKernel({name}{{{core}{schem}}}, {blocks}, args, {bytes}, {stream})"
        ));
    }

    fn copy(&mut self, stream: &str) {
        let (to, from, kind) = self
            .rng
            .choice(&[
                ("to", "pinned", "HOST_TO_DEVICE"),
                ("pinned", "from", "DEVICE_TO_HOST"),
                ("to", "from", "DEVICE_TO_DEVICE"),
            ])
            .copied()
            .unwrap();
        self.line(&format!("aclrtMemcpyAsync({to}, 64, {from}, 64, ACL_MEMCPY_{kind}, {stream})"));
    }

    /// One event is recorded again once it was waited for.
    fn twice(&mut self, from: &str) {
        let (event, to) = (self.event(), self.stream());
        for _ in 0..2 {
            self.line(&format!("aclrtRecordEvent({event}, {from})"));
            self.kernel(from, 1);
            self.line(&format!("aclrtStreamWaitEvent({to}, {event})"));
        }
    }

    fn group(&mut self, stream: &str) {
        self.line(&format!("aclmdlRICaptureTaskGrpBegin({stream})"));
        for _ in 0..=self.rng.usize(..3) {
            self.kernel(stream, 1);
        }
        self.line(&format!("aclmdlRICaptureTaskGrpEnd({stream}, &group)"));
    }

    fn notify(&mut self, from: &str) {
        self.notifies += 1;
        let (notify, to) = (format!("n{}", self.notifies), self.stream());
        self.line(&format!("aclrtCreateNotify(&{notify}, 0)"));
        self.line(&format!("aclrtRecordNotify({notify}, {from})"));
        self.line(&format!("aclrtWaitAndResetNotify({notify}, {to}, 0)"));
    }

    /// More tasks than a hardware queue takes, so that a further stream goes on.
    fn full_stream(&mut self, stream: &str) {
        let count = 2000 + self.rng.usize(..200) as u32;
        self.kernel(stream, count);
    }

    fn end(&mut self) {
        for side in self.streams.clone().into_iter().skip(1).rev() {
            self.link(&side, "main");
        }
        let flags = u32::from(self.verbose);
        self.line("aclmdlRICaptureEnd(main, &model)");
        if self.executed {
            self.line("aclmdlRIExecuteAsync(model, main)");
        }
        let _ = writeln!(self.text, "aclmdlRIDebugJsonPrint(model, \"modelRI.json\", {flags})");
    }
}
