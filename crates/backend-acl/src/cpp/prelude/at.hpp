inline void *at(void *base, size_t bytes) noexcept
{
    return static_cast<char *>(base) + bytes;
}
