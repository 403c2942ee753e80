int main()
{
    try {
        Program program;
        program.run();
    } catch (const Failure &) {
        // The outcome has noted it.
    } catch (const std::exception &exception) {
        outcome.note(ACL_ERROR_FAILURE, exception.what(), 0);
    }
    return outcome.first() == ACL_SUCCESS ? EXIT_SUCCESS : EXIT_FAILURE;
}
