datasets = {}


def dataset(*memory):
    """What a model reads or writes: addresses with their sizes. It is made once."""
    if memory not in datasets:
        new = acl.mdl.create_dataset()
        for address, size in memory:
            _, code = acl.mdl.add_dataset_buffer(new, acl.create_data_buffer(address, size))
            check(code, "acl.mdl.add_dataset_buffer")
        datasets[memory] = new
    return datasets[memory]
