// What host programs call besides: updates, conditions, contexts, offline models. It comes after acl_recorder.cpp, in the same file.

namespace {

// Offline models go by numbers.
std::map<uint32_t, int> loaded;
// The branch that each stream captures.
std::map<const void *, void *> branches;

bool has_contexts() { return std::getenv("ACG_CONTEXTS") != nullptr; }

}  // namespace

struct aclDataBuffer {
    void *data;
};
struct aclmdlDataset {
    std::vector<const aclDataBuffer *> buffers;
};

extern "C" {

// Conversions are no calls of a log. Numbers that a half can hold are enough here.
aclFloat16 aclFloatToFloat16(float value)
{
    uint32_t bits = 0;
    std::memcpy(&bits, &value, sizeof bits);
    const uint32_t sign = bits >> 16 & 0x8000;
    const int exponent = static_cast<int>(bits >> 23 & 0xff) - 127 + 15;
    return static_cast<aclFloat16>(exponent <= 0 ? sign : sign | exponent << 10 | (bits >> 13 & 0x3ff));
}
float aclFloat16ToFloat(aclFloat16 value)
{
    const uint32_t exponent = value >> 10 & 0x1f;
    const uint32_t sign = static_cast<uint32_t>(value & 0x8000) << 16;
    const uint32_t bits =
        exponent == 0 ? sign : sign | (exponent + 127 - 15) << 23 | static_cast<uint32_t>(value & 0x3ff) << 13;
    float result = 0;
    std::memcpy(&result, &bits, sizeof result);
    return result;
}
aclError aclrtCreateContext(aclrtContext *out, int32_t device)
{
    RECORD("aclrtCreateContext", {next(), text(device)});
    make(out, "context");
    return 0;
}
aclError aclrtDestroyContext(aclrtContext context)
{
    RECORD("aclrtDestroyContext", {at(context)});
    drop(context, "context");
    return 0;
}
aclError aclrtGetCurrentContext(aclrtContext *context)
{
    if (has_contexts()) {
        RECORD("aclrtGetCurrentContext", {next()});
        make(context, "current");
    } else {
        *context = nullptr;
    }
    return 0;
}
aclError aclrtSetCurrentContext(aclrtContext context)
{
    return has_contexts() ? record("aclrtSetCurrentContext", {at(context)}) : 0;
}
aclError aclrtCmoAsync(void *memory, size_t size, aclrtCmoType type, aclrtStream stream)
{
    return record("aclrtCmoAsync", {at(memory), text(size), text(type), at(stream)});
}

aclError aclrtCacheLastTaskExtendInfo(const char *info, const size_t length)
{
    return record("aclrtCacheLastTaskExtendInfo", {std::string(info, length), text(length)});
}

aclError aclmdlRICaptureTaskUpdateBegin(aclrtStream stream, aclrtTaskGrp group)
{
    return record("aclmdlRICaptureTaskUpdateBegin", {at(stream), at(group)});
}
aclError aclmdlRICaptureTaskUpdateEnd(aclrtStream stream)
{
    return record("aclmdlRICaptureTaskUpdateEnd", {at(stream)});
}

aclError aclmdlRICaptureGetInfo(aclrtStream stream, aclmdlRICaptureStatus *status, aclmdlRI *model)
{
    RECORD("aclmdlRICaptureGetInfo", {at(stream), next(), "&#" + std::to_string(made + 2)});
    ++made;
    *status = ACL_MODEL_RI_CAPTURE_STATUS_ACTIVE;
    make(model, "captured");
    return 0;
}
aclError aclmdlRICondHandleCreate(aclmdlRI model, uint32_t value, aclmdlRICondHandleFlag flag, aclmdlRICondHandle *out)
{
    RECORD("aclmdlRICondHandleCreate", {at(model), text(value), text(flag), next()});
    make(out, "condition");
    return 0;
}
aclError aclmdlRICondHandleGetCondPtr(aclmdlRICondHandle handle, uint64_t **out)
{
    RECORD("aclmdlRICondHandleGetCondPtr", {at(handle), next()});
    make(out, "condition value", sizeof(uint64_t));
    return 0;
}
aclError aclmdlRIAddCondTask(aclmdlRICondTaskParams task, aclrtStream stream, uint32_t flags)
{
    std::string models = "[";
    for (uint32_t branch = 0; branch < task.size; ++branch) {
        models += (branch == 0 ? "" : ", ") + ("&#" + std::to_string(made + 1 + static_cast<int>(branch)));
    }
    RECORD("aclmdlRIAddCondTask",
           {"{" + at(task.handle) + ", " + text(task.type) + ", " + text(task.size) + ", " + models + "]}", at(stream),
            text(flags)});
    for (uint32_t branch = 0; branch < task.size; ++branch) {
        make(&task.modelRIArray[branch], "branch");
    }
    return 0;
}
aclError aclmdlRICaptureToModelRIBegin(aclrtStream stream, aclmdlRI model, aclmdlRICaptureMode mode)
{
    RECORD("aclmdlRICaptureToModelRIBegin", {at(stream), at(model), text(mode)});
    ++captures;
    branches[stream] = model;
    return 0;
}
aclError aclmdlRICaptureEnd(aclrtStream stream, aclmdlRI *out)
{
    --captures;
    RECORD("aclmdlRICaptureEnd", {at(stream), next()});
    const auto branch = branches.find(stream);
    if (branch == branches.end()) {
        make(out, "model");
        return 0;
    }
    // The model of a branch is there already, and has a new number from now on.
    objects.at(static_cast<const char *>(branch->second)).number = ++made;
    *out = static_cast<aclmdlRI>(branch->second);
    branches.erase(branch);
    return 0;
}

aclError aclmdlLoadFromFile(const char *path, uint32_t *out)
{
    RECORD("aclmdlLoadFromFile", {path, next()});
    *out = static_cast<uint32_t>(loaded.size()) + 1;
    loaded[*out] = ++made;
    return 0;
}
aclError aclmdlUnload(uint32_t model) { return record("aclmdlUnload", {"#" + std::to_string(loaded.at(model))}); }

aclDataBuffer *aclCreateDataBuffer(void *data, size_t)
{
    ++metadata;
    return new aclDataBuffer{data};
}
aclError aclDestroyDataBuffer(const aclDataBuffer *buffer)
{
    --metadata;
    delete buffer;
    return 0;
}
aclmdlDataset *aclmdlCreateDataset()
{
    ++metadata;
    return new aclmdlDataset;
}
aclError aclmdlAddDatasetBuffer(aclmdlDataset *dataset, aclDataBuffer *buffer)
{
    dataset->buffers.push_back(buffer);
    return 0;
}
aclError aclmdlDestroyDataset(const aclmdlDataset *dataset)
{
    --metadata;
    delete dataset;
    return 0;
}
aclError aclmdlExecuteAsync(uint32_t model, const aclmdlDataset *inputs, aclmdlDataset *outputs, aclrtStream stream)
{
    auto print = [](const aclDataBuffer *buffer) { return at(buffer->data); };
    return record("aclmdlExecuteAsync", {"#" + std::to_string(loaded.at(model)),
                                         list(inputs->buffers.data(), inputs->buffers.size(), print),
                                         list(outputs->buffers.data(), outputs->buffers.size(), print), at(stream)});
}
aclError aclmdlExecute(uint32_t model, const aclmdlDataset *inputs, aclmdlDataset *outputs)
{
    auto print = [](const aclDataBuffer *buffer) { return at(buffer->data); };
    return record("aclmdlExecute", {"#" + std::to_string(loaded.at(model)),
                                    list(inputs->buffers.data(), inputs->buffers.size(), print),
                                    list(outputs->buffers.data(), outputs->buffers.size(), print)});
}

}  // extern "C"
