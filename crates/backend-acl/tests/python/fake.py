"""Runs an emitted program against modules that record its calls, in the form in which the recorder of the C++ tests prints them.

usage: fake.py PROGRAM WORKSPACES

Every object that a call makes has a number, `#1` for the first; an address inside of memory is `#1+8`, pageable memory is `?`, and
what has no number is `_`. What torch_npu does by itself is recorded where it does it: a tensor on the device is an `aclrtMalloc` when
it is made and an `aclrtFree` when its last reference goes; an operator is one line with its tensors and stream.
"""

import contextlib
import ctypes
import math
import runpy
import sys
import threading
import types

# What the program prints itself goes to standard error.
RECORDS, sys.stdout = sys.stdout, sys.stderr
STEP = 1 << 40
PAGEABLE = 1 << 20

made = 0
workspaces = [int(size) for size in sys.argv[2].split()] if len(sys.argv) > 2 else []
described = {}
kernels = {}


def record(call, *arguments):
    RECORDS.write(f"{call}({', '.join(arguments)})\n")
    RECORDS.flush()


def number():
    """A number, and the handle that stands for it."""
    global made
    made += 1
    return f"#{made}", made * STEP


def shown(value):
    """An argument as the recorder prints it."""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int):
        if value >= PAGEABLE * STEP:
            return "?"
        if value >= STEP:
            offset = value % STEP
            return f"#{value // STEP}" + (f"+{offset}" if offset else "")
        return str(value)
    if value is None or value == []:
        return "0"
    if isinstance(value, Dataset):
        return f"[{', '.join(shown(address) for address in value.addresses)}]"
    if isinstance(value, str):
        return value
    return "_"


class Dataset:
    def __init__(self):
        self.addresses = []


class RecordingLock:
    """`threading.Lock` of the program."""

    def __enter__(self):
        record("pthread_mutex_lock", "_")

    def __exit__(self, *failure):
        record("pthread_mutex_unlock", "_")


class Value:
    """A number that is equal to every other."""

    def __ne__(self, other):
        return False

    def __repr__(self):
        return "?"


class Anything(list):
    def __init__(self, count):
        super().__init__(Value() for _ in range(count))


class Literal(list):
    """`torch.tensor(…)` of numbers."""

    def reshape(self, shape):
        return self

    def tolist(self):
        return list(self)


class DType:
    def __init__(self, name, size):
        self.name, self.itemsize = name, size


class Storage:
    """Memory, given back when nothing refers to it."""

    def __init__(self, size, device, pinned):
        self.free = None
        if device is not None:
            name, self.address = number()
            record("aclrtMalloc", f"&{name}", str(size), "0")
            self.free = ("aclrtFree", name)
        elif pinned:
            name, self.address = number()
            record("aclrtMallocHost", f"&{name}", str(size))
            self.free = ("aclrtFreeHost", name)
        else:
            self.address = PAGEABLE * STEP

    def __del__(self):
        if self.free is not None:
            record(*self.free)


def contiguous(shape):
    strides, step = [], 1
    for length in reversed(shape):
        strides.insert(0, step)
        step *= length
    return tuple(strides)


class Tensor:
    def __init__(self, storage, dtype, shape, strides, offset=0):
        self.storage, self.dtype, self.shape, self.strides, self.offset = storage, dtype, shape, strides, offset

    def data_ptr(self):
        return self.storage.address + self.offset * self.dtype.itemsize

    def numel(self):
        return math.prod(self.shape)

    def is_host(self):
        return self.storage.free is None or self.storage.free[0] == "aclrtFreeHost"

    def reshape(self, length):
        assert length == -1 and self.strides == contiguous(self.shape)
        return Tensor(self.storage, self.dtype, (self.numel(),), (1,), self.offset)

    def view(self, dtype):
        assert self.offset == 0 and len(self.shape) == 1
        length = self.numel() * self.dtype.itemsize // dtype.itemsize
        return Tensor(self.storage, dtype, (length,), (1,))

    def as_strided(self, shape, strides, offset):
        last = offset + sum((length - 1) * stride for length, stride in zip(shape, strides))
        assert last < self.offset + self.numel(), "a view reaches beyond its memory"
        return Tensor(self.storage, self.dtype, shape, strides, offset)

    def size(self):
        return self.numel() * self.dtype.itemsize

    def fill_(self, value):
        if not self.is_host():
            return operator("InplaceFill" + ("Tensor" if isinstance(value, Tensor) else "Scalar"), (self, value), {})
        record("memcpy", shown(self.data_ptr()), "_", str(self.size()))

    def flatten(self):
        return self

    def dim(self):
        return len(self.shape)

    def tolist(self):
        """The host reads its memory; there are no numbers, so whatever is expected is there."""
        record("memcpy", "_", shown(self.data_ptr()), str(self.size()))
        return Anything(self.numel())

    def copy_(self, source, non_blocking=False):
        if isinstance(source, Literal):
            return record("memcpy", shown(self.data_ptr()), "_", str(self.size()))
        if not self.is_host() and not source.is_host():
            return operator("InplaceCopy", (self, source), {})
        assert non_blocking and self.is_host() != source.is_host()
        assert self.dtype is source.dtype and self.shape == source.shape
        kind = "2" if self.is_host() else "1"
        size = str(self.numel() * self.dtype.itemsize)
        stream = shown(current[-1].npu_stream)
        record("aclrtMemcpyAsync", shown(self.data_ptr()), size, shown(source.data_ptr()), size, kind, stream)

    def __getattr__(self, name):
        if not name.endswith("_") or name.startswith("__"):
            raise AttributeError(name)
        if name[:-1] not in FUNCTIONS:
            raise AttributeError(f"the fake knows no Tensor.{name}")

        def changed(*rest, **named):
            operator("Inplace" + name_of(name[:-1], (self, *rest), named), (self, *rest), named)

        return changed


# The operator of torch's function where its second operand is a tensor, and where it is a number.
OPERATORS = {
    "abs": "Abs",
    "add": ("Add", "Adds"),
    "addcmul": "Addcmul",
    "addmm": "Addmm",
    "amax": "Amax",
    "amin": "Amin",
    "arange": "Arange",
    "argmax": "ArgMax",
    "argmin": "ArgMin",
    "baddbmm": "Baddbmm",
    "bitwise_not": "BitwiseNot",
    "bmm": "BatchMatMul",
    "cat": "Cat",
    "ceil": "Ceil",
    "cos": "Cos",
    "cumsum": "Cumsum",
    "div": ("Div", "Divs"),
    "eq": ("EqTensor", "EqScalar"),
    "erf": "Erf",
    "exp": "Exp",
    "eye": "Eye",
    "floor": "Floor",
    "floor_divide": "FloorDivide",
    "gather": "Gather",
    "ge": ("GeTensor", "GeScalar"),
    "gt": ("GtTensor", "GtScalar"),
    "index_select": "IndexSelect",
    "le": ("LeTensor", "LeScalar"),
    "linspace": "Linspace",
    "log": "Log",
    "log_softmax": "LogSoftmax",
    "logical_and": "LogicalAnd",
    "logical_not": "LogicalNot",
    "logical_or": "LogicalOr",
    "lt": ("LtTensor", "LtScalar"),
    "masked_fill": ("MaskedFillTensor", "MaskedFillScalar"),
    "matmul": "Matmul",
    "maximum": "Maximum",
    "mean": "Mean",
    "minimum": "Minimum",
    "mm": "Mm",
    "mul": ("Mul", "Muls"),
    "mv": "Mv",
    "ne": ("NeTensor", "NeScalar"),
    "neg": "Neg",
    "reciprocal": "Reciprocal",
    "relu": "Relu",
    "rsqrt": "Rsqrt",
    "scatter_add": "ScatterAdd",
    "sigmoid": "Sigmoid",
    "sin": "Sin",
    "softmax": "Softmax",
    "sort": "Sort",
    "sqrt": "Sqrt",
    "stack": "Stack",
    "sub": ("Sub", "Subs"),
    "sum": "ReduceSum",
    "tanh": "Tanh",
    "topk": "Topk",
    "tril": "Tril",
    "triu": "Triu",
    "where": "SWhere",
    "zero": "Zero",
}


def is_tensor(values, position):
    return len(values) > position and isinstance(values[position], Tensor)


def name_of(function, arguments, named):
    """The operator that torch_npu has for a function with these arguments; the first one is the tensor."""
    if function == "clamp":
        given = [bound for bound in ("min", "max") if bound in named]
        return "Clamp" if len(given) == 2 else f"Clamp{given[0].capitalize()}"
    if function == "max":
        return "MaxDim" if isinstance(named.get("out"), tuple) else "Max"
    if function == "pow":
        kinds = ["Tensor" if is_tensor(arguments, position) else "Scalar" for position in (0, 1)]
        return "Pow" + "".join(kinds)
    if function == "masked_fill":
        return OPERATORS[function][0 if is_tensor(arguments, 2) else 1]
    name = OPERATORS[function]
    return name if isinstance(name, str) else name[0 if is_tensor(arguments, 1) else 1]


FUNCTIONS = {*OPERATORS, "clamp", "max", "pow"}


def tensors(values):
    for value in values:
        if isinstance(value, Tensor):
            yield value
        elif isinstance(value, (list, tuple)):
            yield from tensors(value)


def operator(name, arguments, named):
    operands = [shown(tensor.data_ptr()) for tensor in tensors([*arguments, *named.values()])]
    record(f"aclnn{name}", f"[{', '.join(operands)}]", shown(current[-1].npu_stream))


class Stream:
    def __init__(self):
        self.name, self.npu_stream = number()
        record("aclrtCreateStream", f"&{self.name}")

    def synchronize(self):
        record("aclrtSynchronizeStream", self.name)

    def query(self):
        record("aclrtStreamQuery", self.name, "&_")
        return True

    def __del__(self):
        record("aclrtDestroyStream", self.name)


class Event:
    external = False

    def __init__(self, enable_timing=False):
        self.name, self.npu_event = number()
        if self.external:
            record("aclrtCreateEventWithFlag", f"&{self.name}", "32")
        else:
            record("aclrtCreateEventExWithFlag", f"&{self.name}", "9" if enable_timing else "1")
        self.recorded = False

    def record(self, stream):
        self.recorded = True
        record("aclrtRecordEvent", self.name, stream.name)

    def wait(self, stream):
        assert self.recorded or self.external, "torch_npu does nothing for a wait before the first record"
        record("aclrtStreamWaitEvent", stream.name, self.name)

    def synchronize(self):
        record("aclrtSynchronizeEvent", self.name)

    def query(self):
        record("aclrtQueryEventStatus", self.name, "&_")
        return True

    def __del__(self):
        record("aclrtDestroyEvent", self.name)


class ExternalEvent(Event):
    external = True

    def reset(self, stream):
        record("aclrtResetEvent", self.name, stream.name)


class NPUGraph:
    def __init__(self):
        self.name = None

    def capture_begin(self, pool=None, capture_error_mode="global"):
        mode = ["global", "thread_local", "relaxed"].index(capture_error_mode)
        self.stream = current[-1]
        record("aclmdlRICaptureBegin", self.stream.name, str(mode))

    def capture_end(self):
        assert current[-1] is self.stream, "a capture ends on the stream that it began on"
        self.name, _ = number()
        record("aclmdlRICaptureEnd", self.stream.name, f"&{self.name}")
        self.stream = None

    def replay(self):
        record("aclmdlRIExecuteAsync", self.name, current[-1].name)

    def debug_dump(self, path):
        record("aclmdlRIDebugJsonPrint", self.name, path, "0")

    def reset(self):
        record("aclmdlRIDestroy", self.name)


current = [None]


@contextlib.contextmanager
def stream_context(stream):
    current.append(stream)
    try:
        yield
    finally:
        current.pop()


def task_group_end(stream):
    name, handle = number()
    record("aclmdlRICaptureTaskGrpEnd", stream.name, f"&{name}")
    return handle


class Torch(types.ModuleType):
    def __getattr__(self, name):
        if name not in FUNCTIONS:
            raise AttributeError(f"the fake knows no torch.{name}")
        return lambda *arguments, **named: operator(name_of(name, arguments, named), arguments, named)


def make_torch():
    torch = Torch("torch")
    sizes = {"float64": 8, "int64": 8, "uint64": 8, "complex64": 8, "complex128": 16, "float16": 2, "bfloat16": 2}
    sizes |= {"int16": 2, "uint16": 2, "float32": 4, "int32": 4, "uint32": 4, "complex32": 4}
    sizes |= {"int8": 1, "uint8": 1, "bool": 1, "float8_e5m2": 1, "float8_e4m3fn": 1}
    for name, size in sizes.items():
        setattr(torch, name, DType(name, size))

    def empty(shape, dtype, device=None, pin_memory=False):
        storage = Storage(math.prod(shape) * dtype.itemsize, device, pin_memory)
        return Tensor(storage, dtype, shape, contiguous(shape))

    torch.empty = empty
    torch.tensor = lambda values, dtype: Literal(values)
    npu = types.ModuleType("torch.npu")
    npu.init = lambda: record("aclInit", "0")
    npu.set_device = lambda device: record("aclrtSetDevice", str(device))
    npu.Stream, npu.Event, npu.ExternalEvent, npu.NPUGraph = Stream, Event, ExternalEvent, NPUGraph
    npu.stream = stream_context
    npu.graph_task_group_begin = lambda stream: record("aclmdlRICaptureTaskGrpBegin", stream.name)
    npu.graph_task_group_end = task_group_end
    npu.graph_task_update_begin = lambda stream, handle: record(
        "aclmdlRICaptureTaskUpdateBegin", stream.name, shown(handle)
    )
    npu.graph_task_update_end = lambda stream: record("aclmdlRICaptureTaskUpdateEnd", stream.name)
    torch.npu = npu
    return torch, npu


def capitalised(name):
    special = {"memcpy2d": "Memcpy2d", "memcpy2d_async": "Memcpy2dAsync", "set_context": "SetCurrentContext"}
    return special.get(name) or "".join(word.capitalize() for word in name.split("_"))


class PyAcl(types.ModuleType):
    """`acl.rt` and `acl.mdl`: what C writes comes back before the code."""

    # How many values come back, and where C has them: first or last.
    OUT = {"stream_query": "last", "query_event_status": "last", "host_register": "last", "event_elapsed_time": "first"}

    def __init__(self, name, prefix):
        super().__init__(name)
        self.prefix = prefix

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        call = self.prefix + capitalised(name)

        def function(*arguments):
            given = [shown(argument) for argument in arguments]
            if name.startswith("create_"):
                made_name, handle = number()
                record(call, f"&{made_name}", *given)
                return handle, 0
            if name == "host_register":
                made_name, handle = number()
                record(call, *given, f"&{made_name}")
                return handle, 0
            if name in ("stream_query", "query_event_status"):
                record(call, *given, "&_")
                return 0, 0
            if name == "event_elapsed_time":
                record(call, "&_", *given)
                return 0.0, 0
            if name == "load_from_file":
                made_name, handle = number()
                record(call, given[0], f"&{made_name}")
                return handle, 0
            if name in ("subscribe_report", "unsubscribe_report"):
                record(call.replace("Unsub", "UnSub"), "_", given[1])
                return 0
            record(call, *given)
            return 0

        return function


def get_context():
    # The thread of callbacks asks as well, which is no call of the log.
    if sys._getframe(1).f_code.co_name != "program":
        return "context", 0
    name, handle = number()
    record("aclrtGetCurrentContext", f"&{name}")
    return handle, 0


def make_acl():
    acl = types.ModuleType("acl")
    acl.rt = PyAcl("acl.rt", "aclrt")
    acl.mdl = PyAcl("acl.mdl", "aclmdl")
    acl.util = types.ModuleType("acl.util")
    acl.util.start_thread = lambda function, arguments: ("thread", 0)
    acl.util.stop_thread = lambda thread: 0
    acl.util.bytes_to_ptr = lambda data: b"pointer"
    acl.mdl.create_dataset = Dataset
    acl.mdl.add_dataset_buffer = lambda dataset, address: (dataset.addresses.append(address), 0)
    acl.create_data_buffer = lambda address, size: address
    # What the runtime of callbacks and kernels needs beside the calls of the log.
    acl.rt.get_context = get_context
    acl.rt.binary_load_from_file = lambda path, options: (path, 0)
    acl.rt.binary_get_function = lambda binary, name: (name, 0)
    return acl


class Library:
    """A C library, loaded by ctypes."""

    def __getattr__(self, name):
        if name == "aclmdlRICaptureThreadExchangeMode":
            return self.exchange
        if name.startswith("aclCreate"):
            return Create(name)
        if name.endswith("GetWorkspaceSize"):
            return lambda *arguments: first_phase(name, arguments)
        if name.startswith("aclnn"):
            return lambda *arguments: second_phase(name, arguments)
        if name.startswith("aclrt"):
            return lambda *arguments: plain(name, arguments)
        raise AttributeError(f"the fake knows no {name}")

    @staticmethod
    def exchange(pointer):
        record("aclmdlRICaptureThreadExchangeMode", str(pointer._obj.value))
        return 0


def plain(name, arguments):
    values = [argument.value or 0 if isinstance(argument, ctypes.c_void_p) else argument for argument in arguments]
    record(name, *(shown(value) for value in values))
    return 0


class Create:
    """`aclCreateTensor` and the like: remembers what the object stands for."""

    def __init__(self, name):
        self.name = name

    def __call__(self, *arguments):
        handle = (1 << 60) + len(described)
        if self.name == "aclCreateTensor":
            dims, rank, _, strides, offset, form, storage, storage_rank, memory = arguments
            assert len(dims) == rank.value and len(strides) == rank.value and offset.value == 0 and form == 2
            assert len(storage) == storage_rank.value == 1
            described[handle] = shown(memory.value)
        elif self.name == "aclCreateTensorList":
            items, length = arguments
            assert len(items) == length.value
            described[handle] = f"[{', '.join(described[item] for item in items)}]"
        else:
            described[handle] = "_"
        return handle


def operand(argument):
    if argument is None:
        return "0"
    if isinstance(argument, ctypes.c_void_p):
        return described[argument.value]
    if isinstance(argument, (int, ctypes.c_char_p, ctypes.c_float, ctypes.c_double)):
        return "_"
    return str(int(argument.value))


def first_phase(name, arguments):
    *arguments, size, executor = arguments
    size._obj.value = workspaces.pop(0)
    made_name, handle = number()
    executor._obj.value = handle
    record(name, *(operand(argument) for argument in arguments), "&_", f"&{made_name}")
    return 0


def second_phase(name, arguments):
    workspace, size, executor, stream = arguments
    record(name, shown(workspace.value), str(size.value), shown(executor.value), shown(stream.value or 0))
    return 0


def run():
    torch, npu = make_torch()
    torch_npu = types.ModuleType("torch_npu")
    torch_npu.npu = npu
    modules = {"torch": torch, "torch.npu": npu, "torch_npu": torch_npu, "acl": make_acl()}
    sys.modules.update(modules)
    ctypes.CDLL = lambda path: Library()
    # The program's own locks are recorded; those inside of the standard library, which is imported before, are not.
    import concurrent.futures.thread  # noqa: F401

    recording = types.ModuleType("threading")
    recording.__dict__.update(vars(threading), Lock=RecordingLock)
    sys.modules["threading"] = recording
    runpy.run_path(sys.argv[1], run_name="__main__")
    assert len(current) == 1, "a stream stays current"


run()
