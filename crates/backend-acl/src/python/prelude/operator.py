class Operator:
    """One launch of an operator that torch has no such form of, by its C functions."""

    def __init__(self, name, *arguments, line=0):
        self.name = name
        self.library = ctypes.CDLL("libopapi.so")
        self.size = ctypes.c_uint64(0)
        self.executor = ctypes.c_void_p(None)
        first = getattr(self.library, name + "GetWorkspaceSize")
        code = first(*arguments, ctypes.byref(self.size), ctypes.byref(self.executor))
        check(code, name + "GetWorkspaceSize", line)
        self.workspace = None
        if self.size.value > 0:
            self.workspace = torch.empty((self.size.value,), dtype=torch.uint8, device="npu")

    def launch(self, stream, line=0):
        address = None if self.workspace is None else self.workspace.data_ptr()
        second = getattr(self.library, self.name)
        code = second(ctypes.c_void_p(address), self.size, self.executor, ctypes.c_void_p(stream))
        check(code, self.name, line)


class Operands:
    """What the C functions of operators take, made from addresses and numbers."""

    def __init__(self):
        self.library = None

    def make(self, function, *arguments):
        if self.library is None:
            self.library = ctypes.CDLL("libnnopbase.so")
        create = getattr(self.library, function)
        create.restype = ctypes.c_void_p
        made_object = create(*arguments)
        if not made_object:
            raise RuntimeError(f"{SOURCE}: {function} returned nothing")
        return ctypes.c_void_p(made_object)

    def array(self, element, values):
        return (element * len(values))(*values), ctypes.c_uint64(len(values))

    def tensor(self, address, dtype, shape, strides):
        span = 1 + sum((length - 1) * stride for length, stride in zip(shape, strides))
        dims, rank = self.array(ctypes.c_int64, shape)
        steps, _ = self.array(ctypes.c_int64, strides)
        storage, storage_rank = self.array(ctypes.c_int64, [span])
        nd = 2  # ACL_FORMAT_ND
        offset = ctypes.c_int64(0)
        memory = ctypes.c_void_p(address)
        return self.make("aclCreateTensor", dims, rank, dtype, steps, offset, nd, storage, storage_rank, memory)

    def scalar(self, value, dtype):
        return self.make("aclCreateScalar", ctypes.byref(value), dtype)

    def tensors(self, items):
        return self.make("aclCreateTensorList", *self.array(ctypes.c_void_p, [item.value for item in items]))

    def scalars(self, items):
        return self.make("aclCreateScalarList", *self.array(ctypes.c_void_p, [item.value for item in items]))

    def ints(self, values):
        return self.make("aclCreateIntArray", *self.array(ctypes.c_int64, values))

    def floats(self, values):
        return self.make("aclCreateFloatArray", *self.array(ctypes.c_float, values))

    def bools(self, values):
        return self.make("aclCreateBoolArray", *self.array(ctypes.c_bool, values))


operands = Operands()
