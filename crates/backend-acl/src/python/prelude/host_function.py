kept = []


def host_function(function):
    """A Python function as C calls it; C does not keep it alive, so the program does."""
    pointer = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(function)
    kept.append(pointer)
    return pointer
