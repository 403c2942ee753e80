struct PinnedMemoryKind {
    using Type = void *;
    static constexpr const char *kRelease = "aclrtFreeHost";
    static aclError release(Type memory) noexcept { return aclrtFreeHost(memory); }
};
using PinnedMemory = Handle<PinnedMemoryKind>;
