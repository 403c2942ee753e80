// Pageable memory that the runtime has pinned.
class RegisteredMemory : public PageableMemory {
public:
    ~RegisteredMemory() { outcome.note(unpin(), "aclrtHostUnregister", 0); }

    aclError pin(size_t bytes) noexcept
    {
        const aclError code = aclrtHostRegister(get(), bytes, ACL_HOST_REGISTER_MAPPED, &mapped_);
        pinned_ = code == ACL_SUCCESS;
        return code;
    }

    int unpin() noexcept
    {
        const int code = pinned_ ? static_cast<int>(aclrtHostUnregister(get())) : static_cast<int>(ACL_SUCCESS);
        pinned_ = pinned_ && code != ACL_SUCCESS;
        return code;
    }

private:
    void *mapped_ = nullptr;
    bool pinned_ = false;
};
