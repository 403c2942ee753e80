struct EventKind {
    using Type = aclrtEvent;
    static constexpr const char *kRelease = "aclrtDestroyEvent";
    static aclError release(Type event) noexcept { return aclrtDestroyEvent(event); }
};
using Event = Handle<EventKind>;
