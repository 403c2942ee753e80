// What emitted programs use of CANN's header of this name, which no public package has: prototypes of the GE API reference.
#ifndef ACG_TESTS_GE_API_V2_H
#define ACG_TESTS_GE_API_V2_H

#include <cstdint>
#include <map>
#include <vector>

#include "exe_graph/runtime/tensor.h"
#include "graph/ascend_string.h"
#include "graph/graph.h"

namespace ge {
using Status = uint32_t;

Status GEInitializeV2(const std::map<AscendString, AscendString> &options);
Status GEFinalizeV2();

class GeSession {
public:
    explicit GeSession(const std::map<AscendString, AscendString> &options);
    ~GeSession();
    Status AddGraph(uint32_t graph_id, const Graph &graph);
    Status AddGraphClone(uint32_t graph_id, const Graph &graph);
    Status CompileGraph(uint32_t graph_id);
    Status LoadGraph(uint32_t graph_id, const std::map<AscendString, AscendString> &options, void *stream);
    Status RunGraph(uint32_t graph_id, const std::vector<gert::Tensor> &inputs, std::vector<gert::Tensor> &outputs);
    Status RunGraphWithStreamAsync(uint32_t graph_id, void *stream, const std::vector<gert::Tensor> &inputs,
                                   std::vector<gert::Tensor> &outputs);
    Status RemoveGraph(uint32_t graph_id);
};
}  // namespace ge

#endif
