#include <string.h>

#include <cstdint>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "admin/command.hpp"
#include "admin/console/password.hpp"
#include "admin/console/refusal.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/site/commands.hpp"
#include "admin/site/lookup.hpp"
#include "admin/site/queries.hpp"
#include "core/access/login.hpp"
#include "core/access/password.hpp"
#include "core/text.hpp"

namespace admin::site {
namespace {

struct NewPerson {
    std::int64_t customer = 0;
    std::string role;                 ///< the role's name
    std::vector<std::string> source;  ///< networks (CIDR) the person may come from; empty: any address
    std::string username;             ///< 1..255 bytes, compared exactly
};

constexpr const char* kAnyAddress = "any";          // as --source
constexpr std::string_view kInvalidText = "22P02";  // SQLSTATE of a text that is not a value of its type

void check_username(const std::string& username) {
    check_name("the username", username);
    if (username.size() > kMaxName) throw console::Refusal{"the username is longer than 255 bytes"};
}

console::Refusal no_such_person(const std::string& username) {
    return console::Refusal{"there is no person " + in_quotes(username) + "\nSee: queue-statistics person list"};
}

std::string role_id(sql::Connection& connection, const std::string& name) {
    const sql::Rows found = connection.query(queries::find_role, {name}, sql::kNoDeadline);
    if (found.size() > 0) return std::string{found.text(0, 0)};
    const sql::Rows roles = connection.query(queries::list_roles, {}, sql::kNoDeadline);
    std::string names;
    for (int i = 0; i < roles.size(); ++i) names.append(i > 0 ? ", " : "").append(roles.text(i, 0));
    throw console::Refusal{"there is no role " + in_quotes(name) + "\nThe roles are: " + names};
}

/// The networks as an array literal for PostgreSQL, each in PostgreSQL's own spelling. Throws console::Refusal when a
/// text is not a network.
std::string array_of(sql::Connection& connection, const std::vector<std::string>& networks) {
    std::string literal = "{";
    for (const std::string& network : networks) {
        try {
            const sql::Rows rows = connection.query(queries::check_network, {network}, sql::kNoDeadline);
            literal.append(literal.size() > 1 ? "," : "").append(rows.text(0, 0));
        } catch (const sql::Failure& failure) {
            if (failure.sqlstate() != kInvalidText) throw;
            throw console::Refusal{
                "--source " + in_quotes(network) +
                " is no network: give 192.0.2.0/24, 2001:db8::/32 or one address, without bits right of the "
                "mask"};
        }
    }
    return literal + "}";
}

/// Asks for a password. Throws console::Refusal for a password with which nobody could log in, such as one that is
/// invalid UTF-8 or contains a NUL, and for one that ends in a carriage return (from a file with Windows line ends).
std::string ask_for_password() {
    std::string password = console::read_new_password(core::access::kMaxPasswordBytes);
    if (!core::is_text(password)) throw console::Refusal{"the password is not valid UTF-8, or contains a NUL"};
    if (password.back() == '\r')
        throw console::Refusal{"the password ends in a carriage return: write it with Unix line ends"};
    return password;
}

/// Stores the hash of the password, and wipes the password. Call it in a transaction. Neither the password nor its hash
/// can get into PostgreSQL's log, whatever the server logs: the password is hashed here, and the hash travels as data
/// of COPY, which PostgreSQL never logs.
void set_password(sql::Connection& connection, const std::string& person, std::string& password) {
    // The hash consists of ./0-9A-Za-z$ alone: COPY needs no escapes for it.
    const std::string hash = core::access::hash_password(password);
    explicit_bzero(password.data(), password.size());
    // A table without constraints: an error would quote the line, and so write the hash into a log.
    connection.script("create temporary table new_password (hash text) on commit drop", sql::kNoDeadline);
    connection.copy_begin("copy pg_temp.new_password from stdin", sql::kNoDeadline);
    connection.copy_put(hash + "\n", sql::kNoDeadline);
    connection.copy_end(sql::kNoDeadline);
    connection.query(queries::set_password, {person}, sql::kNoDeadline);
}

/// Asks for a password, adds the person and prints the new id.
void add(const NewPerson& person) {
    check_username(person.username);
    sql::Connection connection = connect_migrated(Data::kSite);
    const console::Refusal exists{"there is a person " + in_quotes(person.username) +
                                  " already\nA new password: " + "queue-statistics person password USERNAME"};
    require_current_customer(connection, person.customer);
    const std::string role = role_id(connection, person.role);
    const std::string source = array_of(connection, person.source);
    if (connection.query(queries::find_person, {person.username}, sql::kNoDeadline).size() > 0) throw exists;

    std::string password = ask_for_password();
    sql::Transaction transaction{connection, sql::kNoDeadline};
    advance_sequence(connection, "people");
    std::string id;
    try {
        const sql::Rows rows = connection.query(
            queries::insert_person, {std::to_string(person.customer), role, person.username, source}, sql::kNoDeadline);
        id = rows.text(0, 0);
    } catch (const sql::Failure& failure) {
        if (failure.sqlstate() != kUniqueViolation) throw;
        throw exists;
    }
    set_password(connection, id, password);
    transaction.commit(sql::kNoDeadline);
    std::cout << id << '\n';
}

/// Lists all people, without passwords.
void list() {
    sql::Connection connection = connect_migrated(Data::kSite);
    print_table("id\tusername\tcustomer\trole\tsource\tactive",
                connection.query(queries::list_people, {}, sql::kNoDeadline));
}

/// Asks for a new password and stores it. It counts from the person's next request on.
void change_password(const std::string& username) {
    check_username(username);
    sql::Connection connection = connect_migrated(Data::kSite);
    const sql::Rows found = connection.query(queries::find_person, {username}, sql::kNoDeadline);
    if (found.size() == 0) throw no_such_person(username);
    std::string password = ask_for_password();
    sql::Transaction transaction{connection, sql::kNoDeadline};
    set_password(connection, std::string{found.text(0, 0)}, password);
    transaction.commit(sql::kNoDeadline);
    std::cout << "The password of " << username << " is changed.\n";
    if (!found.boolean(0, 1))
        std::cout << "This person is disabled: queue-statistics person enable USERNAME lets it log in.\n";
}

struct ChangedPerson {
    std::string username;
    std::optional<std::int64_t> customer;  ///< nullopt: as before
    std::optional<std::string> role;       ///< the role's name; nullopt: as before
    std::vector<std::string> source;       ///< networks, or only `any`; empty: as before
    std::optional<std::string> new_name;   ///< nullopt: as before
};

/// Changes customer, role, networks and name of a person, and says how they are then. The change counts from the
/// person's next request on. Password and tokens stay as they were.
void set(const ChangedPerson& person) {
    check_username(person.username);
    if (person.new_name) check_username(*person.new_name);
    sql::Connection connection = connect_migrated(Data::kSite);
    if (person.customer) require_current_customer(connection, *person.customer);
    sql::Parameter role;
    if (person.role) role = role_id(connection, *person.role);
    sql::Parameter source;
    if (person.source == std::vector<std::string>{kAnyAddress})
        source = "{}";
    else if (!person.source.empty())
        source = array_of(connection, person.source);
    if (person.new_name && person.new_name != person.username &&
        connection.query(queries::find_person, {*person.new_name}, sql::kNoDeadline).size() > 0)
        throw console::Refusal{"there is a person " + in_quotes(*person.new_name) + " already"};
    const sql::Rows rows = connection.query(
        queries::set_person, {person.username, parameter(person.customer), role, source, person.new_name},
        sql::kNoDeadline);
    if (rows.size() == 0) throw no_such_person(person.username);
    const std::string networks{rows.text(0, 2)};
    std::cout << person.new_name.value_or(person.username) << ": customer " << rows.text(0, 0) << ", role "
              << rows.text(0, 1) << ", from " << (networks.empty() ? "any address" : networks)
              << (rows.boolean(0, 3) ? ".\n" : "; disabled.\n");
}

/// active: whether the person may log in.
void set_active(const std::string& username, bool active) {
    check_username(username);
    sql::Connection connection = connect_migrated(Data::kSite);
    const sql::Rows rows =
        connection.query(queries::set_active, {username, active ? "true" : "false"}, sql::kNoDeadline);
    if (rows.size() == 0) throw no_such_person(username);
    const char* state = active ? " may log in" : " can no longer log in";
    if (rows.boolean(0, 0) == active)
        std::cout << username << (active ? " was enabled before" : " was disabled before") << "; nothing changed.\n";
    else
        std::cout << username << state << ".\n";
}

void disable(const std::string& username) { set_active(username, false); }

void enable(const std::string& username) { set_active(username, true); }

}  // namespace

void add_person(Group& all) {
    Group person = all.group("person", "People, who ask for statistics by name and password");
    person.command<NewPerson>(
        "add",
        "Add a person and print the id. The password comes from a prompt, or is the first line of standard input", add,
        [](Arguments& takes, NewPerson& added) {
            takes.id("--customer", added.customer, "Whose queues the person sees")
                .text("--role", added.role, "System owner, Reseller, Administrator, User, or one of the site's own",
                      "NAME")
                .repeated("--source", added.source, "A network the person may come from; several times for several",
                          "CIDR")
                .text("USERNAME", added.username, "The name to log in with");
        });
    person.command("list", "List all people, without passwords", list);
    const auto who = [](Arguments& takes, std::string& username) { takes.text("USERNAME", username, "Who"); };
    person.command<std::string>("password", "Change a password: from a prompt, or the first line of standard input",
                                change_password, who);
    person.command<ChangedPerson>(
        "set", "Change a person's role, customer, networks or name, from the next request on", set,
        [](Arguments& takes, ChangedPerson& changed) {
            takes.text("--role", changed.role, "Another role", "NAME")
                .id("--customer", changed.customer, "Another customer, whose queues the person sees")
                .repeated("--source", changed.source,
                          "The networks the person may come from, in place of all before; any: from everywhere",
                          "CIDR|any")
                .text("--username", changed.new_name, "Another name to log in with; password and tokens stay", "NAME")
                .text("USERNAME", changed.username, "Who")
                .check([&changed] {
                    return changed.role || changed.customer || !changed.source.empty() || changed.new_name
                               ? ""
                               : "say what to change: --role, --customer, --source or --username";
                });
        });
    person.command<std::string>("disable", "Let a person no longer log in", disable, who);
    person.command<std::string>("enable", "Let a person log in again", enable, who);
}

}  // namespace admin::site
