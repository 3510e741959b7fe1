#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/failure.hpp"
#include "core/function.hpp"
#include "core/request.hpp"
#include "core/rows.hpp"

/// The port: what the rules ask of a database. Implemented by sql/store; by a fake in the unit tests.
namespace core {

/// What is stored about a person who wants to log in.
struct Credentials {
    std::int64_t person = 0;
    std::string password_hash;    ///< a crypt(3) string; never logged
    bool source_allowed = false;  ///< the client's address lies in one of the person's networks, or there are none
    bool active = false;          ///< may log in, and neither its customer nor one above is deleted
    bool login = false;           ///< the role may use the web interface and the API
    int user_access = 0;          ///< the role's access for the privilege `user`: 0 none, 1 full, 2 read-only
};

/// Never null.
using RowsPointer = std::unique_ptr<const Rows>;

struct CredentialsAndRows {
    std::optional<Credentials> credentials;  ///< as Store::credentials answers
    RowsPointer rows;                        ///< as Store::ask answers
};

/// Every member sees all that was committed before it was called, and waits no longer than the request's deadline and
/// its client do. It throws StoreFailure when the database cannot answer, ClientLeft when nobody waits any more, and
/// adds to the trace's database_time and rows.
class Store {
  public:
    virtual ~Store() = default;

    /// The person of that exact name, or nothing. username: valid UTF-8 without NUL, 1..255 bytes. Whether the source
    /// is allowed goes by the request's client_address; an unknown one is allowed only to a person without networks.
    virtual std::optional<Credentials> credentials(Request& request, const std::string& username) = 0;

    /// The rows that answer a question on behalf of a person.
    virtual RowsPointer ask(Request& request, std::int64_t person, const Question& question) = 0;

    /// credentials(), and ask() on behalf of `person`, in one round trip. For a login that was verified before, when it
    /// was person's: the rows count only if the credentials are still that person's and still right.
    virtual CredentialsAndRows credentials_and_ask(Request& request, const std::string& username, std::int64_t person,
                                                   const Question& question) = 0;

    /// Returns when the database answers and its schema can be used.
    virtual void probe(Request& request) = 0;
};

}  // namespace core
