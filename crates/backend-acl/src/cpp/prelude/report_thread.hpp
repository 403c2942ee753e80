// The thread that runs the callbacks of the streams that are subscribed to it.
class ReportThread {
public:
    ReportThread() = default;
    ReportThread(const ReportThread &) = delete;
    ReportThread &operator=(const ReportThread &) = delete;
    ~ReportThread()
    {
        stop_ = true;
        if (thread_.joinable()) {
            thread_.join();
        }
    }

    // The number by which streams know the thread; starts it on first use.
    uint64_t id()
    {
        if (!thread_.joinable()) {
            aclrtContext context = nullptr;
            check(aclrtGetCurrentContext(&context), "aclrtGetCurrentContext");
            thread_ = std::thread([this, context] { run(context); });
        }
        return static_cast<uint64_t>(thread_.native_handle());
    }

private:
    void run(aclrtContext context) noexcept
    {
        // A timeout of aclrtProcessReport only means that there was nothing to run.
        constexpr int32_t kMilliseconds = 100;
        if (aclrtSetCurrentContext(context) != ACL_SUCCESS) {
            return;
        }
        while (!stop_) {
            (void)aclrtProcessReport(kMilliseconds);
        }
    }

    std::atomic<bool> stop_{false};
    std::thread thread_;
};

class Subscription {
public:
    Subscription() = default;
    Subscription(const Subscription &) = delete;
    Subscription &operator=(const Subscription &) = delete;
    ~Subscription()
    {
        if (subscribed_) {
            outcome.note(aclrtUnSubscribeReport(thread_, stream_), "aclrtUnSubscribeReport", 0);
        }
    }

    aclError subscribe(uint64_t thread, aclrtStream stream) noexcept
    {
        thread_ = thread;
        stream_ = stream;
        const aclError code = aclrtSubscribeReport(thread_, stream_);
        subscribed_ = code == ACL_SUCCESS;
        return code;
    }

private:
    uint64_t thread_ = 0;
    aclrtStream stream_ = nullptr;
    bool subscribed_ = false;
};
