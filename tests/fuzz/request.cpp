#include <algorithm>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/access/login.hpp"
#include "core/function.hpp"
#include "core/parameters.hpp"
#include "core/period.hpp"
#include "core/text.hpp"
#include "tests/fuzz/fuzz.hpp"
#include "tests/unit/fake_rows.hpp"

namespace {

/// Checks that every refusal is a 400 whose key is a known parameter or empty.
bool are_refusals(const core::Refusals& refusals, const core::Function& function, std::size_t most) {
    const auto is_known = [&function](std::string_view key) {
        return key.empty() || std::ranges::count(function.parameters, key) == 1 ||
               std::ranges::count(core::access::login_parameters(), key) == 1;
    };
    return !refusals.empty() && refusals.size() <= most && std::ranges::all_of(refusals, [&](const auto& refusal) {
        return refusal.code == core::Code::kInvalid && is_known(refusal.key) && refusal.message.ends_with('.');
    });
}

bool is_plain_number(const std::string& text, const std::string& number) {
    const std::size_t first = std::min(text.find_first_not_of('0'), text.size());
    return text.substr(first) == (number == "0" ? "" : number);
}

/// Checks that the question of a statistics function asks for what the parameters say.
void check_statistics(const core::Question& question, const core::Parameters& parameters) {
    MUST(question.arguments.size() == 3);
    const std::string& id = question.arguments[0].value();
    MUST(id != "0" && is_plain_number(*parameters.find(question.key), id));
    if (question.query == "caller_span") return;
    // {start,...,end}: ascending, of which the first and the last are the parameters', if these were given.
    std::string_view rest = question.arguments[1].value();
    MUST(rest.starts_with('{') && rest.ends_with('}'));
    rest = rest.substr(1, rest.size() - 2);
    std::vector<std::int64_t> edges;
    for (std::size_t comma = 0; comma != rest.npos; rest.remove_prefix(comma + 1)) {
        comma = rest.find(',');
        const auto edge = core::whole_number(rest.substr(0, comma), core::kNoEnd);
        MUST(edge && (edges.empty() || edges.back() <= *edge));
        edges.push_back(*edge);
        if (comma == rest.npos) break;
    }
    MUST(edges.size() >= 2 && edges.size() <= 400 * 24 + 100);
    const std::string first = std::to_string(edges.front());
    const std::string last = std::to_string(edges.back());
    MUST(edges.front() == 0 || is_plain_number(*parameters.find("start"), first));
    MUST(edges.back() == core::kNoEnd || is_plain_number(*parameters.find("end"), last));
}

/// Checks that the question of a list asks for what the parameters say: its arguments are parameters or numbers.
void check_list(const core::Question& question, const core::Parameters& parameters) {
    MUST(!question.arguments.empty() && question.arguments.size() <= 5);
    for (const auto& given : question.arguments) {
        const std::string& argument = given.value();
        MUST(core::is_text(argument) && !argument.empty());
        const bool is_word = argument == "name" || argument == "t" || argument == "f";
        const bool is_number = core::whole_number(argument, std::numeric_limits<std::int64_t>::max()).has_value();
        const auto is_given_as = [&](const char* name) {
            return core::is_given(parameters, name) && *parameters.find(name) == argument;
        };
        MUST(is_word || is_number || is_given_as("sort") || is_given_as("dtype") || is_given_as("dnumber"));
    }
}

/// A row with a value for each column of a list.
FakeRows::Row listed_row() {
    return {{"id", "1"},        {"customer", "1"}, {"name", "n"},      {"count", "1"},   {"queue", "1"},
            {"dtype", "phone"}, {"dnumber", "1"},  {"available", "t"}, {"priority", "0"}};
}

/// Checks that the columns of the answer are those that the parameters ask for.
void check_columns(const core::Answer& answer, const core::Parameters& parameters) {
    std::size_t levels = 0;
    if (core::is_given(parameters, "service_level"))
        levels = static_cast<std::size_t>(std::ranges::count(*parameters.find("service_level"), ',')) + 1;
    const auto is_of_item = [](const core::Column& column) { return column.item != nullptr; };
    MUST(levels <= 5 && std::ranges::count_if(answer.columns(), is_of_item) == static_cast<int>(3 * levels));
    MUST(std::ranges::count(answer.columns(), "calls_abandoned_short", &core::Column::name) ==
         (core::is_given(parameters, "short_abandon") ? 1 : 0));
    std::set<std::string_view> names;
    for (const core::Column& column : answer.columns()) MUST(names.insert(column.name).second);
}

void check_function(const core::Function& function, std::string_view authorization, std::string_view query,
                    std::string_view body) {
    const auto parameters = core::read_parameters(function.parameters, core::access::login_parameters(), query, body);
    if (!parameters) {
        MUST(are_refusals(parameters.refusals(), function, 1));
        return;
    }
    const core::access::Proof proof = core::access::find_proof(*parameters, authorization);
    if (const auto* const token = std::get_if<core::access::Token>(&proof)) MUST(!token->text.empty());
    if (const auto* const login = std::get_if<core::access::Login>(&proof)) {
        MUST(core::is_text(login->username) && core::is_text(login->password));
        MUST(!login->username.empty() && login->username.size() <= core::access::kMaxUsernameBytes);
        MUST(!login->password.empty() && login->password.size() <= core::access::kMaxPasswordBytes);
    }
    const core::Result<core::Question> question = function.ask(*parameters);
    if (!question) {
        MUST(are_refusals(question.refusals(), function, function.parameters.size()));
        return;
    }
    if (question->query == "login") {
        MUST(question->arguments.empty() && question->of_login != core::Question::OfLogin::kNothing);
    } else if (question->query.ends_with("_statistics") || question->query == "caller_span") {
        check_statistics(*question, *parameters);
        const auto reply = question->answer(*question, FakeRows{{{}}});
        MUST(reply);
        const auto* const answer = std::get_if<core::Answer>(&*reply);
        MUST(answer != nullptr);
        check_columns(*answer, *parameters);
    } else {
        check_list(*question, *parameters);
        const auto answer = question->answer(*question, FakeRows{{listed_row()}});
        MUST(answer && std::get<core::Answer>(*answer).rows() == 1);
    }
}

}  // namespace

/// The input is an Authorization header, a query string and a body, one per line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    const std::string_view authorization = fuzz::take(input);
    const std::string_view query = fuzz::take(input);
    for (const core::Function& function : core::all_functions()) check_function(function, authorization, query, input);
    return 0;
}
