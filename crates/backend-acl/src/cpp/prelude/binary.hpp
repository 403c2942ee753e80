struct BinaryKind {
    using Type = aclrtBinHandle;
    static constexpr const char *kRelease = "aclrtBinaryUnLoad";
    static aclError release(Type binary) noexcept { return aclrtBinaryUnLoad(binary); }
};
using Binary = Handle<BinaryKind>;
