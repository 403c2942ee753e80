def exchange_mode(mode, line=0):
    """Changes how strictly this thread is treated in a capture."""
    code = library().aclmdlRICaptureThreadExchangeMode(ctypes.byref(ctypes.c_int(mode)))
    check(code, "aclmdlRICaptureThreadExchangeMode", line)
