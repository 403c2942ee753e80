class Runtime {
public:
    Runtime() = default;
    Runtime(const Runtime &) = delete;
    Runtime &operator=(const Runtime &) = delete;
    ~Runtime()
    {
        if (initialised_) {
            outcome.note(aclFinalize(), "aclFinalize", 0);
        }
    }

    aclError initialise() noexcept
    {
        const aclError code = aclInit(nullptr);
        initialised_ = code == ACL_SUCCESS;
        return code;
    }

private:
    bool initialised_ = false;
};

class Device {
public:
    Device() = default;
    Device(const Device &) = delete;
    Device &operator=(const Device &) = delete;
    ~Device()
    {
        if (id_ >= 0) {
            outcome.note(aclrtResetDevice(id_), "aclrtResetDevice", 0);
        }
    }

    aclError set(int32_t id) noexcept
    {
        const aclError code = aclrtSetDevice(id);
        id_ = code == ACL_SUCCESS ? id : -1;
        return code;
    }

private:
    int32_t id_ = -1;
};
