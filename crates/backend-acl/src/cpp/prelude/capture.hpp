// A capture that is open. One that a failure leaves open is ended, and its model thrown away.
class Capture {
public:
    Capture(aclrtStream origin, aclmdlRICaptureMode mode, unsigned line) : origin_(origin)
    {
        check(aclmdlRICaptureBegin(origin_, mode), "aclmdlRICaptureBegin", line);
    }
    Capture(const Capture &) = delete;
    Capture &operator=(const Capture &) = delete;
    ~Capture()
    {
        if (open_) {
            Model unusable;
            outcome.note(aclmdlRICaptureEnd(origin_, unusable.out()), "aclmdlRICaptureEnd", 0);
        }
    }

    void end(Model &model, unsigned line)
    {
        open_ = false;
        check(aclmdlRICaptureEnd(origin_, model.out()), "aclmdlRICaptureEnd", line);
    }

private:
    aclrtStream origin_;
    bool open_ = true;
};
