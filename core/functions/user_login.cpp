/// Who has logged in, and a token for what follows.

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "core/functions.hpp"
#include "core/text.hpp"

namespace core::functions {
namespace {

constexpr std::array<std::string_view, 1> kParameters{"token"};

/// rows: those of sql/queries/login.sql.
Result<Answer> answer_login(const Question& question, const Rows& rows) {
    const bool with_token = question.of_login == Question::OfLogin::kToken;
    std::vector<Column> columns{{"id"}, {"username"}, {"customer"}};
    if (with_token)
        columns.insert(columns.end(),
                       {Column{"auth_token"}, Column{"auth_token_expiry"}, Column{"auth_token_expires"}});
    const int token = rows.column("auth_token");
    // The person was deleted right after the login.
    if (with_token && rows.is_null(0, token)) return refusal(Code::kUnauthenticated);
    Answer answer{Answer::Shape::kObject, std::move(columns)};
    answer.add(rows.integer(0, rows.column("id")));
    answer.add(rows.text(0, rows.column("username")));
    answer.add(rows.optional_integer(0, rows.column("customer")));
    if (!with_token) return answer;
    answer.add(rows.text(0, token));
    answer.add(rows.integer(0, rows.column("auth_token_expiry")));
    answer.add(rows.integer(0, rows.column("auth_token_expires")));
    return answer;
}

Result<Question> ask(const Parameters& parameters) {
    Question question{"login", {}, "", answer_login, Question::OfLogin::kName};
    if (!is_given(parameters, "token")) return question;
    const auto token = whole_number(*parameters.find("token"), 1);
    if (!token) return invalid("token");
    if (*token == 1) question.of_login = Question::OfLogin::kToken;
    return question;
}

}  // namespace

Function user_login() { return {"user/login", kParameters, {}, ask, false}; }

}  // namespace core::functions
