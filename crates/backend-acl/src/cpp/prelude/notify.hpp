struct NotifyKind {
    using Type = aclrtNotify;
    static constexpr const char *kRelease = "aclrtDestroyNotify";
    static aclError release(Type notify) noexcept { return aclrtDestroyNotify(notify); }
};
using Notify = Handle<NotifyKind>;
