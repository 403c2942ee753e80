// What emitted programs use of CANN's header of this name, which no public package has: prototypes of the GE API reference.
#ifndef ACG_TESTS_EXE_GRAPH_RUNTIME_TENSOR_H
#define ACG_TESTS_EXE_GRAPH_RUNTIME_TENSOR_H

#include <cstddef>
#include <cstdint>

#include "graph/types.h"

namespace gert {
enum TensorPlacement { kOnDeviceHbm, kOnHost, kFollowing, kOnDeviceP2p, kTensorPlacementEnd };
using TensorAddrManager = uint32_t (*)(void *, int32_t, void **);

class Shape {
public:
    Shape &AppendDim(int64_t length);
};

class TensorData {
public:
    uint32_t SetAddr(void *address, TensorAddrManager manager);
    void SetSize(size_t size);

    void *address_ = nullptr;  // for the tests alone
};

class Tensor {
public:
    Tensor();
    Tensor(Tensor &&other) noexcept;
    ~Tensor();
    void SetDataType(ge::DataType type);
    void SetOriginFormat(ge::Format format);
    void SetStorageFormat(ge::Format format);
    void SetPlacement(TensorPlacement placement);
    Shape &MutableOriginShape();
    Shape &MutableStorageShape();
    TensorData &MutableTensorData();

    void *address() const { return data_.address_; }  // for the tests alone

private:
    Shape shape_;
    TensorData data_;
};
}  // namespace gert

#endif
