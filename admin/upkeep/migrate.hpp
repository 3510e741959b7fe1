#pragma once

/// queue-statistics migrate
namespace admin {

/// Brings the schema to the newest migration of this program, in one transaction, one run at a time. dry_run: prints
/// the SQL that would be run and changes nothing.
void migrate(bool dry_run);

}  // namespace admin
