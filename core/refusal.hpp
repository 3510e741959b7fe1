#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Refusals: the one table of codes, their messages, and the value that carries them. A test compares README's error
/// table with this one and with what each function adds (function.hpp).
namespace core {

/// What an answer's `code` and HTTP status can be.
enum class Code {
    kOk = 200,
    kInvalid = 400,               ///< a parameter is unreadable or invalid
    kUnauthenticated = 401,       ///< the same for every reason, so that nobody learns which names exist
    kRoleForbids = 402,           ///< right credentials, but the role may not use the function
    kNotFound = 404,              ///< no such function; or nothing of that id that this person may see
    kMethodNotAllowed = 405,      ///< not GET, HEAD or POST
    kTooLarge = 413,              ///< a body over kMaxBodyBytes
    kUnsupportedMediaType = 415,  ///< a POST body that is not a form
    kTooManyAttempts = 429,       ///< too many failed log-ins
    kInternal = 500,              ///< our own bug
    kUnavailable = 503,           ///< the database is down, locked or not usable; or too much waits
    kTooSlow = 504,               ///< the database did not answer in time
};

/// The HTTP status and the number of `code`: 200.
constexpr int status_of(Code code) { return static_cast<int>(code); }

/// The message that `code` has unless a refusal below says more.
std::string_view default_message(Code code);

/// One entry of `responses`. `key` names the offending parameter, or is empty; it is a literal, of which a view is
/// kept. Both texts are ours, never the client's.
struct Refusal {
    Code code;
    std::string_view key;
    std::string message;

    friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// What a function says of its own parameters: a refusal of code 400.
struct Invalid {
    std::string_view key;
    std::string_view message;

    operator Refusal() const { return {Code::kInvalid, key, std::string{message}}; }
};

/// An entry with the code's own message and no key.
Refusal refusal(Code code);

Refusal unreadable(std::string_view key);     ///< "The request could not be read."; key: a parameter, or empty
Refusal invalid(std::string_view key);        ///< "The <key> is invalid.", underscores as spaces
Refusal no_such_queue(std::string_view key);  ///< 404; key: the parameter that was given

/// Every reason to refuse, in the order they are answered; all have the same code. Never empty.
using Refusals = std::vector<Refusal>;

/// A value, or the reasons why there is none. Refusals travel as values; a broken database is an exception
/// (failure.hpp).
template <class T>
class Result {
  public:
    Result(T value) : content_{std::move(value)} {}
    Result(Refusal refusal) : content_{Refusals{std::move(refusal)}} {}
    Result(Refusals refusals) : content_{std::move(refusals)} {}

    explicit operator bool() const { return std::holds_alternative<T>(content_); }

    /// Precondition of the next two: *this holds a value; of refusals(): it does not. Otherwise
    /// std::bad_variant_access.
    T& operator*() { return std::get<T>(content_); }
    T* operator->() { return &std::get<T>(content_); }
    const T& operator*() const { return std::get<T>(content_); }
    const T* operator->() const { return &std::get<T>(content_); }
    const Refusals& refusals() const { return std::get<Refusals>(content_); }

  private:
    std::variant<T, Refusals> content_;
};

}  // namespace core
