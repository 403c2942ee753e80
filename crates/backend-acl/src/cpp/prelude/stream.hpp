struct StreamKind {
    using Type = aclrtStream;
    static constexpr const char *kRelease = "aclrtDestroyStream";
    static aclError release(Type stream) noexcept { return aclrtDestroyStream(stream); }
};
using Stream = Handle<StreamKind>;
