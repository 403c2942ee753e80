struct ContextKind {
    using Type = aclrtContext;
    static constexpr const char *kRelease = "aclrtDestroyContext";
    static aclError release(Type context) noexcept { return aclrtDestroyContext(context); }
};
using Context = Handle<ContextKind>;
