int main()
{
    try {
        Program program;
        program.run();
    } catch (const Failure &) {
        // The outcome has noted it.
    }
    return outcome.first() == ACL_SUCCESS ? EXIT_SUCCESS : EXIT_FAILURE;
}
