// Every failure is printed; the first one decides what the program returns.
class Outcome {
public:
    void note(int code, const char *call, unsigned line) noexcept
    {
        if (code == ACL_SUCCESS) {
            return;
        }
        if (first_ == ACL_SUCCESS) {
            first_ = code;
        }
        std::fprintf(stderr, "%s:", kSource);
        if (line != 0) {
            std::fprintf(stderr, "%u:", line);
        }
        const char *detail = aclGetRecentErrMsg();
        std::fprintf(stderr, " %s returned %d%s%s\n", call, code, detail == nullptr ? "" : ": ",
                     detail == nullptr ? "" : detail);
    }

    int first() const noexcept { return first_; }

private:
    int first_ = ACL_SUCCESS;
};

Outcome outcome;

// Thrown once the outcome has noted a failure, so that everything is released on the way out.
struct Failure {};

void check(int code, const char *call, unsigned line = 0)
{
    if (code != ACL_SUCCESS) {
        outcome.note(code, call, line);
        throw Failure{};
    }
}
