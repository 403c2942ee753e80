// The tensors, scalars and arrays that operators take; they outlive the models.
class Operands {
public:
    Operands() = default;
    Operands(const Operands &) = delete;
    Operands &operator=(const Operands &) = delete;
    ~Operands()
    {
        for (auto owned = owned_.rbegin(); owned != owned_.rend(); ++owned) {
            outcome.note(owned->release(owned->object), owned->call, 0);
        }
    }

    aclTensor *tensor(aclDataType type, std::initializer_list<int64_t> shape, std::initializer_list<int64_t> strides,
                      std::initializer_list<int64_t> storage, void *data)
    {
        return own(listed(type, shape, strides, storage, data), "aclDestroyTensor",
                   [](void *object) -> int { return aclDestroyTensor(static_cast<aclTensor *>(object)); });
    }

    // A tensor of a list belongs to the list.
    static aclTensor *listed(aclDataType type, std::initializer_list<int64_t> shape,
                             std::initializer_list<int64_t> strides, std::initializer_list<int64_t> storage, void *data)
    {
        return made(aclCreateTensor(shape.begin(), shape.size(), type, strides.begin(), 0, ACL_FORMAT_ND,
                                    storage.begin(), storage.size(), data),
                    "aclCreateTensor");
    }

    aclTensorList *tensor_list(std::initializer_list<const aclTensor *> tensors)
    {
        return own(aclCreateTensorList(tensors.begin(), tensors.size()), "aclDestroyTensorList",
                   [](void *object) -> int { return aclDestroyTensorList(static_cast<aclTensorList *>(object)); });
    }

    template <typename Value>
    aclScalar *scalar(Value value, aclDataType type)
    {
        return own(element(value, type), "aclDestroyScalar",
                   [](void *object) -> int { return aclDestroyScalar(static_cast<aclScalar *>(object)); });
    }

    // A scalar of a list belongs to the list.
    template <typename Value>
    static aclScalar *element(Value value, aclDataType type)
    {
        return made(aclCreateScalar(&value, type), "aclCreateScalar");
    }

    aclScalarList *scalar_list(std::initializer_list<const aclScalar *> scalars)
    {
        return own(aclCreateScalarList(scalars.begin(), scalars.size()), "aclDestroyScalarList",
                   [](void *object) -> int { return aclDestroyScalarList(static_cast<aclScalarList *>(object)); });
    }

    aclIntArray *ints(std::initializer_list<int64_t> values)
    {
        return own(aclCreateIntArray(values.begin(), values.size()), "aclDestroyIntArray",
                   [](void *object) -> int { return aclDestroyIntArray(static_cast<aclIntArray *>(object)); });
    }

    aclFloatArray *floats(std::initializer_list<float> values)
    {
        return own(aclCreateFloatArray(values.begin(), values.size()), "aclDestroyFloatArray",
                   [](void *object) -> int { return aclDestroyFloatArray(static_cast<aclFloatArray *>(object)); });
    }

    aclBoolArray *bools(std::initializer_list<bool> values)
    {
        return own(aclCreateBoolArray(values.begin(), values.size()), "aclDestroyBoolArray",
                   [](void *object) -> int { return aclDestroyBoolArray(static_cast<aclBoolArray *>(object)); });
    }

private:
    struct Owned {
        void *object;
        const char *call;
        int (*release)(void *);
    };

    template <typename Object>
    static Object *made(Object *object, const char *call)
    {
        check(object == nullptr ? static_cast<int>(ACL_ERROR_BAD_ALLOC) : static_cast<int>(ACL_SUCCESS), call);
        return object;
    }

    template <typename Object>
    Object *own(Object *object, const char *call, int (*release)(void *))
    {
        made(object, call);
        owned_.push_back({object, call, release});
        return object;
    }

    std::vector<Owned> owned_;
};

// What the first phase of an operator gives. The second phase uses the executor up.
class Executor {
public:
    Executor() = default;
    Executor(const Executor &) = delete;
    Executor &operator=(const Executor &) = delete;
    ~Executor()
    {
        if (executor_ != nullptr) {
            outcome.note(aclDestroyAclOpExecutor(executor_), "aclDestroyAclOpExecutor", 0);
        }
    }

    uint64_t *workspace_size_out() noexcept { return &workspace_size_; }
    aclOpExecutor **out() noexcept { return &executor_; }

    aclError allocate_workspace() noexcept
    {
        // One that is prepared again keeps its workspace.
        if (workspace_size_ == 0 || workspace_.get() != nullptr) {
            return ACL_SUCCESS;
        }
        return aclrtMalloc(workspace_.out(), workspace_size_, ACL_MEM_MALLOC_HUGE_FIRST);
    }

    void *workspace() const noexcept { return workspace_.get(); }
    uint64_t workspace_size() const noexcept { return workspace_size_; }
    aclOpExecutor *take() noexcept { return std::exchange(executor_, nullptr); }

private:
    uint64_t workspace_size_ = 0;
    DeviceMemory workspace_;
    aclOpExecutor *executor_ = nullptr;
};
