// Stands in for the ACL library: prints every call in the form of a log, checks that what is used and released exists,
// and lets the call whose number ACG_FAIL_AT gives fail.
//
// A handle or allocation prints as `#` and the number of the call's out-parameter that made it, `+bytes` where a pointer
// is inside one; `?` is memory that this library did not make, `_` what the log does not spell out.

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "acl/acl.h"

namespace {

constexpr int kInjected = 507899;

struct Object {
    int number;
    size_t size;
    std::string kind;
};

std::map<const char *, Object> objects;
int made = 0;
int calls = 0;
int captures = 0;
int metadata = 0;
aclmdlRICaptureMode exchanged = ACL_MODEL_RI_CAPTURE_MODE_GLOBAL;

std::string at(const void *pointer)
{
    if (pointer == nullptr) {
        return "0";
    }
    const char *address = static_cast<const char *>(pointer);
    auto after = objects.upper_bound(address);
    if (after == objects.begin()) {
        return "?";
    }
    const auto &[base, object] = *std::prev(after);
    const size_t offset = static_cast<size_t>(address - base);
    if (offset >= object.size) {
        return "?";
    }
    return "#" + std::to_string(object.number) + (offset == 0 ? "" : "+" + std::to_string(offset));
}

template <typename Value>
std::string text(Value value)
{
    return std::to_string(static_cast<int64_t>(value));
}

template <typename Item, typename Print>
std::string list(const Item *items, size_t count, Print print)
{
    std::string printed = "[";
    for (size_t at = 0; at < count; ++at) {
        printed += (at == 0 ? "" : ", ") + print(items[at]);
    }
    return printed + "]";
}

// Prints a call; non-zero where it has to fail.
int record(const std::string &name, const std::vector<std::string> &arguments)
{
    std::string line = name + "(";
    for (size_t at = 0; at < arguments.size(); ++at) {
        line += (at == 0 ? "" : ", ") + arguments[at];
    }
    const char *fail_at = std::getenv("ACG_FAIL_AT");
    const bool fails = fail_at != nullptr && std::atoi(fail_at) == ++calls;
    std::printf("%s)%s\n", line.c_str(), fails ? "  // fails" : "");
    return fails ? kInjected : ACL_SUCCESS;
}

std::string next()
{
    return "&#" + std::to_string(made + 1);
}

template <typename Handle>
void make(Handle *out, const std::string &kind, size_t size = 1)
{
    char *memory = static_cast<char *>(std::calloc(size == 0 ? 1 : size, 1));
    objects[memory] = {++made, size == 0 ? 1 : size, kind};
    *out = reinterpret_cast<Handle>(memory);
}

void drop(const void *pointer, const std::string &kind)
{
    auto found = objects.find(static_cast<const char *>(pointer));
    if (pointer == nullptr) {
        return;
    }
    if (found == objects.end() || found->second.kind != kind) {
        std::printf("BAD RELEASE of %s as %s\n", at(pointer).c_str(), kind.c_str());
        std::fflush(stdout);
        std::abort();
    }
    std::free(const_cast<char *>(found->first));
    objects.erase(found);
}

struct AtExit {
    ~AtExit()
    {
        for (const auto &[base, object] : objects) {
            // What a model owns goes with it.
            const bool is_owned = object.kind == "group" || object.kind == "mapped" || object.kind == "branch" ||
                                  object.kind == "captured" || object.kind == "current" ||
                                  object.kind.rfind("condition", 0) == 0;
            if (!is_owned) {
                std::printf("LEAK of %s #%d\n", object.kind.c_str(), object.number);
            }
        }
        std::printf("end: captures=%d exchange=%d metadata=%d\n", captures, static_cast<int>(exchanged), metadata);
    }
} at_exit;

}  // namespace

#define RECORD(...)                                   \
    if (const int code = record(__VA_ARGS__); code != 0) { \
        return code;                                  \
    }

extern "C" {

const char *aclGetRecentErrMsg() { return nullptr; }

aclError aclInit(const char *path)
{
    RECORD("aclInit", {at(path)});
    return 0;
}
aclError aclFinalize() { return record("aclFinalize", {}); }
aclError aclrtSetDevice(int32_t id) { return record("aclrtSetDevice", {text(id)}); }
aclError aclrtResetDevice(int32_t id) { return record("aclrtResetDevice", {text(id)}); }
aclError aclrtProcessReport(int32_t) { return 0; }

// Streams, events, notifies.
aclError aclrtCreateStream(aclrtStream *out)
{
    RECORD("aclrtCreateStream", {next()});
    make(out, "stream");
    return 0;
}
aclError aclrtCreateStreamWithConfig(aclrtStream *out, uint32_t priority, uint32_t flags)
{
    RECORD("aclrtCreateStreamWithConfig", {next(), text(priority), text(flags)});
    make(out, "stream");
    return 0;
}
aclError aclrtDestroyStream(aclrtStream stream)
{
    RECORD("aclrtDestroyStream", {at(stream)});
    drop(stream, "stream");
    return 0;
}
aclError aclrtSynchronizeStream(aclrtStream stream) { return record("aclrtSynchronizeStream", {at(stream)}); }
aclError aclrtSynchronizeStreamWithTimeout(aclrtStream stream, int32_t timeout)
{
    return record("aclrtSynchronizeStreamWithTimeout", {at(stream), text(timeout)});
}
aclError aclrtStreamQuery(aclrtStream stream, aclrtStreamStatus *)
{
    return record("aclrtStreamQuery", {at(stream), "&_"});
}
aclError aclrtSubscribeReport(uint64_t, aclrtStream stream)
{
    return record("aclrtSubscribeReport", {"_", at(stream)});
}
aclError aclrtUnSubscribeReport(uint64_t, aclrtStream stream)
{
    return record("aclrtUnSubscribeReport", {"_", at(stream)});
}
aclError aclrtCreateEvent(aclrtEvent *out)
{
    RECORD("aclrtCreateEvent", {next()});
    make(out, "event");
    return 0;
}
aclError aclrtCreateEventWithFlag(aclrtEvent *out, uint32_t flag)
{
    RECORD("aclrtCreateEventWithFlag", {next(), text(flag)});
    make(out, "event");
    return 0;
}
aclError aclrtCreateEventExWithFlag(aclrtEvent *out, uint32_t flag)
{
    RECORD("aclrtCreateEventExWithFlag", {next(), text(flag)});
    make(out, "event");
    return 0;
}
aclError aclrtDestroyEvent(aclrtEvent event)
{
    RECORD("aclrtDestroyEvent", {at(event)});
    drop(event, "event");
    return 0;
}
aclError aclrtRecordEvent(aclrtEvent event, aclrtStream stream)
{
    return record("aclrtRecordEvent", {at(event), at(stream)});
}
aclError aclrtRecordEventWithFlag(aclrtEvent event, aclrtStream stream, uint32_t flag)
{
    return record("aclrtRecordEventWithFlag", {at(event), at(stream), text(flag)});
}
aclError aclrtResetEvent(aclrtEvent event, aclrtStream stream)
{
    return record("aclrtResetEvent", {at(event), at(stream)});
}
aclError aclrtStreamWaitEvent(aclrtStream stream, aclrtEvent event)
{
    return record("aclrtStreamWaitEvent", {at(stream), at(event)});
}
aclError aclrtStreamWaitEventWithTimeout(aclrtStream stream, aclrtEvent event, int32_t timeout)
{
    return record("aclrtStreamWaitEventWithTimeout", {at(stream), at(event), text(timeout)});
}
aclError aclrtStreamWaitEventWithFlag(aclrtStream stream, aclrtEvent event, uint32_t timeout, uint32_t flag)
{
    return record("aclrtStreamWaitEventWithFlag", {at(stream), at(event), text(timeout), text(flag)});
}
aclError aclrtSynchronizeEvent(aclrtEvent event) { return record("aclrtSynchronizeEvent", {at(event)}); }
aclError aclrtSynchronizeEventWithTimeout(aclrtEvent event, int32_t timeout)
{
    return record("aclrtSynchronizeEventWithTimeout", {at(event), text(timeout)});
}
aclError aclrtQueryEventStatus(aclrtEvent event, aclrtEventRecordedStatus *)
{
    return record("aclrtQueryEventStatus", {at(event), "&_"});
}
aclError aclrtEventElapsedTime(float *, aclrtEvent start, aclrtEvent end)
{
    return record("aclrtEventElapsedTime", {"&_", at(start), at(end)});
}
aclError aclrtSynchronizeDevice() { return record("aclrtSynchronizeDevice", {}); }
aclError aclrtSynchronizeDeviceWithTimeout(int32_t timeout)
{
    return record("aclrtSynchronizeDeviceWithTimeout", {text(timeout)});
}
aclError aclrtCreateNotify(aclrtNotify *out, uint64_t flag)
{
    RECORD("aclrtCreateNotify", {next(), text(flag)});
    make(out, "notify");
    return 0;
}
aclError aclrtDestroyNotify(aclrtNotify notify)
{
    RECORD("aclrtDestroyNotify", {at(notify)});
    drop(notify, "notify");
    return 0;
}
aclError aclrtRecordNotify(aclrtNotify notify, aclrtStream stream)
{
    return record("aclrtRecordNotify", {at(notify), at(stream)});
}
aclError aclrtWaitAndResetNotify(aclrtNotify notify, aclrtStream stream, uint32_t timeout)
{
    return record("aclrtWaitAndResetNotify", {at(notify), at(stream), text(timeout)});
}

// Memory.
aclError aclrtMalloc(void **out, size_t size, aclrtMemMallocPolicy policy)
{
    RECORD("aclrtMalloc", {next(), text(size), text(policy)});
    make(out, "device memory", size);
    return 0;
}
aclError aclrtFree(void *memory)
{
    RECORD("aclrtFree", {at(memory)});
    drop(memory, "device memory");
    return 0;
}
aclError aclrtMallocHost(void **out, size_t size)
{
    RECORD("aclrtMallocHost", {next(), text(size)});
    make(out, "pinned memory", size);
    return 0;
}
aclError aclrtFreeHost(void *memory)
{
    RECORD("aclrtFreeHost", {at(memory)});
    drop(memory, "pinned memory");
    return 0;
}
aclError aclrtHostRegister(void *memory, uint64_t size, aclrtHostRegisterType type, void **out)
{
    RECORD("aclrtHostRegister", {at(memory), text(size), text(type), next()});
    make(out, "mapped");
    return 0;
}
aclError aclrtHostUnregister(void *memory) { return record("aclrtHostUnregister", {at(memory)}); }
aclError aclrtMemcpy(void *to, size_t most, const void *from, size_t count, aclrtMemcpyKind kind)
{
    return record("aclrtMemcpy", {at(to), text(most), at(from), text(count), text(kind)});
}
aclError aclrtMemcpyAsync(void *to, size_t most, const void *from, size_t count, aclrtMemcpyKind kind, aclrtStream stream)
{
    return record("aclrtMemcpyAsync", {at(to), text(most), at(from), text(count), text(kind), at(stream)});
}
aclError aclrtMemcpy2d(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height,
                       aclrtMemcpyKind kind)
{
    return record("aclrtMemcpy2d",
                  {at(to), text(to_pitch), at(from), text(from_pitch), text(width), text(height), text(kind)});
}
aclError aclrtMemcpy2dAsync(void *to, size_t to_pitch, const void *from, size_t from_pitch, size_t width, size_t height,
                            aclrtMemcpyKind kind, aclrtStream stream)
{
    return record("aclrtMemcpy2dAsync", {at(to), text(to_pitch), at(from), text(from_pitch), text(width), text(height),
                                         text(kind), at(stream)});
}
aclError aclrtMemcpyBatchAsync(void **to, size_t *most, void **from, size_t *sizes, size_t count,
                               aclrtMemcpyBatchAttr *places, size_t *starts, size_t runs, size_t *, aclrtStream stream)
{
    auto place = [](const aclrtMemLocation &location) {
        return "{" + text(location.id) + ", " + text(location.type) + "}";
    };
    auto both = [&](const aclrtMemcpyBatchAttr &it) { return "{" + place(it.dstLoc) + ", " + place(it.srcLoc) + "}"; };
    return record("aclrtMemcpyBatchAsync",
                  {list(to, count, at), list(most, count, text<size_t>), list(from, count, at),
                   list(sizes, count, text<size_t>), text(count), list(places, runs, both),
                   list(starts, runs, text<size_t>), text(runs), "&_", at(stream)});
}
aclError aclrtMemset(void *memory, size_t most, int32_t value, size_t count)
{
    return record("aclrtMemset", {at(memory), text(most), text(value), text(count)});
}
aclError aclrtMemsetAsync(void *memory, size_t most, int32_t value, size_t count, aclrtStream stream)
{
    return record("aclrtMemsetAsync", {at(memory), text(most), text(value), text(count), at(stream)});
}
aclError aclrtReduceAsync(void *to, const void *from, uint64_t count, aclrtReduceKind kind, aclDataType type,
                          aclrtStream stream, void *reserve)
{
    return record("aclrtReduceAsync",
                  {at(to), at(from), text(count), text(kind), text(type), at(stream), at(reserve)});
}
aclError aclrtValueWrite(void *address, uint64_t value, uint32_t flag, aclrtStream stream)
{
    return record("aclrtValueWrite", {at(address), text(value), text(flag), at(stream)});
}
aclError aclrtValueWait(void *address, uint64_t value, uint32_t flag, aclrtStream stream)
{
    return record("aclrtValueWait", {at(address), text(value), text(flag), at(stream)});
}

// Kernels and host functions. The log has no calls that load kernels.
aclError aclrtBinaryLoadFromFile(const char *, aclrtBinaryLoadOptions *, aclrtBinHandle *out)
{
    *out = out;
    ++metadata;
    return 0;
}
aclError aclrtBinaryUnLoad(aclrtBinHandle)
{
    --metadata;
    return 0;
}
aclError aclrtBinaryGetFunction(const aclrtBinHandle, const char *name, aclrtFuncHandle *function)
{
    *function = const_cast<char *>(name);
    return 0;
}
aclError aclrtLaunchKernel(aclrtFuncHandle function, uint32_t blocks, const void *arguments, size_t size,
                           aclrtStream stream)
{
    return record("aclrtLaunchKernel", {static_cast<const char *>(function), text(blocks),
                                        arguments == nullptr ? "0" : "_", text(size), at(stream)});
}
aclError aclrtLaunchKernelV2(aclrtFuncHandle function, uint32_t blocks, const void *arguments, size_t size,
                             aclrtLaunchKernelCfg *, aclrtStream stream)
{
    return aclrtLaunchKernel(function, blocks, arguments, size, stream);
}
aclError aclrtLaunchCallback(aclrtCallback, void *data, aclrtCallbackBlockType type, aclrtStream stream)
{
    return record("aclrtLaunchCallback", {"_", at(data), text(type), at(stream)});
}
aclError aclrtLaunchHostFunc(aclrtStream stream, aclrtHostFunc, void *data)
{
    return record("aclrtLaunchHostFunc", {at(stream), "_", at(data)});
}

// Capture.
aclError aclmdlRICaptureBegin(aclrtStream stream, aclmdlRICaptureMode mode)
{
    RECORD("aclmdlRICaptureBegin", {at(stream), text(mode)});
    ++captures;
    return 0;
}
aclError aclmdlRICaptureThreadExchangeMode(aclmdlRICaptureMode *mode)
{
    RECORD("aclmdlRICaptureThreadExchangeMode", {text(*mode)});
    std::swap(*mode, exchanged);
    return 0;
}
aclError aclmdlRICaptureTaskGrpBegin(aclrtStream stream) { return record("aclmdlRICaptureTaskGrpBegin", {at(stream)}); }
aclError aclmdlRICaptureTaskGrpEnd(aclrtStream stream, aclrtTaskGrp *out)
{
    RECORD("aclmdlRICaptureTaskGrpEnd", {at(stream), next()});
    make(out, "group");
    return 0;
}
aclError aclmdlRIDebugJsonPrint(aclmdlRI model, const char *path, uint32_t flags)
{
    return record("aclmdlRIDebugJsonPrint", {at(model), path, text(flags)});
}
aclError aclmdlRIExecuteAsync(aclmdlRI model, aclrtStream stream)
{
    return record("aclmdlRIExecuteAsync", {at(model), at(stream)});
}
aclError aclmdlRIDestroy(aclmdlRI model)
{
    RECORD("aclmdlRIDestroy", {at(model)});
    drop(model, "model");
    return 0;
}

// Operators. The first phases are made from the operator table and come after this text.
struct aclTensor {
    const void *data;
};
struct aclTensorList {
    std::vector<const aclTensor *> tensors;
};
struct aclScalarList {
    std::vector<const struct aclScalar *> scalars;
};
struct aclScalar {
    aclDataType type;
};
struct aclIntArray {
    std::vector<int64_t> values;
};
struct aclFloatArray {
    std::vector<float> values;
};
struct aclBoolArray {
    std::vector<bool> values;
};
struct aclOpExecutor;
typedef int32_t aclnnStatus;

aclTensor *aclCreateTensor(const int64_t *, uint64_t, aclDataType, const int64_t *, int64_t, aclFormat, const int64_t *,
                           uint64_t, void *data)
{
    ++metadata;
    return new aclTensor{data};
}
aclnnStatus aclDestroyTensor(const aclTensor *tensor)
{
    --metadata;
    delete tensor;
    return 0;
}
aclTensorList *aclCreateTensorList(const aclTensor *const *tensors, uint64_t count)
{
    ++metadata;
    return new aclTensorList{{tensors, tensors + count}};
}
aclnnStatus aclDestroyTensorList(const aclTensorList *list)
{
    for (const aclTensor *tensor : list->tensors) {
        aclDestroyTensor(tensor);
    }
    --metadata;
    delete list;
    return 0;
}
aclScalar *aclCreateScalar(void *, aclDataType type)
{
    ++metadata;
    return new aclScalar{type};
}
aclnnStatus aclDestroyScalar(const aclScalar *scalar)
{
    --metadata;
    delete scalar;
    return 0;
}
aclScalarList *aclCreateScalarList(const aclScalar *const *scalars, uint64_t count)
{
    ++metadata;
    return new aclScalarList{{scalars, scalars + count}};
}
aclnnStatus aclDestroyScalarList(const aclScalarList *list)
{
    for (const aclScalar *scalar : list->scalars) {
        aclDestroyScalar(scalar);
    }
    --metadata;
    delete list;
    return 0;
}
aclIntArray *aclCreateIntArray(const int64_t *values, uint64_t count)
{
    ++metadata;
    return new aclIntArray{{values, values + count}};
}
aclnnStatus aclDestroyIntArray(const aclIntArray *array)
{
    --metadata;
    delete array;
    return 0;
}
aclFloatArray *aclCreateFloatArray(const float *values, uint64_t count)
{
    ++metadata;
    return new aclFloatArray{{values, values + count}};
}
aclnnStatus aclDestroyFloatArray(const aclFloatArray *array)
{
    --metadata;
    delete array;
    return 0;
}
aclBoolArray *aclCreateBoolArray(const bool *values, uint64_t count)
{
    ++metadata;
    return new aclBoolArray{std::vector<bool>(values, values + count)};
}
aclnnStatus aclDestroyBoolArray(const aclBoolArray *array)
{
    --metadata;
    delete array;
    return 0;
}
aclnnStatus aclDestroyAclOpExecutor(aclOpExecutor *executor)
{
    drop(executor, "executor");
    return 0;
}

}  // extern "C"

namespace {

std::string operand(const aclTensor *tensor) { return tensor == nullptr ? "0" : at(tensor->data); }
std::string operand(const aclTensorList *tensors)
{
    return tensors == nullptr
               ? "0"
               : list(tensors->tensors.data(), tensors->tensors.size(), [](const aclTensor *it) { return operand(it); });
}
std::string operand(const char *text) { return text == nullptr ? "0" : "_"; }
std::string operand(aclDataType) { return "_"; }
std::string operand(float) { return "_"; }
std::string operand(double) { return "_"; }
template <typename Object>
std::string operand(const Object *object)
{
    return object == nullptr ? "0" : "_";
}
template <typename Integer, typename = std::enable_if_t<!std::is_pointer_v<Integer>>>
std::string operand(Integer value)
{
    return text(value);
}

// The workspace that the next first phase asks for: ACG_WORKSPACES lists them.
uint64_t next_workspace()
{
    static std::istringstream workspaces([] {
        const char *list = std::getenv("ACG_WORKSPACES");
        return std::string(list == nullptr ? "" : list);
    }());
    uint64_t size = 0;
    workspaces >> size;
    return size;
}

int first_phase(const char *name, std::vector<std::string> arguments, uint64_t *size, aclOpExecutor **executor)
{
    arguments.push_back("&_");
    arguments.push_back(next());
    RECORD(name, arguments);
    *size = next_workspace();
    make(executor, "executor");
    return 0;
}

int second_phase(const char *name, void *workspace, uint64_t size, aclOpExecutor *executor, aclrtStream stream)
{
    const int code = record(name, {at(workspace), text(size), at(executor), at(stream)});
    drop(executor, "executor");
    return code;
}

}  // namespace
