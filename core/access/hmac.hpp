#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

struct evp_mac_ctx_st;

/// The cryptography that comes from OpenSSL. Password hashes come from crypt(3) instead (password.hpp).
namespace core::access {

/// The bytes of an HMAC-SHA-256.
using Digest = std::array<unsigned char, 32>;

/// HMAC-SHA-256 under a random key of 32 bytes that only this object has.
class Hmac {
  public:
    /// Throws std::system_error when the system gives no randomness, or OpenSSL fails.
    Hmac();

    /// The HMAC of the texts, each after its length, so that {"ab", "c"} and {"a", "bc"} differ. Throws
    /// std::system_error when OpenSSL fails.
    Digest of(std::initializer_list<std::string_view> texts) const;

    /// The HMAC of two texts, the first of which is the bytes of digest.
    Digest of(const Digest& digest, std::string_view text) const;

  private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const;
    };

    /// Kept together with its key: to make a context per digest would cost many times the digest.
    std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

/// SHA-256 of a text, in 64 lower-case hexadecimal digits. Throws std::system_error when OpenSSL fails.
std::string sha256_digits(std::string_view text);

/// Whether two texts are equal. Takes a time that depends on their lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Overwrites size bytes that held a secret. The compiler may leave out a plain loop or memset, but not this.
void wipe(void* bytes, std::size_t size);

}  // namespace core::access
