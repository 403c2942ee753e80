// Owns one handle or allocation; Kind says how it is released.
template <typename Kind>
class Handle {
public:
    using Type = typename Kind::Type;

    Handle() = default;
    Handle(const Handle &) = delete;
    Handle &operator=(const Handle &) = delete;
    ~Handle() { outcome.note(release(), Kind::kRelease, 0); }

    Type get() const noexcept { return handle_; }
    Type *out() noexcept { return &handle_; }

    int release() noexcept { return handle_ == nullptr ? static_cast<int>(ACL_SUCCESS) : destroy(); }

    // The handle is kept where the runtime refuses, so that clean-up tries again.
    int destroy() noexcept
    {
        const int code = Kind::release(handle_);
        if (code == ACL_SUCCESS) {
            handle_ = nullptr;
        }
        return code;
    }

private:
    Type handle_ = nullptr;
};
