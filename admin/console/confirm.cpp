#include "admin/console/confirm.hpp"

#include <unistd.h>

#include <iostream>

#include "admin/console/refusal.hpp"

namespace admin::console {

void confirm(const std::string& question, bool yes) {
    if (yes) return;
    if (isatty(STDIN_FILENO) == 0) throw Refusal{question + "\nNothing was done: this cannot be taken back. Say --yes"};
    std::cerr << question << "\nThis cannot be taken back. Type yes to go on: " << std::flush;
    std::string answer;
    std::getline(std::cin, answer);
    if (answer != "yes") throw Refusal{"nothing was done"};
}

}  // namespace admin::console
