#include "core/api.hpp"

#include <optional>
#include <string>
#include <utility>
#include <variant>

namespace core {

Result<Answer> Api::answer(const Function& function, const Parameters& parameters, std::string_view authorization,
                           Request& request) {
    using OfLogin = Question::OfLogin;
    Result<Question> question = function.ask(parameters);
    const bool has_tokens = token_life_.count() > 0;
    const bool makes_token = question && question->of_login == OfLogin::kToken;
    if (makes_token && !has_tokens) question = invalid("token");
    access::Proof proof = access::find_proof(parameters, authorization);
    // A token cannot make another one: a stolen one would never end.
    if (std::holds_alternative<access::Token>(proof) && (!has_tokens || makes_token)) proof.emplace<std::monostate>();

    const bool can_ask = question && question->of_login == OfLogin::kNothing;
    Result<access::Admitted> admitted =
        authenticator_.admit(proof, function.needs_user, can_ask ? &*question : nullptr, request);
    if (!admitted) return admitted.refusals();
    if (!question) return question.refusals();
    if (!can_ask) {
        question->arguments.push_back(admitted->username);
        question->arguments.push_back(makes_token ? std::optional{std::to_string(token_life_.count())} : std::nullopt);
    }
    if (!admitted->rows) admitted->rows = store_.ask(request, admitted->person, *question);
    Result<Reply> reply = question->answer(*question, *admitted->rows);
    while (reply) {
        if (Answer* const answer = std::get_if<Answer>(&*reply)) return std::move(*answer);
        // It never stays here: every question ends at the deadline of the request.
        const Question next = std::get<Question>(std::move(*reply));
        reply = next.answer(next, *store_.ask(request, admitted->person, next));
    }
    return reply.refusals();
}

}  // namespace core
