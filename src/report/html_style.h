#pragma once
// The style sheet of HtmlPage.

#include <string>

namespace plumb::report {

/// CSS without characters that HTML would have to escape.
std::string page_style();

}  // namespace plumb::report
