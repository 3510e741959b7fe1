#include <cstdint>
#include <iostream>
#include <optional>
#include <string>

#include "admin/command.hpp"
#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/upkeep/commands.hpp"
#include "admin/upkeep/queries.hpp"

namespace admin::upkeep {
namespace {

/// Compares the sums with the calls and lists every difference. sample: how many queues to check, drawn at random;
/// nullopt checks all. Each queue is checked under one snapshot, while everything else goes on. Returns the exit code:
/// 0 when there is no difference and the seal is right. A difference comes only from triggers that were switched off,
/// from a seal that was lost, or from changes by hand in the roll-up's tables; `roll-up --rebuild` mends it.
int check(std::optional<std::int64_t> sample) {
    sql::Connection connection = connect_migrated(Data::kCalls);
    const sql::Rows queues = connection.query(queries::list_queue_ids, {parameter(sample)}, sql::kNoDeadline);
    std::int64_t differences = 0;
    for (int i = 0; i < queues.size(); ++i) {
        const sql::Rows rows =
            connection.query(queries::roll_up_differences, {std::string{queues.text(i, 0)}}, sql::kNoDeadline);
        if (rows.size() > 0 && differences == 0) std::cout << "queue\twidth\tfrom\tuntil\tdestination\tdifference\n";
        print_rows(rows);
        differences += rows.size();
    }
    // Late calls are missed while the seal is wrong: sums that agree now may not agree later.
    const sql::Rows lost_seal = connection.query(queries::problem_lost_seal, {}, sql::kNoDeadline);
    std::cout << "Checked " << console::counted(queues.size(), "queue", "queues") << ": ";
    if (differences == 0)
        std::cout << "all sums agree with the calls.\n";
    else
        std::cout << console::counted(differences, "difference", "differences")
                  << (lost_seal.size() > 0 ? ".\n" : ". To mend them: queue-statistics roll-up --rebuild\n");
    if (lost_seal.size() > 0) std::cout << "One thing is wrong: " << lost_seal.text(0, 0) << '\n';
    return differences == 0 && lost_seal.size() == 0 ? 0 : 1;
}

}  // namespace

void add_check(Group& all) {
    all.command<std::optional<std::int64_t>>("check", "Compare the sums with the calls, and list every difference",
                                             check, [](Arguments& takes, std::optional<std::int64_t>& sample) {
                                                 takes.id("--sample", sample, "Only so many queues, drawn by chance",
                                                          "NUMBER");
                                             });
}

}  // namespace admin::upkeep
