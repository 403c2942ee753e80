// The host's view of a buffer: elements row by row.
template <typename Element>
class Elements {
public:
    Elements(void *base, std::initializer_list<size_t> shape, std::initializer_list<size_t> strides)
        : base_(static_cast<Element *>(base)), shape_(shape), strides_(strides)
    {
        for (const size_t length : shape_) {
            count_ *= length;
        }
    }

    void fill(double value)
    {
        for (size_t index = 0; index < count_; ++index) {
            at(index) = Element(value);
        }
    }

    void set(std::initializer_list<double> values)
    {
        size_t index = 0;
        for (const double value : values) {
            at(index++) = Element(value);
        }
    }

    void show(const char *name)
    {
        const bool is_scalar = shape_.empty();
        std::printf("%s = %s", name, is_scalar ? "" : "[");
        for (size_t index = 0; index < count_; ++index) {
            std::printf("%s%s", index == 0 ? "" : ", ", text(at(index)).c_str());
        }
        std::printf("%s\n", is_scalar ? "" : "]");
    }

    void expect(const char *name, std::initializer_list<double> wanted, double within, unsigned line)
    {
        for (size_t index = 0; index < count_; ++index) {
            const double near = wanted.begin()[wanted.size() == 1 ? 0 : index];
            const double value = static_cast<double>(at(index));
            if (value != static_cast<double>(Element(near)) && !(std::fabs(value - near) <= within)) {
                std::fprintf(stderr, "%s:%u: element %zu of %s is %s, not %s\n", kSource, line, index, name,
                             text(at(index)).c_str(), text(Element(near)).c_str());
                check(ACL_ERROR_FAILURE, "expect", line);
            }
        }
    }

private:
    Element &at(size_t index) const
    {
        size_t offset = 0;
        for (size_t dimension = shape_.size(); dimension-- > 0;) {
            offset += index % shape_[dimension] * strides_[dimension];
            index /= shape_[dimension];
        }
        return base_[offset];
    }

    // The shortest text that reads back as the same element.
    static std::string text(Element element)
    {
        if constexpr (std::is_same<Element, bool>::value) {
            return element ? "true" : "false";
        } else if constexpr (std::is_integral<Element>::value) {
            return std::to_string(element);
        } else {
            const double value = static_cast<double>(element);
            if (std::isnan(value) || std::isinf(value)) {
                return std::isnan(value) ? "nan" : value < 0 ? "-inf" : "inf";
            }
            char digits[40] = "";
            int precision = 0;
            do {
                std::snprintf(digits, sizeof(digits), "%.*e", precision, value);
            } while (static_cast<double>(Element(std::strtod(digits, nullptr))) != value && ++precision < 17);
            const std::string exact = digits;
            const size_t at = exact.find('e');
            const int exponent = std::atoi(exact.c_str() + at + 1);
            if (value != 0 && (exponent < -4 || exponent >= 16)) {
                return exact.substr(0, at) + "e" + std::to_string(exponent);
            }
            char plain[64] = "";
            std::snprintf(plain, sizeof(plain), "%.*f", std::max(1, precision - exponent), std::strtod(digits, nullptr));
            return plain;
        }
    }

    Element *base_;
    std::vector<size_t> shape_;
    std::vector<size_t> strides_;
    size_t count_ = 1;
};
