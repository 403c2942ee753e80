// The graph engine of programs that have sessions. It comes after the other recorders, in the same file.

#include "ge/ge_api_v2.h"

namespace {

// The file of the graph that was loaded last, which is the one that is added next.
std::string loaded_graph;

std::string addresses(const std::vector<gert::Tensor> &tensors)
{
    return list(tensors.data(), tensors.size(), [](const gert::Tensor &tensor) { return at(tensor.address()); });
}

uint32_t status(int code) { return static_cast<uint32_t>(code); }

}  // namespace

namespace ge {

AscendString::AscendString(const char_t *const name) : name_(std::make_shared<std::string>(name)) {}
bool AscendString::operator<(const AscendString &other) const { return *name_ < *other.name_; }

class GraphImpl {};
Graph::Graph(const char_t *) : impl_(nullptr) {}
graphStatus Graph::LoadFromFile(const char_t *path)
{
    loaded_graph = path;
    return 0;
}

Status GEInitializeV2(const std::map<AscendString, AscendString> &) { return status(record("GEInitializeV2", {"0"})); }
Status GEFinalizeV2() { return status(record("GEFinalizeV2", {})); }

GeSession::GeSession(const std::map<AscendString, AscendString> &)
{
    record("GeSession::GeSession", {next(), "0"});
    objects[reinterpret_cast<const char *>(this)] = {++made, 1, "session"};
}
GeSession::~GeSession()
{
    record("GeSession::~GeSession", {at(this)});
    objects.erase(reinterpret_cast<const char *>(this));
}
Status GeSession::AddGraph(uint32_t graph, const Graph &)
{
    return status(record("GeSession::AddGraph", {at(this), text(graph), loaded_graph}));
}
Status GeSession::AddGraphClone(uint32_t graph, const Graph &)
{
    return status(record("GeSession::AddGraphClone", {at(this), text(graph), loaded_graph}));
}
Status GeSession::CompileGraph(uint32_t graph)
{
    return status(record("GeSession::CompileGraph", {at(this), text(graph)}));
}
Status GeSession::LoadGraph(uint32_t graph, const std::map<AscendString, AscendString> &, void *stream)
{
    return status(record("GeSession::LoadGraph", {at(this), text(graph), "0", at(stream)}));
}
Status GeSession::RunGraph(uint32_t graph, const std::vector<gert::Tensor> &inputs, std::vector<gert::Tensor> &outputs)
{
    return status(record("GeSession::RunGraph", {at(this), text(graph), addresses(inputs), addresses(outputs)}));
}
Status GeSession::RunGraphWithStreamAsync(uint32_t graph, void *stream, const std::vector<gert::Tensor> &inputs,
                                          std::vector<gert::Tensor> &outputs)
{
    return status(record("GeSession::RunGraphWithStreamAsync",
                         {at(this), text(graph), at(stream), addresses(inputs), addresses(outputs)}));
}
Status GeSession::RemoveGraph(uint32_t graph)
{
    return status(record("GeSession::RemoveGraph", {at(this), text(graph)}));
}

}  // namespace ge

namespace gert {

Shape &Shape::AppendDim(int64_t) { return *this; }
uint32_t TensorData::SetAddr(void *address, TensorAddrManager)
{
    address_ = address;
    return 0;
}
void TensorData::SetSize(size_t) {}

Tensor::Tensor() = default;
Tensor::Tensor(Tensor &&other) noexcept = default;
Tensor::~Tensor() = default;
void Tensor::SetDataType(ge::DataType) {}
void Tensor::SetOriginFormat(ge::Format) {}
void Tensor::SetStorageFormat(ge::Format) {}
void Tensor::SetPlacement(TensorPlacement) {}
Shape &Tensor::MutableOriginShape() { return shape_; }
Shape &Tensor::MutableStorageShape() { return shape_; }
TensorData &Tensor::MutableTensorData() { return data_; }

}  // namespace gert
