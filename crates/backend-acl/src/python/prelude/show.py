def text_of(value, dtype):
    """The shortest text that reads back as the same element."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, complex):
        part = torch.float64 if dtype == torch.complex128 else torch.float32
        return f"({text_of(value.real, part)}, {text_of(value.imag, part)})"
    if not isinstance(value, float) or value != value:
        return str(value)
    tries = (float(f"{value:.{digits}e}") for digits in range(17))
    near = next((near for near in tries if torch.tensor(near, dtype=dtype).item() == value), value)
    mantissa, _, exponent = repr(near).partition("e")
    return f"{mantissa}e{int(exponent)}" if exponent else mantissa


def show(name, tensor):
    """Prints a tensor of the host, row by row."""
    texts = [text_of(value, tensor.dtype) for value in tensor.flatten().tolist()]
    print(f"{name} = {texts[0] if tensor.dim() == 0 else '[' + ', '.join(texts) + ']'}")
