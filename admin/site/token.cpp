#include <cstdint>
#include <iostream>
#include <string>

#include "admin/command.hpp"
#include "admin/console/confirm.hpp"
#include "admin/console/refusal.hpp"
#include "admin/database.hpp"
#include "admin/name.hpp"
#include "admin/site/commands.hpp"
#include "admin/site/queries.hpp"

namespace admin::site {
namespace {

constexpr std::int64_t kMostDays = 3650;  // ten years

struct NewToken {
    std::string username;
    std::int64_t days = 0;
};

/// Prints a token that holds for some days. What else there is to say goes to standard error, so that standard output
/// can be kept.
void add(const NewToken& added) {
    sql::Connection connection = connect_migrated(Data::kSite);
    sql::Transaction transaction{connection, sql::kNoDeadline};
    advance_sequence(connection, "tokens");
    const sql::Rows rows =
        connection.query(queries::make_token, {added.username, std::to_string(added.days)}, sql::kNoDeadline);
    if (rows.size() == 0)
        throw console::Refusal{"there is no person " + in_quotes(added.username) +
                               "\nSee: queue-statistics person list"};
    transaction.commit(sql::kNoDeadline);
    std::cout << rows.text(0, 3) << '\n';
    std::cerr << "Token " << rows.text(0, 0) << " holds until " << rows.text(0, 1)
              << " UTC. It is stored nowhere: keep it like a password.\n";
    if (!rows.boolean(0, 2)) std::cerr << "This person is disabled: the token counts once the person may log in.\n";
}

void list() {
    sql::Connection connection = connect_migrated(Data::kSite);
    print_table("id\tperson\tusername\tmade\texpires\trevoked",
                connection.query(queries::list_tokens, {}, sql::kNoDeadline));
}

/// Ends a token. It counts from the next request on.
void revoke(std::int64_t id) {
    sql::Connection connection = connect_migrated(Data::kSite);
    const sql::Rows rows = connection.query(queries::revoke_token, {std::to_string(id)}, sql::kNoDeadline);
    if (rows.size() == 0)
        throw console::Refusal{"there is no token " + std::to_string(id) + "\nSee: queue-statistics token list"};
    std::cout << "Token " << id << (rows.boolean(0, 0) ? " was revoked before; nothing changed.\n" : " is revoked.\n");
}

struct NewKey {
    bool yes = false;  ///< does not ask
};

/// Ends all tokens. It counts from the next request on.
void new_key(const NewKey& options) {
    sql::Connection connection = connect_migrated(Data::kSite);
    console::confirm("All tokens will end: those of token add, and those of everyone who is logged in.", options.yes);
    connection.query(queries::renew_token_key, {}, sql::kNoDeadline);
    std::cout << "There is a new key: all tokens have ended.\n";
}

}  // namespace

void add_token(Group& all) {
    Group token = all.group("token", "Tokens, which clients such as wallboards send in place of name and password");
    token.command<NewToken>("add", "Make a token of a person and print it", add, [](Arguments& takes, NewToken& added) {
        takes.number("--days", added.days, 1, kMostDays, "How long it holds, 3650 at most", "N")
            .text("USERNAME", added.username, "Whose token it is; a changed password ends it");
    });
    token.command("list", "List the tokens that token add made", list);
    token.command<std::int64_t>("revoke", "End a token that token add made", revoke,
                                [](Arguments& takes, std::int64_t& id) { takes.id("ID", id, "The token, as listed"); });
    token.command<NewKey>("new-key", "Make a new key, which ends all tokens, those of logins too", new_key,
                          [](Arguments& takes, NewKey& options) {
                              takes.flag("--yes", options.yes, "Do not ask; needed where there is no terminal");
                          });
}

}  // namespace admin::site
