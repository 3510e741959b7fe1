#pragma once

#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Refusals: the one table of codes, their messages, and the value that carries them. The README's error table is
/// compared with this one by a test.
namespace core {

/// What an answer's `code` and HTTP status can be.
enum class Code {
    kOk = 200,
    kInvalid = 400,               ///< a parameter is unreadable or invalid
    kUnauthenticated = 401,       ///< the same for every reason, so that nobody learns which names exist
    kRoleForbids = 402,           ///< right credentials, but the role may not use the function
    kNotFound = 404,              ///< no such function; or no such queue or destination for this person
    kMethodNotAllowed = 405,      ///< not GET, HEAD or POST
    kTooLarge = 413,              ///< a body over kMaxBodyBytes
    kUnsupportedMediaType = 415,  ///< a POST body that is not a form
    kTooManyAttempts = 429,       ///< too many failed log-ins
    kInternal = 500,              ///< our own bug
    kUnavailable = 503,           ///< the database is down, locked or not usable; or too much waits
    kTooSlow = 504,               ///< the database did not answer in time
};

/// The HTTP status and the text of `code`: 200 and "200".
constexpr int status_of(Code code) { return static_cast<int>(code); }

/// The message that `code` has unless a refusal below says more.
std::string_view default_message(Code code);

/// One entry of `responses`. `key` names the offending parameter, or is empty. Both texts are ours, never the caller's.
struct Error {
    Code code;
    std::string_view key;
    std::string_view message;

    friend bool operator==(const Error&, const Error&) = default;
};

/// An entry with the code's own message and no key.
Error refusal(Code code);

// The refusals that name a parameter; each is one line of the README's table. Keys are literals: entries keep a view.
Error unreadable(std::string_view key);     ///< "The request could not be read."
Error invalid(std::string_view key);        ///< "The <key> is invalid."; key: destination, queue, start or end
Error both_destination_and_queue();         ///< [destination]
Error neither_destination_nor_queue();      ///< [destination]
Error start_after_end();                    ///< [start]
Error no_such_queue(std::string_view key);  ///< 404; key: whichever of destination and queue was given

/// Every reason to refuse, in the order they are answered; all have the same code. Never empty.
using Errors = std::vector<Error>;

/// A value, or the reasons why there is none. Refusals travel as values; a broken database is an exception
/// (StoreFailure in store.hpp).
template <class T>
class Result {
  public:
    Result(T value) : content_{std::move(value)} {}
    Result(Error error) : content_{Errors{error}} {}
    Result(Errors errors) : content_{std::move(errors)} {}

    explicit operator bool() const { return std::holds_alternative<T>(content_); }

    /// Precondition of the next two: *this holds a value; of errors(): it does not. Otherwise std::bad_variant_access.
    T& operator*() { return std::get<T>(content_); }
    T* operator->() { return &std::get<T>(content_); }
    const T& operator*() const { return std::get<T>(content_); }
    const T* operator->() const { return &std::get<T>(content_); }
    const Errors& errors() const { return std::get<Errors>(content_); }

  private:
    std::variant<T, Errors> content_;
};

}  // namespace core
