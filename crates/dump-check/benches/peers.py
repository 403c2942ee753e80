#!/usr/bin/env python3
"""Times `acg` beside the two public programs that read debug dumps, on the same dumps, and shows what each says of inputs on which they err.

    cargo build --release && python3 crates/dump-check/benches/peers.py target/release/acg

The peers are in the wheel of torch-npu 2.14.0: torchair's deadlock check, which `acg check` stands beside, and the aligner of
traces, which `acg view --format perfetto` stands beside. The wheel is downloaded with pip into a temporary directory, unpacked and
run from there; all of it is removed at the end. `--wheel FILE` takes one that is already there. The aligner imports torch only
for a logger, so where torch is not installed an empty one with a silent logger stands in. No public program compares dumps, so
`acg diff` is timed beside nothing.

Times are user and system time of the whole process, the least of some runs.
"""

import argparse
import json
import os
import pathlib
import resource
import subprocess
import sys
import tempfile
import zipfile

WHEEL = "torch-npu==2.14.0"
CHECKER = "torch_npu/dynamo/npugraph_ex/tools/aclgraph_check/deadlock_check.py"
ALIGNER = "torch_npu/npu/_npugraph_utils.py"
LOGGER = """\
class _logging:
    class Silent:
        def debug(self, *_): pass
    getArtifactLogger = staticmethod(lambda *_: _logging.Silent())
"""
LIMIT_SECONDS = 120


# Dumps.


def task(name, task_type, **columns):
    return name, {"Task Type": task_type, **columns}


def work():
    return task("MatMul", "KERNEL_AICORE", Numblocks=8, **{"Schem Mode": 0})


def collective(name, cores):
    return task(name, "KERNEL_AIVEC", Numblocks=cores, **{"Schem Mode": 1})


def record(event):
    return task(f"EVENT_RECORD_{event}", "EVENT_RECORD")


def wait(event):
    return task(f"EVENT_WAIT_{event}", "EVENT_WAIT")


def resets(*events):
    return [task(f"EVENT_RESET_{event}", "EVENT_RESET") for event in events]


def dump(streams):
    """The text of a dump; `streams` are pairs of an id and tasks, newest first."""
    lines = []
    for stream, tasks in streams:
        at = 0
        for number, (name, columns) in enumerate(tasks):
            kind = columns["Task Type"]
            step = 5 if "RECORD" in kind else 15 if "WAIT" in kind else 10
            args = {"Model Id": 0, "Stream Id": stream, "Task Id": number, **columns}
            lines.append(json.dumps({"name": name, "pid": "1 aclGraph", "tid": f"stream{stream}", "ts": at, "dur": step - 0.5,
                                     "ph": "X", "args": args}, separators=(",", ":")))
            at += step
    return "[\n" + ",\n".join(lines) + "\n]"


def layers(sides, steps):
    """Side streams that are drawn in once, exchange events with the origin stream, and are joined: `steps` tasks a stream or so."""
    rounds = max(1, steps // 4)
    origin, branches, used = [], [[] for _ in range(sides)], []
    event = 0
    for turn in range(rounds):
        origin += [work(), record(event)]
        used.append(event)
        fork, event = event, event + 1
        for side, branch in enumerate(branches):
            branch += [wait(fork), collective(f"aiv_all_reduce_{side}", 2), work(), record(event)]
            origin.append(wait(event))
            used.append(event)
            event += 1
    streams = [(10 + side, branch) for side, branch in reversed(list(enumerate(branches)))]
    return dump([*streams, (9, origin + resets(*used))])


def timed_dumps():
    for sides, steps in ((1, 500), (3, 1000), (15, 1000), (15, 4000)):
        yield f"{sides + 1} streams, {steps} tasks a branch", layers(sides, steps)


def failing_dumps():
    """Inputs on which a peer errs, and what is right."""
    big = lambda name: collective(name, 40)
    fork = [(6, [wait(0), big("aiv_b"), record(2)]), (5, [wait(0), work(), record(1)]),
                   (4, [big("aiv_a"), record(0), wait(1), wait(2), *resets(0, 1, 2)])]
    yield "one record, two waiters", dump(fork), "none"
    yield "an event recorded twice", dump([
        (5, [wait(0), big("aiv_b"), record(1), wait(0), record(2)]),
        (4, [big("aiv_a"), record(0), wait(1), record(0), wait(2), big("aiv_c"), *resets(0, 1, 2)])]), "none"
    notify = [task("NOTIFY_WAIT_8", "NOTIFY_WAIT"), task("NOTIFY_RECORD_8", "NOTIFY_RECORD")]
    yield "order by a notify", dump([
        (5, [wait(0), notify[0], big("aiv_b"), record(1)]),
        (4, [record(0), big("aiv_a"), notify[1], wait(1), big("aiv_c"), *resets(0, 1)])]), "none"
    yield "a stream that goes on in another", dump([
        (6, [big("aiv_c"), record(1)]),
        (5, [wait(0), work(), big("aiv_b"), task("STREAM_ACTIVE", "STREAM_ACTIVE", **{"Active Stream Id": 6})]),
        (4, [big("aiv_a"), record(0), wait(1), big("aiv_d"), *resets(0, 1)])]), "none"
    yield "three collectives, 20 + 20 + 20 cores", dump([
        (6, [wait(0), collective("aiv_c", 20), record(2)]), (5, [wait(0), collective("aiv_b", 20), record(1)]),
        (4, [record(0), collective("aiv_a", 20), wait(1), wait(2), *resets(0, 1, 2)])]), "conflict"
    yield "streams that wait in a circle", dump([
        (6, [wait(3), work(), record(2)]), (5, [wait(0), wait(2), work(), record(1), record(3)]),
        (4, [record(0), work(), wait(1), *resets(0, 1, 2, 3)])]), "circle"
    conflict = dump([(5, [wait(0), big("aiv_b"), record(1)]), (4, [record(0), big("aiv_a"), wait(1), *resets(0, 1)])])
    yield "a trailing comma", conflict.replace("\n]", ",\n]"), "conflict"
    yield "a backslash in a kernel's name", conflict.replace("aiv_b", "aiv_\\q"), "conflict"


# Programs.


class Run:
    """What a process took and said."""

    def __init__(self, command, directory):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        try:
            done = subprocess.run(command, cwd=directory, capture_output=True, text=True, timeout=LIMIT_SECONDS)
            self.code, self.out, self.err = done.returncode, done.stdout, done.stderr
        except subprocess.TimeoutExpired:
            self.code, self.out, self.err = None, "", ""
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def error(self):
        lines = self.err.strip().splitlines()
        return lines[-1].split(":")[0] if lines else f"exit code {self.code}"


def fastest(command, directory, runs):
    found = [Run(command, directory) for _ in range(runs)]
    return min(found, key=lambda run: run.seconds) if all(run.code is not None for run in found) else None


def peer_says(run):
    """What torchair's check says, in one word."""
    if "CONFLICT" in run.out:
        return "conflict"
    return "none" if "No deadlock" in run.out else run.error()


def acg_says(run):
    if "wait-cycle" in run.out:
        return "circle"
    return "conflict" if "vector-cores-oversubscribed" in run.out else "none"


def arrows(path, starts):
    """How many arrows a trace has."""
    try:
        data = json.loads(path.read_text())
    except (OSError, ValueError):
        return "no file"
    events = data.get("traceEvents", []) if isinstance(data, dict) else data
    return str(sum(event.get("ph") == starts for event in events))


def unpack(directory, wheel):
    """The peers' scripts, or why they cannot be had."""
    if wheel is None:
        folder = directory / "download"
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "-d", str(folder), WHEEL]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            return None, f"{WHEEL} could not be downloaded: {done.stderr.strip().splitlines()[-1:]}"
        wheel = next(folder.glob("*.whl"))
    with zipfile.ZipFile(wheel) as archive:
        for name in (CHECKER, ALIGNER):
            archive.extract(name, directory)
    (directory / "stand-in").mkdir()
    (directory / "stand-in" / "torch.py").write_text(LOGGER)
    return (directory / CHECKER, directory / ALIGNER), None


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("acg", help="a release build of acg")
    parser.add_argument("--wheel", help="the wheel, if it is already there")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    acg = os.path.abspath(options.acg)
    with tempfile.TemporaryDirectory() as name:
        directory = pathlib.Path(name)
        peers, reason = unpack(directory, options.wheel)
        if reason:
            print(f"The peers are left out: {reason}")
        torch = Run([sys.executable, "-c", "import torch"], directory).code == 0
        if not torch:
            os.environ["PYTHONPATH"] = str(directory / "stand-in")
            print("torch is not installed: a silent logger stands in for it, nothing else of it is used.")
        compare(acg, peers, directory, options.runs)


def compare(acg, peers, directory, runs):
    checker, aligner = peers or (None, None)
    path, other = directory / "dump.json", directory / "other.json"
    seconds = lambda run: f"{run.seconds:.3f}" if run else f"> {LIMIT_SECONDS}"
    ratio = lambda peer, own: f"{peer.seconds / max(own.seconds, 1e-3):.0f}x" if peer and own else "-"
    say = lambda run: seconds(run) if peers else "-"
    print("\n| dump | records | acg check s | torchair deadlock_check s | ratio | acg view s | torch_npu aligner s | ratio | acg diff s |")
    print("|---|---|---|---|---|---|---|---|---|")
    for title, text in timed_dumps():
        path.write_text(text)
        other.write_text(text.replace('"1 aclGraph"', '"2 aclGraph"'))
        check = fastest([acg, "check", str(path)], directory, runs)
        view = fastest([acg, "view", "--format", "perfetto", "-o", "view.json", str(path)], directory, runs)
        diff = fastest([acg, "diff", str(path), str(other)], directory, runs)
        theirs = fastest([sys.executable, str(checker), str(path), "-o", "out.json"], directory, 1) if peers else None
        align = fastest([sys.executable, str(aligner), str(path), "-o", "aligned.json"], directory, 1) if peers else None
        align_ratio = ratio(align, view)
        align_time = say(align)
        if align and align.code:
            align_time += f" ({align.error()})"
        print(f"| {title} | {text.count(chr(10)) - 1} | {seconds(check)} | {say(theirs)} | {ratio(theirs, check)} "
              f"| {seconds(view)} | {align_time} | {align_ratio} | {seconds(diff)} |", flush=True)
    print("\n| input | right | acg check | torchair deadlock_check | arrows of acg view | of torch_npu aligner |")
    print("|---|---|---|---|---|---|")
    for title, text, right in failing_dumps():
        path.write_text(text)
        for file in ("view.json", "aligned.json"):
            (directory / file).unlink(missing_ok=True)
        own = acg_says(Run([acg, "check", "--format", "json", str(path)], directory))
        Run([acg, "view", "--format", "perfetto", "-o", "view.json", str(path)], directory)
        theirs = peer_says(Run([sys.executable, str(checker), str(path), "-o", "out.json"], directory)) if peers else "-"
        if peers:
            Run([sys.executable, str(aligner), str(path), "-o", "aligned.json"], directory)
        print(f"| {title} | {right} | {own} | {theirs} | {arrows(directory / 'view.json', 's')} "
              f"| {arrows(directory / 'aligned.json', 's')} |", flush=True)


if __name__ == "__main__":
    main()
