struct DeviceMemoryKind {
    using Type = void *;
    static constexpr const char *kRelease = "aclrtFree";
    static aclError release(Type memory) noexcept { return aclrtFree(memory); }
};
using DeviceMemory = Handle<DeviceMemoryKind>;
