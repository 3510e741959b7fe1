#include <algorithm>

#include "admin/calls/columns.hpp"
#include "admin/console/refusal.hpp"
#include "admin/files/csv.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace {

/// All records of text, which arrives in pieces of that size.
std::vector<admin::files::CsvRecord> records_of(std::string_view text, std::size_t piece) {
    admin::files::CsvReader reader{[&text, piece](char* buffer, std::size_t size) {
        const std::size_t count = std::min({size, piece, text.size()});
        std::copy_n(text.begin(), count, buffer);
        text.remove_prefix(count);
        return count;
    }};
    std::vector<admin::files::CsvRecord> records;
    for (admin::files::CsvRecord record; reader.next(record);) records.push_back(record);
    return records;
}

/// Reads all records below the header line.
void read_rows(const admin::calls::Layout& layout, const std::vector<admin::files::CsvRecord>& records) {
    try {
        const admin::calls::CsvColumns columns{layout, records[0].fields};
        for (std::size_t i = 1; i < records.size(); ++i) {
            if (!records[i].problem.empty()) continue;
            std::string out;
            const std::string problem = columns.append(records[i].line, records[i].fields, out);
            // A line for COPY: one column more than the layout, and no byte that would end the line early.
            const auto tabs = static_cast<std::ptrdiff_t>(layout.columns.size());
            MUST(problem.empty() ? std::ranges::count(out, '\t') == tabs && out.find('\n') == out.size() - 1
                                 : out.empty());
        }
    } catch (const admin::console::Refusal&) {  // the header line is refused
    }
}

}  // namespace

/// The input is a CSV file of offers or callers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text = fuzz::text_of(data, size);
    const std::vector<admin::files::CsvRecord> records = records_of(text, size + 1);
    const std::vector<admin::files::CsvRecord> by_bytes = records_of(text, 1);
    MUST(by_bytes.size() == records.size());
    std::int64_t line = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
        MUST(records[i].line > line && records[i].line == by_bytes[i].line);
        MUST(records[i].problem == by_bytes[i].problem);
        line = records[i].line;
        if (!records[i].problem.empty()) continue;
        MUST(!records[i].fields.empty() && records[i].fields == by_bytes[i].fields);
    }
    if (records.empty() || !records[0].problem.empty()) return 0;
    for (const admin::calls::Layout* layout : {&admin::calls::kOfferLayout, &admin::calls::kCallerLayout})
        read_rows(*layout, records);
    return 0;
}
