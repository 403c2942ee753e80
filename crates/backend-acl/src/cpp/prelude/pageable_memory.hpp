struct PageableMemoryKind {
    using Type = void *;
    static constexpr const char *kRelease = "free";
    static aclError release(Type memory) noexcept
    {
        std::free(memory);
        return ACL_SUCCESS;
    }
};

class PageableMemory : public Handle<PageableMemoryKind> {
public:
    int allocate(size_t bytes) noexcept
    {
        *out() = std::malloc(bytes);
        return get() == nullptr ? static_cast<int>(ACL_ERROR_BAD_ALLOC) : static_cast<int>(ACL_SUCCESS);
    }
};
