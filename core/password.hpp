#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

/// Passwords: verification of crypt(3) hashes at a bounded cost, and a memory of those that were right.
namespace core {

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

/// Remembers logins that were right, so that wallboards which ask every few seconds cost one hash and not thousands.
/// Only the slow hash is saved: the stored hash is read from the database on every request and is part of what must
/// match, so a changed password counts at once. Keeps neither passwords nor hashes, only their HMAC-SHA-256 under a
/// random key of this process. In memory only; at most `capacity` logins (0: none), each dropped when unused for
/// kUnused, the least recently used first when it is full.
class VerifiedLogins {
  public:
    using Clock = std::chrono::steady_clock;

    /// Long enough that polling callers never hash again, short enough to forget those who left.
    static constexpr std::chrono::minutes kUnused{15};

    explicit VerifiedLogins(std::size_t capacity);
    ~VerifiedLogins();
    VerifiedLogins(const VerifiedLogins&) = delete;
    VerifiedLogins& operator=(const VerifiedLogins&) = delete;

    /// Whose login this was when it was last verified, if it was. The person may have another password by now: that is
    /// contains()'s question. A login that is found counts as used now.
    std::optional<std::int64_t> find_person(std::string_view username, std::string_view password,
                                            Clock::time_point now);

    /// Whether exactly this login was remembered for this person with this stored hash. One that was remembered for
    /// another person or hash is forgotten.
    bool contains(std::string_view username, std::string_view password, std::int64_t person, std::string_view hash,
                  Clock::time_point now);

    /// Call only after a full success: right password, active person, allowed source.
    void remember(std::string_view username, std::string_view password, std::int64_t person, std::string_view hash,
                  Clock::time_point now);

    std::size_t size() const;

  private:
    class Memory;
    std::unique_ptr<Memory> memory_;
};

}  // namespace core
