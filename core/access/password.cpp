#include "core/access/password.hpp"

#include <crypt.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <memory>
#include <new>
#include <optional>
#include <system_error>

#include "core/access/hmac.hpp"

namespace core::access {
namespace {

constexpr std::size_t kMaxBcryptPasswordBytes = 72;
constexpr unsigned kMaxBcryptCost = 12;
constexpr std::uint64_t kMinSha2Rounds = 1000;  // crypt(3) refuses fewer
constexpr std::uint64_t kMaxSha2Rounds = 500'000;
constexpr std::uint64_t kMaxMemoryBytes = 64 << 20;  // of yescrypt and scrypt: 128 * N * r (RFC 7914, section 2)

/// The digits of crypt(3)'s own base 64, in the order of their values 0..63.
constexpr std::string_view kItoa64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool is_itoa64(std::string_view text) { return text.find_first_not_of(kItoa64) == text.npos; }

/// Removes prefix from the front of text; returns false when text does not begin with it.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// Removes the first `digits` characters of text and returns their value. The least significant digit comes first, as
/// scrypt writes numbers. Returns nullopt when text is shorter, or one of them is not in kItoa64.
std::optional<std::uint64_t> take_itoa64(std::string_view& text, std::size_t digits) {
    if (text.size() < digits || !is_itoa64(text.substr(0, digits))) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = digits; i-- > 0;) value = value << 6 | kItoa64.find(text[i]);
    text.remove_prefix(digits);
    return value;
}

/// Whether 128 * 2^log2_n * r bytes stay within kMaxMemoryBytes.
bool is_affordable(std::uint64_t log2_n, std::uint64_t r) {
    return log2_n >= 1 && log2_n <= 30 && r >= 1 && r <= kMaxMemoryBytes && (128 * r << log2_n) <= kMaxMemoryBytes;
}

bool is_sha2_salt(std::string_view text) {
    // crypt(3) accepts any other character. These would end or break a line of /etc/shadow (libxcrypt).
    return std::ranges::none_of(text, [](char c) {
        return c <= ' ' || c >= 0x7F || std::string_view{"!*:;\\"}.find(c) != std::string_view::npos;
    });
}

/// Whether rest is "salt$hash": a salt of 1..max_salt characters that is_salt accepts, and exactly hash_digits digits.
bool has_salt_and_hash(std::string_view rest, std::size_t max_salt, std::size_t hash_digits,
                       bool (&is_salt)(std::string_view) = is_itoa64) {
    const std::size_t dollar = rest.find('$');
    return dollar != rest.npos && dollar >= 1 && dollar <= max_salt && is_salt(rest.substr(0, dollar)) &&
           rest.size() - dollar - 1 == hash_digits && is_itoa64(rest.substr(dollar + 1));
}

/// rest: what follows "$y$". Accepts "j" (the standard flavour), then N and r in one digit each, counted from 1 ("9T":
/// N = 2^12, r = 32). crypt_gensalt(3) writes no other form. Longer forms carry options, among them a time factor.
bool is_acceptable_yescrypt(std::string_view rest) {
    if (!take(rest, "j")) return false;
    const auto log2_n = take_itoa64(rest, 1);
    const auto r = take_itoa64(rest, 1);
    constexpr std::uint64_t kLastSingleDigit = 47;  // a higher one starts a longer number
    return log2_n && r && *log2_n <= kLastSingleDigit && *r <= kLastSingleDigit && is_affordable(*log2_n + 1, *r + 1) &&
           take(rest, "$") && has_salt_and_hash(rest, 86, 43);
}

/// rest: what follows "$7$". Accepts log2 N in one digit, r and p in five digits each, salt, "$", hash. p counts as r
/// does: it multiplies the time.
bool is_acceptable_scrypt(std::string_view rest) {
    const auto log2_n = take_itoa64(rest, 1);
    const auto r = take_itoa64(rest, 5);
    const auto p = take_itoa64(rest, 5);
    return log2_n && r && p && *r <= kMaxMemoryBytes && *p >= 1 && *p <= kMaxMemoryBytes &&
           is_affordable(*log2_n, *r * *p) && has_salt_and_hash(rest, 86, 43);
}

/// rest: what follows "$2b$". Accepts the cost in two decimal digits, "$", 22 digits of salt and 31 of hash.
bool is_acceptable_bcrypt(std::string_view rest) {
    unsigned cost = 0;
    if (rest.size() != 56 || rest[2] != '$' || !is_itoa64(rest.substr(3))) return false;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + 2, cost);
    return error == std::errc{} && end == rest.data() + 2 && cost >= 4 && cost <= kMaxBcryptCost;
}

/// rest: what follows "$5$" or "$6$". Accepts "rounds=N$" or nothing, a salt of at most 16 characters, "$", hash.
bool is_acceptable_sha2(std::string_view rest, std::size_t hash_digits) {
    if (take(rest, "rounds=")) {
        std::uint64_t rounds = 0;
        const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), rounds);
        if (error != std::errc{} || rest.front() == '0' || rounds < kMinSha2Rounds || rounds > kMaxSha2Rounds)
            return false;
        rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
        if (!take(rest, "$")) return false;
    }
    return has_salt_and_hash(rest, 16, hash_digits, is_sha2_salt);
}

bool is_bcrypt(std::string_view hash) { return hash.starts_with("$2"); }

/// Throws std::bad_alloc when memory is too scarce to compute a hash. crypt(3) itself reports that as EINVAL, as it
/// does a salt that it refuses.
void expect_memory() { ::operator delete(::operator new(kMaxMemoryBytes)); }

/// The hash that crypt(3) computes; empty when crypt(3) refuses setting or password by "*0" or "*1". Wipes the 32 KiB
/// of working memory, which held the password. Throws std::bad_alloc.
std::string crypt_text(const std::string& password, const std::string& setting) {
    struct Wipe {
        void operator()(crypt_data* data) const {
            wipe(data, sizeof *data);
            delete data;
        }
    };
    const std::unique_ptr<crypt_data, Wipe> data{new crypt_data{}};
    const char* const answer = crypt_r(password.c_str(), setting.c_str(), data.get());
    if (answer != nullptr && answer[0] != '*') return answer;
    expect_memory();
    return {};
}

/// What crypt(3) needs besides the password: "$y$", the parameters and a random salt.
std::string new_setting() {
    std::array<char, CRYPT_GENSALT_OUTPUT_SIZE> setting{};
    if (crypt_gensalt_rn("$y$", 0, nullptr, 0, setting.data(), setting.size()) == nullptr)
        throw std::system_error{errno, std::generic_category(), "crypt_gensalt"};
    return setting.data();
}

}  // namespace

bool is_acceptable_hash(std::string_view hash) {
    if (take(hash, "$y$")) return is_acceptable_yescrypt(hash);
    if (take(hash, "$7$")) return is_acceptable_scrypt(hash);
    if (take(hash, "$5$")) return is_acceptable_sha2(hash, 43);
    if (take(hash, "$6$")) return is_acceptable_sha2(hash, 86);
    if (take(hash, "$2a$") || take(hash, "$2b$") || take(hash, "$2x$") || take(hash, "$2y$"))
        return is_acceptable_bcrypt(hash);
    return false;
}

std::optional<bool> password_matches(const std::string& password, const std::string& hash) {
    const std::string computed = crypt_text(password, hash);
    if (computed.empty()) return std::nullopt;
    const bool equal = equal_in_constant_time(computed, hash);
    return equal && !(is_bcrypt(hash) && password.size() > kMaxBcryptPasswordBytes);
}

std::string hash_password(const std::string& password) {
    std::string hash = crypt_text(password, new_setting());
    if (hash.empty()) throw std::system_error{EINVAL, std::generic_category(), "crypt"};
    return hash;
}

DummyHash::DummyHash() : setting_{new_setting()} {}

void DummyHash::verify(const std::string& password) const { crypt_text(password, setting_); }

}  // namespace core::access
