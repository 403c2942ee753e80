def made(result, call, line=0):
    """What a pyACL function gives before its code."""
    *values, code = result
    check(code, call, line)
    return values[0]
