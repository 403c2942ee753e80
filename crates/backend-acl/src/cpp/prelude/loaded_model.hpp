// A model that is loaded from a file.
class LoadedModel {
public:
    LoadedModel() = default;
    LoadedModel(const LoadedModel &) = delete;
    LoadedModel &operator=(const LoadedModel &) = delete;
    ~LoadedModel()
    {
        if (loaded_) {
            outcome.note(destroy(), "aclmdlUnload", 0);
        }
    }

    aclError load(const char *path) noexcept
    {
        const aclError code = aclmdlLoadFromFile(path, &id_);
        loaded_ = code == ACL_SUCCESS;
        return code;
    }

    aclError destroy() noexcept
    {
        loaded_ = false;
        return aclmdlUnload(id_);
    }

    uint32_t get() const noexcept { return id_; }

private:
    uint32_t id_ = 0;
    bool loaded_ = false;
};

// What a model reads or writes: addresses with their sizes. It lives as long as an execution may need it.
class Dataset {
public:
    Dataset() = default;
    Dataset(const Dataset &) = delete;
    Dataset &operator=(const Dataset &) = delete;
    ~Dataset()
    {
        for (aclDataBuffer *buffer : buffers_) {
            outcome.note(aclDestroyDataBuffer(buffer), "aclDestroyDataBuffer", 0);
        }
        if (dataset_ != nullptr) {
            outcome.note(aclmdlDestroyDataset(dataset_), "aclmdlDestroyDataset", 0);
        }
    }

    // Filled by the first of the executions that use it.
    aclmdlDataset *of(std::initializer_list<std::pair<void *, size_t>> memory)
    {
        if (dataset_ == nullptr) {
            dataset_ = aclmdlCreateDataset();
            check(dataset_ == nullptr ? static_cast<int>(ACL_ERROR_BAD_ALLOC) : ACL_SUCCESS, "aclmdlCreateDataset");
            for (const auto &[address, size] : memory) {
                aclDataBuffer *buffer = aclCreateDataBuffer(address, size);
                check(buffer == nullptr ? static_cast<int>(ACL_ERROR_BAD_ALLOC) : ACL_SUCCESS, "aclCreateDataBuffer");
                buffers_.push_back(buffer);
                check(aclmdlAddDatasetBuffer(dataset_, buffer), "aclmdlAddDatasetBuffer");
            }
        }
        return dataset_;
    }

private:
    aclmdlDataset *dataset_ = nullptr;
    std::vector<aclDataBuffer *> buffers_;
};
