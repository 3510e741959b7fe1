#include "core/api.hpp"

namespace core {

Result<Answer> Api::answer(const Function& function, const Parameters& parameters, std::string_view authorization,
                           Request& request) {
    const Result<Question> question = function.ask(parameters);
    Result<access::Admitted> admitted =
        authenticator_.admit(access::find_login(parameters, authorization), question ? &*question : nullptr, request);
    if (!admitted) return admitted.refusals();
    if (!question) return question.refusals();
    if (!admitted->rows) admitted->rows = store_.ask(request, admitted->person, *question);
    return question->answer(*question, *admitted->rows);
}

}  // namespace core
