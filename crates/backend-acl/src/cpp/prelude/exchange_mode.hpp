// Another exchange mode for this thread, until the end of a scope.
class ExchangeMode {
public:
    ExchangeMode(aclmdlRICaptureMode mode, unsigned line) : mode_(mode)
    {
        check(aclmdlRICaptureThreadExchangeMode(&mode_), "aclmdlRICaptureThreadExchangeMode", line);
    }
    ExchangeMode(const ExchangeMode &) = delete;
    ExchangeMode &operator=(const ExchangeMode &) = delete;
    ~ExchangeMode()
    {
        if (exchanged_) {
            outcome.note(aclmdlRICaptureThreadExchangeMode(&mode_), "aclmdlRICaptureThreadExchangeMode", 0);
        }
    }

    // The call left the old mode in mode_; a second one puts it back.
    void restore(unsigned line)
    {
        check(aclmdlRICaptureThreadExchangeMode(&mode_), "aclmdlRICaptureThreadExchangeMode", line);
        exchanged_ = false;
    }

private:
    aclmdlRICaptureMode mode_;
    bool exchanged_ = true;
};
