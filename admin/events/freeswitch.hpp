#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// queue-statistics import freeswitch
namespace admin {

struct FreeswitchImport {
    std::int64_t customer = 0;
    std::string source = "freeswitch";  ///< which phone system wrote the files
    std::vector<std::string> files;     ///< `-`: standard input
    bool strict = false;                ///< nothing is imported if any record is bad
    bool dry_run = false;               ///< changes nothing
};

/// Imports the offers in call detail records with the variables of mod_callcenter: JSON objects, one after the other or
/// in an array (mod_json_cdr, a dump of FusionPBX's v_xml_cdr), or CSV with a header line that names the columns (a
/// template of mod_cdr_csv, an export of v_xml_cdr). Otherwise as import_asterisk().
int import_freeswitch(const FreeswitchImport& options);

}  // namespace admin
