def check(code, call, line=0):
    """Stops at a call that fails, and says which line of the source it comes from."""
    if code != 0:
        raise RuntimeError(f"{SOURCE}:{line}: {call} returned {code}")
