def show(name, tensor):
    """Prints a tensor of the host, row by row."""
    values = tensor.flatten().tolist()
    print(f"{name} = {values if tensor.dim() > 0 else values[0]}")
