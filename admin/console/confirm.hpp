#pragma once

#include <string>

/// Asks before something that cannot be taken back.
namespace admin::console {

/// Returns when the administrator wants it: `yes` (the option --yes) is true, or the answer on the terminal is `yes`.
/// question: what will be done, in a whole sentence. Throws Refusal otherwise; where standard input is no terminal, it
/// says that --yes is needed.
void confirm(const std::string& question, bool yes);

}  // namespace admin::console
