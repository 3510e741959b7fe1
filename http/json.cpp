#include "http/json.hpp"

#include <json/writer.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

#include "http/cell.hpp"

namespace http {
namespace {

/// The characters of an ordinary number, for reserving memory.
constexpr std::size_t kUsualNumber = 5;
constexpr std::size_t kUsualKey = 24;  // with what JSON puts around it

/// Appends our own text, in quotes. Precondition: text needs no escaping.
void append_literal(std::string& out, std::string_view text) {
    out += '"';
    out += text;
    out += '"';
}

/// Writes one thing after the other to memory, whose owner has made large enough.
class Pen {
  public:
    explicit Pen(char* at) : at_{at} {}

    char* at() const { return at_; }
    void put(char c) { *at_++ = c; }
    void put(std::string_view text) {
        std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }
    void put(const core::Cell& number) { at_ = write_number(number, at_); }

  private:
    char* at_;
};

/// text as a JSON string. jsoncpp is asked only for what needs escaping, because most texts are numbers and words.
std::string quoted_text(const char* text) {
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (!std::ranges::all_of(std::string_view{text}, is_plain)) return Json::valueToQuotedString(text);
    std::string quoted;
    append_literal(quoted, text);
    return quoted;
}

/// Every text of the answer as a JSON string, in the order of the cells.
std::vector<std::string> quoted_texts(const core::Answer& answer) {
    std::vector<std::string> quoted;
    quoted.reserve(2 * answer.rows());
    for (std::size_t row = 0; row < answer.rows(); ++row)
        for (const core::Cell& cell : answer.row(row))
            if (cell.kind == core::Cell::Kind::kText) quoted.push_back(quoted_text(answer.text(cell)));
    return quoted;
}

/// Appends what ends an item before something of another item (or of none: nullptr).
void append_end_of_item(std::string& out, const core::Item* item, const core::Item* next) {
    if (item == nullptr || item == next) return;
    out += '}';
    if (next == nullptr || next->list != item->list) out += ']';
}

/// Appends the text before the cell of a column. before: the item of the column before, if any.
void append_key(std::string& out, const core::Column& column, const core::Item* before) {
    append_end_of_item(out, before, column.item);
    out += out.empty() ? '{' : ',';
    if (column.item == nullptr) {
        append_literal(out, column.name);
    } else {
        if (column.item != before) {
            if (before == nullptr || before->list != column.item->list) {
                append_literal(out, column.item->list);
                out += ":[";
            }
            out += '{';
            append_literal(out, column.item->key);
            out += ':';
            out += std::to_string(column.item->number);
            out += ',';
        }
        append_literal(out, column.item_key);
    }
    out += ':';
}

void append_rows(std::string& out, const core::Answer& answer) {
    // The text before each cell is built once, not once per row: {"a": then ,"b": and so on.
    std::string keys;
    std::vector<std::size_t> lengths;
    lengths.reserve(answer.columns().size());
    keys.reserve(answer.columns().size() * kUsualKey);
    const core::Item* item = nullptr;
    for (const core::Column& column : answer.columns()) {
        const std::size_t begin = keys.size();
        append_key(keys, column, item);
        lengths.push_back(keys.size() - begin);
        item = column.item;
    }
    std::string end;
    append_end_of_item(end, item, nullptr);
    end += '}';
    out.reserve(out.size() + answer.rows() * (keys.size() + lengths.size() * kUsualNumber));
    const std::vector<std::string> texts = quoted_texts(answer);
    // A row is written to memory that holds the longest row, so that no cell asks for more.
    std::size_t longest_row = keys.size() + lengths.size() * kLongestNumber + end.size() + 1;
    for (const std::string& text : texts) longest_row += text.size();
    const auto memory = std::make_unique_for_overwrite<char[]>(longest_row);
    auto text = texts.begin();
    for (std::size_t row = 0; row < answer.rows(); ++row) {
        Pen pen{memory.get()};
        if (row > 0) pen.put(',');
        const char* key = keys.data();
        const std::size_t* length = lengths.data();
        for (const core::Cell& cell : answer.row(row)) {
            pen.put(std::string_view{key, *length});
            key += *length++;
            switch (cell.kind) {
                case core::Cell::Kind::kNull:
                    pen.put("null");
                    break;
                case core::Cell::Kind::kInteger:
                case core::Cell::Kind::kHundredths:
                    pen.put(cell);
                    break;
                case core::Cell::Kind::kText:
                    pen.put(*text++);
                    break;
            }
        }
        pen.put(end);
        out.append(memory.get(), pen.at());
    }
}

void append_responses(std::string& out, const core::Refusals& entries) {
    out += R"("responses":[)";
    for (const core::Refusal& entry : entries) {
        if (&entry != &entries.front()) out += ',';
        out += R"({"code":")";
        out += std::to_string(core::status_of(entry.code));
        out += R"(","key":)";
        append_literal(out, entry.key);
        out += R"(,"message":)";
        append_literal(out, entry.message);
        out += '}';
    }
    out += ']';
}

}  // namespace

std::string answer_body(const core::Answer& answer) {
    std::string body = "{";
    append_responses(body, {core::refusal(core::Code::kOk)});
    body += R"(,"data":)";
    switch (answer.shape()) {
        case core::Answer::Shape::kObject:
            append_rows(body, answer);
            break;
        case core::Answer::Shape::kArray:
            body += '[';
            append_rows(body, answer);
            body += ']';
            break;
        case core::Answer::Shape::kNumber:
            body += std::to_string(answer.row(0)[0].number);
            break;
    }
    body += '}';
    return body;
}

std::string refusal_body(const core::Refusals& refusals) {
    std::string body = "{";
    append_responses(body, refusals);
    body += '}';
    return body;
}

std::string health_body(bool healthy) { return healthy ? R"({"status":"ok"})" : R"({"status":"unavailable"})"; }

}  // namespace http
