// Elements of 16 bits, which C++17 has no type for.
struct Half {
    explicit Half(double value) : bits(aclFloatToFloat16(static_cast<float>(value))) {}
    explicit operator double() const { return static_cast<double>(aclFloat16ToFloat(bits)); }
    aclFloat16 bits;
};

struct Brain {
    explicit Brain(double value)
    {
        const float single = static_cast<float>(value);
        uint32_t wide = 0;
        std::memcpy(&wide, &single, sizeof(wide));
        // Rounded to the nearest, to the even one of two that are as near.
        bits = static_cast<uint16_t>((wide + 0x7fffU + ((wide >> 16) & 1U)) >> 16);
    }
    explicit operator double() const
    {
        const uint32_t wide = static_cast<uint32_t>(bits) << 16;
        float single = 0.0F;
        std::memcpy(&single, &wide, sizeof(single));
        return static_cast<double>(single);
    }
    uint16_t bits;
};
