#pragma once
// Reads a text as XML, strictly enough to find what a browser or a drawing program would stumble over, and lists its
// elements. It knows the XML that this program writes: elements, attributes in double quotes, character data, the five
// named entities and decimal references; no comments, processing instructions or CDATA.

#include <cctype>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace plumb::report {

struct XmlElement {
  std::string name;
  std::map<std::string, std::string> attributes;
  std::string text;  ///< directly within it, entities as they are
  bool has_class(std::string_view wanted) const {
    const auto found = attributes.find("class");
    return found != attributes.end() &&
           (" " + found->second + " ").find(" " + std::string(wanted) + " ") != std::string::npos;
  }
};

struct XmlText {
  std::vector<XmlElement> elements;  ///< in the order of their starts
  std::string problem;               ///< empty: well formed
};

class XmlReader {
 public:
  explicit XmlReader(std::string_view text) : text_(text) {}

  XmlText read() {
    while (at_ < text_.size() && out_.problem.empty()) {
      if (text_[at_] == '<')
        tag();
      else
        character();
    }
    if (!open_.empty()) fail("an element is not closed");
    if (out_.elements.empty()) fail("no element");
    return std::move(out_);
  }

 private:
  void fail(const std::string& why) {
    if (out_.problem.empty())
      out_.problem = why + " at " + std::to_string(at_) + ": " + std::string(text_.substr(at_, 40));
  }

  std::string name() {
    const std::size_t from = at_;
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '-')) ++at_;
    if (at_ == from) fail("a name is missing");
    return std::string(text_.substr(from, at_ - from));
  }

  bool take(std::string_view expected) {
    if (text_.substr(at_, expected.size()) != expected) return false;
    at_ += expected.size();
    return true;
  }

  void entity() {
    const std::string_view rest = text_.substr(at_);
    for (const std::string_view known : {"&amp;", "&lt;", "&gt;", "&quot;", "&#39;"}) {
      if (rest.starts_with(known)) return;
    }
    fail("an unknown entity");
  }

  void character() {
    const char c = text_[at_];
    const bool blank = c == ' ' || c == '\n' || c == '\t';
    if (open_.empty() && !blank) fail("text outside of the root");
    if (static_cast<unsigned char>(c) < 0x20 && !blank) fail("a control character");
    if (c == '&') entity();
    if (!open_.empty()) out_.elements[open_.back()].text += c;
    ++at_;
  }

  void tag() {
    if (take("</")) {
      const std::string closed = name();
      if (open_.empty() || out_.elements[open_.back()].name != closed)
        return fail("closes what is not open: " + closed);
      open_.pop_back();
      if (!take(">")) fail("'>' is missing");
      return;
    }
    take("<");
    if (open_.empty() && !out_.elements.empty()) return fail("a second root");
    XmlElement element{name(), {}, {}};
    while (out_.problem.empty() && take(" ")) attribute(element);
    const bool empty = take("/");
    if (!take(">")) return fail("'>' is missing");
    out_.elements.push_back(std::move(element));
    if (!empty) open_.push_back(out_.elements.size() - 1);
  }

  void attribute(XmlElement& element) {
    const std::string key = name();
    if (!take("=\"")) return fail("an attribute's value is missing");
    std::string value;
    for (; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '<') return fail("'<' in an attribute");
      if (text_[at_] == '&') entity();
      value += text_[at_];
    }
    if (!take("\"")) return fail("an attribute's end is missing");
    if (!element.attributes.emplace(key, value).second) fail("an attribute twice: " + key);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::size_t> open_;
  XmlText out_;
};

inline XmlText read_xml(std::string_view text) { return XmlReader(text).read(); }

}  // namespace plumb::report
