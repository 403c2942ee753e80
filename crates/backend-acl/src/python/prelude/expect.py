def expect(name, tensor, wanted, within, line=0):
    """Stops where an element is further from what the source expects than it says."""
    values = tensor.flatten().tolist()
    expected = wanted if isinstance(wanted, list) else [wanted] * len(values)
    rounded = torch.tensor(expected, dtype=tensor.dtype).tolist()
    for index, (value, near, exact) in enumerate(zip(values, expected, rounded)):
        if value != exact and not abs(value - near) <= within:
            raise RuntimeError(f"{SOURCE}:{line}: element {index} of {name} is {value}, not {near}")
