#include "admin/console/journal.hpp"

#include <string>

namespace admin::console {
namespace {

/// Passes on whole lines, with `<3>` before each.
class Lines : public std::streambuf {
  public:
    explicit Lines(std::streambuf* to) : to_{to} {}

  protected:
    int_type overflow(int_type c) override {
        if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
        line_ += traits_type::to_char_type(c);
        if (line_.back() != '\n') return c;
        const auto size = static_cast<std::streamsize>(line_.size());
        const bool passed = to_->sputn(line_.data(), size) == size;
        line_ = kPriority;
        return passed ? c : traits_type::eof();
    }

  private:
    static constexpr const char* kPriority = "<3>";

    std::streambuf* to_;
    std::string line_ = kPriority;
};

}  // namespace

ErrorPriority::ErrorPriority(std::ostream& stream)
    : stream_{stream}, before_{stream.rdbuf()}, lines_{std::make_unique<Lines>(before_)} {
    stream_.rdbuf(lines_.get());
}

ErrorPriority::~ErrorPriority() { stream_.rdbuf(before_); }

}  // namespace admin::console
