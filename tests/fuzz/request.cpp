#include <algorithm>
#include <array>

#include "core/access/login.hpp"
#include "core/function.hpp"
#include "core/parameters.hpp"
#include "core/period.hpp"
#include "core/text.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// Checks that every refusal is a 400 whose key is a known parameter or empty.
bool are_refusals(const core::Refusals& refusals, std::size_t most) {
    constexpr std::array<std::string_view, 7> kKeys{
        "", "auth_username", "auth_password", "destination", "queue", "start", "end"};
    return !refusals.empty() && refusals.size() <= most && std::ranges::all_of(refusals, [&](const auto& refusal) {
        return refusal.code == core::Code::kInvalid && std::ranges::count(kKeys, refusal.key) == 1 &&
               refusal.message.ends_with('.');
    });
}

bool is_plain_number(const std::string& text, const std::string& number) {
    const std::size_t first = std::min(text.find_first_not_of('0'), text.size());
    return text.substr(first) == (number == "0" ? "" : number);
}

}  // namespace

/// The input is an Authorization header, a query string and a body, one per line.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    const std::string_view authorization = fuzz::take(input);
    const std::string_view query = fuzz::take(input);

    const core::Function& function = *core::find_function("queues/destinations/statistics/get");
    const auto parameters = core::read_parameters(function.parameters, core::access::login_parameters(), query, input);
    if (!parameters) {
        MUST(are_refusals(parameters.refusals(), 1));
        return 0;
    }
    if (const auto login = core::access::find_login(*parameters, authorization)) {
        MUST(core::is_text(login->username) && core::is_text(login->password));
        MUST(!login->username.empty() && login->username.size() <= core::access::kMaxUsernameBytes);
        MUST(!login->password.empty() && login->password.size() <= core::access::kMaxPasswordBytes);
    }
    const core::Result<core::Question> question = function.ask(*parameters);
    if (!question) {
        MUST(are_refusals(question.refusals(), 3));
        return 0;
    }
    MUST(question->arguments.size() == 2);
    const std::string& id = question->arguments[0];
    MUST(id != "0" && is_plain_number(*parameters->find(question->key), id));
    const std::string& edges = question->arguments[1];  // {start,end}
    const std::size_t comma = edges.find(',');
    MUST(edges.starts_with('{') && edges.ends_with('}') && comma != std::string::npos);
    const std::string first = edges.substr(1, comma - 1);
    const std::string last = edges.substr(comma + 1, edges.size() - comma - 2);
    const auto start = core::whole_number(first, core::kMaxTime);
    const auto end = core::whole_number(last, core::kNoEnd);
    MUST(start && end && *start <= *end);
    MUST(*start == 0 || is_plain_number(*parameters->find("start"), first));
    MUST(*end == core::kNoEnd || is_plain_number(*parameters->find("end"), last));
    return 0;
}
