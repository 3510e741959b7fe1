#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "core/access/token.hpp"
#include "core/failure.hpp"
#include "core/function.hpp"
#include "core/request.hpp"
#include "core/rows.hpp"

/// The port through which core asks a database. sql/store implements it; the unit tests have a fake.
namespace core {

/// What the database stores about a person who wants to log in.
struct Credentials {
    std::int64_t person = 0;
    std::string password_hash;     ///< a crypt(3) string; never logged
    bool source_allowed = false;   ///< the client's address lies in one of the person's networks, or it has no networks
    bool active = false;           ///< the person is active, and neither its customer nor one above it is deleted
    bool login = false;            ///< the role may use the web interface and the API
    int user_access = 0;           ///< the role's access for the privilege `user`: 0 none, 1 full, 2 read-only
    std::int64_t token_epoch = 0;  ///< changes whenever a token may have ended before its time
};

/// What the database says of a token.
struct TokenState {
    bool is_signed = false;  ///< by the key of now
    std::string username{};  ///< whose it is; empty unless it holds
    std::int64_t ends = 0;   ///< Unix seconds; counts only while it holds
    /// Of its person; nullopt unless the token holds.
    std::optional<Credentials> credentials{};
};

/// Rows that the receiver owns. A Store never returns null.
using RowsPointer = std::unique_ptr<const Rows>;

struct CredentialsAndRows {
    std::optional<Credentials> credentials;  ///< as Store::credentials returns them
    RowsPointer rows;                        ///< as Store::ask returns them
};

/// Every member function sees all that was committed before the call. It waits until request.deadline at most, and only
/// as long as the client waits. It throws StoreFailure when the database cannot answer, and ClientLeft when the client
/// has left. It adds to database_time and rows of request.trace.
class Store {
  public:
    virtual ~Store() = default;

    /// The person of that exact name; nullopt when no person has it. username: valid UTF-8 without NUL, 1..255 bytes.
    /// source_allowed depends on request.client_address: only a person without networks may have an unknown address.
    virtual std::optional<Credentials> credentials(Request& request, const std::string& username) = 0;

    /// Whether a token holds: it was signed by the key of now, has not ended by the database's clock, was not revoked,
    /// and its person has the password of then. claims: those of token.
    virtual TokenState token(Request& request, std::string_view token, const access::TokenClaims& claims) = 0;

    /// The rows of question.query, run on behalf of a person.
    virtual RowsPointer ask(Request& request, std::int64_t person, const Question& question) = 0;

    /// credentials(), and ask() on behalf of person, in one round trip. For a login or token that was verified before
    /// as that person's. The rows may be answered only if the returned credentials are still that person's and still
    /// right.
    virtual CredentialsAndRows credentials_and_ask(Request& request, const std::string& username, std::int64_t person,
                                                   const Question& question) = 0;

    /// Returns when the database answers and its schema can be used. Throws StoreFailure otherwise.
    virtual void probe(Request& request) = 0;
};

}  // namespace core
