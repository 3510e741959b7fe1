#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/parameters.hpp"
#include "core/refusal.hpp"
#include "core/rows.hpp"
#include "core/table.hpp"

/// A function of the API is a value: its path, its parameters, its question to the database, and how it makes an answer
/// of the rows. Each function is one file of core/functions, and no other code knows a single function.
namespace core {

struct Question;
using Reply = std::variant<Answer, Question>;

/// A query to run on behalf of a person, and what its rows lead to.
struct Question {
    std::string_view query;  ///< the name of a file in sql/queries, whose $1 is the person, a bigint
    /// The query's $2, $3, ... in PostgreSQL's text form; nullopt: null.
    std::vector<std::optional<std::string>> arguments;
    std::string_view key;  ///< the parameter that a 404 names, such as `queue`; empty when there is no 404
    /// The answer; or another question, where what to ask for depends on the rows; or a refusal, such as a 404 when
    /// what was asked for does not exist or the person may not see it.
    std::function<Result<Reply>(const Question& question, const Rows& rows)> answer;
    /// What the question asks of the login itself, if anything. Api appends it to the arguments, once it is known: the
    /// username and how long a token holds, in minutes, which is null where no token is asked for.
    enum class OfLogin { kNothing, kName, kToken } of_login = OfLogin::kNothing;
};

/// One function of the API.
struct Function {
    std::string_view path;          ///< the path below /api/json/, without a slash at either end
    Names parameters;               ///< in the order of their refusals; without login_parameters()
    std::span<const Invalid> also;  ///< refusals of its own beside `invalid` per parameter, for README's error table
    /// The question of these parameters, or every reason why they are invalid.
    Result<Question> (*ask)(const Parameters& parameters);
    bool needs_user = true;  ///< whether the role must have the privilege `user`, and not only be one that may log in
};

/// The function of every file in core/functions, in the order of the files' names.
std::span<const Function> all_functions();

/// The function of that path; nullptr when no function has it. Lives as long as the program.
const Function* find_function(std::string_view path);

}  // namespace core
