//! Dumps of every release are recognised: the program that they become is for a machine that writes the same dump.

mod corpus;

use acg_backend_acl::{LowerOptions, lower};
use acg_diagnostics::Sources;
use acg_import::{detect, dump_agreement, import_dumps};
use acg_ir::verify;
use acg_target::Profile;
use acg_trace::Trace;

const PROGRAM: &str = "\
device d, e : bytes[64]
device flag : u64[]
stream main, side
event forked, joined
notify taken
graph g on main mode global {
  main: copy d -> e
  main: record forked
  side: wait forked
  side: group tail { kernel \"second\"() [core = aivec, blocks = 8] }
  side: host_func done
  side: record joined
  main: record taken
  main: write flag = 1
  main: wait joined
  main: kernel \"first\"()
}
";

/// The dump of the program, as a machine writes it.
fn dump(machine: &Profile) -> String {
    let mut sources = Sources::new();
    let file = sources.add("program", PROGRAM);
    let parsed = acg_parser::parse(file, PROGRAM);
    assert!(parsed.complete, "{:?}", parsed.diagnostics);
    let lowered = lower(&verify(&parsed.module).unwrap(), &LowerOptions::default());
    let replay = acg_runtime::replay(&lowered.log, machine);
    replay.dumps[0].text(machine, 1)
}

#[test]
fn dumps_of_every_machine_and_release_compile_back() {
    for name in
        ["ascend910b", "ascend910c", "ascend950", "ascend310p", "910b-hwsq", "910b-swsq-swev", "950-hwsq"]
    {
        for release in ["8.5", "9.0", "9.1", "9.2"] {
            let machine = Profile::find(name).unwrap().with_cann(release).unwrap();
            // Ascend 950 is younger than the oldest format.
            if release == "8.5" && name.contains("950") {
                continue;
            }
            let text = dump(&machine);
            let reading = acg_dump::read_any(&mut text.as_bytes()).unwrap();
            let traces: Vec<Trace> = reading.dumps.into_iter().map(Trace::of).collect();
            let imported = import_dumps(&traces, "g", detect(&traces)).unwrap();
            let module = corpus::reread(name, &imported.module);
            let target = imported.target.machine().unwrap();
            let agreement = dump_agreement(std::slice::from_ref(&text), &module, false, &target);
            assert_eq!(agreement.disagreements, [], "{name} {release}: {:?}", imported.target);
        }
    }
}
