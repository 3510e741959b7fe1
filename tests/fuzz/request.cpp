#include "core/request.hpp"

#include <algorithm>
#include <array>

#include "core/query_string.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// All entries are 400 and name one of the known parameters, or none of them.
bool are_refusals(const core::Errors& errors, std::size_t most) {
    constexpr std::array<std::string_view, 7> kKeys{
        "", "auth_username", "auth_password", "destination", "queue", "start", "end"};
    return !errors.empty() && errors.size() <= most && std::ranges::all_of(errors, [&](const core::Error& error) {
        return error.code == core::Code::kInvalid && std::ranges::count(kKeys, error.key) == 1 &&
               error.message.ends_with('.');
    });
}

bool is_plain_number(const std::string& text, std::int64_t number) {
    const std::size_t first = std::min(text.find_first_not_of('0'), text.size());
    return text.substr(first) == (number == 0 ? "" : std::to_string(number));
}

}  // namespace

/// The input is an Authorization header, a query and a body, a line each.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input = fuzz::text_of(data, size);
    const std::string_view authorization = fuzz::take(input);
    const std::string_view query = fuzz::take(input);

    const core::Result<core::Parameters> parameters = core::read_parameters(query, input);
    if (!parameters) {
        MUST(are_refusals(parameters.errors(), 1));
        return 0;
    }
    if (const auto login = core::find_login(*parameters, authorization)) {
        MUST(core::is_text(login->username) && core::is_text(login->password));
        MUST(!login->username.empty() && login->username.size() <= core::kMaxUsernameBytes);
        MUST(!login->password.empty() && login->password.size() <= core::kMaxPasswordBytes);
    }
    const core::Result<core::StatisticsRequest> request = core::validate(*parameters);
    if (!request) {
        MUST(are_refusals(request.errors(), 3));
        return 0;
    }
    const bool is_queue = request->form == core::StatisticsRequest::Form::kQueue;
    MUST(request->id > 0 && is_plain_number(*(is_queue ? parameters->queue : parameters->destination), request->id));
    const auto [start, end] = request->period;
    MUST(0 <= start && start <= end && end <= core::kNoEnd && start <= core::kMaxTime);
    MUST(start == 0 || is_plain_number(*parameters->start, start));
    MUST(end == core::kNoEnd || is_plain_number(*parameters->end, end));
    return 0;
}
