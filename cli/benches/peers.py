#!/usr/bin/env python3
"""Compile times of acg beside those of other compilers and graph libraries, on the same generated graph, in one run.

    cli/benches/peers.py [--tasks N] [--shape SHAPE] [--runs R] [--acg PATH]

Shown are processor time, its ratio to that of `acg compile -O2`, and peak memory; of each command the fastest of R runs counts. Peers:
mlir-opt (gpu dialect: parse, verify, canonicalize, CSE, print), spirv-as, spirv-val and spirv-opt (CSE and dead code), rustworkx
(topological sort and longest path, where Python has it). What is not installed is named and left out. Everything is written into a
temporary folder that is gone afterwards. For figures that mean something, build acg with --release and leave the machine alone.
"""

import argparse
import glob
import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    target = os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target"))
    parser.add_argument("--tasks", type=int, default=100_000)
    parser.add_argument("--shape", default="layered")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--acg", default=os.path.join(target, "release", "acg"))
    return parser.parse_args()


def newest(name):
    """The tool of that name, or the one with the largest version behind it, as Debian calls them."""
    if found := shutil.which(name):
        return found
    versioned = glob.glob(f"/usr/bin/{name}-*") + glob.glob(f"/usr/lib/llvm-*/bin/{name}")
    number = lambda path: int("".join(filter(str.isdigit, path)) or 0)
    return max(versioned, key=number, default=None)


def cost(command):
    """Processor seconds and peak MiB of a command; None where it fails."""
    with open(os.devnull, "wb") as nowhere:
        child = subprocess.Popen(command, stdout=nowhere, stderr=subprocess.PIPE)
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        print(f"    {os.path.basename(command[0])} fails: {said.decode(errors='replace').strip()[:200]}")
        return None
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def write_mlir(path, predecessors):
    with open(path, "w") as out:
        out.write("module attributes {gpu.container_module} {\n  gpu.module @k {\n")
        out.write("    gpu.func @f(%a: memref<?xf32>, %b: memref<?xf32>) kernel { gpu.return }\n  }\n")
        out.write("  func.func @g(%m: memref<?xf32>) {\n    %c = arith.constant 1 : index\n    %t = gpu.wait async\n")
        for task, before in enumerate(predecessors):
            tokens = ", ".join(f"%t{other}" for other in before) or "%t"
            out.write(
                f"    %t{task} = gpu.launch_func async [{tokens}] @k::@f blocks in (%c, %c, %c) "
                "threads in (%c, %c, %c) args(%m : memref<?xf32>, %m : memref<?xf32>)\n"
            )
        out.write("    return\n  }\n}\n")


def write_spirv(path, predecessors):
    with open(path, "w") as out:
        out.write("OpCapability Shader\nOpCapability Linkage\nOpMemoryModel Logical GLSL450\n")
        out.write("%int = OpTypeInt 32 0\n%type = OpTypeFunction %int %int\n%f = OpFunction %int None %type\n")
        out.write("%x = OpFunctionParameter %int\n%entry = OpLabel\n")
        for task, before in enumerate(predecessors):
            left, right = ([f"%t{other}" for other in before] + ["%x", "%x"])[:2]
            out.write(f"%t{task} = OpIAdd %int {left} {right}\n")
        out.write(f"OpReturnValue %t{len(predecessors) - 1}\nOpFunctionEnd\n")


def rustworkx_costs(path, runs):
    """Processor seconds of building, sorting and measuring the graph; None without the library."""
    try:
        import rustworkx
    except ImportError:
        return None
    with open(path) as file:
        graph = json.load(file)
    weights = [task["cost_us"] for task in graph["tasks"]]
    best = {}
    for _ in range(runs):
        start = time.process_time()
        dag = rustworkx.PyDiGraph()
        dag.add_nodes_from(range(len(weights)))
        dag.add_edges_from([(u, v, weights[u]) for u, v in graph["edges"]])
        built = time.process_time()
        rustworkx.topological_sort(dag)
        sorted_at = time.process_time()
        rustworkx.dag_weighted_longest_path_length(dag, lambda u, v, weight: weight)
        ended = time.process_time()
        for name, seconds in [
            ("rustworkx: build", built - start),
            ("rustworkx: topological sort", sorted_at - built),
            ("rustworkx: longest path", ended - sorted_at),
        ]:
            best[name] = min(seconds, best.get(name, seconds))
    return best


def apart(work, *given):
    """What `work` gives, done in a process of its own: a command counts the memory of whoever starts it as its own."""
    with multiprocessing.get_context("fork").Pool(1) as pool:
        return pool.apply(work, given)


def write_peers(folder):
    """Writes the graph in the languages of the peers; how many dependences it has."""
    with open(os.path.join(folder, "graph.json")) as file:
        graph = json.load(file)
    predecessors = [[] for _ in graph["tasks"]]
    for before, after in graph["edges"]:
        predecessors[after].append(before)
    write_mlir(os.path.join(folder, "gpu.mlir"), predecessors)
    write_spirv(os.path.join(folder, "graph.spvasm"), predecessors)
    return len(graph["edges"])


def main():
    options = arguments()
    if not os.path.exists(options.acg):
        sys.exit(f"{options.acg} is not there: cargo build --release -p acg, or --acg PATH")
    rows, missing = [], []
    with tempfile.TemporaryDirectory(prefix="acg-peers-") as folder:
        at = lambda name: os.path.join(folder, name)
        made = ["--tasks", str(options.tasks), "--shape", options.shape]
        subprocess.run([options.acg, "generate", *made, "--json", "-o", at("graph.json")], check=True)
        subprocess.run([options.acg, "generate", *made, "-o", at("auto.acg")], check=True)
        edges = apart(write_peers, folder)

        def measure(name, command):
            costs = [found for _ in range(options.runs) if (found := cost(command))]
            if costs:
                rows.append((name, *min(costs)))

        outputs = ["--emit", "calls,json", "-o", at("out")]
        measure("acg compile -O2, auto", [options.acg, "compile", at("auto.acg"), "-O2", *outputs])
        explicit = [options.acg, "compile", at("auto.acg"), "-O2", "--emit", "acg", "-o", at("explicit")]
        subprocess.run(explicit, check=True, stderr=subprocess.DEVNULL)
        measure("acg compile -O1, explicit", [options.acg, "compile", at("explicit/auto.acg"), "-O1", *outputs])
        if mlir := newest("mlir-opt"):
            passes = ["--canonicalize", "--cse", "-o", at("gpu.out")]
            measure("mlir-opt gpu: canonicalize, cse", [mlir, at("gpu.mlir"), *passes])
        else:
            missing.append("mlir-opt (Debian: mlir-19-tools or newer)")
        tools = [newest(name) for name in ("spirv-as", "spirv-val", "spirv-opt")]
        if all(tools):
            assembler, validator, optimiser = tools
            measure("spirv-as", [assembler, at("graph.spvasm"), "-o", at("graph.spv")])
            # Chains of additions are longer than the limits of a portable module.
            measure("spirv-val", [validator, "--max-id-bound", "4294967295", at("graph.spv")])
            clean = ["--max-id-bound=4294967295", "--redundancy-elimination", "--eliminate-dead-code-aggressive"]
            measure("spirv-opt: CSE, dead code", [optimiser, *clean, at("graph.spv"), "-o", at("clean.spv")])
        else:
            missing.append("spirv-as, spirv-val, spirv-opt (Debian: spirv-tools)")
        found = apart(rustworkx_costs, at("graph.json"), options.runs)
    if found is None:
        missing.append("rustworkx (pip install rustworkx)")
    else:
        rows += [(name, seconds, None) for name, seconds in found.items()]
    base = next((seconds for name, seconds, _ in rows if name.startswith("acg compile -O2")), None)
    print(f"{options.shape}, {options.tasks} tasks, {edges} dependences")
    print(f"{'':34} {'cpu s':>9} {'of acg':>8} {'MiB':>7}")
    for name, seconds, peak in rows:
        ratio = f"{seconds / base:8.2f}" if base else f"{'-':>8}"
        print(f"{name:34} {seconds:9.3f} {ratio} {'-' if peak is None else round(peak):>7}")
    for name in missing:
        print(f"not installed: {name}")


if __name__ == "__main__":
    main()
