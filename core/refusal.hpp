#pragma once

#include <array>
#include <concepts>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

/// Refusals: the table of codes, their messages, and the value that carries them. A unit test compares README's error
/// table with the refusals here and with what each function adds (Function::also).
namespace core {

/// The values of an answer's `code`. The number is also the HTTP status.
enum class Code {
    kOk = 200,
    kInvalid = 400,               ///< a parameter is unreadable or invalid
    kUnauthenticated = 401,       ///< the same for every reason, so that nobody learns which names exist
    kRoleForbids = 402,           ///< the credentials are right, but the role may not use the function
    kNotFound = 404,              ///< the function does not exist; or the queue is absent, deleted or forbidden
    kMethodNotAllowed = 405,      ///< the method is not GET, HEAD or POST
    kTooLarge = 413,              ///< the body is over 8 KiB (http::kMaxBodyBytes)
    kUnsupportedMediaType = 415,  ///< the body of a POST is not a form
    kTooManyAttempts = 429,       ///< too many failed logins
    kInternal = 500,              ///< a bug of ours
    kUnavailable = 503,           ///< the database is down, locked or not usable; or the service is overloaded
    kTooSlow = 504,               ///< the database did not answer in time
};

/// Every code, ascending. A code that is missing here does not compile (refusal.cpp).
inline constexpr std::array kAllCodes{Code::kOk,
                                      Code::kInvalid,
                                      Code::kUnauthenticated,
                                      Code::kRoleForbids,
                                      Code::kNotFound,
                                      Code::kMethodNotAllowed,
                                      Code::kTooLarge,
                                      Code::kUnsupportedMediaType,
                                      Code::kTooManyAttempts,
                                      Code::kInternal,
                                      Code::kUnavailable,
                                      Code::kTooSlow};

/// The number of an answer's `code` and its HTTP status: 200 for kOk.
constexpr int status_of(Code code) { return static_cast<int>(code); }

/// The message of a code, unless a refusal below has its own.
std::string_view default_message(Code code);

/// One entry of `responses`. key: the parameter at fault, or empty; a view of a literal. key and message are our own
/// words, never a client's text.
struct Refusal {
    Code code;
    std::string_view key;
    std::string message;

    friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// A refusal with code 400, as a constant that a function can list (Function::also).
struct Invalid {
    std::string_view key;
    std::string_view message;

    operator Refusal() const { return {Code::kInvalid, key, std::string{message}}; }
};

/// A refusal with the code's default message and an empty key.
Refusal refusal(Code code);

Refusal unreadable(std::string_view key);     ///< 400 "The request could not be read."; key: a parameter, or empty
Refusal invalid(std::string_view key);        ///< 400 "The <key> is invalid.", with spaces for underscores
Refusal no_such_queue(std::string_view key);  ///< 404; key: the parameter that was given
Refusal no_such_destination(std::string_view key);  ///< 404, where a destination may be absent too; key: likewise

/// Every reason to refuse, in the order of the answer. All entries have the same code. Never empty.
using Refusals = std::vector<Refusal>;

/// A value, or the reasons to refuse it. Refusals travel as values; a broken database is an exception (failure.hpp).
template <class T>
class Result {
  public:
    Result(T value) : content_{std::move(value)} {}
    Result(Refusal refusal) : content_{Refusals{std::move(refusal)}} {}
    Result(Refusals refusals) : content_{std::move(refusals)} {}
    /// A result of a narrower type: an answer where an answer or another question is due.
    template <class U>
    requires std::convertible_to<U, T> Result(Result<U> other)
        : content_{other ? decltype(content_){T{*std::move(other)}} : other.refusals()} {}

    /// Whether *this holds a value.
    explicit operator bool() const { return std::holds_alternative<T>(content_); }

    // The value, and below it the refusals. Each throws std::bad_variant_access when *this holds the other one.
    T& operator*() { return std::get<T>(content_); }
    T* operator->() { return &std::get<T>(content_); }
    const T& operator*() const { return std::get<T>(content_); }
    const T* operator->() const { return &std::get<T>(content_); }
    const Refusals& refusals() const { return std::get<Refusals>(content_); }

  private:
    std::variant<T, Refusals> content_;
};

}  // namespace core
