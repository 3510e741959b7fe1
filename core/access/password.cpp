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
constexpr std::uint64_t kMaxMemoryBytes = 64 << 20;  // yescrypt and scrypt: 128 * N * r bytes (RFC 7914, section 2)

/// The digits of crypt(3)'s own base 64 in order of their values.
constexpr std::string_view kItoa64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

bool is_itoa64(std::string_view text) { return text.find_first_not_of(kItoa64) == text.npos; }

/// Removes prefix from text when it starts with it.
bool take(std::string_view& text, std::string_view prefix) {
    if (!text.starts_with(prefix)) return false;
    text.remove_prefix(prefix.size());
    return true;
}

/// The value of the first `digits` characters of text, least significant digit first as scrypt writes them, which are
/// removed. Nothing when there are fewer, or one is none of kItoa64.
std::optional<std::uint64_t> take_itoa64(std::string_view& text, std::size_t digits) {
    if (text.size() < digits || !is_itoa64(text.substr(0, digits))) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t i = digits; i-- > 0;) value = value << 6 | kItoa64.find(text[i]);
    text.remove_prefix(digits);
    return value;
}

/// Whether 2^log2_n blocks of r stay within kMaxMemoryBytes.
bool is_affordable(std::uint64_t log2_n, std::uint64_t r) {
    return log2_n >= 1 && log2_n <= 30 && r >= 1 && r <= kMaxMemoryBytes && (128 * r << log2_n) <= kMaxMemoryBytes;
}

bool is_sha2_salt(std::string_view text) {
    // crypt(3) takes any but these (libxcrypt: they would end or break a line of /etc/shadow).
    return std::ranges::none_of(text, [](char c) {
        return c <= ' ' || c >= 0x7F || std::string_view{"!*:;\\"}.find(c) != std::string_view::npos;
    });
}

/// "salt$hash" with a salt of 1..max_salt characters that is_salt accepts, and a hash of exactly hash_digits.
bool has_salt_and_hash(std::string_view rest, std::size_t max_salt, std::size_t hash_digits,
                       bool (&is_salt)(std::string_view) = is_itoa64) {
    const std::size_t dollar = rest.find('$');
    return dollar != rest.npos && dollar >= 1 && dollar <= max_salt && is_salt(rest.substr(0, dollar)) &&
           rest.size() - dollar - 1 == hash_digits && is_itoa64(rest.substr(dollar + 1));
}

/// After "$y$": "j" (the standard flavour), N and r in one digit each, counted from 1 ("9T": N = 2^12, r = 32). That is
/// all that crypt_gensalt(3) writes; longer forms carry options, among them a time factor.
bool is_acceptable_yescrypt(std::string_view rest) {
    if (!take(rest, "j")) return false;
    const auto log2_n = take_itoa64(rest, 1);
    const auto r = take_itoa64(rest, 1);
    constexpr std::uint64_t kLastSingleDigit = 47;  // a higher one starts a longer number
    return log2_n && r && *log2_n <= kLastSingleDigit && *r <= kLastSingleDigit && is_affordable(*log2_n + 1, *r + 1) &&
           take(rest, "$") && has_salt_and_hash(rest, 86, 43);
}

/// After "$7$": log2 N in one digit, r and p in five each, salt, "$", hash. p multiplies the time, as N does.
bool is_acceptable_scrypt(std::string_view rest) {
    const auto log2_n = take_itoa64(rest, 1);
    const auto r = take_itoa64(rest, 5);
    const auto p = take_itoa64(rest, 5);
    return log2_n && r && p && *r <= kMaxMemoryBytes && *p >= 1 && *p <= kMaxMemoryBytes &&
           is_affordable(*log2_n, *r * *p) && has_salt_and_hash(rest, 86, 43);
}

/// After "$2b$": the cost in two decimal digits, "$", 22 digits of salt and 31 of hash.
bool is_acceptable_bcrypt(std::string_view rest) {
    unsigned cost = 0;
    if (rest.size() != 56 || rest[2] != '$' || !is_itoa64(rest.substr(3))) return false;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + 2, cost);
    return error == std::errc{} && end == rest.data() + 2 && cost >= 4 && cost <= kMaxBcryptCost;
}

/// After "$5$" or "$6$": perhaps "rounds=N$", salt of at most 16 characters, "$", hash.
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

/// Throws std::bad_alloc when no hash could be computed for lack of memory, which crypt(3) reports as EINVAL, like a
/// salt that it refuses.
void expect_memory() { ::operator delete(::operator new(kMaxMemoryBytes)); }

/// crypt(3)'s answer, or empty when it refuses setting or password (it then answers "*0" or "*1"). The working memory,
/// 32 KiB that held the password, is wiped. Throws std::bad_alloc.
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

/// "$y$", the parameters and a random salt: all that a hash needs besides the password.
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
