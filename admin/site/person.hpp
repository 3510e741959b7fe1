#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// queue-statistics person ...
namespace admin {

struct NewPerson {
    std::int64_t customer = 0;
    std::string role;                 ///< its name
    std::vector<std::string> source;  ///< networks (CIDR) the person may come from; none: any address
    std::string username;             ///< 1..255 bytes, exact
};

/// Asks for a password (read_new_password) and prints the new id. The password is hashed here. Neither it nor its hash
/// can come into PostgreSQL's log, whatever that logs: the hash travels as COPY data, which is never logged.
void add_person(const NewPerson& person);

/// Without passwords.
void list_people();

/// Asks for a new password (read_new_password), which counts from the next request on.
void change_password(const std::string& username);

/// active: whether the person may log in.
void set_active(const std::string& username, bool active);

}  // namespace admin
