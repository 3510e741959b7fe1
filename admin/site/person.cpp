#include "admin/site/person.hpp"

#include <string.h>

#include <iostream>
#include <string_view>

#include "admin/console/password.hpp"
#include "admin/console/refusal.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/queries.hpp"
#include "admin/site/customer.hpp"
#include "core/password.hpp"

namespace admin {
namespace {

constexpr std::string_view kInvalidText = "22P02";  // SQLSTATE of a text that is no value of its type

void check_username(const std::string& username) {
    check_name("the username", username);
    if (username.size() > kMaxName) throw Refusal{"the username is longer than 255 bytes"};
}

Refusal no_such_person(const std::string& username) {
    return Refusal{"there is no person " + quoted(username) + "\nSee: queue-statistics person list"};
}

std::string role_id(sql::Connection& connection, const std::string& name) {
    const sql::Rows found = connection.query(queries::find_role, {name}, sql::kNoDeadline);
    if (found.size() > 0) return std::string{found.text(0, 0)};
    const sql::Rows roles = connection.query(queries::list_roles, {}, sql::kNoDeadline);
    std::string names;
    for (int i = 0; i < roles.size(); ++i) names.append(i > 0 ? ", " : "").append(roles.text(i, 0));
    throw Refusal{"there is no role " + quoted(name) + "\nThe roles are: " + names};
}

/// networks as an array literal, each as PostgreSQL writes it.
std::string array_of(sql::Connection& connection, const std::vector<std::string>& networks) {
    std::string literal = "{";
    for (const std::string& network : networks) {
        try {
            const sql::Rows rows = connection.query(queries::check_network, {network}, sql::kNoDeadline);
            literal.append(literal.size() > 1 ? "," : "").append(rows.text(0, 0));
        } catch (const sql::Failure& failure) {
            if (failure.sqlstate() != kInvalidText) throw;
            throw Refusal{"--source " + quoted(network) +
                          " is no network: give 192.0.2.0/24, 2001:db8::/32 or one address, without bits right of the "
                          "mask"};
        }
    }
    return literal + "}";
}

/// Within a transaction. password is wiped.
void set_password(sql::Connection& connection, const std::string& person, std::string& password) {
    const std::string hash = core::hash_password(password);  // only of ./0-9A-Za-z$: nothing that COPY would escape
    explicit_bzero(password.data(), password.size());
    // A table without constraints, so that no error, which would quote the line, can bring the hash into a log either.
    connection.script("create temporary table new_password (hash text) on commit drop", sql::kNoDeadline);
    connection.copy_begin("copy pg_temp.new_password from stdin", sql::kNoDeadline);
    connection.copy_put(hash + "\n", sql::kNoDeadline);
    connection.copy_end(sql::kNoDeadline);
    connection.query(queries::set_password, {person}, sql::kNoDeadline);
}

}  // namespace

void add_person(const NewPerson& person) {
    check_username(person.username);
    sql::Connection connection = connect_migrated();
    const Refusal exists{"there is a person " + quoted(person.username) +
                         " already\nA new password: " + "queue-statistics person password USERNAME"};
    require_current_customer(connection, person.customer);
    const std::string role = role_id(connection, person.role);
    const std::string source = array_of(connection, person.source);
    if (connection.query(queries::find_person, {person.username}, sql::kNoDeadline).size() > 0) throw exists;

    std::string password = read_new_password();
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

void list_people() {
    sql::Connection connection = connect_migrated();
    print_table("id\tusername\tcustomer\trole\tsource\tactive",
                connection.query(queries::list_people, {}, sql::kNoDeadline));
}

void change_password(const std::string& username) {
    check_username(username);
    sql::Connection connection = connect_migrated();
    const sql::Rows found = connection.query(queries::find_person, {username}, sql::kNoDeadline);
    if (found.size() == 0) throw no_such_person(username);
    std::string password = read_new_password();
    sql::Transaction transaction{connection, sql::kNoDeadline};
    set_password(connection, std::string{found.text(0, 0)}, password);
    transaction.commit(sql::kNoDeadline);
    std::cout << "The password of " << username << " is changed.\n";
    if (!found.boolean(0, 1))
        std::cout << "This person is disabled: queue-statistics person enable USERNAME lets it log in.\n";
}

void set_active(const std::string& username, bool active) {
    check_username(username);
    sql::Connection connection = connect_migrated();
    const sql::Rows rows =
        connection.query(queries::set_active, {username, active ? "true" : "false"}, sql::kNoDeadline);
    if (rows.size() == 0) throw no_such_person(username);
    const char* state = active ? " may log in" : " can no longer log in";
    if (rows.boolean(0, 0) == active)
        std::cout << username << (active ? " was enabled before" : " was disabled before") << "; nothing changed.\n";
    else
        std::cout << username << state << ".\n";
}

}  // namespace admin
