struct ModelKind {
    using Type = aclmdlRI;
    static constexpr const char *kRelease = "aclmdlRIDestroy";
    static aclError release(Type model) noexcept { return aclmdlRIDestroy(model); }
};
using Model = Handle<ModelKind>;
