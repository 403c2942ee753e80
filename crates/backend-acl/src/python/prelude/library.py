def library():
    """The C library, for what neither torch_npu nor pyACL has a call for."""
    return ctypes.CDLL("libascendcl.so")
