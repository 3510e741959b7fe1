#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/parameters.hpp"
#include "core/refusal.hpp"
#include "core/rows.hpp"
#include "core/table.hpp"

/// A function of the API is a value: its path, its parameters, what it asks of the database, and how it answers. Each
/// is one file of core/functions, which nothing else knows.
namespace core {

/// What to ask of the database on behalf of a person, and how to make an answer of the rows.
struct Question {
    std::string_view query;              ///< name of a file in sql/queries; its $1 is the person, a bigint
    std::vector<std::string> arguments;  ///< its $2, ... in PostgreSQL's text form
    std::string_view key;                ///< the parameter that names what is asked for
    /// May refuse: what was asked for does not exist, or the person may not see it.
    Result<Answer> (*answer)(const Question& question, const Rows& rows);
};

struct Function {
    std::string_view path;          ///< below /api/json/, without slashes around it
    Names parameters;               ///< its own, in the order of their refusals; the login's are known everywhere
    std::span<const Invalid> also;  ///< what it may refuse with beside `invalid` for a parameter; for README's table
    /// The question that the parameters ask, or every reason why they ask none.
    Result<Question> (*ask)(const Parameters& parameters);
};

/// Every file of core/functions, in the order of their names.
std::span<const Function> all_functions();

/// The function of that path; nullptr when there is none.
const Function* find_function(std::string_view path);

}  // namespace core
