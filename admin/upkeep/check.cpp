#include "admin/upkeep/check.hpp"

#include <iostream>
#include <string>

#include "admin/console/text.hpp"
#include "admin/database.hpp"
#include "admin/queries.hpp"

namespace admin {
bool check_sums(std::optional<std::int64_t> sample) {
    sql::Connection connection = connect_migrated();
    const sql::Rows queues = connection.query(queries::list_queue_ids, {parameter(sample)}, sql::kNoDeadline);
    std::int64_t differences = 0;
    for (int i = 0; i < queues.size(); ++i) {
        const sql::Rows rows =
            connection.query(queries::roll_up_differences, {std::string{queues.text(i, 0)}}, sql::kNoDeadline);
        if (rows.size() > 0 && differences == 0) std::cout << "queue\tlevel\tfrom\tuntil\tdestination\tdifference\n";
        print_rows(rows);
        differences += rows.size();
    }
    std::cout << "Checked " << counted(queues.size(), "queue", "queues") << ": ";
    if (differences == 0)
        std::cout << "all sums agree with the calls.\n";
    else
        std::cout << counted(differences, "difference", "differences")
                  << ". To mend them: queue-statistics roll-up --rebuild\n";
    return differences == 0;
}

}  // namespace admin
