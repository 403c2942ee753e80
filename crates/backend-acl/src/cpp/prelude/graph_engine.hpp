// The graph engine, from initialisation to its end.
class GraphEngine {
public:
    GraphEngine() = default;
    GraphEngine(const GraphEngine &) = delete;
    GraphEngine &operator=(const GraphEngine &) = delete;
    ~GraphEngine()
    {
        if (initialised_) {
            outcome.note(static_cast<int>(ge::GEFinalizeV2()), "GEFinalizeV2", 0);
        }
    }

    int initialise()
    {
        const std::map<ge::AscendString, ge::AscendString> config = {{"ge.exec.deviceId", "0"}, {"ge.graphRunMode", "0"}};
        const int code = static_cast<int>(ge::GEInitializeV2(config));
        initialised_ = code == 0;
        return code;
    }

private:
    bool initialised_ = false;
};

// A graph from a file, with its name in the session.
inline ge::Graph graph_from(const char *path, const char *name, unsigned line)
{
    ge::Graph graph(name);
    check(static_cast<int>(graph.LoadFromFile(path)), "Graph::LoadFromFile", line);
    return graph;
}

// Memory of the device as the graph engine takes it.
inline gert::Tensor tensor_at(void *address, size_t size, aclDataType type, std::initializer_list<int64_t> shape)
{
    gert::Tensor tensor;
    tensor.SetDataType(static_cast<ge::DataType>(type));
    tensor.SetOriginFormat(ge::FORMAT_ND);
    tensor.SetStorageFormat(ge::FORMAT_ND);
    for (const int64_t length : shape) {
        tensor.MutableOriginShape().AppendDim(length);
        tensor.MutableStorageShape().AppendDim(length);
    }
    tensor.SetPlacement(gert::kOnDeviceHbm);
    tensor.MutableTensorData().SetAddr(address, nullptr);
    tensor.MutableTensorData().SetSize(size);
    return tensor;
}
