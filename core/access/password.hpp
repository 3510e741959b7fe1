#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Passwords: verification of crypt(3) hashes at a bounded cost.
namespace core::access {

/// Whether a stored hash is one we verify: yescrypt ($y$), scrypt ($7$) up to 64 MiB of memory, bcrypt ($2a$ $2b$ $2x$
/// $2y$) up to cost 12, SHA-2 crypt ($5$ $6$) up to 500,000 rounds. False for everything else: empty, `*`, `!`, `*0`,
/// truncated, DES, MD5-crypt, and yescrypt with options that crypt_gensalt(3) never writes (their cost has no bound).
bool is_acceptable_hash(std::string_view hash);

/// Whether password is the one of hash; costs one computation of the hash. Precondition: is_acceptable_hash(hash).
/// Nothing when crypt(3) refuses the hash's salt or a password over 511 bytes, which costs no computation. False for
/// bcrypt with a password over 72 bytes, of which bcrypt would ignore the rest. The comparison takes the same time
/// wherever the texts differ. Throws std::bad_alloc when there is no memory for the computation.
std::optional<bool> password_matches(const std::string& password, const std::string& hash);

/// A new hash of password by the default scheme (yescrypt) with a random salt. Throws std::system_error when the
/// system gives no randomness, std::bad_alloc. password: at most 511 bytes.
std::string hash_password(const std::string& password);

/// A wrong answer must cost what a right one does, also for people who do not exist: this spends one verification of
/// the default scheme. Throws std::bad_alloc as password_matches does.
class DummyHash {
  public:
    DummyHash();
    void verify(const std::string& password) const;

  private:
    std::string setting_;
};

}  // namespace core::access
