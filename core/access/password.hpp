#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Passwords: verifying and making crypt(3) hashes, at a bounded cost in time and memory.
namespace core::access {

/// Whether a stored hash may be verified: yescrypt ($y$) and scrypt ($7$) up to 64 MiB of memory, bcrypt ($2a$ $2b$
/// $2x$ $2y$) up to cost 12, SHA-2 crypt ($5$ $6$) up to 500,000 rounds; each bound is included. False for everything
/// else: empty, `*`, `!`, `*0`, truncated, DES, MD5-crypt, too expensive, and yescrypt with options that
/// crypt_gensalt(3) never writes (their cost has no bound).
bool is_acceptable_hash(std::string_view hash);

/// Whether hash is the hash of password. Computes one hash. Precondition: is_acceptable_hash(hash). Returns nullopt,
/// without computing, when crypt(3) refuses the hash's salt or a password over 511 bytes. Returns false for bcrypt with
/// a password over 72 bytes, because bcrypt ignores the bytes after the 72nd. The comparison takes the same time
/// wherever the hashes differ. Throws std::bad_alloc when the computation finds no memory.
std::optional<bool> password_matches(const std::string& password, const std::string& hash);

/// A new hash of password by the default scheme (yescrypt) with a random salt. Precondition: password has at most 511
/// bytes. Throws std::system_error when the system gives no randomness or crypt(3) refuses the password, for example
/// one of 512 bytes; std::bad_alloc as password_matches() does.
std::string hash_password(const std::string& password);

/// Spends the time of one verification, so that a login whose person does not exist takes as long as a wrong password.
class DummyHash {
  public:
    /// Throws std::system_error when the system gives no randomness.
    DummyHash();

    /// Hashes password by the default scheme (yescrypt). Throws std::bad_alloc as password_matches() does.
    void verify(const std::string& password) const;

  private:
    std::string setting_;
};

}  // namespace core::access
