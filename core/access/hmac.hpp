#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <memory>
#include <string_view>

struct evp_mac_ctx_st;

/// The cryptography that OpenSSL does for us, beside what crypt(3) does (password.hpp).
namespace core::access {

using Digest = std::array<unsigned char, 32>;

/// HMAC-SHA-256 under a random key, which only this object has. Throws std::system_error when the system gives no
/// randomness, or OpenSSL fails.
class Hmac {
  public:
    Hmac();

    /// The HMAC of the texts, each behind its length: no two different lists give the same bytes.
    Digest of(std::initializer_list<std::string_view> texts) const;

  private:
    struct Free {
        void operator()(evp_mac_ctx_st* context) const;
    };

    /// Kept, key and all: making one for each digest costs many times the digest.
    std::unique_ptr<evp_mac_ctx_st, Free> context_;
};

/// Whether two texts are equal, in a time that depends on their lengths alone.
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// Overwrites memory that held a secret, where the compiler would leave out a plain loop.
void wipe(void* bytes, std::size_t size);

}  // namespace core::access
