// A host thread that does one thing after the other, while who asks for it waits.
class HostThread {
public:
    HostThread() : thread_([this] { work(); }) {}
    HostThread(const HostThread &) = delete;
    HostThread &operator=(const HostThread &) = delete;
    ~HostThread()
    {
        {
            const std::lock_guard<std::mutex> lock(mutex_);
            ended_ = true;
        }
        changed_.notify_all();
        thread_.join();
    }

    void run(std::function<void()> task)
    {
        std::unique_lock<std::mutex> lock(mutex_);
        task_ = std::move(task);
        changed_.notify_all();
        changed_.wait(lock, [this] { return task_ == nullptr; });
        if (failure_ != nullptr) {
            std::rethrow_exception(std::exchange(failure_, nullptr));
        }
    }

private:
    void work()
    {
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            changed_.wait(lock, [this] { return ended_ || task_ != nullptr; });
            if (task_ == nullptr) {
                return;
            }
            const std::function<void()> task = task_;
            lock.unlock();
            std::exception_ptr failure;
            try {
                task();
            } catch (...) {
                failure = std::current_exception();
            }
            lock.lock();
            failure_ = failure;
            task_ = nullptr;
            changed_.notify_all();
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::function<void()> task_;
    std::exception_ptr failure_;
    bool ended_ = false;
    std::thread thread_;
};
